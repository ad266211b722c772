import type { Call } from "../call.ts";
import type { Head } from "../connect.ts";
import type { FeeCaps } from "./fees.ts";

export interface QueueSettings extends FeeCaps {
  /** Blocks that must stand on the transaction's, its own included, before its outcome counts. */
  confirmations: number;
  /** A transaction that no block took for so long is stuck. */
  stuckAfterMs: number;
  /** After so long without progress the run ends; the next one takes up the same nonce. */
  giveUpAfterMs: number;
  /** Most replacements of one transaction in one run. */
  maxReplacements: number;
  /** Pauses between looks at a transaction, growing from the first to the slowest. */
  firstPollMs?: number;
  slowestPollMs?: number;
}

/** What a transaction is for. */
export interface Purpose {
  job: string;
  /** Which of the things that the job has to do. */
  item?: string;
  /** Why it is sent, for people. */
  reason: string;
}

/** What is due, as a job found it just now. */
export interface Due extends Purpose {
  call: Call;
  head: Head;
}

/** What a job answers when it is asked whether its transaction, which no block has taken, is still wanted. */
export type Wish = { kind: "wanted"; due: Due } | { kind: "unwanted"; reason: string } | { kind: "unknown"; reason: string };

export interface SendRequest extends Due {
  /** Only simulate. */
  dryRun: boolean;
  /** Send even though newer blocks came since `head`: for chains that are faster than a look at them. */
  evenIfOutdated: boolean;
  /** Looks and decides afresh. */
  again(): Promise<Wish>;
}

export type SendOutcome =
  /** In a block, as deep as was asked for. `reason` is that of the transaction which landed. */
  | { kind: "sent"; hash: string; blockNumber: number; gasUsed: bigint; reason: string }
  /** A dry run: it would go through. */
  | { kind: "simulated"; gas: bigint }
  /** The chain has moved on since the caller looked; it must look again. */
  | { kind: "outdated"; reason: string }
  /** It would go through now, but not after what waits for a block: somebody else's transaction for the same thing. */
  | { kind: "beaten"; reason: string }
  /** It was not wanted any more, and an empty transaction has taken its place. */
  | { kind: "cancelled"; reason: string; hash: string }
  /** The time was over, or the keeper was stopped, before the outcome was certain; the next run goes on with it. */
  | { kind: "unfinished"; reason: string; hash?: string }
  | { kind: "failed"; reason: string; hash?: string };

/** What happened to a transaction, for metrics. */
export interface TransactionEvent {
  /** displaced: something else has its nonce, or an earlier nonce is free again; it is not followed any longer. */
  type: "sent" | "replaced" | "cancelled" | "confirmed" | "reorganised" | "displaced" | "gave-up";
  job?: string;
  hash: string;
  nonce: number;
  maxFeePerGas: bigint;
  gasUsed?: bigint;
  feePaidWei?: bigint;
  /** Of confirmed: it is in a block, but it reverted. */
  reverted?: boolean;
}

export interface QueueHooks {
  onEvent?(event: TransactionEvent): void;
  /** Something that an operator may want to know, in words. */
  warn?(message: string): void;
}
