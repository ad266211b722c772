import { checkedUint256, MathError, WAD } from "./words.ts";

/** `floor(a * b / divisor)` with a product of any size, as Solady's `fullMulDiv`. */
export function mulDiv(a: bigint, b: bigint, divisor: bigint): bigint {
  if (divisor === 0n) throw new MathError("DivisionByZero", `${a} * ${b} / 0`);
  return checkedUint256((a * b) / divisor);
}

/** `ceil(a * b / divisor)` with a product of any size, as Solady's `fullMulDivUp`. */
export function mulDivUp(a: bigint, b: bigint, divisor: bigint): bigint {
  if (divisor === 0n) throw new MathError("DivisionByZero", `${a} * ${b} / 0`);
  const product = a * b;
  return checkedUint256(product / divisor + (product % divisor === 0n ? 0n : 1n));
}

/** `floor(a * b / 1e18)`; throws when the product does not fit a word, as Solady's `mulWad` reverts. */
export function mulWad(a: bigint, b: bigint): bigint {
  return checkedUint256(a * b) / WAD;
}

/** `ceil(a * b / 1e18)`; throws when the product does not fit a word, as Solady's `mulWadUp` reverts. */
export function mulWadUp(a: bigint, b: bigint): bigint {
  return mulDivUp(checkedUint256(a * b), 1n, WAD);
}
