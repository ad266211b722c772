// What the reporters say, and what of it is cause for an emergency, by the test's own judgement.
import type { MarketReport } from "@ftns/model";
import type { SigningPlace } from "@ftns/sdk/signing.ts";
import type { TestEconomy } from "../helpers/economy.ts";
import { signedReports } from "../helpers/sign.ts";
import { HOUR } from "../helpers/time.ts";

export const USD = 10n ** 8n;
const FRESH = 90n * 60n;

export class Market {
  price = USD;
  #last: (MarketReport & { agreeing: bigint }) | undefined;
  /** Each price from the second on at which it was recorded. */
  readonly #recorded: { at: bigint; price: bigint }[] = [];
  readonly #economy: TestEconomy;
  readonly #place: SigningPlace;

  constructor(economy: TestEconomy, chainId: bigint) {
    this.#economy = economy;
    this.#place = { chainId, verifyingContract: economy.addresses.feed };
  }

  /** The round in which all reporters but `blind` saw `sight`, and those twice its price. */
  async reports(sight: MarketReport, blind: number) {
    const { reporters } = this.#economy.people;
    const seen = reporters.map((signer, i) => ({
      signer,
      report: i < blind ? { ...sight, price: sight.price * 2n } : sight,
    }));
    return signedReports(seen, this.#place);
  }

  reported(sight: MarketReport, blind: number): void {
    this.#last = { ...sight, agreeing: BigInt(this.#economy.people.reporters.length - blind) };
    this.price = sight.price;
  }

  recorded(at: bigint): void {
    this.#recorded.push({ at, price: this.price });
  }

  /** At most 10 % of the usual volume, as at least four of five reporters saw it lately. */
  isIlliquid(now: bigint): boolean {
    const last = this.#freshOf(now, 4n);
    return last !== undefined && last.meanVolume6h > 0n && last.volume6h * 10n <= last.meanVolume6h;
  }

  /** At least half of at least ten transactions failed, as all reporters saw it lately. */
  isAttacked(now: bigint): boolean {
    const last = this.#freshOf(now, 5n);
    return last !== undefined && last.txTotal >= 10n && last.txFailed * 2n >= last.txTotal;
  }

  /** Whether any price of the last whole hour is 40 % below any of the same hour a day before: a crash needs as much. */
  mayHaveCrashed(now: bigint): boolean {
    if (this.#freshOf(now, 5n) === undefined) return false;
    const start = (now / HOUR - 1n) * HOUR;
    const [latest, before] = [this.#pricesFrom(start), this.#pricesFrom(start - 24n * HOUR)];
    return latest.some((low) => before.some((high) => low * 5n <= high * 3n));
  }

  #freshOf(now: bigint, agreeing: bigint) {
    const last = this.#last;
    return last !== undefined && last.observedAt + FRESH >= now && last.agreeing >= agreeing ? last : undefined;
  }

  /** Prices that held at some time of the hour from `start` on. */
  #pricesFrom(start: bigint): bigint[] {
    const within = this.#recorded.filter(({ at }) => at > start && at < start + HOUR);
    const holding = this.#recorded.findLast(({ at }) => at <= start);
    return [...(holding === undefined ? [] : [holding]), ...within].map(({ price }) => price);
  }
}
