import { expect } from "chai";
import { Wallet } from "ethers";
import { MAX_REPORT_AGE_SEC } from "@ftns/model";
import { decideGathered } from "@ftns/keeper/jobs/report-price/gathered.ts";
import type { LastRound, ReportSnapshot } from "@ftns/keeper/jobs/report-price/read.ts";
import { LEFT_OUT_SEC, type Equivocation, ReportBook } from "@ftns/keeper/reporter/book.ts";
import { Exchange } from "@ftns/keeper/reporter/exchange.ts";
import { digestOf, faultOf, inFeedOrder, signReports } from "@ftns/keeper/reporter/signed.ts";
import { decodeReports, encodeReports } from "@ftns/keeper/reporter/wire.ts";
import { confidenceOf, type MarketReport } from "@ftns/model";
import { WAD } from "@ftns/sdk/units.ts";
import { REPORTER_KEYS } from "./chain.ts";
import { type MarketServer, startMarketServer } from "./market-server.ts";
import { signedBy } from "./signed.ts";

const NOW = 1_800_000_000n;
const ID = { chainId: 31_337, feed: `0x${"1".repeat(40)}` };
const WALLETS = REPORTER_KEYS.map((key) => new Wallet(key));
const [A, B, C] = WALLETS as [Wallet, Wallet, Wallet];
const REGISTERED = WALLETS.map(({ address }) => address);
const STRANGER = new Wallet(`0x${"77".repeat(32)}`);
const MARKET: MarketReport = {
  price: 125_000_000n,
  meanPrice: 124_000_000n,
  since: NOW - 3_600n,
  volume6h: 50n,
  meanVolume6h: 60n,
  txTotal: 100n,
  txFailed: 2n,
  sendersDay: 900n,
  observedAt: NOW - 10n,
};
const ADMISSION = { registered: REGISTERED, now: NOW, maxAgeSec: 300 };
const signed = (wallet: Wallet, change: Partial<MarketReport> = {}, id = ID) =>
  signedBy([wallet], { ...MARKET, ...change }, id)[0]!;

