import { join } from "node:path";
import { z } from "zod/v4";
import { readState, writeState } from "@ftns/service/state/file.ts";
import type { PriceSamples } from "./samples.ts";
import type { FeedId } from "./signed.ts";
import { whole } from "./wire.ts";

/** Pairs, to be short: two days have 2,880 of them. */
const shape: z.ZodType<[time: bigint, price: bigint][]> = z.array(
  z.tuple([whole, whole.refine((price) => price > 0n, "must be above zero")]),
);

/** Lets a reporter's prices survive a restart, after which it could otherwise vouch for no mean price until the next round. */
export class SampleMemory {
  readonly #path: string;
  readonly #warn: (message: string) => void;
  #warned: string | undefined;

  constructor(folder: string, id: FeedId, warn: (message: string) => void) {
    this.#path = join(folder, `samples-${id.chainId}-${id.feed.toLowerCase()}.json`);
    this.#warn = warn;
  }

  async load(samples: PriceSamples): Promise<void> {
    const { value, warning } = await readState(this.#path, shape);
    if (warning !== undefined) this.#warn(warning);
    if (value) samples.restore(value.map(([time, price]) => ({ time, price })));
  }

  /** Writes down what is new. A file that cannot be written is told of once, not every minute. */
  async keep(samples: PriceSamples): Promise<void> {
    const news = samples.takeNews();
    if (!news) return;
    const warning = await writeState(
      this.#path,
      news.map(({ time, price }) => [time, price]),
    );
    if (warning !== undefined && warning !== this.#warned) this.#warn(warning);
    this.#warned = warning;
  }
}
