import { expect } from "chai";
import { network } from "hardhat";
import { plain } from "../helpers/plain.ts";
import { clockOf, DAY, dayOf, HOUR } from "../helpers/time.ts";
import { deployHistory, USD, WAD, type HistorySetup } from "./historyFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const clock = clockOf(connection);
const fixture = async () => deployHistory(connection);

describe("PriceHistory", () => {
  let w: HistorySetup;
  let launch: bigint;
  let launchDay: bigint;
  beforeEach(async () => {
    w = await networkHelpers.loadFixture(fixture);
    ({ launch, launchDay } = w);
  });

  async function refuses(call: Promise<unknown>, name: string, ...args: unknown[]) {
    await expect(call)
      .to.be.revertedWithCustomError(w.history, name)
      .withArgs(...args);
  }
  const known = async () => plain(await w.history.lastRecord());

  describe("deployment", () => {
    const create = (feed: unknown, heartbeat = HOUR) =>
      ethers.deployContract("PriceHistory", [w.manager, feed as string, false, heartbeat]);

    it("refuses a feed that is no contract, or has other than 8 decimals", async () => {
      await refuses(create(w.stranger.address), "NotFeed", w.stranger.address);
      await refuses(create(await ethers.deployContract("MockFeed", [18])), "UnsupportedDecimals", 18, 8);
    });

    it("refuses a heartbeat below an hour or above two days", async () => {
      for (const bad of [HOUR - 1n, 48n * HOUR + 1n])
        await refuses(create(w.feed, bad), "HeartbeatOutOfBounds", bad, HOUR, 48n * HOUR);
      for (const good of [HOUR, 48n * HOUR]) expect(await (await create(w.feed, good)).heartbeat()).to.equal(good);
    });

    it("starts empty", async () => {
      const { history, feed, day } = w;
      expect(await history.feed()).to.equal(await feed.getAddress());
      expect(await history.handsOver()).to.equal(true);
      expect(await known()).to.deep.equal({ price: 0n, knownUntil: 0n, staleAt: 0n });
      expect([await history.startedAt(), await history.latestHour(), await history.totalCoveredSec()]).to.deep.equal([
        0n,
        0n,
        0n,
      ]);
      expect([...(await day(launchDay))]).to.deep.equal([launchDay, 0n, 0n, 0n, false]);
      expect((await history.window(launchDay)).usable).to.equal(false);
    });
  });

  describe("takeRound", () => {
    it("says which hour a round has closed", async () => {
      for (const [time, hour] of [
        [launch + 2n * HOUR - 1n, launch / HOUR],
        [launch + 2n * HOUR, launch / HOUR + 1n],
      ] as const) {
        await w.feed.hand(w.history, time, USD);
        expect(await w.history.latestHour()).to.equal(hour);
      }
    });

    it("answers with the average of the hour that the round before had closed, and with nothing where that is thin", async () => {
      const answer = (time: bigint) => w.feed.hand.staticCall(w.history, time, 7n);
      await w.stretch(launch + 719n, launch + HOUR, 100n * USD);
      expect(await answer(launch + 2n * HOUR)).to.equal(100n * WAD);
      await w.feed.hand(w.history, launch + 2n * HOUR + 1n, 120n * USD);
      expect(await answer(launch + 2n * HOUR + 300n)).to.equal(120n * WAD);
      await w.stretch(launch + 3n * HOUR + 721n, launch + 4n * HOUR, 100n * USD);
      expect(await answer(launch + 4n * HOUR + 300n)).to.equal(0n);
    });

    it("answers without the round that is replaced", async () => {
      await w.stretch(launch, launch + HOUR, 100n * USD);
      await w.feed.hand(w.history, launch + 2n * HOUR, 900n * USD);
      const replacing = w.feed.take.staticCall(w.history, launch + HOUR, launch + 2n * HOUR, 7n, true);
      expect(await replacing).to.equal(100n * WAD);
    });

    describe("given a feed that knows nothing of what is recorded here", () => {
      const other = async () => {
        const feed = await ethers.deployContract("HandingFeed");
        await w.history.setFeed(feed, true, 48n * HOUR);
        return feed;
      };

      it("P195: leaves a gap between the two, and covers nothing twice", async () => {
        await w.stretch(launch, launch + HOUR, 100n * USD);
        const feed = await other();
        await feed.take(w.history, launch + 600n, launch + 2n * HOUR, USD, false);
        expect(await w.history.totalCoveredSec()).to.equal(HOUR);
        await feed.hand(w.history, launch + 3n * HOUR, USD);
        expect(await w.history.totalCoveredSec()).to.equal(2n * HOUR);
        expect((await w.hour(launch / HOUR)).averageWad).to.equal(100n * WAD);
      });

      it("P195: takes no round of a time that is covered already", async () => {
        await w.stretch(launch, launch + HOUR, 100n * USD);
        const feed = await other();
        for (const replaces of [false, true]) {
          await feed.take(w.history, launch - HOUR, launch + 600n, USD, replaces);
          expect(await known()).to.include({ price: 0n, knownUntil: launch + HOUR });
          await feed.hand(w.history, launch + HOUR - 1n, USD);
          expect(await w.history.totalCoveredSec()).to.equal(HOUR);
        }
      });

      it("goes on where the very same feed is set again", async () => {
        await w.stretch(launch, launch + HOUR, 100n * USD);
        await w.history.setFeed(w.feed, true, 2n * HOUR);
        await w.feed.hand(w.history, launch + 2n * HOUR, USD);
        expect(await w.history.totalCoveredSec()).to.equal(2n * HOUR);
      });
    });
  });

  describe("averages", () => {
    it("P42: weigh each price with the time it held", async () => {
      await w.stretch(launch, launch + 600n, 100n * USD);
      await w.stretch(launch + 600n, launch + HOUR, 400n * USD);
      expect((await w.hour(launch / HOUR)).averageWad).to.equal(((100n * 600n + 400n * 3_000n) * WAD) / 3_600n);
      expect(await w.history.hourAverage(launch / HOUR)).to.deep.equal([350n * WAD, 3_600n]);
    });

    it("P42: give a spike of twelve seconds the weight of twelve seconds", async () => {
      await w.stretch(launch, launch + 12n * HOUR, 100n * USD);
      await w.stretch(launch + 12n * HOUR, launch + 12n * HOUR + 12n, 1_000n * USD);
      await w.stretch(launch + 12n * HOUR + 12n, launch + DAY, 100n * USD);
      expect((await w.day(launchDay)).averageWad).to.equal(((100n * (DAY - 12n) + 1_000n * 12n) * WAD) / DAY);
    });

    it("round down", async () => {
      await w.stretch(launch, launch + 1_200n, 1n);
      await w.stretch(launch + 1_200n, launch + HOUR, 2n);
      expect((await w.hour(launch / HOUR)).averageWad).to.equal(((1n * 1_200n + 2n * 2_400n) * 10n ** 10n) / 3_600n);
    });

    for (const [what, more] of [
      ["as long as the last stretch isn't credited", false],
      ["once it is", true],
    ] as const) {
      it(`split a stretch over the hours and days it touches, ${what}`, async () => {
        await w.stretch(launch + DAY - 90n * 60n, launch + DAY + 30n * 60n, 100n * USD);
        if (more) await w.stretch(launch + 3n * DAY, launch + 3n * DAY + 1n, USD);
        const boundary = (launch + DAY) / HOUR;
        const hours = await w.history.hourAverages([boundary - 2n, boundary - 1n, boundary]);
        expect(hours.map((h) => h.coveredSec)).to.deep.equal([1_800n, 3_600n, 1_800n]);
        expect(hours.map((h) => h.coveredBeforeSec)).to.deep.equal([0n, 1_800n, 5_400n]);
        expect((await w.day(launchDay)).coveredSec).to.equal(5_400n);
        expect((await w.day(launchDay + 1n)).coveredSec).to.equal(1_800n);
        expect((await w.day(launchDay + 1n)).coveredBeforeSec).to.equal(5_400n);
      });
    }

    it("P195: bridge a gap for the heartbeat and leave the rest uncovered", async () => {
      await w.history.setHeartbeat(3n * HOUR);
      await w.stretch(launch, launch + 10n * HOUR, 200n * USD);
      expect((await w.day(launchDay)).coveredSec).to.equal(3n * HOUR);
      expect((await w.hour(launch / HOUR + 6n)).coveredSec).to.equal(0n);
      expect((await w.hour(launch / HOUR + 7n)).coveredSec).to.equal(HOUR);
      await w.stretch(launch + 10n * HOUR, launch + 13n * HOUR, 200n * USD);
      expect((await w.day(launchDay)).coveredSec).to.equal(6n * HOUR);
    });

    it("P44: a period that is over never changes, whatever comes", async () => {
      await w.stretch(launch, launch + DAY, 100n * USD);
      const finished = [...(await w.day(launchDay))];
      expect(finished).to.deep.equal([launchDay, 100n * WAD, DAY, 0n, true]);
      await clock.to(launch + DAY + HOUR);
      await w.stretch(launch + DAY, launch + DAY + 5n * HOUR, 999n * USD);
      await w.stretch(launch + DAY + 5n * HOUR, launch + DAY + 6n * HOUR, 1n);
      expect([...(await w.day(launchDay))]).to.deep.equal(finished);
      expect((await w.day(launchDay + 1n)).coveredSec).to.equal(6n * HOUR);
    });

    it("P47: are usable from 80 % coverage on, and say what is missing below", async () => {
      const needed = (DAY * 8n) / 10n;
      for (const [offset, short] of [
        [0n, 0n],
        [2n * DAY, 1n],
      ] as const) {
        const start = launch + offset;
        await w.stretch(start, start + needed - short, 100n * USD);
        const index = dayOf(start);
        expect((await w.day(index)).usable).to.equal(short === 0n);
        if (short === 0n) expect(await w.history.dayAverage(index)).to.deep.equal([100n * WAD, needed]);
        else await refuses(w.history.dayAverage(index), "DayNotUsable", index, needed - 1n, needed);
      }
    });

    it("P47: refuse an hour below 80 %, a future one and one that never was", async () => {
      await w.stretch(launch + 721n, launch + HOUR, 100n * USD);
      const index = launch / HOUR;
      await refuses(w.history.hourAverage(index), "HourNotUsable", index, 2_879n, 2_880n);
      await refuses(w.history.hourAverage(index + 5n), "HourNotUsable", index + 5n, 0, 2_880n);
      for (const odd of [0n, 1n << 40n, (1n << 256n) - 1n]) {
        expect([...(await w.hour(odd))]).to.deep.equal([odd, 0n, 0n, 0n, false]);
        expect([...(await w.day(odd))]).to.deep.equal([odd, 0n, 0n, 0n, false]);
      }
    });

    it("are kept for 48 hours and 64 days", async () => {
      const days = 66n;
      for (let d = 0n; d < days; d++) await w.stretch(launch + d * DAY, launch + (d + 1n) * DAY, 100n * USD);
      const last = launchDay + days - 1n;
      expect((await w.day(last - 63n)).usable).to.equal(true);
      // The last stretch isn't credited, so that what its periods will push out is still there.
      expect((await w.day(last - 65n)).coveredSec).to.equal(0n);
      const lastHour = (launch + days * DAY) / HOUR - 1n;
      expect((await w.hour(lastHour - 47n)).usable).to.equal(true);
      expect((await w.hour(lastHour - 72n)).coveredSec).to.equal(0n);
    });
  });

  describe("currentAnswer", () => {
    it("refuses what is no price, and what is older than the heartbeat", async () => {
      const feed = await ethers.deployContract("MockFeed", [8]);
      await w.history.setFeed(feed, false, 3n * HOUR);
      const now = (await clock.now()) + 100n;
      const answers = async (round: bigint, answer: bigint, at: bigint) => {
        await feed.set(round, answer, at);
        await clock.to((await clock.now()) + 10n);
        return w.history.currentAnswer({ blockTag: "latest" });
      };
      await refuses(answers(0n, USD, now), "RoundIncomplete", 0, now);
      await refuses(answers(1n, USD, 0n), "RoundIncomplete", 1, 0);
      await refuses(answers(1n, 0n, now), "AnswerNotPositive", 0);
      await refuses(answers(1n, -USD, now), "AnswerNotPositive", -USD);
      await refuses(answers(1n, WAD + 1n, now), "AnswerOutOfBounds", WAD + 1n, WAD);
      await refuses(answers(1n, USD, now + DAY), "AnswerFromFuture", now + DAY, (await clock.now()) + 11n);
      await feed.set(7, WAD, now);
      await clock.to(now + 3n * HOUR);
      expect([...(await w.history.currentAnswer())]).to.deep.equal([WAD, 7n, now]);
      await clock.to(now + 3n * HOUR + 1n);
      await refuses(w.history.currentAnswer(), "AnswerStale", now, now + 1n);
    });
  });

  describe("governance", () => {
    it("refuses a stranger", async () => {
      const history = w.history.connect(w.stranger);
      for (const call of [() => history.setFeed(w.feed, true, HOUR), () => history.setHeartbeat(HOUR)])
        await refuses(call(), "AccessManagedUnauthorized", w.stranger.address);
    });

    it("refuses a heartbeat out of bounds, a feed that is no contract, or other than 8 decimals", async () => {
      for (const bad of [HOUR - 1n, 48n * HOUR + 1n]) {
        await refuses(w.history.setHeartbeat(bad), "HeartbeatOutOfBounds", bad, HOUR, 48n * HOUR);
        await refuses(w.history.setFeed(w.feed, true, bad), "HeartbeatOutOfBounds", bad, HOUR, 48n * HOUR);
      }
      await refuses(w.history.setFeed(w.stranger.address, true, HOUR), "NotFeed", w.stranger.address);
      await refuses(w.history.setFeed(await ethers.deployContract("MockFeed", [6]), true, HOUR), "UnsupportedDecimals", 6, 8);
    });

    it("sets the heartbeat, and says so", async () => {
      await w.stretch(launch, launch + HOUR, USD);
      await expect(w.history.setHeartbeat(2n * HOUR))
        .to.emit(w.history, "HeartbeatSet")
        .withArgs(2n * HOUR);
      expect((await known()).staleAt).to.equal(launch + 3n * HOUR);
    });

    it("sets another feed, whose first round fills nothing", async () => {
      await w.stretch(launch, launch + HOUR, 100n * USD);
      const rounds = await ethers.deployContract("RoundsFeed");
      await expect(w.history.setFeed(rounds, false, 2n * HOUR))
        .to.emit(w.history, "FeedSet")
        .withArgs(await rounds.getAddress(), false, 2n * HOUR);
      await rounds.add(5, 50n * USD, launch + 2n * HOUR);
      await clock.to(launch + 5n * HOUR);
      await w.history.record();
      expect(await w.history.totalCoveredSec()).to.equal(HOUR);
      await rounds.add(6, 70n * USD, launch + 3n * HOUR);
      await w.history.record();
      expect(await w.history.hourAverage(launch / HOUR + 2n)).to.deep.equal([50n * WAD, HOUR]);
      expect(await w.history.hourAverage(launch / HOUR)).to.deep.equal([100n * WAD, HOUR]);
      await w.history.setFeed(w.feed, true, 2n * HOUR);
      expect(await w.history.lastRoundId()).to.equal(0n);
    });
  });
});
