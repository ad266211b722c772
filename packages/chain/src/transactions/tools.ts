import type { Account } from "./account.ts";
import type { Attempt, Entry } from "./entry.ts";
import type { Journal } from "./journal.ts";
import type { QueueHooks, QueueSettings, TransactionEvent } from "./types.ts";

/** What everything that happens at a nonce is done with. */
export interface Tools {
  account: Account;
  settings: QueueSettings;
  hooks: QueueHooks;
  journal: Journal | undefined;
  /** Aborted when the keeper stops and waits no longer. */
  stopped: AbortSignal;
}

/** A nonce at which something can be offered to the blocks. */
export interface Offering {
  readonly entry: Entry;
  /** Writes the attempt down, then gives it to the node. A reason means that the node did not want it, and it is forgotten. */
  offer(attempt: Attempt): Promise<{ underpriced: boolean; reason: string } | undefined>;
  /** The node may have forgotten what it was given. */
  rebroadcast(): Promise<void>;
  emit(type: TransactionEvent["type"], attempt: Attempt): void;
}
