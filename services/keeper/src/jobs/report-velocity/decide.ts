import { Cron } from "croner";
import { formatTime } from "@ftns/sdk/units.ts";
import { type Decision, tell, waitUntil } from "../decision.ts";
import type { VelocitySnapshot } from "./read.ts";
import { type VelocityReport, reportOf } from "./report.ts";
import { lineOf } from "./words.ts";

/** When the report after one of `madeAt` is due (seconds of chain time); at once when none is known. */
export function dueAfter(madeAt: bigint | undefined, pattern: string): bigint {
  if (madeAt === undefined) return 0n;
  const next = new Cron(pattern, { paused: true, timezone: "UTC" }).nextRun(new Date(Number(madeAt) * 1_000));
  return BigInt(Math.ceil(next!.getTime() / 1_000));
}

export function decideVelocity({ head, dueAt, facts }: VelocitySnapshot): Decision<VelocityReport> {
  if (!facts) return waitUntil(dueAt, `the next report is due at ${formatTime(dueAt)}`);
  const report = reportOf(facts, head.number, head.timestamp);
  return tell(report, lineOf(report));
}
