import { connect } from "node:net";
import { expect } from "chai";
import { ServiceError } from "@ftns/service/errors.ts";
import { type WebServer, placeOf, serve } from "@ftns/service/http/serve.ts";

describe("keeper web server", () => {
  let server: WebServer;
  let count = 0;
  before(async () => {
    const pages = {
      "/v1/report": () => ({ body: '{"reports":[]}' }),
      "/count": () => ({ body: String(++count), type: "text/plain" }),
      "/ill": () => ({ status: 503 as const, body: "{}" }),
      "/broken": () => {
        throw new Error("with a secret: 8472");
      },
    };
    server = await serve("127.0.0.1", 0, pages, "http");
  });
  after(() => server.close());
  const ask = (path: string, method = "GET") => fetch(`${server.url}${path}`, { method });

  it("answers GET and HEAD of its pages only", async () => {
    const good = await ask("/v1/report?x=1");
    expect([good.status, await good.text(), good.headers.get("cache-control")]).to.deep.equal([
      200,
      '{"reports":[]}',
      "no-store",
    ]);
    expect(good.headers.get("content-type")).to.equal("application/json");
    expect((await ask("/v1/report", "HEAD")).status).to.equal(200);
    const posted = await ask("/v1/report", "POST");
    expect([posted.status, posted.headers.get("allow")]).to.deep.equal([405, "GET, HEAD"]);
    const elsewhere = await ask("/");
    expect([elsewhere.status, await elsewhere.text()]).to.deep.equal([
      404,
      '{"error":"there is only /v1/report, /count, /ill, /broken"}',
    ]);
  });
  it("makes a page anew for each request, with its own status", async () => {
    expect(await (await ask("/count")).text()).to.equal("1");
    expect(await (await ask("/count")).text()).to.equal("2");
    expect((await ask("/ill")).status).to.equal(503);
  });
  it("says nothing of what went wrong inside", async () => {
    const broken = await ask("/broken");
    expect(broken.status).to.equal(500);
    expect(await broken.text()).to.not.include("8472");
  });
  it("closes although somebody holds a connection open", async () => {
    const other = await serve("127.0.0.1", 0, { "/": () => ({ body: "" }) }, "http");
    const socket = connect(Number(new URL(other.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("connect", resolve));
    await other.close();
    socket.destroy();
  });
  describe("given connections that never finish their request", () => {
    const hold = (count: number, from: string, port: number) =>
      Array.from({ length: count }, () => {
        const socket = connect({ port, host: "127.0.0.1", localAddress: from });
        socket.on("error", () => undefined);
        socket.write("GET /v1/report HTTP/1.1\r\n");
        return socket;
      });
    it("P253: one address that holds 128 of them keeps nobody else from an answer (seen: 0 of 90 answered)", async () => {
      const held = hold(128, "127.0.0.2", Number(new URL(server.url).port));
      await new Promise((resolve) => setTimeout(resolve, 300));
      const answers = await Promise.all(Array.from({ length: 6 }, () => ask("/v1/report").then(({ status }) => status)));
      expect(answers).to.deep.equal(Array(6).fill(200));
      expect(held.filter(({ destroyed }) => !destroyed).length).to.be.at.most(8);
      for (const socket of held) socket.destroy();
    });
    it("P253: ends each within seconds, whether it sends nothing, half a head or no end of it", async function () {
      this.timeout(15_000);
      const port = Number(new URL(server.url).port);
      const sockets = [...hold(2, "127.0.0.3", port), connect({ port, host: "127.0.0.1", localAddress: "127.0.0.3" })];
      sockets[2]!.on("error", () => undefined);
      const dripping = setInterval(() => sockets[0]!.destroyed || sockets[0]!.write("x: y\r\n"), 400);
      const started = performance.now();
      const ends = await Promise.all(
        sockets.map((socket) => {
          socket.resume();
          return new Promise<number>((resolve) => socket.once("close", () => resolve(performance.now() - started)));
        }),
      );
      clearInterval(dripping);
      for (const end of ends) expect(end).to.be.within(4_000, 11_000);
    });
    it("counts an address of IPv4 as it is, and of IPv6 what one party has", () => {
      expect(placeOf("::ffff:10.0.0.7")).to.equal("10.0.0.7");
      expect(placeOf("10.0.0.7")).to.equal("10.0.0.7");
      expect(placeOf("2001:db8:1:2:3:4:5:6")).to.equal(placeOf("2001:db8:1:2::9"));
      expect(placeOf("2001:db8:1:2::9")).to.not.equal(placeOf("2001:db8:1:3::9"));
      expect(placeOf("fe80::1%eth0")).to.equal("fe80:0:0:0");
      expect(placeOf("::1")).to.equal("0:0:0:0");
    });
  });
  it("says which port is taken, and which setting chose it", async () => {
    const port = Number(new URL(server.url).port);
    const error = await serve("127.0.0.1", port, {}, "http").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ServiceError);
    expect((error as ServiceError).advice)
      .to.include(`127.0.0.1:${port} (EADDRINUSE)`)
      .and.include("Choose another http");
  });
});
