import { formatDuration } from "@ftns/sdk/units.ts";
import { type Decision, act, broken, nothing, waitUntil } from "../decision.ts";
import type { RecordSnapshot } from "./read.ts";

/** Walks the rounds of a foreign feed once per interval. Coming late costs nothing but the time until prices are known. */
export function decideRecord(seen: RecordSnapshot, intervalSec: number): Decision<Record<never, never>> {
  const { head, handsOver, knownUntil, heartbeat, hasNewRound } = seen;
  if (handsOver) return nothing("the feed hands its rounds over by itself; record-price may be left out");
  const age = head.timestamp - knownUntil;
  const known = knownUntil === 0n ? "nothing was recorded before" : `prices are known until ${formatDuration(age)} ago`;
  const dueAt = knownUntil + BigInt(intervalSec);
  if (!hasNewRound) {
    if (knownUntil !== 0n && age > heartbeat) {
      return broken(
        `${known} and the feed has made no round since; its heartbeat is ${formatDuration(heartbeat)}: check the feed`,
      );
    }
    const reason = `${known}, and the feed has no later round`;
    // It waits for the feed, which may take as long as its heartbeat.
    if (knownUntil === 0n) return nothing(reason);
    return waitUntil(head.timestamp < dueAt ? dueAt : knownUntil + heartbeat, reason);
  }
  return head.timestamp < dueAt ? waitUntil(dueAt, known) : act({}, known);
}
