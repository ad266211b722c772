// The end of the suite: nothing secret came out anywhere, and the table of what was tried.
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { CATALOGUE, type FaultName } from "./catalogue.ts";
import { SECRETS, leaks, notePrinted, printed } from "./harness/secrets.ts";
import { countOf, tallyTable } from "./harness/tally.ts";

const FILE = new URL("../../docs/operating/faults.md", import.meta.url);
const HERE = fileURLToPath(import.meta.url);
const FOLDER = dirname(HERE);
const NAMES = Object.keys(CATALOGUE) as FaultName[];

describe("the fault suite as a whole", () => {
  it("P92: printed, logged and served no key, password or secret URL", function () {
    // The search finds what is there.
    notePrinted("rehearsal", `key ${SECRETS["ACCOUNT_3"]!.slice(2).toUpperCase()}`);
    expect(leaks()).to.deep.equal(["ACCOUNT_3 in rehearsal"]);
    printed.delete("rehearsal");
    const characters = [...printed.values()].flat().reduce((sum, text) => sum + text.length, 0);
    if (isWhole(this)) expect(characters).to.be.greaterThan(100_000);
    expect(leaks()).to.deep.equal([]);
  });

  it("tried every fault, and lost none", function () {
    for (const name of NAMES) {
      const { tries, survived } = countOf(name);
      if (isWhole(this)) expect(tries, name).to.be.greaterThan(0);
      expect(survived, name).to.equal(tries);
    }
  });

  it("is what docs/operating/faults.md says (UPDATE_DOCS=1 rewrites it after a whole run)", function () {
    if (process.env.UPDATE_DOCS === "1" && isWhole(this)) {
      mkdirSync(new URL(".", FILE), { recursive: true });
      writeFileSync(FILE, page());
    }
    // Names and promises, not the numbers of one run.
    const rows = [...readFileSync(FILE, "utf8").matchAll(/^\| (.+?) \| (.+?) \| [\d,]+ \| [\d,]+ \| [\d,]+ \|$/gm)];
    expect(rows.map(([, name, promise]) => [name, promise])).to.deep.equal(Object.entries(CATALOGUE));
  });

  after(() => console.log(`\n${tallyTable()}`));
});

/** Whether this is a run of all files of this folder, without a filter: then nothing may be missing. */
function isWhole({ test }: Mocha.Context): boolean {
  let root = test!.parent!;
  while (root.parent) root = root.parent;
  const fileOf = ({ file }: Mocha.Suite) => resolve(file ?? "");
  const run = new Set(root.suites.map(fileOf));
  const files = globSync("*.test.ts", { cwd: FOLDER }).map((file) => join(FOLDER, file));
  const others = (suite: Mocha.Suite): Mocha.Test[] => [...suite.tests, ...suite.suites.flatMap(others)];
  const filtered = root.suites
    .filter((suite) => fileOf(suite) !== HERE)
    .flatMap(others)
    .some(({ state }) => state === undefined);
  return files.every((file) => run.has(file)) && !filtered;
}

function page(): string {
  const number = (value: number) => value.toLocaleString("en");
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const rows = NAMES.map((name) => {
    const { tries, survived } = countOf(name);
    return row([name, CATALOGUE[name], number(tries), number(survived), number(tries - survived)]);
  });
  return (
    "# What a keeper lives through\n\n" +
    "`npm test -- faults` tries each of these on a local chain and writes this page with `UPDATE_DOCS=1`; `FAULT_TRIES=10` tries more.\n" +
    "A try is lost when the job is not done, is done twice, is done wrongly, or is not done in time; a lost one fails the suite. A\n" +
    "keeper is cut off from its endpoint for ever at one call, which to the chain and to its successor is a kill -9; a smaller number\n" +
    "of tries kill real processes with SIGKILL.\n\n" +
    row(["Fault", "What must hold", "Tries", "Survived", "Lost"]) +
    row(["---", "---", "---:", "---:", "---:"]) +
    rows.join("")
  );
}
