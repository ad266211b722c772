// Moves the clock of a test chain by protocol days (a day starts at 02:00 UTC).
import { DAY_SEC as DAY, dayOf, HOUR_SEC as HOUR, startOfDay as startOf } from "@ftns/model";
import type { Connection } from "@ftns/deploy/connection.ts";

export type { Connection };

export { DAY, dayOf, HOUR, startOf };

/** The clock of `connection`'s chain. `to...` and `pass...` mine a block at the new time. */
export function clockOf(connection: Connection) {
  const { time } = connection.networkHelpers;
  return {
    /** Time of the latest block (seconds). */
    now: async () => BigInt(await time.latest()),
    /** Protocol day of the latest block. */
    today: async () => dayOf(BigInt(await time.latest())),
    /** Goes to second `seconds` of protocol day `day`. */
    toDay: async (day: bigint, seconds = 0n) => {
      await time.increaseTo(startOf(day) + seconds);
    },
    /** Goes to second `seconds` of the day that is `days` days after today. */
    toDaysAhead: async (days: bigint, seconds = 0n) => {
      await time.increaseTo(startOf(dayOf(BigInt(await time.latest())) + days) + seconds);
    },
    /** Goes to `timestamp` (seconds). */
    to: async (timestamp: bigint) => {
      await time.increaseTo(timestamp);
    },
    /** Lets `seconds` pass. */
    pass: async (seconds: bigint) => {
      await time.increase(seconds);
    },
    /** The next block, and so the next transaction, has exactly this time (seconds). */
    nextBlockAt: async (timestamp: bigint) => {
      await time.setNextBlockTimestamp(timestamp);
    },
  };
}

export type Clock = ReturnType<typeof clockOf>;
