import { expect } from "chai";
import { REFUSALS } from "@ftns/model";
import type { AdjustSnapshot } from "@ftns/keeper/jobs/adjust-supply/read.ts";
import { decideAdjust } from "@ftns/keeper/jobs/adjust-supply/decide.ts";
import { recompute } from "@ftns/keeper/jobs/adjust-supply/recompute.ts";
import { decideRecord } from "@ftns/keeper/jobs/record-price/decide.ts";
import type { RecordSnapshot } from "@ftns/keeper/jobs/record-price/read.ts";
import { type ReportRules, decideReport } from "@ftns/keeper/jobs/report-price/decide.ts";
import type { ReportSnapshot } from "@ftns/keeper/jobs/report-price/read.ts";
import { WAD } from "@ftns/sdk/units.ts";

const NOW = 1_800_000_000n;
const HOUR = 3_600n;
const HEAD = { number: 100, timestamp: NOW, baseFee: 1n };

describe("decisions of report-price", () => {
  const A = `0x${"a".repeat(40)}`;
  const B = `0x${"b".repeat(40)}`;
  const C = `0x${"c".repeat(40)}`;
  const market = {
    price: 100_000_000n,
    volume6h: 5n,
    meanVolume6h: 6n,
    txTotal: 10n,
    txFailed: 1n,
    observedAt: NOW - 10n,
  };
  const rules: ReportRules = {
    intervalSec: 3_600,
    deviation: WAD / 100n,
    minSources: 1,
    maxSpread: WAD / 50n,
    maxObservationAgeSec: 300,
  };
  const seen = (change: Partial<ReportSnapshot> = {}): ReportSnapshot => ({
    head: HEAD,
    readings: [{ source: "s", data: market }],
    last: { price: 100_000_000n, updatedAt: NOW - HOUR },
    quorum: 2n,
    reporters: [
      { address: A, registered: true },
      { address: B, registered: true },
    ],
    ...change,
  });

  describe("given fewer registered reporters than the quorum", () => {
    it("is broken, and names the keys that are not registered", () => {
      const decision = decideReport(
        seen({
          reporters: [
            { address: A, registered: true },
            { address: B, registered: false },
          ],
        }),
        rules,
      );
      expect(decision.kind).to.equal("broken");
      expect(decision.reason).to.include("1 of our reporter keys").and.include(B).and.include("the feed needs 2");
    });
  });

  describe("given no usable source", () => {
    for (const [name, last] of [
      ["a feed that is due", NOW - HOUR],
      ["a fresh feed", NOW],
    ] as const) {
      it(`P94: is broken, also with ${name}: a failed read is never "all is well"`, () => {
        const decision = decideReport(
          seen({ readings: [{ source: "s", failure: "down" }], last: { price: 1n, updatedAt: last } }),
          rules,
        );
        expect(decision.kind).to.equal("broken");
        expect(decision.reason).to.include("s: down");
      });
    }
    it("is broken on stale data", () => {
      const stale = { ...market, observedAt: NOW - 301n };
      expect(decideReport(seen({ readings: [{ source: "s", data: stale }] }), rules)).to.include({ kind: "broken" });
    });
  });

  describe("given a feed without a price", () => {
    it("reports", () => {
      const { last: _, ...first } = seen();
      expect(decideReport(first, rules)).to.deep.include({ kind: "act", args: { market, signers: [A, B] } });
    });
  });

  describe("given a fresh feed", () => {
    const fresh = { price: 100_000_000n, updatedAt: NOW - HOUR + 1n };
    it("waits until the interval is over", () => {
      expect(decideReport(seen({ last: fresh }), rules)).to.include({ kind: "wait", until: NOW + 1n });
    });
    it("waits when the price moved by exactly the threshold", () => {
      const readings = [{ source: "s", data: { ...market, price: 101_000_000n } }];
      expect(decideReport(seen({ last: fresh, readings }), rules).kind).to.equal("wait");
    });
    for (const price of [101_000_001n, 98_999_999n]) {
      it(`reports when the price moved beyond it, to ${price}`, () => {
        const decision = decideReport(seen({ last: fresh, readings: [{ source: "s", data: { ...market, price } }] }), rules);
        expect(decision.kind).to.equal("act");
        expect(decision.reason).to.include("the price moved by 1 %");
      });
    }
  });

  describe("given a feed whose interval is over", () => {
    it("reports", () => {
      const decision = decideReport(seen(), rules);
      expect(decision).to.deep.include({ kind: "act", args: { market, signers: [A, B] } });
      expect(decision.reason).to.equal("the last update is 1 h old; the price is 1 USD");
    });
    it("signs with registered reporters only, and says who is not", () => {
      const reporters = [...seen().reporters, { address: C, registered: false }];
      const decision = decideReport(seen({ reporters }), rules);
      expect(decision).to.deep.include({ kind: "act", args: { market, signers: [A, B] } });
      expect(decision.reason).to.include(`${C} is not registered`);
    });
    it("does nothing when the sources saw nothing newer: the feed would refuse it", () => {
      const old = { ...rules, intervalSec: 60 };
      const last = { price: 100_000_000n, updatedAt: NOW - 60n };
      const readings = [{ source: "s", data: { ...market, observedAt: NOW - 60n } }];
      expect(decideReport(seen({ last, readings }), old)).to.include({ kind: "nothing" });
    });
    it("reports and mentions a source that is left out", () => {
      const readings = [...seen().readings, { source: "down one", failure: "no answer" }];
      expect(decideReport(seen({ readings }), rules).reason).to.include("left out down one: no answer");
    });
  });
});

