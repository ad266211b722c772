// The guardian, who may halt transfers while voters decide on it, once.
import { expect } from "chai";
import { network } from "hardhat";
import { ACTION, crash, HOUR, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";
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
});
