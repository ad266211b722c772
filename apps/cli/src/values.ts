import { parseFtns, UnitError } from "@ftns/sdk/units.ts";
import { Ended, EXIT } from "./exit.ts";

/** `12.5` or `12.5 FTNS`; more than nothing. */
export function amountFrom(text: string): bigint {
  const amount = understood(() => parseFtns(text));
  if (amount === 0n) throw new Ended(EXIT.cannotStart, "The amount is nothing.", "Name one above 0, such as 12.5.");
  return amount;
}

/** A whole number between two others. */
export function wholeFrom(text: string, what: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new Ended(EXIT.cannotStart, `"${text}" is no ${what}.`, `Give a whole number from ${min} to ${max}.`);
  }
  return value;
}

/** A proposal's id: the whole number that the governor gave it. */
export function proposalFrom(text: string): bigint {
  if (/^(\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text)) return BigInt(text);
  throw new Ended(EXIT.cannotStart, `"${text}" is no proposal.`, "Give the whole number that ftns propose printed.");
}

/** Runs something that reads a unit, and says how to write it. */
export function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnitError) throw new Ended(EXIT.cannotStart, error.message);
    throw error;
  }
}
