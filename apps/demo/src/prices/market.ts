import type { Series } from "./series.ts";

const DAY_SEC = 86_400;

/** What reporters can see of the market at one moment. USD with 8 decimals. */
export interface MarketView {
  readonly price: bigint;
  readonly volume6h: bigint;
  readonly meanVolume6h: bigint;
}

/**
 * The outside market: nothing that happens on our chain moves it. Close `i` stands at the first second of replay day `i`;
 * in between the price runs straight to the next close. Volume is the day's, evenly spread.
 */
export class Market {
  readonly #series: Series;
  /** Time of the first close (seconds). */
  readonly #start: number;
  #crash: { readonly at: number; readonly price: bigint } | undefined;

  constructor(series: Series, start: number) {
    this.#series = series;
    this.#start = start;
  }

  /** From `at` (seconds) on the price is `price` (USD, 8 decimals), whatever the series says. */
  crash(at: number, price: bigint): void {
    this.#crash = { at, price };
  }

  /** Price at `time` (USD, 8 decimals); flat before the first and after the last close. */
  priceAt(time: number): bigint {
    if (this.#crash !== undefined && time >= this.#crash.at) return this.#crash.price;
    const { closes } = this.#series;
    const elapsed = Math.max(0, time - this.#start);
    const day = Math.floor(elapsed / DAY_SEC);
    const from = closes[day];
    const to = closes[day + 1];
    if (from === undefined || to === undefined) return closes.at(-1)!;
    return from + ((to - from) * BigInt(elapsed % DAY_SEC)) / BigInt(DAY_SEC);
  }

  viewAt(time: number): MarketView {
    const { volumes } = this.#series;
    const day = Math.min(Math.max(0, Math.floor((time - this.#start) / DAY_SEC)), volumes.length - 1);
    const month = volumes.slice(Math.max(0, day - 29), day + 1);
    const monthSum = month.reduce((a, b) => a + b, 0n);
    return {
      price: this.priceAt(time),
      volume6h: volumes[day]! / 4n,
      meanVolume6h: monthSum / BigInt(month.length) / 4n,
    };
  }
}
