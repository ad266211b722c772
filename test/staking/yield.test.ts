// What a stake earns, and how it is paid.
import { expect } from "chai";
import { DAY } from "../helpers/time.ts";
import {
  after,
  drain,
  FTNS,
  fund,
  HOLDING,
  MUCH,
  RATES,
  setStanding,
  STAKE,
  standingFor,
  WAD,
  wad,
  WEEK,
  YEAR,
  stakingFixture,
  type Staking,
} from "./fixture.ts";

const { fresh } = await stakingFixture();

describe("StakingVault", () => {
  let d: Staking;
  let vault: Staking["vault"];
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
  });

  describe("claim", () => {
    it("reverts with nothing earned", async () => {
      await expect(vault.claim()).to.be.revertedWithCustomError(vault, "NothingToClaim").withArgs(d.alice);
    });

    it("reverts when the source of M fails or exaggerates, and nothing is lost", async () => {
      await vault.stake(STAKE);
      await d.clock.pass(DAY);
      await d.store.switchOff(true);
      await expect(vault.claim()).to.be.revertedWithCustomError(d.store, "SwitchedOff");
      await d.store.switchOff(false);
      await d.store.exaggerate(true);
      await expect(vault.claim()).to.be.revertedWithCustomError(vault, "MultiplierSourceBroken").withArgs(d.store);
      await d.store.exaggerate(false);
      await fund(d, HOLDING);
      await expect(vault.claim()).to.emit(d.pool, "YieldPaid");
    });

    describe("given tier BASIC or higher", () => {
      it("pays from the pool's funds first", async () => {
        await vault.stake(STAKE);
        await setStanding(d, d.alice, await standingFor(d, 3, 5, 60));
        await vault.claim(); // the second before
        await fund(d, HOLDING);
        const { settledAt } = await vault.stakeOf(d.alice);
        await d.clock.nextBlockAt(settledAt + YEAR / 100n);
        const earned = (STAKE * 12n) / 10_000n;
        const supply = await d.token.totalSupply();
        const claimed = vault.claim();
        await expect(claimed).to.emit(d.pool, "YieldPaid").withArgs(d.alice, earned, 0n, 0n, 0n, 0n);
        expect(await d.token.totalSupply()).to.equal(supply);
        expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, 0n]);
      });

      it("mints what the funds do not reach for, within the day's budget; the rest is claimable (P72)", async () => {
        await vault.stake(MUCH);
        await setStanding(d, d.alice, await standingFor(d, 3, 5, 90));
        await d.clock.pass(80n * DAY);
        await d.pool.connect(d.people.governor).setEmissionShare(1n); // 100 million wei a day
        await drain(d);
        await vault.settle(d.alice);
        const budget = await d.pool.budgetLeft();
        const receipt = await (await vault.claim()).wait();
        const [paid] = await d.pool.queryFilter(d.pool.filters.YieldPaid(d.alice), receipt!.blockNumber);
        const { fromFunds, minted, deferred, recycled, unpaid } = paid!.args;
        expect(minted).to.equal(budget);
        expect(await d.pool.claimable(d.alice)).to.equal(deferred);
        expect(recycled + unpaid).to.be.lessThan(FTNS / 1_000n); // the second before the standing was set
        expect(fromFunds + minted + deferred).to.be.greaterThan((MUCH * 12n * 80n) / 100n / 365n);
      });
    });

    it("mints nothing in recovery mode, and lets the contributor's part be claimed later", async () => {
      await vault.stake(MUCH);
      await setStanding(d, d.alice, await standingFor(d, 3, 5, 90));
      await d.clock.pass(30n * DAY);
      await drain(d);
      await d.token.connect(d.people.breaker).startRecovery((await d.clock.now()) + WEEK);
      const supply = await d.token.totalSupply();
      await vault.claim();
      expect(await d.token.totalSupply()).to.equal(supply);
      expect(await d.pool.claimable(d.alice)).to.be.at.least((MUCH * 12n * 30n) / 100n / 365n);
    });

    describe("given tier NONE (P72)", () => {
      beforeEach(async () => {
        await vault.stake(MUCH);
        await after(d, YEAR / 10n);
        await vault.settle(d.alice);
        await drain(d);
      });

      it("reverts without funds, and mints nothing", async () => {
        const supply = await d.token.totalSupply();
        expect(await d.token.balanceOf(d.pool)).to.equal(0n);
        await expect(vault.claim()).to.be.revertedWithCustomError(vault, "PoolHasNoFunds");
        expect(await d.token.totalSupply()).to.equal(supply);
        expect((await vault.yieldOf(d.alice))[1]).to.be.at.least((MUCH * 15n) / 10_000n);
      });

      it("pays what the funds reach for, and keeps the rest as owed", async () => {
        const supply = await d.token.totalSupply();
        await fund(d, FTNS);
        const [earned, recycled, unpaid] = await vault.claim.staticCall();
        expect([earned, recycled - unpaid]).to.deep.equal([0n, FTNS]);
        await expect(vault.claim()).to.emit(d.pool, "YieldPaid");
        const [, owed] = await vault.yieldOf(d.alice);
        expect(owed).to.be.within(unpaid, unpaid + FTNS / 1_000n);
        await fund(d, HOLDING);
        await vault.claim();
        expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, 0n]);
        expect(await d.token.totalSupply()).to.equal(supply);
      });

      it("does not make the contributor's part wait for the other", async () => {
        await setStanding(d, d.alice, await standingFor(d, 1, 0));
        await d.clock.pass(10n * DAY);
        await vault.claim();
        const [earned, recycled] = await vault.yieldOf(d.alice);
        expect(earned).to.equal(0n);
        expect(recycled).to.be.greaterThan(FTNS);
      });
    });
  });

  describe("settle and settleThrough", () => {
    it("do nothing without a stake", async () => {
      await vault.settle(d.eve);
      await vault.settleThrough(d.eve, await d.clock.now());
      expect((await vault.stakeOf(d.eve)).settledAt).to.equal(0n);
    });

    it("revert before the last settlement, and in the future", async () => {
      await vault.stake(STAKE);
      const at = await d.clock.now();
      await d.clock.nextBlockAt(at + 100n);
      await expect(vault.settleThrough(d.alice, at - 1n))
        .to.be.revertedWithCustomError(vault, "SettleTimeOutOfBounds")
        .withArgs(at - 1n, at, at + 100n);
      await d.clock.nextBlockAt(at + 200n);
      await expect(vault.settleThrough(d.alice, at + 201n))
        .to.be.revertedWithCustomError(vault, "SettleTimeOutOfBounds")
        .withArgs(at + 201n, at, at + 200n);
    });

    it("write down what was earned, by anyone, in parts", async () => {
      await vault.stake(STAKE);
      const at = await d.clock.now();
      await d.clock.pass(YEAR);
      await d.vault.connect(d.eve).settleThrough(d.alice, at + YEAR / 4n);
      expect((await vault.stakeOf(d.alice)).settledAt).to.equal(at + YEAR / 4n);
      await d.vault.connect(d.eve).settleThrough(d.alice, at + YEAR);
      await d.clock.nextBlockAt(at + YEAR + 1_000n);
      const [, recycled] = await vault.yieldOf(d.alice, { blockTag: "latest" });
      expect(recycled).to.be.at.least((STAKE * 15n) / 1_000n);
    });
  });

  it("is limited from exactly the `M` on at which the limit is passed (P73)", async () => {
    const much = await standingFor(d, 3, 5, 90); // 12 % a year
    const edge = (RATES.maxRate * WAD) / wad("0.12");
    const period = 10n * DAY;
    await vault.stake(STAKE);
    await setStanding(d, d.alice, much);
    for (const [M, yearly] of [
      [edge, wad("0.12") * edge],
      [edge + 1n, RATES.maxRate * WAD],
      [10n * WAD, RATES.maxRate * WAD],
    ] as const) {
      await d.store.set(M);
      await vault.settle(d.alice);
      const [before] = await vault.yieldOf(d.alice);
      await after(d, period);
      await vault.settle(d.alice);
      const [now] = await vault.yieldOf(d.alice);
      expect(now - before).to.equal((STAKE * yearly * period) / (WAD * WAD * YEAR));
    }
  });

  describe("a long past (P76)", () => {
    const gasOf = async (sent: ReturnType<typeof vault.settle>) => (await (await sent).wait())!.gasUsed;
    const changeDaily = async (days: number) => {
      for (let day = 0; day < days; day++) {
        await d.clock.pass(DAY);
        await d.store.set(WAD + BigInt(day % 7) * wad("0.2"));
      }
    };

    it("without tier costs hardly more for 400 changes of M than for 40", async () => {
      await vault.stake(STAKE);
      await d.vault.connect(d.bob).stake(STAKE);
      await changeDaily(40);
      const short = await gasOf(vault.settle(d.alice));
      await changeDaily(360);
      const long = await gasOf(vault.settle(d.bob));
      expect(long).to.be.lessThan(short + 25_000n);
    });

    it("at the limit costs by the changes of M in the part that is settled", async () => {
      await vault.stake(STAKE);
      await setStanding(d, d.alice, await standingFor(d, 3, 5, 118));
      const at = await d.clock.now();
      await vault.settle(d.alice);
      await changeDaily(118);
      const { earned } = await vault.stakeOf(d.alice);
      const part = await gasOf(vault.settleThrough(d.alice, at + 10n * DAY));
      expect(part).to.be.lessThan(130_000n);
      const rest = await gasOf(vault.settle(d.alice));
      expect(rest).to.be.within(118n * 2_100n, 400_000n);
      expect((await vault.yieldOf(d.alice))[0]).to.be.within(earned - 2n, earned + FTNS / 1_000n);
    });
  });
});
