import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Wallet, parseEther, toQuantity } from "ethers";
import { type Keeper, type KeeperConfigInput, type KeeperOptions, Secrets, createKeeper, parseConfig } from "@ftns/keeper";
import { type Service, openService } from "@ftns/keeper/service/service.ts";
import { CHAIN_ID, KEEPER_KEY, SECRET_ENV, type TestChain, chainOf, configFor, liveMarket, startChain } from "./chain.ts";
import { freePorts } from "./ports.ts";
import { startDoor } from "./stage.ts";

const ACCOUNT = new Wallet(KEEPER_KEY).address;

describe("keeper service on a real chain", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let clean: string;
  let port: number;
  /** How far the service's clock is ahead of this machine's (milliseconds). */
  let ahead: number;
  const opened: { keeper: Keeper; service: Service }[] = [];

  before(async () => {
    chain = await startChain(undefined, { walks: true });
    [port] = (await freePorts(1)) as [number];
    clean = await chain.snapshot();
  });
  beforeEach(() => {
    ahead = 0;
  });
  afterEach(async () => {
    for (const { keeper, service } of opened.splice(0)) {
      await keeper.stop();
      await service.stop();
    }
    await chain.revert(clean);
    clean = await chain.snapshot();
  });
  after(() => chain.close());

  async function open(change: Partial<KeeperConfigInput> = {}, options: KeeperOptions = {}) {
    const config = parseConfig(configFor(chain, { http: { port }, ...change }));
    const env = SECRET_ENV;
    const keeper = await createKeeper(config, { env, sources: [liveMarket(chain).source], ...options });
    const clock = { steady: () => performance.now() + ahead, wall: () => Date.now() + ahead };
    const context = { env, baseDir: ".", secrets: options.secrets ?? new Secrets() };
    const service = await openService(keeper, { config, context, sending: true, clock, vitalsMs: 50, retryMs: [] });
    opened.push({ keeper, service });
    await service.readVitals();
    return { keeper, service };
  }
  async function ask(path: string) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  }
  async function health(): Promise<{ status: number; reasons: string[]; warnings: string[] }> {
    const { status, text } = await ask("/healthz");
    const { reasons, warnings } = JSON.parse(text) as Record<string, { id: string }[]>;
    return { status, reasons: reasons!.map(({ id }) => id), warnings: warnings!.map(({ id }) => id) };
  }
  /** The value of a metric, by the start of its line; undefined when it is not there. */
  async function metric(start: string): Promise<number | undefined> {
    const { text } = await ask("/metrics");
    const line = text.split("\n").find((one) => one.startsWith(`ftns_keeper_${start} `));
    return line === undefined ? undefined : Number(line.split(" ").at(-1));
  }

  describe("given a keeper at work", () => {
    it("is ready once every job has had a look, and tells what the chain says", async () => {
      const { keeper, service } = await open();
      expect(JSON.parse((await ask("/readyz")).text)).to.deep.equal({
        ready: false,
        waitingFor: ["report-price", "record-price", "adjust-supply"],
      });
      expect(await metric("price_usd")).to.equal(undefined);
      expect((await health()).reasons).to.deep.equal(["price-stale"]);

      await keeper.runOnce();
      await service.readVitals();
      await service.readVitals();
      expect((await ask("/readyz")).status).to.equal(200);
      expect(await health()).to.deep.equal({ status: 200, reasons: [], warnings: [] });
      expect(await metric("price_usd")).to.equal(1);
      expect(await metric("multiplier")).to.equal(1);
      expect(await metric("price_confidence")).to.equal(0.875);
      expect(await metric("healthy")).to.equal(1);
      expect(await metric('job_runs_total{task="report-price",outcome="done"}')).to.equal(1);
      expect(await metric('job_broken{task="adjust-supply"}')).to.equal(0);
      expect(await metric('transactions_total{type="confirmed"}')).to.equal(2);
      const balance = await chain.provider.getBalance(ACCOUNT);
      expect(Math.abs((await metric("balance_coins"))! - Number(balance) / 1e18)).to.be.lessThan(1e-9);
      const paid = (await metric("fees_paid_coins_total"))!;
      expect(Math.abs(paid - Number(parseEther("100") - balance) / 1e18)).to.be.lessThan(1e-9);
    });

    it("measures how late a job was done", async () => {
      const { keeper } = await open();
      await keeper.runOnce();
      await keeper.runOnce(["record-price"]);
      await chain.jumpTo((await chain.now()) + 3_700n);
      await keeper.runOnce(["report-price", "record-price"]);
      const sum = (await metric('job_done_late_seconds_sum{task="record-price"}'))!;
      expect(sum).to.be.within(90, 130);
    });

    it("counts apart from every other keeper of the process", async () => {
      const { keeper } = await open();
      await keeper.runOnce(["report-price"]);
      const [other] = (await freePorts(1)) as [number];
      const twin = await open({ http: { port: other }, account: { env: "TWIN_KEY" } });
      expect(await twin.service.metrics.page()).to.not.include('task="report-price",outcome="done"');
    });
  });

  describe("given trouble", () => {
    it("P141, P145: is unhealthy while a job hangs, and yet stops within its time", async () => {
      const hanging = { name: "hanging", read: () => new Promise<never>(() => undefined) };
      const { keeper } = await open({ limits: { stopSec: 1 } }, { sources: [hanging] });
      keeper.start();
      await until(async () => (await metric("transactions_in_flight")) !== undefined);
      expect((await health()).reasons).to.not.include("job-stuck/report-price");
      ahead = 5 * 60_000;
      const { status, reasons } = await health();
      expect(status).to.equal(503);
      expect(reasons).to.include("job-stuck/report-price").and.include("job-stuck/record-price");
      const start = performance.now();
      await keeper.stop();
      expect(performance.now() - start).to.be.lessThan(4_000);
    });

    it("P141: is unhealthy when a job is broken for too long, and well again with its next good run", async () => {
      const { keeper, service } = await open({ jobs: { "record-price": { jitterSec: 0 } }, limits: { maxPriceAgeSec: 604_800 } });
      await keeper.runOnce();
      expect((await health()).reasons).to.deep.equal(["price-stale"]);
      ahead = 16 * 60_000;
      expect((await health()).reasons).to.include("job-broken/record-price");
      expect(await metric('job_broken{task="record-price"}')).to.equal(1);
      const reporting = await createKeeper(parseConfig(configFor(chain)), {
        env: { ...SECRET_ENV, KEEPER_KEY: SECRET_ENV.TWIN_KEY },
        sources: [liveMarket(chain).source],
        jobs: ["report-price"],
      });
      await reporting.runOnce();
      await reporting.stop();
      await keeper.runOnce();
      await service.readVitals();
      await service.readVitals();
      expect(await health()).to.deep.equal({ status: 200, reasons: [], warnings: [] });
    });

    it("P141: is unhealthy without the chain, and shows no number that it cannot know", async () => {
      const door = await startDoor(chain.url);
      const { keeper, service } = await open({ chain: chainOf(door.url) });
      await keeper.runOnce();
      await service.readVitals();
      expect(await metric("price_usd")).to.equal(1);
      await door.close();
      await service.readVitals();
      ahead = 100_000;
      const { status, reasons } = await health();
      expect(status).to.equal(503);
      expect(reasons).to.include("chain-unreadable").and.include("endpoints-too-few");
      for (const name of ["price_usd", "price_age_seconds", "multiplier", "balance_coins", "head_number"]) {
        expect(await metric(name), name).to.equal(undefined);
      }
      expect(await metric("chain_read_age_seconds")).to.be.greaterThan(90);
      expect(await metric("healthy")).to.equal(0);
    });

    it("P141: is unhealthy when the account is all but empty, and not before", async () => {
      const { keeper, service } = await open();
      await keeper.runOnce();
      const holding = async (coins: string) => {
        await chain.provider.send("hardhat_setBalance", [ACCOUNT, toQuantity(parseEther(coins))]);
        await service.readVitals();
        await service.readVitals();
        return health();
      };
      expect(await holding("0.05")).to.deep.equal({ status: 200, reasons: [], warnings: ["balance-low"] });
      expect(await holding("0.01")).to.deep.equal({ status: 503, reasons: ["balance-low"], warnings: [] });
    });

    it("P141: judges the head's age where the chain's time is the world's", async () => {
      const { keeper, service } = await open({
        chain: { rpcUrls: [chain.url], chainId: CHAIN_ID, maxClockSkewSec: 86_400, blocksOnDemand: false },
      });
      await keeper.runOnce();
      await chain.jumpTo((await chain.now()) + 1n);
      const skew = Date.now() - Number(await chain.now()) * 1_000;
      ahead = 1_000 - skew;
      await service.readVitals();
      expect((await health()).reasons).to.not.include("head-old");
      ahead = 200_000 - skew;
      await service.readVitals();
      expect((await health()).reasons).to.include("head-old");
    });

    it("P92: serves no secret, whatever a reason quotes", async () => {
      const quoting = {
        name: "quoting",
        read: async () => Promise.reject(new Error(`cannot use ${SECRET_ENV.REPORTER_0} or ${KEEPER_KEY}`)),
      };
      const secrets = new Secrets();
      const { keeper, service } = await open({}, { sources: [quoting], secrets });
      for (let look = 0; look < 3; look++) await keeper.runOnce(["report-price"]);
      ahead = 61_000;
      await service.readVitals();
      const { text } = await ask("/healthz");
      expect(text).to.include("job-broken/report-price").and.include("cannot use [secret] or [secret]");
    });

    it("P143: tells its receivers, none of which can hurt a job", async () => {
      const bodies: string[] = [];
      const receiver = createServer((request, response) => {
        request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
        if (request.url === "/good") request.on("end", () => response.end());
      });
      await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
      const { keeper } = await open({
        alerts: [
          { type: "webhook", name: "hanging", url: `${url}/hang`, minSeverity: "info" },
          { type: "discord", name: "good", url: `${url}/good` },
        ],
      });
      const reports = await keeper.runOnce();
      expect(reports.map(({ outcome }) => outcome)).to.deep.equal(["done", "done", "waiting"]);
      await until(() => bodies.some((body) => body.includes("CRITICAL: There is no price")));
      await until(() => bodies.some((body) => body.includes("Resolved: There is no price")));
      await until(async () => (await metric('alerts_total{receiver="good",outcome="sent"}')) === 2);
      receiver.closeAllConnections();
      receiver.close();
    });
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
