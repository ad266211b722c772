import { join } from "node:path";
import { z } from "zod/v4";
import { readState, writeState } from "@ftns/service/state/file.ts";
import type { BookEntries, ReportBook } from "./book.ts";
import { type FeedId, digestOf } from "./signed.ts";
import { address, signedShape, whole } from "./wire.ts";

const shape: z.ZodType<BookEntries> = z.strictObject({
  reports: z.array(signedShape),
  leftOut: z.array(z.strictObject({ reporter: address, until: whole })),
});

/**
 * Lets a book survive a restart. Without it a reporter that lied just before could start afresh, and our own could sign a
 * second story of a second that it has already told of.
 */
export class ReportMemory {
  readonly #path: string;
  readonly #id: FeedId;
  readonly #warn: (message: string) => void;
  #warned: string | undefined;

  constructor(folder: string, id: FeedId, warn: (message: string) => void) {
    this.#path = join(folder, `reports-${id.chainId}-${id.feed.toLowerCase()}.json`);
    this.#id = id;
    this.#warn = warn;
  }

  async load(book: ReportBook): Promise<void> {
    const { value, warning } = await readState(this.#path, shape);
    if (warning !== undefined) this.#warn(warning);
    if (value) book.restore(value, (report) => digestOf(report, this.#id));
  }

  /** Writes down what is new. A file that cannot be written is told of once, not every minute. */
  async keep(book: ReportBook): Promise<void> {
    const entries = book.takeNews();
    if (!entries) return;
    const warning = await writeState(this.#path, entries);
    if (warning !== undefined && warning !== this.#warned) this.#warn(warning);
    this.#warned = warning;
  }
}
