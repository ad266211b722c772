import type { Chain } from "@ftns/chain/connect.ts";
import type { TransactionQueue } from "@ftns/chain/transactions/queue.ts";
import type { Due, Wish } from "@ftns/chain/transactions/types.ts";
import type { JobName } from "../config/schema.ts";
import type { Job, SnapshotBase } from "./job.ts";

/** How one run of a job ended. */
export interface RunReport {
  job: JobName;
  /**
   * done: the transaction is in a block, or the report is made. would-do: a dry run whose simulation went through. waiting and
   * nothing: not due, or about to be done by somebody else. lost-race: somebody else did it in between. broken: somebody must look at it.
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
/** Looks after which something is wrong that looking cannot mend, such as another program with the same key. */
const LAST_LOOK = 10;

/** Runs a job to its end. Never throws: whatever goes wrong is a report of `broken`. */
export async function runJob<Snapshot extends SnapshotBase, Args>(
  job: Job<Snapshot, Args>,
  queue: TransactionQueue,
  chain: Chain,
  dryRun: boolean,
): Promise<RunReport> {
  try {
    if (!dryRun) await queue.takeUp();
    for (let look = 1; ; look++) {
      const { seen, decision, due } = await decideNow(job);
      const base = { job: job.name, block: seen.head.number, chainTime: seen.head.timestamp };
      const { reason } = decision;
      switch (decision.kind) {
        case "wait":
        case "nothing":
          if (!dryRun) await queue.relinquish(job.name, reason);
          return decision.kind === "wait"
            ? { ...base, outcome: "waiting", until: decision.until, reason }
            : { ...base, outcome: "nothing", reason };
        case "broken":
          return { ...base, outcome: "broken", reason };
        case "tell": {
          const warning = await job.keep?.(decision.args);
          return { ...base, outcome: "done", reason: warning === undefined ? reason : `${reason}. ${warning}` };
        }
      }

      const again = () => wishOf(job, chain);
      const sent = await queue.send({ ...due!, dryRun, evenIfOutdated: look >= MAX_LOOKS, again });
      switch (sent.kind) {
        case "outdated":
          if (look >= LAST_LOOK) return { ...base, outcome: "broken", reason: `looked ${look} times in vain: ${sent.reason}` };
          continue;
        case "sent":
          return { ...base, outcome: "done", reason: sent.reason, hash: sent.hash, gasUsed: sent.gasUsed };
        case "simulated":
          return { ...base, outcome: "would-do", reason, gasUsed: sent.gas };
        case "beaten":
          return { ...base, outcome: "waiting", reason: sent.reason };
        case "cancelled":
          return {
            ...base,
            hash: sent.hash,
            outcome: "lost-race",
            reason: `cancelled, somebody else was faster: ${sent.reason}`,
          };
        case "unfinished":
        case "failed": {
          const hash = sent.hash === undefined ? {} : { hash: sent.hash };
          if (sent.kind === "unfinished") return { ...base, ...hash, outcome: "broken", reason: sent.reason };
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

/** What the job makes of the present, and the transaction that it asks for. */
async function decideNow<Snapshot extends SnapshotBase, Args>(job: Job<Snapshot, Args>) {
  const seen = await job.read();
  const decision = job.decide(seen);
  if (decision.kind !== "act") return { seen, decision };
  const item = job.itemOf?.(decision.args);
  const due: Due = {
    job: job.name,
    ...(item !== undefined && { item }),
    reason: decision.reason,
    call: await job.call!(decision.args),
    head: seen.head,
  };
  return { seen, decision, due };
}

/** Whether the job, whose transaction no block takes, still wants it; what is due now takes its place. */
async function wishOf<Snapshot extends SnapshotBase, Args>(job: Job<Snapshot, Args>, chain: Chain): Promise<Wish> {
  try {
    const { decision, due } = await decideNow(job);
    if (due) return { kind: "wanted", due };
    // A job that cannot see has not decided against it.
    return { kind: decision.kind === "broken" ? "unknown" : "unwanted", reason: decision.reason };
  } catch (error) {
    return { kind: "unknown", reason: chain.explain(error) };
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
