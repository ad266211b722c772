// The demo that goes on after its report, until Ctrl-C.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Report } from "@ftns/demo/report/types.ts";
import { freePort, open, ownFolder, type Running } from "./process.ts";

/** The crash's own story ends with it, so a run without it can be short. */
const CALM_DAYS = 35;

describe("demo: npm start", function () {
  this.timeout(240_000);
  const folder = ownFolder();

  describe(`given ${CALM_DAYS} days without a crash, and no --exit`, () => {
    let demo: Running;
    let report: Report;
    let base: string;

    before(async () => {
      const port = await freePort();
      demo = open(["--days", String(CALM_DAYS), "--no-crash", "--port", String(port), "--out", folder()]);
      await demo.says("/readyz");
      report = JSON.parse(readFileSync(join(folder(), "report.json"), "utf8")) as Report;
      base = /(http:\/\/127\.0\.0\.1:\d+)\/metrics/.exec(demo.output())?.[1] ?? "nowhere";
    });
    after(() => demo.kill());

    it("P100, P102: adds up, with the vote and without an emergency", () => {
      expect(report.days).to.have.length(CALM_DAYS + 1);
      expect(report.checks.filter((check) => !check.ok)).to.deep.equal([]);
      expect(report.voters.emergency).to.equal(null);
      expect(report.voters.timeline.some(({ part }) => part === "emergency")).to.equal(false);
      expect(report.keepers.decisions.map(({ job }) => job)).to.deep.equal(["run-governance", "run-governance"]);
      expect(report.keepers.twins.map(({ stoppedAt }) => stoppedAt)).to.deep.equal([null, null]);
      expect(readFileSync(join(folder(), "report.html"), "utf8")).to.not.include("made-up crash");
    });

    it("P108: keeps the chain up, and a keeper at work whose pages tell of it", async () => {
      const metrics = await (await fetch(`${base}/metrics`)).text();
      const done = /ftns_keeper_job_runs_total\{task="report-price",outcome="done"\} (\d+)/.exec(metrics)?.[1];
      expect(Number(done)).to.be.at.least(8);
      const health = await fetch(`${base}/healthz`);
      expect([health.status, await health.json()]).to.deep.equal([200, { status: "ok", reasons: [], warnings: [] }]);
    });

    it("P108: prints no key but those that everyone knows", () => {
      const shown = demo.output().match(/0x[0-9a-f]{64}/g) ?? [];
      expect(shown).to.have.length(5);
    });

    it("P108: ends cleanly on Ctrl-C", async () => {
      const { code, output } = await demo.interrupt();
      expect(output).to.include("Stopping…").and.not.include("Error");
      expect(code).to.equal(0);
      await fetch(`${base}/healthz`).then(
        () => expect.fail("the pages are still there"),
        (error: Error) => expect(error.message).to.include("fetch failed"),
      );
    });
  });
});
