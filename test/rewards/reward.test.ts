import { expect } from "chai";
import { BUDGET, FTNS, payments, percent, poolFixture, TIER, WAD, type PoolWorld } from "./fixture.ts";

const { connection, fresh } = await poolFixture();
const { ethers } = connection;
const { ZeroAddress, MaxUint256 } = ethers;
const KIND = 3n;

describe("RewardPool reward", () => {
  let d: PoolWorld;
  let pool: PoolWorld["pool"];
  let fund: ReturnType<typeof payments>["fund"];
  beforeEach(async () => {
    d = await fresh();
    pool = d.pool;
    fund = payments(d).fund;
  });

  const reward = async (value: bigint, tier: bigint = TIER.BASIC) => pool.reward(d.alice, KIND, value, tier);

  /** Expects a reward to be split so, told so, kept so and paid so. */
  async function splits(value: bigint, tier: bigint, parts: { fromFunds?: bigint; minted?: bigint; deferred?: bigint }) {
    const { fromFunds = 0n, minted = 0n, deferred = 0n } = parts;
    const earned = fromFunds + minted + deferred;
    const M = await d.source.multiplierFor(KIND);
    const [claimable, supply, funds] = await Promise.all([
      pool.claimable(d.alice),
      d.token.totalSupply(),
      d.token.balanceOf(pool),
    ]);
    expect(await pool.previewReward(KIND, value, tier)).to.deep.equal([earned, fromFunds, minted, deferred, 0n]);
    expect(await pool.reward.staticCall(d.alice, KIND, value, tier)).to.deep.equal([earned, deferred, 0n]);
    const rewarded = reward(value, tier);
    await expect(rewarded)
      .to.emit(pool, "RewardPaid")
      .withArgs(d.alice, tier, KIND, value, M, earned, fromFunds, minted, deferred);
    await expect(rewarded).to.changeTokenBalance(ethers, d.token, d.alice, fromFunds + minted);
    expect(await pool.claimable(d.alice)).to.equal(claimable + deferred);
    expect(await d.token.totalSupply()).to.equal(supply + minted);
    expect(await d.token.balanceOf(pool)).to.equal(funds - fromFunds);
    return rewarded;
  }

  it("reverts for anyone but the rewarder and who has a role (P61)", async () => {
    await expect(pool.connect(d.eve).reward(ZeroAddress, 99n, MaxUint256, TIER.NONE))
      .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
      .withArgs(d.eve);
    await pool.setRewarder(d.source);
    const payment = { purpose: 0n, account: d.alice, kind: 0n, tier: TIER.BASIC, amount: FTNS, recycled: 0n };
    await expect(d.driver.pay(pool, [payment]))
      .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
      .withArgs(d.driver);
  });

  it("pays for the rewarder without a role", async () => {
    const payment = { purpose: 0n, account: d.alice, kind: 0n, tier: TIER.BASIC, amount: FTNS, recycled: 0n };
    await expect(d.driver.connect(d.eve).pay(pool, [payment])).to.changeTokenBalance(ethers, d.token, d.alice, FTNS);
  });

  it("reverts for the zero account, for the pool itself and for a kind that there is not", async () => {
    await expect(pool.reward(ZeroAddress, 0n, FTNS, TIER.BASIC)).to.be.revertedWithCustomError(pool, "ZeroAccount");
    await expect(pool.reward(pool, 0n, FTNS, TIER.BASIC)).to.be.revertedWithCustomError(pool, "PoolCannotBePaid");
    await expect(pool.reward(d.alice, 8n, FTNS, TIER.BASIC))
      .to.be.revertedWithCustomError(pool, "UnknownKind")
      .withArgs(8n);
    await expect(pool.previewReward(8n, FTNS, TIER.BASIC)).to.be.revertedWithCustomError(pool, "UnknownKind");
    await pool.reward(d.alice, 7n, FTNS, TIER.BASIC);
  });

  it("reverts with a value that no contribution can have", async () => {
    const cap = 1_000_000_000n * FTNS;
    for (const value of [cap + 1n, MaxUint256]) {
      await expect(reward(value)).to.be.revertedWithCustomError(pool, "ValueOutOfBounds").withArgs(value, cap);
      await expect(pool.previewReward(KIND, value, TIER.POWER)).to.be.revertedWithCustomError(pool, "ValueOutOfBounds");
    }
    await d.source.set(10n * WAD);
    await pool.setTierMultipliers([0n, WAD, WAD, 3n * WAD]);
    const earned = 30n * cap;
    expect((await pool.previewReward(KIND, cap, TIER.POWER)).earned).to.equal(earned);
    await reward(cap, TIER.POWER);
    expect(await pool.claimable(d.alice)).to.equal(earned - (BUDGET * 3n) / 10n);
    await reward(cap, TIER.POWER);
    // What one is owed ends at 79 times the hard cap.
    await expect(reward(cap, TIER.POWER)).to.be.revertedWithCustomError(pool, "SafeCastOverflowedUintDowncast");
  });

  describe("given a source of M that fails", () => {
    it("reverts and pays nothing, also where only M itself cannot be read (P32)", async () => {
      await d.source.switchHalfOff();
      await expect(reward(FTNS)).to.be.revertedWithCustomError(pool, "MultiplierUnreadable").withArgs(d.source);
      await expect(pool.previewReward(KIND, FTNS, TIER.BASIC)).to.be.revertedWithCustomError(pool, "MultiplierUnreadable");
      await d.source.switchOff();
      await expect(reward(FTNS)).to.be.revertedWithCustomError(d.source, "SwitchedOff");
      expect(await d.token.balanceOf(d.alice)).to.equal(0n);
      expect(await pool.totalClaimable()).to.equal(0n);
    });

    it("needs M itself only until the budget of the day is fixed", async () => {
      await reward(FTNS);
      await d.source.switchHalfOff();
      await splits(FTNS, TIER.BASIC, { minted: FTNS });
      await d.clock.toDaysAhead(1n);
      await expect(reward(FTNS)).to.be.revertedWithCustomError(pool, "MultiplierUnreadable");
    });

    it("reverts with an M that no controller gives", async () => {
      for (const M of [0n, WAD / 10n - 1n, 10n * WAD + 1n, MaxUint256]) {
        await d.source.set(M);
        await expect(reward(FTNS))
          .to.be.revertedWithCustomError(pool, "MultiplierOutOfBounds")
          .withArgs(M, WAD / 10n, 10n * WAD);
      }
      await d.source.fix(0xffn);
      await expect(reward(FTNS)).to.be.revertedWithCustomError(pool, "MultiplierUnreadable");
    });

    it("pays tier NONE nothing, says nothing, and needs no M", async () => {
      await fund(FTNS);
      await d.source.switchOff();
      expect(await pool.previewReward(KIND, FTNS, TIER.NONE)).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
      await expect(reward(FTNS, TIER.NONE)).not.to.emit(pool, "RewardPaid");
      expect(await d.token.balanceOf(pool)).to.equal(FTNS);
    });
  });

  it("multiplies by tier, and by M where the kind follows it", async () => {
    await splits(10n * FTNS, TIER.BASIC, { minted: 10n * FTNS });
    await splits(10n * FTNS, TIER.ACTIVE, { minted: 13n * FTNS });
    await splits(10n * FTNS, TIER.POWER, { minted: 16n * FTNS });
    await d.source.set((25n * WAD) / 10n);
    await splits(10n * FTNS, TIER.POWER, { minted: 40n * FTNS });
    await d.source.set(WAD / 10n);
    await splits(10n * FTNS, TIER.BASIC, { minted: FTNS });
    await d.source.fix(1n << KIND);
    await splits(10n * FTNS, TIER.BASIC, { minted: 10n * FTNS });
    expect((await pool.previewReward(KIND + 1n, 10n * FTNS, TIER.BASIC)).earned).to.equal(FTNS);
  });

  it("rounds down, once", async () => {
    await splits(1n, TIER.ACTIVE, { minted: 1n }); // 1.3
    await splits(5n, TIER.ACTIVE, { minted: 6n }); // 6.5
    await d.source.set((19n * WAD) / 10n);
    await splits(3n, TIER.ACTIVE, { minted: 7n }); // 7.41; by steps 3 * 1.9 = 5, 5 * 1.3 = 6
    await d.source.set(WAD / 10n);
    await splits(9n, TIER.BASIC, {});
  });

  it("spends the pool's funds before it mints, but for what is kept for services", async () => {
    await fund(30n * FTNS);
    await splits(20n * FTNS, TIER.BASIC, { fromFunds: 20n * FTNS });
    await splits(20n * FTNS, TIER.BASIC, { fromFunds: 7n * FTNS, minted: 13n * FTNS });
    await splits(20n * FTNS, TIER.BASIC, { minted: 20n * FTNS });
    await pool.setShares(percent(30n), percent(30n), 0n);
    await splits(20n * FTNS, TIER.BASIC, { fromFunds: 3n * FTNS, minted: 17n * FTNS });
  });

  it("counts as activity of who is paid, and calls nobody for nothing", async () => {
    await fund(10n * FTNS);
    await expect(splits(20n * FTNS, TIER.BASIC, { fromFunds: 9n * FTNS, minted: 11n * FTNS }))
      .to.emit(d.token, "RewardCounted")
      .withArgs(d.alice, 9n * FTNS, 11n * FTNS);
    await d.token.setRecovery((await d.clock.now()) + 600n);
    await payments(d).payKeeper(FTNS);
    const deferred = splits(20n * FTNS, TIER.BASIC, { deferred: 20n * FTNS });
    await expect(deferred).not.to.emit(d.token, "RewardCounted");
  });

  it("defers what its part of the day does not reach for", async () => {
    const part = (BUDGET * 3n) / 10n;
    await splits(part - FTNS, TIER.BASIC, { minted: part - FTNS });
    await splits(3n * FTNS, TIER.BASIC, { minted: FTNS, deferred: 2n * FTNS });
    await splits(1n, TIER.BASIC, { deferred: 1n });
    expect(await pool.totalClaimable()).to.equal(2n * FTNS + 1n);
    await d.clock.toDaysAhead(1n);
    await splits(3n * FTNS, TIER.BASIC, { minted: 3n * FTNS });
    expect(await pool.claimable(d.alice)).to.equal(2n * FTNS + 1n);
  });
});
