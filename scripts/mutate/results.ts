// What became of each mutant: written down as it is known, so that a run can be gone on with.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Mutant } from "./mutant.ts";

/**
 * killed: a test failed. timeout: tests did not end, which counts as killed. survived: all tests passed. invalid: does not compile.
 * same: compiles to the same code. equivalent: argued in docs/mutants/.
 */
export type Status = "killed" | "timeout" | "survived" | "invalid" | "same" | "equivalent";

export interface Result {
  file: string;
  id: string;
  kind: string;
  line: number;
  original: string;
  mutated: string;
  status: Status;
  /** The test that failed, the compiler's message, or the reason why it is equivalent. */
  why: string;
  seconds: number;
  /** Hashes of the source and of the tests it was tried with. */
  source: string;
  tests: string;
}

export interface Score {
  killed: number;
  survived: number;
  invalid: number;
  equivalent: number;
  /** Share of the valid mutants that were killed; undefined if there is none. */
  score: number | undefined;
}

/** Only mutants that behave differently count: those that could be killed. */
export function scoreOf(results: Pick<Result, "status">[]): Score {
  const count = (...statuses: Status[]) => results.filter(({ status }) => statuses.includes(status)).length;
  const killed = count("killed", "timeout");
  const survived = count("survived");
  const score = killed + survived === 0 ? undefined : killed / (killed + survived);
  return { killed, survived, invalid: count("invalid"), equivalent: count("equivalent", "same"), score };
}

export function isScored({ status }: Pick<Result, "status">): boolean {
  return status === "killed" || status === "timeout" || status === "survived";
}

export function resultOf(
  mutant: Mutant,
  status: Status,
  why: string,
  seconds: number,
  hashes: { source: string; tests: string },
): Result {
  const { file, id, kind, line, original, mutated } = mutant;
  return { file, id, kind, line, original, mutated, status, why, seconds: Math.round(seconds * 10) / 10, ...hashes };
}

export class ResultsFile {
  readonly #path: string | undefined;
  readonly #about: object;
  readonly #before = new Map<string, Result>();
  readonly results: Result[] = [];

  /** @param about What the run is of: written down beside its results. */
  constructor(path: string | undefined, about: object, fresh: boolean) {
    this.#path = path;
    this.#about = about;
    if (path === undefined || fresh || !existsSync(path)) return;
    const { results } = JSON.parse(readFileSync(path, "utf8")) as { results: Result[] };
    for (const result of results) this.#before.set(`${result.file}\n${result.id}`, result);
  }

  /** What is known of a mutant. New tests may kill what survived, but what was killed stays so while its source does. */
  known({ file, id, line }: Mutant, hashes: { source: string; tests: string }): Result | undefined {
    const before = this.#before.get(`${file}\n${id}`);
    if (before === undefined || before.status === "equivalent" || before.source !== hashes.source) return undefined;
    if (before.status === "survived" && before.tests !== hashes.tests) return undefined;
    return { ...before, line };
  }

  add(result: Result): void {
    this.results.push(result);
    if (this.#path === undefined) return;
    // Results of a run before that this one has not come to yet must not be lost if it is stopped.
    const done = new Set(this.results.map(({ file, id }) => `${file}\n${id}`));
    const later = [...this.#before].filter(([key]) => !done.has(key)).map(([, before]) => before);
    this.#write(this.#path, [...this.results, ...later]);
  }

  /** Leaves nothing in the file but this run's own. */
  finish(): void {
    if (this.#path !== undefined) this.#write(this.#path, this.results);
  }

  #write(path: string, results: Result[]): void {
    mkdirSync(dirname(path), { recursive: true });
    const text = JSON.stringify({ ...this.#about, score: scoreOf(results), results }, null, 2);
    writeFileSync(`${path}.new`, `${text}\n`);
    renameSync(`${path}.new`, path);
  }
}
