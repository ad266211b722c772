import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ServiceError } from "@ftns/service/errors.ts";
import { combineReadings, median } from "@ftns/keeper/market/combine.ts";
import { fileSource } from "@ftns/keeper/market/file-source.ts";
import { httpSource } from "@ftns/keeper/market/http-source.ts";
import { type MarketData, type Reading, parseMarket } from "@ftns/keeper/market/source.ts";
import { WAD } from "@ftns/sdk/units.ts";
import { clientWith, failureOf } from "./market-server.ts";

const GOOD = {
  price: "1.25",
  volume6h: 50_000,
  meanVolume6h: "61000.5",
  txTotal: 120,
  txFailed: 3,
  sendersDay: 900,
  observedAt: 1_767_225_600,
};
const MARKET: MarketData = {
  price: 125_000_000n,
  volume6h: 5_000_000_000_000n,
  meanVolume6h: 6_100_050_000_000n,
  txTotal: 120n,
  txFailed: 3n,
  sendersDay: 900n,
  observedAt: 1_767_225_600n,
};

describe("market sources", () => {
  describe("parseMarket", () => {
    const faults: [string, unknown, string][] = [
      ["no JSON", "<html>", "no valid JSON"],
      ["a list", [], "unusable data"],
      ["a price of null", { ...GOOD, price: null }, "price must be a decimal number"],
      ["a volume without its mean", { ...GOOD, meanVolume6h: undefined }, "volume6h and meanVolume6h must come together"],
      ["failures without a total", { ...GOOD, txTotal: undefined }, "txTotal, txFailed and sendersDay must come together"],
      ["a time and nothing else", { observedAt: GOOD.observedAt }, "there must be a price, volumes or counts"],
      ["a negative price", { ...GOOD, price: -1 }, "price must be a plain decimal number"],
      ["a price of zero", { ...GOOD, price: 0 }, "price must be above zero"],
      ["a price below the smallest unit", { ...GOOD, price: "0.000000009" }, "price must be above zero"],
      ["a price in words", { ...GOOD, price: "1,25" }, "price must be a plain decimal number"],
      ["an endless price", { ...GOOD, price: "1e400" }, "price must be a plain decimal number"],
      ["half a transaction", { ...GOOD, txTotal: 1.5 }, "txTotal must be a whole number"],
      ["more failures than transactions", { ...GOOD, txFailed: 121 }, "txFailed must not be above txTotal"],
      ["no time", { ...GOOD, observedAt: null }, "observedAt must be a whole number"],
      ["a negative time", { ...GOOD, observedAt: -1 }, "observedAt must not be negative"],
    ];
    for (const [name, content, words] of faults) {
      it(`refuses ${name}, naming source and fault`, () => {
        const text = typeof content === "string" ? content : JSON.stringify(content);
        expect(() => parseMarket("exchange", text))
          .to.throw(ServiceError, "exchange")
          .with.property("message")
          .that.includes(words);
      });
    }
    it("takes numbers and decimal strings, cut off at 8 decimals", () => {
      expect(parseMarket("x", JSON.stringify(GOOD))).to.deep.equal(MARKET);
      expect(parseMarket("x", JSON.stringify({ ...GOOD, price: 1.25e-7, volume6h: "7.123456789" }))).to.include({
        price: 12n,
        volume6h: 712_345_678n,
      });
    });
    it("takes a source that knows a part of the market", () => {
      const { txTotal, txFailed, sendersDay, observedAt } = GOOD;
      expect(parseMarket("x", JSON.stringify({ txTotal, txFailed, sendersDay, observedAt }))).to.deep.equal({
        txTotal: 120n,
        txFailed: 3n,
        sendersDay: 900n,
        observedAt: MARKET.observedAt,
      });
    });
  });

  describe("file source", () => {
    const folder = mkdtempSync(join(tmpdir(), "ftns-keeper-market-"));
    it("says which file it cannot read", async () => {
      const path = join(folder, "none.json");
      expect(await failureOf(fileSource("backup", path).read()))
        .to.include("backup")
        .and.include(path);
    });
    it("refuses a file that is far too long to be one market", async () => {
      const path = join(folder, "long.json");
      writeFileSync(path, JSON.stringify(GOOD) + " ".repeat(65_536));
      expect(await failureOf(fileSource("backup", path).read())).to.include("more than 65536 bytes");
    });
    it("refuses a half-written file", async () => {
      const path = join(folder, "half.json");
      writeFileSync(path, JSON.stringify(GOOD).slice(0, 30));
      expect(await failureOf(fileSource("backup", path).read())).to.include("no valid JSON");
    });
    it("reads a good one", async () => {
      const path = join(folder, "good.json");
      writeFileSync(path, JSON.stringify(GOOD));
      expect(await fileSource("backup", path).read()).to.deep.equal(MARKET);
    });
  });

  describe("HTTP source", () => {
    let server: Server;
    let answer: RequestListener;
    let url: string;
    before(async () => {
      server = createServer((request, response) => answer(request, response));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/price?key=api-key-8472`;
    });
    after(() => {
      server.closeAllConnections();
      server.close();
    });
    const read = (timeoutMs = 2_000) => httpSource("exchange", url, clientWith({ timeoutMs, maxBytes: 65_536 })).read();

    const faults: [string, RequestListener, string][] = [
      ["an HTTP error", (_, response) => response.writeHead(429).end("slow down"), "HTTP status 429"],
      ["a redirect", (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(), "could not be reached"],
      ["a dropped connection", (request) => request.socket.destroy(), "could not be reached"],
      [
        "a truncated body",
        (_, response) => response.writeHead(200, { "content-length": 1_000 }).end("{").destroy(),
        "could not be reached",
      ],
      ["an endless body", (_, response) => response.end("x".repeat(70_000)), "more than 65536 bytes"],
      ["no JSON", (_, response) => response.end("<html>"), "no valid JSON"],
      ["wrong types", (_, response) => response.end(JSON.stringify({ ...GOOD, price: {} })), "price must be a decimal number"],
    ];
    for (const [name, listener, words] of faults) {
      it(`fails on ${name}, without the URL and its key`, async () => {
        answer = listener;
        expect(await failureOf(read()))
          .to.include("exchange")
          .and.include(words)
          .and.not.include("8472");
      });
    }
    it("gives up on a silent server after its timeout", async () => {
      answer = () => undefined;
      expect(await failureOf(read(100)))
        .to.include("did not answer within 100 ms")
        .and.not.include("8472");
    });
    it("gives up on a server that stops in the middle of the body", async () => {
      answer = (_, response) => void response.writeHead(200).write("{");
      expect(await failureOf(read(100))).to.include("did not answer within 100 ms");
    });
    it("reads a good answer", async () => {
      answer = (_, response) => response.end(JSON.stringify(GOOD));
      expect(await read()).to.deep.equal(MARKET);
    });
  });

  describe("combineReadings", () => {
    const now = MARKET.observedAt + 10n;
    const rules = { minSources: 1, maxSpread: WAD / 50n, maxObservationAgeSec: 300 };
    const reading = (source: string, change: Partial<MarketData> = {}): Reading => ({
      source,
      data: { ...MARKET, ...change },
    });
    const failureWith = (readings: Reading[], change = {}) => {
      const combined = combineReadings(readings, now, { ...rules, ...change });
      return "failure" in combined ? combined.failure : expect.fail("combined all the same");
    };
    const marketOf = (readings: Reading[], change = {}) => {
      const combined = combineReadings(readings, now, { ...rules, ...change });
      return "failure" in combined ? expect.fail(combined.failure) : combined;
    };

    it("fails when every source failed, with their reasons", () => {
      expect(failureWith([{ source: "a", failure: "down" }])).to.equal("0 of 1 market sources are usable, 1 needed (a: down)");
    });
    it("fails on stale data", () => {
      const words = failureWith([reading("a", { observedAt: now - 301n })]);
      expect(words).to.include("observed 5 min 1 s ago, at most 5 min allowed");
    });
    it("fails on data from the future", () => {
      expect(failureWith([reading("a", { observedAt: now + 121n })])).to.include(
        "after the chain's latest block; a clock is wrong",
      );
    });
    it("fails when too few agree", () => {
      const words = failureWith([reading("a"), reading("b"), reading("c", { price: MARKET.price * 10n })], {
        minSources: 3,
      });
      expect(words).to.equal("2 of 3 market sources are usable, 3 needed (c: too far from the median of the sources)");
    });
    it("fails when two sources contradict each other: neither is known to be right", () => {
      expect(failureWith([reading("a"), reading("b", { price: MARKET.price * 10n })])).to.include("0 of 2");
    });
    it("takes data exactly as old as allowed", () => {
      expect(marketOf([reading("a", { observedAt: now - 300n })]).market.observedAt).to.equal(now - 300n);
    });
    it("dates an observation just ahead of the latest block at that block", () => {
      expect(marketOf([reading("a", { observedAt: now + 120n })]).market.observedAt).to.equal(now);
    });
    it("leaves out a liar and dates the result at the oldest reading used", () => {
      const combined = marketOf([
        reading("a", { price: 100n, observedAt: now - 5n }),
        reading("b", { price: 102n, observedAt: now - 9n }),
        reading("liar", { price: 1_000n, observedAt: now - 99n }),
      ]);
      expect(combined.market).to.include({ price: 101n, observedAt: now - 9n });
      expect(combined.sources).to.deep.equal(["a", "b"]);
      expect(combined.leftOut).to.deep.equal(["liar: too far from the median of the sources"]);
    });
    it("holds a source to a limit of its own", () => {
      const strict = { ...reading("a", { observedAt: now - 31n }), maxAgeSec: 30 };
      expect(failureWith([strict])).to.include("observed 31 s ago, at most 30 s allowed");
    });
    it("fails when nobody knows the volumes, or the transactions", () => {
      const { price, volume6h, meanVolume6h, txTotal, txFailed, sendersDay, observedAt } = MARKET;
      const a = { source: "a", data: { price, txTotal, txFailed, sendersDay, observedAt } };
      const b = { source: "b", data: { price, volume6h, meanVolume6h, observedAt } };
      expect(failureWith([a])).to.equal("no usable market source gives volumes");
      expect(failureWith([b])).to.equal("no usable market source counts accounts");
      expect(marketOf([a, b]).market).to.deep.equal(MARKET);
    });
    it("never counts a source without a price among those that agree", () => {
      const { txTotal, txFailed, sendersDay, observedAt } = MARKET;
      const counter = { source: "node", data: { txTotal, txFailed, sendersDay, observedAt } };
      expect(failureWith([reading("a"), counter], { minSources: 2 })).to.include("1 of 1 market sources are usable");
    });
    it("P96: takes volumes from one source, so that sources of different scope look like no crash", () => {
      const volumes = (volume6h: bigint, meanVolume6h: bigint) => ({ volume6h, meanVolume6h });
      const { market } = marketOf([
        reading("small", volumes(100n, 100n)),
        reading("large", volumes(1_000n, 1_000n)),
        reading("odd", volumes(10n, 2_000n)),
      ]);
      expect(market.volume6h).to.equal(market.meanVolume6h);
    });
    it("takes the calmer of two sources for volumes and failures", () => {
      const { market } = marketOf([
        reading("a", { volume6h: 1n, meanVolume6h: 100n, txTotal: 50n, txFailed: 50n }),
        reading("b", { volume6h: 90n, meanVolume6h: 100n, txTotal: 40n, txFailed: 1n }),
      ]);
      expect(market).to.include({ volume6h: 90n, meanVolume6h: 100n, txTotal: 40n, txFailed: 1n });
    });
    it("leaves out the volumes of a liar, too", () => {
      const liar = reading("liar", { price: 1n, volume6h: 9n, meanVolume6h: 1n });
      expect(marketOf([reading("a"), reading("b"), liar]).market.volume6h).to.equal(MARKET.volume6h);
    });
    it("keeps a source exactly at the allowed spread", () => {
      expect(
        marketOf([reading("a", { price: 98n }), reading("b", { price: 100n }), reading("c", { price: 102n })]).sources,
      ).to.have.length(3);
    });
  });

  describe("median", () => {
    it("of nothing is an error", () => {
      expect(() => median([])).to.throw(RangeError);
    });
    it("is the middle, or the mean of the two middle values rounded down", () => {
      expect(median([3n, 1n, 2n])).to.equal(2n);
      expect(median([10n, 1n, 4n, 3n])).to.equal(3n);
    });
  });
});
