import type { Chain, Head } from "@ftns/chain/connect.ts";

/** The chain's time, which runs on between looks at it. Proofs are judged by it, so nothing else is. */
export class ChainClock {
  readonly #chain: Pick<Chain, "latest">;
  #head: Head | undefined;
  #seenAt = 0;
  #latest = 0;

  constructor(chain: Pick<Chain, "latest">) {
    this.#chain = chain;
  }

  async refresh(): Promise<Head> {
    this.#head = await this.#chain.latest();
    this.#seenAt = performance.now();
    return this.#head;
  }

  /** Seconds; never less than before. */
  now(): number {
    if (this.#head === undefined) throw new Error("the chain was not looked at yet");
    const passed = Math.floor((performance.now() - this.#seenAt) / 1_000);
    this.#latest = Math.max(this.#latest, Number(this.#head.timestamp) + passed);
    return this.#latest;
  }

  /** Time of the newest block (seconds): no proof may be observed after it. */
  blockTime(): number {
    if (this.#head === undefined) throw new Error("the chain was not looked at yet");
    return Number(this.#head.timestamp);
  }
}
