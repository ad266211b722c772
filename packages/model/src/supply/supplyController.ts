/** SupplyController.sol: when `M` may move, and by how much. */
import { mulWad, mulWadUp } from "../math/fullMath.ts";
import { MathError, WAD } from "../math/words.ts";
import type { PriceHistoryModel, PriceWindow } from "../prices/priceHistory.ts";
import { WINDOW_DAYS } from "../prices/priceHistory.ts";
import { Refused } from "../refused.ts";
import { dayOf, startOfDay } from "../time.ts";
import type { Refusal } from "./refusals.ts";
import type { Decision, MarketWindow, Policy } from "./roadmapPolicy.ts";
import { roadmapPolicy } from "./roadmapPolicy.ts";
import { MultiplierPath } from "./multiplierPath.ts";

export const MIN_MULTIPLIER = WAD / 10n;
export const MAX_MULTIPLIER = WAD * 10n;
export const MIN_ADJUSTMENT = (WAD * 9n) / 10n;
export const MAX_ADJUSTMENT = (WAD * 11n) / 10n;
/** Eight rewards by kind, context cost, scale of staking yields, burn. */
export const RATES = 11n;
/** At launch the rewards follow `M`, and nothing else. */
export const RATE_FLAGS_AT_LAUNCH = 0xffn;
export const MAX_SUSPENSION_SEC = 14n * 86_400n;

/** What `adjust` would do in a state, or why it would not; fields that a refusal left unread are zero. */
export interface Preview {
  ok: boolean;
  refusal: Refusal;
  day: bigint;
  availableAt: bigint;
  thinDay: bigint;
  coveredSec: bigint;
  neededSec: bigint;
  window: MarketWindow;
  decision: Decision;
  factor: bigint;
  newMultiplier: bigint;
}

/** A policy's factor within the controller's own limits: what `adjust` expects to be told. */
export function clampFactor(factor: bigint): bigint {
  return clamp(factor, MIN_ADJUSTMENT, MAX_ADJUSTMENT);
}

/** `M` after `factor`, rounded towards its old value and kept within its bounds. */
export function multiplied(multiplier: bigint, factor: bigint): bigint {
  return clamp(factor >= WAD ? mulWad(multiplier, factor) : mulWadUp(multiplier, factor), MIN_MULTIPLIER, MAX_MULTIPLIER);
}

/** The state of a SupplyController over the model of a price history. */
export class SupplyControllerModel {
  readonly history: PriceHistoryModel;
  readonly launchDay: bigint;
  policy: Policy;
  lastAdjustedDay = 0n;
  suspendedUntil = 0n;
  /** Bit `rate` of each that follows `M`. */
  rateFlags = RATE_FLAGS_AT_LAUNCH;
  readonly multipliers = new MultiplierPath();

  constructor(history: PriceHistoryModel, launchDay: bigint, createdAt: bigint, policy: Policy = roadmapPolicy) {
    this.history = history;
    this.launchDay = launchDay;
    this.policy = policy;
    this.multipliers.set(WAD, createdAt);
  }

  multiplier(): bigint {
    return this.multipliers.latest();
  }

  followsMultiplier(rate: bigint): boolean {
    if (rate >= RATES) throw new Refused("UnknownRate", rate, RATES);
    return (this.rateFlags / 2n ** rate) % 2n === 1n;
  }

  /** `M` where the rate follows it, and 1 where it does not. */
  multiplierFor(rate: bigint): bigint {
    return this.followsMultiplier(rate) ? this.multiplier() : WAD;
  }

  setRateFlags(flags: bigint): void {
    if (flags >= 2n ** RATES) throw new Refused("UnknownRateFlags", flags, 2n ** RATES - 1n);
    this.rateFlags = flags;
  }

  multiplierAt(timestamp: bigint, now: bigint): bigint {
    if (timestamp > now) throw new Refused("FutureTime", timestamp, now);
    return this.multipliers.at(timestamp);
  }

