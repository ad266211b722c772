import { dayOf } from "@ftns/model";
import type { Head } from "@ftns/chain/connect.ts";
import { type Decision, act, nothing } from "../decision.ts";

/** A policy that waits for its launch price. */
export interface Waiting {
  policy: string;
  usableDays: bigint;
  /** Protocol day that is noted next. */
  nextDay: bigint;
}

export interface NoteSnapshot {
  head: Head;
  waiting: Waiting[];
  /** Time of the feed's last round (seconds); zero before the first. */
  knownUntil: bigint;
}

export interface NoteArgs {
  policy: string;
}

/** Usable days that make a launch price. */
const LAUNCH_DAYS = 30n;

/**
 * Has a PathPolicy count the days of its launch price, as soon as there may be enough of them: in one call, and in a few where some
 * were not usable. The history keeps them for a month more.
 */
export function decideNote({ waiting, knownUntil }: NoteSnapshot): Decision<NoteArgs> {
  if (waiting.length === 0) return nothing("no policy waits for a launch price");
  // A day is final once the one after it is over, too.
  const end = knownUntil === 0n ? 0n : dayOf(knownUntil) - 1n;
  const counted = waiting.map((one) => ({ ...one, days: end > one.nextDay ? end - one.nextDay : 0n }));
  const due = counted.find(({ days, usableDays }) => days + usableDays >= LAUNCH_DAYS);
  if (due !== undefined) {
    const { policy, days, usableDays } = due;
    return act(
      { policy },
      `${days} days may count towards the launch price of ${policy}, which has ${usableDays} of ${LAUNCH_DAYS}`,
    );
  }
  const missing = counted.map(({ days, usableDays }) => LAUNCH_DAYS - usableDays - days);
  return nothing(`the launch price of the path needs ${missing.join(" and ")} more days of prices`);
}
