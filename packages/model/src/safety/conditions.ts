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

/** The last three votes that ended. */
export interface LastVotes {
  complete: boolean;
  /** How many there are: three, or fewer where fewer ever ended. */
  count: bigint;
  /** Seconds. */
  latestEnd: bigint;
  differentProposers: boolean;
  /** WAD. */
  highestShare: bigint;
}

export const DEADLOCK_VOTES = 3n;

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

/** `since`: one of the last votes must have ended at or after it (seconds; see deadlockSince). */
export function governanceDeadlock(last: LastVotes, since: bigint): Finding {
  const known = last.complete && last.count === DEADLOCK_VOTES && last.latestEnd >= since;
  const met = known && last.differentProposers && last.highestShare * 20n < WAD;
  return { known, met, measured: last.highestShare, confidence: WAD };
}
