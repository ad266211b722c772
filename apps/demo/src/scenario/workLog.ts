import type { JobName, RunReport } from "@ftns/keeper";
import type { JobWork, KeeperWork } from "../report/types.ts";

/** What one keeper says of one job at one look. */
export interface Run extends RunReport {
  readonly keeper: string;
}

/** A transaction in a block, as the keeper's own queue reports it. */
export interface Confirmed {
  readonly job: string;
  readonly gasUsed: number;
  readonly feePaidWei: bigint;
  /** It came too late. */
  readonly reverted: boolean;
}

/** Lines of the report, in the order of a look. */
const JOBS: readonly JobName[] = [
  "report-price",
  "record-price",
  "adjust-supply",
  "note-days",
  "watch-emergency",
  "run-governance",
];

interface Entry {
  readonly keeper: string;
  readonly day: number;
  readonly job: JobName;
  readonly done: number;
  readonly lostRaces: number;
  readonly transactions: number;
  readonly gasUsed: number;
  readonly gasWasted: number;
}

const sum = (entries: readonly Entry[], key: Exclude<keyof Entry, "keeper" | "day" | "job">) =>
  entries.reduce((total, entry) => total + entry[key], 0);

const gasOf = (sent: readonly Confirmed[]) => sent.reduce((gas, { gasUsed }) => gas + gasUsed, 0);

const isDue = ({ done, lostRaces }: Entry) => done + lostRaces > 0;

/** Adds up what keepers did: an entry for each look at a job. */
export class WorkLog {
  readonly #entries: Entry[] = [];

  /** Notes one look of one keeper, and what it `sent` thereby. A job that had several things to do has a run for each. */
  add(keeper: string, day: number, runs: readonly Run[], sent: readonly Confirmed[]): void {
    for (const job of new Set(runs.map((run) => run.job))) {
      const own = runs.filter((run) => run.job === job);
      const ownSent = sent.filter((one) => one.job === job);
      this.#entries.push({
        keeper,
        day,
        job,
        done: own.filter((run) => run.outcome === "done").length,
        lostRaces: own.filter((run) => run.outcome === "lost-race").length,
        transactions: ownSent.length,
        gasUsed: gasOf(ownSent),
        gasWasted: gasOf(ownSent.filter(({ reverted }) => reverted)),
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
  return {
    looks: entries.length,
    due: entries.filter(isDue).length,
    done: sum(entries, "done"),
    lostRaces: sum(entries, "lostRaces"),
    transactions: sum(entries, "transactions"),
    gasUsed: sum(entries, "gasUsed"),
    gasWasted: sum(entries, "gasWasted"),
  };
}
