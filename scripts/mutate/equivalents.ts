// Mutants that behave like the original, with the reason for each.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./mutant.ts";

export const EQUIVALENTS_FILE = "docs/mutants/equivalent.json";

export interface Equivalent {
  file: string;
  id: string;
  reason: string;
}

export class Equivalents {
  readonly #entries: Equivalent[];

  constructor(entries: Equivalent[]) {
    const seen = new Set<string>();
    for (const { file, id, reason } of entries) {
      if (!file || !id || !reason?.trim())
        throw new Error(`${EQUIVALENTS_FILE}: an entry lacks file, id or reason: ${file}: ${id}`);
      if (seen.has(`${file}\n${id}`)) throw new Error(`${EQUIVALENTS_FILE}: named twice: ${file}: ${id}`);
      seen.add(`${file}\n${id}`);
    }
    this.#entries = entries;
  }

  static of(root: string): Equivalents {
    const path = join(root, EQUIVALENTS_FILE);
    return new Equivalents(existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Equivalent[]) : []);
  }

  reasonFor({ file, id }: Pick<Mutant, "file" | "id">): string | undefined {
    return this.#entries.find((entry) => entry.file === file && entry.id === id)?.reason;
  }

  /** Entries of files that were looked at, but name no mutant there any more: the code changed, and with it the argument. */
  outdated(mutants: Mutant[]): Equivalent[] {
    const files = new Set(mutants.map(({ file }) => file));
    const known = new Set(mutants.map(({ file, id }) => `${file}\n${id}`));
    return this.#entries.filter(({ file, id }) => files.has(file) && !known.has(`${file}\n${id}`));
  }
}
