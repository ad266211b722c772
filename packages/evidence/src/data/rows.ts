// Rows out of files, bounded in number and length. Cells are text, numbers, truth values, or null for what is missing.
import { parse as parseCsv } from "csv-parse/sync";
import { parquetMetadata, parquetRead, parquetSchema, snappyUncompress } from "hyparquet";
import { asFault, EvidenceFault, faulty } from "../common/fault.ts";
import type { Column, DataRules } from "./claim.ts";

export type Cell = string | number | boolean | null;
export type Format = "csv" | "jsonl" | "parquet";

export async function readRows(
  format: Format,
  bytes: Uint8Array,
  columns: readonly Column[],
  rules: DataRules,
): Promise<Cell[][]> {
  const records = await READERS[format](bytes, columns, rules);
  if (records.length > rules.maxRows) throw new EvidenceFault("TOO_LARGE", `more than ${rules.maxRows} rows`);
  const names = new Set(columns.map(({ name }) => name));
  // Text that stands once in a packed file may stand in every row.
  let left = rules.maxBytes;
  return records.map((record) => {
    const stranger = Object.keys(record).find((name) => !names.has(name));
    if (stranger !== undefined) throw new EvidenceFault("BAD_DATA", `column ${stranger} is not in the claim`);
    const cells = columns.map(({ name }) => cellOf(Object.hasOwn(record, name) ? record[name] : undefined));
    const length = cells.reduce<number>((sum, cell) => sum + (typeof cell === "string" ? cell.length : 8), 0);
    if (length > rules.maxRowBytes || (left -= length) < 0) throw new EvidenceFault("TOO_LARGE", `a row of ${length} characters`);
    return cells;
  });
}

/** Each cell is the record's own, also that of a column named `__proto__`: an assignment would make it the prototype. */
const recordOf = <T>(names: readonly string[], cell: (index: number, name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name, index) => [name, cell(index, name)]));

type Reader = (bytes: Uint8Array, columns: readonly Column[], rules: DataRules) => Promise<Record<string, unknown>[]>;

const csv: Reader = (bytes, columns, { maxRows, maxRowBytes }) => {
  const options = { columns: false, bom: true, max_record_size: maxRowBytes, to: maxRows + 2, skip_empty_lines: true } as const;
  const [names = [], ...records] = faulty("BAD_DATA", () => parseCsv(utf8(bytes), options)) as string[][];
  return Promise.resolve(
    records.map((record) => recordOf(names, (index, name) => typed(record[index] ?? "", typeOf(columns, name)))),
  );
};

const jsonl: Reader = (bytes, _columns, { maxRows, maxRowBytes }) => {
  const lines = utf8(bytes)
    .split("\n", maxRows + 2)
    .filter((line) => line.trim() !== "");
  return Promise.resolve(
    lines.map((line, index) => {
      if (line.length > maxRowBytes) throw new EvidenceFault("TOO_LARGE", `row ${index} has ${line.length} characters`);
      const value = faulty("BAD_DATA", () => JSON.parse(line) as unknown);
      if (value === null || typeof value !== "object" || Array.isArray(value))
        throw new EvidenceFault("BAD_DATA", `row ${index} is no object`);
      return value as Record<string, unknown>;
    }),
  );
};

/** What a file says of itself is checked before anything is unpacked, and each page again. */
const parquet: Reader = async (bytes, _columns, { maxRows, maxBytes }) => {
  const file = bytes.slice().buffer;
  const metadata = faulty("BAD_DATA", () => parquetMetadata(file));
  if (metadata.num_rows > BigInt(maxRows)) throw new EvidenceFault("TOO_LARGE", `${metadata.num_rows} rows`);
  const chunks = metadata.row_groups.flatMap((group) => {
    if (group.num_rows > BigInt(maxRows)) throw new EvidenceFault("TOO_LARGE", `${group.num_rows} rows in a group`);
    return group.columns.map(({ meta_data }) => meta_data);
  });
  let unpacked = 0;
  for (const chunk of chunks) {
    unpacked += Number(chunk?.total_uncompressed_size ?? 0n);
    // A repeated value can stand in a few bytes for any number of them, so what is announced says nothing of nested columns.
    if (chunk !== undefined && chunk.num_values > BigInt(maxRows))
      throw new EvidenceFault("TOO_LARGE", `${chunk.num_values} values in a column`);
  }
  if (unpacked > maxBytes) throw new EvidenceFault("TOO_LARGE", `${unpacked} bytes unpacked`);
  let left = maxBytes;
  const SNAPPY = (input: Uint8Array, length: number) => {
    if ((left -= length) < 0) throw new EvidenceFault("TOO_LARGE", `more than ${maxBytes} bytes unpacked`);
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  };
  try {
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    const rows: unknown[][] = [];
    const onComplete = (all: unknown[][]) => {
      for (const row of all) rows.push(row);
    };
    await parquetRead({ file, metadata, columns: names, compressors: { SNAPPY }, rowFormat: "array", onComplete });
    return rows.map((row) => recordOf(names, (index) => row[index]));
  } catch (error) {
    throw asFault("BAD_DATA", error);
  }
};

const READERS: Record<Format, Reader> = { csv, jsonl, parquet };

const utf8 = (bytes: Uint8Array): string => faulty("BAD_DATA", () => new TextDecoder("utf-8", { fatal: true }).decode(bytes));

const typeOf = (columns: readonly Column[], wanted: string) => columns.find(({ name }) => name === wanted)?.type;

/** CSV has text alone; what is no value of the column's type stays text, and is then found to be wrong. */
function typed(text: string, type: Column["type"] | undefined): Cell {
  if (text.trim() === "") return null;
  if (type === "number" || type === "integer") return Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? null;
}
