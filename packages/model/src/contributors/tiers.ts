/** What the tiers ask for, and until when an account has them, as TierScheduleMath.sol works it out. */
import { NO_PROOFS, QUALITY_UNIT, SCORE_DAYS, WEIGHTED_UNIT, withDay, type Bucket, type Totals } from "./window.ts";

/** 0 NONE, 1 BASIC, 2 ACTIVE, 3 POWER. */
export type TierNumber = 0 | 1 | 2 | 3;
export const TIER_NAMES = ["NONE", "BASIC", "ACTIVE", "POWER"] as const;

/** Last day of each "at least this tier" (inclusive; 0 = never). */
export interface TierDays {
  basicThrough: number;
  activeThrough: number;
  powerThrough: number;
}

export const NEVER: TierDays = { basicThrough: 0, activeThrough: 0, powerThrough: 0 };

/** Arrays stand for BASIC, ACTIVE, POWER. */
export interface TierRules {
  /** FTNS, 18 decimals. */
  minScore: readonly [bigint, bigint, bigint];
  /** Weighted by value (WAD). */
  minQuality: readonly [bigint, bigint, bigint];
  /** Bonus for each kind after the first (WAD). */
  diversityStep: bigint;
  maxExtraKinds: bigint;
}

const FTNS = 10n ** 18n;

export const DEFAULT_TIER_RULES: TierRules = {
  minScore: [10n * FTNS, 50n * FTNS, 100n * FTNS],
  minQuality: [300n * QUALITY_UNIT, 600n * QUALITY_UNIT, 800n * QUALITY_UNIT],
  diversityStep: 125n * QUALITY_UNIT,
  maxExtraKinds: 3n,
};

/** Diversity bonus in thousandths. */
export function diversity(kinds: bigint, rules: TierRules): bigint {
  const count = BigInt(kinds.toString(2).replaceAll("0", "").length);
  const extra = count === 0n ? 0n : count - 1n;
  return 1000n + (rules.diversityStep / QUALITY_UNIT) * (extra < rules.maxExtraKinds ? extra : rules.maxExtraKinds);
}

/** Score (FTNS, 18 decimals) and mean quality, weighted by value (WAD), both rounded down. */
export function scoreOf(totals: Totals, rules: TierRules): { score: bigint; averageQuality: bigint } {
  return {
    score: (totals.weighted * diversity(totals.kinds, rules) * WEIGHTED_UNIT) / 1000n,
    averageQuality: totals.value === 0n ? 0n : (totals.weighted * QUALITY_UNIT) / totals.value,
  };
}

/** The highest tier that `totals` reach. Whole numbers are compared, so exact thresholds count. */
export function tierOf(totals: Totals, rules: TierRules): TierNumber {
  if (totals.value === 0n) return 0;
  const scoreWei = totals.weighted * WEIGHTED_UNIT * diversity(totals.kinds, rules); // in thousandths of a wei
  const reaches = (index: 0 | 1 | 2) =>
    scoreWei >= rules.minScore[index] * 1000n && totals.weighted * QUALITY_UNIT >= rules.minQuality[index] * totals.value;
  if (!reaches(0)) return 0;
  if (!reaches(1)) return 1;
  return reaches(2) ? 3 : 2;
}

export interface Standing {
  totals: Totals;
  /** The highest tier that holds today. */
  tier: TierNumber;
  /** Days, counted from today, on which BASIC, ACTIVE and POWER hold without a break if nothing more comes. */
  daysHeld: readonly [number, number, number];
}

/** Judges the window whose buckets, newest first, are given. */
export function standing(buckets: readonly Bucket[], rules: TierRules): Standing {
  // In `k` days the window has lost its `k` oldest buckets.
  const future = (k: number) => buckets.slice(0, SCORE_DAYS - k).reduce(withDay, NO_PROOFS);
  const tiers = Array.from({ length: SCORE_DAYS + 1 }, (_, k) => tierOf(future(k), rules));
  const held = (tier: number) => tiers.findIndex((reached) => reached < tier);
  return { totals: future(0), tier: tiers[0] ?? 0, daysHeld: [held(1), held(2), held(3)] };
}

/** The schedule that follows from `old` and today's standing. */
export function nextSchedule(old: TierDays, { daysHeld }: Standing, today: number, graceDays: number): TierDays {
  const through = (oldDay: number, held: number) => {
    if (held > 0) return today + held - 1 + graceDays;
    return oldDay >= today ? Math.min(oldDay, today - 1 + graceDays) : oldDay;
  };
  return {
    basicThrough: through(old.basicThrough, daysHeld[0]),
    activeThrough: through(old.activeThrough, daysHeld[1]),
    powerThrough: through(old.powerThrough, daysHeld[2]),
  };
}

/** Tier on `day` by `schedule`. */
export function tierOnDay(schedule: TierDays, day: number): TierNumber {
  if (day <= schedule.powerThrough) return 3;
  if (day <= schedule.activeThrough) return 2;
  return day <= schedule.basicThrough ? 1 : 0;
}
