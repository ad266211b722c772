import { expect } from "chai";
import { network } from "hardhat";
import { PriceHistoryModel } from "@ftns/model";
import { clockOf, DAY, dayOf, HOUR, startOf } from "../helpers/time.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const clock = clockOf(connection);

const USD = 10n ** 8n;
const WAD = 10n ** 18n;

async function deploy() {
  const [admin, stranger] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [admin!.address]);
  const feed = await ethers.deployContract("MockFeed", [8]);
  const history = await ethers.deployContract("PriceHistory", [manager, feed]);
  const launch = startOf(dayOf(await clock.now()) + 1n);
  return { manager, feed, history, launch, stranger: stranger! };
}

describe("PriceHistory", () => {
  let setup: Awaited<ReturnType<typeof deploy>>;
  /** First second of the first protocol day after deployment. */
  let launch: bigint;
  let launchDay: bigint;

  beforeEach(async () => {
    setup = await networkHelpers.loadFixture(deploy);
    launch = setup.launch;
    launchDay = dayOf(launch);
  });

  async function recordAt(time: bigint, price: bigint) {
    await setup.feed.set(1, price, time);
    await clock.nextBlockAt(time);
    return setup.history.connect(setup.stranger).record();
  }

  /** Records `price` at `time` and each `every` seconds after it, until just before `until`. */
  async function recordThrough(time: bigint, until: bigint, price: bigint, every = 3n * HOUR) {
    for (let t = time; t < until; t += every) await recordAt(t, price);
  }

  async function refuses(call: Promise<unknown>, name: string, ...args: unknown[]) {
    await expect(call)
      .to.be.revertedWithCustomError(setup.history, name)
      .withArgs(...args);
  }

  const day = async (index: bigint) => (await setup.history.dayAverages([index]))[0]!;
  const hour = async (index: bigint) => (await setup.history.hourAverages([index]))[0]!;

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

  describe("averages", () => {
    it("weigh each price with the time it held", async () => {
      await recordAt(launch, 100n * USD);
      await recordAt(launch + 600n, 400n * USD);
      await recordAt(launch + HOUR, USD);
      const index = launch / HOUR;
      expect((await hour(index)).averageWad).to.equal(((100n * 600n + 400n * 3_000n) * WAD) / 3_600n);
      expect(await setup.history.hourAverage(index)).to.deep.equal([350n * WAD, 3_600n]);
    });

    it("round down", async () => {
      await recordAt(launch, 1n);
      await recordAt(launch + 1_200n, 2n);
      await recordAt(launch + HOUR, USD);
      expect((await hour(launch / HOUR)).averageWad).to.equal(((1n * 1_200n + 2n * 2_400n) * 10n ** 10n) / 3_600n);
    });

    it("split a stretch over the hours and days it touches", async () => {
      await recordAt(launch + DAY - 90n * 60n, 100n * USD);
      await recordAt(launch + DAY + 30n * 60n, 200n * USD);
      const boundary = (launch + DAY) / HOUR;
      const hours = await setup.history.hourAverages([boundary - 2n, boundary - 1n, boundary]);
      expect(hours.map((h) => h.coveredSec)).to.deep.equal([1_800n, 3_600n, 1_800n]);
      expect(hours.map((h) => h.coveredBeforeSec)).to.deep.equal([0n, 1_800n, 5_400n]);
      expect((await day(launchDay)).coveredSec).to.equal(5_400n);
      expect((await day(launchDay + 1n)).coveredSec).to.equal(1_800n);
      expect((await day(launchDay + 1n)).coveredBeforeSec).to.equal(5_400n);
    });

    it("P47: bridge a gap for maxHold and leave the rest uncovered", async () => {
      await recordAt(launch, 100n * USD);
      await recordAt(launch + 10n * HOUR, 200n * USD);
      expect((await day(launchDay)).coveredSec).to.equal(3n * HOUR);
      expect((await hour(launch / HOUR + 3n)).coveredSec).to.equal(0);
    });

    it("include the price that holds now, so that a finished period never changes", async () => {
      await recordThrough(launch, launch + DAY, 100n * USD, 2n * HOUR);
      await clock.to(launch + DAY);
      const finished = [...(await day(launchDay))];
      expect(finished).to.deep.equal([launchDay, 100n * WAD, DAY, 0n, true]);
      await clock.to(launch + DAY + HOUR);
      expect([...(await day(launchDay))]).to.deep.equal(finished);
      await recordAt(launch + DAY + 5n * HOUR, 999n * USD);
      expect([...(await day(launchDay))]).to.deep.equal(finished);
      expect((await day(launchDay + 1n)).coveredSec).to.equal(HOUR);
    });

    it("P47: are usable from 80 % coverage on, and say what is missing below", async () => {
      const needed = (DAY * 8n) / 10n;
      for (const [offset, short] of [
        [0n, 0n],
        [2n * DAY, 1n],
      ] as const) {
        const start = launch + offset;
        await recordThrough(start, start + needed - HOUR - short, 100n * USD);
        await setup.history.setMaxHold(HOUR);
        await recordAt(start + needed - HOUR - short, 100n * USD);
        await recordAt(start + DAY + 5n * HOUR, 100n * USD);
        await setup.history.setMaxHold(3n * HOUR);
        const index = dayOf(start);
        expect((await day(index)).usable).to.equal(short === 0n);
        if (short === 0n) expect(await setup.history.dayAverage(index)).to.deep.equal([100n * WAD, needed]);
        else await refuses(setup.history.dayAverage(index), "DayNotUsable", index, needed - 1n, needed);
      }
    });

    it("refuse an hour below 80 %, a future one and one that never was", async () => {
      await recordAt(launch + 721n, 100n * USD);
      await clock.to(launch + 2n * HOUR);
      const index = launch / HOUR;
      await refuses(setup.history.hourAverage(index), "HourNotUsable", index, 2_879n, 2_880n);
      await refuses(setup.history.hourAverage(index + 5n), "HourNotUsable", index + 5n, 0, 2_880n);
      for (const odd of [0n, 1n << 40n, (1n << 256n) - 1n]) {
        expect([...(await hour(odd))]).to.deep.equal([odd, 0n, 0n, 0n, false]);
        expect([...(await day(odd))]).to.deep.equal([odd, 0n, 0n, 0n, false]);
      }
    });

    it("are kept for 48 hours and 64 days", async () => {
      const days = 66n;
      await recordThrough(launch, launch + days * DAY, 100n * USD, 3n * HOUR);
      await clock.to(launch + days * DAY);
      const last = launchDay + days - 1n;
      expect((await day(last - 63n)).usable).to.equal(true);
      expect((await day(last - 64n)).coveredSec).to.equal(0);
      const lastHour = (launch + days * DAY) / HOUR - 1n;
      // The hours under the open stretch are not written yet, so their forerunners are still there.
      expect((await hour(lastHour - 47n)).usable).to.equal(true);
      expect((await hour(lastHour - 51n)).coveredSec).to.equal(0);
    });
  });

  describe("window", () => {
    const lastDay = () => launchDay + 30n;
    const fill = async (skip: bigint[] = []) => {
      for (let d = 0n; d <= 30n; d++) {
        if (!skip.includes(d)) await recordThrough(launch + d * DAY, launch + (d + 1n) * DAY, (100n + d) * USD);
      }
      await clock.to(launch + 31n * DAY);
    };

    it("names the first thin day among the nine that count", async () => {
      await fill([0n, 25n]);
      expect([...(await setup.history.window(lastDay()))].slice(0, 4)).to.deep.equal([false, launchDay, 0n, 69_120n]);
    });

    it("names a thin day among the latest eight", async () => {
      await fill([25n]);
      expect([...(await setup.history.window(lastDay()))].slice(0, 4)).to.deep.equal([false, launchDay + 25n, 0n, 69_120n]);
    });

    it("P47: is thin as a whole below 80 % of the 30 days, though all nine days are full", async () => {
      await fill([3n, 4n, 5n, 6n, 7n, 8n, 9n]);
      expect([...(await setup.history.window(lastDay()))].slice(0, 4)).to.deep.equal([false, 0n, 23n * DAY, 24n * DAY]);
    });

    it("P47: is usable at 80 % of the 30 days, and gives the nine averages", async () => {
      await fill([3n, 4n, 5n, 6n, 7n, 8n]);
      const window = await setup.history.window(lastDay());
      expect([...window].slice(0, 5)).to.deep.equal([true, 0n, 0n, 0n, 100n * WAD]);
      expect([...window.dailyAverages]).to.deep.equal([123n, 124n, 125n, 126n, 127n, 128n, 129n, 130n].map((p) => p * WAD));
    });

    describe("given 31 days that are covered for exactly 80 %, but for one of them", () => {
      const NEEDED = 69_120n;
      const HOLD = 6n * HOUR;
      let model: PriceHistoryModel;
      /** The contract's window, after checking that the model's is the same. */
      const windowWith = async (covered: (day: bigint) => bigint) => {
        for (let d = 0n; d <= 30n; d++) await coverFor(covered(d), launch + d * DAY, (100n + d) * USD);
        await clock.to(launch + 31n * DAY);
        const { usable, thinDay, coveredSec, neededSec, averageMonthBefore, dailyAverages } = await setup.history.window(
          lastDay(),
        );
        const window = { usable, thinDay, coveredSec, neededSec, averageMonthBefore, dailyAverages: [...dailyAverages] };
        expect(model.window(lastDay(), await clock.now())).to.deep.equal(window);
        return window;
      };
      /** Covers the day that begins at `start` for `seconds`: three whole records from its beginning, and its last seconds. */
      const coverFor = async (seconds: bigint, start: bigint, price: bigint) => {
        await setup.feed.set(1, price, start);
        for (const time of [start, start + HOLD, start + 2n * HOLD, start + DAY - (seconds - 3n * HOLD)]) {
          await clock.nextBlockAt(time);
          await setup.history.record();
          model.record({ roundId: 1n, answer: price, updatedAt: start }, time);
        }
      };

      beforeEach(async () => {
        await setup.history.setMaxHold(HOLD);
        await setup.history.setMaxAge(DAY);
        model = new PriceHistoryModel();
        [model.maxHold, model.maxAge] = [HOLD, DAY];
      });

      it("P47: is usable when that one is, too", async () => {
        const { usable, averageMonthBefore, dailyAverages } = await windowWith(() => NEEDED);
        expect([usable, averageMonthBefore, ...dailyAverages]).to.deep.equal([
          true,
          100n * WAD,
          ...[123n, 124n, 125n, 126n, 127n, 128n, 129n, 130n].map((price) => price * WAD),
        ]);
      });

      for (const [what, thin] of [
        ["the day a month before", 0n],
        ["the first of the latest eight", 23n],
        ["the latest", 30n],
      ] as const) {
        it(`P47: is thin, and names the day, when ${what} is covered for one second less`, async () => {
          const window = await windowWith((day) => (day === thin ? NEEDED - 1n : NEEDED));
          expect(window).to.include({ usable: false, thinDay: launchDay + thin, coveredSec: NEEDED - 1n, neededSec: NEEDED });
        });
      }

      it("P47: is thin as a whole when another day than the nine is covered for one second less", async () => {
        const window = await windowWith((day) => (day === 12n ? NEEDED - 1n : NEEDED));
        expect(window).to.include({ usable: false, thinDay: 0n, coveredSec: 30n * NEEDED - 1n, neededSec: 30n * NEEDED });
      });
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
