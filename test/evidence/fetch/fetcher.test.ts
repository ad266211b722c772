// P335: what a stranger's server does costs at most the bytes and the time that are allowed, and leads nowhere else.
import type { lookup } from "node:dns";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { createFetcher, isPublicAddress, networkOf } from "@ftns/evidence";
import { expect } from "chai";
import { faultOf } from "../faults.ts";

const LIMITS = { maxBytes: 1_000, timeoutMs: 5_000 };

describe("evidence that is fetched", () => {
  const fetch = createFetcher({ allowPrivate: true });
  let server: Server;
  let answer: RequestListener;
  let url: string;

  before(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("gives the bytes, the time and who answered", async () => {
    answer = (_, response) => response.end("hello");
    const { bytes, ms, ip } = await fetch(url, LIMITS);
    expect([Buffer.from(bytes).toString(), ip]).to.deep.equal(["hello", "127.0.0.1"]);
    expect(ms).to.be.greaterThan(0);
  });

  const answers: [string, string, RequestListener][] = [
    ["a redirect inwards", "REDIRECT", (_, response) => response.writeHead(302, { location: "http://169.254.169.254/" }).end()],
    ["a status that is not 200", "HTTP_STATUS", (_, response) => response.writeHead(404).end()],
    ["more bytes than allowed, as announced", "TOO_LARGE", (_, response) => response.end(Buffer.alloc(1_001))],
    ["more bytes than allowed, without an end", "TOO_LARGE", (_, response) => flood(response)],
    [
      "a compressed answer, which could be a bomb",
      "ENCODED",
      (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(10_000))),
    ],
    [
      "an answer that is cut off",
      "UNREACHABLE",
      (_, response) => {
        response.writeHead(200, { "content-length": 100 });
        response.write("half", () => response.destroy());
      },
    ],
    ["headers without an end", "UNREACHABLE", (_, response) => response.writeHead(200, { "x-long": "x".repeat(20_000) }).end()],
    ["no HTTP at all", "UNREACHABLE", (request) => request.socket.end("hello\r\n\r\n")],
  ];
  for (const [what, code, listener] of answers) {
    it(`P335: refuses ${what}`, async () => {
      answer = listener;
      expect(await faultOf(() => fetch(url, LIMITS))).to.equal(code);
    });
  }

  it("P335: stops at the time allowed, though bytes drip", async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("."), 20);
      response.once("close", () => clearInterval(timer));
    };
    const started = performance.now();
    expect(await faultOf(() => fetch(url, { ...LIMITS, timeoutMs: 150 }))).to.equal("TOO_SLOW");
    expect(performance.now() - started).to.be.within(140, 4_000);
  });

  it("P335: asks nobody on a private network, by address or by name", async () => {
    let asked = 0;
    answer = (_, response) => (asked++, response.end());
    const port = new URL(url).port;
    const named = (...addresses: string[]) =>
      createFetcher({
        allowPrivate: false,
        resolve: ((_host: string, _options: object, done: (error: null, all: object[]) => void) =>
          done(
            null,
            addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
          )) as unknown as typeof lookup,
      });
    const open = createFetcher({ allowPrivate: false });
    for (const host of [
      "127.0.0.1",
      "10.1.2.3",
      "169.254.169.254",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "[fd00::1]",
      "[64:ff9b::7f00:1]",
      "2130706433",
      "0x7f.1",
      "[2002:7f00:1::]",
    ]) {
      expect(await faultOf(() => open(`https://${host}:${port}/`, LIMITS)), host).to.equal("PRIVATE_ADDRESS");
    }
    expect(await faultOf(() => named("127.0.0.1")(`https://a.example:${port}/`, LIMITS))).to.equal("PRIVATE_ADDRESS");
    expect(await faultOf(() => named("8.8.8.8", "192.168.1.1")(`https://a.example:${port}/`, LIMITS))).to.equal(
      "PRIVATE_ADDRESS",
    );
    for (const bad of [url, "ftp://a.example/", "file:///etc/passwd", "https://name:word@a.example/", "no address"]) {
      expect(await faultOf(() => open(bad, LIMITS)), bad).to.equal("BAD_URL");
    }
    expect(asked).to.equal(0);
  });

  it("knows public addresses and networks", () => {
    for (const ip of ["8.8.8.8", "172.15.0.1", "172.32.0.1", "2606:4700::1111"]) expect(isPublicAddress(ip), ip).to.equal(true);
    for (const ip of ["172.16.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "fe80::1%1", "2001:db8::1", "x", ""]) {
      expect(isPublicAddress(ip), ip).to.equal(false);
    }
    expect(networkOf("8.8.4.1")).to.equal("8.8.4");
    expect(networkOf("2606:4700:0010::1")).to.equal(networkOf("2606:4700:10:1:2:3:4:5"));
    expect(networkOf("2606::1")).to.equal("2606:0:0");
  });
});

function flood(response: Parameters<RequestListener>[1]): void {
  response.writeHead(200);
  const write = () => response.destroyed || response.write(Buffer.alloc(65_536), write);
  write();
}
