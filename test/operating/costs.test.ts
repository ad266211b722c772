import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { COSTS_PAGE, costsPage, updatesAMonth } from "../../scripts/costs.ts";
import { expectNear } from "../helpers/near.ts";
import { Random } from "../helpers/random.ts";

const bench: { name: string; gas: number }[] = JSON.parse(readFileSync("bench/gas.json", "utf8"));

describe("costs of a keeper", () => {
  it("are what docs/operating/costs.md says (npm run costs, or UPDATE_DOCS=1, rewrites it)", () => {
    const page = costsPage(bench);
    if (process.env.UPDATE_DOCS === "1") writeFileSync(COSTS_PAGE, page);
    expect(readFileSync(COSTS_PAGE, "utf8")).to.equal(page);
  });

  it("grow with the gas that was measured", () => {
    const dearer = bench.map((row) => (row.name === "round" ? { ...row, gas: row.gas * 2 } : row));
    expect(costsPage(dearer)).not.to.equal(costsPage(bench));
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
