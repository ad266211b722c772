// The end of the suite: nothing secret came out anywhere, and the table of what was tried.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { CATALOGUE, type FaultName } from "./catalogue.ts";
import { type Found, foundElsewhere, foundHere, missing } from "./harness/record.ts";
import { SECRETS, leaks, notePrinted, printed } from "./harness/secrets.ts";
import { type Count, tallyTable } from "./harness/tally.ts";

const FILE = new URL("../../docs/operating/faults.md", import.meta.url);
const HERE = basename(fileURLToPath(import.meta.url));
const NAMES = Object.keys(CATALOGUE) as FaultName[];

describe("the fault suite as a whole", () => {
  let found: Found[] = [];
  /** Whether all files of this folder were run, without a filter: then nothing may be missing. */
  let isWhole = false;
  before(function () {
    let root = this.test!.parent!;
    while (root.parent) root = root.parent;
    found = [foundHere(root), ...foundElsewhere()];
    isWhole = missing(found).every((file) => file === HERE);
  });

  const countOf = (fault: FaultName): Count => {
    const all = found.map(({ counts }) => counts[fault] ?? { tries: 0, survived: 0 });
    return {
      tries: all.reduce((sum, { tries }) => sum + tries, 0),
      survived: all.reduce((sum, { survived }) => sum + survived, 0),
    };
  };

  it("P92: printed, logged and served no key, password or secret URL", () => {
    expect(found.flatMap((one) => one.leaks)).to.deep.equal([]);
    if (isWhole) expect(found.reduce((sum, { characters }) => sum + characters, 0)).to.be.greaterThan(100_000);
    // The search finds what is there.
    notePrinted("rehearsal", `key ${SECRETS["ACCOUNT_3"]!.slice(2).toUpperCase()}`);
    expect(leaks()).to.deep.equal(["ACCOUNT_3 in rehearsal"]);
    printed.delete("rehearsal");
  });

  it("tried every fault, and lost none", () => {
    for (const name of NAMES) {
      const { tries, survived } = countOf(name);
      if (isWhole) expect(tries, name).to.be.greaterThan(0);
      expect(survived, name).to.equal(tries);
    }
  });

  it("is what docs/operating/faults.md says (UPDATE_DOCS=1 rewrites it after a whole run)", () => {
    if (process.env["UPDATE_DOCS"] === "1" && isWhole) {
      mkdirSync(new URL(".", FILE), { recursive: true });
      writeFileSync(FILE, page(countOf));
    }
    // Names and promises, not the numbers of one run.
    const rows = [...readFileSync(FILE, "utf8").matchAll(/^\| (.+?) \| (.+?) \| [\d,]+ \| [\d,]+ \| [\d,]+ \|$/gm)];
    expect(rows.map(([, name, promise]) => [name, promise])).to.deep.equal(Object.entries(CATALOGUE));
  });

  after(() => console.log(`\n${tallyTable(countOf)}`));
});

function page(countOf: (fault: FaultName) => Count): string {
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
