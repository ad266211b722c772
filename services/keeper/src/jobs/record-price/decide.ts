import { formatDecimal, formatDuration, formatTime } from "@ftns/sdk/units.ts";
import { type Decision, act, broken, waitUntil } from "../decision.ts";
import type { RecordSnapshot } from "./read.ts";

/** Records the feed's price once per interval, as long as the history would take it. */
export function decideRecord(seen: RecordSnapshot, intervalSec: number): Decision<Record<never, never>> {
  const { head, recordedAt, maxAge, maxHold, answer } = seen;
  const now = head.timestamp;
  const interval = BigInt(intervalSec);
  if (interval > maxHold) {
    return broken(
      `a record holds for ${formatDuration(maxHold)}, so one every ${formatDuration(interval)} leaves gaps; ` +
        "shorten jobs.record-price.intervalSec",
    );
  }
  const dueAt = recordedAt + interval;
  if (now < dueAt) return waitUntil(dueAt, `recorded ${formatDuration(now - recordedAt)} ago`);

  if (!answer || answer.updatedAt === 0n)
    return broken("the feed has no answer yet; run report-price, or wait for the reporters");
  if (answer.price <= 0n) return broken(`the feed answers ${answer.price}, which is no price; check the feed`);
  if (answer.updatedAt > now) {
    return broken(`the feed's answer is dated ${formatTime(answer.updatedAt)}, after the latest block; check the feed`);
  }
  const age = now - answer.updatedAt;
  if (age > maxAge) {
    return broken(
      `the feed's answer is ${formatDuration(age)} old and the history takes none older than ${formatDuration(maxAge)}; ` +
        "check that the reporters are running",
    );
  }
  const since = recordedAt === 0n ? "nothing was recorded before" : `the last record is ${formatDuration(now - recordedAt)} old`;
  return act({}, `${since}; the price is ${formatDecimal(answer.price, 8)} USD`);
}
