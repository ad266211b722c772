import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { confidenceOf, dayOf, startOfDay } from "@ftns/model";
import { Wallet, parseEther, toQuantity } from "ethers";
import { type Keeper, type MarketSource, type RunReport, createKeeper, parseConfig } from "@ftns/keeper";
import { encodeReports } from "@ftns/keeper/reporter/wire.ts";
import {
  CHAIN_ID,
  HOUR,
  REPORTER_KEYS,
  SECRET_ENV,
  type TestChain,
  chainOf,
  liveMarket,
  startChain,
  replaceSilent,
} from "./chain.ts";
import { type MarketServer, startMarketServer } from "./market-server.ts";
import { freePorts } from "./ports.ts";
import { signedBy } from "./signed.ts";

/** Keys of this suite: two more reporters, and an account for each of five keepers. */
const MORE_REPORTERS = [6, 7].map((digit) => `0x${`${digit}badcafe`.repeat(8)}`);
const KEYS = [...REPORTER_KEYS, ...MORE_REPORTERS];

const ACCOUNTS = KEYS.map((_, index) => `0x${`${index}cafebad`.repeat(8)}`);

describe("reporters that trade reports, on a real chain", () => {
  let chain: TestChain;
  let clean: string;
  let ports: number[];
  let live: ReturnType<typeof liveMarket>;
  const keepers: Keeper[] = [];
  const lines: { fields: any; message: string }[] = [];

  before(async () => {
    chain = await startChain();
    for (const key of ACCOUNTS)
      await chain.provider.send("hardhat_setBalance", [new Wallet(key).address, toQuantity(parseEther("10"))]);
    await replaceSilent(chain, MORE_REPORTERS);
    // Noon: a day that begins makes a report due at once.
    await chain.jumpTo(startOfDay(dayOf(await chain.now()) + 1n) + 10n * HOUR);
    clean = await chain.snapshot();
    ports = await freePorts(KEYS.length);
  });
  beforeEach(() => {
    live = liveMarket(chain);
  });
  afterEach(async () => {
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
    lines.splice(0);
    await chain.revert(clean);
    clean = await chain.snapshot();
  });
  after(() => chain.close());

  interface Part {
    source?: MarketSource;
    /** Serves and signs, but pays nothing. */
    poor?: boolean;
    peers?: string[];
    stateDir?: string;
  }

  /** The keeper of reporter `index`; without an index, one that has no reporter key and carries others' reports. */
  async function open(index: number | undefined, { source = live.source, poor = false, peers, stateDir }: Part = {}) {
    const urls = peers ?? ports.filter((_, other) => other !== index).map((port) => `http://127.0.0.1:${port}`);
    const config = parseConfig({
      mode: "local",
      chain: chainOf(chain.url),
      transactions: { stuckAfterSec: 10, giveUpAfterSec: 20, ...(poor && { maxFeeGwei: 0, maxPriorityFeeGwei: 0 }) },
      account: { env: "ACCOUNT" },
      ...(stateDir !== undefined && { stateDir }),
      contracts: { feed: chain.addresses.feed },
      jobs: {
        "report-price": {
          jitterSec: 0,
          reporters: index === undefined ? [] : [{ env: "REPORTER" }],
          sources: index === undefined ? [] : [{ type: "file", name: "unused", path: "market.json" }],
          exchange: {
            ...(index !== undefined && { listen: { port: ports[index]! } }),
            peers: urls.map((url, peer) => ({ name: `peer ${peer}`, url })),
            timeoutMs: 1_000,
          },
        },
      },
    });
    const note = (fields: unknown, message: string) => lines.push({ fields, message });
    const keeper = await createKeeper(config, {
      env: { ACCOUNT: ACCOUNTS[index ?? 0]!, ...(index !== undefined && { REPORTER: KEYS[index]! }) },
      ...(index !== undefined && { sources: [source] }),
      logger: { info: note, warn: note, error: note } as never,
    });
    keepers.push(keeper);
    return keeper;
  }
  const look = async (keeper: Keeper): Promise<RunReport> => (await keeper.runOnce())[0]!;
  const lying = (factor: number): MarketSource => ({
    name: "liar",
    read: async () => {
      const seen = await live.source.read();
      return { ...seen, price: BigInt(Math.round(Number(seen.price) * factor)) };
    },
  });

  describe("given five reporters and a quorum of three", () => {
    it("nobody can submit alone; whoever sees the third report first does, and whoever sees all of them", async () => {
      const all = await Promise.all(KEYS.map((_, index) => open(index)));
      const reports: RunReport[] = [];
      for (const keeper of all) reports.push(await look(keeper));
      expect(reports.map(({ outcome }) => outcome)).to.deep.equal(["broken", "broken", "done", "waiting", "done"]);
      expect(reports[0]!.reason).to.include("1 report is usable and the feed needs 3").and.include("has no report yet");

      await chain.jumpTo((await chain.now()) + HOUR);
      live.market.price = 1.1;
      const later: RunReport[] = [];
      for (const keeper of [...all].reverse()) later.push(await look(keeper));
      expect(later.map(({ outcome }) => outcome)).to.deep.equal(["broken", "broken", "waiting", "waiting", "done"]);
      expect((await chain.feed.latestMarket()).price).to.equal(110_000_000n);
    });

    it("P151: a round that somebody hurries with a bare quorum is followed by a full one of the same time", async () => {
      const seconds = { ...live.source, read: async () => ({ ...(await live.source.read()), observedAt: start }) };
      const start = await chain.now();
      const hasty = await open(0, { source: seconds, peers: [1, 2].map((index) => `http://127.0.0.1:${ports[index]!}`) });
      const fair = await open(4, { source: seconds });
      for (const index of [1, 2, 3]) await look(await open(index, { source: seconds, poor: true }));
      expect((await look(hasty)).reason).to.include("3 reports");
      expect((await chain.feed.latestMarket()).confidence).to.equal(confidenceOf(3, 0));
      const report = await look(fair);
      expect(report.outcome, report.reason).to.equal("done");
      expect(report.reason).to.include("the confidence would be 96.87 % and not just 87.5 %; 5 reports of 1 USD");
      const market = await chain.feed.latestMarket();
      expect([market.confidence, market.observedAt]).to.deep.equal([confidenceOf(5, 0), start]);
      expect((await look(hasty)).outcome).to.equal("waiting");
    });

    it("P99: a due update waits for all five", async () => {
      const all = await Promise.all(KEYS.map((_, index) => open(index)));
      for (const keeper of all) await look(keeper);
      await chain.jumpTo((await chain.now()) + HOUR);
      const outcomes: string[] = [];
      for (const keeper of all) outcomes.push((await look(keeper)).outcome);
      expect(outcomes).to.deep.equal(["broken", "broken", "waiting", "waiting", "done"]);
      expect((await chain.feed.latestMarket()).confidence).to.equal(confidenceOf(5, 0));
    });

    it("two that are down change nothing", async () => {
      const three = [await open(0), await open(2), await open(4)];
      const reports: RunReport[] = [];
      for (const keeper of three) reports.push(await look(keeper));
      expect(reports[2]!.outcome, reports[2]!.reason).to.equal("done");
      expect(reports[2]!.reason).to.include("could not be reached");
    });

    for (const factor of [10, 0.1]) {
      it(`P95: two that lie by a factor of ${factor} move nothing`, async () => {
        const poor = { poor: true };
        const honest = [await open(0, poor), await open(1, poor), await open(2, poor)];
        const liars = [await open(3, { ...poor, source: lying(factor) }), await open(4, { source: lying(factor) })];
        for (const keeper of [...honest, liars[0]!]) await look(keeper);
        expect((await look(liars[1]!)).outcome).to.equal("done");
        const market = await chain.feed.latestMarket();
        expect(market.price).to.equal(100_000_000n);
        expect(market.confidence).to.equal(confidenceOf(3, 2));
      });
    }

    it("a keeper without any reporter key carries the reports of others", async () => {
      for (const index of [0, 1, 2, 3]) expect((await look(await open(index, { poor: true }))).outcome).to.equal("broken");
      const carrier = await open(undefined);
      const report = await look(carrier);
      expect(report.outcome, report.reason).to.equal("done");
      expect(report.reason).to.include("4 reports of 1 USD");
      expect((await chain.feed.latestMarket()).confidence).to.equal(confidenceOf(4, 0));
    });

    it("a reporter whose sources fail is broken, yet still carries the others' reports", async () => {
      for (const index of [0, 1, 2]) await look(await open(index, { poor: true }));
      const blind = await open(3, { source: { name: "dead", read: () => Promise.reject(new Error("no market")) } });
      const report = await look(blind);
      expect(report.outcome, report.reason).to.equal("done");
      expect(report.reason).to.include("dead: no market");
      expect((await look(blind)).outcome).to.equal("broken");
    });

    it("all five at once: each submits fuller rounds only, and nobody is hurt", async () => {
      const all = await Promise.all(KEYS.map((_, index) => open(index)));
      for (const keeper of all.slice(0, 2)) await look(keeper);
      const reports = [...(await Promise.all(all.map(look))), ...(await Promise.all(all.map(look)))];
      const done = reports.filter(({ outcome }) => outcome === "done");
      expect(done.length, JSON.stringify(reports.map(({ reason }) => reason))).to.be.within(1, 3);
      const settled = await Promise.all(all.map(look));
      expect(settled.map(({ outcome }) => outcome)).to.deep.equal(all.map(() => "waiting"));
      expect((await chain.feed.latestMarket()).confidence).to.equal(confidenceOf(5, 0));
    });
  });

  describe("given a reporter that tells two stories", () => {
    let peer: MarketServer;
    before(async () => {
      peer = await startMarketServer();
    });
    after(() => peer.close());

    for (const restart of [false, true]) {
      const when = restart ? ", also when the keeper restarts in between" : "";
      it(`P98: its reports are left out, the evidence is logged, and no key with it${when}`, async () => {
        const id = { chainId: CHAIN_ID, feed: chain.addresses.feed };
        const liar = new Wallet(KEYS[4]!);
        const story = async (price: bigint) => {
          const market = { ...(await live.source.read()), price, since: 0n, meanPrice: 0n } as never;
          return encodeReports(id, signedBy([liar], market, id));
        };
        const tell = async (price: bigint) => {
          const text = await story(price);
          peer.answer = (_, response) => response.end(text);
        };
        const urls = [peer.url, ...ports.slice(1, 3).map((port) => `http://127.0.0.1:${port}`)];
        const stateDir = mkdtempSync(join(tmpdir(), "ftns-reporters-"));
        const part = { peers: urls, ...(restart && { stateDir }) };
        let keeper = await open(0, part);
        const honest = [await open(1, { poor: true }), await open(2, { poor: true })];
        await tell(100_000_000n);
        await look(keeper);
        if (restart) {
          await keepers.shift()?.stop();
          keeper = await open(0, part);
        }
        await tell(1_000_000_000n);
        for (const other of honest) await look(other);
        const report = await look(keeper);
        expect(report.outcome, report.reason).to.equal("done");
        expect(report.reason).to.include(`${liar.address}: signed two different reports for the same time`);
        const warning = lines.find(({ message }) => message.includes("two different reports for the same time and"));
        expect(warning?.fields.evidence.map((one: any) => one.report.price)).to.deep.equal(["100000000", "1000000000"]);
        const printed = JSON.stringify(lines, (_, value) => (typeof value === "bigint" ? `${value}` : value));
        for (const key of [...KEYS, ...ACCOUNTS, ...Object.values(SECRET_ENV)]) expect(printed).to.not.include(key.slice(2));
        expect((await chain.feed.latestMarket()).confidence).to.equal(confidenceOf(3, 0));
        rmSync(stateDir, { recursive: true });
      });
    }
  });
});
