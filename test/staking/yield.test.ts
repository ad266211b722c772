// What a stake earns, and how it is paid.
import { expect } from "chai";
import { DAY } from "../helpers/time.ts";
import {
  after,
  FTNS,
  fund,
  HOLDING,
  meteredPool,
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

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

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

    it("asks the pool for what was earned and what is recycled, and owes nothing once both are paid (P72)", async () => {
      const pool = await meteredPool(d);
      await vault.stake(STAKE);
      await after(d, YEAR / 100n);
      await setStanding(d, d.alice, await standingFor(d, 3, 5));
      const { settledAt } = await vault.stakeOf(d.alice);
      await fund(d, HOLDING);
      await d.clock.to(settledAt + YEAR / 100n - 100n);
      await d.token.settle(d.alice);
      await d.clock.nextBlockAt(settledAt + YEAR / 100n);
      const [earned, recycled] = [(STAKE * 12n) / 10_000n, (STAKE * 15n) / 100_000n];
      const claimed = vault.claim();
      await expect(claimed).to.emit(pool, "Asked").withArgs(d.alice, earned, recycled);
      await expect(claimed).to.changeTokenBalance(ethers, d.token, d.alice, earned + recycled);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, 0n]);
      expect((await vault.stakeOf(d.alice)).settledAt).to.equal(settledAt + YEAR / 100n);
    });

    describe("given a pool that can't pay it all", () => {
      let pool: Awaited<ReturnType<typeof meteredPool>>;
      beforeEach(async () => {
        pool = await meteredPool(d);
        await fund(d, HOLDING);
        await vault.stake(STAKE);
        await after(d, YEAR / 100n);
        await setStanding(d, d.alice, await standingFor(d, 3, 5));
        await after(d, YEAR / 100n);
        await vault.settle(d.alice);
        await d.vault
          .connect(d.people.governor)
          .setTerms({ ...RATES, baseRate: 0n, commitmentRate: 0n, multiplierSource: d.store });
        await d.clock.toDaysAhead(1n);
        await d.token.settle(d.alice);
        await vault.settle(d.alice); // nothing is earned from here on
      });

      it("keeps what stays owed, each part by itself, and asks for it again", async () => {
        const [earned, recycled] = await vault.yieldOf(d.alice);
        await pool.setMeans(earned / 3n, recycled / 2n);
        const answer = await vault.claim.staticCall();
        expect(answer).to.deep.equal([earned, recycled, earned - earned / 3n, recycled - recycled / 2n]);
        await expect(vault.claim()).to.changeTokenBalance(ethers, d.token, d.alice, earned / 3n + recycled / 2n);
        expect(await vault.yieldOf(d.alice)).to.deep.equal([earned - earned / 3n, recycled - recycled / 2n]);
        await pool.setMeans(0n, 1n);
        await vault.claim();
        await pool.setMeans(earned, 0n);
        await vault.claim();
        expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, recycled - recycled / 2n - 1n]);
        await pool.setMeans(earned, recycled);
        await vault.claim();
        expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, 0n]);
        await expect(vault.claim()).to.be.revertedWithCustomError(vault, "NothingToClaim");
      });

      it("reverts when nothing at all can be paid, and nothing is lost", async () => {
        const [earned, recycled] = await vault.yieldOf(d.alice);
        await pool.setMeans(0n, 0n);
        await expect(vault.claim()).to.be.revertedWithCustomError(vault, "NothingPayableNow").withArgs(earned, recycled);
        expect(await vault.yieldOf(d.alice)).to.deep.equal([earned, recycled]);
      });

      it("adds to what stays owed what is earned later", async () => {
        const [earned, recycled] = await vault.yieldOf(d.alice);
        await pool.setMeans(1n, 0n);
        await vault.claim();
        await d.vault.connect(d.people.governor).setTerms({ ...RATES, multiplierSource: d.store });
        await d.clock.toDaysAhead(1n);
        await setStanding(d, d.alice, await standingFor(d, 1, 0));
        const [before] = await vault.yieldOf(d.alice);
        await after(d, YEAR / 100n);
        await vault.settle(d.alice);
        const [now, still] = await vault.yieldOf(d.alice);
        expect(now - before).to.equal((STAKE * 3n) / 10_000n);
        expect(before).to.be.within(earned - 1n, earned + FTNS / 100n);
        expect(still).to.be.within(recycled, recycled + FTNS / 10n);
      });

      it("stays owed when the stake has gone", async () => {
        const owed = await vault.yieldOf(d.alice);
        await vault.requestUnstake(STAKE);
        await d.clock.pass(WEEK);
        await vault.withdraw();
        await d.token.settle(d.alice);
        expect(await vault.yieldOf(d.alice)).to.deep.equal(owed);
        await expect(vault.claim()).to.changeTokenBalance(ethers, d.token, d.alice, owed[0] + owed[1]);
      });
    });

    it("is paid by the real pool, to the wei of what it says (P72)", async () => {
      await fund(d, HOLDING);
      await vault.stake(STAKE);
      await setStanding(d, d.alice, await standingFor(d, 1, 2));
      await d.clock.pass(20n * DAY);
      for (const who of [d.alice, d.people.treasury]) await d.token.settle(who);
      const at = (await d.clock.now()) + 10n;
      await d.clock.nextBlockAt(at - 1n);
      await vault.settle(d.alice);
      const [earned, recycled] = await vault.yieldOf(d.alice);
      const wallet = await d.token.balanceOf(d.alice);
      await d.clock.nextBlockAt(at);
      await vault.claim();
      const owed = await vault.yieldOf(d.alice);
      const paid = (await d.token.balanceOf(d.alice)) - wallet;
      expect(paid).to.be.greaterThan(0n);
      // One second's yield more than before.
      expect(paid + owed[0] + owed[1]).to.be.within(earned + recycled, earned + recycled + FTNS / 100_000n);
    });

    it("mints nothing for what was earned as NONE (P72)", async () => {
      await vault.stake(MUCH);
      await after(d, YEAR / 10n);
      await vault.settle(d.alice);
      await fund(d, FTNS);
      const supply = await d.token.totalSupply();
      await vault.claim();
      expect(await d.token.totalSupply()).to.equal(supply);
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
    const much = await standingFor(d, 3, 5); // 12 % a year
    const edge = (RATES.maxRate * WAD) / wad("0.12");
    const period = 9n * DAY;
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
      // Commitments last 30 days; higher terms make up for them.
      await d.vault.connect(d.people.governor).setTerms({ ...RATES, baseRate: wad("0.08"), multiplierSource: d.store });
      await d.clock.toDaysAhead(1n);
      await setStanding(d, d.alice, await standingFor(d, 3, 0, { days: 120 }));
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
