import { expect } from "chai";
import { type Result, Wallet, ZeroAddress, parseEther, toQuantity } from "ethers";
import {
  type TestChain,
  DAY,
  HOUR,
  KEEPER_KEY,
  REPORTER_KEYS,
  SECRET_ENV,
  chainOf,
  configFor,
  type liveMarket,
} from "./chain.ts";
import { outcomes, reasonOf, stageOfKeepers, startDoor } from "./stage.ts";

const WAD = 10n ** 18n;
const ACCOUNT = new Wallet(KEEPER_KEY).address;
type Live = ReturnType<typeof liveMarket>;

describe("keeper on a real chain", () => {
  const stage = stageOfKeepers();
  const { open, openTwin, sentBy } = stage;
  let chain: TestChain;
  let live: Live;
  before(() => {
    chain = stage.chain;
  });
  beforeEach(() => {
    live = stage.live;
  });

  describe("runOnce", () => {
    describe("given a new economy", () => {
      it("reports; the adjustment waits for its day, and nothing is left to record", async () => {
        const reports = await (await open()).runOnce();
        expect(outcomes(reports)).to.deep.equal({
          "report-price": "done",
          "record-price": "nothing",
          "adjust-supply": "waiting",
        });
        const market = (await chain.feed.latestMarket()) as unknown as Result;
        const volumes = { volume6h: 50_000n * 10n ** 8n, meanVolume6h: 60_000n * 10n ** 8n };
        expect(market.toObject()).to.include({
          roundId: 1n,
          price: 100_000_000n,
          confidence: (875n * WAD) / 1_000n,
          ...volumes,
          txTotal: 100n,
          txFailed: 2n,
        });
        expect((await chain.history.lastRecord()).knownUntil).to.equal((await chain.feed.latestMarket()).observedAt);
        const adjust = reports.find(({ job }) => job === "adjust-supply");
        expect(adjust?.until).to.equal((chain.launchDay + 31n) * DAY + 7_200n);
      });

      it("P112: reports the transactions that it counts in the blocks, when it is told to", async () => {
        const { governor, history, addresses } = chain;
        for (const failing of [false, true, true]) {
          const data = history.interface.encodeFunctionData("setHeartbeat", [failing ? 1n : 2n * HOUR]);
          const sent = governor.sendTransaction({ to: addresses.history, data, gasLimit: 100_000n });
          await sent.then((response) => response.wait()).catch(() => undefined);
        }
        const jobs = configFor(chain).jobs;
        const report = { ...jobs["report-price"]!, countTransactions: { to: [addresses.history] } };
        // With so few failures the token is not asked; any contract stands in for it.
        const contracts = { ...configFor(chain).contracts, token: addresses.history };
        const reports = await (await open({ contracts, jobs: { ...jobs, "report-price": report } })).runOnce(["report-price"]);
        expect(outcomes(reports)).to.deep.equal({ "report-price": "done" });
        // One account, whose calls failed twice: it is counted once.
        const { txTotal, txFailed, sendersDay } = await chain.feed.latestMarket();
        expect([txTotal, txFailed, sendersDay]).to.deep.equal([1n, 1n, 1n]);
      });

      it("sends nothing in a dry run, and says what it would do", async () => {
        const before = await sentBy(ACCOUNT);
        const reports = await (await open({}, { dryRun: true })).runOnce(["report-price"]);
        expect(outcomes(reports)).to.deep.equal({ "report-price": "would-do" });
        expect(await sentBy(ACCOUNT)).to.equal(before);
      });

      it("is up to date with one look at every job", async () => {
        const keeper = await open();
        await keeper.runOnce();
        const before = await sentBy(ACCOUNT);
        const again = await keeper.runOnce();
        expect(outcomes(again)).to.deep.equal({
          "report-price": "waiting",
          "record-price": "nothing",
          "adjust-supply": "waiting",
        });
        expect(await sentBy(ACCOUNT)).to.equal(before);
      });
    });

    describe("given a feed that was updated a moment ago", () => {
      it("reports again when the price has moved by more than the threshold", async () => {
        const keeper = await open();
        await keeper.runOnce();
        await chain.jumpTo((await chain.now()) + 300n);
        live.market.price = 1.02;
        const reports = await keeper.runOnce();
        expect(outcomes(reports)).to.include({ "report-price": "done" });
        expect(reasonOf(reports, "report-price")).to.include("the price moved by 2 %");
        expect((await chain.feed.latestMarket()).price).to.equal(102_000_000n);
      });

      it("does nothing when the sources saw nothing since", async () => {
        const keeper = await open();
        await keeper.runOnce();
        live.market.price = 1.02;
        const seen = await live.source.read();
        await chain.jumpTo((await chain.now()) + 400n);
        const old = {
          name: "old",
          read: async () => ({ ...seen, observedAt: (await chain.feed.latestMarket()).observedAt + 299n }),
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
          "record-price": "nothing",
          "adjust-supply": "waiting",
        });
        expect(reasonOf(reports, "report-price")).to.include("stale: observed 2 h");
        expect((await chain.feed.latestMarket()).roundId).to.equal(1n);
      });
    });

    describe("given a reporter key that is not registered", () => {
      it("goes on without it while the quorum is met", async () => {
        // A fourth key of ours takes the place of one that is no reporter any more.
        const fourth = `0x${"6badcafe".repeat(8)}`;
        await (await chain.feed.addReporter(new Wallet(fourth).address)).wait();
        await (await chain.feed.removeReporter(new Wallet(REPORTER_KEYS[1]!).address)).wait();
        await (await chain.feed.setQuorum(3n)).wait();
        const { jobs } = configFor(chain);
        const reporters = [...jobs["report-price"]!.reporters, { env: "REPORTER_3" }];
        const changed = { jobs: { ...jobs, "report-price": { ...jobs["report-price"]!, reporters } } };
        const env = { ...SECRET_ENV, REPORTER_3: fourth };
        const reports = await (await open(changed, { env })).runOnce(["report-price"]);
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
        const keeper = await open();
        await keeper.runOnce();
        await chain.jumpTo((await chain.now()) + 300n);
        live.market.price = 1.6;
        const before = await sentBy(ACCOUNT);
        const reports = await keeper.runOnce(["report-price"]);
        expect(outcomes(reports)).to.deep.equal({ "report-price": "broken" });
        expect(reasonOf(reports, "report-price")).to.equal(
          "the price would jump from 1 USD to 1.6 USD, which takes 5 agreeing reporters, and there are 3; check the sources, then gather more reports",
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
        expect(outcomes(await keeper.runOnce())).to.include({ "report-price": "done" });
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
        expect(outcomes(await keeper.runOnce())).to.include({ "report-price": "waiting" });
      });
    });

    describe("given a node that goes away", () => {
      it("is broken for every job, without throwing", async () => {
        const forward = await startDoor(chain.url);
        const keeper = await open({ chain: chainOf(forward.url) });
        await forward.close();
        const reports = await keeper.runOnce();
        expect(outcomes(reports)).to.deep.equal({
          "report-price": "broken",
          "record-price": "broken",
          "adjust-supply": "broken",
        });
        for (const { reason } of reports) expect(reason).to.include("The RPC endpoint at").and.include("cannot be reached");
      });
    });
  });
});
