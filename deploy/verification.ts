// Holds a deployed economy against its parameters and the table of roles. Everything is read from the chain: events, views,
// code, and what calls by strangers and members really do. Nothing is taken from the deployment's own records.
import { artifacts } from "hardhat";
import { CONTRACTS, ECONOMY_NAMES } from "@ftns/sdk/economy.ts";
import { getAddress, ZeroAddress, type BaseContract, type Interface } from "ethers";
import { type Check, Checks, list } from "./checks.ts";
import { sameCode } from "./code.ts";
import type { Connection } from "./connection.ts";
import type { Economy } from "./economy.ts";
import {
  DESK_DAY_SHARE,
  heartbeatOf,
  inventoryOf,
  keeperParametersOf,
  MAX_SUPPLY,
  membersOf,
  policyOf,
  type EconomyParameters,
} from "./parameters.ts";
import { checkGovernance, checkOrdinaryCalls, classOf } from "./verifyGovernance.ts";
import { isRefused, STRANGER, writesOf } from "./probe.ts";
import { scheduledChanges, scheduledVotes } from "./scheduled.ts";
import { MANAGED_INTERFACES, MANAGER_ONLY, OPEN, RESTRICTED, ROLES, type Managed, type Role } from "./wiring.ts";

export interface Verification {
  checks: readonly Check[];
  /** One line for each check that failed. */
  problems: readonly string[];
}

export interface VerificationOptions {
  /** Nothing has happened since the deployment, so supply and its holder are as at launch. */
  fresh: boolean;
}

export async function verifyWiring(
  connection: Connection,
  economy: Economy,
  parameters: EconomyParameters,
  { fresh }: VerificationOptions,
): Promise<Verification> {
  const checks = new Checks();
  const managed = managedContracts(economy, parameters);
  await checkCode(checks, connection, economy, parameters);
  await checkMembers(checks, economy, parameters);
  await checkTargets(checks, economy, managed);
  await checkScheduled(checks, connection, economy);
  await checkFunctions(checks, connection, economy, managed);
  await checkReferences(checks, economy, parameters);
  await checkVerifiers(checks, economy, parameters);
  await checkGovernance(checks, economy, parameters);
  await checkOrdinaryCalls(checks, economy);
  await checkKeepers(checks, economy, parameters);
  await checkDesk(checks, economy, parameters);
  await checkUsage(checks, economy);
  await checkAmounts(checks, economy, parameters, fresh);
  return { checks: checks.all, problems: checks.problems() };
}

/** The contracts under the AccessManager. A Chainlink feed is not ours to manage. */
function managedContracts(economy: Economy, { priceFeed, desk }: EconomyParameters): Partial<Record<Managed, BaseContract>> {
  const { token, pool, registry, medianFeed, history, controller, vault, breaker, keeperJobs, reporterPay } = economy;
  const { ordinaryCalls, proposalDeposits, verifierStakes, batchRewards, rewardVesting } = economy;
  const core = { token, pool, registry, verifierStakes, batchRewards, history, controller, vault, breaker, keeperJobs };
  const { usageChannels, usageRouter, contextPrices, works, royaltyRoots } = economy;
  const usage = { usageChannels, usageRouter, contextPrices, works, royaltyRoots };
  const theirs = { ...usage, ...(desk === undefined ? {} : { desk: economy.desk }) };
  const ours = { ...core, rewardVesting, ordinaryCalls, proposalDeposits, ...theirs };
  return priceFeed.kind === "median" ? { ...ours, medianFeed, reporterPay } : ours;
}

/** The code at every address is what this repository compiles to, constructor values aside. */
async function checkCode(
  checks: Checks,
  { ethers }: Connection,
  { addresses }: Economy,
  { priceFeed, desk }: EconomyParameters,
): Promise<void> {
  const own = priceFeed.kind === "median";
  const names = ECONOMY_NAMES.filter((name) => {
    if (name === "desk") return desk !== undefined;
    return own || (name !== "feed" && name !== "reporterPay");
  });
  for (const name of names) {
    const code = await ethers.provider.getCode(addresses[name]);
    const same = sameCode(code, await artifacts.readArtifact(CONTRACTS[name]));
    checks.that(
      same,
      name,
      "code at its address",
      "as compiled here",
      code === "0x" ? "none" : same ? "as compiled here" : "different",
    );
  }
}

