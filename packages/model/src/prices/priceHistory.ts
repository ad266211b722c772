/** PriceHistory.sol: time-weighted hourly and daily averages in rings. Times are seconds, feed prices USD with 8 decimals. */
import { BOUNDARY_OFFSET_SEC, DAY_SEC, HOUR_SEC } from "../time.ts";
import { PRICE_TO_WAD } from "./limits.ts";

export const HOURS_KEPT = 48n;
export const DAYS_KEPT = 64n;
export const WINDOW_DAYS = 30n;
export const LATEST_DAYS = 8n;
export const HOUR_NEEDED_SEC = (HOUR_SEC * 8n) / 10n;
export const DAY_NEEDED_SEC = (DAY_SEC * 8n) / 10n;
export const WINDOW_NEEDED_SEC = WINDOW_DAYS * DAY_NEEDED_SEC;

export const MAX_ROUNDS_WALKED = 64;
export const MAX_SPAN_SEC = 48n * HOUR_SEC;

/** A round of a foreign feed; without a price it can't be read, or says nothing sane. */
export interface FeedRound {
  roundId: bigint;
  price?: bigint;
  updatedAt: bigint;
}

/** How far prices are known; all zero before the first round. */
export interface PriceRecord {
  price: bigint;
  knownUntil: bigint;
  staleAt: bigint;
}

/** Time-weighted average over one hour or one protocol day. */
export interface PriceAverage {
  index: bigint;
  /** USD, 18 decimals, rounded down. */
  averageWad: bigint;
  coveredSec: bigint;
  /** Meaningful only when `coveredSec` is not zero. */
  coveredBeforeSec: bigint;
  usable: boolean;
}

/** The days that a supply adjustment looks at; see IPriceHistory.sol. */
export interface PriceWindow {
  usable: boolean;
  thinDay: bigint;
  coveredSec: bigint;
  neededSec: bigint;
  averageMonthBefore: bigint;
  dailyAverages: bigint[];
}

interface Bucket {
  index: bigint;
  coveredSec: bigint;
  coveredBeforeSec: bigint;
  priceSeconds: bigint;
}

/** A stretch of time on which one price held, from `from` (included) to `to` (not included). */
interface Stretch {
  price: bigint;
  from: bigint;
  to: bigint;
  coveredBeforeSec: bigint;
}

const NOTHING: Stretch = { price: 0n, from: 0n, to: 0n, coveredBeforeSec: 0n };

/** The latest `size` periods of a grid: number `i` begins at `i * periodSec + offsetSec`. */
class PriceRing {
  readonly #buckets = new Map<bigint, Bucket>();
  readonly periodSec: bigint;
  readonly offsetSec: bigint;
  readonly size: bigint;

  constructor(periodSec: bigint, offsetSec: bigint, size: bigint) {
    this.periodSec = periodSec;
    this.offsetSec = offsetSec;
    this.size = size;
  }

  credit(stretch: Stretch): void {
    let from = stretch.from;
    while (from < stretch.to) {
      const index = (from - this.offsetSec) / this.periodSec;
      const end = (index + 1n) * this.periodSec + this.offsetSec;
      const to = end < stretch.to ? end : stretch.to;
      const slot = index % this.size;
      let bucket = this.#buckets.get(slot);
      if (bucket?.index !== index) {
        const coveredBeforeSec = stretch.coveredBeforeSec + (from - stretch.from);
        bucket = { index, coveredSec: 0n, coveredBeforeSec, priceSeconds: 0n };
        this.#buckets.set(slot, bucket);
      }
      bucket.coveredSec += to - from;
      bucket.priceSeconds += stretch.price * (to - from);
      from = to;
    }
  }

  average(index: bigint, open: Stretch = NOTHING): PriceAverage {
    const bucket = this.#buckets.get(index % this.size);
    const kept = bucket?.index === index;
    let priceSeconds = kept ? bucket.priceSeconds : 0n;
    let coveredSec = kept ? bucket.coveredSec : 0n;
    let coveredBeforeSec = kept ? bucket.coveredBeforeSec : 0n;

    const start = index * this.periodSec + this.offsetSec;
    const from = open.from > start ? open.from : start;
    const to = open.to < start + this.periodSec ? open.to : start + this.periodSec;
    if (from < to) {
      if (coveredSec === 0n) coveredBeforeSec = open.coveredBeforeSec + (from - open.from);
      coveredSec += to - from;
      priceSeconds += open.price * (to - from);
    }
    const averageWad = coveredSec === 0n ? 0n : (priceSeconds * PRICE_TO_WAD) / coveredSec;
    const usable = coveredSec >= (this.periodSec * 8n) / 10n;
    return { index, averageWad, coveredSec, coveredBeforeSec, usable };
  }
}

/** The state of a PriceHistory. */
export class PriceHistoryModel {
  heartbeat: bigint;
  startedAt = 0n;
  lastRoundId = 0n;
  #price = 0n;
  #from = 0n;
  #to = 0n;
  #coveredSec = 0n;
  readonly #hours = new PriceRing(HOUR_SEC, 0n, HOURS_KEPT);
  readonly #days = new PriceRing(DAY_SEC, BOUNDARY_OFFSET_SEC, DAYS_KEPT);

  constructor(heartbeat = 3n * HOUR_SEC) {
    this.heartbeat = heartbeat;
  }

