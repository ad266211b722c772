import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { type Result, Wallet, ZeroAddress, parseEther, toQuantity } from "ethers";
import {
  type JobName,
  type Keeper,
  type KeeperConfigInput,
  KeeperError,
  type KeeperOptions,
  type RunReport,
  createKeeper,
  parseConfig,
} from "../../keeper/src/index.ts";
import { Random, fuzzCases } from "../helpers/random.ts";
import { FixedPolicy__factory } from "../../typechain-types/index.ts";
import {
  DAY,
  HOUR,
  KEEPER_KEY,
  REPORTER_KEYS,
  SECRET_ENV,
  type TestChain,
  chainOf,
  configFor,
  fillMonth,
  liveMarket,
  startChain,
} from "./chain.ts";

const WAD = 10n ** 18n;
const ACCOUNT = new Wallet(KEEPER_KEY).address;

describe("keeper on a real chain", () => {
  let chain: TestChain;
  let clean: string;
  let live: ReturnType<typeof liveMarket>;
  const keepers: Keeper[] = [];

  before(async () => {
    chain = await startChain();
    await chain.jumpTo((await chain.now()) + 10n);
    clean = await chain.snapshot();
  });
  beforeEach(() => {
    live = liveMarket(chain);
  });
  afterEach(async () => {
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
    await chain.provider.send("evm_setAutomine", [true]);
    await chain.revert(clean);
    clean = await chain.snapshot();
  });
  after(() => chain.close());

  async function open(change: Partial<KeeperConfigInput> = {}, options: KeeperOptions = {}): Promise<Keeper> {
    const config = parseConfig(configFor(chain, change));
    const keeper = await createKeeper(config, { env: SECRET_ENV, sources: [live.source], ...options });
    keepers.push(keeper);
    return keeper;
  }
  const openTwin = (options: KeeperOptions = {}) => open({ account: { env: "TWIN_KEY" } }, options);
  const sentBy = (account: string) => chain.provider.getTransactionCount(account, "latest");
  const outcomes = (reports: RunReport[]) => Object.fromEntries(reports.map(({ job, outcome }) => [job, outcome]));
  const reasonOf = (reports: RunReport[], job: JobName) => reports.find((report) => report.job === job)?.reason ?? "";

  async function refusalOf(opening: Promise<unknown>): Promise<string> {
    const result = await opening.catch((error: unknown) => error);
    if (result instanceof KeeperError) return result.advice;
    return expect.fail(`not refused: ${String(result)}`);
  }

  describe("createKeeper", () => {
    const rpc = (rpcUrl: string, rest = {}) => ({ chain: { ...chainOf(rpcUrl), ...rest } });
    let impostor: Server;
    before(async () => {
      impostor = createServer((request, response) => {
        if (request.url === "/silent") return;
        if (request.url === "/busy-8472") response.writeHead(503).end();
        else response.end("<html>hello</html>");
      });
      await new Promise<void>((resolve) => impostor.listen(0, "127.0.0.1", resolve));
    });
    after(() => {
      impostor.closeAllConnections();
      impostor.close();
    });
    const impostorUrl = () => `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`;

    describe("given an endpoint where nobody listens", () => {
      it("says that it cannot be reached", async () => {
        expect(await refusalOf(open(rpc("http://127.0.0.1:9"))))
          .to.include("127.0.0.1:9 cannot be reached")
          .and.include("chain.rpcUrls");
      });
    });
    describe("given an endpoint that never answers", () => {
      it("gives up after the configured time", async () => {
        const start = performance.now();
        expect(await refusalOf(open(rpc(`${impostorUrl()}/silent`, { timeoutMs: 300 })))).to.include(
          "did not answer in time",
        );
        expect(performance.now() - start).to.be.lessThan(5_000);
      });
    });
    describe("given an endpoint that is no node", () => {
      it("says so, without the path of the URL", async () => {
        expect(await refusalOf(open(rpc(impostorUrl(), { timeoutMs: 1_000 }))))
          .to.include("RPC endpoint")
          .and.include("chain.rpcUrls");
        const busy = await refusalOf(open(rpc(`${impostorUrl()}/busy-8472`, { timeoutMs: 1_000 })));
        expect(busy).to.include("RPC endpoint").and.not.include("8472");
      });
    });
    describe("given another chain", () => {
      it("names both ids", async () => {
        const refusal = await refusalOf(open({ chain: { rpcUrls: [chain.url], chainId: 1 } }));
        expect(refusal)
          .to.include("serves chain 31337, but the configuration says chain 1")
          .and.include("Nothing was sent");
      });
    });
    describe("given an address without code", () => {
      it("names the setting and the address", async () => {
        const refusal = await refusalOf(open({ contracts: { ...chain.addresses, history: ACCOUNT } }));
        expect(refusal).to.include(`no contract at contracts.history (${ACCOUNT})`);
      });
    });
    describe("given a key that is not set", () => {
      it("names the variable", async () => {
        expect(await refusalOf(open({ account: { env: "NOT_SET_ANYWHERE" } }))).to.include("NOT_SET_ANYWHERE");
      });
    });
    describe("given one reporter key under two names", () => {
      it("refuses it", async () => {
        const env = { ...SECRET_ENV, REPORTER_1: SECRET_ENV.REPORTER_0.slice(2) };
        expect(await refusalOf(open({}, { env })))
          .to.include("reporters.1: this is the key of")
          .and.include("again");
      });
    });
    describe("given a job that is not configured", () => {
      it("refuses it", async () => {
        const config = configFor(chain);
        const jobs = { "record-price": config.jobs["record-price"] };
        expect(await refusalOf(open({ jobs }, { jobs: ["adjust-supply"] }))).to.include(
          "adjust-supply is not in the configuration",
        );
      });
    });
    it("P93: sends nothing", async () => {
      const before = await sentBy(ACCOUNT);
      await open();
      expect(await sentBy(ACCOUNT)).to.equal(before);
    });
  });

  describe("runOnce", () => {
    describe("given a new economy", () => {
      it("reports and records; the adjustment waits for its day", async () => {
        const reports = await (await open()).runOnce();
        expect(outcomes(reports)).to.deep.equal({
          "report-price": "done",
          "record-price": "done",
          "adjust-supply": "waiting",
        });
        const market = (await chain.feed.latestMarket()) as unknown as Result;
        const volumes = { volume6h: 50_000n * 10n ** 8n, meanVolume6h: 60_000n * 10n ** 8n };
        expect(market.toObject()).to.include({
          roundId: 1n,
          price: 100_000_000n,
          confidence: WAD,
          ...volumes,
          txTotal: 100n,
          txFailed: 2n,
        });
        expect((await chain.history.lastRecord()).price).to.equal(100_000_000n);
        const adjust = reports.find(({ job }) => job === "adjust-supply");
        expect(adjust?.until).to.equal((chain.launchDay + 31n) * DAY + 7_200n);
      });

      it("P112: reports the transactions that it counts in the blocks, when it is told to", async () => {
        const { governor, history, addresses } = chain;
        for (const failing of [false, true, true]) {
          const data = failing ? "0xffffffff" : history.interface.encodeFunctionData("setMaxAge", [2n * HOUR]);
          const sent = governor.sendTransaction({ to: addresses.history, data, gasLimit: 100_000n });
          await sent.then((response) => response.wait()).catch(() => undefined);
        }
        const jobs = configFor(chain).jobs;
        const report = { ...jobs["report-price"]!, countTransactions: { to: [addresses.history] } };
        const reports = await (await open({ jobs: { ...jobs, "report-price": report } })).runOnce(["report-price"]);
        expect(outcomes(reports)).to.deep.equal({ "report-price": "done" });
        const { txTotal, txFailed } = await chain.feed.latestMarket();
        expect({ txTotal, txFailed }).to.deep.equal({ txTotal: 3n, txFailed: 2n });
      });

      it("sends nothing in a dry run, and says what it would do", async () => {
        const before = await sentBy(ACCOUNT);
        const reports = await (await open({}, { dryRun: true })).runOnce(["report-price"]);
        expect(outcomes(reports)).to.deep.equal({ "report-price": "would-do" });
        expect(await sentBy(ACCOUNT)).to.equal(before);
      });

      it("calls a record broken while the feed has no price", async () => {
        const reports = await (await open()).runOnce(["record-price"]);
        expect(outcomes(reports)).to.deep.equal({ "record-price": "broken" });
        expect(reasonOf(reports, "record-price")).to.include("no answer yet");
      });

      it("is up to date with one look at every job", async () => {
        const keeper = await open();
        await keeper.runOnce();
        const before = await sentBy(ACCOUNT);
        const again = await keeper.runOnce();
        expect(outcomes(again)).to.deep.equal({
          "report-price": "waiting",
          "record-price": "waiting",
          "adjust-supply": "waiting",
        });
        expect(await sentBy(ACCOUNT)).to.equal(before);
      });
    });

    describe("given a feed that was updated a moment ago", () => {
      it("reports again when the price has moved by more than the threshold", async () => {
        const keeper = await open();
        await keeper.runOnce();
        await chain.jumpTo((await chain.now()) + 60n);
        live.market.price = 1.02;
        const reports = await keeper.runOnce();
        expect(outcomes(reports)).to.include({ "report-price": "done", "record-price": "waiting" });
        expect(reasonOf(reports, "report-price")).to.include("the price moved by 2 %");
        expect((await chain.feed.latestMarket()).price).to.equal(102_000_000n);
      });

      it("does nothing when the sources saw nothing since", async () => {
        const keeper = await open();
        await keeper.runOnce();
        live.market.price = 1.02;
        const seen = await live.source.read();
        await chain.jumpTo((await chain.now()) + 60n);
        const old = {
          name: "old",
          read: async () => ({ ...seen, observedAt: (await chain.feed.latestMarket()).updatedAt }),
        };
        const slow = await openTwin({ sources: [old] });
        expect(outcomes(await slow.runOnce(["report-price"]))).to.deep.equal({ "report-price": "nothing" });
      });
    });

    describe("given sources that are stale", () => {
      it("is broken, sends no report, and still does the other jobs", async () => {
        const keeper = await open();
        await keeper.runOnce();
        const observedAt = await chain.now();
        await chain.jumpTo(observedAt + 2n * HOUR);
        const stale = { name: "stale", read: async () => ({ ...(await live.source.read()), observedAt }) };
        const reports = await (await openTwin({ sources: [stale] })).runOnce();
        expect(outcomes(reports)).to.deep.equal({
          "report-price": "broken",
          "record-price": "done",
          "adjust-supply": "waiting",
        });
        expect(reasonOf(reports, "report-price")).to.include("stale: observed 2 h");
        expect((await chain.feed.latestMarket()).roundId).to.equal(1n);
      });
      it("calls the record broken, too, once the feed itself is too old", async () => {
        const keeper = await open();
        await keeper.runOnce();
        await chain.jumpTo((await chain.now()) + 4n * HOUR);
        const before = await sentBy(ACCOUNT);
        const reports = await keeper.runOnce(["record-price"]);
        expect(reasonOf(reports, "record-price")).to.include("the history takes none older than 3 h");
        expect(await sentBy(ACCOUNT)).to.equal(before);
      });
    });

    describe("given a reporter key that is not registered", () => {
      it("goes on without it while the quorum is met", async () => {
        await (await chain.feed.setQuorum(2n)).wait();
        await (await chain.feed.removeReporter(new Wallet(REPORTER_KEYS[1]!).address)).wait();
        const reports = await (await open()).runOnce(["report-price"]);
        expect(outcomes(reports)).to.deep.equal({ "report-price": "done" });
        expect(reasonOf(reports, "report-price")).to.include("is not registered");
      });
      it("is broken below the quorum", async () => {
        const stranger = { ...SECRET_ENV, REPORTER_1: SECRET_ENV.TWIN_KEY };
        const reports = await (await open({}, { env: stranger })).runOnce(["report-price"]);
        expect(reasonOf(reports, "report-price"))
          .to.include("2 of our reporter keys are registered")
          .and.include("the feed needs 3");
      });
    });

    describe("given a simulation that reverts", () => {
      it("is broken with the contract's reason in plain words, and sends nothing", async () => {
        await (await chain.feed.setQuorum(1n)).wait();
        const config = configFor(chain);
        const one = { ...config.jobs["report-price"]!, reporters: [{ env: "REPORTER_0" }] };
        const keeper = await open({ jobs: { "report-price": one } });
        await keeper.runOnce();
        await chain.jumpTo((await chain.now()) + 60n);
        live.market.price = 1.6;
        const before = await sentBy(ACCOUNT);
        const reports = await keeper.runOnce();
        expect(outcomes(reports)).to.deep.equal({ "report-price": "broken" });
        expect(reasonOf(reports, "report-price")).to.equal(
          "the price would jump from 1 USD to 1.6 USD, which takes 2 agreeing reporters, and there are 1; check the sources, then gather more reports",
        );
        expect(await sentBy(ACCOUNT)).to.equal(before);
      });
      it("says that an address may be wrong when there is no reason", async () => {
        const keeper = await open({ contracts: { ...chain.addresses, history: chain.addresses.feed } });
        const reports = await keeper.runOnce(["record-price"]);
        expect(outcomes(reports)).to.deep.equal({ "record-price": "broken" });
        expect(reasonOf(reports, "record-price")).to.include("check the addresses in contracts");
      });
    });

    describe("given gas above the cap", () => {
      it("is broken, names both prices and sends nothing", async () => {
        await chain.provider.send("hardhat_setNextBlockBaseFeePerGas", [toQuantity(200n * 10n ** 9n)]);
        await chain.provider.send("evm_mine", []);
        const before = await sentBy(ACCOUNT);
        const reports = await (await open()).runOnce(["report-price"]);
        expect(reasonOf(reports, "report-price")).to.include("gas costs 225 gwei, above transactions.maxFeeGwei of 100");
        expect(await sentBy(ACCOUNT)).to.equal(before);
      });
    });

    describe("given an account that cannot pay", () => {
      it("is broken and says how much is missing", async () => {
        await chain.provider.send("hardhat_setBalance", [ACCOUNT, toQuantity(parseEther("0.00001"))]);
        const reports = await (await open()).runOnce(["report-price"]);
        expect(reasonOf(reports, "report-price"))
          .to.include(`the keeper's account ${ACCOUNT} holds 0.00001`)
          .and.include("fund it");
      });
    });

    describe("given another program that sends from the same account", () => {
      it("takes the next free nonce", async () => {
        const keeper = await open();
        await keeper.runOnce();
        const other = new Wallet(KEEPER_KEY, chain.provider);
        await (await other.sendTransaction({ to: ZeroAddress, value: 1n })).wait();
        await chain.jumpTo((await chain.now()) + 2n * HOUR);
        expect(outcomes(await keeper.runOnce())).to.include({ "report-price": "done", "record-price": "done" });
      });
    });

    describe("given a transaction that no block takes", () => {
      it("P132: is broken after the time limit; when it lands later, the next run has nothing to do", async () => {
        const keeper = await open({ transactions: { stuckAfterSec: 1, giveUpAfterSec: 1 } });
        await chain.provider.send("evm_setAutomine", [false]);
        const reports = await keeper.runOnce(["report-price"]);
        expect(outcomes(reports)).to.deep.equal({ "report-price": "broken" });
        expect(reasonOf(reports, "report-price")).to.include("is not in a block after 1 s");
        await chain.provider.send("evm_mine", []);
        await chain.provider.send("evm_setAutomine", [true]);
        expect(outcomes(await keeper.runOnce())).to.include({ "report-price": "waiting", "record-price": "done" });
      });
    });

    describe("given a node that goes away", () => {
      it("is broken for every job, without throwing", async () => {
        const forward = await startForwarder(chain.url);
        const keeper = await open({ chain: chainOf(forward.url) });
        await forward.close();
        const reports = await keeper.runOnce();
        expect(outcomes(reports)).to.deep.equal({
          "report-price": "broken",
          "record-price": "broken",
          "adjust-supply": "broken",
        });
        for (const { reason } of reports)
          expect(reason).to.include("The RPC endpoint at").and.include("cannot be reached");
      });
    });
  });

  describe("start and stop", () => {
    const everySecond = () => {
      const { jobs } = configFor(chain);
      return { "record-price": { ...jobs["record-price"], schedule: "* * * * * *" } };
    };

    it("looks at once, then on schedule, one run at a time, until stopped", async function () {
      this.timeout(10_000);
      await (await open()).runOnce(["report-price"]);
      const lines: string[] = [];
      const note = (_: unknown, message: string) => lines.push(message);
      const keeper = await open({ jobs: everySecond() }, { logger: { info: note, warn: note, error: note } as never });
      keeper.start();
      while (lines.length < 3) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await keeper.stop();
      const count = lines.length;
      expect(lines[0]).to.include("record-price done");
      expect(lines[1]).to.include("record-price waiting");
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect(lines).to.have.length(count);
    });

    it("stops at once while a look is delayed by its jitter", async () => {
      const { jobs } = configFor(chain);
      const keeper = await open({ jobs: { "record-price": { ...jobs["record-price"], jitterSec: 600 } } });
      keeper.start();
      const start = performance.now();
      await keeper.stop();
      expect(performance.now() - start).to.be.lessThan(1_000);
    });
  });

  describe("adjust-supply", () => {
    // A month of records: the feed is refreshed by the reporters' keeper, prices climb by half a percent a day.
    before(async function () {
      this.timeout(60_000);
      await fillMonth(chain, liveMarket(chain));
      clean = await chain.snapshot();
    });

    describe("given a month of prices", () => {
      it("adjusts once, by the factor that model and chain agree on", async () => {
        const expected = await chain.controller.preview();
        expect(expected.ok).to.equal(true);
        const keeper = await open();
        const reports = await keeper.runOnce(["adjust-supply"]);
        expect(outcomes(reports)).to.deep.equal({ "adjust-supply": "done" });
        expect(await chain.controller.multiplier()).to.equal(expected.newMultiplier);
        const [event] = await chain.controller.queryFilter(chain.controller.filters.Adjusted(), "latest");
        expect(event?.args.factor).to.equal(expected.factor);
        expect(event?.args.decision.velocity).to.be.greaterThan(0n);

        const again = await keeper.runOnce(["adjust-supply"]);
        expect(outcomes(again)).to.deep.equal({ "adjust-supply": "waiting" });
        expect(again[0]?.until).to.equal((expected.day + 1n) * DAY + 7_200n);
      });
    });

    describe("given weeks of random prices, a look every 3 hours", () => {
      it("P90: adjusts every day, chain and model never disagree, and nothing is broken", async function () {
        this.timeout(120_000);
        const days = fuzzCases(8);
        const random = new Random();
        const keeper = await open();
        const reports = [];
        for (let look = 0; look < days * 8; look++) {
          await chain.jumpTo((await chain.now()) + 3n * HOUR - BigInt(random.int(1, 900)));
          live.market.price *= 1 + random.int(-300, 320) / 10_000;
          reports.push(...(await keeper.runOnce()));
        }
        expect(reports.filter(({ outcome }) => outcome === "broken" || outcome === "lost-race")).to.deep.equal([]);
        const adjusted = reports.filter(({ job, outcome }) => job === "adjust-supply" && outcome === "done");
        const lifetime = (await chain.now()) - (reports[0]?.chainTime ?? 0n);
        expect(BigInt(adjusted.length)).to.be.within(lifetime / DAY, lifetime / DAY + 2n);
        const records = reports.filter(({ job, outcome }) => job === "record-price" && outcome === "done");
        expect(records).to.have.length(days * 8);
      });
    });

    describe("given a policy that departs from the model", () => {
      it("P90: refuses to send, loudly, though the chain would take the factor", async () => {
        const agreed = await chain.controller.preview();
        const policy = await new FixedPolicy__factory(chain.governor).deploy(agreed.factor);
        await (await chain.controller.setPolicy(policy)).wait();
        const before = await sentBy(ACCOUNT);
        const reports = await (await open()).runOnce(["adjust-supply"]);
        expect(outcomes(reports)).to.deep.equal({ "adjust-supply": "broken" });
        expect(reasonOf(reports, "adjust-supply"))
          .to.match(/^MISMATCH, nothing is sent/)
          .and.include("target: chain 0, keeper ");
        expect(await sentBy(ACCOUNT)).to.equal(before);
        expect(await chain.controller.lastAdjustedDay()).to.equal(0n);
      });
    });

    describe("given a suspension", () => {
      it("waits until it ends", async () => {
        const until = (await chain.now()) + DAY;
        await (await chain.controller.suspend(until)).wait();
        const reports = await (await open()).runOnce(["adjust-supply"]);
        expect(reports[0]).to.include({ outcome: "waiting", until });
      });
    });

    describe("given that the records stopped", () => {
      it("is broken when the last record no longer holds", async () => {
        await chain.jumpTo((await chain.now()) + 4n * HOUR);
        const reports = await (await open()).runOnce(["adjust-supply"]);
        expect(reasonOf(reports, "adjust-supply")).to.include("the last recorded price no longer holds");
      });
      it("is broken when a whole day is missing, and names it", async () => {
        await chain.jumpTo((await chain.now()) + DAY + 12n * HOUR);
        const reports = await (await open()).runOnce();
        expect(outcomes(reports)).to.deep.equal({
          "report-price": "done",
          "record-price": "done",
          "adjust-supply": "broken",
        });
        expect(reasonOf(reports, "adjust-supply")).to.include("has too few price records");
      });
    });

    describe("given a keeper and its twin", () => {
      it("P91: lets the second find nothing to do", async () => {
        const [first, second] = [await open(), await openTwin()];
        expect(outcomes(await first.runOnce(["adjust-supply"]))).to.deep.equal({ "adjust-supply": "done" });
        expect(outcomes(await second.runOnce(["adjust-supply"]))).to.deep.equal({ "adjust-supply": "waiting" });
      });

      it("P91: takes a transaction that reverts because the other was first for a lost race, no fault", async () => {
        const [first, second] = [await open(), await openTwin()];
        await chain.provider.send("evm_setAutomine", [false]);
        const racing = Promise.all([first.runOnce(["adjust-supply"]), second.runOnce(["adjust-supply"])]);
        await untilPending(chain, 2);
        await chain.provider.send("evm_mine", []);
        const reports = (await racing).flat();
        expect(reports.map(({ outcome }) => outcome).sort()).to.deep.equal(["done", "lost-race"]);
        const lost = reports.find(({ outcome }) => outcome === "lost-race");
        expect(lost?.reason).to.include("somebody else was faster: today's adjustment is done");
        const receipt = await chain.provider.getTransactionReceipt(lost!.hash!);
        expect(receipt?.status).to.equal(0);
      });

      it("looks again before sending when blocks came in between, and then has nothing to send", async () => {
        const [first, second] = [await open(), await openTwin()];
        const before = await sentBy(second.address);
        // The second reads a slow source, decides on the block that it then sees; the first acts in between.
        const reports = await Promise.all([first.runOnce(), second.runOnce(), first.runOnce(), second.runOnce()]);
        expect(reports.flat().filter(({ outcome }) => outcome === "broken")).to.deep.equal([]);
        const adjusted = reports.flat().filter(({ job, outcome }) => job === "adjust-supply" && outcome === "done");
        expect(adjusted).to.have.length(1);
        expect((await sentBy(second.address)) - before).to.be.lessThan(4);
      });
    });

    describe("given five keepers at once", () => {
      it("P91: does each job once, and nobody is broken", async () => {
        await chain.jumpTo((await chain.now()) + HOUR);
        const keys = [10, 11, 12, 13, 14].map((n) => `0x${n.toString(16).repeat(8).padStart(64, "7")}`);
        for (const key of keys)
          await chain.provider.send("hardhat_setBalance", [new Wallet(key).address, toQuantity(parseEther("1"))]);
        const five = await Promise.all(keys.map((key) => open({}, { env: { ...SECRET_ENV, KEEPER_KEY: key } })));
        const reports = (await Promise.all(five.map((keeper) => keeper.runOnce()))).flat();
        expect(reports.filter(({ outcome }) => outcome === "broken")).to.deep.equal([]);
        const done = (job: JobName) =>
          reports.filter((report) => report.job === job && report.outcome === "done").length;
        expect(done("adjust-supply")).to.equal(1);
        expect(done("report-price")).to.equal(1);
        // Two records in one hour are harmless and nothing reverts, so only most of them must be saved.
        expect(done("record-price")).to.be.within(1, 3);
      });
    });
  });
});

async function untilPending(chain: TestChain, count: number): Promise<void> {
  for (;;) {
    const block = await chain.provider.send("eth_getBlockByNumber", ["pending", false]);
    if (block.transactions.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A plain HTTP door to the chain that a test can shut. */
async function startForwarder(target: string) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void fetch(target, {
        method: "POST",
        body: Buffer.concat(chunks),
        headers: { "content-type": "application/json" },
      })
        .then((answer) => answer.text())
        .then((text) => response.end(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
