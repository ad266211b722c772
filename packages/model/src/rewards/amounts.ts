export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** `a - b`, or nothing where that would be less. */
export function floorSub(a: bigint, b: bigint): bigint {
  return a > b ? a - b : 0n;
}
