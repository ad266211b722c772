// Challenges of proofs (P314) and of batches (P316), and locks that stay meanwhile (P317).
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { forfeited, punished } from "@ftns/model";
import { DAY } from "../helpers/time.ts";
import { accept, batchOf, claimOwn, someBatches } from "./batchFixture.ts";
import { FTNS, LOCK, verifiersFixture, WAD, type Verifiers } from "./fixture.ts";
import { BOND, bondOf, counted, standingOf } from "./vestingFixture.ts";

const { connection, fresh } = await verifiersFixture();
const { ethers } = connection;

describe("RewardVesting's challenges", () => {
  let d: Verifiers;
  let vesting: Verifiers["rewardVesting"];
  let governed: Verifiers["rewardVesting"];
  let eve: HardhatEthersSigner;
  beforeEach(async () => {
    d = await fresh();
    eve = d.eve;
    vesting = d.rewardVesting.connect(eve);
    governed = d.rewardVesting.connect(d.people.governor);
  });
  const large = async () => counted(d, d.alice, 2_000n * FTNS);
  const challenged = async () => {
    const record = await large();
    await bondOf(d, eve);
    await vesting.challenge(record);
    return record;
  };

  describe("a challenge of a proof (P314)", () => {
    it("takes a bond, from nobody who signed it or is paid for it, one at a time, and in time", async () => {
      const record = await large();
      const subject = await vesting.subjectOf(record);
      await expect(vesting.challenge(record)).to.be.revertedWithCustomError(vesting, "ChallengeBondNeeded").withArgs(BOND, 0n);
      await bondOf(d, eve, BOND - 1n);
      await expect(vesting.challenge(record))
        .to.be.revertedWithCustomError(vesting, "ChallengeBondNeeded")
        .withArgs(BOND, BOND - 1n);
      await bondOf(d, eve, 1n);
      for (const own of [d.alice, d.verifiers[0]!, d.verifiers[1]!]) {
        await expect(d.rewardVesting.connect(own).challenge(record))
          .to.be.revertedWithCustomError(vesting, "NotByItsOwn")
          .withArgs(own.address);
      }
      await expect(vesting.challenge({ ...record, verifiers: [] })).to.be.revertedWithCustomError(vesting, "NotTheRecord");
      const raisedAt = (await d.clock.now()) + 10n;
      await d.clock.nextBlockAt(raisedAt);
      await expect(vesting.challenge(record))
        .to.emit(vesting, "ProofChallenged")
        .withArgs(record.proofHash, d.alice.address, eve.address, BOND, raisedAt + 21n * DAY);
      expect([...(await vesting.challengeOf(subject))]).to.deep.equal([eve.address, BOND, raisedAt, raisedAt + 21n * DAY]);
      expect(await vesting.bondedOf(eve)).to.equal(BOND);
      await bondOf(d, d.carol);
      await expect(d.rewardVesting.connect(d.carol).challenge(record))
        .to.be.revertedWithCustomError(vesting, "ChallengeOpen")
        .withArgs(subject);
      await expect(vesting.releaseUnbonded()).to.be.revertedWithCustomError(vesting, "NothingUnbonded").withArgs(eve.address);
      await expect(d.rewardVesting.connect(d.carol).releaseUnbonded()).to.emit(d.vault, "Released");
    });

    it("comes in time up to the last second of three days, of a small proof, too", async () => {
      const small = await counted(d, d.alice, 20n * FTNS);
      const other = await counted(d, d.alice, 20n * FTNS);
      await bondOf(d, eve, 2n * BOND);
      await d.clock.nextBlockAt(small.countedAt + 3n * DAY - 1n);
      await vesting.challenge(small);
      const endedAt = other.countedAt + 3n * DAY;
      await d.clock.nextBlockAt(endedAt);
      await expect(vesting.challenge(other))
        .to.be.revertedWithCustomError(vesting, "ChallengeTooLate")
        .withArgs(await vesting.subjectOf(other), endedAt, endedAt);
    });

    it("keeps the reward from vesting, and the signers from leaving with their locks (P317)", async () => {
      const record = await challenged();
      for (const verifier of d.verifiers) await d.stakes.connect(verifier).requestUnlock();
      await d.clock.pass(14n * DAY + 1n);
      await expect(vesting.release(record)).to.be.revertedWithCustomError(vesting, "ChallengeOpen");
      for (const verifier of d.verifiers.slice(0, 2)) {
        await expect(d.stakes.connect(verifier).unlock())
          .to.be.revertedWithCustomError(d.stakes, "ProofsChallenged")
          .withArgs(verifier.address, 1n);
      }
      await d.stakes.connect(d.verifiers[2]!).unlock();
      await governed.reject(record);
      await d.stakes.connect(d.verifiers[0]!).unlock();
      await vesting.release(record);
    });

    it("upheld, takes the reward, tier, capacity and cover, and the named part of each signer's lock", async () => {
      const record = await challenged();
      expect((await standingOf(d, d.alice)).tier).to.equal(3n);
      const share = (3n * WAD) / 10n;
      const { slashed, toChallenger, toPool } = punished(LOCK, share);
      const call = governed.uphold(record, share);
      await expect(call)
        .to.emit(vesting, "ChallengeUpheld")
        .withArgs(await vesting.subjectOf(record), eve.address, share);
      await expect(call)
        .to.emit(vesting, "ProofCancelled")
        .withArgs(d.alice.address, record.proofHash, record.kind, record.value, record.quality);
      await expect(call).to.emit(d.pool, "VestingCancelled").withArgs(record.proofHash, d.alice.address, record.vesting);
      await expect(call).to.changeTokenBalances(ethers, d.token, [eve, d.pool], [2n * toChallenger, 2n * toPool]);
      for (const verifier of d.verifiers.slice(0, 2)) {
        expect(await d.vault.lockOf(verifier, d.stakes)).to.equal(LOCK - slashed);
      }
      expect(await standingOf(d, d.alice)).to.deep.equal({
        score: 0n,
        supportedTier: 0n,
        tier: 0n,
        capacity: 0n,
        cover: 0n,
        claimable: 0n,
      });
      expect(await d.pool.totalVesting()).to.equal(0n);
      // The bond is free again, the proof is used for ever, and nothing of it is left to release or to challenge.
      expect([await d.vault.lockOf(eve, vesting), await vesting.bondedOf(eve)]).to.deep.equal([0n, 0n]);
      expect(await d.registry.isProofUsed(record.proofHash)).to.equal(true);
      await d.clock.pass(4n * DAY);
      for (const act of [vesting.release(record), vesting.challenge(record), governed.cancel(record)]) {
        await expect(act).to.be.revertedWithCustomError(vesting, "NotTheRecord").withArgs(record.proofHash);
      }
      await expect(governed.uphold(record, share)).to.be.revertedWithCustomError(vesting, "NoChallenge");
    });

    it("upheld without slashing takes nothing from the signers", async () => {
      const record = await challenged();
      await expect(governed.uphold(record, 0n)).not.to.emit(d.stakes, "VerifierSlashed");
    });

    it("upheld, takes of a small proof what waits, and not what was paid", async () => {
      // Hardly anything can be paid: most of it waits.
      await d.pool.connect(d.people.governor).setEmissionShare(0n);
      await d.clock.toDaysAhead(1n, 3_600n);
      await connection.networkHelpers.impersonateAccount(d.addresses.pool);
      await connection.networkHelpers.setBalance(d.addresses.pool, 10n ** 20n);
      const purse = await ethers.getSigner(d.addresses.pool);
      await d.token.connect(purse).transfer(d.carol, await d.token.balanceOf(d.pool));
      const record = await counted(d, d.alice, 500n * FTNS);
      expect(record.deferred > 700n * FTNS).to.equal(true);
      await d.clock.toDaysAhead(1n, 3_600n);
      await d.token.connect(d.carol).transfer(d.pool, 200n * FTNS);
      await d.pool.connect(d.alice).claim();
      const left = await d.pool.claimable(d.alice);
      expect(left > 0n && left < record.deferred).to.equal(true);
      await bondOf(d, eve);
      await vesting.challenge(record);
      await expect(governed.uphold(record, 0n)).to.emit(d.pool, "ClaimableCancelled").withArgs(d.alice.address, left, 0n);
    });

    it("is upheld in 21 days or not at all; then anyone ends it, and half of the bond is the contributor's", async () => {
      const record = await challenged();
      const raisedAt = await d.clock.now();
      const subject = await vesting.subjectOf(record);
      await expect(vesting.lapse(record))
        .to.be.revertedWithCustomError(vesting, "ChallengePending")
        .withArgs(subject, raisedAt + 21n * DAY);
      await d.clock.nextBlockAt(raisedAt + 21n * DAY);
      await expect(governed.uphold(record, WAD))
        .to.be.revertedWithCustomError(vesting, "ChallengeLapsed")
        .withArgs(subject, raisedAt + 21n * DAY);
      const { toContributor, toPool } = forfeited(BOND);
      const call = vesting.lapse(record);
      await expect(call).to.emit(vesting, "ChallengeRejected").withArgs(subject, eve.address, d.alice.address, BOND);
      await expect(call).to.changeTokenBalances(ethers, d.token, [d.alice, d.pool], [toContributor, toPool]);
      expect([await d.vault.lockOf(eve, vesting), await vesting.bondedOf(eve)]).to.deep.equal([0n, 0n]);
      await vesting.release(record);
    });

    it("is rejected by governance before, and for 21 days at most", async () => {
      const record = await challenged();
      await expect(governed.reject(record)).to.emit(vesting, "ChallengeRejected");
      await expect(vesting.lapse(record)).to.be.revertedWithCustomError(vesting, "NoChallenge");
      // Time is left, and another may try.
      await bondOf(d, eve);
      await vesting.challenge(record);
      await d.clock.pass(21n * DAY);
      await expect(governed.reject(record)).to.be.revertedWithCustomError(vesting, "ChallengeLapsed");
    });

    it("that lost its contract's admission ends all the same", async () => {
      const record = await challenged();
      await d.vault.connect(d.people.governor).setLockHolder(vesting, false);
      await d.clock.pass(21n * DAY);
      await vesting.lapse(record);
      await d.vault.connect(eve).freeAbandoned(vesting);
      await vesting.release(record);
    });

    it("takes a share up to one, and a bond within its bounds", async () => {
      const record = await challenged();
      await expect(governed.uphold(record, WAD + 1n))
        .to.be.revertedWithCustomError(vesting, "ShareOutOfBounds")
        .withArgs(WAD + 1n, WAD);
      for (const bond of [100n * FTNS - 1n, 10_000n * FTNS + 1n]) {
        await expect(governed.setBond(bond))
          .to.be.revertedWithCustomError(vesting, "BondOutOfBounds")
          .withArgs(bond, 100n * FTNS, 10_000n * FTNS);
      }
      await expect(governed.setBond(600n * FTNS))
        .to.emit(vesting, "BondSet")
        .withArgs(600n * FTNS);
      // An open one keeps the bond that it was raised with.
      expect((await vesting.challengeOf(await vesting.subjectOf(record))).bond).to.equal(BOND);
      await governed.uphold(record, WAD);
      expect(await d.vault.lockOf(d.verifiers[0]!, d.stakes)).to.equal(0n);
    });
  });

  describe("when governance cancels without a challenge", () => {
    it("takes what vests, or what has vested as far as it waits", async () => {
      const [one, two] = [await large(), await large()];
      await governed.cancel(one);
      expect(await d.pool.totalVesting()).to.equal(two.vesting);
      await d.clock.pass(3n * DAY);
      await vesting.release(two);
      await expect(governed.cancel(two)).to.emit(d.pool, "ClaimableCancelled").withArgs(d.alice.address, two.vesting, 0n);
    });

    it("ends an open challenge by upholding it, too", async () => {
      const record = await challenged();
      await governed.cancel(record);
      await governed.uphold(record, 0n);
      expect(await d.vault.lockOf(eve, vesting)).to.equal(0n);
    });
  });

  describe("a challenge of a batch (P316)", () => {
    let number: bigint;
    let leaves: Awaited<ReturnType<typeof someBatches>>["leaves"];
    let tree: Awaited<ReturnType<typeof someBatches>>["tree"];
    const signers = () => d.verifiers.slice(0, 2).map(({ address }) => address);
    beforeEach(async () => {
      ({ d, leaves, tree } = await someBatches(fresh));
      vesting = d.rewardVesting.connect(eve);
      number = await accept(d, await batchOf(d, tree));
      await bondOf(d, eve);
    });
    const claim = () => claimOwn(d, tree, leaves, number, [0]);

    it("freezes it, from anyone but its signers, before it opens", async () => {
      await expect(d.rewardVesting.connect(d.verifiers[0]!).challengeBatch(number, signers()))
        .to.be.revertedWithCustomError(vesting, "NotByItsOwn")
        .withArgs(d.verifiers[0]!.address);
      await expect(vesting.challengeBatch(number, signers().slice(0, 1))).to.be.revertedWithCustomError(
        d.batchRewards,
        "OtherSigners",
      );
      await expect(vesting.challengeBatch(number + 1n, signers())).to.be.revertedWithCustomError(d.batchRewards, "UnknownBatch");
      await expect(vesting.challengeBatch(number, signers())).to.emit(vesting, "BatchChallenged");
      await expect(vesting.challengeBatch(number, signers())).to.be.revertedWithCustomError(vesting, "ChallengeOpen");
      expect((await d.batchRewards.batchOf(number)).openAt).to.equal(2n ** 256n - 1n);
      await d.clock.pass(4n * DAY);
      await expect(claim()).to.be.revertedWithCustomError(d.batchRewards, "Challenged").withArgs(number);
    });

    it("is too late once it is open", async () => {
      await d.clock.pass(3n * DAY);
      await expect(vesting.challengeBatch(number, signers()))
        .to.be.revertedWithCustomError(d.batchRewards, "OpenAlready")
        .withArgs(number);
      await claim();
    });

    it("rejected, lets it open when it would have, and costs the whole bond", async () => {
      const { openAt } = await d.batchRewards.batchOf(number);
      await vesting.challengeBatch(number, signers());
      await expect(governed.connect(d.people.governor).rejectBatch(number, signers())).to.changeTokenBalances(
        ethers,
        d.token,
        [d.pool],
        [BOND],
      );
      expect((await d.batchRewards.batchOf(number)).openAt).to.equal(openAt);
      await d.clock.to(openAt);
      await claim();
    });

    it("opens at once where its time was over when the challenge lapsed", async () => {
      await vesting.challengeBatch(number, signers());
      await d.clock.pass(21n * DAY);
      await expect(vesting.lapseBatch(number, signers()))
        .to.emit(vesting, "ChallengeRejected")
        .withArgs(await vesting.batchSubjectOf(number, signers()), eve.address, ZeroAddress, BOND);
      await claim();
    });

    it("upheld, ends it and slashes its signers", async () => {
      await vesting.challengeBatch(number, signers());
      await expect(governed.connect(d.people.governor).upholdBatch(number, signers(), WAD / 2n))
        .to.emit(d.batchRewards, "BatchEnded")
        .withArgs(number);
      expect(await d.vault.lockOf(d.verifiers[1]!, d.stakes)).to.equal(LOCK / 2n);
      expect(await d.vault.lockOf(eve, vesting)).to.equal(0n);
      await d.clock.pass(4n * DAY);
      await expect(claim()).to.be.revertedWithCustomError(d.batchRewards, "Ended");
    });

    it("ends in order where the batch was ended meanwhile", async () => {
      await vesting.challengeBatch(number, signers());
      await d.batchRewards.connect(d.people.governor).end(number);
      await governed.connect(d.people.governor).rejectBatch(number, signers());
      expect((await d.batchRewards.batchOf(number)).ended).to.equal(true);
    });
  });
});
