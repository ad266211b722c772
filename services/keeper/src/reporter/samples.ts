/** What the price was between two looks: the reporter's own time-weighted mean, which fills the time before a round. */

/** The longest time that a price may stand anywhere (seconds). */
const KEPT_SEC = 172_800n;

export interface Sample {
  time: bigint;
  /** USD, 8 decimals. */
  price: bigint;
}

/** Prices by the second at which they were seen. Each counts until the next look. */
export class PriceSamples {
  /** Ascending. */
  #samples: Sample[] = [];
  readonly #maxGapSec: bigint;
  #hasNews = false;
  #restored = false;

  /** Two looks farther apart than `maxGapSec` leave the time between them unknown. */
  constructor(maxGapSec = 300n) {
    this.#maxGapSec = maxGapSec;
  }

  /** Notes what was seen at `time`; what is not later than the last look says nothing new. */
  note(time: bigint, price: bigint): void {
    // What was written down about a later time is another chain's, one that was begun anew.
    if (this.#restored) this.#samples = this.#samples.filter((sample) => sample.time <= time);
    this.#restored = false;
    const last = this.#samples.at(-1);
    if (last !== undefined && time <= last.time) return;
    this.#samples.push({ time, price });
    this.#hasNews = true;
    const oldest = this.#samples.findIndex((sample) => sample.time + KEPT_SEC >= time);
    if (oldest > 0) this.#samples.splice(0, oldest);
  }

  /** Mean price from `since` to `until`, rounded down; zero where some of that time was not watched. */
  mean(since: bigint, until: bigint): bigint {
    if (since === 0n || until <= since) return 0n;
    let first = this.#samples.findLastIndex(({ time }) => time <= since);
    // A look soon after the round tells of the moments before it.
    if (first < 0) first = 0;
    let sum = 0n;
    let from = since;
    for (let index = first; index < this.#samples.length && from < until; index++) {
      const { time, price } = this.#samples[index]!;
      if (time > until) break;
      if (index === first && time > since + this.#maxGapSec) return 0n;
      const next = this.#samples[index + 1]?.time ?? until;
      if (next - time > this.#maxGapSec && until - time > this.#maxGapSec) return 0n;
      const to = next < until ? next : until;
      if (to <= from) continue;
      sum += price * (to - from);
      from = to;
    }
    return from < until ? 0n : sum / (until - since);
  }

  /** All samples, when there are new ones since the last time. */
  takeNews(): readonly Sample[] | undefined {
    if (!this.#hasNews) return undefined;
    this.#hasNews = false;
    return this.#samples;
  }

  /** Takes up what was seen before a restart; the pause in between counts as one between two looks. */
  restore(samples: readonly Sample[]): void {
    this.#samples = samples.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    this.#restored = true;
  }
}
