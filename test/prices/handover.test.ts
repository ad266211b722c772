// The feed hands each round to the history: what is filled, what is a gap, and what nobody can do by choosing when to call.
import { expect } from "chai";
import { network } from "hardhat";
import type { MarketReport } from "@ftns/model";
import { plain } from "../helpers/plain.ts";
import { HOUR } from "../helpers/time.ts";
import { FeedScene, reportsOf, sane, signed, reportAt, USD, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const { ethers } = connection;
const scene = new FeedScene(connection);
const { submit, report, later } = scene;

const WAD = 10n ** 18n;

describe("MedianFeed and PriceHistory", () => {
  let first: bigint;
  beforeEach(async () => {
    await scene.start();
    await report(sane(4));
    first = scene.now;
  });

  const hour = async (index: bigint) => (await scene.setup.history.hourAverages([index]))[0]!;
  const known = async () => plain(await scene.setup.history.lastRecord());
  /** All four reporters say the same. */
  const four = (change: Partial<MarketReport>) => report(sane(4).map(() => change));
  const covered = () => scene.setup.history.totalCoveredSec();

  it("P194: the first round fills nothing", async () => {
    expect(await known()).to.deep.equal({ price: 0n, knownUntil: first, staleAt: first + 3n * HOUR });
    expect(await scene.setup.history.startedAt()).to.equal(first);
    expect(await covered()).to.equal(0n);
  });

  it("P194: a round fills the time since the last with the median of the means, and nothing is known past it", async () => {
    later(HOUR);
    const means = [100n * USD, 101n * USD, 100n * USD, 102n * USD];
    await expect(report(means.map((meanPrice) => ({ meanPrice }))))
      .to.emit(scene.setup.history, "RoundTaken")
      .withArgs(first, scene.now, (201n * USD) / 2n);
    expect(await covered()).to.equal(HOUR);
    expect(await hour(first / HOUR)).to.deep.equal([first / HOUR, (201n * WAD) / 2n, 3_000n, 0n, true]);
    const now = await hour(scene.now / HOUR);
    expect([now.coveredSec, now.usable]).to.deep.equal([600n, false]);
  });

  describe("given means that don't make a quorum", () => {
    const gap = async (changes: Partial<MarketReport>[]) => {
      later(HOUR);
      await report(changes);
      expect(await known()).to.include({ price: 0n, knownUntil: scene.now });
      expect(await covered()).to.equal(0n);
    };

    it("P194: leaves a gap when one of four doesn't know", () => gap([{}, {}, {}, { meanPrice: 0n }]));

    it("P194: leaves a gap when one of four follows another round", () => gap([{}, {}, {}, { since: first - 1n }]));

    it("P194: leaves a gap when one of four is off by more than 2 %", () =>
      gap([1_000n, 1_000n, 1_000n, 1_021n].map((meanPrice) => ({ meanPrice }))));

    it("fills again with the next round", async () => {
      await gap([{}, {}, {}, { meanPrice: 0n }]);
      const before = scene.now;
      later(HOUR);
      await four({ meanPrice: 7n * USD });
      expect(await covered()).to.equal(HOUR);
      expect(await known()).to.include({ price: 7n * USD, knownUntil: before + HOUR });
    });
  });

  it("P194: takes the means of those who know, when they are a quorum, however wild the others are", async () => {
    later(HOUR);
    await report([{}, {}, {}, {}, { meanPrice: 0n }, { since: 5n, meanPrice: 9n }, { meanPrice: 1n }]);
    expect(await known()).to.include({ price: 1_50000000n });
    expect(await covered()).to.equal(HOUR);
  });

  it("P195: fills only as far back as a price may stand", async () => {
    later(4n * HOUR);
    await four({ meanPrice: 3n * USD });
    expect(await covered()).to.equal(3n * HOUR);
    expect((await hour(first / HOUR)).coveredSec).to.equal(0n);
    const start = await hour(first / HOUR + 1n);
    expect([start.coveredSec, start.coveredBeforeSec, start.averageWad]).to.deep.equal([3_000n, 0n, 3n * WAD]);
  });

  it("P195: an outage of four hours of which the reporters know nothing is a gap of four hours", async () => {
    later(HOUR);
    await four({ meanPrice: USD });
    later(4n * HOUR);
    await four({ meanPrice: 0n });
    later(HOUR);
    await four({ meanPrice: USD });
    expect(await covered()).to.equal(2n * HOUR);
  });

  describe("given a thin round and a fuller one in its place", () => {
    it("P196: counts the fuller one's mean alone, as if the thin one had never been", async () => {
      later(HOUR);
      const second = scene.now;
      const thin = await reportsOf(
        scene.setup,
        second,
        sane(4).map(() => ({ meanPrice: 50n * USD })),
      );
      const full = await reportsOf(
        scene.setup,
        second - 10n,
        sane(6).map(() => ({ meanPrice: 60n * USD })),
      );
      await submit(thin);
      expect(await known()).to.include({ price: 50n * USD });
      later(30n);
      await submit(full);
      expect(await known()).to.include({ price: 60n * USD, knownUntil: second - 10n });
      expect(await covered()).to.equal(HOUR - 10n);
      later(HOUR);
      await four({ price: 70n * USD, meanPrice: 70n * USD });
      expect(await hour(second / HOUR)).to.deep.equal([
        second / HOUR,
        ((60n * 590n + 70n * 3_010n) * WAD) / 3_600n,
        3_600n,
        3_000n,
        true,
      ]);
    });

    it("P196: fills what the thin one could not", async () => {
      later(HOUR);
      const thin = await reportsOf(scene.setup, scene.now, [{}, {}, {}, { meanPrice: 0n }]);
      const full = await reportsOf(scene.setup, scene.now, sane(5));
      await submit(thin);
      expect(await covered()).to.equal(0n);
      later(30n);
      await submit(full);
      expect(await covered()).to.equal(HOUR);
    });

    it("P196: also in place of the first round, which fills nothing either way", async () => {
      const full = await Promise.all(
        [0, 1, 2, 3, 4].map((i) => signed(scene.setup.reporters[i]!, reportAt(first - 20n), scene.setup.place)),
      );
      later(30n);
      await submit(full);
      expect(await known()).to.include({ price: 0n, knownUntil: first - 20n });
      later(HOUR);
      await four({ meanPrice: 2n * USD });
      expect(await covered()).to.equal(scene.now - first + 20n);
    });
  });

  describe("P46: against the last hour's average", () => {
    const wad = 10n ** 10n;
    /** The last whole hour was at 100; the last round said 140. */
    beforeEach(async () => {
      later(HOUR);
      await report(sane(5).map(() => ({ price: 100n * USD, meanPrice: 100n * USD })));
      later(3_000n);
      await four({ price: 140n * USD, meanPrice: 100n * USD });
      later();
    });

    it("refuses what is within half of the last round, but not of the average", async () => {
      const price = 150n * USD + 1n;
      const refused = four({ price });
      await scene.refuses(refused, "ChangeTooLarge", 100n * USD * wad, price, 4, 5);
    });

    it("takes what is within half of the average, and not of the last round", async () => {
      await four({ price: 50n * USD });
    });

    it("leaves the history as it was when it refuses", async () => {
      const before = await known();
      await scene.refuses(four({ price: 49n * USD }), "ChangeTooLarge", 100n * USD * wad, 49n * USD, 4, 5);
      expect(await known()).to.deep.equal(before);
    });

    it("five who agree may say anything", async () => {
      await report(sane(5).map(() => ({ price: 900n * USD })));
    });
  });

  describe("P197: a dip of 42 % for two minutes (seen: it filled an hour)", () => {
    it("counts for the two minutes that it held, whoever carries a round at that moment", async () => {
      // An hour at 1.00; in the next the price dips, and a stranger carries a round at once.
      later(3_000n);
      await four({ price: 1_50000000n, meanPrice: USD });
      const hourStart = scene.now;
      expect(hourStart % HOUR).to.equal(0n);
      later(1_200n);
      // 120 seconds at 0.58 of 1,200 since the last round.
      await four({ price: 58_000_000n, meanPrice: (USD * 1_080n + 58_000_000n * 120n) / 1_200n });
      // Nobody is paid to come again for an hour; the market is at 1.00 again. That is 72 % above the last round, and what it
      // must be near is the last whole hour.
      later(HOUR);
      await four({ price: USD, meanPrice: USD });
      const { averageWad, usable } = await hour(hourStart / HOUR);
      expect(usable).to.equal(true);
      expect(averageWad).to.equal((WAD * (3_480n * 100n + 120n * 58n)) / 3_600n / 100n);
    });

    it("nobody else can record at all", async () => {
      const { history, stranger } = scene.setup;
      await expect(history.connect(stranger).record()).to.be.revertedWithCustomError(history, "FeedHandsOver");
      await expect(history.connect(stranger).takeRound(first, first + 1n, USD, false))
        .to.be.revertedWithCustomError(history, "NotFeed")
        .withArgs(stranger.address);
      expect(await history.hasNewRound()).to.equal(false);
    });
  });

  it("a minority's means never fill anything, whichever reports are carried", async () => {
    later(HOUR);
    const lie = { meanPrice: 10n * USD };
    const honest: Signed[] = await reportsOf(scene.setup, scene.now, [lie, lie, lie, {}, {}, {}, {}]);
    await submit(honest.slice(0, 5));
    expect(await known()).to.include({ price: 0n });
    later(30n);
    await submit(honest);
    expect(await known()).to.include({ price: 1_50000000n });
  });

  it("stops when its history refuses, and goes on without one", async () => {
    const { feed, history } = scene.setup;
    await history.setFeed(await ethers.deployContract("HandingFeed"), true, 3n * HOUR);
    later(HOUR);
    await expect(four({})).to.be.revertedWithCustomError(history, "NotFeed");
    await feed.setHistory(ethers.ZeroAddress);
    later(HOUR);
    await four({});
  });
});
