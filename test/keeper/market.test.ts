import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { KeeperError } from "../../keeper/src/errors.ts";
import { combineReadings, median } from "../../keeper/src/market/combine.ts";
import { fileSource } from "../../keeper/src/market/file-source.ts";
import { httpSource } from "../../keeper/src/market/http-source.ts";
import { type MarketData, type Reading, parseMarket } from "../../keeper/src/market/source.ts";
import { WAD } from "../../keeper/src/units.ts";

const GOOD = {
  price: "1.25",
  volume6h: 50_000,
  meanVolume6h: "61000.5",
  txTotal: 120,
  txFailed: 3,
  observedAt: 1_767_225_600,
};
const MARKET: MarketData = {
  price: 125_000_000n,
  volume6h: 5_000_000_000_000n,
  meanVolume6h: 6_100_050_000_000n,
  txTotal: 120n,
  txFailed: 3n,
  observedAt: 1_767_225_600n,
};

async function failureOf(reading: Promise<unknown>): Promise<string> {
  const result = await reading.catch((error: unknown) => error);
  if (result instanceof KeeperError) return result.advice;
  return expect.fail(`no KeeperError: ${String(result)}`);
}

describe("market sources", () => {
  describe("parseMarket", () => {
    const faults: [string, unknown, string][] = [
      ["no JSON", "<html>", "no valid JSON"],
      ["a list", [], "unusable data"],
      ["no price", { ...GOOD, price: undefined }, "price must be a decimal number"],
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
          .to.throw(KeeperError, "exchange")
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
  });

  describe("file source", () => {
    const folder = mkdtempSync(join(tmpdir(), "ftns-keeper-market-"));
    it("says which file it cannot read", async () => {
      const path = join(folder, "none.json");
      expect(await failureOf(fileSource("backup", path).read()))
        .to.include("backup")
        .and.include(path);
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
    const read = (timeoutMs = 2_000) => httpSource("exchange", url, timeoutMs).read();

    const faults: [string, RequestListener, string][] = [
      ["an HTTP error", (_, response) => response.writeHead(429).end("slow down"), "HTTP status 429"],
      [
        "a redirect",
        (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
        "could not be reached",
      ],
      ["a dropped connection", (request) => request.socket.destroy(), "could not be reached"],
      [
        "a truncated body",
        (_, response) => response.writeHead(200, { "content-length": 1_000 }).end("{").destroy(),
        "could not be reached",
      ],
      ["an endless body", (_, response) => response.end("x".repeat(70_000)), "more than 65536 bytes"],
      ["no JSON", (_, response) => response.end("<html>"), "no valid JSON"],
      [
        "wrong types",
        (_, response) => response.end(JSON.stringify({ ...GOOD, price: {} })),
        "price must be a decimal number",
      ],
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
      expect(failureWith([{ source: "a", failure: "down" }])).to.equal(
        "0 of 1 market sources are usable, 1 needed (a: down)",
      );
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
