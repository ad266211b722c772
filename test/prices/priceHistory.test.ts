import { expect } from "chai";
import { network } from "hardhat";
import { DAY, HOUR } from "../helpers/time.ts";
import { priceHistoryOn, USD, WAD, type PriceHistorySetup } from "./historyFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { clock, fresh, recordAt, recordThrough, refuses, day, hour } = priceHistoryOn(connection);

describe("PriceHistory", () => {
  let setup: PriceHistorySetup;
  let launch: bigint;
  let launchDay: bigint;

  beforeEach(async () => {
    setup = await fresh();
    ({ launch, launchDay } = setup);
  });

  describe("deployment", () => {
    it("refuses a feed that is no contract, or has other than 8 decimals", async () => {
      const create = (feed: unknown) => ethers.deployContract("PriceHistory", [setup.manager, feed as string]);
      await refuses(create(setup.stranger.address), "NotFeed", setup.stranger.address);
      await refuses(create(await ethers.deployContract("MockFeed", [18])), "UnsupportedDecimals", 18, 8);
    });

    it("starts empty, with limits of 3 hours", async () => {
      const { history, feed } = setup;
      expect(await history.feed()).to.equal(await feed.getAddress());
      expect(await history.maxAge()).to.equal(3n * HOUR);
      expect(await history.maxHold()).to.equal(3n * HOUR);
      expect([...(await history.lastRecord())]).to.deep.equal([0n, 0n, 0n]);
      expect(await history.startedAt()).to.equal(0);
      expect([...(await day(launchDay))]).to.deep.equal([launchDay, 0n, 0n, 0n, false]);
      expect((await history.window(launchDay)).usable).to.equal(false);
    });
  });

  describe("record", () => {
    type Answer = [roundId: bigint, answer: bigint, updatedAt: bigint];

    /** Sends record() at a time `now` when the feed says `answer(now)`. */
    async function refusesAnswer(answer: (now: bigint) => Answer, name: string, args: (now: bigint) => bigint[]) {
      const now = (await clock.now()) + DAY;
      await setup.feed.set(...answer(now));
      await clock.nextBlockAt(now);
      await refuses(setup.history.record(), name, ...args(now));
      expect([...(await setup.history.lastRecord())]).to.deep.equal([0n, 0n, 0n]);
      await networkHelpers.mine();
    }

    it("refuses a feed that has no answer yet", async () => {
      await refusesAnswer(
        (now) => [0n, USD, now],
        "RoundIncomplete",
        (now) => [0n, now],
      );
      await refusesAnswer(
        () => [1n, USD, 0n],
        "RoundIncomplete",
        () => [1n, 0n],
      );
    });

    it("refuses a zero, negative or absurd answer", async () => {
      await refusesAnswer(
        (now) => [1n, 0n, now],
        "AnswerNotPositive",
        () => [0n],
      );
      await refusesAnswer(
        (now) => [1n, -USD, now],
        "AnswerNotPositive",
        () => [-USD],
      );
      await refusesAnswer(
        (now) => [1n, WAD + 1n, now],
        "AnswerOutOfBounds",
        () => [WAD + 1n, WAD],
      );
    });

    it("refuses an answer from the future", () =>
      refusesAnswer(
        (now) => [1n, USD, now + 1n],
        "AnswerFromFuture",
        (now) => [now + 1n, now],
      ));

    it("refuses an answer older than maxAge, and takes one that is just that old", async () => {
      const age = 3n * HOUR;
      await refusesAnswer(
        (now) => [1n, USD, now - age - 1n],
        "AnswerStale",
        (now) => [now - age - 1n, now - age],
      );
      const now = (await clock.now()) + DAY;
      await setup.feed.set(1, USD, now - age);
      await clock.nextBlockAt(now);
      await setup.history.record();
    });

    it("passes on the error of a feed that reverts", async () => {
      const [admin] = await ethers.getSigners();
      const empty = await ethers.deployContract("MedianFeed", [setup.manager, "x", [admin!.address], 1]);
      await setup.history.setFeed(empty);
      await expect(setup.history.record()).to.be.revertedWithCustomError(empty, "NoRounds");
    });

    it("may be called by anyone, and emits the price that holds from now on", async () => {
      await setup.feed.set(7, 2n * USD, launch - 60n);
      await clock.nextBlockAt(launch);
      await expect(setup.history.connect(setup.stranger).record())
        .to.emit(setup.history, "PriceRecorded")
        .withArgs(2n * USD, launch + 3n * HOUR, 7, launch - 60n);
      expect([...(await setup.history.lastRecord())]).to.deep.equal([2n * USD, launch, launch + 3n * HOUR]);
      expect(await setup.history.startedAt()).to.equal(launch);
    });

    it("P42: moves no average at the moment of recording, however wild the price", async () => {
      await recordThrough(launch, launch + DAY, 100n * USD);
      const spikeAt = launch + DAY + 10n * HOUR + 1_800n;
      await recordThrough(launch + DAY, spikeAt, 100n * USD, HOUR);
      await recordAt(spikeAt, 10n ** 18n);
      expect((await day(launchDay)).averageWad).to.equal(100n * WAD);
      expect((await day(launchDay + 1n)).averageWad).to.equal(100n * WAD);
      expect((await hour(spikeAt / HOUR)).averageWad).to.equal(100n * WAD);
    });

    it("P42: gives a spike the weight of the seconds it stood, no more", async () => {
      await recordThrough(launch, launch + 12n * HOUR, 100n * USD, HOUR);
      await recordAt(launch + 12n * HOUR, 1_000n * USD);
      await recordThrough(launch + 12n * HOUR + 12n, launch + DAY, 100n * USD, HOUR);
      await clock.to(launch + DAY);
      expect((await day(launchDay)).averageWad).to.equal(((100n * (DAY - 12n) + 1_000n * 12n) * WAD) / DAY);
    });

    it("counts a price forward only: what held before keeps its weight", async () => {
      await recordAt(launch, 100n * USD);
      await recordAt(launch + HOUR, 200n * USD);
      expect(await hour(launch / HOUR)).to.deep.equal([launch / HOUR, 100n * WAD, 3_600n, 0n, true]);
      expect((await day(launchDay)).averageWad).to.equal(100n * WAD);
    });

    it("twice in a second leaves the later price to hold", async () => {
      await networkHelpers.mine();
      const both = launch + HOUR;
      await recordAt(launch, 100n * USD);
      await ethers.provider.send("evm_setAutomine", [false]);
      await setup.feed.set(1, 300n * USD, launch + 60n);
      const first = await setup.history.record({ gasLimit: 500_000 });
      const second = await setup.history.connect(setup.stranger).record({ gasLimit: 500_000 });
      await clock.nextBlockAt(both);
      await ethers.provider.send("evm_setAutomine", [true]);
      await networkHelpers.mine();
      for (const sent of [first, second]) expect((await sent.wait())!.status).to.equal(1);
      expect((await setup.history.lastRecord()).recordedAt).to.equal(both);
      expect((await day(launchDay)).coveredSec).to.equal(HOUR);
      expect((await day(launchDay)).averageWad).to.equal(100n * WAD);
    });
  });

  describe("governance", () => {
    it("refuses a stranger", async () => {
      const history = setup.history.connect(setup.stranger);
      const calls = [() => history.setFeed(setup.feed), () => history.setMaxAge(HOUR), () => history.setMaxHold(HOUR)];
      for (const call of calls) await refuses(call(), "AccessManagedUnauthorized", setup.stranger.address);
    });

    it("refuses limits out of bounds", async () => {
      const { history } = setup;
      for (const bad of [599n, DAY + 1n]) await refuses(history.setMaxAge(bad), "MaxAgeOutOfBounds", bad, 600n, DAY);
      for (const bad of [HOUR - 1n, 6n * HOUR + 1n]) {
        await refuses(history.setMaxHold(bad), "MaxHoldOutOfBounds", bad, HOUR, 6n * HOUR);
      }
    });

    it("refuses a feed that is no contract, or has other than 8 decimals", async () => {
      await refuses(setup.history.setFeed(setup.stranger.address), "NotFeed", setup.stranger.address);
      await refuses(setup.history.setFeed(await ethers.deployContract("MockFeed", [6])), "UnsupportedDecimals", 6, 8);
    });

    it("sets limits, and leaves records made before with the time they were given", async () => {
      const { history } = setup;
      await recordAt(launch, 100n * USD);
      await expect(history.setMaxHold(HOUR)).to.emit(history, "MaxHoldSet").withArgs(HOUR);
      await expect(history.setMaxAge(600n)).to.emit(history, "MaxAgeSet").withArgs(600n);
      expect((await history.lastRecord()).heldUntil).to.equal(launch + 3n * HOUR);
      await recordAt(launch + 5n * HOUR, 100n * USD);
      expect((await day(launchDay)).coveredSec).to.equal(3n * HOUR);
      await recordAt(launch + 10n * HOUR, 100n * USD);
      expect((await day(launchDay)).coveredSec).to.equal(4n * HOUR);
    });

    it("lets Chainlink's own aggregator stand in by address alone", async () => {
      const { history } = setup;
      await recordAt(launch, 100n * USD);
      await clock.nextBlockAt(launch + 60n);
      const chainlink = await ethers.deployContract("ChainlinkFeed", [8, 123n * USD]);
      await expect(history.setFeed(chainlink))
        .to.emit(history, "FeedSet")
        .withArgs(await chainlink.getAddress());
      await clock.nextBlockAt(launch + HOUR);
      await history.record();
      await clock.to(launch + 2n * HOUR);
      expect(await history.hourAverage(launch / HOUR)).to.deep.equal([100n * WAD, 3_600n]);
      expect(await history.hourAverage(launch / HOUR + 1n)).to.deep.equal([123n * WAD, 3_600n]);
    });
  });
});
