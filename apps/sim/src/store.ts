/** Finished units on disk, so that a run that was stopped goes on where it was. */
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nameOf, type Unit } from "./plan.ts";
import type { Result } from "./work.ts";

/** What decides the numbers. Results of other code or other assumptions are never taken up. */
const SOURCES = import.meta.dirname;
const OF_NUMBERS =
  /\/(assumptions|bare|bound|desk|economy|market|measures|people|pool|random|rules|series|shocks|token|work|workers)\.ts$/;

/** Digest of every file that decides a number. */
export function digestOfSources(): string {
  const hash = createHash("sha256");
  for (const file of globSync(`${SOURCES}/*.ts`).sort()) if (OF_NUMBERS.test(file)) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

export function openStore(out: string): string {
  const folder = join(out, "simulation", digestOfSources());
  mkdirSync(folder, { recursive: true });
  return folder;
}

const fileOf = (folder: string, unit: Unit) => join(folder, `${nameOf(unit)}.bin`);

export const isKept = (folder: string, unit: Unit): boolean => existsSync(fileOf(folder, unit));

/** Count of values, values, series: written beside and renamed, so that a half of a file is never taken for a whole. */
export function keep(folder: string, unit: Unit, { values, series }: Result): void {
  const file = fileOf(folder, unit);
  const head = Float64Array.of(values.length);
  const bytes = [head, values, series].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  writeFileSync(`${file}.part`, Buffer.concat(bytes));
  renameSync(`${file}.part`, file);
}

export function take(folder: string, unit: Unit): Result {
  const bytes = new Uint8Array(readFileSync(fileOf(folder, unit)));
  const count = new Float64Array(bytes.buffer, 0, 1)[0]!;
  return { values: new Float64Array(bytes.buffer, 8, count), series: new Float32Array(bytes.buffer.slice(8 + 8 * count)) };
}
