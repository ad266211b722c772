import type { JobName } from "../../../keeper/src/index.ts";
import type { JobWork, KeeperWork } from "../report/types.ts";
import type { Run } from "./keepers.ts";

/** Lines of the report, in the order of a look. */
const JOBS: readonly JobName[] = ["report-price", "record-price", "adjust-supply", "watch-emergency", "run-governance"];

interface Entry {
  readonly keeper: string;
  readonly day: number;
  readonly job: JobName;
  readonly done: number;
  readonly lostRaces: number;
  /** Lost races that had sent a transaction. */
  readonly sentInVain: number;
  readonly gasUsed: number;
  readonly gasWasted: number;
}

const sum = (entries: readonly Entry[], key: "done" | "lostRaces" | "sentInVain" | "gasUsed" | "gasWasted") =>
  entries.reduce((total, entry) => total + entry[key], 0);

const isDue = ({ done, lostRaces }: Entry) => done + lostRaces > 0;

/** Adds up what keepers did: an entry for each look at a job. */
export class WorkLog {
  readonly #entries: Entry[] = [];

  /** Notes one look of one keeper. A job that had several things to do has a run for each. */
  add(keeper: string, day: number, runs: readonly Run[]): void {
    for (const job of new Set(runs.map((run) => run.job))) {
      const own = runs.filter((run) => run.job === job);
      const lost = own.filter((run) => run.outcome === "lost-race");
      this.#entries.push({
        keeper,
        day,
        job,
        done: own.filter((run) => run.outcome === "done").length,
        lostRaces: lost.length,
        sentInVain: lost.filter((run) => run.gasWasted > 0).length,
        gasUsed: own.reduce((gas, run) => gas + Number(run.gasUsed ?? 0n), 0),
        gasWasted: own.reduce((gas, run) => gas + run.gasWasted, 0),
      });
    }
  }

  ofKeeper(name: string): KeeperWork {
    return workOf(this.#entries.filter((entry) => entry.keeper === name));
  }

  /** The work of all keepers, job by job, with a column for each of `days` days since launch. */
  jobs(days: number): JobWork[] {
    return JOBS.map((job) => {
      const entries = this.#entries.filter((entry) => entry.job === job);
      const byDay = Array.from({ length: days }, (_, day) => entries.filter((entry) => entry.day === day));
      return {
        job,
        ...workOf(entries),
        byDay: {
          looks: byDay.map((part) => part.length),
          due: byDay.map((part) => part.filter(isDue).length),
          done: byDay.map((part) => sum(part, "done")),
          lostRaces: byDay.map((part) => sum(part, "lostRaces")),
        },
      };
    });
  }
}

function workOf(entries: readonly Entry[]): KeeperWork {
  const done = sum(entries, "done");
  return {
    looks: entries.length,
    due: entries.filter(isDue).length,
    done,
    lostRaces: sum(entries, "lostRaces"),
    transactions: done + sum(entries, "sentInVain"),
    gasUsed: sum(entries, "gasUsed") + sum(entries, "gasWasted"),
    gasWasted: sum(entries, "gasWasted"),
  };
}
