import { expect } from "chai";
import type { Wallet } from "ethers";
import { decideGathered } from "@ftns/keeper/jobs/report-price/gathered.ts";
import type { LastRound, ReportSnapshot } from "@ftns/keeper/jobs/report-price/read.ts";
import { inFeedOrder } from "@ftns/keeper/reporter/signed.ts";
import { confidenceOf } from "@ftns/model";
import { WAD } from "@ftns/sdk/units.ts";
import { NOW, WALLETS, A, B, C, STRANGER, MARKET, signed } from "./sightings.ts";

describe("decideGathered", () => {
  const rules = {
    intervalSec: 3_600,
    deviation: WAD / 100n,
    maxGapSec: 300,
    minSources: 1,
    maxSpread: WAD / 50n,
    maxObservationAgeSec: 300,
    exchange: { patienceSec: 120 },
  };
  const round = (updatedAt: bigint, change: Partial<LastRound> = {}): LastRound => ({
    price: 125_000_000n,
    observedAt: updatedAt,
    updatedAt,
    since: updatedAt - 3_600n,
    reports: 3n,
    confidence: WAD,
    ...change,
  });
  const fresh = round(NOW - 400n);
  const due = round(NOW - 3_600n);
  const overdue = round(NOW - 3_720n);
  const all = WALLETS.map((wallet) => signed(wallet));
  const decide = (change: Partial<ReportSnapshot> = {}, reports = all, faults: string[] = [], by = rules, recent = reports) => {
    const seen: ReportSnapshot = {
      head: { number: 1, timestamp: NOW, baseFee: 1n },
      readings: [{ source: "s", data: MARKET }],
      quorum: 2n,
      reporters: [{ address: A.address, registered: true }],
      ...change,
    };
    return decideGathered(seen, { reports, recent, faults, registered: 3 }, by);
  };

  it("is broken when it is due and too few reports are usable, and says what is missing", () => {
    const decision = decide({ last: due }, [signed(A)], ["the peer b: down"]);
    expect(decision.kind).to.equal("broken");
    expect(decision.reason).to.equal("1 report is usable and the feed needs 2 (left out the peer b: down)");
  });
  it("never counts a report that is too soon for the next round, or far from the others", () => {
    const often = { ...rules, intervalSec: 60 };
    const of = (last: LastRound, ...reports: ReturnType<typeof signed>[]) => decide({ last }, reports, [], often).kind;
    const last = round(NOW - 310n);
    expect(of(last, signed(A), signed(B))).to.equal("act");
    expect(of(last, signed(A), signed(B, { observedAt: NOW - 11n }))).to.equal("broken");
    expect(of(overdue, signed(A), signed(B, { observedAt: NOW - 130n }))).to.equal("act");
    expect(of(overdue, signed(A), signed(B, { observedAt: NOW - 131n }))).to.equal("broken");
  });
  it("P94: is broken when our own sources fail, also when nothing is due", () => {
    const readings = [{ source: "s", failure: "down" }];
    expect(decide({ last: fresh, readings })).to.deep.include({ kind: "broken" });
  });
  it("P94: is broken when our own key is not registered", () => {
    const reporters = [{ address: STRANGER.address, registered: false }];
    expect(decide({ last: fresh, reporters }).reason).to.include("is not registered");
  });
  it("carries the others' reports when it is due and our own sources fail, and says so", () => {
    const decision = decide({ last: overdue, readings: [{ source: "s", failure: "down" }] }, [signed(B), signed(C)]);
    expect(decision.kind).to.equal("act");
    expect(decision.reason).to.include("0 of 1 market sources are usable, 1 needed (s: down)");
  });
  it("waits while nothing is due, with or without a quorum", () => {
    for (const reports of [all, []])
      expect(decide({ last: fresh }, reports)).to.include({ kind: "wait", until: fresh.updatedAt + 3_600n });
  });
  it("submits all usable reports in the feed's order when it is due, and for the first price", () => {
    for (const last of [{ last: due }, {}]) {
      const decision = decide(last, [...all].reverse());
      expect(decision).to.deep.include({ kind: "act", args: { reports: inFeedOrder(all) } });
    }
  });
  it("waits for the reports that are missing, but not for ever", () => {
    const two = [signed(A), signed(C)];
    expect(decide({ last: due }, two)).to.include({ kind: "wait", until: NOW + 120n });
    expect(decide({ last: { ...overdue, updatedAt: overdue.updatedAt + 1n } }, two).kind).to.equal("wait");
    expect(decide({ last: overdue }, two).kind).to.equal("act");
  });
  it("P99: follows a thin round by a better one, once the next may come, and only when it would be surer", () => {
    const thin = round(NOW - 310n, { reports: 2n, confidence: confidenceOf(2, 0) });
    const decision = decide({ last: thin });
    expect(decision.kind).to.equal("act");
    expect(decision.reason).to.include("the confidence would be 87.5 % and not just 75 %");
    expect(decide({ last: round(NOW - 309n, { ...thin, observedAt: NOW - 309n }) }).kind).to.equal("wait");
    expect(decide({ last: thin }, [signed(A), signed(B)]).kind).to.equal("wait");
    expect(decide({ last: thin }, [signed(A), signed(B), signed(C, { price: 7n })]).kind).to.equal("wait");
    expect(decide({ last: { ...thin, confidence: WAD } }).kind).to.equal("wait");
  });
  describe("P151: given a round that somebody hurried with a part of the reports", () => {
    const hurried = (reports: bigint, since = MARKET.since) =>
      round(NOW - 5n, { observedAt: NOW - 10n, since, reports, confidence: confidenceOf(Number(reports), 0) });
    it("submits more reports that follow the same round at once", () => {
      expect(decide({ last: hurried(2n) })).to.deep.include({ kind: "act", args: { reports: inFeedOrder(all) } });
    });
    it("never submits as many again, or reports that follow another round", () => {
      expect(decide({ last: hurried(3n) }).kind).to.equal("wait");
      expect(decide({ last: hurried(2n, MARKET.since - 1n) }).kind).to.equal("wait");
    });
    it("P270: submits as many or fewer in place of a round that left a gap, if a quorum of them knows the mean", () => {
      const gap = { ...round(NOW - 120n, { ...hurried(3n), updatedAt: NOW - 120n, observedAt: NOW - 125n }), gap: true };
      const { kind, reason } = decide({ last: gap });
      expect([kind, reason.split(";")[0]]).to.deep.equal(["act", "the last round left a gap"]);
      expect(decide({ last: gap }, [signed(A), signed(B)]).kind).to.equal("act");
      expect(decide({ last: gap }, [signed(A), signed(B, { meanPrice: 0n })]).kind).to.equal("wait");
      expect(decide({ last: gap }, [signed(A), signed(B, { meanPrice: 5n })]).kind).to.equal("wait");
      expect(decide({ last: { ...gap, gap: false } }).kind).to.equal("wait");
    });
    it("P169: waits for those who are still missing, so that it is replaced once", () => {
      const two = [signed(A), signed(B)];
      expect(decide({ last: hurried(1n) }, two).kind).to.equal("wait");
      const late = round(NOW - 120n, { ...hurried(1n), updatedAt: NOW - 120n, observedAt: NOW - 125n });
      expect(decide({ last: late }, two).kind).to.equal("act");
      // However patient: the next round may come after five minutes.
      const patient = { ...rules, exchange: { patienceSec: 600 } };
      const at = (age: bigint) => decide({ last: { ...late, updatedAt: NOW - age } }, two, [], patient).kind;
      expect([at(149n), at(150n)]).to.deep.equal(["wait", "act"]);
    });
    it("waits when more reports would not mean more confidence", () => {
      const reports = [signed(A), signed(B), signed(C, { price: 7n })];
      expect(decide({ last: hurried(2n) }, reports).kind).to.equal("wait");
    });
  });
  it("P168: sends nothing that fewer than a quorum agree on, and names what each reporter says", () => {
    const reports = [signed(A), signed(B, { price: 12_500_000n })];
    for (const last of [{}, { last: fresh }, { last: due }, { last: overdue }]) {
      const decision = decide(last, reports);
      expect(decision.kind).to.equal("broken");
      expect(decision.reason)
        .to.include("only 0 of 2 reports are within 2 % of their median and the feed needs 2")
        .and.include(`${B.address} says 0.125 USD`);
    }
    expect(decide({ last: overdue }, [...reports, signed(C)]).kind).to.equal("act");
  });
  it("submits early when the median has moved and all have told, not when one liar has", () => {
    const at = (...prices: bigint[]) => WALLETS.map((wallet, index) => signed(wallet, { price: prices[index]! }));
    expect(decide({ last: fresh }, at(1_250_000_000n, 125_000_000n, 125_000_000n)).kind).to.equal("wait");
    expect(decide({ last: fresh }, at(127_000_000n, 127_000_000n, 125_000_000n)).kind).to.equal("act");
  });
  describe("P234: given a day that has begun since the last round", () => {
    const START = (NOW / 86_400n) * 86_400n + 7_200n;
    const decideAt = (now: bigint, ages: bigint[], last = round(START - 400n)) => {
      const reports = ages.map((age, index) => signed(WALLETS[index]!, { observedAt: now - age }));
      const readings = [{ source: "s", data: { ...MARKET, observedAt: now - 5n } }];
      return decide({ head: { number: 1, timestamp: now, baseFee: 1n }, last, readings }, reports);
    };
    it("is due at once, with reports of the new day only", () => {
      expect(decideAt(START - 1n, [1n, 2n, 3n])).to.include({ kind: "wait", until: START });
      const decision = decideAt(START + 20n, [1n, 2n, 20n]);
      expect(decision.kind === "act" && decision.args.reports.length).to.equal(3);
      expect(decideAt(START + 20n, [1n, 2n, 21n])).to.include({ kind: "wait", until: START + 120n });
    });
    it("is not broken while the others' reports of the new day may still come", () => {
      const early = decideAt(START + 20n, [1n, 30n, 30n]);
      expect(early).to.include({ kind: "wait", until: START + 120n });
      expect(early.reason).to.include("may still tell of the new day");
      expect(decideAt(START + 120n, [1n, 121n, 121n]).kind).to.equal("broken");
      const late = decideAt(START + 120n, [1n, 2n, 121n]);
      expect(late.kind === "act" && late.args.reports.length).to.equal(2);
    });
  });
  describe("P169: given a move that not all have told yet", () => {
    const moved = (wallet: Wallet, age: bigint, price = 127_000_000n) => signed(wallet, { price, observedAt: NOW - age });
    const decideOn = (recent: ReturnType<typeof signed>[]) =>
      decide({ last: fresh }, [moved(A, 5n), moved(B, 5n)], [], rules, [moved(A, 5n), moved(B, 5n), ...recent]).kind;
    it("waits for the others, so that one transaction carries all of them", () => {
      expect(decideOn([])).to.equal("wait");
      expect(decideOn([moved(A, 119n), moved(B, 119n)])).to.equal("wait");
    });
    it("goes without them once a quorum has seen the move for as long as a due update waits", () => {
      expect(decideOn([moved(A, 120n), moved(B, 120n)])).to.equal("act");
      expect(decideOn([moved(A, 120n), moved(A, 130n), moved(B, 119n)])).to.equal("wait");
      expect(decideOn([moved(A, 120n), moved(B, 120n, 125_000_000n)])).to.equal("wait");
    });
    it("does not count what was seen before the last round", () => {
      expect(decideOn([moved(A, 400n), moved(B, 400n)])).to.equal("wait");
    });
    it("tells of an attack at once", () => {
      const attacked = { txTotal: 100n, txFailed: 60n, sendersDay: 500n };
      expect(decide({ last: fresh }, [signed(A, attacked), signed(B, attacked)]).kind).to.equal("act");
    });
  });
});
