import { expect } from "chai";
import { network } from "hardhat";
import { launchPriceOf, LN_070, logGrowth, MAX_AVERAGE, MIN_AVERAGE, pathPolicy, type MarketWindow } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { outcomeOfModel } from "../helpers/reverts.ts";
import { DAY, deploySupply, fillDays, holds, HOUR, USD, WAD } from "./supplyFixture.ts";
import { startOf } from "../helpers/time.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const MIN_FACTOR = (97n * WAD) / 100n;
const MAX_FACTOR = (103n * WAD) / 100n;
const MOST_DAYS = 65_535n;
const flat = (price: bigint) => Array<bigint>(8).fill(price);

function windowOf(changes: Partial<MarketWindow> = {}): MarketWindow {
  const dailyAverages = changes.dailyAverages ?? flat(WAD);
  return { day: 20_000n, daysSinceLaunch: 60n, multiplier: WAD, averageMonthBefore: WAD, ...changes, dailyAverages };
}

/** The window as the contract's binding wants it. */
function argument(window: MarketWindow) {
  return { ...window, dailyAverages: [...window.dailyAverages] as never };
}

/** `price * e^x` of doubles, to the integer. */
const times = (price: bigint, log: number) => BigInt(Math.round(Number(price) * Math.exp(log)));

async function freshPolicy() {
  const setup = await deploySupply(connection);
  return { ...setup, policy: await ethers.deployContract("PathPolicy", [setup.history, setup.launch, 0]) };
}

async function anchoredPolicy() {
  const setup = await deploySupply(connection);
  return { ...setup, policy: await ethers.deployContract("PathPolicy", [setup.history, setup.launch, WAD]) };
}

