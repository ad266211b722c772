// Tests of the project as it is: they must pass, and how long they take says when a mutant hangs.
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lane } from "./lane.ts";
import { testFoldersOf } from "./test-map.ts";
import { orderedTests, testsIn } from "./test-order.ts";
import type { TestOrder, TestReport } from "./test-process.ts";

/** How the mutants of one file are tried. */
export interface TestPlan {
  order: TestOrder;
  limitMs: number;
}

const SHORTEST_TEST_LIMIT_MS = 20_000;
const START_MS = 30_000;

export class Baselines {
  readonly #root: string;
  readonly #folders: string[] | undefined;
  readonly #reports = new Map<string, TestReport>();
  readonly #say: (line: string) => void;

  /** @param folders Asked in place of those that test-map.ts names. */
  constructor(root: string, folders: string[] | undefined, say: (line: string) => void) {
    this.#root = root;
    this.#folders = folders;
    this.#say = say;
  }

  async planFor(file: string, lane: Lane): Promise<TestPlan> {
    const folders = this.#foldersOf(file);
    if (testsIn(this.#root, folders).length === 0) {
      throw new Error(`No tests are known for ${file}: add it to scripts/mutate/test-map.ts, or name folders with --tests.`);
    }
    const seconds: Record<string, number> = {};
    let slowestMs = 0;
    for (const folder of folders) {
      const report = await this.#reportOf(folder, lane);
      Object.assign(seconds, report.seconds);
      slowestMs = Math.max(slowestMs, report.slowestMs);
    }
    const total = Object.values(seconds).reduce((sum, of) => sum + of, 0);
    return {
      order: {
        files: orderedTests(this.#root, file, folders, seconds),
        bail: true,
        timeoutMs: Math.max(SHORTEST_TEST_LIMIT_MS, 4 * slowestMs),
      },
      limitMs: START_MS + 3_000 * total,
    };
  }

  /** Hash of everything in the folders of a file's tests. */
  hashFor(file: string): string {
    return hashOf(this.#root, this.#foldersOf(file));
  }

  #foldersOf(file: string): string[] {
    return this.#folders ?? testFoldersOf(file, this.#root);
  }

  async #reportOf(folder: string, lane: Lane): Promise<TestReport> {
    const known = this.#reports.get(folder);
    if (known !== undefined) return known;
    this.#say(`Running test/${folder} as it is…`);
    const run = await lane.baseline(testsIn(this.#root, [folder]));
    if (!("report" in run)) throw new Error(`The tests did not end without any mutant: ${run.ended}\n${run.output}`);
    const { report } = run;
    if (report.failures.length > 0) throw new Error(`Tests fail without any mutant:\n  ${report.failures.join("\n  ")}`);
    this.#say(
      `  ${report.passed} passed in ${Object.values(report.seconds)
        .reduce((sum, of) => sum + of, 0)
        .toFixed(1)} s`,
    );
    this.#reports.set(folder, report);
    return report;
  }
}

function hashOf(root: string, folders: string[]): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    for (const file of globSync(`test/${folder}/**/*.{ts,sol}`, { cwd: root }).sort()) {
      hash.update(`${file}\n`).update(readFileSync(join(root, file)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
