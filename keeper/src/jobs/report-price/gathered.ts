import { combineReadings, median } from "../../market/combine.ts";
import type { Gathered } from "../../reporter/exchange.ts";
import { type SignedMarketReport, inFeedOrder } from "../../reporter/signed.ts";
import { WAD, formatDecimal, formatDuration, formatPercent } from "../../units.ts";
import { type Decision, act, broken, waitUntil } from "../decision.ts";
import type { ReportRules } from "./decide.ts";
import type { ReportSnapshot } from "./read.ts";

export interface GatheredArgs {
  /** In the order that the feed asks for. */
  reports: SignedMarketReport[];
}

/**
 * Submits when the feed's last update is old or the reporters' median has moved, with every usable report and not just a
 * quorum: who left some out could move the median. Our own failure to see the market is a fault even when the others
 * carry on.
 */
export function decideGathered(seen: ReportSnapshot, gathered: Gathered, rules: ReportRules): Decision<GatheredArgs> {
  const { head, last, quorum } = seen;
  const now = head.timestamp;
  const usable = gathered.reports.filter(({ report }) => !last || report.observedAt > last.updatedAt);
  const enough = BigInt(usable.length) >= quorum;
  const own = ownFault(seen, rules);
  const remarks = [...(own === undefined ? [] : [own]), ...gathered.faults.map((one) => `left out ${one}`)];
  const remark = remarks.length > 0 ? ` (${remarks.join("; ")})` : "";

  const age = last ? now - last.updatedAt : undefined;
  const due = age === undefined || age >= BigInt(rules.intervalSec);
  const price = enough ? median(usable.map(({ report }) => report.price)) : undefined;
  const move = last && price !== undefined ? distance(price, last.price) : 0n;
  const moved = last !== undefined && move * WAD > last.price * rules.deviation;

  if (price !== undefined && (due || moved)) {
    const cause =
      age === undefined
        ? "the feed has no price yet"
        : due
        ? `the last update is ${formatDuration(age)} old`
        : `the price moved by ${formatPercent((move * WAD) / last!.price)}`;
    const carried = `${usable.length} reports of ${formatDecimal(price, 8)} USD`;
    return act({ reports: inFeedOrder(usable) }, `${cause}; ${carried}${remark}`);
  }
  if (due) return broken(`${usable.length} reports can be had and the feed needs ${quorum}${remark}`);
  if (own !== undefined) return broken(`${own}; check the sources and keys`);
  const until = last!.updatedAt + BigInt(rules.intervalSec);
  return waitUntil(until, `reported ${formatDuration(age!)} ago, ${usable.length} newer reports${remark}`);
}

/** Why we cannot vouch for a price ourselves; undefined when we can, or when it is not our task. */
function ownFault({ reporters, readings, head }: ReportSnapshot, rules: ReportRules): string | undefined {
  if (reporters.length === 0) return undefined;
  const strangers = reporters.filter(({ registered }) => !registered).map(({ address }) => address);
  if (strangers.length > 0) return `our reporter ${strangers.join(", ")} is not registered`;
  const combined = combineReadings(readings, head.timestamp, rules);
  return "failure" in combined ? combined.failure : undefined;
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}
