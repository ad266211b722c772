// When prices are recorded and reported, and that each is done once.
import { expect } from "chai";
import { network } from "hardhat";
import { HOUR } from "../helpers/time.ts";
import { USD } from "../safety/fixture.ts";
import { askingIn } from "./asking.ts";
import { JOB, keepersOn, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;

describe("KeeperJobs", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const { statusOf, work, refuses, isRefused } = askingIn(() => w);

  describe("record price", () => {
    it("reverts while the last round that was walked is younger than an hour, to the second", async () => {
      await w.report();
      const { knownUntil } = await w.history.lastRecord();
      await w.clock.to(knownUntil + HOUR - 2n);
      expect((await statusOf(JOB.record)).due).to.equal(false);
      await w.clock.nextBlockAt(knownUntil + HOUR - 1n);
      await refuses(JOB.record);
      await w.clock.nextBlockAt(knownUntil + HOUR);
      await work(JOB.record);
      expect((await w.history.lastRecord()).knownUntil).to.equal((await w.medianFeed.latestMarket()).updatedAt);
    });

    it("reverts with arguments, of which it has none", async () => {
      await w.clock.pass(HOUR);
      await w.report();
      expect((await statusOf(JOB.record)).due).to.equal(true);
      await refuses(JOB.record, "0x00");
    });

    it("reverts while the feed has no later round", async () => {
      await w.clock.pass(4n * HOUR);
      expect((await statusOf(JOB.record)).due).to.equal(false);
      await isRefused(JOB.record, "0x", w.history, "NoNewRound");
      await w.report();
      expect((await statusOf(JOB.record)).due).to.equal(true);
      await work(JOB.record);
    });

    it("is due since an hour after the last round that was walked, and not twice", async () => {
      const { knownUntil } = await w.history.lastRecord();
      await w.clock.pass(2n * HOUR);
      await w.report();
      const status = await statusOf(JOB.record);
      expect([status.due, status.complete, status.args, status.dueSince]).to.deep.equal([true, true, "0x", knownUntil + HOUR]);
      await work(JOB.record);
      await refuses(JOB.record);
    });

    it("is done again at once while more rounds wait than one call walks", async () => {
      for (let i = 0; i < 80; i++) {
        await w.clock.pass(300n);
        await w.report();
      }
      await work(JOB.record);
      expect((await statusOf(JOB.record)).due).to.equal(true);
      await work(JOB.record);
      await refuses(JOB.record);
    });

    it("is never due where the feed hands its rounds over", async () => {
      const { history, medianFeed, people } = w;
      await history.connect(people.governor).setFeed(medianFeed, true, 3n * HOUR);
      await medianFeed.connect(people.governor).setHistory(history);
      await w.clock.pass(3n * HOUR);
      await w.report();
      expect((await statusOf(JOB.record)).due).to.equal(false);
      const { knownUntil } = await w.history.lastRecord();
      expect(await w.clock.now()).to.be.lessThan(knownUntil + HOUR);
      await refuses(JOB.record);
      await w.clock.pass(2n * HOUR);
      await isRefused(JOB.record, "0x", w.history, "FeedHandsOver");
    });
  });

  describe("report price", () => {
    it("reverts while the last round is younger than an hour", async () => {
      await w.report();
      const args = await w.reports();
      expect((await statusOf(JOB.report)).due).to.equal(false);
      await refuses(JOB.report, args);
    });

    it("reverts with the feed's own error when the reports are not taken", async () => {
      await w.clock.pass(HOUR);
      await expect(work(JOB.report, await w.reports(w.people.reporters.slice(0, 2)))).to.be.revertedWithCustomError(
        w.medianFeed,
        "WrongReportCount",
      );
      await expect(work(JOB.report, await w.reports(w.people.users.slice(0, 3)))).to.be.revertedWithCustomError(
        w.medianFeed,
        "NotReporter",
      );
    });

    it("reverts with more than reports could be", async () => {
      await w.clock.pass(HOUR);
      const args = await w.reports();
      const room = 16_384 - (args.length - 2) / 2;
      await refuses(JOB.report, `${args}${"00".repeat(room + 1)}`);
    });

    it("reverts with anything but an array of reports, encoded as it always is", async () => {
      await w.clock.pass(HOUR);
      const args = await w.reports();
      const word = (index: number) => args.slice(2 + 64 * index, 66 + 64 * index);
      const number = (value: number) => value.toString(16).padStart(64, "0");
      const count = Number(`0x${word(1)}`);
      const rest = args.slice(130);
      for (const other of [
        "0x",
        `0x${word(0)}`,
        `${args}00`,
        `${args}${"00".repeat(32)}`,
        `${args}${"00".repeat(128)}`,
        args.slice(0, -64),
        `0x${word(0)}${number(count + 1)}${rest}`,
        `0x${number(64)}${number(0)}${word(1)}${rest}`,
      ]) {
        expect((await w.jobs.check(JOB.report, other)).due, other).to.equal(false);
        await refuses(JOB.report, other);
      }
      await work(JOB.report, args);
    });

    it("carries the reports to the feed, once", async () => {
      const { updatedAt } = await w.medianFeed.latestMarket();
      await w.clock.pass(HOUR);
      const status = await statusOf(JOB.report);
      expect([status.due, status.complete, status.args, status.dueSince]).to.deep.equal([true, false, "0x", updatedAt + HOUR]);
      const args = await w.reports(undefined, 3n * (USD / 2n));
      await work(JOB.report, args);
      expect((await w.medianFeed.latestMarket()).price).to.equal(3n * (USD / 2n));
      await refuses(JOB.report, args);
    });

    it("is due for a feed without a round, and never without a feed", async () => {
      const young = await ethers.deployContract("MedianFeed", [w.addresses.manager, "FTNS / USD", w.people.reporters, 3n]);
      await w.breaker.connect(w.people.governor).setMarketFeed(young);
      expect([(await statusOf(JOB.report)).due, (await statusOf(JOB.report)).dueSince]).to.deep.equal([true, 0n]);
      await w.breaker.connect(w.people.governor).setMarketFeed(ethers.ZeroAddress);
      expect((await statusOf(JOB.report)).due).to.equal(false);
      await refuses(JOB.report, await w.reports());
    });
  });
});