describe("decisions of record-price", () => {
  const seen = (change: Partial<RecordSnapshot> = {}): RecordSnapshot => ({
    head: HEAD,
    recordedAt: NOW - HOUR,
    maxAge: 3n * HOUR,
    maxHold: 3n * HOUR,
    answer: { price: 100_000_000n, updatedAt: NOW - 60n },
    ...change,
  });
  const withoutAnswer = () => {
    const { answer: _, ...rest } = seen();
    return rest;
  };
  const answer = (price: bigint, updatedAt: bigint) => ({ answer: { price, updatedAt } });

  describe("given an interval longer than a record holds", () => {
    it("is broken: prices would have gaps", () => {
      expect(decideRecord(seen(), 10_801)).to.include({ kind: "broken" });
      expect(decideRecord(seen(), 10_801).reason).to.include("leaves gaps").and.include("jobs.record-price.intervalSec");
    });
    it("is fine at exactly that", () => {
      expect(decideRecord(seen({ recordedAt: NOW - 3n * HOUR }), 10_800).kind).to.equal("act");
    });
  });

  describe("given a recent record", () => {
    it("waits until the interval is over, whatever the feed says", () => {
      const recent = { recordedAt: NOW - HOUR + 1n };
      expect(decideRecord(seen(recent), 3_600)).to.include({ kind: "wait", until: NOW + 1n });
      expect(decideRecord({ ...withoutAnswer(), ...recent }, 3_600).kind).to.equal("wait");
    });
  });

  describe("given an old record", () => {
    const broken: [string, RecordSnapshot, string][] = [
      ["a feed without an answer", withoutAnswer(), "no answer yet"],
      ["an answer without a time", seen(answer(1n, 0n)), "no answer yet"],
      ["a price of zero", seen(answer(0n, NOW)), "answers 0, which is no price"],
      ["a negative price", seen(answer(-5n, NOW)), "answers -5, which is no price"],
      ["an answer from the future", seen(answer(1n, NOW + 1n)), "after the latest block"],
      ["a stale answer", seen(answer(1n, NOW - 3n * HOUR - 1n)), "none older than 3 h"],
    ];
    for (const [name, snapshot, words] of broken) {
      it(`is broken on ${name}`, () => {
        const decision = decideRecord(snapshot, 3_600);
        expect(decision.kind).to.equal("broken");
        expect(decision.reason).to.include(words);
      });
    }
    it("records an answer exactly as old as allowed", () => {
      expect(decideRecord(seen(answer(1n, NOW - 3n * HOUR)), 3_600).kind).to.equal("act");
    });
    it("records", () => {
      expect(decideRecord(seen(), 3_600)).to.include({
        kind: "act",
        reason: "the last record is 1 h old; the price is 1 USD",
      });
    });
  });

  describe("given no record at all", () => {
    it("records", () => {
      expect(decideRecord(seen({ recordedAt: 0n }), 3_600)).to.include({ kind: "act" });
    });
  });
});

