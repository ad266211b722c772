import { expect } from "chai";
import { pathOf, renderChart, type Chart } from "@ftns/demo/report/html/chart.ts";
import { escape } from "@ftns/demo/report/html/escape.ts";
import { renderHtml } from "@ftns/demo/report/html/page.ts";
import { linearScale, logScale } from "@ftns/demo/report/html/scale.ts";
import type { Report } from "@ftns/demo/report/types.ts";
import { sampleReport } from "./sampleReport.ts";

const HOSTILE = `<script>alert("x")</script>&'`;

/** Points of every line in the page, in order. */
function linePoints(html: string): number[] {
  return [...html.matchAll(/<path class="line [^"]*" d="([^"]*)"/g)].map((match) => (match[1]!.match(/[ML]/g) ?? []).length);
}

function chart(more: Partial<Chart> = {}): Chart {
  return {
    id: "c",
    title: "T",
    description: "D",
    lines: [{ name: "a", color: "c1", values: [0, 5, 10] }],
    scale: linearScale([0, 10], true),
    format: String,
    labels: ["day 0", "day 1", "day 2"],
    ...more,
  };
}

describe("demo: report.html", () => {
  describe("scales", () => {
    it("end on round numbers around the values", () => {
      const scale = linearScale([0.882, 1.149], false, 5);
      expect(scale.ticks[0]! <= 0.882 && scale.ticks.at(-1)! >= 1.149).to.equal(true);
      expect(scale.ticks).to.deep.equal([0.8, 0.9, 1, 1.1, 1.2]);
      expect([scale.at(0.8), scale.at(1), scale.at(1.2)].map((v) => v.toFixed(6))).to.deep.equal([
        "0.000000",
        "0.500000",
        "1.000000",
      ]);
    });
    it("start at zero when asked to, and hold a constant or nothing at all", () => {
      expect(linearScale([5, 10], true).ticks[0]).to.equal(0);
      for (const values of [
        [7, 7],
        [0, 0],
      ]) {
        const { ticks, at } = linearScale(values, false);
        expect(ticks.length).to.be.greaterThan(1);
        expect(at(values[0]!)).to.be.within(0, 1);
      }
    });
    it("are even in the logarithm between fixed ends", () => {
      const scale = logScale(0.1, 10, [1]);
      expect([0.1, 1, 10].map((v) => scale.at(v).toFixed(9))).to.deep.equal(["0.000000000", "0.500000000", "1.000000000"]);
    });
  });

  describe("a line", () => {
    it("runs from left to right and from bottom to top", () => {
      expect(pathOf([0, 5, 10], linearScale([0, 10], true))).to.equal("M0.0 1000.0L500.0 500.0L1000.0 0.0");
    });
    it("breaks where there is no value", () => {
      expect(pathOf([0, null, 10, 10], linearScale([0, 10], true))).to.equal("M0.0 1000.0M666.7 0.0L1000.0 0.0");
    });
    it("stays inside the chart", () => {
      expect(pathOf([-5, 50], linearScale([0, 10], true))).to.equal("M0.0 1000.0L1000.0 0.0");
    });
  });

  describe("a chart", () => {
    it("has a title and a description for those who cannot see it", () => {
      const html = renderChart(chart());
      expect(html)
        .to.include('role="img" aria-labelledby="c-t c-d"')
        .and.include('<title id="c-t">T</title><desc id="c-d">D</desc>');
    });
    it("carries the reading of each day for each line", () => {
      const html = renderChart(chart({ lines: [{ name: "a", color: "c1", values: [0, null, 10] }] }));
      const data = /data-chart="([^"]*)"/.exec(html)![1]!.replaceAll("&quot;", '"');
      expect(JSON.parse(data)).to.deep.equal({ labels: ["day 0", "day 1", "day 2"], readings: [["0", "–", "10"]] });
    });
  });

  describe("the page", () => {
    const html = renderHtml(sampleReport());

    it("draws price, target, M, growth against its target, each flow, and each persona's balance, a point for each day", () => {
      // Price and target; M by both rules; growth, from the first adjustment on, and its target; two balances; three flows without their zeros.
      expect(linePoints(html)).to.deep.equal([4, 4, 4, 4, 1, 4, 4, 4, 3, 3, 3]);
    });
    it("says of each day what the price was and what the target", () => {
      const [, first = ""] = /<figure [^>]*data-chart="([^"]*)"/.exec(html)!;
      const { readings } = JSON.parse(first.replaceAll("&quot;", '"')) as { readings: string[][] };
      expect(readings).to.deep.equal([
        ["$1.00", "$1.10", "$1.20", "$1.30"],
        ["$1.00", "$1.01", "$1.02", "$1.03"],
      ]);
    });
    it("P267: begins with its contents: every part has a heading that can be linked to, and no link leads nowhere", () => {
      const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
      expect(new Set(ids).size).to.equal(ids.length);
      const links = [...html.matchAll(/ href="#([^"]+)"/g)].map((match) => match[1]!);
      expect(ids).to.include.members(links);
      const parts = [...html.matchAll(/<h2 id="([^"]+)"/g)].map((match) => match[1]!);
      expect(html.match(/<h2/g)).to.have.length(parts.length);
      const nav = /<nav [^>]*>(.*?)<\/nav>/.exec(html)![1]!;
      expect([...nav.matchAll(/#([^"]+)"/g)].map((match) => match[1])).to.deep.equal(parts);
      expect(links).to.include.members(["person-first", "person-second"]);
    });
    it("shows the growth that was compared with the target, and says so in words", () => {
      const { readings } = JSON.parse(
        /<figure [^>]*data-chart="([^"]*)">(?:(?!<figure).)*id="growth-t"/s
          .exec(html)![1]!
          .replaceAll("&quot;", '"')
          .replaceAll("\u00a0", " "),
      ) as { readings: string[][] };
      expect(readings).to.deep.equal([
        ["–", "–", "–", "90 %"],
        ["50 %", "50 %", "50 %", "50 %"],
      ]);
      const early = renderHtml({ ...sampleReport(), days: sampleReport().days.slice(0, 3) });
      expect(early).to.include("No day has a full window of prices.");
    });
    it("lets every table scroll on a narrow screen, so that the page does not", () => {
      expect(html.match(/<table/g)!.length).to.be.greaterThan(6);
      expect(html.match(/<div class="(?:card )?scroll"><table/g)).to.have.length(html.match(/<table/g)!.length);
    });
    it("separates the thousands of what was checked, and of nothing else", () => {
      const detail = "a = b = 100027230.929012345 FTNS on 2026-11-20, 0x1234567890, 2048 blocks, 12345 wei, 1234.5";
      const page = renderHtml({ ...sampleReport(), checks: [{ name: "Sum", ok: true, detail }] });
      expect(page.replaceAll("\u00a0", " ")).to.include(
        "a = b = 100,027,230.929012345 FTNS on 2026-11-20, 0x1234567890, 2048 blocks, 12,345 wei, 1,234.5",
      );
    });
    it("describes every chart and gives the days as a table too", () => {
      const svgs = html.match(/<svg /g)!.length;
      expect(svgs).to.equal(7);
      expect(html.match(/<svg [^>]*role="img"[^>]*>\s*<title [^>]*>[^<]+<\/title><desc [^>]*>[^<]+<\/desc>/g)).to.have.length(
        svgs,
      );
      for (const { date } of sampleReport().days) expect(html).to.include(`<td class="text">${date}</td>`);
    });
    it("tells each persona's reasons, rates and statement", () => {
      for (const text of [
        "First, somebody",
        "Second, somebody",
        "A sentence.",
        "3 days at 0.40 % a month",
        "because",
        "+ rewards",
      ]) {
        expect(html).to.include(text);
      }
    });
    it("shows the keepers' work by day, keeper and job, and their decisions", () => {
      expect(html)
        .to.include("Keeper One pulls the trigger")
        .and.include("5 done at 13 looks")
        .and.include("until 2020-01-03 05:00 UTC");
      expect(html.match(/<path class="bar due" d="([^"]*)"/)![1]!.match(/M/g)).to.have.length(2);
    });
    it("tells of an emergency that replayed prices brought about, and of none when there was none", () => {
      const { voters } = sampleReport();
      const opened = { day: 1, at: "2020-01-02T14:00:00Z", part: "emergency", title: "It opens", text: "Why." } as const;
      const page = renderHtml({ ...sampleReport(), voters: { ...voters, timeline: [...voters.timeline, opened] } });
      expect(page).to.include("It opens").and.include("replayed prices themselves opened the breaker");
      expect(html).to.not.include("An emergency");
    });
    it("shows every check, and a failed one as failed", () => {
      expect(html).to.include('class="ok"').and.not.include("FAILED");
      const failed: Report = { ...sampleReport(), checks: [{ name: "Sum", ok: false, detail: "off" }] };
      expect(renderHtml(failed)).to.include('<li class="failed"><b>Sum</b> (FAILED)');
    });
    it("needs nothing from any network", () => {
      expect(html).to.not.match(/\s(src|action)=|\shref="[^#]|url\(|@import|fetch\(|import\(/);
      expect(html.match(/https?:\/\/[^\s<"']+/g)).to.deep.equal(["http://127.0.0.1:8545),"]);
    });
    it("shows hostile text as text", () => {
      const base = sampleReport();
      const hostile: Report = {
        ...base,
        market: { ...base.market, source: HOSTILE, assumptions: [HOSTILE] },
        summary: [HOSTILE],
        voters: { ...base.voters, timeline: [{ day: 0, at: HOSTILE, part: "vote", title: HOSTILE, text: HOSTILE }] },
        personas: base.personas.map((p) => ({
          ...p,
          name: HOSTILE,
          title: HOSTILE,
          story: HOSTILE,
          why: [HOSTILE],
          rates: [{ days: 1, monthlyRate: 0, reason: HOSTILE }],
        })),
        keepers: {
          twins: base.keepers.twins.map((twin) => ({ ...twin, name: HOSTILE, stoppedAt: HOSTILE })),
          jobs: base.keepers.jobs.map((job) => ({ ...job, job: HOSTILE })),
          decisions: [{ ...base.keepers.decisions[0]!, at: HOSTILE, keeper: HOSTILE, did: HOSTILE, transaction: HOSTILE }],
        },
        others: [{ name: HOSTILE, address: HOSTILE, role: HOSTILE, balance: "1", fees: "0" }],
        checks: [{ name: HOSTILE, ok: true, detail: HOSTILE }],
        chain: { ...base.chain, rpcUrl: HOSTILE, contracts: [{ name: HOSTILE, address: HOSTILE }] },
      };
      const page = renderHtml(hostile);
      expect(page).to.not.include("<script>alert");
      expect(page).to.include(escape(HOSTILE));
      expect(page.match(/<script>/g)).to.have.length(1);
    });
    it("depends on the report alone", () => {
      expect(renderHtml(JSON.parse(JSON.stringify(sampleReport())) as Report)).to.equal(html);
    });
  });
});
