/** MedianFeed.sol without the signatures: how reports become a round, and why they may not. */
import { WAD } from "../math/words.ts";
import { Refused } from "../refused.ts";
import { MAX_PRICE, PRICE_TO_WAD } from "./limits.ts";
import { isAttacked, isIlliquid } from "./marketConditions.ts";
import { countAgreeing, lowerMedian, median, upperMedian } from "./median.ts";

export const ROUNDS_KEPT = 128n;
export const MIN_REPORTERS = 5;
export const MAX_REPORTERS = 32;
export const MIN_QUORUM = 3;
export const MAX_REPORT_AGE_SEC = 600n;
export const MAX_REPORT_SPREAD_SEC = 120n;
export const MIN_ROUND_DISTANCE_SEC = 300n;
export const MIN_SUPER_QUORUM = 5;
export const MAX_VOLUME = 10n ** 21n;
export const MAX_ACCOUNTS = 16_000_000n;

/** What one reporter saw: the EIP-712 struct `MarketReport`. Prices and volumes are USD with 8 decimals, times seconds. */
export interface MarketReport {
  price: bigint;
  /** Its own time-weighted mean from `since` to `observedAt`; zero when it doesn't know. */
  meanPrice: bigint;
  /** Time of the feed's last round that this one follows; zero before the first. */
  since: bigint;
  volume6h: bigint;
  /** Zero while it knows fewer than 30 days. */
  meanVolume6h: bigint;
  /** Accounts. */
  txTotal: bigint;
  txFailed: bigint;
  sendersDay: bigint;
  observedAt: bigint;
}

export interface ReportOf {
  /** Address, 0x-prefixed hex in any case. */
  reporter: string;
  report: MarketReport;
}

/** What the reporters agreed on in one round. */
export interface Market extends Omit<MarketReport, "meanPrice"> {
  roundId: bigint;
  updatedAt: bigint;
  /** WAD */
  confidence: bigint;
  reports: bigint;
  registered: bigint;
  illiquid: bigint;
  attacked: bigint;
}

/** Who takes each round: the model of a price history. */
export interface RoundTaker {
  /** How long a price may stand (seconds). */
  readonly heartbeat: bigint;
  /** USD, 18 decimals; zero where it isn't usable. */
  lastHourBefore(replaces: boolean): bigint;
  takeRound(since: bigint, observedAt: bigint, meanPrice: bigint, replaces: boolean): void;
}

/** 1 - 2^-(a - d), rounded down: each that agrees halves the doubt, each that differs doubles it. */
export function confidenceOf(agreeing: number, differing: number): bigint {
  if (agreeing <= differing) return 0n;
  const doubt = 2n ** BigInt(agreeing - differing);
  return (WAD * (doubt - 1n)) / doubt;
}

/** Fewest reports that are more than half of `reporters`, and at least three. */
export const leastQuorum = (reporters: number): number => Math.max(Math.floor(reporters / 2) + 1, MIN_QUORUM);

/** Reporters that must agree on a change of more than 50 %. */
export const superQuorum = (reports: number): number => Math.max(reports - 1, MIN_SUPER_QUORUM);

/** More than half up or half down. */
const isLarge = (beforeWad: bigint, price: bigint): boolean => {
  const priceWad = price * PRICE_TO_WAD;
  return beforeWad !== 0n && (2n * priceWad > 3n * beforeWad || 2n * priceWad < beforeWad);
};

/** Before the first round any time will do. */
const after = (since: bigint): bigint => (since === 0n ? 0n : since + MIN_ROUND_DISTANCE_SEC);

interface Place {
  since: bigint;
  observedAt: bigint;
  replaces: boolean;
}

/** The state of a MedianFeed. `submit` changes it or throws `Refused` with the contract's error. */
export class MedianFeedModel {
  readonly reporters: Set<string>;
  quorum: number;
  history: RoundTaker | undefined;
  readonly rounds: Market[] = [];
  #filled = false;

  constructor(reporters: readonly string[], quorum: number, history?: RoundTaker) {
    this.reporters = new Set(reporters.map((reporter) => reporter.toLowerCase()));
    this.quorum = quorum;
    this.history = history;
  }

  latestMarket(): Market {
    const latest = this.rounds.at(-1);
    if (latest === undefined) throw new Refused("NoRounds");
    return latest;
  }

  round(roundId: bigint): Market {
    const latestId = this.latestMarket().roundId;
    if (roundId === 0n || roundId > latestId) throw new Refused("UnknownRound", roundId, latestId);
    if (roundId + ROUNDS_KEPT <= latestId) throw new Refused("RoundEvicted", roundId, latestId - ROUNDS_KEPT + 1n);
    return this.rounds[Number(roundId - 1n)] as Market;
  }

