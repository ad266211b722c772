// What the timelock stakes earns and never votes.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { forCases, fuzzCases } from "../helpers/random.ts";
import { DAY } from "../helpers/time.ts";
import { contractSigner, FTNS, HOLDING, STAKE, WEEK, YEAR, after, stakingFixture, type Staking } from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

describe("the silent staker (P173)", () => {
  let d: Staking;
  let vault: Staking["vault"];
  let silent: HardhatEthersSigner;
  const governed = () => d.vault.connect(d.people.governor);
  const quiet = () => d.vault.connect(silent);
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
    silent = await contractSigner(connection, d.timelock);
    await d.token.connect(d.people.treasury).transfer(silent, HOLDING);
    await d.token.connect(silent).approve(vault, ethers.MaxUint256);
  });

  describe("setSilentStaker", () => {
    it("reverts for anyone but governance, and for what is no contract", async () => {
      await expect(vault.setSilentStaker(silent))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(d.alice);
      for (const nobody of [ethers.ZeroAddress, d.eve.address]) {
        await expect(governed().setSilentStaker(nobody)).to.be.revertedWithCustomError(vault, "NotAContract").withArgs(nobody);
      }
    });

    it("reverts where the new one has a stake or an exit, whose votes were counted", async () => {
      await quiet().stake(STAKE);
      await expect(governed().setSilentStaker(silent))
        .to.be.revertedWithCustomError(vault, "StakerNotEmpty")
        .withArgs(silent, STAKE, 0n);
      await quiet().requestUnstake(STAKE);
      await expect(governed().setSilentStaker(silent))
        .to.be.revertedWithCustomError(vault, "StakerNotEmpty")
        .withArgs(silent, 0n, STAKE);
      await d.clock.pass(WEEK);
      await quiet().withdraw();
      await expect(governed().setSilentStaker(silent)).to.emit(vault, "SilentStakerSet").withArgs(silent);
      expect(await vault.silentStaker()).to.equal(silent.address);
    });

    it("reverts while the present one has a stake or an exit, which would begin to vote", async () => {
      await governed().setSilentStaker(silent);
      await quiet().stake(STAKE);
      await expect(governed().setSilentStaker(d.keeperJobs))
        .to.be.revertedWithCustomError(vault, "StakerNotEmpty")
        .withArgs(silent, STAKE, 0n);
      await quiet().requestUnstake(STAKE);
      await expect(governed().setSilentStaker(d.keeperJobs)).to.be.revertedWithCustomError(vault, "StakerNotEmpty");
      await d.clock.pass(WEEK);
      await quiet().withdraw();
      await governed().setSilentStaker(d.keeperJobs);
      await quiet().stake(STAKE);
      expect(await vault.getVotes(silent)).to.equal(STAKE);
      expect(await vault.totalStaked()).to.equal(STAKE);
    });
  });

  describe("given a silent stake beside an ordinary one", () => {
    beforeEach(async () => {
      await governed().setSilentStaker(silent);
      await vault.stake(STAKE);
      await quiet().stake(2n * STAKE);
    });

    it("counts it as staked and backed, and not as votes, now or at any past second", async () => {
      expect(await vault.totalStaked()).to.equal(3n * STAKE);
      expect(await vault.stakedOf(silent)).to.equal(2n * STAKE);
      expect(await vault.getVotes(silent)).to.equal(0n);
      const then = await d.clock.now();
      await d.clock.pass(1n);
      expect(await vault.getPastVotes(silent, then)).to.equal(0n);
      expect(await vault.getPastTotalSupply(then)).to.equal(STAKE);
      expect(await d.token.balanceOf(vault)).to.equal(3n * STAKE);
    });

    it("can't be delegated", async () => {
      await expect(quiet().delegate(d.bob)).to.be.revertedWithCustomError(vault, "SilentStakerCannotDelegate").withArgs(silent);
      expect(await vault.getVotes(d.bob)).to.equal(0n);
    });

    it("may be given others' votes, which are theirs to give", async () => {
      await vault.delegate(silent);
      expect(await vault.getVotes(silent)).to.equal(STAKE);
    });

    it("earns, leaves and is slashed like any other", async () => {
      await quiet().claim();
      await after(d, YEAR / 100n);
      await vault.settle(silent);
      expect((await vault.yieldOf(silent))[1]).to.equal((STAKE * 30n) / 100_000n);
      await governed().setLockHolder(d.keeperJobs, true);
      const holder = await contractSigner(connection, d.keeperJobs);
      await quiet().lock(holder, STAKE);
      await d.vault.connect(holder).slash(silent, STAKE, d.pool);
      await quiet().requestUnstake(STAKE);
      expect(await vault.totalStaked()).to.equal(STAKE);
      expect(await vault.getVotes(silent)).to.equal(0n);
      await quiet().cancelUnstake();
      expect(await vault.getVotes(silent)).to.equal(0n);
      await d.clock.pass(1n);
      expect(await vault.getPastTotalSupply((await d.clock.now()) - 1n)).to.equal(STAKE);
    });
  });

  it("is missing from the votes of every second of random lives", async () => {
    await forCases(fuzzCases(3), async (random) => {
      const world = await fresh();
      const timelock = await contractSigner(connection, world.timelock);
      await world.token.connect(world.people.treasury).transfer(timelock, HOLDING);
      await world.token.connect(timelock).approve(world.vault, ethers.MaxUint256);
      await world.vault.connect(world.people.governor).setSilentStaker(timelock);
      const people = [world.alice, world.bob, timelock];
      const seconds: { time: bigint; votes: bigint }[] = [];
      for (let step = 0; step < 30; step++) {
        const who = random.pick(people);
        const mine = world.vault.connect(who);
        const staked = await mine.stakedOf(who);
        const pending = (await mine.stakeOf(who)).pending;
        if (staked > 0n && random.chance(0.4)) await mine.requestUnstake(random.bigint(1n, staked));
        else if (pending > 0n && random.chance(0.5)) await mine.cancelUnstake();
        else await mine.stake(random.bigint(1n, 100n * FTNS));
        if (random.chance(0.5)) await world.clock.pass(random.bigint(1n, DAY));
        const [a, b, c] = await Promise.all(people.map(async (person) => world.vault.stakedOf(person)));
        expect(await world.vault.totalStaked()).to.equal(a! + b! + c!);
        seconds.push({ time: await world.clock.now(), votes: a! + b! });
      }
      await world.clock.pass(1n);
      for (const { time, votes } of seconds) expect(await world.vault.getPastTotalSupply(time)).to.equal(votes);
    });
  });
});
