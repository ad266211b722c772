// What is measured of a table: how many cells are there and of the right type, and a signature of each row.
import { Ajv2020 } from "ajv/dist/2020.js";
import { EvidenceFault } from "../common/fault.ts";
import { PLACES, signInto, tokensOfRow } from "../likeness/minhash.ts";
import type { Column, DataRules } from "./claim.ts";
import { type Cell, type Format, readRows } from "./rows.ts";

export interface Profile {
  rows: number;
  cells: number;
  /** Filled, and of the column's type. */
  goodCells: number;
  /** PLACES numbers for each row. */
  signatures: Uint32Array;
}

/** Names that stand for "nothing" in tables of all kinds. */
const EMPTY = /^(n\/?a|null|none|nan|undefined|unknown|missing|tbd|todo|-+|\?+|\.+|x+)$/i;
const DATE = "^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:?\\d{2})?)?$";

export async function profileOf(
  format: Format,
  files: readonly Uint8Array[],
  columns: readonly Column[],
  rules: DataRules,
): Promise<Profile> {
  const rows: Cell[][] = [];
  for (const bytes of files) {
    for (const row of await readRows(format, bytes, columns, rules)) rows.push(row);
    if (rows.length > rules.maxRows) throw new EvidenceFault("TOO_LARGE", `more than ${rules.maxRows} rows`);
  }
  const checks = columns.map(checkOf);
  let goodCells = 0;
  const signatures = new Uint32Array(rows.length * PLACES);
  for (const [index, row] of rows.entries()) {
    goodCells += row.filter((cell, column) => checks[column]!(cell)).length;
    signInto(signatures.subarray(index * PLACES, (index + 1) * PLACES), tokensOfRow(row));
  }
  return { rows: rows.length, cells: rows.length * columns.length, goodCells, signatures };
}

const ajv = new Ajv2020({ strict: true });

/** JSON Schemas of our own making: one that a contributor writes could run for ever. */
function checkOf({ type }: Column): (cell: Cell) => boolean {
  const validate = ajv.compile(type === "date" ? { type: "string", maxLength: 40, pattern: DATE } : { type });
  return (cell) => {
    if (cell === null || (typeof cell === "string" && EMPTY.test(cell.trim()))) return false;
    return validate(cell) === true;
  };
}
