import { CsvError, parse, type Info } from "csv-parse/sync";
import { UserError } from "../errors.ts";

/** One trading day of the source. */
export interface PriceRow {
  /** YYYY-MM-DD */
  readonly date: string;
  /** In the source's unit, with 8 decimals. */
  readonly close: bigint;
  /** In the source's unit, with 8 decimals; undefined when the file has no volume. */
  readonly volume: bigint | undefined;
  /** Line in the file, counted from 1. */
  readonly line: number;
}

const DECIMALS = 8;
const MAX_WHOLE_DIGITS = 15;
const DAY_MS = 86_400_000;
/** The longest closure of an exchange in the data we know was a week (September 2001); a longer hole is missing data. */
export const MAX_GAP_DAYS = 10;
/** A larger step between two closes is a typing error or a split, not a market. */
export const MAX_STEP = 4n;

/** What may stand behind a date: nothing, or a time of day, with a zone or without. */
const TIME = /^(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?$/;

/** Milliseconds of a real calendar date written YYYY-MM-DD, or undefined. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : time;
}

/** A plain decimal number with 8 decimals (further digits are cut), or undefined. */
export function parseAmount(text: string): bigint | undefined {
  const match = /^(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null || match[1]!.length > MAX_WHOLE_DIGITS) return undefined;
  return BigInt(match[1]! + (match[2] ?? "").slice(0, DECIMALS).padEnd(DECIMALS, "0"));
}

interface RawRow {
  readonly record: Record<string, string>;
  readonly info: Info;
}

function readRows(text: string, name: string): RawRow[] {
  try {
    // The types of csv-parse do not know that `info` changes the shape of the rows.
    return parse(text, {
      bom: true,
      columns: (header: string[]) => columnsOf(header, name),
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as RawRow[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (error as CsvError & { lines?: number }).lines;
    const where = line === undefined ? name : `${name}, line ${line}`;
    throw new UserError(
      `${where}: ${error.message}. Write plain CSV: fields separated by commas, as many on every line as on the first.`,
    );
  }
}

/** Names in lower case. A name that we read and that stands there twice could mean either column. */
function columnsOf(header: readonly string[], name: string): string[] {
  const columns = header.map((column) => column.trim().toLowerCase());
  for (const column of ["date", "close", "volume"]) {
    const count = columns.filter((other) => other === column).length;
    if (count > 1) {
      throw new UserError(
        `${name}, line 1: ${count} columns are called "${column}". Rename or delete all but the one that is meant.`,
      );
    }
  }
  return columns;
}

function readRow({ record, info }: RawRow, name: string): PriceRow {
  const line = info.lines;
  const fail = (message: string): never => {
    throw new UserError(`${name}, line ${line}: ${message}`);
  };
  const dateText = record["date"] ?? "";
  const date = dateText.slice(0, 10);
  if (parseDate(date) === undefined || !TIME.test(dateText.slice(10))) {
    fail(`"${dateText}" is no date. Write dates as 2015-12-16; a time may follow, as in 2015-12-16T16:00:00Z, and nothing else.`);
  }

  const closeText = record["close"] ?? "";
  if (closeText === "" || closeText === "." || /^(nan|null|n\/a)$/i.test(closeText)) {
    fail(`the close of ${date} is missing. Fill it in, or delete the line.`);
  }
  if (closeText.startsWith("-")) fail(`the close of ${date} is negative (${closeText}). Prices must be above zero.`);
  const close =
    parseAmount(closeText) ?? fail(`"${closeText}" is no price. Write it as 1234.56, without separators of thousands.`);
  if (close === 0n) fail(`the close of ${date} is zero. Prices must be above zero.`);

  const volumeText = record["volume"];
  if (volumeText === undefined) return { date, close, volume: undefined, line };
  const volume = parseAmount(volumeText) ?? fail(`"${volumeText}" is no volume. Write it as 1234.56, or leave out the column.`);
  return { date, close, volume, line };
}

function checkOrder(rows: readonly PriceRow[], name: string): void {
  for (let i = 1; i < rows.length; i++) {
    const before = rows[i - 1]!;
    const row = rows[i]!;
    const days = (parseDate(row.date)! - parseDate(before.date)!) / DAY_MS;
    const at = `${name}, line ${row.line}: `;
    if (days === 0) throw new UserError(`${at}${row.date} appears twice. Keep one line a day.`);
    if (days < 0) throw new UserError(`${at}${row.date} comes after ${before.date}. Sort the file by date, oldest first.`);
    if (days > MAX_GAP_DAYS) {
      throw new UserError(
        `${at}nothing between ${before.date} and ${row.date}, a gap of ${days} days (at most ${MAX_GAP_DAYS}). ` +
          "Fill in the missing days, or cut the file there. Prices must be daily.",
      );
    }
    if (row.close > before.close * MAX_STEP || row.close * MAX_STEP < before.close) {
      throw new UserError(
        `${at}the close jumps by more than ${MAX_STEP}x from ${before.date} to ${row.date}. ` +
          "Look for a typing error, or adjust the prices for the split.",
      );
    }
  }
}

/** Reads `date,close[,volume]`: names in any case, in any order, further columns ignored. Throws a UserError with the line. */
export function parsePrices(text: string, name: string): PriceRow[] {
  const raw = readRows(text, name);
  const first = raw[0];
  if (first === undefined)
    throw new UserError(`${name}: there are no prices. The file needs a line "date,close" and one line a day.`);
  for (const column of ["date", "close"]) {
    if (!(column in first.record)) {
      const found = Object.keys(first.record).join(", ");
      throw new UserError(`${name}, line 1: no column "${column}" (found: ${found}). The first line must name date and close.`);
    }
  }
  const rows = raw.map((row) => readRow(row, name));
  checkOrder(rows, name);
  return rows;
}