describe("reporter", () => {
  describe("faultOf", () => {
    const good = signed(A);
    const cut = (text: string) => `${text.slice(0, -4)}00${text.slice(-2)}`;
    const faults: [string, ReturnType<typeof signed>, string][] = [
      ["a stranger's", signed(STRANGER), "no registered reporter"],
      ["one in another's name", { ...good, reporter: B.address }, "signature does not hold"],
      ["one changed afterwards", { ...good, report: { ...MARKET, price: 1n } }, "signature does not hold"],
      ["one for another chain", signed(A, {}, { ...ID, chainId: 1 }), "signature does not hold"],
      ["one for another feed", signed(A, {}, { ...ID, feed: `0x${"2".repeat(40)}` }), "signature does not hold"],
      ["a damaged signature", { ...good, signature: cut(good.signature) }, "signature does not hold"],
      ["a signature of zeros", { ...good, signature: `0x${"00".repeat(65)}` }, "signature does not hold"],
      ["one that is too old", signed(A, { observedAt: NOW - 301n }), "5 min 1 s old"],
      ["one from the future", signed(A, { observedAt: NOW + 1n }), "1 s after the latest block"],
      ["a price of zero", signed(A, { price: 0n }), "price is out of bounds"],
      ["a price beyond the feed's limit", signed(A, { price: 10n ** 18n + 1n }), "price is out of bounds"],
      ["a volume beyond the feed's limit", signed(A, { meanVolume6h: 10n ** 21n + 1n }), "volumes are out of bounds"],
      ["a mean beyond the feed's limit", signed(A, { meanPrice: 10n ** 18n + 1n }), "mean price is out of bounds"],
      ["one that follows a later round", signed(A, { since: NOW - 9n }), "follows a round that is later"],
      ["too many accounts", signed(A, { txTotal: 16_000_001n }), "accounts are out of bounds"],
      ["too many accounts of the day", signed(A, { sendersDay: 16_000_001n }), "accounts are out of bounds"],
      ["more failures than accounts", signed(A, { txFailed: 101n }), "more failures than accounts"],
    ];
    for (const [name, report, words] of faults) {
      it(`P97: refuses ${name}`, () => expect(faultOf(report, ID, ADMISSION)).to.include(words));
    }
    it("takes a good one, also exactly as old as allowed", () => {
      expect(faultOf(good, ID, ADMISSION)).to.equal(undefined);
      expect(faultOf(signed(A, { observedAt: NOW - 300n }), ID, ADMISSION)).to.equal(undefined);
    });
  });

  describe("the form on the wire", () => {
    const text = encodeReports(ID, signedBy(WALLETS, MARKET, ID));
    const changed = (change: (answer: any) => void) => {
      const answer = JSON.parse(text);
      change(answer);
      return decodeReports(answer, ID);
    };
    const faults: [string, (answer: any) => void, string][] = [
      ["another chain", (answer) => (answer.chainId = 1), "on chain 1"],
      ["another feed", (answer) => (answer.feed = `0x${"2".repeat(40)}`), "reports for the feed 0x2222"],
      ["numbers instead of text", (answer) => (answer.reports[0].report.price = 1), "reports.0.report.price"],
      ["a negative number", (answer) => (answer.reports[0].report.price = "-1"), "reports.0.report.price"],
      ["a number without end", (answer) => (answer.reports[0].report.price = "9".repeat(31)), "reports.0.report.price"],
      ["a short signature", (answer) => (answer.reports[0].signature = "0x12"), "reports.0.signature"],
      ["a field too many", (answer) => (answer.reports[0].extra = 1), "reports.0"],
      ["a crowd", (answer) => (answer.reports = Array(33).fill(answer.reports[0])), "at reports"],
      ["no report", (answer) => (answer.reports = []), "has no report yet"],
    ];
    for (const [name, change, words] of faults) {
      it(`refuses ${name}`, () => {
        const decoded = changed(change);
        expect("fault" in decoded && decoded.fault).to.include(words);
      });
    }
    for (const raw of [null, [], "text", 1, {}]) {
      it(`refuses ${JSON.stringify(raw)}`, () => expect(decodeReports(raw, ID)).to.have.property("fault"));
    }
    it("gives back what was signed", async () => {
      const decoded = decodeReports(JSON.parse(text), ID);
      expect("reports" in decoded && decoded.reports).to.deep.equal(await signReports(MARKET, WALLETS, ID));
    });
  });

  describe("ReportBook", () => {
    const note = (book: ReportBook, report: ReturnType<typeof signed>, now = NOW) =>
      book.note(report, digestOf(report.report, ID), now);

    it("says nothing of the same report again, of another time, or of another reporter", () => {
      const book = new ReportBook();
      for (const report of [signed(A), signed(A), signed(A, { observedAt: NOW - 9n, price: 1n }), signed(B, { price: 7n })])
        expect(note(book, report)).to.equal(undefined);
      expect(book.isLeftOut(A.address, NOW)).to.equal(false);
    });
    it("P98: proves two stories of the same second once, and leaves their teller out for an hour", () => {
      const book = new ReportBook();
      note(book, signed(A));
      const proof = note(book, signed(A, { price: 7n }));
      expect(proof).to.deep.equal({ reporter: A.address, first: signed(A), second: signed(A, { price: 7n }) });
      expect(note(book, signed(A, { price: 8n }))).to.equal(undefined);
      expect(book.isLeftOut(A.address, NOW + LEFT_OUT_SEC - 1n)).to.equal(true);
      expect(book.isLeftOut(A.address, NOW + LEFT_OUT_SEC)).to.equal(false);
      expect(book.isLeftOut(B.address, NOW)).to.equal(false);
    });
    it("remembers a report for as long as the feed takes it, to the second", () => {
      for (const [age, known] of [
        [MAX_REPORT_AGE_SEC, true],
        [MAX_REPORT_AGE_SEC + 1n, false],
      ] as const) {
        const book = new ReportBook();
        note(book, signed(A, { observedAt: NOW }));
        note(book, signed(A, { observedAt: NOW + age }), NOW + age);
        expect(book.knows(A.address, NOW)).to.equal(known);
      }
    });
    it("knows the latest report of each, in whatever order they came", () => {
      const book = new ReportBook();
      for (const observedAt of [NOW - 5n, NOW - 1n, NOW - 3n]) note(book, signed(A, { observedAt }));
      expect(book.latestOf(A.address)).to.deep.equal(signed(A, { observedAt: NOW - 1n }));
      expect(book.latestOf(B.address)).to.equal(undefined);
    });
  });

  describe("exchange", () => {
    let server: MarketServer;
    let warned: Equivocation[];
    before(async () => {
      server = await startMarketServer();
    });
    beforeEach(() => {
      warned = [];
    });
    after(() => server.close());
    const open = (wallets: Wallet[], peers = ["p"], timeoutMs = 1_000) =>
      new Exchange(
        ID,
        wallets,
        peers.map((name) => ({ name, url: `${server.url}/${name}/` })),
        timeoutMs,
        (proof) => warned.push(proof),
      );
    const serve = (answers: Record<string, string>) => {
      server.answer = (request, response) => response.end(answers[request.url!.split("/")[1]!]);
    };
    const gather = async (exchange: Exchange, now = NOW) => exchange.settle(await exchange.ask(), { ...ADMISSION, now });

    it("serves nothing before it has seen a market, then its own report, signed by registered keys only", async () => {
      const exchange = open([A, STRANGER]);
      expect(JSON.parse(exchange.served).reports).to.deep.equal([]);
      await exchange.publish(MARKET, REGISTERED);
      expect(decodeReports(JSON.parse(exchange.served), ID)).to.deep.equal({ reports: [signed(A)] });
    });
    it("P98: never signs twice for one second, nor for an earlier one", async () => {
      const exchange = open([A]);
      await exchange.publish(MARKET, REGISTERED);
      await exchange.publish({ ...MARKET, price: 7n }, REGISTERED);
      await exchange.publish({ ...MARKET, price: 8n, observedAt: MARKET.observedAt - 1n }, REGISTERED);
      expect(decodeReports(JSON.parse(exchange.served), ID)).to.deep.equal({ reports: [signed(A)] });
      await exchange.publish({ ...MARKET, price: 9n, observedAt: MARKET.observedAt + 1n }, REGISTERED);
      expect(exchange.served).to.include('"price":"9"');
    });
    it("gathers its own and its peers' reports, the newest of each reporter once", async () => {
      const exchange = open([A], ["b", "c"]);
      await exchange.publish(MARKET, REGISTERED);
      const newer = signed(B, { price: 9n, observedAt: NOW - 5n });
      serve({ b: encodeReports(ID, [signed(B)]), c: encodeReports(ID, [newer, signed(C), signed(A)]) });
      const { reports, faults } = await gather(exchange);
      expect(inFeedOrder(reports)).to.deep.equal(inFeedOrder([signed(A), newer, signed(C)]));
      expect(faults).to.deep.equal([]);
    });
    it("goes on without peers that are silent, broken, oversized or lying, and names each", async () => {
      const exchange = open([A], ["silent", "html", "huge", "stranger", "b"], 200);
      await exchange.publish(MARKET, REGISTERED);
      const answers: Record<string, string> = {
        html: "<html>",
        huge: "x".repeat(70_000),
        stranger: encodeReports(ID, [signed(STRANGER), { ...signed(A), reporter: C.address }]),
        b: encodeReports(ID, [signed(B)]),
      };
      server.answer = (request, response) => {
        const name = request.url!.split("/")[1]!;
        if (name !== "silent") response.end(answers[name]);
      };
      const { reports, faults } = await gather(exchange);
      expect(inFeedOrder(reports)).to.deep.equal(inFeedOrder([signed(A), signed(B)]));
      const words = ["silent: The peer silent did not answer", "html: ", "huge: ", STRANGER.address, C.address];
      expect(faults).to.have.length(words.length);
      for (const [index, word] of words.entries()) expect(faults[index]).to.include(word);
    });
    it("P98: notices a reporter that tells its peers different stories, and uses neither", async () => {
      const exchange = open([A], ["b", "c"]);
      await exchange.publish(MARKET, REGISTERED);
      const lie = signed(B, { price: 1_250_000_000n });
      serve({ b: encodeReports(ID, [signed(B)]), c: encodeReports(ID, [lie]) });
      const { reports, faults } = await gather(exchange);
      expect(reports).to.deep.equal([signed(A)]);
      expect(faults).to.deep.equal([`${B.address}: signed two different reports for the same time`]);
      expect(warned).to.deep.equal([{ reporter: B.address, first: signed(B), second: lie }]);

      serve({ b: encodeReports(ID, [signed(B, { observedAt: NOW + 50n })]), c: "" });
      expect((await gather(exchange, NOW + 60n)).reports.map(({ reporter }) => reporter)).to.deep.equal([A.address]);
      expect(warned).to.have.length(1);
    });
  });

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
});
