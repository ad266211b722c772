import { Cron } from "croner";

export function isCronPattern(pattern: string): boolean {
  try {
    return new Cron(pattern, { paused: true, timezone: "UTC" }).nextRun() !== null;
  } catch {
    return false;
  }
}

/** Longest time between two of the next runs of a pattern; undefined for a pattern that is no pattern. */
export function longestGapSec(pattern: string): number | undefined {
  if (!isCronPattern(pattern)) return undefined;
  const runs = new Cron(pattern, { paused: true, timezone: "UTC" }).nextRuns(50);
  const gaps = runs.slice(1).map((run, index) => (run.getTime() - runs[index]!.getTime()) / 1000);
  return Math.max(0, ...gaps);
}
