import type { Chain } from "../chain/connect.ts";
import type { Sender } from "../chain/sender.ts";
import type { JobName } from "../config/schema.ts";
import type { Job, SnapshotBase } from "./job.ts";

/** How one run of a job ended. */
export interface RunReport {
  job: JobName;
  /**
   * done: the transaction is in a block. would-do: a dry run whose simulation went through. waiting and nothing: not due.
   * lost-race: somebody else did it in between. broken: somebody must look at it.
   */
  outcome: "done" | "would-do" | "waiting" | "nothing" | "lost-race" | "broken";
  reason: string;
  /** Block and chain time (seconds) as of which the job decided. */
  block?: number;
  chainTime?: bigint;
  /** For waiting: chain time (seconds). */
  until?: bigint;
  hash?: string;
  gasUsed?: bigint;
}

/** Looks in which the chain may move on below us before the job acts on the newest one all the same. */
const MAX_LOOKS = 3;

/** Runs a job to its end. Never throws: whatever goes wrong is a report of `broken`. */
export async function runJob<Snapshot extends SnapshotBase, Args>(
  job: Job<Snapshot, Args>,
  sender: Sender,
  chain: Chain,
  dryRun: boolean,
): Promise<RunReport> {
  try {
    for (let look = 1; ; look++) {
      const seen = await job.read();
      const base = { job: job.name, block: seen.head.number, chainTime: seen.head.timestamp };
      const decision = job.decide(seen);
      const { reason } = decision;
      switch (decision.kind) {
        case "wait":
          return { ...base, outcome: "waiting", until: decision.until, reason };
        case "nothing":
        case "broken":
          return { ...base, outcome: decision.kind, reason };
      }

      const call = await job.call(decision.args);
      const sent = await sender.send(call, seen.head, { dryRun, evenIfOutdated: look >= MAX_LOOKS });
      switch (sent.kind) {
        case "outdated":
          continue;
        case "sent":
          return { ...base, outcome: "done", reason, hash: sent.hash, gasUsed: sent.gasUsed };
        case "simulated":
          return { ...base, outcome: "would-do", reason, gasUsed: sent.gas };
        case "failed": {
          const hash = sent.hash === undefined ? {} : { hash: sent.hash };
          const lost = await doneByOthers(job, decision.args);
          return lost
            ? { ...base, ...hash, outcome: "lost-race", reason: `somebody else was faster: ${lost}` }
            : { ...base, ...hash, outcome: "broken", reason: sent.reason };
        }
      }
    }
  } catch (error) {
    return { job: job.name, outcome: "broken", reason: chain.explain(error) };
  }
}

/** After a failure: when that is no longer to be done, another keeper did it, and that is no fault. */
async function doneByOthers<Snapshot extends SnapshotBase, Args>(
  job: Job<Snapshot, Args>,
  failed: Args,
): Promise<string | undefined> {
  try {
    const decision = job.decide(await job.read());
    if (decision.kind === "act" && job.itemOf && job.itemOf(decision.args) !== job.itemOf(failed)) {
      return `next is ${decision.reason}`;
    }
    return decision.kind === "wait" || decision.kind === "nothing" ? decision.reason : undefined;
  } catch {
    // The failure that led here is the one to report.
    return undefined;
  }
}
