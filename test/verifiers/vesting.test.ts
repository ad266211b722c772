// Large rewards vest (P312), and wait longer for signers that were slashed or removed (P315).
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { vestsAt } from "@ftns/model";
import { hashProofRecord } from "@ftns/sdk/records.ts";
import { Random } from "../helpers/random.ts";
import { DAY } from "../helpers/time.ts";
import { FTNS, verifiersFixture, WAD, type Verifiers } from "./fixture.ts";
import { condemned, counted, type ProofRecord } from "./vestingFixture.ts";

const { connection, fresh } = await verifiersFixture();
const { ethers } = connection;

describe("RewardVesting", () => {
  let d: Verifiers;
  let vesting: Verifiers["rewardVesting"];
  beforeEach(async () => {
    d = await fresh();
    vesting = d.rewardVesting.connect(d.eve);
  });
  const large = async () => counted(d, d.alice, 2_000n * FTNS);
  const release = async (record: ProofRecord) => vesting.release(record);

  describe("records", () => {
    it("are what the event tells, by the digest that the registry keeps", async () => {
      for (const record of [await counted(d, d.alice, FTNS), await large()]) {
        expect(await d.registry.recordOf(record.proofHash)).to.equal(hashProofRecord(record));
        expect(await vesting.subjectOf(record)).to.equal(hashProofRecord(record));
        expect(await d.registry.isProofUsed(record.proofHash)).to.equal(true);
      }
      expect(await d.registry.recordOf(ethers.id("none"))).to.equal(ethers.ZeroHash);
    });
  });

  describe("a reward above the threshold (P312)", () => {
    it("vests as a whole, and one that is not above it is paid at once", async () => {
      // POWER at once: 1.6 times the value.
      const paid = await counted(d, d.alice, 625n * FTNS);
      expect([paid.vesting, paid.deferred]).to.deep.equal([0n, 0n]);
      const before = await d.token.balanceOf(d.bob);
      const supply = await d.token.totalSupply();
      const record = await counted(d, d.bob, 625n * FTNS + 1n);
      expect(record.vesting).to.equal(1_000n * FTNS + 1n);
      expect(await d.token.balanceOf(d.bob)).to.equal(before);
      expect(await d.token.totalSupply()).to.equal(supply);
      expect(await d.pool.totalVesting()).to.equal(record.vesting);
      expect([await d.pool.claimable(d.bob), await d.pool.totalClaimable()]).to.deep.equal([0n, 0n]);
      await expect(vesting.release(paid)).to.be.revertedWithCustomError(vesting, "NothingVests").withArgs(paid.proofHash);
    });

    it("is claimable three days later to the second, once, and then claimed like what is old", async () => {
      const record = await large();
      const counting = await d.clock.now();
      expect(await vesting.vestsAt(record)).to.equal(counting + 3n * DAY);
      await d.clock.nextBlockAt(counting + 3n * DAY - 1n);
      await expect(release(record))
        .to.be.revertedWithCustomError(vesting, "NotVested")
        .withArgs(record.proofHash, counting + 3n * DAY, counting + 3n * DAY - 1n);
      await d.clock.nextBlockAt(counting + 3n * DAY);
      await expect(release(record)).to.emit(d.pool, "Vested").withArgs(record.proofHash, d.alice.address, record.vesting);
      expect([await d.pool.totalVesting(), await d.pool.claimable(d.alice)]).to.deep.equal([0n, record.vesting]);
      await expect(release(record)).to.be.revertedWithCustomError(vesting, "NothingVests").withArgs(record.proofHash);
      await d.token.connect(d.people.treasury).transfer(d.pool, 100_000n * FTNS);
      const paid = d.pool.connect(d.alice).claim();
      await expect(paid).to.changeTokenBalances(ethers, d.token, [d.alice], [record.vesting]);
    });

    it("waits longer by the time of a halt", async () => {
      const record = await large();
      const counting = await d.clock.now();
      await d.token.connect(d.people.breaker).halt((await d.clock.now()) + 2n * DAY);
      const halted = (await d.token.haltedUntil()) - (await d.clock.now());
      await d.clock.pass(3n * DAY);
      await expect(release(record)).to.be.revertedWithCustomError(vesting, "NotVested");
      await d.clock.nextBlockAt(counting + 3n * DAY + halted);
      await release(record);
    });

    it("is what the record says: none other is taken", async () => {
      const record = await large();
      await d.clock.pass(3n * DAY);
      for (const changes of [{ vesting: 9_000n * FTNS }, { contributor: d.eve.address }, { countedAt: 1n }, { verifiers: [] }]) {
        await expect(release({ ...record, ...changes }))
          .to.be.revertedWithCustomError(vesting, "NotTheRecord")
          .withArgs(record.proofHash);
      }
    });

    it("follows the threshold that governance sets, within its bounds", async () => {
      const governed = d.pool.connect(d.people.governor);
      for (const threshold of [99n * FTNS, 5_001n * FTNS]) {
        await expect(governed.setVestingThreshold(threshold))
          .to.be.revertedWithCustomError(d.pool, "VestingThresholdOutOfBounds")
          .withArgs(threshold, 100n * FTNS, 5_000n * FTNS);
      }
      await expect(governed.setVestingThreshold(100n * FTNS + 1n))
        .to.be.revertedWithCustomError(d.pool, "VestingThresholdTooFine")
        .withArgs(100n * FTNS + 1n, FTNS);
      await governed.setVestingThreshold(100n * FTNS);
      expect((await counted(d, d.alice, 100n * FTNS, { quality: WAD })).vesting).to.equal(160n * FTNS);
      await governed.setVestingThreshold(5_000n * FTNS);
      expect(await d.pool.vestingThreshold()).to.equal(5_000n * FTNS);
      expect((await large()).vesting).to.equal(0n);
    });

    it("is foreseen", async () => {
      const { earned, vesting: vests, fromFunds, minted, deferred } = await d.pool.previewReward(1n, 2_000n * FTNS, 3n);
      expect([earned, vests, fromFunds, minted, deferred]).to.deep.equal([3_200n * FTNS, 3_200n * FTNS, 0n, 0n, 0n]);
    });
  });

  describe("a signer that is slashed or removed (P315)", () => {
    const vests = async (record: ProofRecord) => vesting.vestsAt(record);

    it("puts off what it signed and has not vested to three days later, once for each signer", async () => {
      const record = await large();
      const counting = await d.clock.now();
      await d.clock.pass(2n * DAY);
      await d.stakes.connect(d.people.governor).slash(d.verifiers[0]!, FTNS, ZeroAddress);
      const first = await d.clock.now();
      expect(await vests(record)).to.equal(first + 3n * DAY);
      // The same signer again, and one that did not sign it, change nothing.
      await d.clock.pass(DAY);
      await d.stakes.connect(d.people.governor).slash(d.verifiers[0]!, FTNS, ZeroAddress);
      await d.registry.connect(d.people.governor).removeVerifier(d.verifiers[2]!);
      expect(await vests(record)).to.equal(first + 3n * DAY);
      await d.clock.pass(DAY);
      await d.registry.connect(d.people.governor).removeVerifier(d.verifiers[1]!);
      const second = await d.clock.now();
      expect(await vests(record)).to.equal(second + 3n * DAY);
      expect(second + 3n * DAY > counting + 6n * DAY).to.equal(true);
      await d.clock.nextBlockAt(second + 3n * DAY - 1n);
      await expect(release(record)).to.be.revertedWithCustomError(vesting, "NotVested");
      await d.clock.nextBlockAt(second + 3n * DAY);
      await release(record);
    });

    it("does so by two statements that contradict each other, too", async () => {
      const record = await large();
      await d.clock.pass(DAY);
      await condemned(d, d.verifiers[1]!);
      expect(await vests(record)).to.equal((await d.clock.now()) + 3n * DAY);
    });

    it("does nothing to what has vested, or was signed later", async () => {
      await d.stakes.connect(d.people.governor).slash(d.verifiers[0]!, FTNS, ZeroAddress);
      const record = await large();
      const counting = await d.clock.now();
      await d.clock.pass(3n * DAY);
      await d.stakes.connect(d.people.governor).slash(d.verifiers[0]!, FTNS, ZeroAddress);
      expect(await vests(record)).to.equal(counting + 3n * DAY);
      await release(record);
    });

    it("is noted by the registry and VerifierStakes alone", async () => {
      await expect(d.stakes.connect(d.eve).noteRemoval(d.verifiers[0]!))
        .to.be.revertedWithCustomError(d.stakes, "NotTheRegistry")
        .withArgs(d.eve.address);
      await expect(d.stakes.connect(d.people.governor).noteRemoval(d.verifiers[0]!)).to.be.revertedWithCustomError(
        d.stakes,
        "NotTheRegistry",
      );
    });

    it("counts as in the model, in random lives", async () => {
      const random = new Random(312);
      const strikes = new Map(d.verifiers.map((v) => [v.address, [] as bigint[]]));
      const records: ProofRecord[] = [];
      for (let step = 0; step < 40; step++) {
        await d.clock.pass(random.bigint(1n, DAY));
        const who = random.pick(d.verifiers);
        if (random.chance(0.5) && records.length < 12) {
          const signers = random.chance(0.3) ? d.verifiers : d.verifiers.filter((v) => v !== who);
          records.push(await counted(d, d.alice, 700n * FTNS + BigInt(step), { quality: WAD }, signers));
        } else if (random.chance(0.6)) {
          await d.stakes.connect(d.people.governor).slash(who, FTNS, ZeroAddress);
          strikes.get(who.address)!.push(await d.clock.now());
        }
        for (const record of records) {
          const expected = vestsAt(
            record.countedAt,
            record.verifiers.map((verifier) => strikes.get(verifier)!),
          );
          expect(await vests(record)).to.equal(expected);
        }
      }
      const deferred = await Promise.all(records.map(async (record) => (await vests(record)) > record.countedAt + 3n * DAY));
      expect(deferred.filter((is) => is).length).to.be.greaterThan(2);
    });
  });
});
