// What the reporters say, and what of it is cause for an emergency, by the test's own judgement.
import type { MarketReport } from "@ftns/model";
import type { SigningPlace } from "@ftns/sdk/signing.ts";
import type { TestEconomy } from "../helpers/economy.ts";
import { packedReports } from "../helpers/sign.ts";
import { HOUR } from "../helpers/time.ts";

export const USD = 10n ** 8n;
const FRESH = 90n * 60n;

/** A mean price that held over a stretch of time. */
interface Stretch {
  from: bigint;
  to: bigint;
  price: bigint;
}

export class Market {
  price = USD;
  #last: (MarketReport & { blind: bigint }) | undefined;
  #startedAt: bigint | undefined;
  readonly #stretches: Stretch[] = [];
  readonly #economy: TestEconomy;
  readonly #place: SigningPlace;

  constructor(economy: TestEconomy, chainId: bigint) {
    this.#economy = economy;
    this.#place = { chainId, verifyingContract: economy.addresses.feed };
  }

  /** Time of the last round, which the next one follows. */
  get since(): bigint {
    return this.#last?.observedAt ?? 0n;
  }

  /** The round in which all reporters but `blind` saw `sight`, and those twice its price. */
  async reports(sight: MarketReport, blind: number) {
    const { reporters } = this.#economy.people;
    const seen = reporters.map((signer, i) => ({
      signer,
      report: i < blind ? { ...sight, price: sight.price * 2n, meanPrice: sight.meanPrice * 2n } : sight,
    }));
    return packedReports(seen, this.#place);
  }

  reported(sight: MarketReport, blind: number): void {
    this.#startedAt ??= sight.observedAt;
    this.#stretches.push({ from: sight.since, to: sight.observedAt, price: sight.meanPrice });
    this.#last = { ...sight, blind: BigInt(blind) };
    this.price = sight.price;
  }

  /** At most 10 % of the usual volume, as at least three more of the reporters saw it lately than didn't; after a month. */
  isIlliquid(now: bigint): boolean {
    const last = this.#freshOf(now, 3n);
    const old = this.#startedAt !== undefined && this.#startedAt + 30n * 24n * HOUR <= now;
    return last !== undefined && old && last.meanVolume6h > 0n && last.volume6h * 10n <= last.meanVolume6h;
  }

  /** Calls of ten accounts failed, of at least half of the hour's and a tenth of the day's, as all five reporters saw it. */
  isAttacked(now: bigint): boolean {
    const last = this.#freshOf(now, 5n);
    if (last === undefined) return false;
    return last.txFailed >= 10n && last.txFailed * 2n >= last.txTotal && last.txFailed * 10n >= last.sendersDay;
  }

  /** Whether any price of the last closed hour is 40 % below any of the same hour a day before: a crash needs as much. */
  mayHaveCrashed(now: bigint): boolean {
    const last = this.#freshOf(now, 4n);
    if (last === undefined) return false;
    const start = (last.observedAt / HOUR - 1n) * HOUR;
    const [latest, before] = [this.#pricesOf(start), this.#pricesOf(start - 24n * HOUR)];
    return latest.some((low) => before.some((high) => low * 5n <= high * 3n && last.price * 5n <= high * 3n));
  }

  /** The last round, while it is fresh and `lead` more reporters agreed on it than didn't. */
  #freshOf(now: bigint, lead: bigint) {
    const last = this.#last;
    if (last === undefined || last.observedAt + FRESH < now) return undefined;
    return BigInt(this.#economy.people.reporters.length) - 2n * last.blind >= lead ? last : undefined;
  }

  /** Prices that held at some time of the hour from `start` on. */
  #pricesOf(start: bigint): bigint[] {
    return this.#stretches.filter(({ from, to }) => from < start + HOUR && to > start).map(({ price }) => price);
  }
}
