// A feed that isn't ours: `record()` walks its rounds, each from its own time to the next, whenever somebody calls.
import { expect } from "chai";
import { network } from "hardhat";
import { plain } from "../helpers/plain.ts";
import { clockOf, DAY, dayOf, HOUR, startOf } from "../helpers/time.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const clock = clockOf(connection);

const USD = 10n ** 8n;
const WAD = 10n ** 18n;
const HEARTBEAT = 25n * HOUR;
const FAULT = { none: 0, reverts: 1, burnsGas: 2, short: 3, empty: 4 } as const;
const phase = (number: bigint) => number << 64n;

async function deploy() {
  const [admin, stranger] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [admin!.address]);
  const feed = await ethers.deployContract("RoundsFeed");
  const history = await ethers.deployContract("PriceHistory", [manager, feed, false, HEARTBEAT]);
  const launch = startOf(dayOf(await clock.now()) + 2n);
  return { feed, history: history.connect(stranger), admin: admin!, launch };
}

describe("PriceHistory of a foreign feed", () => {
  let w: Awaited<ReturnType<typeof deploy>>;
  /** First second of a protocol day, and of an hour. */
  let t: bigint;
  beforeEach(async () => {
    w = await networkHelpers.loadFixture(deploy);
    t = w.launch;
  });

  const known = async () => plain(await w.history.lastRecord());
  const hour = async (index: bigint) => (await w.history.hourAverages([index]))[0]!;
  /** Calls at `time`, when the feed's rounds are as they are. */
  const recordAt = async (time: bigint) => {
    await clock.nextBlockAt(time);
    return w.history.record();
  };
  const walked = async (sent: Promise<unknown>, rounds: number) =>
    expect(sent)
      .to.emit(w.history, "RoundsRecorded")
      .withArgs(await w.feed.latest(), anything, anything, rounds);
  const anything = () => true;

  it("begins with the latest round, and fills nothing by it", async () => {
    await w.feed.addMany(1, USD, t - 5n * HOUR, HOUR, 5);
    await walked(recordAt(t), 1);
    expect(await known()).to.deep.equal({ price: USD, knownUntil: t - HOUR, staleAt: t + 24n * HOUR });
    expect(await w.history.totalCoveredSec()).to.equal(0n);
    expect(await w.history.startedAt()).to.equal(t - HOUR);
    expect(await w.history.lastRoundId()).to.equal(5n);
  });

  describe("given a first round", () => {
    beforeEach(async () => {
      await w.feed.add(1, 100n * USD, t);
      await recordAt(t + 1n);
    });

    it("P198: gives each round the weight from its own time to the next, whenever it is called", async () => {
      await w.feed.add(2, 50n * USD, t + 1_800n);
      await w.feed.add(3, 80n * USD, t + 1_920n);
      await w.feed.add(4, 80n * USD, t + HOUR);
      const patient = await networkHelpers.takeSnapshot();
      await recordAt(t + 5n * HOUR);
      const average = await hour(t / HOUR);
      expect(average.averageWad).to.equal(((100n * 1_800n + 50n * 120n + 80n * 1_680n) * WAD) / 3_600n);
      await patient.restore();
      await clock.to(t + 5n * HOUR);
      for (const latest of [2, 3, 4]) {
        await w.feed.setLatest(latest);
        await w.history.record();
      }
      expect(await hour(t / HOUR)).to.deep.equal(average);
    });

    it("P198: a stranger who records during a dip of two minutes gives it two minutes", async () => {
      await w.feed.add(2, 58n * USD, t + 1_800n);
      await recordAt(t + 1_810n);
      await w.feed.add(3, 100n * USD, t + 1_920n);
      await w.feed.add(4, 100n * USD, t + HOUR);
      await recordAt(t + 3n * HOUR);
      expect((await hour(t / HOUR)).averageWad).to.equal(((100n * 3_480n + 58n * 120n) * WAD) / 3_600n);
    });

    it("knows nothing past the last round", async () => {
      await w.feed.add(2, 50n * USD, t + 1_800n);
      await recordAt(t + 10n * HOUR);
      expect(await known()).to.include({ knownUntil: t + 1_800n });
      expect((await hour(t / HOUR)).coveredSec).to.equal(1_800n);
    });

    it("refuses when there is no new round, and says so before", async () => {
      expect(await w.history.hasNewRound()).to.equal(false);
      await expect(recordAt(t + HOUR))
        .to.be.revertedWithCustomError(w.history, "NoNewRound")
        .withArgs(1);
      await w.feed.add(2, USD, t + HOUR);
      expect(await w.history.hasNewRound()).to.equal(true);
    });

    it("P199: a heartbeat of 24 hours fills day after day", async () => {
      for (let d = 1n; d <= 3n; d++) {
        await w.feed.add(1n + d, (100n + d) * USD, t + d * DAY);
        // Twenty-three of twenty-four hourly calls find nothing.
        await recordAt(t + d * DAY + 60n);
        await expect(recordAt(t + d * DAY + HOUR)).to.be.revertedWithCustomError(w.history, "NoNewRound");
      }
      const [first, second, third] = await w.history.dayAverages([dayOf(t), dayOf(t) + 1n, dayOf(t) + 2n]);
      expect([first!.averageWad, second!.averageWad, third!.averageWad]).to.deep.equal([100n * WAD, 101n * WAD, 102n * WAD]);
      expect([first!.coveredSec, third!.usable]).to.deep.equal([DAY, true]);
    });

    it("P199: an outage that is longer than the heartbeat is a gap beyond it", async () => {
      await w.feed.add(2, 5n * USD, t + HEARTBEAT + 4n * HOUR);
      await recordAt(t + HEARTBEAT + 5n * HOUR);
      expect(await w.history.totalCoveredSec()).to.equal(HEARTBEAT);
      expect((await hour((t + HEARTBEAT) / HOUR - 1n)).coveredSec).to.equal(HOUR);
      expect((await hour((t + HEARTBEAT) / HOUR)).coveredSec).to.equal(0n);
    });

    it("P199: an outage of four hours within the heartbeat is none: the price stood", async () => {
      await w.feed.add(2, 5n * USD, t + HOUR);
      await w.feed.add(3, 5n * USD, t + 5n * HOUR);
      await recordAt(t + 5n * HOUR + 1n);
      expect(await w.history.totalCoveredSec()).to.equal(5n * HOUR);
    });

    it("counts a round that is dated before the last one from that one's time on", async () => {
      await w.feed.add(2, 50n * USD, t - 10n);
      await w.feed.add(3, 80n * USD, t + HOUR);
      await recordAt(t + 2n * HOUR);
      expect(await hour(t / HOUR)).to.deep.equal([t / HOUR, 50n * WAD, HOUR, 0n, true]);
    });

    for (const [what, fault] of Object.entries(FAULT).filter(([, fault]) => fault !== 0)) {
      it(`P198: a round that can't be read (${what}) is a gap up to the next that can`, async () => {
        await w.feed.add(2, 50n * USD, t + 600n);
        await w.feed.add(3, 50n * USD, t + 1_200n);
        await w.feed.add(4, 50n * USD, t + 1_800n);
        await w.feed.add(5, 50n * USD, t + 2_400n);
        await w.feed.spoil(3, fault);
        await recordAt(t + HOUR);
        // Known: the first 600 seconds, and the last 600 from the fourth round to the fifth.
        expect(await w.history.totalCoveredSec()).to.equal(1_200n);
        expect(await known()).to.include({ price: 50n * USD, knownUntil: t + 2_400n });
      });
    }

    for (const [what, answer, at] of [
      ["of zero", 0n, 1_200n],
      ["below zero", -1n, 1_200n],
      ["above every price", WAD + 1n, 1_200n],
      ["from the future", USD, 10n * DAY],
    ] as const) {
      it(`P198: an answer ${what} is a gap, too`, async () => {
        await w.feed.add(2, answer, t + at);
        await w.feed.add(3, USD, t + 2_400n);
        await w.feed.add(4, USD, t + 3_000n);
        await recordAt(t + HOUR);
        expect(await w.history.totalCoveredSec()).to.equal(600n);
      });
    }

    it("takes the highest price there may be", async () => {
      await w.feed.add(2, WAD, t + HOUR);
      await recordAt(t + HOUR);
      expect((await known()).price).to.equal(WAD);
    });

    it("P198: the gas given makes no gap: either it suffices, or everything is undone", async () => {
      await w.feed.addMany(2, 50n * USD, t + 600n, 600n, 5);
      await clock.to(t + 2n * HOUR);
      const right = await networkHelpers.takeSnapshot();
      await w.history.record();
      const expected = await w.history.totalCoveredSec();
      let refused = 0;
      for (let gasLimit = 60_000n; gasLimit <= 400_000n; gasLimit += 10_000n) {
        await right.restore();
        await w.history.record({ gasLimit }).catch(() => refused++);
        expect([0n, expected]).to.include(await w.history.totalCoveredSec());
      }
      expect(refused).to.be.greaterThan(0);
      expect(refused).to.be.lessThan(35);
    });

    it("walks 64 rounds a call, and goes on with the next", async () => {
      await w.feed.addMany(2, USD, t + 60n, 60n, 130);
      await clock.to(t + DAY);
      for (const [rounds, last] of [
        [64, 65n],
        [64, 129n],
        [2, 131n],
      ] as const) {
        expect(await w.history.record.staticCall()).to.equal(rounds);
        await w.history.record();
        expect(await w.history.lastRoundId()).to.equal(last);
      }
      expect(await w.history.totalCoveredSec()).to.equal(130n * 60n);
    });

    it("credits about two days a call, and goes on with the next", async () => {
      await w.feed.addMany(2, USD, t + DAY, DAY, 5);
      await clock.to(t + 6n * DAY);
      for (const last of [3n, 5n, 6n]) {
        await w.history.record();
        expect(await w.history.lastRoundId()).to.equal(last);
      }
      expect(await w.history.totalCoveredSec()).to.equal(5n * DAY);
    });

    it("takes no feed that names no round or no time", async () => {
      await w.feed.setLatest(9);
      await expect(w.history.record()).to.be.revertedWithCustomError(w.history, "RoundIncomplete").withArgs(9, 0);
      await w.feed.setLatest(0);
      await expect(w.history.record()).to.be.revertedWithCustomError(w.history, "RoundIncomplete").withArgs(0, 0);
    });
  });

  describe("given a proxy whose aggregator is replaced (a new phase)", () => {
    const old = phase(3n);
    const next = phase(4n);
    beforeEach(async () => {
      await w.feed.add(old + 7n, 100n * USD, t);
      await recordAt(t + 1n);
      await w.feed.add(old + 8n, 90n * USD, t + 600n);
      await w.feed.add(old + 9n, 80n * USD, t + 1_200n);
    });

    it("P198: walks the old one to its end and goes on with the new one's first round after it", async () => {
      // The new aggregator ran for a while before it was put in place.
      await w.feed.addMany(next + 1n, 70n * USD, t - HOUR, 600n, 13);
      await clock.to(t + 2n * HOUR);
      await w.history.record();
      expect(await w.history.lastRoundId()).to.equal(next + 13n);
      expect(await known()).to.include({ price: 70n * USD, knownUntil: t + HOUR });
      const sum = 100n * 600n + 90n * 600n + 80n * 600n + 70n * 1_800n;
      expect(await hour(t / HOUR)).to.deep.equal([t / HOUR, (sum * WAD) / 3_600n, HOUR, 0n, true]);
    });

    it("takes the new one's latest where none is later, from the old one's last time on", async () => {
      await w.feed.add(next + 1n, 70n * USD, t + 100n);
      await clock.to(t + 2n * HOUR);
      await w.history.record();
      expect(await known()).to.include({ price: 70n * USD, knownUntil: t + 1_200n });
      await w.feed.add(next + 2n, 60n * USD, t + HOUR);
      await w.history.record();
      const sum = 100n * 600n + 90n * 600n + 70n * 2_400n;
      expect((await hour(t / HOUR)).averageWad).to.equal((sum * WAD) / 3_600n);
    });

    it("finds the first later round among thousands within one call", async () => {
      for (let from = 1n; from < 4_000n; from += 250n)
        await w.feed.addMany(next + from, 70n * USD, t - 3_000n * 60n + (from - 1n) * 60n, 60n, 250);
      await clock.to(t + 20n * HOUR);
      const sent = await w.history.record();
      expect((await sent.wait())!.gasUsed).to.be.lessThan(3_000_000n);
      // Old rounds 8 and 9, then the first new one after the ninth, and as many as the call takes.
      expect(await w.history.lastRoundId()).to.equal(next + 3_022n + 61n);
    });

    it("begins anew with a feed that went back", async () => {
      await clock.to(t + HOUR);
      await w.history.record();
      await w.feed.setLatest(old + 7n);
      await w.history.record();
      expect(await known()).to.include({ price: 100n * USD, knownUntil: t + 1_200n });
      expect(await w.history.lastRoundId()).to.equal(old + 7n);
    });
  });

  it("follows Chainlink's own aggregator by address alone", async () => {
    const chainlink = await ethers.deployContract("ChainlinkFeed", [8, 123n * USD]);
    await w.history.connect(w.admin).setFeed(chainlink, false, 3n * HOUR);
    const started = await clock.now();
    await w.history.record();
    await clock.nextBlockAt(started + 1_800n);
    await chainlink.updateAnswer(125n * USD);
    await w.history.record();
    expect(await w.history.totalCoveredSec()).to.be.closeTo(1_800n, 5n);
    expect((await known()).price).to.equal(125n * USD);
  });
});
