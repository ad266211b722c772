// npm run simulate as a person runs it: a quick sample, its page and its numbers, and what is kept of a run that was stopped.
import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Summary } from "@ftns/sim/summary.ts";
import { RUN_TS } from "../helpers/node.ts";

const run = promisify(execFile);

describe("npm run simulate -- --quick", function () {
  this.timeout(180_000);
  let out: string;
  let printed: { stdout: string; stderr: string };
  let summary: Summary;

  const simulate = (...args: string[]) =>
    run(process.execPath, [...RUN_TS, "apps/sim/src/main.ts", "--quick", "--out", out, ...args]);

  before(async () => {
    out = mkdtempSync(join(tmpdir(), "ftns-sim-"));
    printed = await simulate();
    summary = JSON.parse(readFileSync(join(out, "simulation.json"), "utf8")) as Summary;
  });
  after(() => rmSync(out, { recursive: true, force: true }));

  it("lives through every world and regime under four rules, shows progress, and says where it wrote", () => {
    expect(summary.schema).to.equal("ftns-simulation/1");
    expect(summary.runs).to.equal(4 * 9 * 6 * 2);
    expect(printed.stderr).to.include("108 of 108 units");
    expect(printed.stdout).to.include("simulation.html").and.include("PathPolicy");
  });

  it("P406: finds no rule below PathPolicy in the band and RoadmapPolicy last in retention, as the report does", () => {
    for (const { volatility, rules } of summary.volatilities) {
      const of = (id: string) => rules.find((rule) => rule.id === id)!.all;
      expect(of("path").inBand.mean, `${volatility}`).to.be.greaterThan(of("none").inBand.mean);
      expect(of("path-desk").inBand.mean, `${volatility}`).to.be.greaterThan(of("path").inBand.mean);
      expect(of("roadmap").retention.mean, `${volatility}`).to.be.lessThan(of("path").retention.mean - 0.1);
    }
  });

  it("makes a page that needs nothing else, with a fan of each series", () => {
    const page = readFileSync(join(out, "simulation.html"), "utf8");
    expect(page).to.not.match(/https?:|<link|src=|@import|url\(/);
    for (const series of ["gap", "multiplier", "supply", "working", "velocity", "fees"])
      expect(page).to.include(`id="fan-${series}"`);
    const data = JSON.parse(/id="fans">(.*?)<\/script>/s.exec(page)![1]!) as { volatilities: Record<string, object>[] };
    expect(data.volatilities.map((one) => Object.keys(one).length)).to.deep.equal([6, 6]);
  });

  it("takes up what a stopped run has done, and does the rest", async () => {
    const kept = globSync(join(out, "simulation", "*", "*.bin")).sort();
    expect(kept.length).to.equal(108);
    const before = readFileSync(join(out, "simulation.json"), "utf8");
    for (const file of kept.slice(0, 2)) rmSync(file);
    const again = await simulate();
    expect(again.stderr).to.match(/108 of 108 units, 106 of them before/);
    expect(readFileSync(join(out, "simulation.json"), "utf8")).to.equal(before);
  });
});
