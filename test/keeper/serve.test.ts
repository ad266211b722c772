import { connect } from "node:net";
import { expect } from "chai";
import { ServiceError } from "@ftns/service/errors.ts";
import { type WebServer, serve } from "@ftns/service/http/serve.ts";

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
  it("says which port is taken, and which setting chose it", async () => {
    const port = Number(new URL(server.url).port);
    const error = await serve("127.0.0.1", port, {}, "http").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ServiceError);
    expect((error as ServiceError).advice)
      .to.include(`127.0.0.1:${port} (EADDRINUSE)`)
      .and.include("Choose another http");
  });
});
