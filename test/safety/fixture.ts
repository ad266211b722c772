// An economy with prices, reporters, stakers and contributors, in which anything can be made to go wrong.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { contribute, type Proving } from "../contributors/fixture.ts";
import { outsider, proposalOf, propose, SHARES, stake, STAKED } from "../governance/fixture.ts";
import { economyOn, FTNS, type TestEconomy } from "../helpers/economy.ts";
import { packedReports } from "../helpers/sign.ts";
import { DAY, HOUR, type Connection } from "../helpers/time.ts";

export const TRIGGER = { priceCrash: 0n, liquidityCrisis: 1n, networkAttack: 2n, governanceDeadlock: 3n } as const;
export const ACTION = { pause: 0n, halt: 1n, reset: 2n, recovery: 3n } as const;
export const USD = 10n ** 8n;

export interface Sight {
  price: bigint;
  volume6h: bigint;
  meanVolume6h: bigint;
  txTotal: bigint;
  txFailed: bigint;
  sendersDay: bigint;
}

export const CALM: Sight = {
  price: USD,
  volume6h: 1_000n * USD,
  meanVolume6h: 1_000n * USD,
  txTotal: 100n,
  txFailed: 1n,
  sendersDay: 400n,
};
/** Between two rounds (seconds). */
const ROUND_DISTANCE = 300n;

/** Time of the feed's last round: what the next one follows. Zero before the first. */
export async function lastRoundAt({ medianFeed }: Pick<TestEconomy, "medianFeed">): Promise<bigint> {
  return medianFeed.latestMarket().then(
    ({ observedAt }) => observedAt,
    () => 0n,
  );
}

/** What makes an account BASIC for a month (FTNS). */
const WORK = 100n;
/** Contributors who have nothing staked yet: see `restake`. */
const READY = 10;

/**
 * Seven voters with 30, 20, 16, 12, 10, 8 and 4 % of ten million staked FTNS, all contributors since the day before; a feed that is
 * a month old, and a day of calm prices.
 */
export async function safetyOn(connection: Connection, feedAge = 30n * DAY) {
  const { ethers } = connection;
  const economy = await economyOn(connection);
  const { people, medianFeed, clock, vault } = economy;
  // Always noon, so that a test's hours end no day on some clocks only.
  await clock.toDaysAhead(1n, 10n * HOUR);
  const { chainId } = await ethers.provider.getNetwork();
  const place = { chainId, verifyingContract: await medianFeed.getAddress() };
  const voters = people.users.slice(0, SHARES.length);
  const outsiders = await Promise.all([1, 2, 3].map((i) => outsider(connection, i)));
  const ready = await Promise.all(Array.from({ length: READY }, (_, i) => outsider(connection, 1_000 + i)));
  const proving: Proving = {
    ...economy,
    connection,
    alice: voters[0]!,
    verifiers: [...people.verifiers],
    place: { chainId, verifyingContract: await economy.registry.getAddress() },
  };

  /** `who` is BASIC from today on, for a month. */
  const contributes = async (who: HardhatEthersSigner) => {
    await contribute(proving, who, WORK);
  };
  /**
   * `sight` as all reporters but `blind` of them see it, as soon as the next round may come; those see twice the price. The
   * price has held since the last round.
   */
  const report = async (sight: Partial<Sight> = {}, blind = 0) => {
    const [since, next] = [await lastRoundAt(economy), (await clock.now()) + 1n];
    const observedAt = next < since + ROUND_DISTANCE ? since + ROUND_DISTANCE : next;
    const seen = { ...CALM, ...sight, since, observedAt };
    const reports = people.reporters.map((signer, i) => {
      const price = i < blind ? seen.price * 2n : seen.price;
      return { signer, report: { ...seen, price, meanPrice: price } };
    });
    const packed = await packedReports(reports, place);
    await clock.nextBlockAt(observedAt);
    await medianFeed.submit(packed);
  };
  /** Goes to the end of the hour, with a round that says that `price` has held since the last one. */
  const hour = async (price: bigint) => {
    const end = ((await clock.now()) / HOUR + 1n) * HOUR;
    if (end - 1n > (await clock.now())) await clock.to(end - 1n);
    await report({ price });
  };
  const hours = async (count: number, price: bigint) => {
    for (let i = 0; i < count; i++) await hour(price);
  };

  await report();
  if (feedAge > 0n) await clock.pass(feedAge);
  for (const [index, voter] of voters.entries()) {
    await stake({ economy, votes: vault }, voter, (STAKED * SHARES[index]!) / 100n);
    await contributes(voter);
  }
  for (const one of ready) await contributes(one);
  await hours(26, USD);
  return { economy, voters, outsiders, ready, contributes, report, hour, hours, ...economy };
}

export type SafetyWorld = Awaited<ReturnType<typeof safetyOn>>;

/** The price has fallen to `price` for an hour that is over. */
export async function crash(w: SafetyWorld, price = (6n * USD) / 10n) {
  await w.hours(2, price);
}

/** Three votes of three proposers end, and nobody came. */
export async function nobodyVotes(w: SafetyWorld) {
  for (const [i, proposer] of w.voters.slice(0, 3).entries()) {
    const p = await proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], `nobody cares ${i} ${await w.clock.now()}`);
    await propose(w.governor, proposer, p);
  }
  await w.clock.pass(6n * DAY + 10n);
}

/** `ballots` are [voter's number, support]. */
export async function vote(w: SafetyWorld, proposalId: bigint, ballots: readonly (readonly [number, bigint])[]) {
  for (const [voter, support] of ballots) await w.emergencyGovernor.connect(w.voters[voter]!).castVote(proposalId, support);
}

/**
 * Nothing is staked any more but by other accounts that hold exactly `stakes`: contributors since the first day, or (where
 * `contributor` says so) accounts that never were.
 */
export async function restake(
  w: SafetyWorld,
  connection: Connection,
  stakes: readonly bigint[],
  contributor: (index: number) => boolean = () => true,
) {
  for (const voter of w.voters) await w.vault.connect(voter).requestUnstake(await w.vault.stakedOf(voter));
  const stakers: HardhatEthersSigner[] = [];
  for (const [i, amount] of stakes.entries()) {
    const staker = contributor(i) ? w.ready[i]! : await outsider(connection, 2_000 + i);
    await stake({ economy: w.economy, votes: w.vault }, staker, amount);
    stakers.push(staker);
  }
  w.voters.splice(0, w.voters.length, ...stakers);
  await w.clock.pass(10n);
}

/** Emergencies of each sort, opened, with the vote that they bring; `world` is the present one. */
export const emergenciesIn = (world: () => SafetyWorld) => {
  const opened = async (kind: bigint, action: bigint) => {
    const { breaker } = world();
    await breaker.trigger(kind);
    return breaker.voteOn(action);
  };
  const haltVote = async () => {
    await crash(world());
    return opened(TRIGGER.priceCrash, ACTION.halt);
  };
  const attackVote = async () => {
    const w = world();
    await w.clock.pass(60n);
    await w.report({ txFailed: 80n });
    return opened(TRIGGER.networkAttack, ACTION.recovery);
  };
  const deadlockVote = async () => {
    await nobodyVotes(world());
    return opened(TRIGGER.governanceDeadlock, ACTION.reset);
  };
  return { opened, haltVote, attackVote, deadlockVote };
};

export { DAY, HOUR };