describe("PathPolicy", () => {
  /** The contract's decision with a launch price of 1 USD, after checking that the model's is the same. */
  async function decide(changes: Partial<MarketWindow>) {
    const { policy } = await networkHelpers.loadFixture(anchoredPolicy);
    const window = windowOf(changes);
    const [target, velocity, volatility, damping, baseFactor, factor] = await policy.decide(argument(window));
    const decision = { target, velocity, volatility, damping, baseFactor, factor };
    expect(pathPolicy(window, WAD)).to.deep.equal(decision);
    return decision;
  }

  describe("given a window it cannot judge", () => {
    it("refuses averages beyond the bounds, and says which", async () => {
      const { policy } = await networkHelpers.loadFixture(anchoredPolicy);
      for (const bad of [0n, MIN_AVERAGE - 1n, MAX_AVERAGE + 1n, (1n << 256n) - 1n]) {
        for (let index = 0; index <= 8; index++) {
          const dailyAverages = flat(WAD).map((price, i) => (i === index ? bad : price));
          const window = windowOf(index === 8 ? { averageMonthBefore: bad } : { dailyAverages });
          await expect(policy.decide(argument(window)))
            .to.be.revertedWithCustomError(policy, "AverageOutOfBounds")
            .withArgs(index, bad, MIN_AVERAGE, MAX_AVERAGE);
          const error = `AverageOutOfBounds(${index}, ${bad}, ${MIN_AVERAGE}, ${MAX_AVERAGE})`;
          expect(outcomeOfModel(() => pathPolicy(window, WAD))).to.equal(error);
        }
      }
    });

    it("refuses more days than the curve is defined for, and a multiplier out of bounds", async () => {
      const { policy } = await networkHelpers.loadFixture(anchoredPolicy);
      const late = windowOf({ daysSinceLaunch: MOST_DAYS + 1n });
      await expect(policy.decide(argument(late))).to.be.revertedWithCustomError(policy, "DaysOutOfBounds");
      await expect(policy.pathPrice(MOST_DAYS + 1n)).to.be.revertedWithCustomError(policy, "DaysOutOfBounds");
      expect(outcomeOfModel(() => pathPolicy(late, WAD))).to.equal(`DaysOutOfBounds(${MOST_DAYS + 1n}, ${MOST_DAYS})`);
      for (const multiplier of [0n, WAD / 10n - 1n, 10n * WAD + 1n, (1n << 256n) - 1n]) {
        const window = windowOf({ multiplier });
        await expect(policy.decide(argument(window)))
          .to.be.revertedWithCustomError(policy, "MultiplierOutOfBounds")
          .withArgs(multiplier, WAD / 10n, 10n * WAD);
        expect(outcomeOfModel(() => pathPolicy(window, WAD))).to.contain(`MultiplierOutOfBounds(${multiplier}, `);
      }
      await decide({ daysSinceLaunch: MOST_DAYS, multiplier: WAD / 10n });
      await decide({ daysSinceLaunch: 0n, multiplier: 10n * WAD });
    });
  });

  describe("given no launch price yet", () => {
    it("does nothing", async () => {
      const { policy } = await networkHelpers.loadFixture(freshPolicy);
      const window = windowOf({ dailyAverages: flat(5n * WAD) });
      const decision = await policy.decide(argument(window));
      expect(decision.factor).to.equal(WAD);
      expect([...decision]).to.deep.equal(Object.values(pathPolicy(window, 0n)));
      expect(await policy.pathPrice(0)).to.equal(0);
    });
  });

  describe("the path", () => {
    it("is (0.02 d + 160 (1 - e^(-0.003 d))) / 365 in logarithms", async () => {
      const { policy } = await networkHelpers.loadFixture(anchoredPolicy);
      for (const days of [0n, 1n, 365n, 3_650n, MOST_DAYS]) {
        const expected = (0.02 * Number(days) + 160 * (1 - Math.exp(-0.003 * Number(days)))) / 365;
        expect(Math.abs(Number(logGrowth(days)) / 1e18 - expected)).to.be.lessThan(1e-14);
        const price = Number(await policy.pathPrice(days)) / 1e18;
        expect(Math.abs(price / Math.exp(expected) - 1)).to.be.lessThan(1e-14);
      }
    });
  });

  describe("given a price on the path", () => {
    it("leaves M where it is, and looks at the mean of seven days as that of four days before", async () => {
      const days = 400n;
      const onPath = times(WAD, Number(logGrowth(days - 4n)) / 1e18);
      const { factor } = await decide({ daysSinceLaunch: days, dailyAverages: flat(onPath) });
      expect(Math.abs(Number(factor) / 1e18 - 1)).to.be.lessThan(1e-14);
    });

    it("does not look at the oldest of the eight days", async () => {
      const dailyAverages = [MAX_AVERAGE, ...Array<bigint>(7).fill(WAD)];
      expect(await decide({ dailyAverages })).to.deep.equal(await decide({}));
    });
  });

  describe("given a price off the path", () => {
    it("goes eight times as far in logarithms, at most 3 % a day, exactly", async () => {
      const days = 4n;
      const at = (log: number) => decide({ daysSinceLaunch: days, dailyAverages: flat(times(WAD, log)) });
      const near = await at(0.003);
      expect(Math.abs(Math.log(Number(near.factor) / 1e18) - 0.024)).to.be.lessThan(1e-14);
      expect((await at(0.0038)).factor).to.equal(MAX_FACTOR);
      expect((await at(5)).factor).to.equal(MAX_FACTOR);
      expect((await at(-0.0039)).factor).to.equal(MIN_FACTOR);
    });

    it("stops at M = 4 above, and at 0.7 below", async () => {
      const high = flat(100n * WAD);
      expect((await decide({ dailyAverages: high, multiplier: 4n * WAD })).factor).to.be.within(WAD - 2n, WAD + 2n);
      expect((await decide({ dailyAverages: high, multiplier: 5n * WAD })).factor).to.equal(MIN_FACTOR);
      // Below the path and above the launch price: the floor is 0.7.
      const low = { dailyAverages: flat(WAD), daysSinceLaunch: 4_000n };
      expect((await decide({ ...low, multiplier: (7n * WAD) / 10n })).factor).to.be.within(WAD - 2n, WAD + 2n);
    });

    it("P360: keeps at least 0.7 of the launch's income in dollars, as far as doubling M goes", async () => {
      // At half the launch price 1.4 times the rewards are worth 0.7 of the launch's.
      const half = { dailyAverages: flat(WAD / 2n) };
      expect((await decide({ ...half, multiplier: (14n * WAD) / 10n })).factor).to.be.within(WAD - 2n, WAD + 2n);
      const tenth = { dailyAverages: flat(WAD / 10n) };
      expect((await decide({ ...tenth, multiplier: 2n * WAD })).factor).to.be.within(WAD - 2n, WAD + 2n);
      expect((await decide({ ...tenth, multiplier: 3n * WAD })).factor).to.equal(MIN_FACTOR);
    });
  });

  describe("against its model", () => {
    it("P361: agrees bit for bit on random windows, and never goes past its steps", async () => {
      const { policy } = await networkHelpers.loadFixture(anchoredPolicy);
      const harness = await ethers.deployContract("PolicyHarness");
      const windows: MarketWindow[] = [];
      await forCases(fuzzCases(1_200, 12_000), (random) => void windows.push(randomWindow(random)));
      const kinds = { up: 0, down: 0, between: 0 };
      for (let i = 0; i < windows.length; i += 200) {
        const part = windows.slice(i, i + 200);
        const decisions = await harness.decideAll(policy, part.map(argument));
        decisions.forEach((decision, j) => {
          expect([...decision]).to.deep.equal(Object.values(pathPolicy(part[j] as MarketWindow, WAD)));
          expect(decision.factor >= MIN_FACTOR && decision.factor <= MAX_FACTOR).to.equal(true);
          kinds[decision.factor === MAX_FACTOR ? "up" : decision.factor === MIN_FACTOR ? "down" : "between"]++;
        });
      }
      if (process.env.FUZZ_CASE === undefined) for (const count of Object.values(kinds)) expect(count).to.be.greaterThan(20);
    });

    it("P362: a dearer coin never gives a smaller factor where the path decides, nor a larger one where the floor does", async () => {
      let floors = 0;
      await forCases(fuzzCases(2_000, 20_000), (random) => {
        const window = randomWindow(random);
        const dearer = { ...window, dailyAverages: window.dailyAverages.map((price) => clamp((price * 101n) / 100n)) };
        const logOf = ({ dailyAverages }: MarketWindow) =>
          Math.log(dailyAverages.slice(1).reduce((sum, price) => sum + Number(price), 0) / 7e18);
        const byFloor = [window, dearer].map((one) => {
          const path = Number(logGrowth(one.daysSinceLaunch < 4n ? 0n : one.daysSinceLaunch - 4n)) / 1e18;
          const floor = Math.max(Number(LN_070) / 1e18, Math.min(Math.LN2, Number(LN_070) / 1e18 - logOf(one)));
          return 8 * (logOf(one) - path) < floor;
        });
        if (byFloor[0] !== byFloor[1]) return;
        const [before, after] = [pathPolicy(window, WAD).baseFactor, pathPolicy(dearer, WAD).baseFactor];
        // The library's last digits, for factors up to 40.
        const slack = 2_000n;
        if (byFloor[0]) floors++;
        expect(byFloor[0] ? after <= before + slack : after >= before - slack, `${before} ${after}`).to.equal(true);
      });
      if (process.env.FUZZ_CASE === undefined) expect(floors).to.be.greaterThan(50);
    });

    it("decides within 45,000 gas", async () => {
      const { policy } = await networkHelpers.loadFixture(anchoredPolicy);
      const data = policy.interface.encodeFunctionData("decide", [argument(windowOf({ dailyAverages: flat(WAD / 2n) }))]);
      const all = await ethers.provider.estimateGas({ to: await policy.getAddress(), data });
      const bytes = ethers.getBytes(data);
      const carrying = 21_000n + bytes.reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
      expect(all - carrying).to.be.lessThan(45_000n);
    });
  });

  describe("the launch price", () => {
    it("P363: is the mean of the first 30 usable days, whoever notes them and however often", async () => {
      for (const everyDay of [true, false]) {
        const setup = await freshPolicy();
        const { policy, launch, stranger } = setup;
        const usable: bigint[] = [];
        for (let i = 0n; usable.length < 30; i++) {
          const day = launch + i;
          const price = (100n + i) * USD;
          // Every seventh day is known for six hours only.
          const until = i % 7n === 3n ? startOf(day) + 6n * HOUR : startOf(day) + DAY;
          await holds(setup, startOf(day), until, price);
          if (i % 7n !== 3n) usable.push(price * 10n ** 10n);
          if (everyDay && i !== 0n && i % 7n !== 3n) await policy.connect(stranger).noteDays();
        }
        expect((await policy.launchPrice()).price).to.equal(0);
        // The 30th day is final once a round has closed the next one, and what comes later does not count.
        const next = (await policy.launchPrice()).nextDay + (everyDay ? 4n : 60n);
        await holds(setup, await setup.feed.lastAt(), startOf(next), 9_999n * USD);
        await policy.connect(stranger).noteDays();
        expect((await policy.launchPrice()).price).to.equal(launchPriceOf(usable));
        await expect(policy.noteDays()).to.be.revertedWithCustomError(policy, "LaunchPriceKnown");
      }
    });

    it("P380: refuses to note a day before the one after it is over by a round, so that no round can change it any more", async () => {
      const setup = await freshPolicy();
      const { policy, launch, history } = setup;
      await expect(policy.noteDays()).to.be.revertedWithCustomError(policy, "NoDayFinal").withArgs(launch, 0);
      // Closed by a round that a fuller one may still replace.
      for (const end of [startOf(launch + 1n), startOf(launch + 2n) - 1n]) {
        await holds(setup, (await setup.feed.lastAt()) || startOf(launch), end, USD);
        const { knownUntil } = await history.lastRecord();
        await expect(policy.noteDays()).to.be.revertedWithCustomError(policy, "NoDayFinal").withArgs(launch, knownUntil);
      }
      await holds(setup, await setup.feed.lastAt(), startOf(launch + 2n), USD);
      await expect(policy.noteDays()).to.emit(policy, "DaysNoted").withArgs(launch, 1);
      await expect(policy.noteDays()).to.be.revertedWithCustomError(policy, "NoDayFinal");
    });

    it("counts no day before the launch", async () => {
      const setup = await deploySupply(connection);
      const policy = await ethers.deployContract("PathPolicy", [setup.history, setup.launch + 2n, 0]);
      await fillDays(connection, setup, setup.launch, setup.launch + 3n, (day) => (day - setup.launch + 1n) * USD);
      await expect(policy.noteDays())
        .to.emit(policy, "DaysNoted")
        .withArgs(setup.launch + 2n, 1);
    });

    it("is what the contract was made with, within bounds, and then no day counts", async () => {
      const { history, launch } = await networkHelpers.loadFixture(freshPolicy);
      const factory = await ethers.getContractFactory("PathPolicy");
      for (const price of [1n, MIN_AVERAGE - 1n, MAX_AVERAGE + 1n]) {
        await expect(ethers.deployContract("PathPolicy", [history, launch, price]))
          .to.be.revertedWithCustomError(factory, "LaunchPriceOutOfBounds")
          .withArgs(price, MIN_AVERAGE, MAX_AVERAGE);
      }
      const policy = await ethers.deployContract("PathPolicy", [history, launch, MAX_AVERAGE]);
      await expect(policy.deploymentTransaction()).to.emit(policy, "LaunchPriceSet").withArgs(MAX_AVERAGE);
      await expect(policy.noteDays()).to.be.revertedWithCustomError(policy, "LaunchPriceKnown").withArgs(MAX_AVERAGE);
    });

    it("wants a history that is a contract", async () => {
      const { stranger, launch } = await networkHelpers.loadFixture(freshPolicy);
      const factory = await ethers.getContractFactory("PathPolicy");
      await expect(ethers.deployContract("PathPolicy", [stranger, launch, 0]))
        .to.be.revertedWithCustomError(factory, "NotAContract")
        .withArgs(stranger.address);
    });
  });

  describe("under the supply controller", () => {
    it("is taken as a policy, and moves M by at most its own steps", async () => {
      const setup = await deploySupply(connection);
      const { controller, launch, history } = setup;
      const policy = await ethers.deployContract("PathPolicy", [history, launch, 0]);
      await controller.setPolicy(policy);
      await fillDays(connection, setup, launch, launch + 31n, (day) => (day < launch + 25n ? 100n : 120n) * USD);
      await policy.noteDays();
      const { factor } = (await controller.preview({ blockTag: "pending" })).decision;
      expect(factor).to.equal(MAX_FACTOR);
      await controller.adjust(factor);
      expect(await controller.multiplier()).to.equal(MAX_FACTOR);
    });
  });
});

