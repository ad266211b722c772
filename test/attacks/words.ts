// Numbers as the page prints them.
import { FTNS } from "./world.ts";

const grouped = (digits: bigint) => digits.toString().replace(/\B(?=(\d{3})+$)/g, ",");

/** Whole FTNS, rounded. */
export const whole = (amount: bigint): string => grouped((amount + FTNS / 2n) / FTNS);

/** FTNS with two decimals, rounded. */
export function cents(amount: bigint): string {
  const rounded = (amount * 100n + FTNS / 2n) / FTNS;
  return `${grouped(rounded / 100n)}.${(rounded % 100n).toString().padStart(2, "0")}`;
}

/** `part / all` in percent with one decimal. */
export function percent(part: bigint, all: bigint): string {
  const rounded = (part * 2_000n + all) / (2n * all);
  return `${grouped(rounded / 10n)}.${rounded % 10n} %`;
}

/** `a / b` with two decimals, rounded. */
export const ratio = (a: bigint, b: bigint): string => cents((a * FTNS) / b);

/** Two digits that count, so that a little gas more or less is no news. */
export function roughly(gas: bigint): string {
  let unit = 1n;
  while (gas / unit >= 100n) unit *= 10n;
  return grouped(((gas + unit / 2n) / unit) * unit);
}
