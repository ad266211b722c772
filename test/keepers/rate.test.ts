// FTNS for a coin: by the coin's feed and our own price, or the fallback.
import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { HOUR } from "../helpers/time.ts";
import { USD } from "../safety/fixture.ts";
import { keepersOn, type KeepersWorld } from "./fixture.ts";
import { BROKEN, FALLBACK, payingIn } from "./paying.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;

describe("KeeperJobs payments", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const { record, late, govern, breakContract } = payingIn(connection, () => w);

  describe("P126: the rate", () => {
    const withFeed = async (decimals: number) => {
      const feed = await ethers.deployContract("MockFeed", [decimals]);
      await govern().setRateSources({ coinFeed: feed, maxCoinAge: 3n * HOUR, fallbackRate: FALLBACK });
      const set = async (dollars: bigint, age = 0n, unit = 10n ** BigInt(decimals)) =>
        feed.getFunction("set").send(1n, dollars * unit, (await w.clock.now()) - age);
      return { feed, set };
    };
    const fallsBack = async (error: string) => {
      expect(await w.jobs.rate()).to.deep.equal([FALLBACK, false]);
      await expect(w.jobs.feedRate()).to.be.revertedWithCustomError(w.jobs, error);
    };

    it("is the fallback without a feed", async () => {
      await fallsBack("NoCoinFeed");
    });

    it("is the coin's price by our own average of the latest full hour, whatever the feed's decimals", async () => {
      for (const decimals of [0, 8, 18]) {
        const { set } = await withFeed(decimals);
        await set(3_000n);
        expect(await w.jobs.rate()).to.deep.equal([3_000n * FTNS, true]);
      }
    });

    it("is not moved by the price of now", async () => {
      const { set } = await withFeed(8);
      await w.hour(2n * USD);
      await set(3_000n);
      const before = await w.jobs.rate();
      await w.report({ price: USD });
      await w.history.record();
      expect(await w.jobs.rate()).to.deep.equal(before);
    });

    it("is the fallback when the coin's price is stale, of the future, or none", async () => {
      const { set } = await withFeed(8);
      await set(3_000n, 3n * HOUR - 10n);
      expect((await w.jobs.rate())[1]).to.equal(true);
      for (const [dollars, age] of [
        [3_000n, 4n * HOUR],
        [3_000n, -HOUR],
        [0n, 0n],
        [-1n, 0n],
      ] as const) {
        await set(dollars, age);
        await fallsBack("CoinPriceUnusable");
      }
    });

    it("is the fallback when the ratio is absurd", async () => {
      const { set } = await withFeed(8);
      await set(10n ** 13n);
      await fallsBack("RateOutOfBounds");
      await set(1n, 0n, 10n ** 1n);
      await fallsBack("RateOutOfBounds");
    });

    it("is the fallback when our own price is thin", async () => {
      const { set } = await withFeed(8);
      await w.clock.pass(8n * HOUR);
      await set(3_000n);
      expect(await w.jobs.rate()).to.deep.equal([FALLBACK, false]);
      await expect(w.jobs.feedRate()).to.be.revertedWithCustomError(w.jobs, "FtnsPriceStale");
      await w.report();
      await w.history.record();
      await set(3_000n);
      await expect(w.jobs.feedRate()).to.be.revertedWithCustomError(w.history, "HourNotUsable");
    });

    for (const broken of BROKEN) {
      it(`is the fallback with a coin feed that is ${broken}, and the job is done and paid`, async () => {
        const { feed } = await withFeed(8);
        await breakContract(await feed.getAddress(), broken);
        expect(await w.jobs.rate()).to.deep.equal([FALLBACK, false]);
        await late(0n);
        const { done } = await record();
        expect(done.rate).to.equal(FALLBACK);
        expect(done.paid).to.be.greaterThan(0n);
      });
    }
  });
});