describe("decisions of adjust-supply", () => {
  const DAY = 20_800n;
  const recorded = {
    day: DAY,
    daysSinceLaunch: 100n,
    multiplier: 2n * WAD,
    averageMonthBefore: WAD,
    dailyAverages: [100n, 101n, 102n, 101n, 103n, 104n, 103n, 105n].map((cents) => (cents * WAD) / 100n),
  };
  const agreed = (): Extract<AdjustSnapshot, { refusal: "NONE" }> => ({
    head: HEAD,
    refusal: "NONE",
    recorded,
    window: { ...recorded, dailyAverages: [...recorded.dailyAverages] },
    adjustment: recompute(recorded),
  });

  describe("given a refusal that ends by itself", () => {
    for (const refusal of ["SUSPENDED", "ALREADY_ADJUSTED", "TOO_EARLY", "HISTORY_TOO_SHORT"] as const) {
      it(`waits until then: ${refusal}`, () => {
        const decision = decideAdjust({
          head: HEAD,
          refusal,
          availableAt: NOW + 5n,
          thinDay: 0n,
          coveredSec: 0n,
          neededSec: 0n,
        });
        expect(decision).to.include({ kind: "wait", until: NOW + 5n });
      });
    }
  });

  describe("given a refusal that somebody must look at", () => {
    const words = {
      RECORD_STALE: "record-price is running",
      DAY_TOO_THIN: "protocol day 20771 has too few price records (3600 s of 69120 s needed)",
      WINDOW_TOO_THIN: "the last 30 days have too few price records (3600 s of 69120 s needed)",
      POLICY_FAILED: "governance must replace it",
    };
    for (const [refusal, expected] of Object.entries(words) as [keyof typeof words, string][]) {
      it(`is broken: ${refusal}`, () => {
        const decision = decideAdjust({
          head: HEAD,
          refusal,
          availableAt: 0n,
          thinDay: 20_771n,
          coveredSec: HOUR,
          neededSec: 69_120n,
        });
        expect(decision.kind).to.equal("broken");
        expect(decision.reason).to.include(expected);
      });
    }
    it("covers every refusal of the contract", () => {
      expect(REFUSALS).to.have.members([
        "NONE",
        "SUSPENDED",
        "ALREADY_ADJUSTED",
        "TOO_EARLY",
        "HISTORY_TOO_SHORT",
        ...Object.keys(words),
      ]);
    });
  });

  describe("P90: given numbers that differ from the model's by one in the last digit", () => {
    for (const field of [
      "target",
      "velocity",
      "volatility",
      "damping",
      "baseFactor",
      "policyFactor",
      "factor",
      "newMultiplier",
    ] as const) {
      it(`refuses to send: ${field}`, () => {
        const seen = agreed();
        seen.adjustment[field] += 1n;
        const decision = decideAdjust(seen);
        expect(decision.kind).to.equal("broken");
        expect(decision.reason)
          .to.match(/^MISMATCH, nothing is sent/)
          .and.include(`${field}: chain ${seen.adjustment[field]}, keeper ${seen.adjustment[field] - 1n}`);
      });
    }
    for (const field of ["day", "daysSinceLaunch", "multiplier", "averageMonthBefore"] as const) {
      it(`refuses to send: ${field} of the window`, () => {
        const seen = agreed();
        seen.window[field] += 1n;
        expect(decideAdjust(seen)).to.include({ kind: "broken" });
        expect(decideAdjust(seen).reason).to.include(`${field}: chain`);
      });
    }
    it("refuses to send: a daily average", () => {
      const seen = agreed();
      seen.window = { ...recorded, dailyAverages: recorded.dailyAverages.with(3, recorded.dailyAverages[3]! + 1n) };
      expect(decideAdjust(seen).reason)
        .to.match(/^MISMATCH/)
        .and.include("dailyAverages: chain");
    });
  });

  describe("given a window that the model cannot judge", () => {
    it("refuses to send", () => {
      const seen = agreed();
      seen.recorded = { ...recorded, averageMonthBefore: 0n };
      const decision = decideAdjust(seen);
      expect(decision.kind).to.equal("broken");
      expect(decision.reason).to.include("the model cannot judge the recorded window");
    });
  });

  describe("given the same numbers on both sides", () => {
    it("adjusts with the factor worked out here", () => {
      const decision = decideAdjust(agreed());
      // Growth of 5 % in 30 days is 60.83 % a year, more than 1.5 times the target.
      expect(decision).to.deep.include({ kind: "act", args: { expectedFactor: (11n * WAD) / 10n } });
      expect(decision.reason).to.include("price growth 60.83 % a year against a target of 37.55 %: factor 1.1, M from 2 to 2.2");
    });
  });
});
