import { expect } from "chai";
import { BUDGET, FTNS, payments, percent, poolFixture, TIER, WAD, type PoolWorld } from "./fixture.ts";

const { connection, fresh } = await poolFixture();
const { ethers } = connection;
const { ZeroAddress, MaxUint256 } = ethers;

describe("RewardPool", () => {
  let d: PoolWorld;
  let pool: PoolWorld["pool"];
  beforeEach(async () => {
    d = await fresh();
    pool = d.pool;
  });

  describe("initialize", () => {
    const bare = async () => ethers.deployContract("RewardPool", [d.manager]);

    it("reverts for a stranger, even with nonsense", async () => {
      await expect(pool.connect(d.eve).initialize(ZeroAddress, ZeroAddress))
        .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
        .withArgs(d.eve);
    });

    it("reverts the second time", async () => {
      await expect(pool.initialize(d.token, d.source)).to.be.revertedWithCustomError(pool, "AlreadyInitialized");
    });

    it("reverts with a token that is none, or pays its demurrage elsewhere", async () => {
      const unborn = await bare();
      for (const none of [d.eve.address, ZeroAddress]) {
        await expect(unborn.initialize(none, d.source)).to.be.revertedWithCustomError(pool, "NotAContract").withArgs(none);
      }
      await expect(unborn.initialize(d.token, d.source))
        .to.be.revertedWithCustomError(pool, "PoolOfAnotherToken")
        .withArgs(d.token, pool);
      expect(await unborn.token()).to.equal(ZeroAddress);
    });

    it("reverts with a source of M that is none, or gives a wrong one", async () => {
      const unborn = await bare();
      const token = await ethers.deployContract("PoolToken", [unborn, FTNS]);
      await expect(unborn.initialize(token, d.eve)).to.be.revertedWithCustomError(pool, "NotAContract").withArgs(d.eve);
      await d.source.set(0n);
      await expect(unborn.initialize(token, d.source)).to.be.revertedWithCustomError(pool, "MultiplierOutOfBounds");
      await d.source.set(WAD);
      await expect(unborn.initialize(token, d.source)).to.emit(unborn, "Initialized").withArgs(token, d.source);
      expect(await unborn.token()).to.equal(token);
    });

    it("is needed before anything else", async () => {
      const unborn = await bare();
      for (const call of [
        async () => unborn.reward(d.alice, 0n, FTNS, TIER.BASIC),
        async () => unborn.payYield(d.alice, 1n, 1n),
        async () => unborn.payKeeper(d.alice, 1n),
        async () => unborn.claim(),
        async () => unborn.budgetLeft(),
        async () => unborn.dayBudget(),
        async () => unborn.previewReward(0n, FTNS, TIER.BASIC),
        async () => unborn.previewClaim(d.alice),
        async () => unborn.drawableToday(d.alice),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(pool, "NotInitialized");
      }
    });

    it("starts with the defaults", async () => {
      expect(await pool.tierMultipliers()).to.deep.equal([0n, WAD, (WAD * 13n) / 10n, (WAD * 16n) / 10n]);
      expect(await pool.emissionShare()).to.equal(WAD / 1_000n);
      expect(await pool.shares()).to.deep.equal([percent(30n), percent(30n), percent(30n), percent(10n)]);
      expect(await (await bare()).rewarder()).to.equal(ZeroAddress);
    });
  });

  describe("governance", () => {
    it("reverts for a stranger before it looks at anything (P61)", async () => {
      const stranger = pool.connect(d.eve);
      for (const call of [
        async () => stranger.setRewarder(ZeroAddress),
        async () => stranger.setYieldPayer(ZeroAddress),
        async () => stranger.setKeeperPayer(ZeroAddress),
        async () => stranger.setMultiplierSource(ZeroAddress),
        async () => stranger.setTierMultipliers([1n, 0n, 0n, 0n]),
        async () => stranger.setEmissionShare(MaxUint256),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized").withArgs(d.eve);
      }
    });

    it("names who may pay, which must have code", async () => {
      const other = await d.source.getAddress();
      for (const [set, get, event] of [
        ["setRewarder", "rewarder", "RewarderSet"],
        ["setYieldPayer", "yieldPayer", "YieldPayerSet"],
        ["setKeeperPayer", "keeperPayer", "KeeperPayerSet"],
      ] as const) {
        for (const none of [d.eve.address, ZeroAddress]) {
          await expect(pool[set](none)).to.be.revertedWithCustomError(pool, "CallerWithoutCode").withArgs(none);
        }
        expect(await pool[get]()).to.equal(await d.driver.getAddress());
        await expect(pool[set](other)).to.emit(pool, event).withArgs(other);
        expect(await pool[get]()).to.equal(other);
      }
      expect(await pool.tierMultipliers()).to.deep.equal([0n, WAD, (WAD * 13n) / 10n, (WAD * 16n) / 10n]);
    });

    it("sets the source of M, after reading it once", async () => {
      await expect(pool.setMultiplierSource(d.eve)).to.be.revertedWithCustomError(pool, "NotAContract").withArgs(d.eve);
      await expect(pool.setMultiplierSource(d.token)).to.revert(ethers); // says nothing of M
      const other = await ethers.deployContract("MultiplierSwitch");
      await other.set(11n * WAD);
      await expect(pool.setMultiplierSource(other)).to.be.revertedWithCustomError(pool, "MultiplierOutOfBounds");
      await other.fix(1n);
      await expect(pool.setMultiplierSource(other)).to.be.revertedWithCustomError(pool, "MultiplierOutOfBounds");
      await other.set(3n * WAD);
      await other.fix(0n);
      await expect(pool.setMultiplierSource(other)).to.emit(pool, "MultiplierSourceChanged").withArgs(other);
      expect(await pool.multiplierSource()).to.equal(await other.getAddress());
      expect((await pool.previewReward(0n, FTNS, TIER.BASIC)).earned).to.equal(3n * FTNS);
      expect(await pool.emissionShare()).to.equal(WAD / 1_000n);
    });

    it("sets tier multipliers that start at zero, do not fall, stay within 3.0 and are whole billionths", async () => {
      await expect(pool.setTierMultipliers([1n, WAD, WAD, WAD]))
        .to.be.revertedWithCustomError(pool, "NoneMustEarnNothing")
        .withArgs(1n);
      await expect(pool.setTierMultipliers([0n, WAD, WAD, 3n * WAD + 1n]))
        .to.be.revertedWithCustomError(pool, "TierMultiplierOutOfBounds")
        .withArgs(TIER.POWER, 3n * WAD + 1n, 3n * WAD);
      await expect(pool.setTierMultipliers([0n, WAD, WAD - 1n, WAD]))
        .to.be.revertedWithCustomError(pool, "TierMultipliersNotAscending")
        .withArgs(TIER.ACTIVE, WAD - 1n, WAD);
      await expect(pool.setTierMultipliers([0n, WAD, WAD + 1n, 2n * WAD]))
        .to.be.revertedWithCustomError(pool, "TierMultiplierTooFine")
        .withArgs(TIER.ACTIVE, WAD + 1n, 10n ** 9n);
      for (const multipliers of [
        [0n, 0n, 0n, 0n],
        [0n, 10n ** 9n, 2n * 10n ** 9n, 3n * 10n ** 9n],
        [0n, WAD, WAD, 3n * WAD],
      ] as [bigint, bigint, bigint, bigint][]) {
        await expect(pool.setTierMultipliers(multipliers)).to.emit(pool, "TierMultipliersChanged").withArgs(multipliers);
        expect(await pool.tierMultipliers()).to.deep.equal(multipliers);
        for (const tier of [TIER.BASIC, TIER.ACTIVE, TIER.POWER]) {
          expect((await pool.previewReward(0n, FTNS, tier)).earned).to.equal(multipliers[Number(tier)]);
        }
      }
      expect(await pool.rewarder()).to.equal(await d.driver.getAddress());
    });

    it("sets an emission share of at most 1 %", async () => {
      const max = percent(1n);
      await expect(pool.setEmissionShare(max + 1n))
        .to.be.revertedWithCustomError(pool, "EmissionShareOutOfBounds")
        .withArgs(max + 1n, max);
      await expect(pool.setEmissionShare(max)).to.emit(pool, "EmissionShareChanged").withArgs(max);
      expect(await pool.emissionShare()).to.equal(max);
      expect(await pool.budgetLeft()).to.equal(10n * BUDGET);
      await payments(d).reward(10n * FTNS);
      await pool.setEmissionShare(0n);
      expect(await pool.budgetLeft()).to.equal(10n * BUDGET - 10n * FTNS);
      await d.clock.toDaysAhead(1n);
      expect(await pool.budgetLeft()).to.equal(0n);
    });
  });
});