  preview(now: bigint): Preview {
    const outcome = emptyPreview(dayOf(now));
    this.#checkTime(outcome, now);
    if (outcome.refusal === "NONE") this.#readPrices(outcome);
    if (outcome.refusal === "NONE") this.#decide(outcome);
    outcome.ok = outcome.refusal === "NONE";
    return outcome;
  }

  adjust(expectedFactor: bigint, now: bigint): Preview {
    const outcome = this.preview(now);
    if (!outcome.ok) throw new Refused(outcome.refusal);
    if (outcome.factor !== expectedFactor) throw new Refused("FactorMismatch", expectedFactor, outcome.factor);
    this.lastAdjustedDay = outcome.day;
    this.#setMultiplier(outcome.newMultiplier, now);
    return outcome;
  }

  resetMultiplier(now: bigint): void {
    this.#setMultiplier(WAD, now);
  }

  #setMultiplier(multiplier: bigint, now: bigint): void {
    this.multipliers.set(multiplier, now);
  }

  #checkTime(outcome: Preview, now: bigint): void {
    const firstDay = this.launchDay + WINDOW_DAYS + 1n;
    if (now < this.suspendedUntil) {
      refuse(outcome, "SUSPENDED", this.suspendedUntil);
    } else if (outcome.day <= this.lastAdjustedDay) {
      refuse(outcome, "ALREADY_ADJUSTED", startOfDay(outcome.day + 1n));
    } else if (outcome.day < firstDay) {
      refuse(outcome, "TOO_EARLY", startOfDay(firstDay));
    } else {
      const { staleAt, knownUntil } = this.history.lastRecord();
      if (now >= staleAt) refuse(outcome, "RECORD_STALE");
      else if (knownUntil < startOfDay(outcome.day)) refuse(outcome, "DAY_NOT_CLOSED");
    }
  }

  #readPrices(outcome: Preview): void {
    const prices = this.history.window(outcome.day - 1n);
    if (!prices.usable) return this.#nameThinness(outcome, prices);
    outcome.window = {
      day: outcome.day,
      daysSinceLaunch: outcome.day - this.launchDay,
      multiplier: this.multiplier(),
      averageMonthBefore: prices.averageMonthBefore,
      dailyAverages: prices.dailyAverages,
    };
  }

  #nameThinness(outcome: Preview, prices: PriceWindow): void {
    const longEnoughDay = dayOf(this.history.startedAt) + WINDOW_DAYS + 1n;
    if (outcome.day < longEnoughDay) return refuse(outcome, "HISTORY_TOO_SHORT", startOfDay(longEnoughDay));
    refuse(outcome, prices.thinDay === 0n ? "WINDOW_TOO_THIN" : "DAY_TOO_THIN");
    outcome.thinDay = prices.thinDay;
    outcome.coveredSec = prices.coveredSec;
    outcome.neededSec = prices.neededSec;
  }

  #decide(outcome: Preview): void {
    try {
      outcome.decision = this.policy(outcome.window);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof MathError)) throw error;
      return refuse(outcome, "POLICY_FAILED");
    }
    outcome.factor = clampFactor(outcome.decision.factor);
    outcome.newMultiplier = multiplied(outcome.window.multiplier, outcome.factor);
  }
}

function refuse(outcome: Preview, refusal: Refusal, availableAt = 0n): void {
  outcome.refusal = refusal;
  outcome.availableAt = availableAt;
}

function emptyPreview(day: bigint): Preview {
  return {
    ok: false,
    refusal: "NONE",
    day,
    availableAt: 0n,
    thinDay: 0n,
    coveredSec: 0n,
    neededSec: 0n,
    window: { day: 0n, daysSinceLaunch: 0n, multiplier: 0n, averageMonthBefore: 0n, dailyAverages: Array<bigint>(8).fill(0n) },
    decision: { target: 0n, velocity: 0n, volatility: 0n, damping: 0n, baseFactor: 0n, factor: 0n },
    factor: 0n,
    newMultiplier: 0n,
  };
}

function clamp(value: bigint, min: bigint, max: bigint): bigint {
  return value < min ? min : value > max ? max : value;
}
