import { expect } from "chai";
import { pathPolicy, REFUSALS } from "@ftns/model";
import type { AdjustSnapshot } from "@ftns/keeper/jobs/adjust-supply/read.ts";
import { decideAdjust } from "@ftns/keeper/jobs/adjust-supply/decide.ts";
import { recompute } from "@ftns/keeper/jobs/adjust-supply/recompute.ts";
import { decideNote } from "@ftns/keeper/jobs/note-days/decide.ts";
import { decideRecord } from "@ftns/keeper/jobs/record-price/decide.ts";
import type { RecordSnapshot } from "@ftns/keeper/jobs/record-price/read.ts";
import { type ReportRules, decideReport } from "@ftns/keeper/jobs/report-price/decide.ts";
import type { ReportSnapshot } from "@ftns/keeper/jobs/report-price/read.ts";
import { WAD } from "@ftns/sdk/units.ts";

const NOW = 1_800_000_000n;
const HOUR = 3_600n;
const DAY = 86_400n;
const POLICY = `0x${"d".repeat(40)}`;
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
    sendersDay: 90n,
    observedAt: NOW - 10n,
  };
  /** The feed's last round, made at `updatedAt` by three reports. */
  const round = (updatedAt: bigint, price = 100_000_000n) => ({
    price,
    updatedAt,
    observedAt: updatedAt,
    since: updatedAt - HOUR,
    reports: 3n,
    confidence: (875n * WAD) / 1_000n,
  });
  /** What is signed of the market after that round, by a reporter that has only just begun. */
  const report = { ...market, since: NOW - HOUR, meanPrice: 0n };
  const rules: ReportRules = {
    intervalSec: 3_600,
    deviation: WAD / 100n,
    maxGapSec: 300,
    minSources: 1,
    maxSpread: WAD / 50n,
    maxObservationAgeSec: 300,
  };
  const seen = (change: Partial<ReportSnapshot> = {}): ReportSnapshot => ({
    head: HEAD,
    readings: [{ source: "s", data: market }],
    last: round(NOW - HOUR),
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
        const decision = decideReport(seen({ readings: [{ source: "s", failure: "down" }], last: round(last, 1n) }), rules);
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
      expect(decideReport(first, rules)).to.deep.include({
        kind: "act",
        args: { market: { ...market, since: 0n, meanPrice: 0n }, signers: [A, B] },
      });
    });
    it("reports what was signed, with the mean price since the last round", () => {
      const signed = { ...report, meanPrice: 99_000_000n };
      expect(decideReport(seen({ report: signed }), rules)).to.deep.include({ args: { market: signed, signers: [A, B] } });
    });
  });

  describe("given a fresh feed", () => {
    const fresh = round(NOW - HOUR + 1n);
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

  describe("P234: given a day that has begun since the last round", () => {
    /** 02:00 UTC. */
    const START = (NOW / DAY) * DAY + 7_200n;
    const at = (now: bigint, lastAt: bigint, observedAt = now, price = market.price) =>
      decideReport(
        seen({
          head: { ...HEAD, timestamp: now },
          readings: [{ source: "s", data: { ...market, observedAt, price } }],
          last: round(lastAt),
        }),
        rules,
      );
    it("reports before the interval is over, once what was seen is of the new day", () => {
      expect(at(START - 1n, START - 400n)).to.include({ kind: "wait", until: START });
      expect(at(START + 10n, START - 400n, START - 1n)).to.include({ kind: "nothing" });
      expect(at(START + 10n, START - 400n, START).kind).to.equal("act");
    });
    it("does so once: the next is due after the interval", () => {
      expect(at(START + 400n, START)).to.include({ kind: "wait", until: START + HOUR });
    });
    it("waits for the distance between rounds", () => {
      expect(at(START, START - 100n)).to.include({ kind: "wait", until: START + 200n });
    });
    it("reports a move at once all the same", () => {
      expect(at(START + 10n, START - 400n, START - 1n, 90_000_000n).kind).to.equal("act");
    });
  });

  describe("given a feed whose interval is over", () => {
    it("reports", () => {
      const decision = decideReport(seen(), rules);
      expect(decision).to.deep.include({ kind: "act", args: { market: report, signers: [A, B] } });
      expect(decision.reason).to.equal("the last update is 1 h old; the price is 1 USD");
    });
    it("signs with registered reporters only, and says who is not", () => {
      const reporters = [...seen().reporters, { address: C, registered: false }];
      const decision = decideReport(seen({ reporters }), rules);
      expect(decision).to.deep.include({ kind: "act", args: { market: report, signers: [A, B] } });
      expect(decision.reason).to.include(`${C} is not registered`);
    });
    it("waits until the next round may come, and does nothing when the sources saw nothing that new", () => {
      const often = { ...rules, intervalSec: 60 };
      expect(decideReport(seen({ last: round(NOW - 299n) }), often)).to.include({ kind: "wait", until: NOW + 1n });
      const last = round(NOW - 300n);
      const readings = (observedAt: bigint) => [{ source: "s", data: { ...market, observedAt } }];
      expect(decideReport(seen({ last, readings: readings(NOW - 1n) }), often)).to.include({ kind: "nothing" });
      expect(decideReport(seen({ last, readings: readings(NOW) }), often)).to.include({ kind: "act" });
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
    handsOver: false,
    knownUntil: NOW - HOUR,
    heartbeat: 3n * HOUR,
    hasNewRound: true,
    ...change,
  });

  it("does nothing for a feed that hands its rounds over, and says that it may be left out", () => {
    const decision = decideRecord(seen({ handsOver: true }), 3_600);
    expect(decision.kind).to.equal("nothing");
    expect(decision.reason).to.include("record-price may be left out");
  });

  it("waits until the interval is over, to the second", () => {
    expect(decideRecord(seen({ knownUntil: NOW - HOUR + 1n }), 3_600)).to.include({ kind: "wait", until: NOW + 1n });
    expect(decideRecord(seen(), 3_600)).to.include({ kind: "act", reason: "prices are known until 1 h ago" });
  });

  it("records the first time", () => {
    expect(decideRecord(seen({ knownUntil: 0n }), 3_600)).to.include({ kind: "act", reason: "nothing was recorded before" });
  });

  it("waits while the feed has no later round, and is broken when that takes longer than its heartbeat", () => {
    const quiet = (knownUntil: bigint) => decideRecord(seen({ hasNewRound: false, knownUntil }), 3_600).kind;
    expect([quiet(0n), quiet(NOW - 3n * HOUR), quiet(NOW - 3n * HOUR - 1n)]).to.deep.equal(["nothing", "wait", "broken"]);
    const until = (knownUntil: bigint) => decideRecord(seen({ hasNewRound: false, knownUntil }), 3_600);
    // First for the end of the interval, then for the feed.
    expect(until(NOW - HOUR + 1n)).to.include({ kind: "wait", until: NOW + 1n });
    expect(until(NOW - HOUR)).to.include({ kind: "wait", until: NOW + 2n * HOUR });
  });
});

describe("decisions of note-days", () => {
  const NEXT = 20_000n;
  const waiting = { policy: POLICY, usableDays: 0n, nextDay: NEXT };
  const boundary = (day: bigint) => day * 86_400n + 7_200n;
  const decide = (knownUntil: bigint, change = {}) =>
    decideNote({ head: HEAD, waiting: [{ ...waiting, ...change }], knownUntil });

  it("does nothing where no policy waits", () => {
    expect(decideNote({ head: HEAD, waiting: [], knownUntil: NOW })).to.include({ kind: "nothing" });
  });

  it("P385: acts in the second in which the day after the thirtieth is over, and not before", () => {
    expect(decide(boundary(NEXT + 31n) - 1n).kind).to.equal("nothing");
    expect(decide(boundary(NEXT + 31n))).to.deep.include({ kind: "act", args: { policy: POLICY } });
    expect(decide(0n).reason).to.include("needs 30 more days");
  });

  it("P385: after days that were not usable it waits until there may be enough again", () => {
    const change = { usableDays: 28n, nextDay: NEXT + 30n };
    expect(decide(boundary(NEXT + 32n), change).reason).to.include("needs 1 more days");
    expect(decide(boundary(NEXT + 33n), change).kind).to.equal("act");
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
    policy: POLICY,
    rule: { name: "roadmap" },
    recorded,
    window: { ...recorded, dailyAverages: [...recorded.dailyAverages] },
    adjustment: recompute(recorded, { name: "roadmap" }),
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
      RECORD_STALE: "check that report-price, or record-price for a foreign feed, is running",
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
    it("does nothing until a round has closed yesterday: the next one will", () => {
      const details = { availableAt: 0n, thinDay: 0n, coveredSec: 0n, neededSec: 0n };
      const decision = decideAdjust({ head: HEAD, refusal: "DAY_NOT_CLOSED", ...details });
      expect(decision.kind).to.equal("nothing");
      expect(decision.reason).to.include("has closed yesterday yet");
    });
    it("covers every refusal of the contract", () => {
      expect(REFUSALS).to.have.members([
        "NONE",
        "SUSPENDED",
        "ALREADY_ADJUSTED",
        "TOO_EARLY",
        "DAY_NOT_CLOSED",
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

  describe("P384: given another rule", () => {
    const path = { name: "path", launchPrice: (9n * WAD) / 10n } as const;

    it("adjusts by PathPolicy where that decides, and says so", () => {
      const decision = decideAdjust({ ...agreed(), rule: path, adjustment: recompute(recorded, path) });
      const { factor } = pathPolicy(recorded, path.launchPrice);
      expect(factor).to.equal((97n * WAD) / 100n);
      expect(decision).to.deep.include({ kind: "act", args: { expectedFactor: factor } });
      expect(decision.reason).to.match(
        /^by the path from 0\.9 USD, M should be 0\.\d+ times what it is: factor 0\.97, M from 2 to 1\.94$/,
      );
    });

    it("leaves M where it is before the launch price is known", () => {
      const rule = { name: "path", launchPrice: 0n } as const;
      const decision = decideAdjust({ ...agreed(), rule, adjustment: recompute(recorded, rule) });
      expect(decision).to.deep.include({ kind: "act", args: { expectedFactor: WAD } });
      expect(decision.reason).to.include("the path has no launch price yet: factor 1, M from 2 to 2");
    });

    it("refuses to send where the chain's numbers are those of the other rule, or of another launch price", () => {
      expect(decideAdjust({ ...agreed(), rule: path }).reason).to.match(/^MISMATCH/);
      const adjustment = recompute(recorded, { name: "path", launchPrice: path.launchPrice + 10n ** 6n });
      // The factor is at its limit for both; what is wanted isn't.
      expect(decideAdjust({ ...agreed(), rule: path, adjustment }).reason).to.match(/^MISMATCH.*baseFactor: chain/);
    });

    it("sends nothing for a policy that it does not know, and says what to do", () => {
      const decision = decideAdjust({ ...agreed(), rule: { name: "unknown" } });
      expect(decision.kind).to.equal("broken");
      expect(decision.reason)
        .to.include(`the policy at ${POLICY} is none that this keeper can work out, so nothing is sent: update the keeper`)
        .and.include("the chain's own factor 1.1");
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
