// The four conditions of the circuit breaker, bit for bit as TriggerConditions works them out.
import type { PriceAverage } from "../prices/priceHistory.ts";

const WAD = 10n ** 18n;

export const CRASH_CONFIDENCE = (9n * WAD) / 10n;
export const LIQUIDITY_CONFIDENCE = (8n * WAD) / 10n;
export const ATTACK_CONFIDENCE = (95n * WAD) / 100n;
export const MIN_TRANSACTIONS = 10n;
/** Oldest observation of a round that still counts (seconds). */
export const MAX_MARKET_AGE = 5_400n;

/** What the chain says about a trigger. The unknown is never met. */
export interface Finding {
  known: boolean;
  met: boolean;
  /** The ratio that the condition is about (WAD, rounded down). */
  measured: bigint;
  /** WAD. */
  confidence: bigint;
}

/** The reporters' latest round, as the breaker reads it. */
export interface MarketSight {
  volume6h: bigint;
  meanVolume6h: bigint;
  txTotal: bigint;
  txFailed: bigint;
  observedAt: bigint;
  confidence: bigint;
}

/** What the votes that ended in a stretch of time came to. */
export interface Attendance {
  complete: boolean;
  ended: bigint;
  highestShare: bigint;
}

const unknown = (confidence: bigint): Finding => ({ known: false, met: false, measured: 0n, confidence });

/** Whether `market` is recent enough at `now` (seconds). */
export function isFresh(market: MarketSight, now: bigint): boolean {
  return market.observedAt + MAX_MARKET_AGE >= now;
}

/** The average of the latest hour that is over against that of the same hour a day before. */
export function priceCrash(
  latest: Pick<PriceAverage, "averageWad" | "usable">,
  dayBefore: Pick<PriceAverage, "averageWad" | "usable">,
  fresh: boolean,
  confidence: bigint,
): Finding {
  if (!latest.usable || !dayBefore.usable || dayBefore.averageWad === 0n) return unknown(confidence);
  const known = fresh && confidence >= CRASH_CONFIDENCE;
  const met = known && latest.averageWad * 10n <= dayBefore.averageWad * 6n;
  return { known, met, measured: (latest.averageWad * WAD) / dayBefore.averageWad, confidence };
}

export function liquidityCrisis(market: MarketSight, fresh: boolean): Finding {
  const { volume6h, meanVolume6h, confidence } = market;
  if (meanVolume6h === 0n) return unknown(confidence);
  const known = fresh && confidence >= LIQUIDITY_CONFIDENCE;
  return { known, met: known && volume6h * 10n <= meanVolume6h, measured: (volume6h * WAD) / meanVolume6h, confidence };
}

export function networkAttack(market: MarketSight, fresh: boolean): Finding {
  const { txTotal, txFailed, confidence } = market;
  if (txTotal === 0n) return unknown(confidence);
  const known = fresh && txTotal >= MIN_TRANSACTIONS && confidence >= ATTACK_CONFIDENCE;
  return { known, met: known && txFailed * 2n >= txTotal, measured: (txFailed * WAD) / txTotal, confidence };
}

/** `lately`: the votes that ended in 72 hours; `since`: those of them that ended since a deadlock was last found. */
export function governanceDeadlock(lately: Attendance, since: Attendance): Finding {
  const known = lately.complete && since.complete && since.ended !== 0n;
  return { known, met: known && lately.highestShare * 20n < WAD, measured: lately.highestShare, confidence: WAD };
}
