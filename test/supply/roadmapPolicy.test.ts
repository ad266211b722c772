import { expect } from "chai";
import { network } from "hardhat";
import { MAX_AVERAGE, MIN_AVERAGE, roadmapPolicy, targetRate, type MarketWindow } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { outcomeOfModel } from "../helpers/reverts.ts";

const { ethers } = await network.create();

const WAD = 10n ** 18n;
const HALF = WAD / 2n;
const flat = (price: bigint) => Array<bigint>(8).fill(price);

function windowOf(changes: Partial<MarketWindow> = {}): MarketWindow {
  const dailyAverages = changes.dailyAverages ?? flat(WAD);
  return { day: 20_000n, daysSinceLaunch: 0n, multiplier: WAD, averageMonthBefore: WAD, ...changes, dailyAverages };
}

/** The window as the contract's binding wants it. */
function argument(window: MarketWindow) {
  return { ...window, dailyAverages: [...window.dailyAverages] as never };
}

describe("RoadmapPolicy", () => {
  const policyPromise = ethers.deployContract("RoadmapPolicy");

  /** The contract's decision, after checking that the model's is the same. */
  async function decide(changes: Partial<MarketWindow>) {
    const window = windowOf(changes);
    const policy = await policyPromise;
    const [target, velocity, volatility, damping, baseFactor, factor] = await policy.decide(argument(window));
    const decision = { target, velocity, volatility, damping, baseFactor, factor };
    expect(roadmapPolicy(window)).to.deep.equal(decision);
    return decision;
  }

  describe("given a window it cannot judge", () => {
    it("refuses averages of zero and beyond the bounds, and says which", async () => {
      const policy = await policyPromise;
      for (const bad of [0n, MIN_AVERAGE - 1n, MAX_AVERAGE + 1n, (1n << 256n) - 1n]) {
        for (let index = 0; index <= 8; index++) {
          const dailyAverages = flat(WAD).map((price, i) => (i === index ? bad : price));
          const window = windowOf(index === 8 ? { averageMonthBefore: bad } : { dailyAverages });
          await expect(policy.decide(argument(window)))
            .to.be.revertedWithCustomError(policy, "AverageOutOfBounds")
            .withArgs(index, bad, MIN_AVERAGE, MAX_AVERAGE);
          const error = `AverageOutOfBounds(${index}, ${bad}, ${MIN_AVERAGE}, ${MAX_AVERAGE})`;
          expect(outcomeOfModel(() => roadmapPolicy(window))).to.equal(error);
        }
      }
    });

    it("refuses more or fewer days than eight, which the contract's type rules out", () => {
      for (const days of [0, 7, 9]) {
        const window = windowOf({ dailyAverages: Array<bigint>(days).fill(WAD) });
        expect(() => roadmapPolicy(window)).to.throw(RangeError, `a window has 8 daily averages, not ${days}`);
      }
    });

    it("refuses more days than the curve is defined for", async () => {
      const policy = await policyPromise;
      for (const days of [65_536n, (1n << 256n) - 1n]) {
        await expect(policy.targetRate(days)).to.be.revertedWithCustomError(policy, "DaysOutOfBounds").withArgs(days, 65_535n);
        expect(outcomeOfModel(() => targetRate(days))).to.equal(`DaysOutOfBounds(${days}, 65535)`);
      }
    });
  });

  describe("target", () => {
    it("P56: is 0.5 on day 0, 0.180579011... on day 365, 0.021189801... on day 2000", async () => {
      const policy = await policyPromise;
      expect(await policy.targetRate(0)).to.equal(HALF);
      expect((await policy.targetRate(365)) / 10n ** 9n).to.equal(180_579_011n);
      expect((await policy.targetRate(2_000)) / 10n ** 9n).to.equal(21_189_801n);
    });

    it("falls every day towards 2 % and never below", async () => {
      const policy = await policyPromise;
      let last = HALF + 1n;
      for (const days of [0n, 1n, 2n, 30n, 365n, 1_000n, 5_000n, 10_000n]) {
        const target = await policy.targetRate(days);
        expect(target).to.equal(targetRate(days));
        expect(target).to.be.lessThan(last);
        last = target;
      }
      expect(await policy.targetRate(14_000)).to.equal((2n * WAD) / 100n);
      expect(await policy.targetRate(65_535)).to.equal((2n * WAD) / 100n);
    });
  });

  describe("velocity and bands", () => {
    // (P - P30) / P30 * 365 / 30 = k * T is exact for P30 = 730 USD and P = 730 USD + 60 k T: whole numbers for each k.
    const P30 = 730n * WAD;
    const at = (percent: bigint, days: bigint) => P30 + (60n * percent * targetRate(days)) / 100n;
    const decideAt = (price: bigint, daysSinceLaunch: bigint) =>
      decide({ daysSinceLaunch, averageMonthBefore: P30, dailyAverages: flat(price) });
    const cases = [
      { percent: 150n, inner: 120n, outer: 140n, step: 1n },
      { percent: 120n, inner: 100n, outer: 120n, step: 1n },
      { percent: 80n, inner: 100n, outer: 85n, step: -1n },
      { percent: 50n, inner: 85n, outer: 70n, step: -1n },
    ];

    it("P50: falls in the inner band exactly on a threshold, and in the outer one a wei beyond", async () => {
      for (const days of [0n, 31n, 365n, 2_000n]) {
        for (const { percent, inner, outer, step } of cases) {
          const exact = at(percent, days);
          expect((exact - P30) * 365n * 100n * WAD).to.equal(percent * targetRate(days) * 30n * P30);
          expect((await decideAt(exact, days)).baseFactor).to.equal((inner * WAD) / 100n);
          expect((await decideAt(exact + step, days)).baseFactor).to.equal((outer * WAD) / 100n);
        }
      }
    });

    it("P50: damps the step of a band, and clamps it to 10 %", async () => {
      const wild = (price: bigint) => [P30, 2n * P30, P30, 2n * P30, P30, 2n * P30, P30, price];
      const factorAt = async (percent: bigint, dailyAverages: (price: bigint) => bigint[]) =>
        (await decide({ averageMonthBefore: P30, dailyAverages: dailyAverages(at(percent, 0n)) })).factor;
      const perMille = (factor: bigint) => (factor * 1_000n) / WAD;
      const calm = [40n, 60n, 100n, 130n, 200n].map(async (percent) => perMille(await factorAt(percent, flat)));
      expect(await Promise.all(calm)).to.deep.equal([900n, 900n, 1_000n, 1_100n, 1_100n]);
      const stormy = [40n, 60n, 100n, 130n, 200n].map(async (percent) => perMille(await factorAt(percent, wild)));
      expect(await Promise.all(stormy)).to.deep.equal([900n, 925n, 1_000n, 1_100n, 1_100n]);
    });

    it("P50: on day 0 velocity is exactly 0.75 at 9/146 growth, which is 1.5 times the target", async () => {
      const { velocity, baseFactor } = await decide({ averageMonthBefore: 146n * WAD, dailyAverages: flat(155n * WAD) });
      expect(velocity).to.equal((75n * WAD) / 100n);
      expect(baseFactor).to.equal((12n * WAD) / 10n);
    });

    it("rounds velocity towards zero on both sides", async () => {
      const up = await decide({ averageMonthBefore: 3n * WAD, dailyAverages: flat(4n * WAD) });
      const down = await decide({ averageMonthBefore: 3n * WAD, dailyAverages: flat(2n * WAD) });
      expect(up.velocity).to.equal(4_055_555_555_555_555_555n);
      expect(down.velocity).to.equal(-4_055_555_555_555_555_555n);
    });

    it("takes falling prices for too slow", async () => {
      expect((await decide({ dailyAverages: flat(WAD / 2n) })).factor).to.equal((9n * WAD) / 10n);
    });
  });

  describe("volatility and damping", () => {
    it("P51: equal prices have volatility 0", async () => {
      for (const price of [MIN_AVERAGE, WAD, 1234567890123456789n, MAX_AVERAGE]) {
        const { volatility, damping, velocity } = await decide({ averageMonthBefore: price, dailyAverages: flat(price) });
        expect([volatility, damping, velocity]).to.deep.equal([0n, WAD, 0n]);
      }
    });

    it("constant growth has volatility 0 too", async () => {
      const dailyAverages = Array.from({ length: 8 }, (_, i) => 2n ** BigInt(i) * WAD);
      expect((await decide({ dailyAverages })).volatility).to.equal(0n);
    });

    it("is the population's standard deviation times the root of 365", async () => {
      // One return of +1 % among seven: sd = 0.01 * sqrt(6) / 7.
      const dailyAverages = [100n, 101n, 101n, 101n, 101n, 101n, 101n, 101n].map((price) => price * WAD);
      const { volatility, damping } = await decide({ dailyAverages });
      expect(Math.abs(Number(volatility) / 1e18 - (0.01 * Math.sqrt(6) * Math.sqrt(365)) / 7) < 1e-15).to.equal(true);
      expect(damping).to.equal(WAD - 2n * volatility);
    });

    it("damps by half at most", async () => {
      const dailyAverages = [1n, 2n, 1n, 2n, 1n, 2n, 1n, 2n].map((price) => price * WAD);
      expect((await decide({ dailyAverages })).damping).to.equal(HALF);
    });

    it("survives the wildest averages there can be", async () => {
      const dailyAverages = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? MIN_AVERAGE : MAX_AVERAGE));
      await decide({ dailyAverages, averageMonthBefore: MIN_AVERAGE });
      await decide({ dailyAverages: dailyAverages.reverse(), averageMonthBefore: MAX_AVERAGE });
    });
  });

  describe("against its model", () => {
    it("P52: agrees bit for bit on random windows, and stays within 10 %", async () => {
      const harness = await ethers.deployContract("PolicyHarness");
      const policy = await policyPromise;
      const windows: MarketWindow[] = [];
      await forCases(fuzzCases(2_400), (random) => void windows.push(randomWindow(random)));
      const factors = new Set<string>();
      for (let i = 0; i < windows.length; i += 200) {
        const part = windows.slice(i, i + 200);
        const decisions = await harness.decideAll(policy, part.map(argument));
        decisions.forEach((decision, j) => {
          expect([...decision]).to.deep.equal(Object.values(roadmapPolicy(part[j] as MarketWindow)));
          expect(decision.factor >= (9n * WAD) / 10n && decision.factor <= (11n * WAD) / 10n).to.equal(true);
          factors.add(String(decision.factor));
        });
      }
      if (process.env.FUZZ_CASE === undefined) expect(factors.size).to.be.greaterThan(3);
    });

    it("follows 2 % + 48 % * e^(-0.003 d)", () => {
      for (const days of [1n, 10n, 777n]) {
        const expected = 0.02 + 0.48 * Math.exp(-0.003 * Number(days));
        expect(Math.abs(Number(targetRate(days)) / 1e18 - expected) < 1e-15).to.equal(true);
      }
    });
  });
});

