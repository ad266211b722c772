/** PathPolicy.sol, integer for integer. Ratios and logarithms are WAD, prices USD with 18 decimals. */
import { expWad, lnWad } from "../math/wad.ts";
import { WAD } from "../math/words.ts";
import { Refused } from "../refused.ts";
import { type Decision, type MarketWindow, MAX_AVERAGE, MAX_POLICY_DAYS, MIN_AVERAGE, targetRate } from "./roadmapPolicy.ts";

export const MIN_POLICY_MULTIPLIER = WAD / 10n;
export const MAX_POLICY_MULTIPLIER = 10n * WAD;
export const PATH_MIN_FACTOR = (97n * WAD) / 100n;
export const PATH_MAX_FACTOR = (103n * WAD) / 100n;
export const LN_070 = -356674943938732378n;
export const LN_2 = 693147180559945309n;
export const LN_4 = 1386294361119890618n;
export const LN_097 = -30459207484708545n;
export const LN_103 = 29558802241544402n;
const LAG_DAYS = 4n;
const LAUNCH_DAYS = 30;

/** `A(d)`: how far the path has risen since the launch, in logarithms. */
export function logGrowth(daysSinceLaunch: bigint): bigint {
  if (daysSinceLaunch > MAX_POLICY_DAYS) throw new Refused("DaysOutOfBounds", daysSinceLaunch, MAX_POLICY_DAYS);
  const decayed = expWad(-3n * 10n ** 15n * daysSinceLaunch);
  return (2n * 10n ** 16n * daysSinceLaunch + 160n * (WAD - decayed)) / 365n;
}

/** What `ln M` should be, for `price` = ln(mean of 7 days / launch price). */
export function wantedLogMultiplier(price: bigint, daysSinceLaunch: bigint): bigint {
  const path = logGrowth(daysSinceLaunch < LAG_DAYS ? 0n : daysSinceLaunch - LAG_DAYS);
  return clamp(8n * (price - path), clamp(LN_070 - price, LN_070, LN_2), LN_4);
}

/** The rule that steers the level; see PathPolicy.sol for the formulas. `launchPrice` is zero until it is known. */
export function pathPolicy(window: MarketWindow, launchPrice: bigint): Decision {
  const averages = [...window.dailyAverages, window.averageMonthBefore];
  if (averages.length !== 9) throw new RangeError(`a window has 8 daily averages, not ${averages.length - 1}`);
  averages.forEach((average, index) => {
    if (average < MIN_AVERAGE || average > MAX_AVERAGE) {
      throw new Refused("AverageOutOfBounds", BigInt(index), average, MIN_AVERAGE, MAX_AVERAGE);
    }
  });
  const target = targetRate(window.daysSinceLaunch);
  const { multiplier } = window;
  if (multiplier < MIN_POLICY_MULTIPLIER || multiplier > MAX_POLICY_MULTIPLIER) {
    throw new Refused("MultiplierOutOfBounds", multiplier, MIN_POLICY_MULTIPLIER, MAX_POLICY_MULTIPLIER);
  }
  const still = { target, velocity: 0n, volatility: 0n, damping: WAD, baseFactor: WAD, factor: WAD };
  if (launchPrice === 0n) return still;

  const sum = window.dailyAverages.slice(1).reduce((total, average) => total + average, 0n);
  const price = lnWad((sum * WAD) / (7n * launchPrice));
  const step = wantedLogMultiplier(price, window.daysSinceLaunch) - lnWad(multiplier);
  const baseFactor = expWad(step);
  const within = clamp(baseFactor, PATH_MIN_FACTOR, PATH_MAX_FACTOR);
  const factor = step >= LN_103 ? PATH_MAX_FACTOR : step <= LN_097 ? PATH_MIN_FACTOR : within;
  return { ...still, baseFactor, factor };
}

/** The mean of the first 30 usable daily averages, oldest first; zero while there are fewer. */
export function launchPriceOf(usableAverages: readonly bigint[]): bigint {
  if (usableAverages.length < LAUNCH_DAYS) return 0n;
  return usableAverages.slice(0, LAUNCH_DAYS).reduce((total, average) => total + average, 0n) / BigInt(LAUNCH_DAYS);
}

function clamp(value: bigint, low: bigint, high: bigint): bigint {
  return value < low ? low : value > high ? high : value;
}