/** Every role has exactly the members it should have, by the events and by the manager's own answer. */
async function checkMembers(checks: Checks, economy: Economy, parameters: EconomyParameters): Promise<void> {
  const { manager, addresses, deployer } = economy;
  const members = await readMembers(economy);
  const expected = membersOf(parameters, addresses);

  for (const [role, number] of Object.entries(ROLES) as [Role, bigint][]) {
    const named = list(expected[role]);
    checks.equal(role, "members", named, list(members.get(number)?.keys() ?? []));
    for (const member of new Set([...expected[role], deployer].map(getAddress))) {
      const [has, delay] = await manager.hasRole(number, member);
      const should = expected[role].map(getAddress).includes(member);
      checks.equal(role, `${member === deployer ? "deployer" : member} is a member`, String(should), String(has));
      if (should) checks.equal(role, `delay of ${member}`, "0 s", `${delay} s`);
    }
    checks.equal(role, "is administered by", "ADMIN", roleName(await manager.getRoleAdmin(number)));
    checks.equal(role, "can be cancelled by", "ADMIN", roleName(await manager.getRoleGuardian(number)));
    checks.equal(role, "delay of new members", "0 s", `${await manager.getRoleGrantDelay(number)} s`);
  }
  const known = new Set<bigint>(Object.values(ROLES));
  const strays = [...members].filter(([number, accounts]) => !known.has(number) && accounts.size > 0);
  checks.equal("other roles", "members", "none", list(strays.map(([number]) => `role ${number}`)));
}

/** Members of every role that was ever granted, replayed from the events. */
async function readMembers({ manager, fromBlock }: Economy): Promise<Map<bigint, Map<string, true>>> {
  const granted = await manager.queryFilter(manager.filters.RoleGranted(), fromBlock);
  const revoked = await manager.queryFilter(manager.filters.RoleRevoked(), fromBlock);
  const inOrder = [...granted.map((log) => ({ log, add: true })), ...revoked.map((log) => ({ log, add: false }))].sort(
    (a, b) => a.log.blockNumber - b.log.blockNumber || a.log.index - b.log.index,
  );
  const members = new Map<bigint, Map<string, true>>();
  for (const { log, add } of inOrder) {
    const { roleId, account } = log.args;
    const accounts = members.get(roleId) ?? new Map<string, true>();
    if (add) accounts.set(account, true);
    else accounts.delete(account);
    members.set(roleId, accounts);
  }
  return members;
}

/** Every contract obeys our manager, is open for business, and is changed without delay. */
async function checkTargets(
  checks: Checks,
  { manager, addresses }: Economy,
  managed: Partial<Record<Managed, BaseContract>>,
): Promise<void> {
  for (const [name, contract] of Object.entries(managed)) {
    const address = await contract.getAddress();
    const authority = String(await contract.getFunction("authority").staticCall());
    checks.equal(name, "authority", addresses.manager, authority);
    checks.equal(name, "closed", "false", String(await manager.isTargetClosed(address)));
    checks.equal(name, "delay of changes", "0 s", `${await manager.getTargetAdminDelay(address)} s`);
  }
}

/** Nothing is under way that makes a delay longer, or somebody a member, at a later time. */
async function checkScheduled(checks: Checks, { ethers }: Connection, economy: Economy): Promise<void> {
  const { manager, fromBlock } = economy;
  const now = BigInt((await ethers.provider.getBlock("latest"))!.timestamp);
  const changes = await scheduledChanges(manager, fromBlock, now);
  checks.equal("manager", "changes under way", "none", list(changes.map(({ what, since }) => `${what} at ${since}`)));
  const voted = await scheduledVotes(economy.timelock, [manager, economy.timelock], fromBlock);
  checks.equal(
    "timelock",
    "changes of roles and delays under way",
    "none",
    list(voted.map(({ what, since }) => `${what} at ${since}`)),
  );
}

/**
 * Every function that changes state is in the table, has the role that the table says, and treats a stranger accordingly.
 * The functions come from the contracts' interfaces, so a new one cannot be forgotten.
 */
