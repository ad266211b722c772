/** PriceHistory.sol: time-weighted hourly and daily averages in rings. Times are seconds, feed prices USD with 8 decimals. */
import { Refused } from "../refused.ts";
import { BOUNDARY_OFFSET_SEC, DAY_SEC, HOUR_SEC } from "../time.ts";
import { MAX_PRICE, PRICE_TO_WAD } from "./limits.ts";

export const HOURS_KEPT = 48n;
export const DAYS_KEPT = 64n;
export const WINDOW_DAYS = 30n;
export const LATEST_DAYS = 8n;
export const HOUR_NEEDED_SEC = (HOUR_SEC * 8n) / 10n;
export const DAY_NEEDED_SEC = (DAY_SEC * 8n) / 10n;
export const WINDOW_NEEDED_SEC = WINDOW_DAYS * DAY_NEEDED_SEC;

/** What a Chainlink feed answers. */
export interface FeedAnswer {
  roundId: bigint;
  answer: bigint;
  updatedAt: bigint;
}

/** The price that holds at present; all zero before the first record. */
export interface PriceRecord {
  price: bigint;
  recordedAt: bigint;
  heldUntil: bigint;
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

  average(index: bigint, open: Stretch): PriceAverage {
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

/** The state of a PriceHistory. Views take the time at which they are asked. */
export class PriceHistoryModel {
  maxAge = 3n * HOUR_SEC;
  maxHold = 3n * HOUR_SEC;
  startedAt = 0n;
  #last: PriceRecord = { price: 0n, recordedAt: 0n, heldUntil: 0n };
  #coveredSec = 0n;
  readonly #hours = new PriceRing(HOUR_SEC, 0n, HOURS_KEPT);
  readonly #days = new PriceRing(DAY_SEC, BOUNDARY_OFFSET_SEC, DAYS_KEPT);

  lastRecord(): PriceRecord {
    return { ...this.#last };
  }

  /** Takes the feed's answer at `now`, or throws `Refused` with the contract's error. */
  record({ roundId, answer, updatedAt }: FeedAnswer, now: bigint): bigint {
    if (roundId === 0n || updatedAt === 0n) throw new Refused("RoundIncomplete", roundId, updatedAt);
    if (answer <= 0n) throw new Refused("AnswerNotPositive", answer);
    if (answer > MAX_PRICE) throw new Refused("AnswerOutOfBounds", answer, MAX_PRICE);
    if (updatedAt > now) throw new Refused("AnswerFromFuture", updatedAt, now);
    const earliest = now - this.maxAge;
    if (updatedAt < earliest) throw new Refused("AnswerStale", updatedAt, earliest);

    const closed = this.#openStretch(now);
    this.#hours.credit(closed);
    this.#days.credit(closed);
    this.#coveredSec += closed.to - closed.from;
    if (this.startedAt === 0n) this.startedAt = now;
    this.#last = { price: answer, recordedAt: now, heldUntil: now + this.maxHold };
    return answer;
  }

  day(index: bigint, now: bigint): PriceAverage {
    return this.#days.average(index, this.#openStretch(now));
  }

  hour(index: bigint, now: bigint): PriceAverage {
    return this.#hours.average(index, this.#openStretch(now));
  }

  /** The window that ends with day `lastDay`. */
  window(lastDay: bigint, now: bigint): PriceWindow {
    const averages = [this.day(lastDay - WINDOW_DAYS, now)];
    for (let day = lastDay - LATEST_DAYS + 1n; day <= lastDay; day++) averages.push(this.day(day, now));

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

  #openStretch(now: bigint): Stretch {
    const { price, recordedAt, heldUntil } = this.#last;
    const to = now < heldUntil ? now : heldUntil;
    return { price, from: recordedAt, to, coveredBeforeSec: this.#coveredSec };
  }
}

function thinWindow(thinDay: bigint, coveredSec: bigint, neededSec: bigint): PriceWindow {
  const dailyAverages = Array<bigint>(Number(LATEST_DAYS)).fill(0n);
  return { usable: false, thinDay, coveredSec, neededSec, averageMonthBefore: 0n, dailyAverages };
}
