// Counts, fault by fault, how often it was tried and how often the economy came through.
import Table from "cli-table3";
import { CATALOGUE, type FaultName } from "../catalogue.ts";

export interface Count {
  tries: number;
  survived: number;
}

/** Of this process; record.ts adds up those of all. */
export const counts = new Map<FaultName, Count>();

/** Tries per fault in relation to the usual number: 1 in the timed suite, more at night. */
export const SCALE = readScale(process.env.FAULT_TRIES);

function readScale(text: string | undefined): number {
  if (text === undefined) return 1;
  const scale = Number(text);
  if (!(scale >= 1 && scale <= 1_000)) throw new Error(`FAULT_TRIES must be a number from 1 to 1000, not "${text}"`);
  return scale;
}

/**
 * Tries a fault in each of `cases`, one after the other. A try that ends in an error is lost; all others still run, and the
 * test then fails with what was lost.
 */
export async function tryAll<Case>(
  fault: FaultName,
  cases: Iterable<Case>,
  nameOf: (one: Case) => string,
  once: (one: Case) => Promise<void>,
): Promise<void> {
  const lost: string[] = [];
  const count = counts.get(fault) ?? { tries: 0, survived: 0 };
  counts.set(fault, count);
  for (const one of cases) {
    count.tries++;
    try {
      await once(one);
      count.survived++;
    } catch (error) {
      lost.push(`${nameOf(one)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (lost.length > 0) {
    const shown = lost.slice(0, 12).map((one) => `\n  ${one}`);
    throw new Error(`${fault}: ${lost.length} of ${count.tries} tries lost${shown.join("")}`);
  }
}

/** A single try. */
export const tryOnce = (fault: FaultName, once: () => Promise<void>): Promise<void> => tryAll(fault, [fault], String, once);

/** What the suite prints at its end. */
export function tallyTable(countOf: (fault: FaultName) => Count): string {
  const table = new Table({
    head: ["fault", "tries", "survived", "lost"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  const row = (name: string, { tries, survived }: Count) => table.push([name, tries, survived, tries - survived]);
  const names = Object.keys(CATALOGUE) as FaultName[];
  const sum = { tries: 0, survived: 0 };
  for (const name of names) {
    const count = countOf(name);
    row(name, count);
    sum.tries += count.tries;
    sum.survived += count.survived;
  }
  row("all", sum);
  return table.toString();
}
