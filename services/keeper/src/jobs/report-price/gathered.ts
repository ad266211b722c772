import {
  MAX_REPORT_SPREAD_SEC,
  MIN_ROUND_DISTANCE_SEC,
  confidenceOf,
  countAgreeing,
  isAttacked,
  lowerMedian,
  upperMedian,
} from "@ftns/model";
import { combineReadings, median } from "../../market/combine.ts";
import type { Gathered } from "../../reporter/exchange.ts";
import { type SignedMarketReport, inFeedOrder } from "../../reporter/signed.ts";
import { WAD, formatDecimal, formatDuration, formatPercent } from "@ftns/sdk/units.ts";
import { type Decision, act, broken, waitUntil } from "../decision.ts";
import { type ReportRules, dueTimeOf } from "./decide.ts";
import { type LastRound, type ReportSnapshot, activityOf, countingFault } from "./read.ts";

/** A thin round is replaced before the next one may come, or whoever hurries again and again would set the pace. */
const MOST_PATIENCE_SEC = MIN_ROUND_DISTANCE_SEC / 2n;

export interface GatheredArgs {
  /** In the order that the feed asks for. */
  reports: SignedMarketReport[];
}

/**
 * Submits when the feed's last update is old or the reporters' median has moved, with every usable report and not just a
 * quorum: who left some out could move the median. Emergencies ask for more confidence than a mere quorum gives, so an update
 * waits a little for the reports that are missing, also when the price moved: a thin round and the fuller ones after it would
 * cost a transaction each, and twins that collide. Only an attack is told at once. A round that came out thin is followed by a
 * fuller one of the same time, as the feed allows: whoever hurries with a bare quorum cannot keep the others out. Our own failure to see
 * the market is a fault even when the others carry on. Nothing is sent that fewer than a quorum agree on.
 */
export function decideGathered(seen: ReportSnapshot, gathered: Gathered, rules: ReportRules): Decision<GatheredArgs> {
  const { head, last, quorum } = seen;
  const dueTime = last && dueTimeOf(last, rules.intervalSec);
  // With a single report of the day before, the round would be of that day, and not close it.
  const newDay = dueTime && head.timestamp >= dueTime.dayStart ? dueTime.dayStart : 0n;
  const { usable, fuller, fills } = usableOf(gathered, last, newDay, quorum);
  const own = ownFault(seen, rules);
  const remarks = [
    ...(own === undefined ? [] : [own]),
    ...countingFault(seen),
    ...gathered.faults.map((one) => `left out ${one}`),
  ];
  const remark = remarks.length > 0 ? ` (${remarks.join("; ")})` : "";
  const usableCount = usable.length === 1 ? "1 report is usable" : `${usable.length} reports are usable`;
  const lacking = `${usableCount} and the feed needs ${quorum}${remark}`;
  const prices = usable.map(({ report }) => report.price);
  const submit = (cause: string) => {
    const carried = `${usable.length === 1 ? "1 report" : `${usable.length} reports`} of ${formatDecimal(median(prices), 8)} USD`;
    return act({ reports: inFeedOrder(usable) }, `${cause}; ${carried}${remark}`);
  };

  const enough = prices.length > 0 && BigInt(prices.length) >= quorum;
  const agreeing = enough ? countAgreeing(prices, median(prices)) : 0;
  if (enough && BigInt(agreeing) < quorum) {
    // Liars that are half of the reports pull the median to the middle between lie and truth, or on their side.
    return broken(
      `only ${agreeing} of ${prices.length} reports are within 2 % of their median and the feed needs ${quorum}, so none is sent` +
        `${remark}; if more reports do not settle it, find out which reporters are wrong: ` +
        usable.map(({ reporter, report }) => `${reporter} says ${formatDecimal(report.price, 8)} USD`).join(", "),
    );
  }
  if (!last || !dueTime) return enough ? submit("the feed has no price yet") : broken(lacking);

  const age = head.timestamp - last.updatedAt;
  const dueAt = dueTime.at;
  const patience = BigInt(rules.exchange?.patienceSec ?? 0);
  const due = head.timestamp >= dueAt;
  if (due && !enough) {
    // Everybody's latest report may be of the day before for a minute.
    if (head.timestamp < newDay + patience && own === undefined) {
      return waitUntil(newDay + patience, `${lacking}; the others may still tell of the new day`);
    }
    return broken(lacking);
  }
  if (enough) {
    const complete = prices.length >= gathered.registered;
    if (due && (complete || head.timestamp >= dueAt + patience)) {
      return submit(`the last update is ${formatDuration(age)} old`);
    }
    const moved = hasMoved(median(prices), last.price, rules.deviation);
    if (moved && (complete || movedFor(gathered, last, rules, quorum, head.timestamp - patience))) {
      return submit(`the price moved by ${formatPercent((distance(median(prices), last.price) * WAD) / last.price)}`);
    }
    // The breaker must not learn of an attack an hour late.
    const activity = {
      txTotal: upperMedian(usable.map(({ report }) => report.txTotal)),
      txFailed: lowerMedian(usable.map(({ report }) => report.txFailed)),
      sendersDay: upperMedian(usable.map(({ report }) => report.sendersDay)),
    };
    if (isAttacked(activity) && !(seen.reported && isAttacked(seen.reported))) {
      return submit(`calls of ${activity.txFailed} of ${activity.txTotal} accounts failed within an hour`);
    }
    const confidence = confidenceOf(agreeing, prices.length - agreeing);
    const waited = fuller ? complete || age >= (patience < MOST_PATIENCE_SEC ? patience : MOST_PATIENCE_SEC) : age >= patience;
    if (waited && fills) return submit("the last round left a gap");
    if (waited && confidence > last.confidence) {
      return submit(`the confidence would be ${formatPercent(confidence)} and not just ${formatPercent(last.confidence)}`);
    }
  }
  if (own !== undefined) return broken(`${own}; check the sources and keys`);
  return waitUntil(
    due ? dueAt + patience : dueAt,
    due
      ? `${usable.length} of ${gathered.registered} reports are here, the others may still come${remark}`
      : `reported ${formatDuration(age)} ago, ${usable.length} usable reports${remark}`,
  );
}