/** Prices near the path, on both sides of the launch price, and anywhere at all. */
function randomWindow(random: Random): MarketWindow {
  const daysSinceLaunch = random.magnitude(0n, MOST_DAYS);
  const wild = random.chance(0.2);
  const path = Number(logGrowth(daysSinceLaunch)) / 1e18;
  const spread = random.pick([0.002, 0.02, 0.5, 3]);
  const around = (random.pick([0, path]) as number) + (random.int(-1_000, 1_000) / 1_000) * spread;
  const dailyAverages = Array.from({ length: 8 }, () =>
    wild ? random.magnitude(MIN_AVERAGE, MAX_AVERAGE) : clamp(times(WAD, around + random.int(-100, 100) / 20_000)),
  );
  const multiplier = random.chance(0.5) ? random.bigint(WAD / 10n, 10n * WAD) : times(WAD, random.int(-40, 40) / 1_000);
  return {
    day: 20_000n,
    daysSinceLaunch,
    multiplier,
    averageMonthBefore: random.magnitude(MIN_AVERAGE, MAX_AVERAGE),
    dailyAverages,
  };
}

function clamp(price: bigint): bigint {
  return price < MIN_AVERAGE ? MIN_AVERAGE : price > MAX_AVERAGE ? MAX_AVERAGE : price;
}