/** From calm markets near the target to prices over the whole range. */
function randomWindow(random: Random): MarketWindow {
  const daysSinceLaunch = random.magnitude(0n, 65_535n);
  const spread = random.pick([1n, 10n, 100n, 1_000n]); // daily steps of up to so many basis points
  let price = random.magnitude(MIN_AVERAGE, MAX_AVERAGE);
  const wild = random.chance(0.2);
  const dailyAverages = Array.from({ length: 8 }, () => {
    const step = (price * random.bigint(-spread, spread)) / 10_000n;
    price = wild ? random.magnitude(MIN_AVERAGE, MAX_AVERAGE) : clamp(price + step);
    return price;
  });
  const nearTarget = (price * 365n * WAD) / (365n * WAD + (30n * targetRate(daysSinceLaunch) * random.bigint(0n, 200n)) / 100n);
  const averageMonthBefore = random.chance(0.7) ? clamp(nearTarget) : random.magnitude(MIN_AVERAGE, MAX_AVERAGE);
  return { day: 20_000n, daysSinceLaunch, multiplier: WAD, averageMonthBefore, dailyAverages };
}

function clamp(price: bigint): bigint {
  return price < MIN_AVERAGE ? MIN_AVERAGE : price > MAX_AVERAGE ? MAX_AVERAGE : price;
}
