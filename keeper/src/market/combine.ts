import { formatDuration, WAD } from "../units.ts";
import type { MarketData, Reading } from "./source.ts";

export interface CombineRules {
  minSources: number;
  /** WAD. */
  maxSpread: bigint;
  maxObservationAgeSec: number;
}

export type Combined = { market: MarketData; sources: string[]; leftOut: string[] } | { failure: string };

/** A source's clock may run ahead of the latest block by a block's time and some skew. */
const MAX_AHEAD_SEC = 120n;

/**
 * One market from several readings: stale ones and those far from the median are left out, and enough must remain. The
 * observation time is that of the oldest reading used, and never later than the chain's own time.
 */
export function combineReadings(readings: readonly Reading[], now: bigint, rules: CombineRules): Combined {
  const leftOut: string[] = [];
  const fresh: { source: string; data: MarketData }[] = [];
  for (const { source, data, failure } of readings) {
    const fault = data ? freshnessFault(data.observedAt, now, rules.maxObservationAgeSec) : failure;
    if (data && fault === undefined) fresh.push({ source, data });
    else leftOut.push(`${source}: ${fault ?? "no data"}`);
  }

  const middle = fresh.length > 0 ? median(fresh.map(({ data }) => data.price)) : 0n;
  const agreeing = fresh.filter(({ source, data }) => {
    const away = data.price > middle ? data.price - middle : middle - data.price;
    const agrees = away * WAD <= middle * rules.maxSpread;
    if (!agrees) leftOut.push(`${source}: too far from the median of the sources`);
    return agrees;
  });
  if (agreeing.length < rules.minSources) {
    const usable = `${agreeing.length} of ${readings.length} market sources are usable, ${rules.minSources} needed`;
    return { failure: `${usable} (${leftOut.join("; ")})` };
  }

  const of = (field: keyof MarketData) => agreeing.map(({ data }) => data[field]);
  const oldest = of("observedAt").reduce((a, b) => (b < a ? b : a));
  return {
    market: {
      price: median(of("price")),
      volume6h: median(of("volume6h")),
      meanVolume6h: median(of("meanVolume6h")),
      txTotal: median(of("txTotal")),
      txFailed: median(of("txFailed")),
      observedAt: oldest < now ? oldest : now,
    },
    sources: agreeing.map(({ source }) => source),
    leftOut,
  };
}

/** Mean of the two middle values for an even number, rounded down, as the feed does. */
export function median(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const half = sorted.length >> 1;
  const upper = sorted[half];
  if (upper === undefined) throw new RangeError("median of nothing");
  return sorted.length % 2 === 1 ? upper : (sorted[half - 1]! + upper) / 2n;
}

function freshnessFault(observedAt: bigint, now: bigint, maxAgeSec: number): string | undefined {
  const age = now - observedAt;
  if (age > BigInt(maxAgeSec))
    return `observed ${formatDuration(age)} ago, at most ${formatDuration(BigInt(maxAgeSec))} allowed`;
  if (age < -MAX_AHEAD_SEC) return `observed ${formatDuration(-age)} after the chain's latest block; a clock is wrong`;
  return undefined;
}
