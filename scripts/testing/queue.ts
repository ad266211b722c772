// Keeps the machine busy, not overloaded: starts the longest job that still fits whenever another one has ended.
import type { Job } from "./plan.ts";

/** How much may run at once. */
export interface Room {
  /** Sum of weights. */
  cores: number;
  /** Number of jobs, for each has its memory. */
  jobs: number;
}

/** More than all cores can do, a little: jobs do not wait and compute evenly. */
const OVERLAP = 0.5;

/** Runs all `jobs`, given in the order in which they should start. A job that fails must not reject. */
export async function runQueue(jobs: readonly Job[], room: Room, run: (job: Job) => Promise<void>): Promise<void> {
  const waiting = [...jobs];
  const running = new Map<Job, Promise<void>>();
  const fits = ({ weight, after }: Job): boolean => {
    const known = [...waiting, ...running.keys()].map(({ name }) => name);
    if (after.some((name) => known.includes(name))) return false;
    if (running.size === 0) return true;
    const busy = [...running.keys()].reduce((sum, job) => sum + job.weight, 0);
    return running.size < room.jobs && busy + weight <= room.cores + OVERLAP;
  };
  while (waiting.length > 0 || running.size > 0) {
    for (let next = waiting.find(fits); next !== undefined; next = waiting.find(fits)) {
      const job = next;
      waiting.splice(waiting.indexOf(job), 1);
      running.set(
        job,
        run(job).finally(() => running.delete(job)),
      );
    }
    if (running.size === 0) throw new Error(`jobs that wait for one another: ${waiting.map(({ name }) => name).join(", ")}`);
    await Promise.race(running.values());
  }
}
