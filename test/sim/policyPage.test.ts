// docs/policy.md says what the simulation found, and the results that are committed are those of this code.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { expectNear } from "../helpers/near.ts";
import { blocksOf, filled } from "@ftns/sim/report/markdown.ts";
import { type Results, SAMPLE_RUNS, valuesOf } from "@ftns/sim/results.ts";

const PAGE = "docs/policy.md";
const results = JSON.parse(readFileSync("apps/sim/results.json", "utf8")) as Results;

describe("docs/policy.md", function () {
  this.timeout(60_000);

  it("P407: has every table and figure as the committed results have it (UPDATE_DOCS=1 writes them anew)", () => {
    const page = readFileSync(PAGE, "utf8");
    const expected = filled(page, blocksOf(results));
    if (process.env.UPDATE_DOCS === "1") writeFileSync(PAGE, expected);
    else expect(page).to.equal(expected);
  });

  it("says no number of the simulation outside of these parts", () => {
    const prose = readFileSync(PAGE, "utf8").replace(/<!-- simulation: [\s\S]*?<!-- end -->/g, "");
    expect(prose).to.not.match(/\b0\.\d{3}\b(?! USD)|± ?0/);
  });

  it("the results are this code's: some runs done again give the same numbers", () => {
    expect(results.samples.map(({ run }) => run)).to.deep.equal(SAMPLE_RUNS);
    for (const { run, values } of results.samples) {
      const again = valuesOf(run);
      expect(Object.keys(again)).to.deep.equal(Object.keys(values));
      for (const [field, value] of Object.entries(values)) {
        expectNear(again[field]!, value, 1e-9 * Math.max(1, Math.abs(value)));
      }
    }
  });

  it("rests on as many runs as it says, on seeds that nothing was chosen on", () => {
    for (const plan of [results.report, results.heldOut]) {
      for (const { rules } of plan.volatilities) {
        expect(plan.runs).to.equal(2 * rules.length * results.worlds.length * plan.regimes.length * plan.seeds);
      }
    }
    expect(results.report.seeds).to.be.at.least(25);
  });
});
