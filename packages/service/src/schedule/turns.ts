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

/**
 * Runs each job on its schedule until it is stopped. The first look comes at once: a service that was down at its turn must
 * not wait for the next.
 */
export class Turns<Job extends string> {
  readonly #crons: Cron[] = [];
  readonly #stopping = new AbortController();

  start(account: string, timings: ReadonlyMap<Job, Timing>, run: (job: Job) => Promise<unknown>): void {
    if (this.#crons.length > 0 || this.#stopping.signal.aborted) return;
    const { signal } = this.#stopping;
    for (const [job, { schedule, jitterSec }] of timings) {
      const look = async () => {
        await sleep(delaySec(account, job, jitterSec) * 1_000, undefined, { signal }).catch(() => undefined);
        if (!signal.aborted) await run(job);
      };
      // `protect` skips a turn while the last one still runs.
      const cron = new Cron(schedule, { timezone: "UTC", protect: true }, look);
      this.#crons.push(cron);
      void cron.trigger();
    }
  }

  stop(): void {
    this.#stopping.abort();
    for (const cron of this.#crons) cron.stop();
  }
}
