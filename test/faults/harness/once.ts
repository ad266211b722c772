import { expect } from "chai";
import type { RunReport } from "@ftns/keeper";
import type { Life, PriceJob, World } from "./world.ts";

export interface Looks {
  /** Looks after which the job must be done and known to be done. */
  most: number;
  /** The job counts from this block on. */
  since: number;
  /** After each look: what happens on the chain meanwhile, or the end of a fault. */
  between?: (look: number) => unknown;
  /** Looks during which the fault lasts; what they say is not the end. */
  faulty?: number;
}

/** Looks until `job` waits for its next time, and demands that the chain has seen it exactly once. Gives all reports. */
export async function exactlyOnce(
  world: World,
  job: PriceJob,
  look: () => Promise<RunReport[] | Life>,
  { most, since, between, faulty = 0 }: Looks,
): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  const story: string[] = [];
  let waits = false;
  for (let nth = 1; nth <= most && !waits; nth++) {
    const seen = await look();
    const all = Array.isArray(seen) ? seen : "reports" in seen ? seen.reports : [];
    const ours = all.filter((report) => report.job === job);
    reports.push(...ours);
    story.push(...ours.map(({ outcome, reason }) => `${outcome} (${reason})`));
    if ("refusal" in seen) story.push(`refused (${seen.refusal})`);
    waits = nth > faulty && ours.at(-1)?.outcome === "waiting";
    await between?.(nth);
  }
  const told = story.join("; ");
  expect(waits, `does not come to rest: ${told}`).to.equal(true);
  expect((await world.timesDone(since))[job], `times done; ${told}`).to.equal(1);
  return reports;
}
