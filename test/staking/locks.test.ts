// Parts of stakes that answer for something.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { DAY } from "../helpers/time.ts";
import {
  after,
  breakContract,
  admitHolders,
  halt,
  setStanding,
  STAKE,
  standingFor,
  stakingFixture,
  YEAR,
  type Staking,
} from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const FORTNIGHT = 14n * DAY;

describe("StakingVault locks (P171)", () => {
  let d: Staking;
  let vault: Staking["vault"];
  /** Two contracts that governance admitted, and one that it did not. */
  let holder: HardhatEthersSigner;
  let other: HardhatEthersSigner;
  let unknown: HardhatEthersSigner;
  const governed = () => d.vault.connect(d.people.governor);
  const held = () => d.vault.connect(holder);
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
    ({ holder, other, unknown } = await admitHolders(d));
    await vault.stake(STAKE);
  });

  describe("setLockHolder", () => {
    it("reverts for anyone but governance, and for what is no contract", async () => {
      await expect(vault.setLockHolder(unknown, true))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(d.alice);
      await expect(governed().setLockHolder(d.eve, true)).to.be.revertedWithCustomError(vault, "NotAContract").withArgs(d.eve);
    });

    it("reverts where there is no admission to take away, so that nobody's 14 days start anew", async () => {
      await expect(governed().setLockHolder(unknown, false))
        .to.be.revertedWithCustomError(vault, "LockHolderNotAdmitted")
        .withArgs(unknown);
      await governed().setLockHolder(holder, false);
      await expect(governed().setLockHolder(holder, false)).to.be.revertedWithCustomError(vault, "LockHolderNotAdmitted");
    });

    it("says who is admitted, and until when one that was has power", async () => {
      expect(await vault.lockHolderOf(unknown)).to.deep.equal([false, 0n]);
      await expect(governed().setLockHolder(unknown, true)).to.emit(vault, "LockHolderSet").withArgs(unknown, true);
      expect(await vault.lockHolderOf(unknown)).to.deep.equal([true, 0n]);
      await expect(governed().setLockHolder(unknown, false)).to.emit(vault, "LockHolderSet").withArgs(unknown, false);
      expect(await vault.lockHolderOf(unknown)).to.deep.equal([false, (await d.clock.now()) + FORTNIGHT]);
    });
  });

  describe("lock", () => {
    it("reverts with nothing, towards an unknown contract, and with more than is staked or free", async () => {
      await expect(vault.lock(holder, 0n)).to.be.revertedWithCustomError(vault, "ZeroAmount");
      await expect(vault.lock(unknown, 1n)).to.be.revertedWithCustomError(vault, "LockHolderNotAdmitted").withArgs(unknown);
      await expect(vault.lock(holder, STAKE + 1n))
        .to.be.revertedWithCustomError(vault, "InsufficientStake")
        .withArgs(d.alice, STAKE, STAKE + 1n);
      await vault.lock(other, STAKE / 4n);
      await expect(vault.lock(holder, (STAKE * 3n) / 4n + 1n))
        .to.be.revertedWithCustomError(vault, "StakeLocked")
        .withArgs(d.alice, (STAKE * 3n) / 4n, (STAKE * 3n) / 4n + 1n);
      await expect(d.vault.connect(d.bob).lock(holder, 1n)).to.be.revertedWithCustomError(vault, "InsufficientStake");
    });

    it("adds up towards each holder, never overlapping, up to the whole stake", async () => {
      await expect(vault.lock(holder, STAKE / 4n))
        .to.emit(vault, "Locked")
        .withArgs(d.alice, holder, STAKE / 4n, STAKE / 4n);
      await expect(vault.lock(holder, 1n))
        .to.emit(vault, "Locked")
        .withArgs(d.alice, holder, 1n, STAKE / 4n + 1n);
      await vault.lock(other, (STAKE * 3n) / 4n - 1n);
      expect(await vault.lockOf(d.alice, holder)).to.equal(STAKE / 4n + 1n);
      expect(await vault.lockedOf(d.alice)).to.equal(STAKE);
      expect((await vault.stakeOf(d.alice)).locked).to.equal(STAKE);
      await expect(vault.lock(other, 1n)).to.be.revertedWithCustomError(vault, "StakeLocked");
    });

    it("leaves votes and yield as they are, for locked stakes work like others", async () => {
      await vault.lock(holder, STAKE);
      expect(await vault.getVotes(d.alice)).to.equal(STAKE);
      await setStanding(d, d.alice, await standingFor(d, 3, 5));
      await vault.claim();
      await after(d, YEAR / 100n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([(STAKE * 12n) / 10_000n, 0n]);
    });

    it("works during a halt", async () => {
      await halt(d);
      await vault.lock(holder, STAKE);
      await held().release(d.alice, STAKE);
    });

    it("keeps the stake in: neither way out takes a locked part", async () => {
      await vault.lock(holder, STAKE / 4n);
      for (const request of ["requestUnstake", "requestUnstakeForfeiting"] as const) {
        await expect(vault[request]((STAKE * 3n) / 4n + 1n))
          .to.be.revertedWithCustomError(vault, "StakeLocked")
          .withArgs(d.alice, (STAKE * 3n) / 4n, (STAKE * 3n) / 4n + 1n);
      }
      await vault.requestUnstakeForfeiting(STAKE / 4n);
      await vault.requestUnstake(STAKE / 2n);
      await expect(vault.requestUnstake(1n)).to.be.revertedWithCustomError(vault, "StakeLocked").withArgs(d.alice, 0n, 1n);
      await held().release(d.alice, STAKE / 4n);
      await vault.requestUnstake(STAKE / 4n);
      expect(await vault.stakedOf(d.alice)).to.equal(0n);
    });
  });

  describe("release", () => {
    beforeEach(async () => {
      await vault.lock(holder, STAKE / 2n);
    });

    it("reverts with nothing, and for whoever holds no such lock: a stranger, the owner, another holder, governance", async () => {
      await expect(held().release(d.alice, 0n)).to.be.revertedWithCustomError(vault, "ZeroAmount");
      for (const stranger of [d.eve, d.alice, other, unknown, d.people.governor]) {
        await expect(d.vault.connect(stranger).release(d.alice, 1n))
          .to.be.revertedWithCustomError(vault, "InsufficientLock")
          .withArgs(d.alice, stranger, 0n, 1n);
      }
      await expect(held().release(d.alice, STAKE / 2n + 1n))
        .to.be.revertedWithCustomError(vault, "InsufficientLock")
        .withArgs(d.alice, holder, STAKE / 2n, STAKE / 2n + 1n);
      await expect(held().release(d.bob, 1n)).to.be.revertedWithCustomError(vault, "InsufficientLock");
    });

    it("frees a part or all", async () => {
      await expect(held().release(d.alice, 1n))
        .to.emit(vault, "Released")
        .withArgs(d.alice, holder, 1n, STAKE / 2n - 1n);
      await held().release(d.alice, STAKE / 2n - 1n);
      expect(await vault.lockedOf(d.alice)).to.equal(0n);
    });
  });

  describe("freeAbandoned", () => {
    beforeEach(async () => {
      await vault.lock(holder, STAKE / 2n);
      await vault.lock(other, 1n);
    });

    it("reverts while the holder is admitted, in the 14 days after that, and with nothing locked", async () => {
      await expect(vault.freeAbandoned(holder)).to.be.revertedWithCustomError(vault, "LockHolderAdmitted").withArgs(holder);
      await governed().setLockHolder(holder, false);
      const freeableAt = (await d.clock.now()) + FORTNIGHT;
      await d.clock.nextBlockAt(freeableAt - 1n);
      await expect(vault.freeAbandoned(holder))
        .to.be.revertedWithCustomError(vault, "NotReady")
        .withArgs(freeableAt, freeableAt - 1n);
      await expect(vault.freeAbandoned(unknown)).to.be.revertedWithCustomError(vault, "NothingLocked").withArgs(d.alice, unknown);
    });

    it("lets the holder release and slash for 14 days, but be given no new locks", async () => {
      await governed().setLockHolder(holder, false);
      await expect(vault.lock(holder, 1n)).to.be.revertedWithCustomError(vault, "LockHolderNotAdmitted");
      const freeableAt = (await d.clock.now()) + FORTNIGHT;
      await held().release(d.alice, 1n);
      await d.clock.nextBlockAt(freeableAt - 1n);
      await held().slash(d.alice, 1n, d.bob);
      await expect(held().slash(d.alice, 1n, d.bob)).to.be.revertedWithCustomError(vault, "LockHolderNotAdmitted");
      await held().release(d.alice, 1n);
    });

    it("frees the caller's lock with this holder, and no other, even if the holder is broken", async () => {
      await governed().setLockHolder(holder, false);
      await breakContract(connection, d.voteProofs);
      await d.clock.pass(FORTNIGHT);
      await expect(vault.freeAbandoned(holder))
        .to.emit(vault, "Released")
        .withArgs(d.alice, holder, STAKE / 2n, 0n);
      expect(await vault.lockedOf(d.alice)).to.equal(1n);
      await vault.requestUnstake(STAKE - 1n);
    });

    it("gives a holder that is admitted anew its power back", async () => {
      await governed().setLockHolder(holder, false);
      await d.clock.pass(FORTNIGHT);
      await governed().setLockHolder(holder, true);
      await expect(vault.freeAbandoned(holder)).to.be.revertedWithCustomError(vault, "LockHolderAdmitted");
      await held().slash(d.alice, 1n, d.bob);
    });
  });
});
