import { expect } from "chai";
import { parseConfig } from "@ftns/keeper/config/load.ts";
import type { KeeperConfigInput } from "@ftns/keeper/config/schema.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { Secrets } from "@ftns/service/secrets.ts";
import { Receiver } from "@ftns/service/alerts/receiver.ts";
import type { Finding } from "@ftns/service/findings.ts";
import { configFor } from "./chain.ts";
import { type MarketServer, startMarketServer } from "./market-server.ts";

const TOKEN = "hook-token-8472";
const TROUBLE: Finding = {
  id: "price-stale",
  severity: "critical",
  title: "The price is old",
  detail: "3 h",
  runbook: "feed-down",
  unhealthy: true,
};
type AlertInput = NonNullable<KeeperConfigInput["alerts"]>[number];

describe("receivers of alerts", () => {
  let server: MarketServer;
  let bodies: unknown[];
  let ended: string[];
  const receivers: Receiver[] = [];

  before(async () => {
    server = await startMarketServer();
  });
  beforeEach(() => {
    [bodies, ended] = [[], []];
    answer(() => 200);
  });
  afterEach(() => Promise.all(receivers.splice(0).map((receiver) => receiver.stop(0))));
  after(() => server.close());

  /** Lets the server answer with a status, and notes what was posted. Without a status it stays silent; 0 drops the connection. */
  function answer(status: (count: number) => number | undefined, headers: Record<string, string> = {}) {
    server.answer = (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        bodies.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
        const code = status(bodies.length);
        if (code === 0) request.socket.destroy();
        else if (code !== undefined) response.writeHead(code, headers).end("ok");
      });
    };
  }

  function open(change: Partial<AlertInput> = {}, pauses: number[] = [10, 10], name = "ops") {
    const url = `${server.url}/${TOKEN}`;
    const input = { type: "slack", name, url, ...change } as AlertInput;
    const { alerts } = parseConfig(configFor({ url: server.url, addresses: ADDRESSES }, { alerts: [input] }));
    const context = { env: { TOKEN, HOOK: url }, baseDir: ".", secrets: new Secrets() };
    const hooks = { ended: (outcome: string, reason = "") => void ended.push(`${outcome} ${reason}`.trim()) };
    const receiver = new Receiver(alerts[0]!, 0, { who: "keeper", account: "0xab", chainId: 7 }, context, hooks, pauses);
    receivers.push(receiver);
    return receiver;
  }
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it("P142: posts a trouble once, and once that it is over", async () => {
    const receiver = open();
    for (const now of [0, 1, 2]) receiver.consider([TROUBLE], now);
    receiver.consider([], 3);
    await until(() => ended.length === 2);
    expect(bodies.map((body) => (body as { text: string }).text.split("\n")[0])).to.deep.equal([
      "*CRITICAL: The price is old*",
      "*Resolved: The price is old*",
    ]);
  });
  it("P92: posts no secret, whatever a reason quotes", async () => {
    const receiver = open();
    receiver.consider([{ ...TROUBLE, detail: `asked ${server.url}/${TOKEN}?x=1 in vain` }], 0);
    await until(() => ended.length === 1);
    expect(JSON.stringify(bodies)).to.include("asked [secret]?x=1 in vain").and.not.include(TOKEN);
  });
  it("tells of start and stop where infos are wanted", async () => {
    const [quiet, curious] = [open(), open({ minSeverity: "info" })];
    for (const receiver of [quiet, curious]) receiver.notice("The keeper has started", "it runs");
    await until(() => ended.length === 1);
    expect(bodies).to.have.length(1);
  });
  it("sends a token where the gateway wants one", async () => {
    open({ type: "email-webhook", to: "ops@example.org", token: { env: "TOKEN" } } as never).consider([TROUBLE], 0);
    await until(() => ended.length === 1);
    expect(server.seen.at(-1)!.headers["authorization"]).to.equal(`Bearer ${TOKEN}`);
    expect(bodies[0]).to.have.keys("to", "subject", "text");
  });

  describe("given a receiver that fails", () => {
    it("tries again after 500, 429 and a lost connection, and gets through", async () => {
      answer((count) => [500, 429, 0, 200][count - 1]);
      open({}, [10, 10, 10]).consider([TROUBLE], 0);
      await until(() => ended.length === 1);
      expect([bodies.length, ended[0]]).to.deep.equal([4, "sent"]);
    });
    it("waits for as long as it is asked to", async () => {
      answer((count) => (count === 1 ? 429 : 200), { "retry-after": "1" });
      const start = performance.now();
      open().consider([TROUBLE], 0);
      await until(() => ended.length === 1);
      expect(ended[0]).to.equal("sent");
      expect(performance.now() - start).to.be.greaterThan(900);
    });
    it("P143: gives up after its tries, names no URL, and tells the trouble anew while it lasts", async () => {
      answer(() => 503);
      const receiver = open();
      receiver.consider([TROUBLE], 0);
      await until(() => ended.length === 1);
      expect(ended[0]).to.include("failed The receiver ops answered with HTTP status 503").and.not.include(TOKEN);
      answer(() => 200);
      receiver.consider([TROUBLE], 1);
      await until(() => ended.length === 2);
      expect(ended[1]).to.equal("sent");
    });
    it("P143: holds up neither its caller nor another receiver when it hangs, and stops all the same", async () => {
      let silent = true;
      answer(() => (silent ? undefined : 200));
      const hanging = open();
      const start = performance.now();
      hanging.consider([TROUBLE], 0);
      expect(performance.now() - start).to.be.lessThan(50);
      await until(() => bodies.length === 1);
      silent = false;
      open({}, [], "other").consider([TROUBLE], 0);
      await until(() => ended.length === 1);
      expect(ended).to.deep.equal(["sent"]);
      const stopping = performance.now();
      await hanging.stop(100);
      expect(performance.now() - stopping).to.be.within(90, 2_000);
    });
    it("keeps the newest messages when very many wait", async () => {
      answer(() => undefined);
      const receiver = open();
      for (let id = 0; id < 200; id++) receiver.consider([{ ...TROUBLE, id: `x/${id}` }], id);
      await until(() => bodies.length === 1);
      await receiver.stop(0);
      expect(bodies).to.have.length(1);
    });
  });

  describe("given settings at fault", () => {
    it("names a variable that is not set", () => {
      const opening = () => open({ url: { env: "NOT_SET_ANYWHERE" } } as never);
      expect(opening)
        .to.throw(ServiceError)
        .with.property("message")
        .that.includes("alerts.0.url")
        .and.includes("NOT_SET_ANYWHERE");
    });
    it("treats every address as a secret, also one in the file", () => {
      const secrets = new Secrets();
      const { alerts } = parseConfig(
        configFor(
          { url: server.url, addresses: ADDRESSES },
          { alerts: [{ type: "discord", name: "d", url: `https://d.example/${TOKEN}` }] },
        ),
      );
      new Receiver(
        alerts[0]!,
        0,
        { who: "keeper", account: "0xab", chainId: 7 },
        { env: {}, baseDir: ".", secrets },
        { ended: () => undefined },
      );
      expect(secrets.scrub(`posting to https://d.example/${TOKEN}`)).to.equal("posting to [secret]");
    });
  });
});

const ADDRESSES = { feed: `0x${"1".repeat(40)}`, history: `0x${"2".repeat(40)}`, controller: `0x${"3".repeat(40)}` };
