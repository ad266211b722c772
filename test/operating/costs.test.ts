import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { type BenchRow, COSTS_PAGE, costsPage, updatesAMonth } from "../../scripts/costs.ts";
import { expectNear } from "../helpers/near.ts";
import { Random } from "../helpers/random.ts";

const bench: BenchRow[] = JSON.parse(readFileSync("bench/gas.json", "utf8"));

describe("costs of a keeper", () => {
  it("are what docs/operating/costs.md says (npm run costs, or UPDATE_DOCS=1, rewrites it)", () => {
    const page = costsPage(bench);
    if (process.env.UPDATE_DOCS === "1") writeFileSync(COSTS_PAGE, page);
    expect(readFileSync(COSTS_PAGE, "utf8")).to.equal(page);
  });

  it("grow with the gas that was measured", () => {
    const dearer = bench.map((row) => (row.name === "round.hourly" ? { ...row, gas: row.gas * 2 } : row));
    expect(costsPage(dearer)).not.to.equal(costsPage(bench));
  });

  it("count each hour at the gas of an hourly round, and what comes in between at its own", () => {
    const rows = ["round.hourly", "round.sameHour", "record.hourly", "adjust"];
    const plain = bench.map((row) => (rows.includes(row.name) ? { ...row, gas: 1e6 } : row));
    const only = (name: string) => costsPage(plain.map((row) => (row.name === name ? { ...row, gas: 2e6 } : row)));
    expect(costsPage(plain)).to.include("| **all** |  | **750.0** |");
    expect(only("round.hourly")).to.include("| **all** |  | **1470.0** |");
    expect(only("round.sameHour")).to.include("| **all** |  | **750.0** |").and.not.equal(costsPage(plain));
    expect(only("record.hourly")).to.include("takes 1440.0 million gas a month in place of");
  });

  it("add up to totals both ways, price reports among what is paid back", () => {
    const page = costsPage(bench.map((row) => (row.name === "jobs.round" ? { ...row, gas: row.referenceGas + 1e6 } : row)));
    const [direct, paid] = ["all, sent directly", "all, through KeeperJobs"].map((name) =>
      Number(new RegExp(`\\| ${name} \\| ([\\d.]+) \\|`).exec(page)![1]),
    );
    const adjust = bench.find(({ name }) => name === "jobs.adjust")!;
    expectNear(paid! - direct!, 720 + (30 * (adjust.gas - adjust.referenceGas)) / 1e6, 0.11);
    expect(page).to.match(/\| `report-price` \| [\d,]+ \| [\d,]+ \|/);
  });

  it("name a row that the bench does not have", () => {
    const without = bench.filter(({ name }) => name !== "adjust");
    expect(() => costsPage(without)).to.throw("no row adjust");
  });

  describe("updatesAMonth", () => {
    it("is hourly in calm weather", () => {
      expect(updatesAMonth(0)).to.equal(720);
      expectNear(updatesAMonth(0.01), 720, 0.001);
    });
    it("comes to the squared ratio of volatility and deviation in a storm", () => {
      const hourly = 40 / Math.sqrt(8_760);
      expectNear(updatesAMonth(40), (720 * hourly ** 2) / 0.01 ** 2, 1);
    });
    it("is what a random walk shows", () => {
      const random = new Random();
      const step = 0.8 / Math.sqrt(8_760 * 3_600); // a second's
      const limit = 70; // steps
      const walks = 1_000;
      let seconds = 0;
      for (let walk = 0; walk < walks; walk++) {
        for (let time = 0, at = 0; time < 3_600 && Math.abs(at) < limit; time++, seconds++) at += random.chance(0.5) ? 1 : -1;
      }
      const seen = (720 * 3_600 * walks) / seconds;
      expectNear(updatesAMonth(0.8, limit * step), seen, seen * 0.05);
    });
  });
});