async function checkFunctions(
  checks: Checks,
  { ethers }: Connection,
  economy: Economy,
  managed: Partial<Record<Managed, BaseContract>>,
): Promise<void> {
  const { manager } = economy;
  const assigned = await readAssignments(economy);
  for (const [name, contract] of Object.entries(managed) as [Managed, BaseContract][]) {
    const address = await contract.getAddress();
    const abi: Interface = MANAGED_INTERFACES[name];
    const selectors = new Set<string>();
    for (const fragment of writesOf(abi)) {
      selectors.add(fragment.selector);
      const subject = `${name}.${fragment.name}`;
      const expected = expectationOf(name, fragment.name);
      if (expected === undefined) {
        checks.that(false, subject, "is in the table of roles", "open or restricted", "missing from deploy/wiring.ts");
        continue;
      }
      const refused = await isRefused(ethers.provider, address, abi, fragment, STRANGER);
      checks.equal(subject, "a stranger", expected.open ? "may call" : "is refused", refused ? "is refused" : "may call");
      const role = roleName(await manager.getTargetFunctionRole(address, fragment.selector));
      // What the contract does not restrict has no role, which the manager calls ADMIN.
      checks.equal(subject, "role", expected.role ?? "ADMIN", role);
    }
    const strays = [...(assigned.get(address) ?? [])].filter((selector) => !selectors.has(selector));
    checks.equal(name, "roles of functions it does not have", "none", list(strays));
    assigned.delete(address);
  }
  const strangers = [...assigned].filter(([, selectors]) => selectors.size > 0).map(([address]) => address);
  checks.equal("manager", "other contracts with roles", "none", list(strangers));
}

/** Selectors that a role was ever assigned to, by contract. */
async function readAssignments({ manager, fromBlock }: Economy): Promise<Map<string, Set<string>>> {
  const assigned = new Map<string, Set<string>>();
  for (const { args } of await manager.queryFilter(manager.filters.TargetFunctionRoleUpdated(), fromBlock)) {
    assigned.set(args.target, (assigned.get(args.target) ?? new Set()).add(args.selector));
  }
  return assigned;
}

function expectationOf(contract: Managed, name: string): { open: boolean; role?: Role } | undefined {
  if (OPEN[contract][name] !== undefined) return { open: true };
  if (MANAGER_ONLY.includes(name)) return { open: false };
  for (const [role, functions] of Object.entries(RESTRICTED[contract]) as [Role, readonly string[]][]) {
    if (functions.includes(name)) return { open: false, role };
  }
  return undefined;
}

/** The contracts know each other, and whom they trust. */
async function checkReferences(checks: Checks, economy: Economy, parameters: EconomyParameters): Promise<void> {
  const { token, wrapper, pool, registry, medianFeed, history, controller, pathPolicy, vault, addresses } = economy;
  checks.equal("token", "REWARD_POOL", addresses.pool, await token.REWARD_POOL());
  checks.equal("pool", "token", addresses.token, await pool.token());
  checks.equal("pool", "multiplierSource", addresses.controller, await pool.multiplierSource());
  checks.equal("registry", "TOKEN", addresses.token, await registry.TOKEN());
  checks.equal("registry", "REWARD_POOL", addresses.pool, await registry.REWARD_POOL());
  checks.equal("registry", "stakingVault", addresses.vault, await registry.stakingVault());
  checks.equal("vault", "TOKEN", addresses.token, await vault.TOKEN());
  checks.equal("vault", "REWARD_POOL", addresses.pool, await vault.REWARD_POOL());
  checks.equal("vault", "registrar", addresses.registry, await vault.registrar());
  checks.equal("vault", "silentStaker", addresses.timelock, await vault.silentStaker());
  checks.equal("vault", "multiplierSource", ZeroAddress, (await vault.terms()).multiplierSource);
  checks.equal("token", "minter", addresses.pool, await token.minter());
  checks.equal("token", "registrar", addresses.registry, await token.registrar());
  checks.equal("pool", "rewarder", addresses.registry, await pool.rewarder());
  checks.equal("pool", "yieldPayer", addresses.vault, await pool.yieldPayer());
  checks.equal("pool", "keeperPayer", addresses.keeperJobs, await pool.keeperPayer());
  checks.equal("controller", "history", addresses.history, await controller.history());
  const [rules, shadow] =
    policyOf(parameters) === "path"
      ? [addresses.pathPolicy, addresses.roadmapPolicy]
      : [addresses.roadmapPolicy, addresses.pathPolicy];
  checks.equal("controller", "policy", rules, await controller.policy());
  checks.equal("controller", "shadow", shadow, await controller.shadow());
  checks.equal("pathPolicy", "HISTORY", addresses.history, await pathPolicy.HISTORY());
  checks.equal("pathPolicy", "LAUNCH_DAY", await controller.launchDay(), await pathPolicy.LAUNCH_DAY());
  checks.equal("history", "feed", addresses.feed, await history.feed());
  checks.equal("history", "heartbeat", heartbeatOf(parameters.priceFeed), await history.heartbeat());
  checks.equal("history", "handsOver", String(parameters.priceFeed.kind === "median"), String(await history.handsOver()));
  checks.equal("wrapper", "asset", addresses.token, await wrapper.asset());
  checks.equal("wrapper", "account class", "POOLED", await classOf(economy, addresses.wrapper));
  checks.equal("pool", "account class", "EXEMPT", await classOf(economy, addresses.pool));
  checks.equal("vault", "account class", "EXEMPT", await classOf(economy, addresses.vault));

  if (parameters.launchDay !== "today") {
    checks.equal("controller", "launchDay", parameters.launchDay, await controller.launchDay());
  }
  if (parameters.priceFeed.kind === "median") {
    checks.equal("medianFeed", "reporters", list(parameters.priceFeed.reporters), list(await medianFeed.reporters()));
    checks.equal("medianFeed", "quorum", parameters.priceFeed.quorum, await medianFeed.quorum());
    checks.equal("medianFeed", "history", addresses.history, await medianFeed.history());
    checks.equal("reporterPay", "SEATS", addresses.feed, await economy.reporterPay.SEATS());
    checks.equal("reporterPay", "REWARD_POOL", addresses.pool, await economy.reporterPay.REWARD_POOL());
    checks.equal("medianFeed", "description", parameters.priceFeed.description, await medianFeed.description());
  }
}

