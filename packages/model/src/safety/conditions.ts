// The four conditions of the circuit breaker, bit for bit as TriggerConditions works them out.
import { isAttacked, isIlliquid } from "../prices/marketConditions.ts";
import type { PriceAverage } from "../prices/priceHistory.ts";

const WAD = 10n ** 18n;

export const CRASH_CONFIDENCE = (9n * WAD) / 10n;
export const LIQUIDITY_CONFIDENCE = (8n * WAD) / 10n;
export const ATTACK_CONFIDENCE = (95n * WAD) / 100n;
/** What the usual volume is a mean of (seconds). */
export const MEAN_VOLUME_SEC = 2_592_000n;
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
  sendersDay: bigint;
  price: bigint;
  observedAt: bigint;
  confidence: bigint;
  registered: bigint;
  illiquid: bigint;
  attacked: bigint;
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
  /** Whether one of them passed. */
  passed: boolean;
}

export const DEADLOCK_VOTES = 3n;

const unknown = (confidence: bigint): Finding => ({ known: false, met: false, measured: 0n, confidence });

/** Whether `market` is recent enough at `now` (seconds). */
export function isFresh(market: Pick<MarketSight, "observedAt">, now: bigint): boolean {
  return market.observedAt + MAX_MARKET_AGE >= now;
}

/** Whether the feed is old enough at `now` for a mean of 30 days; `startedAt`: of the price history (seconds). */
export function isMeanKnown(startedAt: bigint, now: bigint): boolean {
  return startedAt !== 0n && startedAt + MEAN_VOLUME_SEC <= now;
}

/** More than half of those who were registered, whoever was left out. */
const isMajority = (reports: bigint, { registered }: MarketSight): boolean => 2n * reports > registered;

/** The average of the latest closed hour against that of the same hour a day before, and the present answer (18 decimals). */
export function priceCrash(
  latest: Pick<PriceAverage, "averageWad" | "usable">,
  dayBefore: Pick<PriceAverage, "averageWad" | "usable">,
  answerWad: bigint,
  fresh: boolean,
  confidence: bigint,
): Finding {
  if (!latest.usable || !dayBefore.usable || dayBefore.averageWad === 0n) return unknown(confidence);
  const known = fresh && confidence >= CRASH_CONFIDENCE;
  const fallen = (price: bigint) => price * 10n <= dayBefore.averageWad * 6n;
  const met = known && fallen(latest.averageWad) && fallen(answerWad);
  return { known, met, measured: (latest.averageWad * WAD) / dayBefore.averageWad, confidence };
}

export function liquidityCrisis(market: MarketSight, meanKnown: boolean, fresh: boolean): Finding {
  const { volume6h, meanVolume6h, confidence, illiquid } = market;
  if (meanVolume6h === 0n) return unknown(confidence);
  const known = fresh && meanKnown && confidence >= LIQUIDITY_CONFIDENCE;
  const met = known && isIlliquid(market) && isMajority(illiquid, market);
  return { known, met, measured: (volume6h * WAD) / meanVolume6h, confidence };
}

export function networkAttack(market: MarketSight, fresh: boolean): Finding {
  const { txTotal, txFailed, confidence, attacked } = market;
  if (txTotal === 0n) return unknown(confidence);
  const known = fresh && confidence >= ATTACK_CONFIDENCE;
  const met = known && isAttacked(market) && isMajority(attacked, market);
  return { known, met, measured: (txFailed * WAD) / txTotal, confidence };
}

/** `since`: one of the last votes must have ended at or after it (seconds; see deadlockSince). */
export function governanceDeadlock(last: LastVotes, since: bigint): Finding {
  const known = last.complete && last.count === DEADLOCK_VOTES && last.latestEnd >= since;
  const met = known && last.differentProposers && !last.passed && last.highestShare * 20n < WAD;
  return { known, met, measured: last.highestShare, confidence: WAD };
}
