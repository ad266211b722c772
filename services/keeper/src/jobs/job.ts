import type { JobName } from "../config/schema.ts";
import type { Call } from "@ftns/chain/call.ts";
import type { Head } from "@ftns/chain/connect.ts";
import type { Decision } from "./decision.ts";

/** What a job saw, as of one block. */
export interface SnapshotBase {
  head: Head;
}

/** One job: `read` looks at the world, `decide` is pure, `call` turns the decision's arguments into a transaction. */
export interface Job<Snapshot extends SnapshotBase, Args> {
  readonly name: JobName;
  /**
   * For a job with much to read: done before each run, while other jobs go on. Nothing is decided by it that `read` does not
   * look at again.
   */
  prepare?(): Promise<void>;
  /** Done once a minute while the schedule runs, whatever other jobs wait for. */
  sample?(): Promise<void>;
  read(): Promise<Snapshot>;
  decide(snapshot: Snapshot): Decision<Args>;
  /** Absent in a job that sends nothing. */
  call?(args: Args): Call | Promise<Call>;
  /** For a job that only tells: keeps what it found. Gives a warning when it could not. */
  keep?(args: Args): Promise<string | undefined>;
  /**
   * For a job that may have several things to do: what `args` are about. Such a job runs until nothing is left, one
   * transaction after the other.
   */
  itemOf?(args: Args): string;
}

export type AnyJob = Job<any, any>;