/** Who verifies is who should, and answers for it. */
async function checkVerifiers(checks: Checks, economy: Economy, parameters: EconomyParameters): Promise<void> {
  const { registry, pool, verifierStakes, batchRewards, rewardVesting, vault, addresses } = economy;
  checks.equal("registry", "verifiers", list(parameters.verifiers), list(await registry.verifiers()));
  checks.equal("registry", "attestationThreshold", parameters.attestationThreshold, await registry.attestationThreshold());
  checks.equal("registry", "verifierStakes", addresses.verifierStakes, await registry.verifierStakes());
  checks.equal("verifierStakes", "VAULT", addresses.vault, await verifierStakes.VAULT());
  checks.equal("verifierStakes", "REGISTRY", addresses.registry, await verifierStakes.REGISTRY());
  checks.equal("verifierStakes", "REWARD_POOL", addresses.pool, await verifierStakes.REWARD_POOL());
  checks.equal("registry", "batchRewards", addresses.batchRewards, await registry.batchRewards());
  checks.equal("verifierStakes", "batchRewards", addresses.batchRewards, await verifierStakes.batchRewards());
  checks.equal("batchRewards", "REGISTRY", addresses.registry, await batchRewards.REGISTRY());
  checks.equal("batchRewards", "STAKES", addresses.verifierStakes, await batchRewards.STAKES());
  const [admitted] = await vault.lockHolderOf(addresses.verifierStakes);
  checks.equal("vault", "verifierStakes holds locks", "true", String(admitted));
  checks.equal("registry", "rewardVesting", addresses.rewardVesting, await registry.rewardVesting());
  checks.equal("pool", "vester", addresses.rewardVesting, await pool.vester());
  checks.equal("verifierStakes", "rewardVesting", addresses.rewardVesting, await verifierStakes.rewardVesting());
  checks.equal("batchRewards", "rewardVesting", addresses.rewardVesting, await batchRewards.rewardVesting());
  checks.equal("rewardVesting", "VAULT", addresses.vault, await rewardVesting.VAULT());
  checks.equal("rewardVesting", "REGISTRY", addresses.registry, await rewardVesting.REGISTRY());
  checks.equal("rewardVesting", "STAKES", addresses.verifierStakes, await rewardVesting.STAKES());
  checks.equal("rewardVesting", "BATCHES", addresses.batchRewards, await rewardVesting.BATCHES());
  const [bonds] = await vault.lockHolderOf(addresses.rewardVesting);
  checks.equal("vault", "rewardVesting holds bonds", "true", String(bonds));
}

/** The keepers' jobs are about these contracts, and start with the defaults. */
async function checkKeepers(checks: Checks, { keeperJobs, addresses }: Economy, parameters: EconomyParameters): Promise<void> {
  checks.equal("keeperJobs", "REWARD_POOL", addresses.pool, await keeperJobs.REWARD_POOL());
  checks.equal("keeperJobs", "BREAKER", addresses.breaker, await keeperJobs.BREAKER());
  checks.equal("keeperJobs", "EMERGENCY_GOVERNOR", addresses.emergencyGovernor, await keeperJobs.EMERGENCY_GOVERNOR());
  checks.equal("keeperJobs", "GOVERNOR", addresses.governor, await keeperJobs.GOVERNOR());
  checks.equal("keeperJobs", "CONTROLLER", addresses.controller, await keeperJobs.CONTROLLER());
  checks.equal("keeperJobs", "HISTORY", addresses.history, await keeperJobs.HISTORY());
  const { coinFeed, ftnsPerCoin } = keeperParametersOf(parameters);
  const sources = await keeperJobs.rateSources();
  checks.equal("keeperJobs", "coin feed", coinFeed ?? ZeroAddress, sources.coinFeed);
  checks.equal("keeperJobs", "fallback rate", ftnsPerCoin, sources.fallbackRate);
}

