// The guardian, who may halt transfers while voters decide on it, once.
import { expect } from "chai";
import { network } from "hardhat";
import { AGAINST, STAKED } from "../governance/fixture.ts";
import { ACTION, crash, HOUR, restake, safetyOn, TRIGGER, USD, vote, type SafetyWorld } from "./fixture.ts";
import { FIVE, votedIn } from "./voted.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("emergency effects", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });
  const { execute, passed, attack, halted, send } = votedIn(() => w);

  describe("guardian (P87)", () => {
    const guardian = () => w.breaker.connect(w.people.breaker);

    it("may do nothing in calm weather, nor while no halt is voted on", async () => {
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
      await w.clock.pass(60n);
      await w.report({ volume6h: 0n });
      await w.breaker.trigger(TRIGGER.liquidityCrisis);
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
    });

    it("halts until the vote is over, at most six hours, and once", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const { haltVoteUntil, openedAt } = await w.breaker.emergency();
      expect(haltVoteUntil - openedAt).to.equal(6n * HOUR);
      await expect(guardian().guardianHalt())
        .to.emit(w.breaker, "GuardianHalted")
        .withArgs(w.people.breaker.address, haltVoteUntil);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted");
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "GuardianNotArmed");
      await w.clock.nextBlockAt(haltVoteUntil);
      await send(1n);
      await w.breaker.connect(w.people.governor).rearmGuardian();
      expect(await w.breaker.guardianArmed()).to.equal(true);
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
    });

    it("has nothing to bridge once a halt was voted, and does not shorten one that stands", async () => {
      await w.breaker.connect(w.people.governor).impose(ACTION.halt);
      const until = await w.token.haltedUntil();
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      await expect(guardian().guardianHalt())
        .to.be.revertedWithCustomError(w.breaker, "AlreadyInEffect")
        .withArgs(ACTION.halt, until);
      await execute(await passed(ACTION.halt));
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
    });

    it("has nothing to bridge when the vote lapsed", async () => {
      await attack();
      await w.clock.nextBlockAt((await w.breaker.emergency()).haltVoteUntil);
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
    });

    it("has no say any more once voters ended a halt, until the ordinary governor gives it back", async () => {
      await halted();
      expect(await w.breaker.guardianArmed()).to.equal(true);
      await w.breaker.proposeEnd(ACTION.halt);
      const end = await w.breaker.endVoteOn(ACTION.halt);
      await w.clock.pass(1n);
      await vote(w, end, FIVE);
      await execute(end);
      expect(await w.breaker.guardianArmed()).to.equal(false);
      await w.breaker.connect(w.people.governor).rearmGuardian();
      expect(await w.breaker.guardianArmed()).to.equal(true);
      await w.breaker.connect(w.people.governor).impose(ACTION.halt);
      await w.breaker.connect(w.people.governor).end(ACTION.halt);
      expect(await w.breaker.guardianArmed()).to.equal(true);
    });
  });

  describe("given a halt of the guardian's own while 16 % have passed one and nobody executes it (P461)", () => {
    let halt: bigint;
    beforeEach(async () => {
      w = { ...w, voters: [...w.voters] };
      const each = (STAKED * 32n) / 1_000n;
      await restake(w, connection, [each, each, each, each, each, (30n * STAKED) / 100n]);
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      halt = await passed(ACTION.halt);
      await w.breaker.connect(w.people.breaker).guardianHalt();
    });

    it("those who stop the vote end it with the hour (seen: it stood for the whole six)", async () => {
      await vote(w, halt, [[5, AGAINST]]);
      const since = await w.clock.now();
      await w.clock.nextBlockAt(since + HOUR - 1n);
      await expect(w.breaker.endOpposed(ACTION.halt)).to.be.revertedWithCustomError(w.breaker, "NotOpposed");
      await w.clock.nextBlockAt(since + HOUR);
      await expect(w.breaker.connect(w.outsiders[0]!).endOpposed(ACTION.halt))
        .to.emit(w.breaker, "ActionEnded")
        .withArgs(ACTION.halt);
      await send(1n);
    });

    it("stands to the end of the six hours while more are for it", async () => {
      const { haltVoteUntil } = await w.breaker.emergency();
      await w.clock.nextBlockAt(haltVoteUntil - 1n);
      await expect(w.breaker.endOpposed(ACTION.halt)).to.be.revertedWithCustomError(w.breaker, "NotOpposed");
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted");
    });
  });

  describe("given a halt with two hours left, which the guardian lengthens for the next vote (P276)", () => {
    let until: bigint;
    /** 16 % halted transfers, and 30 % were against it in the last minute before the close, if `opposed`. */
    const lengthened = async (opposed: boolean) => {
      w = { ...w, voters: [...w.voters] };
      const each = (STAKED * 32n) / 1_000n;
      await restake(w, connection, [each, each, each, each, each, (30n * STAKED) / 100n]);
      await halted();
      until = await w.token.haltedUntil();
      const { haltVoteUntil } = await w.breaker.emergency();
      const halt = await w.breaker.voteOn(ACTION.halt);
      await w.clock.nextBlockAt(haltVoteUntil - 60n);
      if (opposed) await vote(w, halt, [[5, AGAINST]]);
      await w.clock.to(until - 30n * HOUR);
      await w.hours(26, (6n * USD) / 10n);
      await w.hours(2, (3n * USD) / 10n);
      const { bond } = await w.breaker.canTrigger(TRIGGER.priceCrash);
      if (bond > 0n) await w.vault.connect(w.voters[0]!).lock(w.breaker, bond);
      await w.breaker.connect(w.voters[0]!).trigger(TRIGGER.priceCrash);
      await w.breaker.proposeEnd(ACTION.halt);
      await w.breaker.connect(w.people.breaker).guardianHalt();
      expect(await w.token.haltedUntil()).to.be.greaterThan(until);
    };
    const runs = async () => (await w.token.haltedUntil()) > (await w.clock.now());

    it("a vote to end it that was made before ends all of it (seen: it failed)", async () => {
      await lengthened(false);
      const end = await w.breaker.endVoteOn(ACTION.halt);
      await vote(w, end, FIVE);
      const { motion } = await w.emergencyGovernor.standingOf(end);
      expect(await w.breaker.canCarryOut({ id: motion.id, action: ACTION.halt, ending: true })).to.equal(true);
      await execute(end);
      expect(await runs()).to.equal(false);
      expect(await w.breaker.guardianArmed()).to.equal(false);
    });

    it("those who stopped what started it end all of it (seen: nobody could)", async () => {
      await lengthened(true);
      expect((await w.breaker.useOf(ACTION.halt)).startedBy).to.not.equal(0n);
      await expect(w.breaker.connect(w.outsiders[0]!).endOpposed(ACTION.halt)).to.emit(w.breaker, "ActionEnded");
      expect(await runs()).to.equal(false);
    });

    it("a halt of the guardian's own, after the other is over, is that of the vote that it bridges the time to", async () => {
      await lengthened(false);
      await w.clock.to((await w.token.haltedUntil()) + 1n);
      expect((await w.breaker.useOf(ACTION.halt)).startedBy).to.not.equal(0n);
      await w.breaker.connect(w.people.governor).rearmGuardian();
      await w.hours(26, (3n * USD) / 10n);
      await w.hours(2, (1n * USD) / 10n);
      const { bond } = await w.breaker.canTrigger(TRIGGER.priceCrash);
      await w.vault.connect(w.voters[0]!).lock(w.breaker, bond);
      await w.breaker.connect(w.voters[0]!).trigger(TRIGGER.priceCrash);
      await w.breaker.connect(w.people.breaker).guardianHalt();
      const { motion } = await w.emergencyGovernor.standingOf(await w.breaker.voteOn(ACTION.halt));
      expect((await w.breaker.useOf(ACTION.halt)).startedBy).to.equal(motion.id);
    });
  });
});
