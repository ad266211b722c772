import { expect } from "chai";
import { Wallet, parseEther, toQuantity } from "ethers";
import type { JobName, RunReport } from "@ftns/keeper";
import { delaySec } from "@ftns/service/schedule/turns.ts";
import {
  type TestChain,
  HOUR,
  KEEPER_KEY,
  REPORTER_KEYS,
  SECRET_ENV,
  TWIN_KEY,
  configFor,
  fillMonth,
  liveMarket,
} from "./chain.ts";
import { outcomes, stageOfKeepers } from "./stage.ts";

describe("twins of a keeper on a real chain", () => {
  const stage = stageOfKeepers({ walks: true });
  const { open, openTwin, sentBy } = stage;
  let chain: TestChain;
  before(() => {
    chain = stage.chain;
  });

  // A month of records: the feed is refreshed by the reporters' keeper, prices climb by half a percent a day.
  before(async function () {
    this.timeout(60_000);
    await fillMonth(stage.chain, liveMarket(stage.chain));
    await stage.keep();
  });

  describe("given a keeper and its twin", () => {
    it("P91: lets the second find nothing to do", async () => {
      const [first, second] = [await open(), await openTwin()];
      expect(outcomes(await first.runOnce(["adjust-supply"]))).to.deep.equal({ "adjust-supply": "done" });
      expect(outcomes(await second.runOnce(["adjust-supply"]))).to.deep.equal({ "adjust-supply": "waiting" });
    });

    it("P91: sends nothing while the other's transaction for it waits for its block, but does not wait for ever", async () => {
      const hasty = { account: { env: "TWIN_KEY" }, transactions: { stuckAfterSec: 1, giveUpAfterSec: 10 } };
      const [first, second] = [await open(), await open(hasty)];
      await chain.provider.send("evm_setAutomine", [false]);
      const before = await sentBy(second.address);
      const doing = first.runOnce(["adjust-supply"]);
      await untilPending(chain, 1);
      const [waiting] = await second.runOnce(["adjust-supply"]);
      expect(waiting!.outcome).to.equal("waiting");
      expect(waiting!.reason).to.include("waits for its block");
      expect(await sentBy(second.address)).to.equal(before);

      await new Promise((resolve) => setTimeout(resolve, 1_100));
      const trying = second.runOnce(["adjust-supply"]);
      await untilPending(chain, 2);
      await chain.provider.send("evm_mine", []);
      expect(outcomes(await doing)).to.deep.equal({ "adjust-supply": "done" });
      const [lost] = await trying;
      expect(lost!.outcome).to.equal("lost-race");
      expect(lost!.reason).to.include("somebody else was faster: today's adjustment is done");
      expect((await chain.provider.getTransactionReceipt(lost!.hash!))?.status).to.equal(0);
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
      const done = (job: JobName) => reports.filter((report) => report.job === job && report.outcome === "done").length;
      expect(done("adjust-supply")).to.equal(1);
      expect(done("report-price")).to.equal(1);
      // Two records in one hour are harmless and nothing reverts, so only most of them must be saved.
      expect(done("record-price")).to.be.within(1, 3);
    });
  });
  for (const count of [2, 5]) {
    describe(`given ${count} keepers that run on one schedule, and blocks that come by themselves`, () => {
      it("P146: do what is due once, in their own turns, and waste next to nothing", async function () {
        this.timeout(120_000);
        const keys = Array.from({ length: count }, (_, index) => `0x${(index + 10).toString(16).repeat(8).padStart(64, "6")}`);
        const accounts = keys.map((key) => new Wallet(key).address);
        for (const account of accounts) await chain.provider.send("hardhat_setBalance", [account, toQuantity(parseEther("1"))]);
        const timing = { schedule: "*/3 * * * * *", jitterSec: 2 };
        const base = configFor(chain).jobs;
        const jobs = {
          "report-price": { ...base["report-price"]!, ...timing },
          "record-price": timing,
          "adjust-supply": timing,
        };
        const keepers = await Promise.all(keys.map((key) => open({ jobs }, { env: { ...SECRET_ENV, KEEPER_KEY: key } })));
        const reports: RunReport[] = [];
        for (const keeper of keepers) {
          keeper.observe((event) => event.type === "finished" && reports.push(...event.reports));
        }
        const done = (job: JobName) => reports.filter((one) => one.job === job && one.outcome === "done").length;
        await chain.provider.send("evm_setAutomine", [false]);
        await chain.provider.send("evm_setIntervalMining", [250]);
        for (const keeper of keepers) keeper.start();
        const hours = 2;
        for (let hour = 1; hour <= hours; hour++) {
          await chain.jumpTo((await chain.now()) + HOUR);
          const seen = reports.length;
          await until(() => done("report-price") >= hour && done("record-price") >= hour && done("adjust-supply") >= 1);
          // Everyone has a look at it.
          await until(() => reports.length >= seen + 4 * count);
        }
        await Promise.all(keepers.map((keeper) => keeper.stop()));
        // A look that began before the clock was moved an hour on finds its market an hour old.
        const acrossTheJump = /live market: observed 1 h ago/;
        expect(reports.filter(({ outcome, reason }) => outcome === "broken" && !acrossTheJump.test(reason))).to.deep.equal([]);
        const sent = await Promise.all(accounts.map(sentBy));
        const needed = 2 * hours + 1;
        const wasted = sent.reduce((sum, one) => sum + one, 0) - needed;
        expect(done("adjust-supply")).to.equal(1);
        expect(wasted, `${wasted} of ${needed + wasted} transactions were wasted`).to.be.at.most(2);
      });
    });
  }

  describe("delaySec", () => {
    it("P146: gives each account its own place in a job's jitter, the same at every turn, and a random part", () => {
      const accounts = REPORTER_KEYS.concat(KEEPER_KEY, TWIN_KEY).map((key) => new Wallet(key).address);
      const places = accounts.map((account) => delaySec(account, "record-price", 100, 0));
      for (const [index, place] of places.entries()) {
        expect(place).to.be.within(0, 80);
        expect(delaySec(accounts[index]!.toLowerCase(), "record-price", 100, 0)).to.equal(place);
        expect(delaySec(accounts[index]!, "record-price", 100, 0.999) - place).to.be.within(19, 20);
        expect(delaySec(accounts[index]!, "adjust-supply", 100, 0)).to.not.equal(place);
      }
      expect(new Set(places.map(Math.floor)).size).to.equal(places.length);
      expect(delaySec(accounts[0]!, "record-price", 0)).to.equal(0);
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

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
