import { MIN_ROUND_DISTANCE_SEC, dayOf, isAttacked, startOfDay, type MarketReport } from "@ftns/model";
import { type CombineRules, combineReadings } from "../../market/combine.ts";
import { WAD, formatDecimal, formatDuration, formatPercent } from "@ftns/sdk/units.ts";
import { type Decision, act, broken, nothing, waitUntil } from "../decision.ts";
import { type LastRound, type ReportSnapshot, activityOf, countingFault, sinceOf } from "./read.ts";

export interface ReportRules extends CombineRules {
  /** Longest time between two looks through which a price is taken to have held. */
  maxGapSec: number;
  intervalSec: number;
  /** WAD. */
  deviation: bigint;
  /** With an exchange: how long a mere quorum waits for the other reporters. */
  exchange?: { patienceSec: number } | undefined;
}

export interface ReportArgs {
  market: MarketReport;
  /** Addresses of the reporters that sign. */
  signers: string[];
}

/** When the next round is due (chain time, seconds). */
export interface DueTime {
  at: bigint;
  /** The day after the last round's. */
  dayStart: bigint;
}

/**
 * After the interval; or at once where a day has begun since the last round. Nothing is known past the last round, so only one of
 * the new day closes the old one, and the day's adjustment would otherwise wait for up to an interval.
 */
export function dueTimeOf({ observedAt, updatedAt }: LastRound, intervalSec: number): DueTime {
  const after = updatedAt + BigInt(intervalSec);
  const dayStart = startOfDay(dayOf(observedAt) + 1n);
  return { at: dayStart < after ? dayStart : after, dayStart };
}

/** Reports when the feed's last update is old or the price has moved; sources that fail are never "all is well". */
export function decideReport(seen: ReportSnapshot, rules: ReportRules): Decision<ReportArgs> {
  const { head, readings, last, reported, quorum, reporters } = seen;
  const now = head.timestamp;
  const signers = reporters.filter(({ registered }) => registered).map(({ address }) => address);
  const strangers = reporters.filter(({ registered }) => !registered).map(({ address }) => address);
  if (BigInt(signers.length) < quorum) {
    const unknown = strangers.length > 0 ? ` (not registered: ${strangers.join(", ")})` : "";
    return broken(
      `${signers.length} of our reporter keys are registered${unknown} and the feed needs ${quorum}; register or configure more`,
    );
  }

  const activity = activityOf(seen);
  const combined = combineReadings(readings, now, rules, activity);
  if ("failure" in combined) return broken(`${combined.failure}; check the sources`);
  const { leftOut } = combined;
  const market = seen.report ?? { ...combined.market, since: sinceOf(combined.market.observedAt, last), meanPrice: 0n };
  const remarks = [
    ...leftOut.map((one) => `left out ${one}`),
    ...strangers.map((address) => `${address} is not registered`),
    ...countingFault(seen),
  ];
  const remark = remarks.length > 0 ? ` (${remarks.join("; ")})` : "";
  const args = { market, signers };
  const price = `the price is ${formatDecimal(market.price, 8)} USD${remark}`;
  if (!last) return act(args, `the feed has no price yet; ${price}`);

  const age = now - last.updatedAt;
  const { at: dueAt, dayStart } = dueTimeOf(last, rules.intervalSec);
  const due = now >= dueAt;
  const move = market.price > last.price ? market.price - last.price : last.price - market.price;
  const moved = move * WAD > last.price * rules.deviation;
  const change = formatPercent((move * WAD) / last.price);
  // Our own count shows an attack that the feed does not: the breaker must not learn of it an hour late.
  const alarmed = activity !== undefined && isAttacked(activity) && !(reported && isAttacked(reported));
  if (!due && !moved && !alarmed) {
    return waitUntil(dueAt, `reported ${formatDuration(age)} ago and the price moved by ${change} since${remark}`);
  }
  const earliest = last.observedAt + MIN_ROUND_DISTANCE_SEC;
  if (now < earliest) return waitUntil(earliest, `the last round is too recent for the next${remark}`);
  if (market.observedAt < earliest) return nothing(`the sources saw nothing new enough for the next round${remark}`);
  if (due && now >= dayStart && market.observedAt < dayStart && !moved && !alarmed) {
    return nothing(`the sources saw nothing of the new day yet${remark}`);
  }
  return act(
    args,
    due
      ? `the last update is ${formatDuration(age)} old; ${price}`
      : moved
        ? `the price moved by ${change}; ${price}`
        : `calls of ${activity!.txFailed} of ${activity!.txTotal} accounts failed within an hour; ${price}`,
  );
}
