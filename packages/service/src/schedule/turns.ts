import { setTimeout as sleep } from "node:timers/promises";
import { Cron } from "croner";
import { id } from "ethers";

/** A job's turns. */
export interface Timing {
  /** Cron pattern, UTC. */
  schedule: string;
  jitterSec: number;
}

/** How much of the delay is each process's own, the same at every turn; the rest is drawn anew. */
const OWN_SHARE = 0.8;

/**
 * Delay of a turn (seconds). Twins share a schedule, and each comes at its own place within the jitter, given by its
 * account: whoever comes first does the job and the others find it done. The random part separates two whose places happen
 * to be the same.
 */
export function delaySec(account: string, job: string, jitterSec: number, random = Math.random()): number {
  const place = Number(BigInt(id(`${account.toLowerCase()} ${job}`)) >> 224n) / 2 ** 32;
  return (OWN_SHARE * place + (1 - OWN_SHARE) * random) * jitterSec;
}

/** Longer waits are the schedule's business. */
const LONGEST_WAKE_SEC = 86_400;

/**
 * Runs each job on its schedule until it is stopped, and in between when it is woken. The first look comes at once: a service that
 * was down at its turn must not wait for the next.
 */
export class Turns<Job extends string> {
  readonly #crons: Cron[] = [];
  readonly #looks = new Map<Job, () => Promise<void>>();
  readonly #wakes = new Map<Job, NodeJS.Timeout>();
  readonly #stopping = new AbortController();

  start(account: string, timings: ReadonlyMap<Job, Timing>, run: (job: Job) => Promise<unknown>): void {
    if (this.#crons.length > 0 || this.#stopping.signal.aborted) return;
    const { signal } = this.#stopping;
    for (const [job, { schedule, jitterSec }] of timings) {
      let busy = false;
      const look = async () => {
        // A turn is skipped while the last one still runs.
        if (busy) return;
        busy = true;
        await sleep(delaySec(account, job, jitterSec) * 1_000, undefined, { signal }).catch(() => undefined);
        try {
          if (!signal.aborted) await run(job);
        } finally {
          busy = false;
        }
      };
      this.#looks.set(job, look);
      this.#crons.push(new Cron(schedule, { timezone: "UTC" }, look));
      void look();
    }
  }

  /** An extra turn of `job` in `afterSec` seconds, with its delay; it takes the place of an earlier wish. */
  wake(job: Job, afterSec: number): void {
    const look = this.#looks.get(job);
    if (!look || this.#stopping.signal.aborted || afterSec > LONGEST_WAKE_SEC) return;
    clearTimeout(this.#wakes.get(job));
    this.#wakes.set(
      job,
      setTimeout(() => void look(), Math.max(0, afterSec) * 1_000),
    );
  }

  stop(): void {
    this.#stopping.abort();
    for (const cron of this.#crons) cron.stop();
    for (const wake of this.#wakes.values()) clearTimeout(wake);
  }
}
