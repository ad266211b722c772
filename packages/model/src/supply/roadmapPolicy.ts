/** RoadmapPolicy.sol, integer for integer. Ratios are WAD, prices USD with 18 decimals. */
import { sqrt } from "../math/sqrt.ts";
import { expWad } from "../math/wad.ts";
import { WAD } from "../math/words.ts";
import { Refused } from "../refused.ts";

export const TARGET_FLOOR = 2n * 10n ** 16n;
export const TARGET_RANGE = 48n * 10n ** 16n;
export const DECAY_PER_DAY = 3n * 10n ** 15n;
export const MAX_POLICY_DAYS = 65_535n;
export const MIN_AVERAGE = 10n ** 10n;
export const MAX_AVERAGE = 10n ** 28n;
const MIN_DAMPING = WAD / 2n;
const MIN_FACTOR = (WAD * 9n) / 10n;
const MAX_FACTOR = (WAD * 11n) / 10n;
const RETURNS = 7n;

/** All that a policy may look at. */
export interface MarketWindow {
  /** Protocol day of the adjustment. */
  day: bigint;
  daysSinceLaunch: bigint;
  /** `M` before the adjustment. */
  multiplier: bigint;
  /** Average of the day 30 days before the latest complete day. */
  averageMonthBefore: bigint;
  /** Averages of the 8 latest complete days, oldest first. */
  dailyAverages: readonly bigint[];
}

/** What a policy makes of a window. All WAD. */
export interface Decision {
  target: bigint;
  velocity: bigint;
  volatility: bigint;
  damping: bigint;
  /** The factor before damping and limits; 1 for no step. */
  baseFactor: bigint;
  factor: bigint;
}

/** A policy: a pure function of the window. Throws `Refused` on a window it cannot judge. */
export type Policy = (window: MarketWindow) => Decision;

/** Price growth aimed at on day `daysSinceLaunch`, a year. */
export function targetRate(daysSinceLaunch: bigint): bigint {
  if (daysSinceLaunch > MAX_POLICY_DAYS) throw new Refused("DaysOutOfBounds", daysSinceLaunch, MAX_POLICY_DAYS);
  return TARGET_FLOOR + (TARGET_RANGE * expWad(-DECAY_PER_DAY * daysSinceLaunch)) / WAD;
}

/** Standard deviation of the 7 returns between 8 daily averages, a year. */
export function volatilityOf(averages: readonly bigint[]): bigint {
  let sum = 0n;
  let sumOfSquares = 0n;
  for (let i = 0; i + 1 < averages.length; i++) {
    const before = averages[i] as bigint;
    const r = (((averages[i + 1] as bigint) - before) * WAD) / before;
    sum += r;
    sumOfSquares += r * r;
  }
  return sqrt((365n * (RETURNS * sumOfSquares - sum * sum)) / (RETURNS * RETURNS));
}

/** The roadmap's rule; see RoadmapPolicy.sol for the formulas. */
export function roadmapPolicy(window: MarketWindow): Decision {
  const averages = [...window.dailyAverages, window.averageMonthBefore];
  if (averages.length !== 9) throw new RangeError(`a window has 8 daily averages, not ${averages.length - 1}`);
  averages.forEach((average, index) => {
    if (average < MIN_AVERAGE || average > MAX_AVERAGE) {
      throw new Refused("AverageOutOfBounds", BigInt(index), average, MIN_AVERAGE, MAX_AVERAGE);
    }
  });
  const target = targetRate(window.daysSinceLaunch);
  const base = window.averageMonthBefore;
  const growth = (window.dailyAverages[7] as bigint) - base;
  const velocity = (growth * WAD * 365n) / (base * 30n);
  const volatility = volatilityOf(window.dailyAverages);
  const damping = 2n * volatility >= WAD - MIN_DAMPING ? MIN_DAMPING : WAD - 2n * volatility;
  const baseFactor = baseFactorOf(growth, base, target);
  return { target, velocity, volatility, damping, baseFactor, factor: damped(baseFactor, damping) };
}

function baseFactorOf(growth: bigint, base: bigint, target: bigint): bigint {
  const velocity = growth * 365n * WAD;
  const onTarget = target * 30n * base;
  if (2n * velocity > 3n * onTarget) return (140n * WAD) / 100n;
  if (5n * velocity > 6n * onTarget) return (120n * WAD) / 100n;
  if (2n * velocity < onTarget) return (70n * WAD) / 100n;
  if (5n * velocity < 4n * onTarget) return (85n * WAD) / 100n;
  return WAD;
}

function damped(baseFactor: bigint, damping: bigint): bigint {
  return baseFactor >= WAD
    ? minimum(WAD + ((baseFactor - WAD) * damping) / WAD, MAX_FACTOR)
    : maximum(WAD - ((WAD - baseFactor) * damping) / WAD, MIN_FACTOR);
}

function minimum(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function maximum(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
