// What verifiers may vouch for (P300), and what they lock (P301).
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { DAY, startOf } from "../helpers/time.ts";
import { ALLOWANCE, FTNS, handIn, LOCK, lockStake, verifiersFixture, WAD, worth, type Verifiers } from "./fixture.ts";

const { connection, fresh } = await verifiersFixture();
const MIN_LOCK = 10_000n * FTNS;

describe("VerifierStakes", () => {
  let d: Verifiers;
  let stakes: Verifiers["stakes"];
  const as = (index: number) => stakes.connect(d.verifiers[index]!);
  const view = (index: number) => stakes.verifierOf(d.verifiers[index]!);
  const governed = () => stakes.connect(d.people.governor);
  beforeEach(async () => {
    d = await fresh();
    stakes = d.stakes;
  });

  it("cannot be deployed over what is no contract", async () => {
    const { ethers } = connection;
    const factory = await ethers.getContractFactory("VerifierStakes");
    const deploy = (vault: unknown, registry: unknown) =>
      ethers.deployContract("VerifierStakes", [d.addresses.manager, vault, registry]);
    await expect(deploy(d.eve, d.registry)).to.be.revertedWithCustomError(factory, "NotAContract").withArgs(d.eve);
    await expect(deploy(d.vault, d.eve)).to.be.revertedWithCustomError(factory, "NotAContract").withArgs(d.eve);
  });

  describe("a proof (P300)", () => {
    it("is refused where a signer has locked a wei less than the least lock", async () => {
      await governed().setTerms(LOCK + 1n, WAD / 10n);
      await expect(handIn(d, await worth(d, d.alice, 100n * FTNS)))
        .to.be.revertedWithCustomError(stakes, "LockBelowMinimum")
        .withArgs(d.verifiers[0]!.address, LOCK, LOCK + 1n);
      expect((await view(0)).allowance).to.equal(0n);
      await governed().setTerms(LOCK, WAD / 10n);
      await handIn(d, await worth(d, d.alice, 100n * FTNS));
      expect((await view(0)).allowance).to.equal(ALLOWANCE);
    });

    it("is refused with words for more stake where it is a wei above what a day allows", async () => {
      await governed().setTerms(MIN_LOCK, WAD / 100n);
      const allowance = LOCK / 100n;
      // At M = 1 a proof of this worth earns nothing, or less than it is worth: quality 0.2 makes no tier.
      const quality = { quality: WAD / 5n };
      const tooMuch = await worth(d, d.alice, allowance + 10n ** 9n, quality);
      await expect(handIn(d, tooMuch))
        .to.be.revertedWithCustomError(stakes, "LockTooSmall")
        .withArgs(d.verifiers[0]!.address, allowance + 10n ** 9n, allowance);
      await handIn(d, await worth(d, d.alice, allowance, quality));
      expect((await view(0)).used).to.equal(allowance);
    });

    it("is refused with words for tomorrow where it is a step above what is left, and counts tomorrow", async () => {
      const quality = { quality: WAD / 5n };
      await handIn(d, await worth(d, d.alice, 4_000n * FTNS, quality));
      await handIn(d, await worth(d, d.alice, 4_000n * FTNS, quality));
      const statement = await worth(d, d.alice, 2_000n * FTNS + 10n ** 9n, quality);
      await expect(handIn(d, statement))
        .to.be.revertedWithCustomError(stakes, "AllowanceUsedUp")
        .withArgs(d.verifiers[0]!.address, 2_000n * FTNS + 10n ** 9n, 2_000n * FTNS, ALLOWANCE);
      expect(await d.registry.isProofUsed(statement.proofHash)).to.equal(false);
      await handIn(d, await worth(d, d.alice, 2_000n * FTNS, quality));
      expect((await view(0)).used).to.equal(ALLOWANCE);
      await d.clock.toDaysAhead(1n);
      expect((await view(0)).used).to.equal(0n);
      await handIn(d, statement);
    });

    it("counts in full against each signer, and against nobody else", async () => {
      await handIn(d, await worth(d, d.alice, 1_000n * FTNS, { quality: WAD / 5n }), [d.verifiers[0]!, d.verifiers[2]!]);
      expect([(await view(0)).used, (await view(1)).used, (await view(2)).used]).to.deep.equal([
        1_000n * FTNS,
        0n,
        1_000n * FTNS,
      ]);
    });

    it("counts by its reward where that is more than its value", async () => {
      await d.source.set(10n * WAD);
      await handIn(d, await worth(d, d.alice, 600n * FTNS));
      // POWER at once: 600 * 10 * 1.6.
      expect((await view(0)).used).to.equal(9_600n * FTNS);
      await d.source.set(WAD / 10n);
      await handIn(d, await worth(d, d.alice, 100n * FTNS));
      expect((await view(0)).used).to.equal(9_700n * FTNS);
    });

    it("is refused whole where one of three signers has too little, and then charges none", async () => {
      await governed().slash(d.verifiers[1]!, LOCK - MIN_LOCK, ZeroAddress);
      const statement = await worth(d, d.alice, 1_001n * FTNS, { quality: WAD / 5n });
      await expect(handIn(d, statement, d.verifiers))
        .to.be.revertedWithCustomError(stakes, "LockTooSmall")
        .withArgs(d.verifiers[1]!.address, 1_001n * FTNS, 1_000n * FTNS);
      expect((await view(0)).used).to.equal(0n);
      await handIn(d, statement, [d.verifiers[0]!, d.verifiers[2]!]);
    });

    it("leaves nothing to a verifier whose lock was cut below what it used today", async () => {
      await handIn(d, await worth(d, d.alice, 4_000n * FTNS, { quality: WAD / 5n }));
      await governed().slash(d.verifiers[0]!, 80_000n * FTNS, ZeroAddress);
      await expect(handIn(d, await worth(d, d.alice, FTNS)))
        .to.be.revertedWithCustomError(stakes, "AllowanceUsedUp")
        .withArgs(d.verifiers[0]!.address, FTNS, 0n, 2_000n * FTNS);
    });

    it("is charged by the registry alone", async () => {
      await expect(stakes.connect(d.people.governor).charge([d.verifiers[0]!], 1n, 1n))
        .to.be.revertedWithCustomError(stakes, "NotTheRegistry")
        .withArgs(d.people.governor.address);
    });

    it("needs a lock towards VerifierStakes: a stake alone does not vouch", async () => {
      const { people, registry, vault, token } = d;
      await registry.connect(people.governor).addVerifier(d.eve);
      await token.connect(people.treasury).transfer(d.eve, LOCK);
      await token.connect(d.eve).approve(vault, LOCK);
      await vault.connect(d.eve).stake(LOCK);
      const statement = await worth(d, d.alice, 100n * FTNS);
      await expect(handIn(d, statement, [d.verifiers[0]!, d.eve]))
        .to.be.revertedWithCustomError(stakes, "LockBelowMinimum")
        .withArgs(d.eve.address, 0n, MIN_LOCK);
      await vault.connect(d.eve).lock(stakes, LOCK);
      await handIn(d, statement, [d.verifiers[0]!, d.eve]);
    });
  });

  describe("leaving (P301)", () => {
    it("takes a lock, is asked for once, and ends signing until it is cancelled", async () => {
      await expect(stakes.connect(d.eve).requestUnlock()).to.be.revertedWithCustomError(stakes, "NoLock").withArgs(d.eve);
      await expect(as(0).cancelUnlock()).to.be.revertedWithCustomError(stakes, "DoesNotLeave").withArgs(d.verifiers[0]!.address);
      await expect(as(0).unlock()).to.be.revertedWithCustomError(stakes, "DoesNotLeave").withArgs(d.verifiers[0]!.address);
      const at = (await d.clock.now()) + 10n;
      await d.clock.nextBlockAt(at);
      await expect(as(0).requestUnlock())
        .to.emit(stakes, "UnlockRequested")
        .withArgs(d.verifiers[0]!.address, at + 14n * DAY);
      expect([(await view(0)).unlockAt, (await view(0)).allowance]).to.deep.equal([at + 14n * DAY, 0n]);
      await expect(as(0).requestUnlock()).to.be.revertedWithCustomError(stakes, "LeavesAlready");
      const statement = await worth(d, d.alice, 100n * FTNS);
      await expect(handIn(d, statement))
        .to.be.revertedWithCustomError(stakes, "VerifierLeaves")
        .withArgs(d.verifiers[0]!.address);
      await expect(as(0).cancelUnlock()).to.emit(stakes, "UnlockCancelled").withArgs(d.verifiers[0]!.address);
      await handIn(d, statement);
    });

    it("frees the whole lock after 14 days, not a second before, and lets a new lock sign", async () => {
      const at = (await d.clock.now()) + 10n;
      await d.clock.nextBlockAt(at);
      await as(0).requestUnlock();
      await d.clock.nextBlockAt(at + 14n * DAY - 1n);
      await expect(as(0).unlock())
        .to.be.revertedWithCustomError(stakes, "LockedUntil")
        .withArgs(d.verifiers[0]!.address, at + 14n * DAY, at + 14n * DAY - 1n);
      await d.clock.nextBlockAt(at + 14n * DAY);
      await expect(as(0).unlock()).to.emit(stakes, "Unlocked").withArgs(d.verifiers[0]!.address, LOCK);
      expect(await d.vault.lockOf(d.verifiers[0]!, stakes)).to.equal(0n);
      await expect(handIn(d, await worth(d, d.alice, 100n * FTNS))).to.be.revertedWithCustomError(stakes, "LockBelowMinimum");
      await d.vault.connect(d.verifiers[0]!).lock(stakes, MIN_LOCK);
      await handIn(d, await worth(d, d.alice, 100n * FTNS));
    });

    it("does not count the time of halts and recovery mode, whether they run out or are ended", async () => {
      const { token, people, clock } = d;
      const breaker = token.connect(people.breaker);
      const at = (await clock.now()) + 10n;
      await clock.nextBlockAt(at);
      await as(0).requestUnlock();
      // A halt of two days that is ended after one; recovery mode of three days with a halt in it, one day longer.
      await clock.nextBlockAt(at + DAY);
      await breaker.halt(at + 3n * DAY);
      expect(await token.restrictedSeconds()).to.equal(0n);
      await clock.to(at + DAY + 100n);
      expect(await token.restrictedSeconds()).to.equal(100n);
      await clock.nextBlockAt(at + 2n * DAY);
      await breaker.endHalt();
      expect(await token.restrictedSeconds()).to.equal(DAY);
      await clock.nextBlockAt(at + 3n * DAY);
      await breaker.startRecovery(at + 6n * DAY);
      await clock.nextBlockAt(at + 4n * DAY);
      await breaker.halt(at + 7n * DAY);
      await clock.to(at + 8n * DAY);
      expect(await token.restrictedSeconds()).to.equal(5n * DAY);
      await clock.nextBlockAt(at + 19n * DAY - 1n);
      await expect(as(0).unlock())
        .to.be.revertedWithCustomError(stakes, "LockedUntil")
        .withArgs(d.verifiers[0]!.address, at + 19n * DAY, at + 19n * DAY - 1n);
      await clock.nextBlockAt(at + 19n * DAY);
      await as(0).unlock();
    });

    it("does not go on in a halt that runs, also where the 14 days have passed", async () => {
      const { token, people, clock } = d;
      const at = (await clock.now()) + 10n;
      await clock.nextBlockAt(at);
      await as(0).requestUnlock();
      await clock.nextBlockAt(at + 13n * DAY);
      await token.connect(people.breaker).halt(at + 15n * DAY);
      await clock.nextBlockAt(at + 14n * DAY);
      await expect(as(0).unlock())
        .to.be.revertedWithCustomError(stakes, "LockedUntil")
        .withArgs(d.verifiers[0]!.address, at + 15n * DAY, at + 14n * DAY);
    });

    it("says that nothing is locked where all of it was slashed in the meantime", async () => {
      await as(0).requestUnlock();
      await governed().slash(d.verifiers[0]!, LOCK, ZeroAddress);
      await d.clock.pass(14n * DAY);
      await expect(as(0).unlock()).to.be.revertedWithCustomError(stakes, "NoLock").withArgs(d.verifiers[0]!.address);
    });
  });

  describe("setTerms", () => {
    it("is for governance alone, within bounds", async () => {
      await expect(stakes.connect(d.eve).setTerms(MIN_LOCK, WAD / 10n))
        .to.be.revertedWithCustomError(stakes, "AccessManagedUnauthorized")
        .withArgs(d.eve.address);
      const name = connection.ethers.encodeBytes32String;
      const [least, most] = [1_000n * FTNS, 1_000_000n * FTNS];
      const [leastShare, mostShare] = [WAD / 100n, (12n * WAD) / 100n];
      for (const lock of [least - 1n, most + 1n]) {
        await expect(governed().setTerms(lock, leastShare))
          .to.be.revertedWithCustomError(stakes, "TermOutOfBounds")
          .withArgs(name("minLock"), lock, least, most);
      }
      for (const share of [leastShare - 1n, mostShare + 1n]) {
        await expect(governed().setTerms(least, share))
          .to.be.revertedWithCustomError(stakes, "TermOutOfBounds")
          .withArgs(name("dailyShare"), share, leastShare, mostShare);
      }
      await expect(governed().setTerms(least, mostShare)).to.emit(stakes, "TermsSet").withArgs(least, mostShare);
      await governed().setTerms(most, leastShare);
      expect(await stakes.terms()).to.deep.equal([most, leastShare]);
    });
  });

  describe("the registry", () => {
    it("names VerifierStakes by governance, with code", async () => {
      await expect(d.registry.connect(d.people.governor).setVerifierStakes(d.eve))
        .to.be.revertedWithCustomError(d.registry, "CallerWithoutCode")
        .withArgs(d.eve.address);
      await expect(d.registry.connect(d.people.governor).setVerifierStakes(d.vault))
        .to.emit(d.registry, "VerifierStakesChanged")
        .withArgs(d.addresses.vault);
      expect(await d.registry.verifierStakes()).to.equal(d.addresses.vault);
    });
  });

  it("keeps days by the protocol's boundary", async () => {
    await handIn(d, await worth(d, d.alice, 100n * FTNS, { quality: WAD / 5n }));
    const boundary = startOf((await d.clock.today()) + 1n);
    await d.clock.to(boundary - 1n);
    expect((await view(0)).used).to.equal(100n * FTNS);
    await d.clock.to(boundary);
    expect((await view(0)).used).to.equal(0n);
    await lockStake(d, d.verifiers[0]!, LOCK);
    expect((await view(0)).allowance).to.equal(2n * ALLOWANCE);
  });
});