  submit(reports: readonly ReportOf[], now: bigint): Market {
    const registered = this.reporters.size;
    if (reports.length < this.quorum || reports.length > registered) {
      throw new Refused("WrongReportCount", BigInt(reports.length), BigInt(this.quorum), BigInt(registered));
    }
    const last = this.rounds.at(-1);
    const place = this.#placeOf(reports, last, now);
    this.#requireSane(reports, place);

    const column = (field: keyof MarketReport) => reports.map(({ report }) => report[field]);
    const price = median(column("price"));
    const agreeing = countAgreeing(column("price"), price);
    if (agreeing < this.quorum) throw new Refused("TooFewAgree", BigInt(agreeing), BigInt(this.quorum), price);
    const meanPrice = this.#meanOf(reports, place.since);
    if (place.replaces && meanPrice === 0n) {
      if (this.#filled) throw new Refused("FillLost", place.since);
      if (BigInt(reports.length) <= (last?.reports ?? 0n)) {
        throw new Refused("RoundTooSoon", place.observedAt, after(last?.observedAt ?? 0n));
      }
    }
    const lastHour = this.history?.lastHourBefore(place.replaces) ?? 0n;
    const beforeWad = lastHour || (last?.price ?? 0n) * PRICE_TO_WAD;
    if (isLarge(beforeWad, price)) this.#requireLargeChangeAllowed(beforeWad, price, agreeing, reports.length, place);
    this.history?.takeRound(place.since, place.observedAt, meanPrice, place.replaces);

    const market: Market = {
      roundId: BigInt(this.rounds.length + 1),
      price,
      volume6h: upperMedian(column("volume6h")),
      meanVolume6h: lowerMedian(column("meanVolume6h")),
      txTotal: upperMedian(column("txTotal")),
      txFailed: lowerMedian(column("txFailed")),
      sendersDay: upperMedian(column("sendersDay")),
      since: place.since,
      observedAt: place.observedAt,
      updatedAt: now,
      confidence: confidenceOf(agreeing, reports.length - agreeing),
      reports: BigInt(reports.length),
      registered: BigInt(registered),
      illiquid: BigInt(reports.filter(({ report }) => isIlliquid(report)).length),
      attacked: BigInt(reports.filter(({ report }) => isAttacked(report)).length),
    };
    this.rounds.push(market);
    this.#filled = meanPrice !== 0n;
    return market;
  }

  #placeOf(reports: readonly ReportOf[], last: Market | undefined, now: bigint): Place {
    const times = reports.map(({ report }) => report.observedAt);
    const oldest = times.reduce((a, b) => (b < a ? b : a));
    const newest = times.reduce((a, b) => (b > a ? b : a));
    if (newest > now) throw new Refused("ReportFromFuture", newest, now);
    const earliest = now - MAX_REPORT_AGE_SEC;
    if (oldest < earliest) throw new Refused("ReportTooOld", oldest, earliest);
    if (newest - oldest > MAX_REPORT_SPREAD_SEC) {
      throw new Refused("ReportsTooFarApart", oldest, newest, MAX_REPORT_SPREAD_SEC);
    }
    const next = after(last?.observedAt ?? 0n);
    if (last === undefined || oldest >= next) return { since: last?.observedAt ?? 0n, observedAt: oldest, replaces: false };
    // As many or fewer only where they fill what the last round did not.
    const kept = BigInt(reports.length) <= last.reports && this.#filled;
    if (kept || oldest < after(last.since)) {
      throw new Refused("RoundTooSoon", oldest, kept ? next : after(last.since));
    }
    return { since: last.since, observedAt: oldest, replaces: true };
  }

  #requireSane(reports: readonly ReportOf[], place: Place): void {
    let previous = "0x0";
    for (const { reporter, report } of reports) {
      if (!this.reporters.has(reporter.toLowerCase())) throw new Refused("NotReporter", reporter);
      if (BigInt(reporter) === BigInt(previous)) throw new Refused("DuplicateReporter", reporter);
      if (BigInt(reporter) < BigInt(previous)) throw new Refused("ReportersNotAscending", previous, reporter);
      previous = reporter;

      const { price, meanPrice, since, volume6h, meanVolume6h, txTotal, txFailed, sendersDay } = report;
      if (price === 0n || price > MAX_PRICE) throw new Refused("PriceOutOfBounds", reporter, price, MAX_PRICE);
      if (meanPrice > MAX_PRICE) throw new Refused("PriceOutOfBounds", reporter, meanPrice, MAX_PRICE);
      if (volume6h > MAX_VOLUME) throw new Refused("VolumeOutOfBounds", reporter, volume6h, MAX_VOLUME);
      if (meanVolume6h > MAX_VOLUME) throw new Refused("VolumeOutOfBounds", reporter, meanVolume6h, MAX_VOLUME);
      if (txTotal > MAX_ACCOUNTS) throw new Refused("AccountsOutOfBounds", reporter, txTotal, MAX_ACCOUNTS);
      if (sendersDay > MAX_ACCOUNTS) throw new Refused("AccountsOutOfBounds", reporter, sendersDay, MAX_ACCOUNTS);
      if (txFailed > txTotal) throw new Refused("MoreFailedThanTotal", reporter, txFailed, txTotal);
      if (place.replaces && since !== place.since) throw new Refused("OtherSince", reporter, since, place.since);
    }
  }

  /** The median of the means that are known, if a quorum agrees on it; else zero. */
  #meanOf(reports: readonly ReportOf[], since: bigint): bigint {
    const means = reports
      .filter(({ report }) => report.since === since && report.meanPrice !== 0n)
      .map(({ report }) => report.meanPrice);
    if (means.length < this.quorum) return 0n;
    const mean = median(means);
    return countAgreeing(means, mean) < this.quorum ? 0n : mean;
  }

  #requireLargeChangeAllowed(
    beforeWad: bigint,
    price: bigint,
    agreeing: number,
    reports: number,
    { since, observedAt }: Place,
  ): void {
    const needed = superQuorum(reports);
    if (agreeing >= needed) return;
    // No price stands any more, and all reporters but one at most say the same.
    const outage = this.history !== undefined && observedAt > since + this.history.heartbeat;
    if (outage && agreeing === reports && reports >= this.reporters.size - 1) return;
    throw new Refused("ChangeTooLarge", beforeWad, price, BigInt(agreeing), BigInt(needed));
  }
}
