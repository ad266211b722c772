// What the files of this suite found, across the processes that they run in: each process writes it down at its end, and the
// summary reads all of it.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { FaultName } from "../catalogue.ts";
import { leaks, printed } from "./secrets.ts";
import { type Count, counts } from "./tally.ts";

const FOLDER = fileURLToPath(new URL("../", import.meta.url));
/** Of the run that this process is a part of; without it everything runs in one process. */
const SHARED = process.env["FTNS_TEST_RUN"];

export interface Found {
  counts: Partial<Record<FaultName, Count>>;
  /** Characters that keepers printed, logged and served. */
  characters: number;
  leaks: string[];
  /** Files that were run, each of their tests. */
  whole: string[];
}

/** Of this process alone. `root` is the suite that holds those of all files. */
export function foundHere(root: Mocha.Suite): Found {
  return {
    counts: Object.fromEntries(counts),
    characters: [...printed.values()].flat().reduce((sum, text) => sum + text.length, 0),
    leaks: leaks(),
    whole: root.suites
      .filter((suite) => testsOf(suite).every(({ state }) => state !== undefined))
      .map(({ file }) => resolve(file ?? "")),
  };
}

/** Of the other processes, all of which must have ended. */
export function foundElsewhere(): Found[] {
  if (SHARED === undefined) return [];
  return globSync("faults-*.json", { cwd: SHARED }).map((file) => JSON.parse(readFileSync(join(SHARED, file), "utf8")) as Found);
}

/** The files of this suite that are not in `found`, or not with all their tests. */
export function missing(found: readonly Found[]): string[] {
  const whole = new Set(found.flatMap((one) => one.whole));
  return globSync("*.test.ts", { cwd: FOLDER }).filter((file) => !whole.has(join(FOLDER, file)));
}

after(function () {
  if (SHARED === undefined) return;
  let root = this.test!.parent!;
  while (root.parent) root = root.parent;
  writeFileSync(join(SHARED, `faults-${process.pid}.json`), JSON.stringify(foundHere(root)));
});

const testsOf = (suite: Mocha.Suite): Mocha.Test[] => [...suite.tests, ...suite.suites.flatMap(testsOf)];
