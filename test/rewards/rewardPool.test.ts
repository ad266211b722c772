import { expect } from "chai";
import { startOf } from "../helpers/time.ts";
import { FTNS, registryFixture, TIER, WAD, wad, type Registry } from "../contributors/fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;
const { ZeroAddress, MaxUint256 } = ethers;

const ROLE = { MINTER: 1n, REWARDER: 3n } as const;
const BUDGET = 100_000n * FTNS; // 0.1 % of the supply at launch

describe("RewardPool", () => {
  let d: Registry;
  /** The pool, called by one who may reward. */
  let pool: Registry["pool"];
  let governed: Registry["pool"];
  beforeEach(async () => {
    d = await fresh();
    await d.manager.connect(d.people.admin).grantRole(ROLE.REWARDER, d.dave, 0);
    pool = d.pool.connect(d.dave);
    governed = d.pool.connect(d.people.governor);
    // Today's transfers shall bring no demurrage along: what the treasury owes is paid, and the pool empty again.
    await d.token.settle(d.people.treasury);
    await pool.reward(d.carol, await d.token.balanceOf(pool), TIER.BASIC);
  });

  const fund = async (amount: bigint) => d.token.connect(d.people.treasury).transfer(d.pool, amount);
  const reward = async (value: bigint, tier: bigint = TIER.BASIC, who = d.alice) => pool.reward(who, value, tier);

  /** Expects a reward to be split so, told so, kept so and paid so. */
  async function splits(value: bigint, tier: bigint, parts: { fromFunds?: bigint; minted?: bigint; deferred?: bigint }) {
    const { fromFunds = 0n, minted = 0n, deferred = 0n } = parts;
    const earned = fromFunds + minted + deferred;
    const M = await d.source.multiplier();
    const before = {
      balance: await d.token.balanceOf(d.alice),
      claimable: await pool.claimable(d.alice),
      supply: await d.token.totalSupply(),
      funds: await d.token.balanceOf(pool),
    };
    expect(await pool.previewReward(value, tier)).to.deep.equal([earned, fromFunds, minted, deferred]);
    await expect(reward(value, tier))
      .to.emit(pool, "RewardPaid")
      .withArgs(d.alice, tier, value, M, earned, fromFunds, minted, deferred);
    expect(await d.token.balanceOf(d.alice)).to.equal(before.balance + fromFunds + minted);
    expect(await pool.claimable(d.alice)).to.equal(before.claimable + deferred);
    expect(await d.token.totalSupply()).to.equal(before.supply + minted);
    expect(await d.token.balanceOf(pool)).to.equal(before.funds - fromFunds);
  }

  describe("reward", () => {
    it("reverts for anyone but the registry (P61)", async () => {
      for (const caller of [d.eve, d.people.governor, d.people.admin]) {
        await expect(d.pool.connect(caller).reward(ZeroAddress, MaxUint256, TIER.NONE))
          .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
    });

    it("reverts for the zero account", async () => {
      await expect(pool.reward(ZeroAddress, FTNS, TIER.BASIC)).to.be.revertedWithCustomError(pool, "ZeroAccount");
    });

    it("reverts with a value that no contribution can have", async () => {
      const cap = 1_000_000_000n * FTNS;
      await expect(reward(cap + 1n))
        .to.be.revertedWithCustomError(pool, "ValueOutOfBounds")
        .withArgs(cap + 1n, cap);
      await expect(reward(MaxUint256)).to.be.revertedWithCustomError(pool, "ValueOutOfBounds").withArgs(MaxUint256, cap);
      await expect(pool.previewReward(MaxUint256, TIER.POWER)).to.be.revertedWithCustomError(pool, "ValueOutOfBounds");
    });

    it("reverts when M cannot be read, and pays nothing (P32)", async () => {
      await d.source.switchOff();
      await expect(reward(FTNS)).to.be.revertedWithCustomError(d.source, "SwitchedOff");
      expect(await d.token.balanceOf(d.alice)).to.equal(0n);
      expect(await pool.totalClaimable()).to.equal(0n);
    });

    it("reverts when M is none that a controller gives", async () => {
      for (const M of [0n, WAD / 10n - 1n, 10n * WAD + 1n, MaxUint256]) {
        await d.source.set(M);
        await expect(reward(FTNS))
          .to.be.revertedWithCustomError(pool, "MultiplierOutOfBounds")
          .withArgs(M, WAD / 10n, 10n * WAD);
      }
    });

    it("pays tier NONE nothing, says nothing, and needs no M", async () => {
      await fund(FTNS);
      await d.source.switchOff();
      expect(await pool.previewReward(FTNS, TIER.NONE)).to.deep.equal([0n, 0n, 0n, 0n]);
      await expect(reward(FTNS, TIER.NONE)).not.to.emit(pool, "RewardPaid");
      expect(await d.token.balanceOf(pool)).to.equal(FTNS);
    });

    it("multiplies by tier and M", async () => {
      await splits(10n * FTNS, TIER.BASIC, { minted: 10n * FTNS });
      await splits(10n * FTNS, TIER.ACTIVE, { minted: 13n * FTNS });
      await splits(10n * FTNS, TIER.POWER, { minted: 16n * FTNS });
      await d.source.set(wad("2.5"));
      await splits(10n * FTNS, TIER.POWER, { minted: 40n * FTNS });
      await d.source.set(wad("0.1"));
      await splits(10n * FTNS, TIER.BASIC, { minted: FTNS });
    });

    it("rounds down, once", async () => {
      await splits(1n, TIER.ACTIVE, { minted: 1n }); // 1.3
      await splits(5n, TIER.ACTIVE, { minted: 6n }); // 6.5
      await d.source.set(wad("1.9"));
      await splits(3n, TIER.ACTIVE, { minted: 7n }); // 7.41; by steps 3 * 1.9 = 5, 5 * 1.3 = 6
      await d.source.set(wad("0.1"));
      await expect(reward(9n))
        .to.emit(pool, "RewardPaid")
        .withArgs(d.alice, TIER.BASIC, 9n, WAD / 10n, 0n, 0n, 0n, 0n);
    });

    it("spends the pool's funds before it mints", async () => {
      await fund(25n * FTNS);
      await splits(20n * FTNS, TIER.BASIC, { fromFunds: 20n * FTNS });
      await splits(20n * FTNS, TIER.BASIC, { fromFunds: 5n * FTNS, minted: 15n * FTNS });
      await splits(20n * FTNS, TIER.BASIC, { minted: 20n * FTNS });
    });

    it("spends demurrage that holders have paid", async () => {
      await d.token.connect(d.people.treasury).transfer(d.bob, 30_000n * FTNS);
      await d.clock.toDaysAhead(1n);
      await d.token.settle(d.bob);
      const fee = await d.token.balanceOf(pool);
      expect(fee).to.equal((30_000n * FTNS) / 3_000n); // 1 % a month
      await splits(20n * FTNS, TIER.BASIC, { fromFunds: fee, minted: 20n * FTNS - fee });
    });

    it("pays while transfers are halted", async () => {
      const until = (await d.clock.now()) + 3_600n;
      await d.token.connect(d.people.breaker).halt(until);
      await fund(0n).then(
        () => expect.fail("transfers are not halted"),
        () => undefined,
      );
      await splits(20n * FTNS, TIER.BASIC, { minted: 20n * FTNS });
    });
  });

  describe("the daily budget (P31)", () => {
    it("is 0.1 % of the supply, and what does not fit waits", async () => {
      expect(await pool.budgetLeft()).to.equal(BUDGET);
      await splits(60_000n * FTNS, TIER.BASIC, { minted: 60_000n * FTNS });
      expect(await pool.budgetLeft()).to.equal(40_000n * FTNS);
      await splits(60_000n * FTNS, TIER.BASIC, { minted: 40_000n * FTNS, deferred: 20_000n * FTNS });
      expect(await pool.budgetLeft()).to.equal(0n);
      await splits(1n, TIER.BASIC, { deferred: 1n });
      expect(await pool.totalClaimable()).to.equal(20_000n * FTNS + 1n);
    });

    it("is not touched by what the funds pay", async () => {
      await fund(150_000n * FTNS);
      await splits(150_000n * FTNS, TIER.BASIC, { fromFunds: 150_000n * FTNS });
      expect(await pool.budgetLeft()).to.equal(BUDGET);
    });

    it("is fixed by the first mint of the day", async () => {
      await splits(60_000n * FTNS, TIER.BASIC, { minted: 60_000n * FTNS });
      await governed.setEmissionShare(wad("0.01"));
      expect(await pool.budgetLeft()).to.equal(40_000n * FTNS);
      await d.clock.toDaysAhead(1n);
      expect(await pool.budgetLeft()).to.equal((100_060_000n * FTNS) / 100n);
    });

    it("begins anew at the day boundary, and what was left is not saved up", async () => {
      await splits(60_000n * FTNS, TIER.BASIC, { minted: 60_000n * FTNS });
      const tomorrow = startOf((await d.clock.today()) + 1n);
      await d.clock.to(tomorrow - 1n);
      expect(await pool.budgetLeft()).to.equal(40_000n * FTNS);
      await d.clock.to(tomorrow);
      expect(await pool.budgetLeft()).to.equal((100_060_000n * FTNS) / 1_000n);
      await d.clock.toDaysAhead(30n);
      expect(await pool.budgetLeft()).to.equal((100_060_000n * FTNS) / 1_000n);
    });

    it("of zero defers everything that the funds do not pay", async () => {
      await governed.setEmissionShare(0n);
      await fund(FTNS);
      await splits(3n * FTNS, TIER.BASIC, { fromFunds: FTNS, deferred: 2n * FTNS });
    });

    it("never reaches past the hard cap (P31)", async () => {
      await governed.setEmissionShare(wad("0.01"));
      await d.manager.connect(d.people.admin).grantRole(ROLE.MINTER, d.eve, 0);
      const room = 5n * FTNS;
      await d.token.connect(d.eve).mint(d.bob, (await d.token.MAX_SUPPLY()) - (await d.token.totalSupply()) - room);
      expect(await pool.budgetLeft()).to.equal(room);
      await splits(8n * FTNS, TIER.BASIC, { minted: room, deferred: 3n * FTNS });
      expect(await d.token.totalSupply()).to.equal(await d.token.MAX_SUPPLY());
      await splits(8n * FTNS, TIER.BASIC, { deferred: 8n * FTNS });
      await fund(4n * FTNS);
      await expect(pool.claim(d.alice))
        .to.emit(pool, "Claimed")
        .withArgs(d.alice, 4n * FTNS, 0n, 7n * FTNS);
    });
  });

  describe("claim", () => {
    const owe = async (amount: bigint, who = d.alice) => {
      await governed.setEmissionShare(0n);
      await pool.reward(who, amount, TIER.BASIC);
    };

    it("reverts when nothing is owed", async () => {
      await expect(pool.claim(d.alice)).to.be.revertedWithCustomError(pool, "NothingToClaim").withArgs(d.alice);
      await expect(pool.claim(ZeroAddress)).to.be.revertedWithCustomError(pool, "NothingToClaim").withArgs(ZeroAddress);
    });

    it("reverts when nothing can be paid today, and says when to try again", async () => {
      await owe(9n * FTNS);
      const tomorrow = startOf((await d.clock.today()) + 1n);
      await expect(pool.claim(d.alice))
        .to.be.revertedWithCustomError(pool, "NothingPayableToday")
        .withArgs(d.alice, 9n * FTNS, tomorrow);
      expect(await pool.claimable(d.alice)).to.equal(9n * FTNS);
    });

    it("pays out of the next day's budget, whoever calls", async () => {
      await reward(BUDGET + 7n * FTNS);
      await d.clock.toDaysAhead(1n);
      const before = await d.token.balanceOf(d.alice);
      await expect(d.pool.connect(d.eve).claim(d.alice))
        .to.emit(pool, "Claimed")
        .withArgs(d.alice, 0n, 7n * FTNS, 0n);
      // A contributor's balance moves with demurrage at the boundary, but the payment is whole.
      expect(await d.token.balanceOf(d.alice)).to.equal(before + 7n * FTNS);
      expect(await d.token.balanceOf(d.eve)).to.equal(0n);
      expect(await pool.totalClaimable()).to.equal(0n);
      await expect(pool.claim(d.alice)).to.be.revertedWithCustomError(pool, "NothingToClaim");
    });

    it("pays in parts: funds first, then the budget, and the rest goes on waiting", async () => {
      await owe(250_000n * FTNS);
      await owe(5n * FTNS, d.bob);
      await fund(30_000n * FTNS);
      await governed.setEmissionShare(wad("0.001"));
      await expect(pool.claim(d.alice))
        .to.emit(pool, "Claimed")
        .withArgs(d.alice, 30_000n * FTNS, BUDGET, 120_000n * FTNS);
      expect(await pool.totalClaimable()).to.equal(120_005n * FTNS);
      await expect(pool.claim(d.alice)).to.be.revertedWithCustomError(pool, "NothingPayableToday");
      await d.clock.toDaysAhead(1n);
      await expect(pool.claim(d.bob))
        .to.emit(pool, "Claimed")
        .withArgs(d.bob, 0n, 5n * FTNS, 0n);
      await expect(pool.claim(d.alice))
        .to.emit(pool, "Claimed")
        .withArgs(d.alice, 0n, 100_095n * FTNS, 19_905n * FTNS);
      expect(await pool.totalClaimable()).to.equal(await pool.claimable(d.alice));
    });

    it("counts against the same budget as rewards", async () => {
      await owe(60_000n * FTNS);
      await governed.setEmissionShare(wad("0.001"));
      await pool.claim(d.alice);
      expect(await pool.budgetLeft()).to.equal(40_000n * FTNS);
      await splits(50_000n * FTNS, TIER.BASIC, { minted: 40_000n * FTNS, deferred: 10_000n * FTNS });
    });

    it("needs no M: what was earned was earned", async () => {
      await owe(9n * FTNS);
      await d.source.switchOff();
      await fund(9n * FTNS);
      await pool.claim(d.alice);
      expect(await d.token.balanceOf(d.alice)).to.equal(9n * FTNS);
    });
  });

  describe("initialize", () => {
    const bare = async () => ethers.deployContract("RewardPool", [d.manager]);

    it("reverts for a stranger, even with nonsense", async () => {
      await expect(d.pool.connect(d.eve).initialize(ZeroAddress, ZeroAddress))
        .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
        .withArgs(d.eve);
    });

    it("reverts the second time", async () => {
      await expect(governed.initialize(d.token, d.source)).to.be.revertedWithCustomError(pool, "AlreadyInitialized");
    });

    it("reverts with a token that is none, or pays its demurrage elsewhere", async () => {
      const unborn = (await bare()).connect(d.people.admin);
      await expect(unborn.initialize(d.eve, d.source)).to.be.revertedWithCustomError(pool, "NotAContract").withArgs(d.eve);
      await expect(unborn.initialize(ZeroAddress, d.source))
        .to.be.revertedWithCustomError(pool, "NotAContract")
        .withArgs(ZeroAddress);
      await expect(unborn.initialize(d.token, d.source))
        .to.be.revertedWithCustomError(pool, "PoolOfAnotherToken")
        .withArgs(d.token, d.pool);
      expect(await unborn.token()).to.equal(ZeroAddress);
    });

    it("reverts with a source of M that is none, or gives a wrong one", async () => {
      const unborn = (await bare()).connect(d.people.admin);
      const token = await ethers.deployContract("FTNSToken", [d.manager, unborn, d.people.treasury, FTNS]);
      await expect(unborn.initialize(token, d.eve)).to.be.revertedWithCustomError(pool, "NotAContract").withArgs(d.eve);
      await d.source.set(0n);
      await expect(unborn.initialize(token, d.source)).to.be.revertedWithCustomError(pool, "MultiplierOutOfBounds");
      await d.source.set(WAD);
      await expect(unborn.initialize(token, d.source)).to.emit(unborn, "Initialized").withArgs(token, d.source);
    });

    it("is needed before anything else", async () => {
      const unborn = (await bare()).connect(d.people.admin);
      await expect(unborn.reward(d.alice, FTNS, TIER.BASIC)).to.be.revertedWithCustomError(pool, "NotInitialized");
      await expect(unborn.claim(d.alice)).to.be.revertedWithCustomError(pool, "NotInitialized");
      await expect(unborn.budgetLeft()).to.be.revertedWithCustomError(pool, "NotInitialized");
    });
  });

  describe("governance", () => {
    it("reverts for a stranger before it looks at anything (P61)", async () => {
      const stranger = d.pool.connect(d.eve);
      for (const call of [
        stranger.setMultiplierSource(ZeroAddress),
        stranger.setTierMultipliers([1n, 0n, 0n, 0n]),
        stranger.setEmissionShare(MaxUint256),
      ]) {
        await expect(call).to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized").withArgs(d.eve);
      }
    });

    it("sets the source of M, after reading it once", async () => {
      await expect(governed.setMultiplierSource(d.eve)).to.be.revertedWithCustomError(pool, "NotAContract").withArgs(d.eve);
      await expect(governed.setMultiplierSource(d.token)).to.revert(ethers); // says nothing of M
      const other = await ethers.deployContract("MultiplierSwitch");
      await other.set(11n * WAD);
      await expect(governed.setMultiplierSource(other)).to.be.revertedWithCustomError(pool, "MultiplierOutOfBounds");
      await other.set(3n * WAD);
      await expect(governed.setMultiplierSource(other)).to.emit(pool, "MultiplierSourceChanged").withArgs(other);
      expect(await pool.multiplierSource()).to.equal(await other.getAddress());
      expect((await pool.previewReward(FTNS, TIER.BASIC)).earned).to.equal(3n * FTNS);
    });

    it("sets tier multipliers that start at zero, do not fall and stay within 3.0", async () => {
      expect(await pool.tierMultipliers()).to.deep.equal([0n, WAD, wad("1.3"), wad("1.6")]);
      await expect(governed.setTierMultipliers([1n, WAD, WAD, WAD]))
        .to.be.revertedWithCustomError(pool, "NoneMustEarnNothing")
        .withArgs(1n);
      await expect(governed.setTierMultipliers([0n, WAD, WAD, 3n * WAD + 1n]))
        .to.be.revertedWithCustomError(pool, "TierMultiplierOutOfBounds")
        .withArgs(TIER.POWER, 3n * WAD + 1n, 3n * WAD);
      await expect(governed.setTierMultipliers([0n, WAD, WAD - 1n, WAD]))
        .to.be.revertedWithCustomError(pool, "TierMultipliersNotAscending")
        .withArgs(TIER.ACTIVE, WAD - 1n, WAD);
      for (const multipliers of [
        [0n, 0n, 0n, 0n],
        [0n, WAD, WAD, 3n * WAD],
      ] as [bigint, bigint, bigint, bigint][]) {
        await expect(governed.setTierMultipliers(multipliers)).to.emit(pool, "TierMultipliersChanged").withArgs(multipliers);
        expect(await pool.tierMultipliers()).to.deep.equal(multipliers);
        expect((await pool.previewReward(FTNS, TIER.POWER)).earned).to.equal(multipliers[3]);
      }
    });

    it("sets a share of at most 1 %", async () => {
      const max = WAD / 100n;
      expect(await pool.emissionShare()).to.equal(WAD / 1_000n);
      await expect(governed.setEmissionShare(max + 1n))
        .to.be.revertedWithCustomError(pool, "EmissionShareOutOfBounds")
        .withArgs(max + 1n, max);
      await expect(governed.setEmissionShare(max)).to.emit(pool, "EmissionShareChanged").withArgs(max);
      expect(await pool.emissionShare()).to.equal(max);
      expect(await pool.budgetLeft()).to.equal(10n * BUDGET);
    });
  });
});
