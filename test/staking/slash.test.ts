// What is taken from stakes that answer for something.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { DAY } from "../helpers/time.ts";
import {
  after,
  breakContract,
  admitHolders,
  fund,
  halt,
  HOLDING,
  setStanding,
  STAKE,
  standingFor,
  stakingFixture,
  WAD,
  WEEK,
  YEAR,
  type Staking,
} from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

describe("StakingVault slashes (P171)", () => {
  let d: Staking;
  let vault: Staking["vault"];
  /** Two contracts that governance admitted, and one that it did not. */
  let holder: HardhatEthersSigner;
  let other: HardhatEthersSigner;
  let unknown: HardhatEthersSigner;
  const held = () => d.vault.connect(holder);
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
    ({ holder, other, unknown } = await admitHolders(d));
    await vault.stake(STAKE);
  });

  describe("slash", () => {
    beforeEach(async () => {
      await vault.lock(holder, STAKE / 2n);
    });

    it("reverts for whoever is no holder: a stranger, the owner, an unknown contract, governance", async () => {
      for (const stranger of [d.eve, d.alice, unknown, d.people.governor]) {
        await expect(d.vault.connect(stranger).slash(d.alice, 1n, d.bob))
          .to.be.revertedWithCustomError(vault, "LockHolderNotAdmitted")
          .withArgs(stranger);
      }
    });

    it("reverts with nothing, with another holder's lock, and with more than the holder's own", async () => {
      await vault.lock(other, 1n);
      await expect(held().slash(d.alice, 0n, d.bob)).to.be.revertedWithCustomError(vault, "ZeroAmount");
      await expect(held().slash(d.alice, STAKE / 2n + 1n, d.bob))
        .to.be.revertedWithCustomError(vault, "InsufficientLock")
        .withArgs(d.alice, holder, STAKE / 2n, STAKE / 2n + 1n);
      await expect(d.vault.connect(other).slash(d.alice, 2n, d.bob))
        .to.be.revertedWithCustomError(vault, "InsufficientLock")
        .withArgs(d.alice, other, 1n, 2n);
      await expect(held().slash(d.bob, 1n, d.carol)).to.be.revertedWithCustomError(vault, "InsufficientLock");
    });

    it("reverts towards nobody, the owner, and the vault itself", async () => {
      for (const to of [ethers.ZeroAddress, d.alice.address, d.addresses.vault]) {
        await expect(held().slash(d.alice, 1n, to))
          .to.be.revertedWithCustomError(vault, "InvalidRecipient")
          .withArgs(to);
      }
    });

    it("moves the coins at once, and takes stake, lock and votes (P70, P71)", async () => {
      const slashed = held().slash(d.alice, STAKE / 4n, d.pool);
      await expect(slashed)
        .to.emit(vault, "Slashed")
        .withArgs(d.alice, holder, d.pool, STAKE / 4n, STAKE / 4n);
      await expect(slashed)
        .to.emit(vault, "DelegateVotesChanged")
        .withArgs(d.alice, STAKE, (STAKE * 3n) / 4n);
      await expect(slashed).to.changeTokenBalances(ethers, d.token, [vault, d.pool], [-STAKE / 4n, STAKE / 4n]);
      expect(await vault.stakedOf(d.alice)).to.equal((STAKE * 3n) / 4n);
      expect(await vault.lockedOf(d.alice)).to.equal(STAKE / 4n);
      expect(await vault.totalStaked()).to.equal((STAKE * 3n) / 4n);
    });

    it("takes the votes from the present delegate, and leaves past ones alone", async () => {
      await vault.delegate(d.bob);
      const before = await d.clock.now();
      await d.clock.pass(100n);
      await expect(held().slash(d.alice, STAKE / 2n, d.carol))
        .to.emit(vault, "DelegateVotesChanged")
        .withArgs(d.bob, STAKE, STAKE / 2n);
      await d.clock.pass(1n);
      expect(await vault.getVotes(d.bob)).to.equal(STAKE / 2n);
      expect(await vault.getPastVotes(d.bob, before)).to.equal(STAKE);
      expect(await vault.getPastTotalSupply(before)).to.equal(STAKE);
    });

    it("settles the yield of the whole stake first", async () => {
      await vault.settle(d.alice);
      const [, before] = await vault.yieldOf(d.alice);
      await after(d, YEAR / 100n);
      await held().slash(d.alice, STAKE / 2n, d.carol);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, before + (STAKE * 15n) / 100_000n]);
      await after(d, YEAR / 100n);
      await vault.settle(d.alice);
      expect((await vault.yieldOf(d.alice))[1]).to.equal(before + ((STAKE * 15n) / 100_000n / 2n) * 3n);
    });

    it("can take a whole stake, once; what was earned stays, and nothing else does", async () => {
      await vault.lock(holder, STAKE / 2n);
      await after(d, YEAR / 100n);
      await held().slash(d.alice, STAKE, d.carol);
      const { staked, locked, settledAt, recycled, cover } = await vault.stakeOf(d.alice);
      expect([staked, locked, settledAt, cover]).to.deep.equal([0n, 0n, 0n, 0n]);
      expect(recycled).to.be.at.least((STAKE * 15n) / 100_000n);
      await expect(held().slash(d.alice, 1n, d.carol)).to.be.revertedWithCustomError(vault, "InsufficientLock");
      expect(await d.token.balanceOf(vault)).to.equal(0n);
    });

    it("leaves what is pending alone", async () => {
      await vault.requestUnstake(STAKE / 2n);
      await held().slash(d.alice, STAKE / 2n, d.carol);
      await d.clock.pass(WEEK);
      const { pending } = await vault.stakeOf(d.alice);
      await expect(vault.withdraw()).to.changeTokenBalance(ethers, d.token, d.alice, pending);
      expect(await d.token.balanceOf(vault)).to.equal(0n);
    });

    describe("given a source of M that fails", () => {
      it("gives up the yield since the last settlement, and nothing before it", async () => {
        await d.clock.pass(YEAR / 100n);
        await vault.settle(d.alice);
        const [settled, [, kept]] = [await d.clock.now(), await vault.yieldOf(d.alice)];
        await d.clock.pass(YEAR / 100n);
        await d.store.switchOff(true);
        const slashed = held().slash(d.alice, STAKE / 2n, d.carol, { gasLimit: 4_000_000n });
        await expect(slashed).to.emit(vault, "YieldForfeited").withArgs(d.alice, settled);
        await expect(slashed).to.changeTokenBalance(ethers, d.token, d.carol, STAKE / 2n);
        await d.store.switchOff(false);
        const [, after_] = await vault.yieldOf(d.alice);
        expect(after_).to.be.within(kept, kept + WAD / 1_000n);
      });

      it("works while the source burns all gas, and everything else is broken too", async () => {
        for (const broken of [d.controller, d.registry, d.store, d.pool, d.manager]) await breakContract(connection, broken);
        await expect(held().slash(d.alice, STAKE / 2n, d.carol, { gasLimit: 12_000_000n })).to.changeTokenBalance(
          ethers,
          d.token,
          d.carol,
          STAKE / 2n,
        );
      });

      it("reverts with too little gas to tell a failure from that", async () => {
        await d.store.switchOff(true);
        await expect(held().slash(d.alice, STAKE / 2n, d.carol, { gasLimit: 2_900_000n })).to.be.revertedWithCustomError(
          vault,
          "TooLittleGas",
        );
      });
    });

    it("never costs the yield for want of gas: it is worked out, or the slash fails", async () => {
      await setStanding(d, d.alice, await standingFor(d, 3, 5));
      for (let day = 0; day < 25; day++) {
        await d.clock.pass(DAY);
        await d.store.set(WAD + BigInt(day) * (WAD / 10n)); // below the limit at times: every change is walked over
      }
      const outcomes = { slashed: 0, refused: 0 };
      for (let gasLimit = 60_000n; gasLimit <= 420_000n; gasLimit += 20_000n) {
        const snapshot = await connection.networkHelpers.takeSnapshot();
        const { earned } = await vault.stakeOf(d.alice);
        try {
          await (await held().slash(d.alice, STAKE / 2n, d.carol, { gasLimit })).wait();
          outcomes.slashed++;
          expect((await vault.stakeOf(d.alice)).earned).to.be.at.least(earned);
        } catch {
          outcomes.refused++;
        }
        await snapshot.restore();
      }
      expect(Math.min(outcomes.slashed, outcomes.refused)).to.be.greaterThan(0);
    });

    describe("given a halt", () => {
      it("sets the coins aside, net of nothing for the frozen days, and pays them afterwards, by anyone, once", async () => {
        await halt(d, 3n * DAY);
        const until = await d.token.haltedUntil();
        await expect(held().slash(d.alice, STAKE / 4n, d.carol))
          .to.emit(vault, "SetAside")
          .withArgs(d.carol, STAKE / 4n, 0n, STAKE / 4n);
        await d.clock.pass(DAY);
        const again = held().slash(d.alice, STAKE / 4n, d.carol);
        await expect(again)
          .to.emit(vault, "SetAside")
          .withArgs(d.carol, STAKE / 4n, 0n, STAKE / 2n);
        await expect(again).to.changeTokenBalance(ethers, d.token, vault, 0n);
        expect(await vault.getVotes(d.alice)).to.equal(STAKE / 2n);
        expect([await vault.totalStaked(), await vault.totalSetAside()]).to.deep.equal([STAKE / 2n, STAKE / 2n]);
        await expect(d.vault.connect(d.eve).collect(d.carol)).to.be.revertedWithCustomError(vault, "NotReady");
        await d.clock.to(until);
        expect(await vault.setAsideFor(d.carol)).to.equal(STAKE / 2n);
        const collected = d.vault.connect(d.eve).collect(d.carol);
        await expect(collected)
          .to.emit(vault, "Collected")
          .withArgs(d.carol, STAKE / 2n, 0n);
        await expect(collected).to.changeTokenBalance(ethers, d.token, d.carol, STAKE / 2n);
        await expect(vault.collect(d.carol)).to.be.revertedWithCustomError(vault, "NothingSetAside").withArgs(d.carol);
        expect(await vault.totalSetAside()).to.equal(0n);
      });

      it("charges what nobody collects like what is leaving, so nothing is parked there (P170)", async () => {
        const wallet = ethers.Wallet.createRandom();
        await d.token.connect(d.people.treasury).transfer(wallet, STAKE / 2n);
        await halt(d);
        await held().slash(d.alice, STAKE / 2n, d.carol);
        await d.clock.toDaysAhead(50n);
        const aside = await vault.setAsideFor(d.carol);
        expect(aside).to.equal(await d.token.balanceOf(wallet));
        expect(aside).to.be.lessThan(STAKE / 2n);
        await d.token.settle(d.carol);
        const collected = vault.collect(d.carol);
        await expect(collected)
          .to.emit(vault, "Collected")
          .withArgs(d.carol, aside, STAKE / 2n - aside);
        await expect(collected).not.to.emit(vault, "ExitCharged");
        await expect(collected).to.changeTokenBalances(
          ethers,
          d.token,
          [d.carol, d.pool, vault],
          [aside, STAKE / 2n - aside, -STAKE / 2n],
        );
      });
    });
  });

  it("charges what waits from an earlier halt before it adds to it, and tells pending exits from it", async () => {
    await vault.lock(holder, STAKE / 2n);
    await halt(d);
    await held().slash(d.alice, STAKE / 4n, d.carol);
    await d.clock.toDaysAhead(30n);
    const aside = await vault.setAsideFor(d.carol);
    await halt(d);
    const slashed = held().slash(d.alice, STAKE / 4n, d.carol);
    await expect(slashed)
      .to.emit(vault, "SetAside")
      .withArgs(d.carol, STAKE / 4n, STAKE / 4n - aside, aside + STAKE / 4n);
    await expect(slashed).to.changeTokenBalance(ethers, d.token, vault, aside - STAKE / 4n);
    expect(await vault.totalSetAside()).to.equal(aside + STAKE / 4n);
    expect((await vault.stakeOf(d.carol)).pending).to.equal(0n);
  });

  it("counts nothing as lent to the recipient of a slash: its activity stays", async () => {
    await vault.lock(holder, STAKE);
    const { activity } = await d.token.accountOf(d.dave);
    await fund(d, HOLDING);
    await held().slash(d.alice, STAKE, d.dave);
    expect((await d.token.accountOf(d.dave)).activity).to.equal(activity);
  });
});
