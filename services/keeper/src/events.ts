import type { TransactionEvent } from "@ftns/chain/transactions/types.ts";
import type { JobName } from "./config/schema.ts";
import type { RunReport } from "./jobs/run.ts";

/** What happens in a keeper, told to whoever watches it. Times are the listener's business. */
export type KeeperEvent =
  /** The schedule runs from now on. */
  | { type: "scheduled" }
  | { type: "started"; job: JobName }
  /** A run of a job ended; one that had several things to do gives several reports. */
  | { type: "finished"; job: JobName; reports: readonly RunReport[] }
  /** A market source answered, or failed to. */
  | { type: "source"; source: string; failure?: string }
  /** A reporter signed two different reports for the same time. */
  | { type: "equivocation"; reporter: string }
  /** How fast FTNS move, by the report that was made last (WAD a month). */
  | { type: "velocity"; madeAt: bigint; velocity?: bigint | undefined }
  | { type: "transaction"; event: TransactionEvent };

export type KeeperListener = (event: KeeperEvent) => void;

/** Tells every listener, whatever one of them does: watching must never hurt a job. */
export class Announcer {
  readonly #listeners = new Set<KeeperListener>();

  observe(listener: KeeperListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  readonly tell = (event: KeeperEvent): void => {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch {
        // A watcher that fails is its own affair.
      }
    }
  };
}
