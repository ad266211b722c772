import { expect } from "chai";
import { network } from "hardhat";
import { AGAINST, FOR, STATE } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, crash, DAY, HOUR, safetyOn, TRIGGER, USD, vote, type SafetyWorld } from "./fixture.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);
const FIVE = [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const);

describe("repeated triggers", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });

  const attacked = async () => {
    await w.clock.pass(301n);
    await w.report({ txFailed: 80n });
  };
  const dry = async () => {
    await w.clock.pass(301n);
    await w.report({ volume6h: 0n });
  };
  const execute = (id: bigint) => w.emergencyGovernor["execute(uint256)"](id);
  /** The voter locks `amount` towards the breaker, and pulls. */
  const lock = (voter: number, amount: bigint) => w.vault.connect(w.voters[voter]!).lock(w.breaker, amount);
  const pull = (voter: number, kind: bigint) => w.breaker.connect(w.voters[voter]!).trigger(kind);
  const suspended = async () => (await w.controller.suspendedUntil()) > (await w.clock.now());

  describe("open anew what ended without effect (P211)", () => {
    it("a halt vote that lapsed does not keep a real crash from one, nor from the guardian", async () => {
      await attacked();
      await w.breaker.trigger(TRIGGER.networkAttack);
      const first = await w.breaker.emergency();
      const lapsed = await w.breaker.voteOn(ACTION.halt);
      await w.clock.pass(6n * HOUR + 1n);
      expect(await w.emergencyGovernor.state(lapsed)).to.equal(STATE.defeated);
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const now = await w.clock.now();
      const both = await w.breaker.emergency();
      expect([both.id, both.openedAt]).to.deep.equal([first.id, first.openedAt]);
      expect(both.haltVoteUntil).to.equal(now + 6n * HOUR);
      const anew = await w.breaker.voteOn(ACTION.halt);
      expect(anew).to.not.equal(lapsed);
      // On the votes of before the first trigger.
      expect(await w.emergencyGovernor.proposalSnapshot(anew)).to.equal(first.openedAt - 1n);
      expect(await w.emergencyGovernor.proposalDeadline(anew)).to.equal(now + 6n * HOUR);
      await w.breaker.connect(w.people.breaker).guardianHalt();
      expect(await w.token.haltedUntil()).to.equal(now + 6n * HOUR);
      await vote(w, anew, FIVE);
      await execute(anew);
    });

    it("also when the same kind is pulled again, but not while its votes run or once one had its effect", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const opened = await w.clock.now();
      const pause = await w.breaker.voteOn(ACTION.pause);
      await vote(w, pause, FIVE);
      await execute(pause);
      await w.hours(5, (6n * USD) / 10n);
      await w.clock.nextBlockAt(opened + 6n * HOUR);
      await expect(w.breaker.trigger(TRIGGER.priceCrash)).to.be.revertedWithCustomError(w.breaker, "TriggerAlreadyRecorded");
      await w.clock.nextBlockAt(opened + 6n * HOUR + 1n);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const made = await w.breaker.queryFilter(w.breaker.filters.MotionMade(), -1);
      expect(made.map(({ args }) => args.action)).to.deep.equal([ACTION.halt]);
      expect(await w.breaker.voteOn(ACTION.pause)).to.equal(pause);
    });

    for (const [what, age, opens] of [
      ["48 hours", 48n * HOUR, false],
      ["48 hours and a second", 48n * HOUR + 1n, true],
    ] as const) {
      it(`${opens ? "in a new emergency" : "in the same emergency"} ${what} after the first trigger`, async () => {
        await lock(0, 100_000n * FTNS);
        await attacked();
        await pull(0, TRIGGER.networkAttack);
        const { openedAt } = await w.breaker.emergency();
        // Each trigger opens it for a day more: none passes.
        for (const at of [23n, 46n]) {
          await w.clock.to(openedAt + at * HOUR);
          await attacked();
          await pull(0, TRIGGER.networkAttack);
        }
        expect((await w.breaker.emergency()).id).to.equal(1n);
        await w.clock.to(openedAt + age - 400n);
        await w.report({ volume6h: 0n });
        await w.clock.nextBlockAt(openedAt + age);
        await w.breaker.trigger(TRIGGER.liquidityCrisis);
        const { id, openedAt: latest } = await w.breaker.emergency();
        expect([id, latest]).to.deep.equal(opens ? [2n, openedAt + age] : [1n, openedAt]);
        const pause = await w.breaker.voteOn(ACTION.pause);
        expect(await w.emergencyGovernor.proposalSnapshot(pause)).to.equal(latest - 1n);
      });
    }
  });

  describe("suspend for a day in fourteen (P212)", () => {
    it("seven days of a stranger's noise suspend adjustments for no more than 24 hours for each kind", async () => {
      await lock(0, 1_000_000n * FTNS);
      const start = (await w.clock.now()) + 60n;
      let longest = 0n;
      for (let hour = 0; hour < 24 * 7; hour += 3) {
        await w.clock.to(start + BigInt(hour) * HOUR);
        await w.clock.pass(301n);
        await w.report({ txFailed: 80n, volume6h: 0n });
        for (const kind of [TRIGGER.networkAttack, TRIGGER.liquidityCrisis]) {
          const { taken, bond } = await w.breaker.canTrigger(kind);
          if (taken && bond < 100_000n * FTNS) await pull(0, kind);
        }
        if (await suspended()) longest += 3n * HOUR;
      }
      const noise = await Promise.all([TRIGGER.networkAttack, TRIGGER.liquidityCrisis].map((kind) => w.breaker.noiseOf(kind)));
      for (const { suspendedSec, triggers } of noise) {
        expect(suspendedSec).to.equal(24n * HOUR);
        expect(triggers).to.be.greaterThan(2n);
      }
      expect(longest).to.be.at.most(48n * HOUR);
      expect(await suspended()).to.equal(false);
    });

    it("a second trigger has the rest of the 24 hours, a third nothing, and the fifteenth day begins anew", async () => {
      await lock(0, 10_000n * FTNS);
      await dry();
      await pull(0, TRIGGER.liquidityCrisis);
      const first = await w.clock.now();
      expect(await w.controller.suspendedUntil()).to.equal(first + 12n * HOUR);
      await w.clock.to(first + 9n * HOUR);
      await dry();
      await pull(0, TRIGGER.liquidityCrisis);
      // Twelve more hours from then; three of them are those of the first.
      const second = await w.clock.now();
      expect(await w.controller.suspendedUntil()).to.equal(second + 12n * HOUR);
      await w.clock.to(first + 20n * HOUR);
      await dry();
      await pull(0, TRIGGER.liquidityCrisis);
      expect(await w.controller.suspendedUntil()).to.equal(first + 24n * HOUR);
      expect(await w.breaker.isOpen()).to.equal(true);
      await w.clock.to(first + 24n * HOUR - 1n);
      expect((await w.controller.preview()).refusal).to.equal(1n);
      await w.clock.to(first + 24n * HOUR);
      expect(await w.breaker.isOpen()).to.equal(true);
      expect((await w.controller.preview()).refusal).to.not.equal(1n);

      await w.clock.to(first + 14n * DAY - 400n);
      await dry();
      await w.clock.nextBlockAt(first + 14n * DAY - 1n);
      await expect(w.breaker.trigger(TRIGGER.liquidityCrisis))
        .to.be.revertedWithCustomError(w.breaker, "BondNeeded")
        .withArgs(TRIGGER.liquidityCrisis, 4_000n * FTNS, 0n);
      await w.clock.nextBlockAt(first + 14n * DAY);
      await w.breaker.trigger(TRIGGER.liquidityCrisis);
      expect(await w.controller.suspendedUntil()).to.equal(first + 14n * DAY + 12n * HOUR);
    });

    it("a vote that passes clears its triggers, and suspends adjustments while the emergency is open", async () => {
      await lock(0, 10_000n * FTNS);
      await attacked();
      await pull(0, TRIGGER.networkAttack);
      await w.clock.pass(25n * HOUR);
      await attacked();
      await pull(0, TRIGGER.networkAttack);
      expect(await suspended()).to.equal(false);
      const { suspendedSec, triggers } = await w.breaker.noiseOf(TRIGGER.networkAttack);
      expect([suspendedSec, triggers]).to.deep.equal([24n * HOUR, 2n]);
      const halt = await w.breaker.voteOn(ACTION.halt);
      await vote(w, halt, FIVE.slice(0, 4));
      await expect(w.emergencyGovernor.connect(w.voters[4]!).castVote(halt, FOR))
        .to.emit(w.breaker, "TriggersVindicated")
        .withArgs(2n, ACTION.halt);
      const after = await w.breaker.noiseOf(TRIGGER.networkAttack);
      // The first of them, in another emergency, was noise all the same.
      expect([after.suspendedSec, after.triggers]).to.deep.equal([24n * HOUR, 1n]);
      expect(await w.controller.suspendedUntil()).to.equal((await w.breaker.emergency()).openUntil);
      expect((await w.breaker.canTrigger(TRIGGER.networkAttack)).bond).to.equal(1_000n * FTNS);
    });
  });

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

  describe("failures that a halt causes (P214)", () => {
    const halted = async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const id = await w.breaker.voteOn(ACTION.halt);
      await vote(w, id, FIVE);
      await execute(id);
    };

    it("are no attack during the halt", async () => {
      await halted();
      await attacked();
      expect((await w.breaker.find(TRIGGER.networkAttack)).met).to.equal(true);
      expect((await w.breaker.canTrigger(TRIGGER.networkAttack)).taken).to.equal(false);
      await expect(w.breaker.trigger(TRIGGER.networkAttack))
        .to.be.revertedWithCustomError(w.breaker, "FailuresOfHalt")
        .withArgs(await w.token.haltedUntil());
    });

    for (const [what, seconds, taken] of [
      ["a second less than an hour", HOUR - 1n, false],
      ["an hour", HOUR, true],
    ] as const) {
      it(`${taken ? "may be one" : "are none"} when they were observed ${what} after it`, async () => {
        await halted();
        await w.breaker.connect(w.people.governor).end(ACTION.halt);
        const ended = await w.token.haltedUntil();
        await w.clock.to(ended + seconds - 1n);
        await w.report({ txFailed: 80n });
        expect((await w.medianFeed.latestMarket()).observedAt).to.equal(ended + seconds);
        await w.clock.pass(60n);
        expect((await w.breaker.canTrigger(TRIGGER.networkAttack)).taken).to.equal(taken);
        const pulled = w.breaker.trigger(TRIGGER.networkAttack);
        if (taken) await expect(pulled).to.emit(w.breaker, "TriggerRecorded");
        else await expect(pulled).to.be.revertedWithCustomError(w.breaker, "FailuresOfHalt");
      });
    }
  });

  describe("effects of one kind (P215)", () => {
    /** A pause by a new emergency of its own. */
    const pausedBy = async () => {
      await dry();
      await w.breaker.connect(w.voters[0]!).trigger(TRIGGER.liquidityCrisis);
      const id = await w.breaker.voteOn(ACTION.pause);
      await vote(w, id, FIVE);
      return id;
    };

    it("last for 30 of 60 days, and the ordinary governor is not bound by that", async () => {
      const first = await pausedBy();
      await execute(first);
      const begin = await w.clock.now();
      expect(await w.breaker.useOf(ACTION.pause)).to.deep.equal([begin, 14n * DAY, 1n]);
      await w.clock.to(begin + 13n * DAY);
      await execute(await pausedBy());
      const second = await w.clock.now();
      expect(await w.breaker.effectUntil(ACTION.pause)).to.equal(second + 14n * DAY);
      await w.clock.to(begin + 26n * DAY);
      await execute(await pausedBy());
      // The third is cut short: 30 days in all.
      expect(await w.breaker.effectUntil(ACTION.pause)).to.equal(begin + 30n * DAY);
      await w.clock.to(begin + 27n * DAY);
      const fourth = await pausedBy();
      await expect(execute(fourth))
        .to.be.revertedWithCustomError(w.breaker, "EffectUsedUp")
        .withArgs(ACTION.pause, begin + 60n * DAY);
      const governor = w.breaker.connect(w.people.governor);
      await governor.impose(ACTION.pause);
      expect(await w.breaker.effectUntil(ACTION.pause)).to.equal((await w.clock.now()) + 14n * DAY);
      // It has said otherwise: votes may use 30 days again.
      await execute(fourth);
    });

    for (const [what, offset, free] of [
      ["in the last second of the 60 days", -1n, false],
      ["in the first second after them", 0n, true],
    ] as const) {
      it(`that used up their time ${free ? "begin anew" : "are refused"} ${what}`, async () => {
        await execute(await pausedBy());
        const begin = await w.clock.now();
        for (const day of [13n, 26n]) {
          await w.clock.to(begin + day * DAY);
          await execute(await pausedBy());
        }
        await w.clock.to(begin + 58n * DAY);
        for (const voter of w.voters.slice(0, 5)) await w.contributes(voter);
        await w.clock.to(begin + 60n * DAY - 3n * HOUR);
        const id = await pausedBy();
        await w.clock.nextBlockAt(begin + 60n * DAY + offset);
        if (free) await execute(id);
        else await expect(execute(id)).to.be.revertedWithCustomError(w.breaker, "EffectUsedUp");
      });
    }

    it("give back what an early end leaves", async () => {
      await execute(await pausedBy());
      const begin = await w.clock.now();
      await w.clock.nextBlockAt(begin + DAY);
      await w.breaker.connect(w.people.governor).end(ACTION.pause);
      expect((await w.breaker.useOf(ACTION.pause)).usedSec).to.equal(DAY);
    });

    it("are renewed by another vote only, which a motion to end them that was made before does not undo", async () => {
      await execute(await pausedBy());
      await w.clock.pass(13n * HOUR);
      await w.breaker.proposeEnd(ACTION.pause);
      const end = await w.breaker.endVoteOn(ACTION.pause);
      await w.clock.pass(1n);
      await vote(w, end, FIVE);
      await execute(await pausedBy());
      await expect(execute(end))
        .to.be.revertedWithCustomError(w.breaker, "EffectRenewed")
        .withArgs(ACTION.pause, (await w.breaker.effectUntil(ACTION.pause)) - 14n * DAY);
    });
  });
});
