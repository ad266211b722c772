/**
 * What a stake earns, as StakingYield.sol works it out, by a simpler road: the period is cut wherever anything changes, and on
 * each piece the rate is one number.
 */
import { WAD } from "../math/words.ts";
import type { MultiplierPath } from "../supply/multiplierPath.ts";
import { dayOf, startOfDay } from "../time.ts";
import { lastDaysOf, tierAndCommitments, type StakerStanding } from "./standing.ts";

export interface StakingTerms {
  /** WAD a year. */
  baseRate: bigint;
  commitmentRate: bigint;
  maxRate: bigint;
  /** By tier, WAD. */
  tierMultiplier: readonly [bigint, bigint, bigint, bigint];
  /** The source of `M`; without one the yield does not follow it. */
  multipliers?: MultiplierPath;
}

/** Terms that hold from second `since` until the next ones. */
export interface DatedTerms extends StakingTerms {
  since: bigint;
}

export const DEFAULT_RATES = {
  baseRate: (3n * WAD) / 100n,
  commitmentRate: WAD / 100n,
  maxRate: WAD / 5n,
  tierMultiplier: [WAD / 2n, WAD, (12n * WAD) / 10n, (15n * WAD) / 10n],
} as const satisfies Omit<StakingTerms, "multipliers">;

const YEAR_SEC = 31_536_000n;

/** `M` at second `time` as far as `terms` follow it. */
export const multiplierAt = ({ multipliers }: StakingTerms, time: bigint): bigint => multipliers?.at(time) ?? WAD;

/** `min(maxRate, (baseRate + commitmentRate * commitments) * tierMultiplier * M)` a year, in WAD * WAD: nothing is rounded. */
export function yearlyRate(terms: StakingTerms, tier: number, commitments: number, multiplier: bigint): bigint {
  const rate = (terms.baseRate + terms.commitmentRate * BigInt(commitments)) * (terms.tierMultiplier[tier] ?? 0n);
  const [wanted, limit] = [(rate * multiplier) / WAD, terms.maxRate * WAD];
  return wanted < limit ? wanted : limit;
}

export interface Yield {
  /** At tier BASIC or higher. */
  earned: bigint;
  /** At tier NONE or beyond the cover. */
  recycled: bigint;
}

/**
 * Yield of `staked` with `standing` from second `from` to `to`; `timeline` is in order and begins before `from`. As far as the
 * cover reaches it earns by tier and commitments, the rest as NONE without any.
 */
export function yieldBetween(
  staked: bigint,
  standing: StakerStanding,
  timeline: readonly DatedTerms[],
  from: bigint,
  to: bigint,
): Yield {
  const covered = staked < standing.cover ? staked : standing.cover;
  let [whole, asNone] = [0n, 0n];
  const termsAt = (time: bigint) => timeline.findLast(({ since }) => since <= time)!;
  const cuts = new Set([from, to]);
  for (const { since, multipliers } of timeline) {
    cuts.add(since);
    for (const change of multipliers?.changesBetween(from, to) ?? []) cuts.add(change);
  }
  for (const day of lastDaysOf(standing)) cuts.add(startOfDay(BigInt(day) + 1n));
  const pieces = [...cuts].filter((cut) => cut >= from && cut <= to).sort((a, b) => (a < b ? -1 : 1));

  for (let i = 1; i < pieces.length; i++) {
    const [start, end] = [pieces[i - 1]!, pieces[i]!];
    const terms = termsAt(start);
    const M = multiplierAt(terms, start);
    const { tier, commitments } = tierAndCommitments(standing, Number(dayOf(start)));
    const part = covered * yearlyRate(terms, tier, commitments, M) * (end - start);
    const rest = (staked - covered) * yearlyRate(terms, 0, 0, M) * (end - start);
    whole += part + rest;
    asNone += tier === 0 ? part + rest : rest;
  }
  const wholeYear = WAD * WAD * YEAR_SEC;
  const recycled = asNone / wholeYear;
  return { earned: whole / wholeYear - recycled, recycled };
}
