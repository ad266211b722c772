// The bond that a second trigger of a kind takes: how much, and when it is given back or slashed.
import { expect } from "chai";
import { network } from "hardhat";
import { AGAINST, FOR } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, DAY, HOUR, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";
import { repeatingIn } from "./repeating.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("repeated triggers", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });
  const { dry, lock, pull } = repeatingIn(() => w);

  describe("need a bond (P213)", () => {
    beforeEach(async () => {
      await dry();
      await w.breaker.connect(w.outsiders[0]!).trigger(TRIGGER.liquidityCrisis);
      await w.clock.pass(12n * HOUR);
      await dry();
    });

    it("of 1,000 FTNS, doubled each time, that stand behind nothing else", async () => {
      expect(await w.breaker.canTrigger(TRIGGER.liquidityCrisis)).to.deep.equal([true, 1_000n * FTNS]);
      await expect(w.breaker.connect(w.outsiders[0]!).trigger(TRIGGER.liquidityCrisis))
        .to.be.revertedWithCustomError(w.breaker, "BondNeeded")
        .withArgs(TRIGGER.liquidityCrisis, 1_000n * FTNS, 0n);
      await lock(0, 1_000n * FTNS - 1n);
      await expect(pull(0, TRIGGER.liquidityCrisis))
        .to.be.revertedWithCustomError(w.breaker, "BondNeeded")
        .withArgs(TRIGGER.liquidityCrisis, 1_000n * FTNS, 1_000n * FTNS - 1n);
      await lock(0, 1n);
      await expect(pull(0, TRIGGER.liquidityCrisis))
        .to.emit(w.breaker, "BondPosted")
        .withArgs(1n, w.voters[0]!.address, TRIGGER.liquidityCrisis, 1_000n * FTNS, (await w.clock.now()) + 1n + 6n * HOUR);
      expect((await w.breaker.canTrigger(TRIGGER.liquidityCrisis)).bond).to.equal(2_000n * FTNS);
      await w.clock.pass(12n * HOUR);
      await dry();
      await lock(0, 1_000n * FTNS);
      await expect(pull(0, TRIGGER.liquidityCrisis))
        .to.be.revertedWithCustomError(w.breaker, "BondNeeded")
        .withArgs(TRIGGER.liquidityCrisis, 2_000n * FTNS, 1_000n * FTNS);
    });

    it("of its own kind only", async () => {
      await w.clock.pass(301n);
      await w.report({ txFailed: 80n });
      expect(await w.breaker.canTrigger(TRIGGER.networkAttack)).to.deep.equal([true, 0n]);
      await w.breaker.connect(w.outsiders[0]!).trigger(TRIGGER.networkAttack);
    });

    it("is not posted by keepers: the job is not workable then", async () => {
      const args = connection.ethers.AbiCoder.defaultAbiCoder().encode(["uint8"], [TRIGGER.liquidityCrisis]);
      const { due } = await w.keeperJobs["workable(uint8)"](0n);
      expect(due).to.equal(false);
      const nobody = connection.ethers.ZeroAddress;
      await expect(w.keeperJobs["work(uint8,bytes,address)"](0n, args, nobody)).to.be.revertedWithCustomError(
        w.breaker,
        "BondNeeded",
      );
    });

    describe("once posted", () => {
      let postedAt: bigint;
      beforeEach(async () => {
        await lock(0, 1_500n * FTNS);
        await pull(0, TRIGGER.liquidityCrisis);
        postedAt = await w.clock.now();
      });
      const settle = () => w.breaker.connect(w.outsiders[1]!).settleBond(1n);
      const expectSlashed = async () => {
        const pool = await w.token.balanceOf(w.pool);
        await expect(settle())
          .to.emit(w.breaker, "BondSettled")
          .withArgs(1n, w.voters[0]!.address, 1_000n * FTNS, true);
        expect(await w.token.balanceOf(w.pool)).to.equal(pool + 1_000n * FTNS);
        expect(await w.vault.lockOf(w.voters[0]!, w.breaker)).to.equal(500n * FTNS);
      };
      const expectGivenBack = async () => {
        const staked = await w.vault.stakedOf(w.voters[0]!);
        await expect(settle())
          .to.emit(w.breaker, "BondSettled")
          .withArgs(1n, w.voters[0]!.address, 1_000n * FTNS, false);
        expect(await w.vault.stakedOf(w.voters[0]!)).to.equal(staked);
        expect(await w.vault.lockOf(w.voters[0]!, w.breaker)).to.equal(500n * FTNS);
        await expect(settle()).to.be.revertedWithCustomError(w.breaker, "UnknownBond").withArgs(1n);
      };

      it("is slashed to the pool after its votes, not a second before", async () => {
        await w.clock.nextBlockAt(postedAt + 6n * HOUR);
        await expect(settle())
          .to.be.revertedWithCustomError(w.breaker, "BondNotDue")
          .withArgs(1n, postedAt + 6n * HOUR + 1n);
        await w.clock.nextBlockAt(postedAt + 6n * HOUR + 1n);
        await expectSlashed();
      });

      it("is given back when the condition holds an hour later, not a second before", async () => {
        await w.clock.to(postedAt + HOUR - 400n);
        await w.report({ volume6h: 0n });
        await w.clock.nextBlockAt(postedAt + HOUR - 1n);
        await expect(settle())
          .to.be.revertedWithCustomError(w.breaker, "BondNotDue")
          .withArgs(1n, postedAt + HOUR);
        await w.clock.nextBlockAt(postedAt + HOUR);
        await expectGivenBack();
      });

      it("is not given back because the condition holds two hours later", async () => {
        await w.clock.to(postedAt + 2n * HOUR - 400n);
        await w.report({ volume6h: 0n });
        await w.clock.nextBlockAt(postedAt + 2n * HOUR);
        await expect(settle()).to.be.revertedWithCustomError(w.breaker, "BondNotDue");
        await w.clock.to(postedAt + 6n * HOUR);
        await expectSlashed();
      });

      it("is given back when a vote reached 5 %, also if it passed nothing", async () => {
        await w.clock.pass(HOUR);
        // 8 % of one voter count for 5.
        await vote(w, await w.breaker.voteOn(ACTION.pause), [
          [5, FOR],
          [0, AGAINST],
        ]);
        await expectGivenBack();
      });

      it("is slashed when a vote came to less than 5 %", async () => {
        await vote(w, await w.breaker.voteOn(ACTION.pause), [[6, FOR]]);
        await w.clock.pass(6n * HOUR);
        await expectSlashed();
      });

      it("leaves the rest of the lock to its owner, who has it back for the asking", async () => {
        const mine = w.breaker.connect(w.voters[0]!);
        await mine.releaseUnbonded();
        expect(await w.vault.lockOf(w.voters[0]!, w.breaker)).to.equal(1_000n * FTNS);
        await expect(mine.releaseUnbonded())
          .to.be.revertedWithCustomError(w.breaker, "NothingUnbonded")
          .withArgs(w.voters[0]!.address);
        expect(await w.breaker.bondedOf(w.voters[0]!)).to.equal(1_000n * FTNS);
        await w.clock.pass(7n * HOUR);
        await w.breaker.settleBond(1n);
        expect(await w.breaker.bondAt(1n)).to.deep.equal([connection.ethers.ZeroAddress, 0n, 0n, 0n, 0n]);
        expect(await w.breaker.bondedOf(w.voters[0]!)).to.equal(0n);
      });

      it("is settled without anything where the breaker lost its admission and the owner freed the lock", async () => {
        await w.vault.connect(w.people.governor).setLockHolder(w.breaker, false);
        await w.clock.pass(14n * DAY);
        await w.vault.connect(w.voters[0]!).freeAbandoned(w.breaker);
        await expect(settle()).to.emit(w.breaker, "BondSettled");
      });
    });
  });
});
