/** Median.sol: the middle of what a few reporters say. */

/** A value agrees when it is off by at most one part in 50, which is 2 %. */
const AGREEMENT_PARTS = 50n;

/** The two middle values; for an odd count the same one twice. */
function middles(values: readonly bigint[]): [lower: bigint, upper: bigint] {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const lower = sorted[(sorted.length - 1) >> 1];
  const upper = sorted[sorted.length >> 1];
  if (lower === undefined || upper === undefined) throw new RangeError("the median of nothing");
  return [lower, upper];
}

/** Median; for an even count the mean of the two middle values, rounded down. */
export function median(values: readonly bigint[]): bigint {
  const [lower, upper] = middles(values);
  return (lower + upper) / 2n;
}

/** Median; for an even count the smaller of the two middle values. */
export const lowerMedian = (values: readonly bigint[]): bigint => middles(values)[0];

/** Median; for an even count the larger of the two middle values. */
export const upperMedian = (values: readonly bigint[]): bigint => middles(values)[1];

/** How many of `values` lie within 2 % of `middle`. */
export function countAgreeing(values: readonly bigint[], middle: bigint): number {
  return values.filter((value) => (value > middle ? value - middle : middle - value) * AGREEMENT_PARTS <= middle).length;
}
