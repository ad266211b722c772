import { MathError } from "./words.ts";

/** Largest integer whose square is at most `value`, as Solady's `sqrt`. */
export function sqrt(value: bigint): bigint {
  if (value < 0n) throw new MathError("NegativeRoot", `${value}`);
  if (value < 2n) return value;
  // Newton's method from above falls strictly until it reaches the floor.
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