/** The desk, where there is one, trades FTNS for the dollar that was named, by our own prices and path. */
async function checkDesk(checks: Checks, { desk, addresses }: Economy, parameters: EconomyParameters): Promise<void> {
  if (parameters.desk === undefined) return;
  checks.equal("desk", "TOKEN", addresses.token, await desk.TOKEN());
  checks.equal("desk", "DOLLAR", parameters.desk.dollar, await desk.DOLLAR());
  checks.equal("desk", "HISTORY", addresses.history, await desk.HISTORY());
  checks.equal("desk", "BREAKER", addresses.breaker, await desk.BREAKER());
  checks.equal("desk", "path", addresses.pathPolicy, await desk.path());
  checks.equal("desk", "day share", DESK_DAY_SHARE, await desk.dayShare());
}

/** What the network's AI is paid by: the channels obey the router alone, and both stand with the token as they must. */
async function checkUsage(checks: Checks, economy: Economy): Promise<void> {
  const { usageChannels, usageRouter, contextPrices, works, royaltyRoots, addresses } = economy;
  checks.equal("usageChannels", "WRAPPER", addresses.wrapper, await usageChannels.WRAPPER());
  checks.equal("usageChannels", "router", addresses.usageRouter, await usageChannels.router());
  checks.equal("usageChannels", "account class", "POOLED", await classOf(economy, addresses.usageChannels));
  checks.equal("usageRouter", "CHANNELS", addresses.usageChannels, await usageRouter.CHANNELS());
  checks.equal("usageRouter", "WRAPPER", addresses.wrapper, await usageRouter.WRAPPER());
  checks.equal("usageRouter", "REWARD_POOL", addresses.pool, await usageRouter.REWARD_POOL());
  checks.equal("usageRouter", "MULTIPLIERS", addresses.controller, await usageRouter.MULTIPLIERS());
  checks.equal("usageRouter", "royalties", addresses.royaltyRoots, await usageRouter.royalties());
  checks.equal("usageRouter", "account class", "RECOGNISED", await classOf(economy, addresses.usageRouter));
  checks.equal("contextPrices", "ROUTER", addresses.usageRouter, await contextPrices.ROUTER());
  checks.equal("contextPrices", "REGISTRY", addresses.registry, await contextPrices.REGISTRY());
  checks.equal("contextPrices", "MULTIPLIERS", addresses.controller, await contextPrices.MULTIPLIERS());
  checks.equal("works", "REGISTRY", addresses.registry, await works.REGISTRY());
  checks.equal("royaltyRoots", "WORKS", addresses.works, await royaltyRoots.WORKS());
  checks.equal("royaltyRoots", "ROUTER", addresses.usageRouter, await royaltyRoots.ROUTER());
  checks.equal("royaltyRoots", "account class", "POOLED", await classOf(economy, addresses.royaltyRoots));
}

/** At launch all of the supply is with the treasury, and what it gave its desk; later it stays within the cap. */
async function checkAmounts(
  checks: Checks,
  { token, deployer, addresses }: Economy,
  parameters: EconomyParameters,
  fresh: boolean,
): Promise<void> {
  const { initialSupply, treasury } = parameters;
  const inventory = inventoryOf(parameters);
  const supply = await token.totalSupply();
  if (!fresh) {
    checks.that(supply <= MAX_SUPPLY, "token", "totalSupply", `at most ${MAX_SUPPLY}`, String(supply));
    return;
  }
  checks.equal("token", "totalSupply", initialSupply, supply);
  checks.equal("token", "balance of the treasury", initialSupply - inventory, await token.balanceOf(treasury));
  if (parameters.desk !== undefined) {
    checks.equal("token", "balance of the desk", inventory, await token.balanceOf(addresses.desk));
  }
  if (getAddress(treasury) !== deployer) checks.equal("token", "balance of the deployer", 0n, await token.balanceOf(deployer));
}

function roleName(number: bigint): string {
  return Object.entries(ROLES).find(([, other]) => other === number)?.[0] ?? `role ${number}`;
}
