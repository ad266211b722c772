// Out of the vault, whatever else is broken.
import { expect } from "chai";
import { DAY } from "../helpers/time.ts";
import {
  after,
  breakContract,
  FTNS,
  MUCH,
  setStanding,
  STAKE,
  standingFor,
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

  describe("requestUnstake", () => {
    it("reverts with nothing, or more than is staked", async () => {
      await expect(vault.requestUnstake(0n)).to.be.revertedWithCustomError(vault, "ZeroAmount");
      await expect(vault.requestUnstake(1n)).to.be.revertedWithCustomError(vault, "InsufficientStake").withArgs(d.alice, 0n, 1n);
      await vault.stake(STAKE);
      await expect(vault.requestUnstake(STAKE + 1n))
        .to.be.revertedWithCustomError(vault, "InsufficientStake")
        .withArgs(d.alice, STAKE, STAKE + 1n);
    });

    it("ends yield and votes of the part at once", async () => {
      await vault.stake(STAKE);
      await after(d, YEAR / 100n);
      const readyAt = (await d.clock.now()) + YEAR / 100n + WEEK;
      const request = vault.requestUnstake(STAKE / 4n);
      await request;
      const day = await d.clock.today();
      await expect(request)
        .to.emit(vault, "UnstakeRequested")
        .withArgs(d.alice, STAKE / 4n, STAKE / 4n, readyAt);
      expect(await vault.getVotes(d.alice)).to.equal((STAKE * 3n) / 4n);
      expect(await vault.totalStaked()).to.equal((STAKE * 3n) / 4n);
      expect(await vault.totalPending()).to.equal(STAKE / 4n);
      await after(d, YEAR / 100n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (((STAKE * 15n) / 100_000n) * 7n) / 4n]);
      expect((await vault.stakeOf(d.alice)).chargedThrough).to.equal(day);
    });

    it("starts the time of everything pending again", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(1n);
      await d.clock.pass(WEEK - 10n);
      await vault.requestUnstake(2n); // so little that no day's fee reaches the minimum
      const { pending, readyAt } = await vault.stakeOf(d.alice);
      expect(pending).to.equal(3n);
      expect(readyAt).to.equal((await d.clock.now()) + WEEK);
      await d.clock.pass(20n);
      await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, "NotReady");
    });

    it("leaves nothing behind when all is unstaked, and keeps the yield", async () => {
      await vault.stake(STAKE);
      await setStanding(d, d.alice, await standingFor(d, 3, 5));
      await after(d, YEAR / 100n);
      await vault.requestUnstake(STAKE);
      const { staked, settledAt, tier, commitments, earned } = await vault.stakeOf(d.alice);
      expect([staked, settledAt, tier, commitments]).to.deep.equal([0n, 0n, 0n, 0n]);
      expect(earned).to.be.greaterThan(0n);
      await d.clock.pass(YEAR);
      expect((await vault.stakeOf(d.alice)).earned).to.equal(earned);
      await expect(vault.claim()).to.emit(d.pool, "YieldPaid");
    });
  });

  describe("requestUnstakeForfeiting (P74)", () => {
    it("reverts with nothing, or more than is staked", async () => {
      await expect(vault.requestUnstakeForfeiting(0n)).to.be.revertedWithCustomError(vault, "ZeroAmount");
      await expect(vault.requestUnstakeForfeiting(1n)).to.be.revertedWithCustomError(vault, "InsufficientStake");
    });

    it("gets a stake out while the source of M fails, for the yield since the last settlement", async () => {
      await vault.stake(STAKE);
      const since = await d.clock.now();
      await d.clock.pass(YEAR / 100n);
      await vault.settle(d.alice);
      const [, kept] = await vault.yieldOf(d.alice);
      const settled = await d.clock.now();
      expect(settled).to.be.greaterThan(since);
      await d.clock.pass(YEAR / 100n);
      await d.store.switchOff(true);
      await expect(vault.requestUnstake(STAKE)).to.be.revertedWithCustomError(d.store, "SwitchedOff");
      await expect(vault.requestUnstakeForfeiting(STAKE)).to.emit(vault, "YieldForfeited").withArgs(d.alice, settled);
      await d.clock.pass(WEEK);
      await vault.withdraw();
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, kept]);
    });

    it("needs nobody: controller, registry, pool and source may all be broken, transfers halted (P74)", async () => {
      await vault.stake(STAKE);
      const before = await d.token.balanceOf(d.alice);
      for (const broken of [d.controller, d.registry, d.store, d.pool]) await breakContract(connection, broken);
      await vault.requestUnstakeForfeiting(STAKE);
      await d.clock.pass(WEEK - DAY);
      await d.token.connect(d.people.breaker).halt((await d.clock.now()) + 2n * DAY);
      await d.clock.pass(DAY);
      await expect(vault.withdraw()).to.changeTokenBalance(ethers, d.token, vault, -STAKE);
      expect(await d.token.balanceOf(d.alice)).to.be.greaterThan(before);
      expect(await vault.totalPending()).to.equal(0n);
    });
  });

  describe("cancelUnstake", () => {
    it("reverts with nothing pending", async () => {
      await expect(vault.cancelUnstake()).to.be.revertedWithCustomError(vault, "NothingPending").withArgs(d.alice);
    });

    it("puts everything back to work, on the day of the request without moving tokens", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      await d.clock.pass(3_600n);
      const cancelled = vault.cancelUnstake();
      await expect(cancelled).to.emit(vault, "UnstakeCancelled").withArgs(d.alice, STAKE);
      await expect(cancelled).to.changeTokenBalance(ethers, d.token, vault, 0n);
      expect(await vault.getVotes(d.alice)).to.equal(STAKE);
      expect(await vault.totalPending()).to.equal(0n);
      await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, "NothingPending");
      await after(d, YEAR / 100n);
      await vault.settle(d.alice);
      expect((await vault.yieldOf(d.alice))[1]).to.be.within((STAKE * 15n) / 100_000n, (STAKE * 15n) / 100_000n + FTNS);
    });
  });

  describe("withdraw", () => {
    it("reverts with nothing pending, and a second before the time", async () => {
      await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, "NothingPending").withArgs(d.alice);
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      const { readyAt } = await vault.stakeOf(d.alice);
      await d.clock.nextBlockAt(readyAt - 1n);
      await expect(vault.withdraw())
        .to.be.revertedWithCustomError(vault, "NotReady")
        .withArgs(readyAt, readyAt - 1n);
    });

    it("pays at the time, less the days' demurrage, and once", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      const { readyAt } = await vault.stakeOf(d.alice);
      await d.clock.to(readyAt - 100n);
      await d.token.settle(d.alice);
      await d.clock.nextBlockAt(readyAt);
      const withdrawn = vault.withdraw();
      const receipt = await (await withdrawn).wait();
      const [charged] = await vault.queryFilter(vault.filters.ExitCharged(d.alice), receipt!.blockNumber);
      const { fee, throughDay } = charged!.args;
      expect(throughDay).to.equal(await d.clock.today());
      expect(fee).to.be.within((STAKE * 232n) / 100_000n, (STAKE * 234n) / 100_000n); // seven days at 1 % a month
      await expect(withdrawn)
        .to.emit(vault, "Withdrawn")
        .withArgs(d.alice, STAKE - fee);
      await expect(withdrawn).to.changeTokenBalances(ethers, d.token, [vault, d.alice, d.pool], [-STAKE, STAKE - fee, fee]);
      await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, "NothingPending");
      expect(await vault.totalPending()).to.equal(0n);
    });

    it("works in recovery mode, in full (P74)", async () => {
      await vault.stake(MUCH);
      await d.token.connect(d.people.breaker).startRecovery((await d.clock.now()) + WEEK);
      await vault.requestUnstake(MUCH);
      await d.clock.pass(WEEK);
      await d.token.connect(d.people.breaker).startRecovery((await d.clock.now()) + WEEK);
      await expect(vault.withdraw()).to.changeTokenBalance(ethers, d.token, vault, -MUCH);
    });

    it("works during a halt and without the rest of the system (P74)", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      await d.clock.pass(WEEK);
      await d.token.connect(d.people.breaker).halt((await d.clock.now()) + DAY);
      for (const broken of [d.controller, d.registry, d.store, d.pool, d.manager]) await breakContract(connection, broken);
      await expect(vault.withdraw()).to.changeTokenBalance(ethers, d.token, vault, -STAKE);
    });
  });

  describe("setUnstakeDelay", () => {
    const governed = () => d.vault.connect(d.people.governor);

    it("reverts for anyone but governance, and out of bounds", async () => {
      await expect(vault.setUnstakeDelay(WEEK))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(d.alice);
      for (const delay of [DAY - 1n, 14n * DAY + 1n]) {
        await expect(governed().setUnstakeDelay(delay))
          .to.be.revertedWithCustomError(vault, "UnstakeDelayOutOfBounds")
          .withArgs(delay, DAY, 14n * DAY);
      }
    });

    it("holds for requests from now on", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(1n);
      const { readyAt } = await vault.stakeOf(d.alice);
      await expect(governed().setUnstakeDelay(14n * DAY))
        .to.emit(vault, "UnstakeDelayChanged")
        .withArgs(14n * DAY);
      expect(await vault.unstakeDelay()).to.equal(14n * DAY);
      expect((await vault.stakeOf(d.alice)).readyAt).to.equal(readyAt);
      await vault.requestUnstake(1n);
      expect((await vault.stakeOf(d.alice)).readyAt).to.equal((await d.clock.now()) + 14n * DAY);
    });
  });
});
