import type { RequestListener } from "node:http";
import { expect } from "chai";
import { type MarketServer, clientWith, failureOf, startMarketServer } from "./market-server.ts";

describe("market HTTP client", () => {
  let server: MarketServer;
  const url = () => `${server.url}/price?key=api-key-8472`;
  const count = () => server.seen.length;
  const times = (n: number, listener: RequestListener): RequestListener => {
    let left = n;
    return (request, response) => (left-- > 0 ? listener(request, response) : response.end('{"ok":true}'));
  };

  before(async () => {
    server = await startMarketServer();
  });
  beforeEach(() => server.seen.splice(0));
  after(() => server.close());

  describe("given a failure that may pass", () => {
    const faults: [string, RequestListener][] = [
      ["500", (_, response) => response.writeHead(500).end()],
      ["503", (_, response) => response.writeHead(503).end()],
      ["429 without a time", (_, response) => response.writeHead(429).end("slow down")],
      ["a dropped connection", (request) => request.socket.destroy()],
      ["a truncated body", (_, response) => response.writeHead(200, { "content-length": 1_000 }).end("{").destroy()],
    ];
    for (const [name, listener] of faults) {
      it(`tries again after ${name}`, async () => {
        server.answer = times(1, listener);
        expect(await clientWith({ retries: 1 }).json(url())).to.deep.equal({ ok: true });
        expect(count()).to.equal(2);
      });
    }
    it("gives up after the allowed retries", async () => {
      server.answer = (_, response) => response.writeHead(502).end();
      expect(await failureOf(clientWith({ retries: 2 }).json(url())))
        .to.include("HTTP status 502")
        .and.not.include("8472");
      expect(count()).to.equal(3);
    });
    it("tries again after a silence of one time limit", async () => {
      server.answer = times(1, () => undefined);
      expect(await clientWith({ retries: 1, timeoutMs: 100 }).json(url())).to.deep.equal({ ok: true });
    });
  });

  describe("given a failure that will not pass", () => {
    const faults: [string, RequestListener, string][] = [
      ["404", (_, response) => response.writeHead(404).end(), "HTTP status 404"],
      ["401", (_, response) => response.writeHead(401).end(), "HTTP status 401"],
      ["an answer that is too long", (_, response) => response.end("x".repeat(2_000)), "more than 1000 bytes"],
      ["no JSON", (_, response) => response.end("<html>"), "no valid JSON"],
      ["half of a JSON", (_, response) => response.end('{"a":'), "no valid JSON"],
    ];
    for (const [name, listener, words] of faults) {
      it(`fails at once on ${name}`, async () => {
        server.answer = listener;
        expect(await failureOf(clientWith({ retries: 3, maxBytes: 1_000 }).json(url()))).to.include(words);
        expect(count()).to.equal(1);
      });
    }
  });

  describe("given Retry-After", () => {
    it("waits a short one out", async () => {
      server.answer = times(1, (_, response) => response.writeHead(429, { "retry-after": "1" }).end());
      expect(await clientWith({ retries: 1 }).json(url())).to.deep.equal({ ok: true });
      expect(server.seen[1]!.at - server.seen[0]!.at).to.be.greaterThan(950);
    });
    for (const [form, value] of [
      ["seconds", () => "60"],
      ["a date", () => new Date(Date.now() + 60_000).toUTCString()],
    ] as const) {
      it(`leaves the server alone for a long one in ${form}, also in later reads`, async () => {
        server.answer = (_, response) => response.writeHead(429, { "retry-after": value() }).end();
        const client = clientWith({ retries: 2 });
        expect(await failureOf(client.json(url()))).to.match(/wants no request for another (59|60) s/);
        expect(await failureOf(client.json(url()))).to.include("wants no request");
        expect(count()).to.equal(1);
      });
    }
    it("is not silenced for more than an hour", async () => {
      server.answer = (_, response) => response.writeHead(503, { "retry-after": "99999999" }).end();
      expect(await failureOf(clientWith({ retries: 1 }).json(url()))).to.match(/another 3(600|599) s/);
    });
    it("takes a word that is no time for none", async () => {
      server.answer = times(1, (_, response) => response.writeHead(429, { "retry-after": "soon" }).end());
      expect(await clientWith({ retries: 1 }).json(url())).to.deep.equal({ ok: true });
    });
  });

  describe("given an allowance that is used up", () => {
    const headers: [string, () => Record<string, string>][] = [
      ["seconds that remain", () => ({ "ratelimit-remaining": "0", "ratelimit-reset": "30" })],
      [
        "the time of the reset",
        () => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.ceil(Date.now() / 1_000) + 30) }),
      ],
    ];
    for (const [form, of] of headers) {
      it(`uses the last answer, then asks no more, told by ${form}`, async () => {
        server.answer = (_, response) => response.writeHead(200, of()).end('{"ok":true}');
        const client = clientWith();
        expect(await client.json(url())).to.deep.equal({ ok: true });
        expect(await failureOf(client.json(url()))).to.include("wants no request");
        expect(count()).to.equal(1);
      });
    }
  });

  describe("given several requests", () => {
    it("keeps the least time between any two, also when they come together", async () => {
      server.answer = (_, response) => response.end("{}");
      const client = clientWith({ minIntervalMs: 120 });
      const start = performance.now();
      await Promise.all([client.json(url()), client.json(url()), client.json(url())]);
      // Measured here, where they leave: on a busy machine they may well arrive together.
      expect(performance.now() - start).to.be.at.least(2 * 120 - 2);
    });
  });
});
