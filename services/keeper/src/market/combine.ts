import { formatDuration, WAD } from "@ftns/sdk/units.ts";
import type { MarketData, Observation, Reading } from "./source.ts";

export interface CombineRules {
  minSources: number;
  /** WAD. */
  maxSpread: bigint;
  maxObservationAgeSec: number;
}

export type Combined = { market: MarketData; sources: string[]; leftOut: string[] } | { failure: string };

/** A source's clock may run ahead of the latest block by a block's time and some skew. */
const MAX_AHEAD_SEC = 120n;

interface Fresh {
  source: string;
  data: Observation;
}

/**
 * One market from several readings: stale ones and those whose price is far from the median are left out, with all that
 * they say, and enough prices must remain. The observation time is that of the oldest reading used, and never later than
 * the chain's own time. Accounts that we counted ourselves stand in place of the sources' counts.
 */
export function combineReadings(
  readings: readonly Reading[],
  now: bigint,
  rules: CombineRules,
  counted?: Pick<MarketData, "txTotal" | "txFailed" | "sendersDay">,
): Combined {
  const leftOut: string[] = [];
  const fresh: Fresh[] = [];
  for (const { source, data, failure, maxAgeSec = rules.maxObservationAgeSec } of readings) {
    const fault = data ? freshnessFault(data.observedAt, now, maxAgeSec) : failure;
    if (data && fault === undefined) fresh.push({ source, data });
    else leftOut.push(`${source}: ${fault ?? "no data"}`);
  }

  const [priced, unpriced] = split(fresh);
  const middle = priced.length > 0 ? median(priced.map(({ data }) => data.price)) : 0n;
  const agreeing = priced.filter(({ source, data }) => {
    const away = data.price > middle ? data.price - middle : middle - data.price;
    const agrees = away * WAD <= middle * rules.maxSpread;
    if (!agrees) leftOut.push(`${source}: too far from the median of the sources`);
    return agrees;
  });
  const remark = () => (leftOut.length > 0 ? ` (${leftOut.join("; ")})` : "");
  if (agreeing.length < rules.minSources) {
    const asked = readings.length - unpriced.length;
    return { failure: `${agreeing.length} of ${asked} market sources are usable, ${rules.minSources} needed${remark()}` };
  }

  const used = [...agreeing, ...unpriced];
  for (const { source, data } of used) if (data.missing !== undefined) leftOut.push(`${source}: ${data.missing}`);
  const volumes = pairs(used, "volume6h", "meanVolume6h");
  const counts = counted ? [counted] : countsOf(used);
  if (volumes.length === 0) return { failure: `no usable market source gives volumes${remark()}` };
  if (counts.length === 0) return { failure: `no usable market source counts accounts${remark()}` };
  // Of two middle ones, the calmer: one of two sources must not be enough for an alarm.
  const volume = volumes[volumes.length >> 1]!;
  const { txTotal, txFailed, sendersDay } = counts[(counts.length - 1) >> 1]!;
  const oldest = used.map(({ data }) => data.observedAt).reduce((a, b) => (b < a ? b : a));
  return {
    market: {
      price: median(agreeing.map(({ data }) => data.price)),
      volume6h: volume.part,
      meanVolume6h: volume.whole,
      txTotal,
      txFailed,
      sendersDay,
      observedAt: oldest < now ? oldest : now,
    },
    sources: used.map(({ source }) => source),
    leftOut,
  };
}

function split(fresh: readonly Fresh[]): [(Fresh & { data: { price: bigint } })[], Fresh[]] {
  const hasPrice = (one: Fresh): one is Fresh & { data: { price: bigint } } => one.data.price !== undefined;
  return [fresh.filter(hasPrice), fresh.filter((one) => !hasPrice(one))];
}

/** The counts of those sources that have them, in the order of the ratio that failed. They are never taken apart either. */
function countsOf(used: readonly Fresh[]): Pick<MarketData, "txTotal" | "txFailed" | "sendersDay">[] {
  return used
    .flatMap(({ data: { txTotal, txFailed, sendersDay } }) =>
      txTotal === undefined || txFailed === undefined || sendersDay === undefined ? [] : [{ txTotal, txFailed, sendersDay }],
    )
    .sort((x, y) => byRatio({ part: x.txFailed, whole: x.txTotal }, { part: y.txFailed, whole: y.txTotal }));
}

/**
 * Two numbers that only mean something together, in the order of their ratio. One source may see one exchange and the next
 * all of them: a volume of the first beside a mean of the second would look like a crash, so pairs are never taken apart.
 */
function pairs(used: readonly Fresh[], part: keyof MarketData, whole: keyof MarketData) {
  return used
    .flatMap(({ data }) => {
      const [a, b] = [data[part], data[whole]];
      return a === undefined || b === undefined ? [] : [{ part: a, whole: b }];
    })
    .sort(byRatio);
}

interface Pair {
  part: bigint;
  whole: bigint;
}

function byRatio(x: Pair, y: Pair): number {
  const difference = x.part * atLeast1(y.whole) - y.part * atLeast1(x.whole);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

const atLeast1 = (value: bigint) => (value > 0n ? value : 1n);

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
  if (age > BigInt(maxAgeSec)) return `observed ${formatDuration(age)} ago, at most ${formatDuration(BigInt(maxAgeSec))} allowed`;
  if (age < -MAX_AHEAD_SEC) return `observed ${formatDuration(-age)} after the chain's latest block; a clock is wrong`;
  return undefined;
}
