// An economy whose voters rule it: the governor, its timelock, and staked votes.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { contracts, type Governor, type Timelock, type Vault } from "@ftns/sdk/contracts.ts";
import { keccak256, toUtf8Bytes, type BaseContract, type BigNumberish } from "ethers";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { economyOn, FTNS, type TestEconomy } from "../helpers/economy.ts";
import { DAY, type Connection } from "../helpers/time.ts";

export const WAD = 10n ** 18n;
export const AGAINST = 0n;
export const FOR = 1n;
export const ABSTAIN = 2n;
/** As OpenZeppelin numbers them. */
export const STATE = {
  pending: 0n,
  active: 1n,
  canceled: 2n,
  defeated: 3n,
  succeeded: 4n,
  queued: 5n,
  expired: 6n,
  executed: 7n,
} as const;

/** Of `Deposit`. */
export const HELD = 1n;

export interface Proposal {
  targets: string[];
  values: bigint[];
  calldatas: string[];
  description: string;
  descriptionHash: string;
  id: bigint;
}

export interface Governed {
  economy: TestEconomy;
  votes: Vault;
  timelock: Timelock;
  governor: Governor;
  voters: HardhatEthersSigner[];
  /** Accounts with ether that have staked nothing. */
  outsiders: HardhatEthersSigner[];
}

/** Ten million FTNS are staked by seven voters: 30, 20, 16, 12, 10, 8 and 4 % of it. */
export const SHARES = [30n, 20n, 16n, 12n, 10n, 8n, 4n];
export const STAKED = 10_000_000n * FTNS;

export async function stake(world: { economy: TestEconomy; votes: Vault }, staker: HardhatEthersSigner, amount: bigint) {
  const { token, people } = world.economy;
  await token.connect(people.treasury).transfer(staker, amount);
  await token.connect(staker).approve(world.votes, amount);
  await world.votes.connect(staker).stake(amount);
}

/** Account number `i` of those that the chain does not come with. */
export async function outsider({ ethers, networkHelpers }: Connection, i: number) {
  const { address } = new ethers.Wallet(ethers.id(`outsider ${i}`));
  await networkHelpers.setBalance(address, 10n ** 21n);
  await networkHelpers.impersonateAccount(address);
  return ethers.getSigner(address);
}

export async function governedOn(connection: Connection): Promise<Governed> {
  const economy = await economyOn(connection);
  const { people, manager } = economy;
  const { vault: votes, timelock, governor } = economy;
  await manager.connect(people.admin).grantRole(ROLES.GOVERNOR, timelock, 0);
  await manager.connect(people.admin).grantRole(ROLES.ADMIN, timelock, 0);

  const voters = people.users.slice(0, SHARES.length);
  const outsiders = await Promise.all([1, 2, 3].map((i) => outsider(connection, i)));
  const world = { economy, votes, timelock, governor, voters, outsiders };
  for (const [index, voter] of voters.entries()) await stake(world, voter, (STAKED * SHARES[index]!) / 100n);
  await economy.clock.pass(60n);
  return world;
}

/** A proposal of one call. */
export async function proposalOf(
  { governor }: Pick<Governed, "governor">,
  target: BaseContract,
  call: string,
  args: readonly unknown[],
  description: string,
): Promise<Proposal> {
  const targets = [await target.getAddress()];
  const values = [0n];
  const calldatas = [target.interface.encodeFunctionData(call, args as unknown[])];
  const descriptionHash = keccak256(toUtf8Bytes(description));
  const id = await governor["hashProposal"](targets, values, calldatas, descriptionHash);
  return { targets, values, calldatas, description, descriptionHash, id };
}

/** Settles the deposit of the last proposal of `by`, and locks what is missing for the next, as far as its stake allows. */
export async function lockDeposit(governor: Governor, by: HardhatEthersSigner): Promise<void> {
  const vault = contracts.vault(await governor.token(), by);
  const deposits = contracts.proposalDeposits(await governor.DEPOSITS(), by);
  const { proposalId, state } = await deposits.depositOf(by);
  const over = state === HELD && ![STATE.pending, STATE.active].includes((await governor.state(proposalId)) as 0n);
  if (over) await deposits.settle(by);
  const [deposit, locked, free] = await Promise.all([
    deposits.deposit(),
    vault.lockOf(by, deposits),
    Promise.all([vault.stakedOf(by), vault.lockedOf(by)]).then(([staked, all]) => staked - all),
  ]);
  if (locked < deposit && free >= deposit - locked) await vault.lock(deposits, deposit - locked);
}

/** Proposes, with the deposit if need be. */
export async function propose(governor: Governor, by: HardhatEthersSigner, p: Proposal) {
  await lockDeposit(governor, by);
  return governor.connect(by).propose(p.targets, p.values, p.calldatas, p.description);
}
export const queue = (governor: Governor, p: Proposal) => governor.queue(p.targets, p.values, p.calldatas, p.descriptionHash);
export const execute = (governor: Governor, p: Proposal) => governor.execute(p.targets, p.values, p.calldatas, p.descriptionHash);

/** Proposes, waits for the vote and casts `ballots`: a voter's number and what he says. */
export async function voted(world: Governed, by: number, p: Proposal, ballots: readonly (readonly [number, BigNumberish])[]) {
  const { governor, voters, economy } = world;
  await propose(governor, voters[by]!, p);
  await economy.clock.pass(DAY + 1n);
  for (const [voter, support] of ballots) await governor.connect(voters[voter]!).castVote(p.id, support);
}

/** From a vote that is open to the effect. */
export async function carryOut(world: Governed, p: Proposal) {
  const { governor, economy } = world;
  await economy.clock.to((await governor.proposalDeadline(p.id)) + 1n);
  await queue(governor, p);
  await economy.clock.to((await governor.proposalEta(p.id)) - 1n);
  return execute(governor, p);
}
