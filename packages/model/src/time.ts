/** The protocol's calendar, as ProtocolTime.sol: a day starts at 02:00 UTC and is numbered from the Unix epoch. */

export const HOUR_SEC = 3_600n;
export const DAY_SEC = 86_400n;
export const BOUNDARY_OFFSET_SEC = 7_200n;

/** Protocol day that holds `timestamp` (seconds). */
export function dayOf(timestamp: bigint): bigint {
  return (timestamp - BOUNDARY_OFFSET_SEC) / DAY_SEC;
}

/** First second of protocol day `day`. */
export function startOfDay(day: bigint): bigint {
  return day * DAY_SEC + BOUNDARY_OFFSET_SEC;
}

/** The last day of the calendar, 19 December 2147: nothing works after it. */
export const LAST_DAY = 65_000n;