const distance = (a: bigint, b: bigint) => (a > b ? a - b : b - a);
const hasMoved = (price: bigint, last: bigint, deviation: bigint) => distance(price, last) * WAD > last * deviation;

/** Whether a quorum of reporters saw the price moved at `time` or before: since then the others have had their chance. */
function movedFor({ recent }: Gathered, last: LastRound, { deviation }: ReportRules, quorum: bigint, time: bigint): boolean {
  const earlier = recent.filter(
    ({ report }) =>
      report.observedAt > last.observedAt && report.observedAt <= time && hasMoved(report.price, last.price, deviation),
  );
  return BigInt(new Set(earlier.map(({ reporter }) => reporter)).size) >= quorum;
}

/**
 * What the feed would take: reports of a later time for the next round; or, when they are more than the last round had, or fill
 * the time that it left as a gap, reports that follow the same round as it, for one in its place.
 */
function usableOf({ reports, recent }: Gathered, last: ReportSnapshot["last"], newDay: bigint, quorum: bigint) {
  if (!last) return { usable: together(reports), fuller: false, fills: false };
  const from = (since: bigint) => (since === 0n ? 0n : since + MIN_ROUND_DISTANCE_SEC);
  const earliest = from(last.observedAt) > newDay ? from(last.observedAt) : newDay;
  const next = together(reports.filter(({ report }) => report.observedAt >= earliest));
  if (next.length > 0) return { usable: next, fuller: false, fills: false };
  const ofItsTime = together(recent.filter(({ report }) => report.since === last.since && report.observedAt >= from(last.since)));
  const fills = last.gap === true && knowMean(ofItsTime, quorum);
  const fuller = fills || BigInt(ofItsTime.length) > last.reports;
  return { usable: fuller ? ofItsTime : [], fuller, fills };
}

/** Whether a quorum knows the mean price since the round that they follow, and agrees on it. */
function knowMean(reports: readonly SignedMarketReport[], quorum: bigint): boolean {
  const means = reports.map(({ report }) => report.meanPrice).filter((mean) => mean !== 0n);
  return BigInt(means.length) >= quorum && BigInt(countAgreeing(means, median(means))) >= quorum;
}

/** The most reports of different reporters that lie within two minutes, and of as many the latest. */
function together(reports: readonly SignedMarketReport[]): SignedMarketReport[] {
  let best: SignedMarketReport[] = [];
  const latestFirst = [...reports].sort((a, b) => Number(b.report.observedAt - a.report.observedAt));
  for (const { report: newest } of latestFirst) {
    const within = new Map<string, SignedMarketReport>();
    for (const signed of latestFirst) {
      const age = newest.observedAt - signed.report.observedAt;
      if (age >= 0n && age <= MAX_REPORT_SPREAD_SEC && !within.has(signed.reporter)) within.set(signed.reporter, signed);
    }
    if (within.size > best.length) best = [...within.values()];
  }
  return best;
}

/** Why we cannot vouch for a price ourselves; undefined when we can, or when it is not our task. */
function ownFault(seen: ReportSnapshot, rules: ReportRules): string | undefined {
  const { reporters, readings, head, unsigned = [] } = seen;
  if (reporters.length === 0) return undefined;
  const strangers = reporters.filter(({ registered }) => !registered).map(({ address }) => address);
  if (strangers.length > 0) return `our reporter ${strangers.join(", ")} is not registered`;
  const combined = combineReadings(readings, head.timestamp, rules, activityOf(seen));
  if ("failure" in combined) return combined.failure;
  return unsigned.length > 0 ? unsigned.join("; ") : undefined;
}
