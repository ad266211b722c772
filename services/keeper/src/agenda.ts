import type { JobName } from "./config/schema.ts";
import type { RunReport } from "./jobs/run.ts";

/**
 * When jobs said that they will be due, in chain time. A job is woken at that moment rather than at its next turn; and at once when
 * another job sees that the chain has got there already, for its time may jump.
 */
export class Agenda {
  readonly #dueAt = new Map<JobName, bigint>();
  readonly #wake: (job: JobName, afterSec: number) => void;

  constructor(wake: (job: JobName, afterSec: number) => void) {
    this.#wake = wake;
  }

  /** Takes in how a run of `job` ended. */
  note(job: JobName, reports: readonly RunReport[]): void {
    const last = reports.at(-1);
    if (last?.chainTime === undefined) return;
    const { chainTime, until } = last;
    this.#dueAt.delete(job);
    if (last.outcome === "waiting" && until !== undefined && until > chainTime) {
      this.#dueAt.set(job, until);
      this.#wake(job, Number(until - chainTime));
    }
    for (const [other, dueAt] of this.#dueAt) {
      if (dueAt > chainTime) continue;
      this.#dueAt.delete(other);
      this.#wake(other, 0);
    }
  }
}
