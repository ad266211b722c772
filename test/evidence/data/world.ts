// Tables, honest and not.
import {
  type Artefact,
  type Column,
  DATA_RULES,
  type DataClaim,
  dataClaim,
  dataProofHash,
  type DataRules,
  parseClaim,
} from "@ftns/evidence";
import type { Random } from "../../helpers/random.ts";
import { author, reviews } from "../people.ts";

export const ROWS = 120;
/** As the usual ones, for smaller tables. */
export const RULES: DataRules = { ...DATA_RULES, minRows: 100, maxRows: 1_000 };

export const COLUMNS: Column[] = [
  { name: "id", type: "integer" },
  { name: "city", type: "string" },
  { name: "degrees", type: "number" },
  { name: "day", type: "date" },
  { name: "note", type: "string" },
];
export type Row = (string | number)[];

const SYLLABLES = ["ka", "lo", "mi", "ru", "te", "sa", "no", "vi", "pe", "du", "fa", "go", "shi", "bar", "len", "tor"];
export const word = (random: Random) => Array.from({ length: random.int(2, 4) }, () => SYLLABLES[random.int(0, 15)]).join("");
export const words = (random: Random, count: number) => Array.from({ length: count }, () => word(random)).join(" ");

export const rowsOf = (random: Random, count = ROWS): Row[] =>
  Array.from({ length: count }, () => [
    random.int(1, 1_000_000_000),
    words(random, 2),
    random.int(-3_000_000, 5_000_000) / 100_000,
    `20${random.int(10, 26)}-0${random.int(1, 9)}-1${random.int(0, 9)}`,
    words(random, 12),
  ]);

export const csvOf = (rows: readonly Row[], names = COLUMNS.map(({ name }) => name)): string =>
  [names, ...rows].map((row) => row.map((cell) => JSON.stringify(cell).replaceAll('\\"', '""')).join(",")).join("\n");

/** A claim with two reviews of rating 5, unless others are given. */
export async function claimOf(files: Artefact[], changes: Partial<DataClaim> = {}): Promise<DataClaim> {
  return parseClaim(dataClaim, {
    kind: "DATA",
    contributor: author.address,
    format: "csv",
    columns: COLUMNS,
    files,
    reviews: await reviews(dataProofHash({ files }), 5, 5),
    ...changes,
  });
}
