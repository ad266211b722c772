// Whether the voters rule: who obeys whom, what an ordinary vote may do, what stops and starts the economy.
import { MaxUint256, ZeroAddress, ZeroHash } from "ethers";
import { type Checks, list } from "./checks.ts";
import type { Economy } from "./economy.ts";
import { TIMELOCK_DELAY } from "./modules/Governance.ts";
import { BOUND, ORDINARY, ruleOf } from "./ordinary.ts";
import { type EconomyParameters, minSupportersOf } from "./parameters.ts";
import { TIMELOCK_ROLES } from "./wiring.ts";

const CLASS_NAMES = ["STANDARD", "RECOGNISED", "POOLED", "EXEMPT"];

/** The voters hold what they should: the timelock obeys the governor alone, the breaker and its governor know each other. */
export async function checkGovernance(checks: Checks, economy: Economy, parameters: EconomyParameters): Promise<void> {
  const { priceFeed } = parameters;
  const { timelock, governor, breaker, emergencyGovernor, vault, addresses } = economy;
  checks.equal("governor", "token", addresses.vault, await governor.token());
  checks.equal("governor", "timelock", addresses.timelock, await governor.timelock());
  checks.equal("governor", "DEPOSITS", addresses.proposalDeposits, await governor.DEPOSITS());
  checks.equal("proposalDeposits", "governor", addresses.governor, await economy.proposalDeposits.governor());
  checks.equal("proposalDeposits", "VAULT", addresses.vault, await economy.proposalDeposits.VAULT());
  checks.equal("governor", "ORDINARY_CALLS", addresses.ordinaryCalls, await governor.ORDINARY_CALLS());
  checks.equal("timelock", "getMinDelay", `${TIMELOCK_DELAY} s`, `${await timelock.getMinDelay()} s`);
  checks.equal("timelock", "account class", "EXEMPT", await classOf(economy, addresses.timelock));
  const members = await readTimelockMembers(economy);
  for (const { name, role } of TIMELOCK_ROLES) {
    checks.equal("timelock", `members of ${name}`, addresses.governor, list(members.get(role)?.keys() ?? []));
  }
  checks.equal("timelock", "administrators", addresses.timelock, list(members.get(ZeroHash)?.keys() ?? []));

  checks.equal("voteProofs", "GOVERNOR", addresses.governor, await economy.voteProofs.GOVERNOR());
  checks.equal("voteProofs", "REGISTRY", addresses.registry, await economy.voteProofs.REGISTRY());
  checks.equal("breaker", "TOKEN", addresses.token, await breaker.TOKEN());
  checks.equal("breaker", "CONTROLLER", addresses.controller, await breaker.CONTROLLER());
  checks.equal("breaker", "REGISTRY", addresses.registry, await breaker.REGISTRY());
  checks.equal("breaker", "HISTORY", addresses.history, await breaker.HISTORY());
  checks.equal("breaker", "GOVERNOR", addresses.governor, await breaker.GOVERNOR());
  checks.equal("breaker", "emergencyGovernor", addresses.emergencyGovernor, await breaker.emergencyGovernor());
  checks.equal("breaker", "VAULT", addresses.vault, await breaker.VAULT());
  checks.equal("breaker", "REWARD_POOL", addresses.pool, await breaker.REWARD_POOL());
  checks.equal("breaker", "minSupporters", minSupportersOf(parameters), await breaker.minSupporters());
  checks.equal("vault", "holds bonds of triggers", "true", String((await vault.lockHolderOf(addresses.breaker)).admitted));
  const feed = priceFeed.kind === "median" ? addresses.feed : ZeroAddress;
  checks.equal("breaker", "marketFeed", feed, await breaker.marketFeed());
  checks.equal("emergencyGovernor", "BREAKER", addresses.breaker, await emergencyGovernor.BREAKER());
  checks.equal("emergencyGovernor", "REGISTRY", addresses.registry, await emergencyGovernor.REGISTRY());
  checks.equal("emergencyGovernor", "HISTORY", addresses.history, await emergencyGovernor.HISTORY());
  checks.equal("emergencyGovernor", "token", addresses.vault, await emergencyGovernor.token());
}

/** An ordinary vote may do what the table says, and nothing else. */
export async function checkOrdinaryCalls(
  checks: Checks,
  { ordinaryCalls, timelock, vault, token, addresses, fromBlock }: Economy,
): Promise<void> {
  const ruled = new Map<string, string>();
  for (const { args } of await ordinaryCalls.queryFilter(ordinaryCalls.filters.RuleSet(), fromBlock)) {
    const [target, selector] = [args.target, args.selector];
    const { bound } = await ordinaryCalls.ruleOf(target, selector);
    if (bound === BOUND.never) ruled.delete(`${target} ${selector}`);
    else ruled.set(`${target} ${selector}`, `${target} ${selector}`);
  }
  for (const row of ORDINARY) {
    if (row.contract === "desk" && addresses.desk === ZeroAddress) continue;
    const { selector, rule } = ruleOf(row, (asset) => addresses[asset]);
    const [target, subject] = [addresses[row.contract], `${row.contract}.${row.call}`];
    const { bound, argument, current, asset } = await ordinaryCalls.ruleOf(target, selector);
    const words = (r: readonly unknown[]) => r.map(String).join(" ").toLowerCase();
    checks.equal(
      subject,
      "rule for an ordinary vote",
      words([rule.bound, rule.argument, rule.current, rule.asset]),
      words([bound, argument, current, asset]),
    );
    ruled.delete(`${target} ${selector}`);
  }
  checks.equal("ordinaryCalls", "other rules", "none", list(ruled.keys()));
  checks.equal("ordinaryCalls", "TREASURY", addresses.timelock, await ordinaryCalls.TREASURY());
  checks.equal("timelock", "allowance of the wrapper", MaxUint256, await token.allowance(timelock, addresses.wrapper));
  const [admitted] = await vault.lockHolderOf(addresses.proposalDeposits);
  checks.equal("vault", "proposalDeposits holds locks", "true", String(admitted));
}

/** Members of every role of the timelock, replayed from its events. */
async function readTimelockMembers({ timelock, fromBlock }: Economy): Promise<Map<string, Set<string>>> {
  const granted = await timelock.queryFilter(timelock.filters.RoleGranted(), fromBlock);
  const revoked = await timelock.queryFilter(timelock.filters.RoleRevoked(), fromBlock);
  const inOrder = [...granted.map((log) => ({ log, add: true })), ...revoked.map((log) => ({ log, add: false }))].sort(
    (a, b) => a.log.blockNumber - b.log.blockNumber || a.log.index - b.log.index,
  );
  const members = new Map<string, Set<string>>();
  for (const { log, add } of inOrder) {
    const accounts = members.get(log.args.role) ?? new Set<string>();
    if (add) accounts.add(log.args.account);
    else accounts.delete(log.args.account);
    members.set(log.args.role, accounts);
  }
  return members;
}

export async function classOf({ token }: Economy, account: string): Promise<string> {
  const { accountClass } = await token.accountOf(account);
  return CLASS_NAMES[Number(accountClass)] ?? String(accountClass);
}
