import { expect } from "chai";
import type { Wallet } from "ethers";
import { MAX_REPORT_AGE_SEC } from "@ftns/model";
import { LEFT_OUT_SEC, type Equivocation, ReportBook } from "@ftns/keeper/reporter/book.ts";
import { Exchange } from "@ftns/keeper/reporter/exchange.ts";
import { digestOf, faultOf, inFeedOrder, signReports } from "@ftns/keeper/reporter/signed.ts";
import { decodeReports, encodeReports } from "@ftns/keeper/reporter/wire.ts";
import { type MarketServer, startMarketServer } from "./market-server.ts";
import { signedBy } from "./signed.ts";
import { NOW, ID, WALLETS, A, B, C, REGISTERED, STRANGER, MARKET, ADMISSION, signed } from "./sightings.ts";

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
});
