/** The limits of the machine that the contracts run on: unsigned and signed 256-bit words. */

export const WAD = 10n ** 18n;
export const MAX_UINT256 = (1n << 256n) - 1n;
export const MAX_INT256 = (1n << 255n) - 1n;
export const MIN_INT256 = -(1n << 255n);

/** What the chain would answer with a revert, by the name of its error. */
export class MathError extends Error {
  override readonly name = "MathError";
  readonly code: "Overflow" | "DivisionByZero" | "ExpOverflow" | "LnWadUndefined" | "NegativeRoot";

  constructor(code: MathError["code"], detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

/** Keeps the low 256 bits as a two's complement number, as unchecked signed arithmetic does. */
export function int256(value: bigint): bigint {
  return BigInt.asIntN(256, value);
}

/** `value` if it fits an unsigned word; throws where checked arithmetic would revert. */
export function checkedUint256(value: bigint): bigint {
  if (value < 0n || value > MAX_UINT256) throw new MathError("Overflow", `${value} does not fit an unsigned 256-bit word`);
  return value;
}
