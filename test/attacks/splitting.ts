// One actor with so much work, coins and stake, as one account or as many.
import { DEFAULT_BASE_RATES, DEFAULT_RATES, voteValue, yearlyRate } from "@ftns/model";
import { ModelWorld } from "./modelWorld.ts";
import { FTNS, WAD } from "./world.ts";

export interface Actor {
  /** Verified in 30 days, at quality 1 (FTNS). */
  work: bigint;
  /** In wallets, which only pay what the accounts earn (FTNS). */
  holds: bigint;
  /** FTNS. */
  stake: bigint;
}

export interface Income {
  rewards: bigint;
  yields: bigint;
  fees: bigint;
  /** What its votes are worth as contributions, if four votes a month are to be had. */
  votes: bigint;
}

const MONTHS = 12;
const MONTH_DAYS = 30n;
const VOTES_A_MONTH = 4n;
const YEAR = 365n;
/** `c`: stake that an FTNS of score covers. */
const COVER = 20n;
const GOVERNANCE = 3;
const min = (a: bigint, b: bigint) => (a < b ? a : b);

/** A year of twelve months as `accounts` equal ones. */
export async function yearOf({ work, holds, stake }: Actor, accounts: number): Promise<Income> {
  const world = new ModelWorld();
  const n = BigInt(accounts);
  const names = Array.from({ length: accounts }, (_, i) => `account ${i}`);
  const [each, staked] = [work / n, stake / n];
  const income: Income = { rewards: 0n, yields: 0n, fees: 0n, votes: 0n };
  for (const who of names) if (holds > 0n) await world.give(who, holds / n);
  for (let month = 0; month < MONTHS; month++) {
    for (const who of names) {
      const before = await world.balance(who);
      await world.prove(who, each);
      income.rewards += (await world.balance(who)) - before;
      const tier = await world.tier(who);
      const covered = min(staked, COVER * each);
      const rate = (held: bigint, at: number, commitments: number) =>
        (held * yearlyRate(DEFAULT_RATES, at, commitments, WAD) * MONTH_DAYS) / (YEAR * WAD * WAD);
      income.yields += rate(covered, tier, tier > 0 ? 1 : 0) + rate(staked - covered, 0, 0);
      if (tier > 0) income.votes += VOTES_A_MONTH * voteValue(staked, DEFAULT_BASE_RATES[GOVERNANCE]!, each);
    }
    await world.pass(Number(MONTH_DAYS));
  }
  income.fees = await world.feesOf(...names);
  return income;
}

export const ACTORS: readonly Actor[] = [
  { work: 100n, holds: 0n, stake: 0n },
  { work: 100n, holds: 100_000n, stake: 0n },
  { work: 1_000n, holds: 10_000n, stake: 0n },
  { work: 1_000n, holds: 10_000n, stake: 100_000n },
  { work: 10_000n, holds: 100_000n, stake: 0n },
  { work: 10_000n, holds: 1_000_000n, stake: 1_000_000n },
].map(({ work, holds, stake }) => ({ work: work * FTNS, holds: holds * FTNS, stake: stake * FTNS }));

export const COUNTS = [1, 10, 100] as const;
/** What the allowance of grace spares an account at most: 100 FTNS for 90 days at the top rate. */
export const NEWCOMERS_ALLOWANCE = 3n * FTNS;
