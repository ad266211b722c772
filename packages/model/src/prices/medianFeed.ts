/** MedianFeed.sol without the signatures: how reports become a round, and why they may not. */
import { WAD } from "../math/words.ts";
import { Refused } from "../refused.ts";
import { MAX_PRICE } from "./limits.ts";

export const ROUNDS_KEPT = 128n;
export const MAX_REPORTERS = 32;
export const MAX_REPORT_AGE_SEC = 600n;
export const MAX_VOLUME = 10n ** 21n;
export const MAX_TRANSACTIONS = 4_000_000_000n;
/** A value agrees when it is off by at most one part in 50, which is 2 %. */
const AGREEMENT_PARTS = 50n;

/** What one reporter saw: the EIP-712 struct `MarketReport`. Prices and volumes are USD with 8 decimals. */
export interface MarketReport {
  price: bigint;
  volume6h: bigint;
  meanVolume6h: bigint;
  txTotal: bigint;
  txFailed: bigint;
  observedAt: bigint;
}

export interface ReportOf {
  /** Address, 0x-prefixed hex in any case. */
  reporter: string;
  report: MarketReport;
}

/** What the reporters agreed on in one round. */
export interface Market extends MarketReport {
  roundId: bigint;
  updatedAt: bigint;
  /** WAD */
  confidence: bigint;
}

/** Median; for an even count the mean of the two middle values, rounded down. */
export function median(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const upper = sorted[sorted.length >> 1];
  if (upper === undefined) throw new RangeError("the median of nothing");
  if (sorted.length % 2 === 1) return upper;
  return ((sorted[(sorted.length >> 1) - 1] as bigint) + upper) / 2n;
}

/** How many of `values` lie within 2 % of `middle`. */
export function countAgreeing(values: readonly bigint[], middle: bigint): number {
  return values.filter((value) => (value > middle ? value - middle : middle - value) * AGREEMENT_PARTS <= middle).length;
}

/** The state of a MedianFeed. `submit` changes it or throws `Refused` with the contract's error. */
export class MedianFeedModel {
  readonly reporters: Set<string>;
  quorum: number;
  readonly rounds: Market[] = [];
  /** Of the latest round: how many reports it was made of, and after what they had to be observed. */
  #latest = { reports: 0, newerThan: 0n };

  constructor(reporters: readonly string[], quorum: number) {
    this.reporters = new Set(reporters.map((reporter) => reporter.toLowerCase()));
    this.quorum = quorum;
  }

  get superQuorum(): number {
    return Math.max(this.reporters.size - 1, this.quorum);
  }

  latestMarket(): Market {
    const latest = this.rounds.at(-1);
    if (latest === undefined) throw new Refused("NoRounds");
    return latest;
  }

  /** What the latest round was made of; zeros before the first. */
  latestReports(): { count: bigint; newerThan: bigint } {
    return { count: BigInt(this.#latest.reports), newerThan: this.#latest.newerThan };
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
    const previous = this.rounds.at(-1);
    const fuller = reports.length > this.#latest.reports;
    const newerThan = fuller ? this.#latest.newerThan : (previous?.updatedAt ?? 0n);
    this.#requireSane(reports, newerThan, now);

    const column = (field: keyof MarketReport) => reports.map(({ report }) => report[field]);
    const prices = column("price");
    const price = median(prices);
    const agreeing = countAgreeing(prices, price);
    if (agreeing < this.quorum) throw new Refused("TooFewAgree", BigInt(agreeing), BigInt(this.quorum), price);
    this.#requireChangeAllowed(previous?.price, price, agreeing);

    const market: Market = {
      roundId: BigInt(this.rounds.length + 1),
      price,
      volume6h: median(column("volume6h")),
      meanVolume6h: median(column("meanVolume6h")),
      txTotal: median(column("txTotal")),
      txFailed: median(column("txFailed")),
      observedAt: column("observedAt").reduce((oldest, at) => (at < oldest ? at : oldest), now),
      updatedAt: now,
      confidence: (BigInt(agreeing) * WAD) / BigInt(registered),
    };
    this.rounds.push(market);
    this.#latest = { reports: reports.length, newerThan };
    return market;
  }

  #requireSane(reports: readonly ReportOf[], newerThan: bigint, now: bigint): void {
    let last = "0x0";
    for (const { reporter, report } of reports) {
      if (BigInt(reporter) === 0n) throw new Refused("NotReporter", reporter);
      if (BigInt(reporter) === BigInt(last)) throw new Refused("DuplicateReporter", reporter);
      if (BigInt(reporter) < BigInt(last)) throw new Refused("ReportersNotAscending", last, reporter);
      last = reporter;

      const { observedAt, price, volume6h, meanVolume6h, txTotal, txFailed } = report;
      const earliest = now - MAX_REPORT_AGE_SEC;
      if (observedAt > now) throw new Refused("ReportFromFuture", reporter, observedAt, now);
      if (observedAt < earliest) throw new Refused("ReportTooOld", reporter, observedAt, earliest);
      if (observedAt <= newerThan) throw new Refused("ReportNotNewer", reporter, observedAt, newerThan);
      if (price === 0n || price > MAX_PRICE) throw new Refused("PriceOutOfBounds", reporter, price, MAX_PRICE);
      if (volume6h > MAX_VOLUME) throw new Refused("VolumeOutOfBounds", reporter, volume6h, MAX_VOLUME);
      if (meanVolume6h > MAX_VOLUME) throw new Refused("VolumeOutOfBounds", reporter, meanVolume6h, MAX_VOLUME);
      if (txTotal > MAX_TRANSACTIONS) throw new Refused("TransactionsOutOfBounds", reporter, txTotal, MAX_TRANSACTIONS);
      if (txFailed > txTotal) throw new Refused("MoreFailedThanTotal", reporter, txFailed, txTotal);
      if (!this.reporters.has(reporter.toLowerCase())) throw new Refused("NotReporter", reporter);
    }
  }

  #requireChangeAllowed(previous: bigint | undefined, price: bigint, agreeing: number): void {
    if (previous === undefined || agreeing >= this.superQuorum) return;
    if (2n * price > 3n * previous || 2n * price < previous) {
      throw new Refused("ChangeTooLarge", previous, price, BigInt(agreeing), BigInt(this.superQuorum));
    }
  }
}