  lastRecord(): PriceRecord {
    return { price: this.#price, knownUntil: this.#to, staleAt: this.#to === 0n ? 0n : this.#to + this.heartbeat };
  }

  totalCoveredSec(): bigint {
    const { from, to, coveredBeforeSec } = this.#lastStretch();
    return coveredBeforeSec + to - from;
  }

  latestHour(): bigint {
    return hourClosedBy(this.#to);
  }

  /** What `takeRound` answers: average of the latest hour that the round before had closed; zero where it isn't usable. */
  lastHourBefore(replaces: boolean): bigint {
    const hour = hourClosedBy(replaces ? this.#from : this.#to);
    const { usable, averageWad } = this.#hours.average(hour, replaces ? NOTHING : this.#lastStretch());
    return usable ? averageWad : 0n;
  }

  /** Takes a round that the median feed hands over. */
  takeRound(since: bigint, observedAt: bigint, meanPrice: bigint, replaces: boolean): void {
    const begins = replaces ? since !== this.#from || this.#from === this.#to : since !== this.#to || this.#to === 0n;
    if (!replaces) this.#creditLast();
    if (begins) {
      if (this.#coveredSec === 0n || observedAt > this.#to) this.#to = observedAt;
      this.#price = 0n;
      this.#from = this.#to;
      if (this.startedAt === 0n) this.startedAt = this.#to;
    } else {
      this.#price = meanPrice;
      this.#from = since;
      this.#to = observedAt;
    }
  }

  /** Walks rounds of a foreign feed, in order; as many as one call of `record()` takes. Gives how many. */
  record(rounds: readonly FeedRound[]): number {
    let spanned = 0n;
    let walked = 0;
    for (const round of rounds) {
      if (walked === MAX_ROUNDS_WALKED || spanned >= MAX_SPAN_SEC) break;
      spanned += this.#walk(round);
      this.lastRoundId = round.roundId;
      walked++;
    }
    return walked;
  }

  /** Another feed is followed from now on. */
  setFeed(heartbeat: bigint): void {
    this.#creditLast();
    this.#price = 0n;
    this.heartbeat = heartbeat;
    this.lastRoundId = 0n;
  }

  day(index: bigint): PriceAverage {
    return this.#days.average(index, this.#lastStretch());
  }

  hour(index: bigint): PriceAverage {
    return this.#hours.average(index, this.#lastStretch());
  }

  /** The window that ends with day `lastDay`. */
  window(lastDay: bigint): PriceWindow {
    const averages = [this.day(lastDay - WINDOW_DAYS)];
    for (let day = lastDay - LATEST_DAYS + 1n; day <= lastDay; day++) averages.push(this.day(day));

    const thin = averages.find((average) => !average.usable);
    if (thin !== undefined) return thinWindow(thin.index, thin.coveredSec, DAY_NEEDED_SEC);
    const [first, last] = [averages[0] as PriceAverage, averages.at(-1) as PriceAverage];
    const coveredSec = last.coveredBeforeSec + last.coveredSec - (first.coveredBeforeSec + first.coveredSec);
    if (coveredSec < WINDOW_NEEDED_SEC) return thinWindow(0n, coveredSec, WINDOW_NEEDED_SEC);
    return {
      usable: true,
      thinDay: 0n,
      coveredSec: 0n,
      neededSec: 0n,
      averageMonthBefore: first.averageWad,
      dailyAverages: averages.slice(1).map((average) => average.averageWad),
    };
  }

  #walk({ price, updatedAt }: FeedRound): bigint {
    if (price === undefined) {
      this.#price = 0n;
      return 0n;
    }
    const from = this.#to;
    const to = updatedAt > from ? updatedAt : from;
    let spanned = 0n;
    if (this.#price !== 0n) {
      const end = from + this.heartbeat < to ? from + this.heartbeat : to;
      this.#credit({ price: this.#price, from, to: end, coveredBeforeSec: this.#coveredSec });
      spanned = end - from;
    }
    if (this.startedAt === 0n) this.startedAt = to;
    this.#price = price;
    this.#from = to;
    this.#to = to;
    return spanned;
  }

  #creditLast(): void {
    this.#credit(this.#lastStretch());
    this.#from = this.#to;
  }

  #credit(stretch: Stretch): void {
    this.#hours.credit(stretch);
    this.#days.credit(stretch);
    this.#coveredSec += stretch.to - stretch.from;
  }

  /** The time before the last round that isn't credited yet, as far back as a price may stand. */
  #lastStretch(): Stretch {
    const to = this.#to;
    const from = to - this.#from > this.heartbeat ? to - this.heartbeat : this.#from;
    return { price: this.#price, from: this.#price === 0n ? to : from, to, coveredBeforeSec: this.#coveredSec };
  }
}

function hourClosedBy(round: bigint): bigint {
  const hour = round / HOUR_SEC;
  return hour === 0n ? 0n : hour - 1n;
}

function thinWindow(thinDay: bigint, coveredSec: bigint, neededSec: bigint): PriceWindow {
  const dailyAverages = Array<bigint>(Number(LATEST_DAYS)).fill(0n);
  return { usable: false, thinDay, coveredSec, neededSec, averageMonthBefore: 0n, dailyAverages };
}
