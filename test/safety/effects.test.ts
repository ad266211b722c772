// What an emergency and the actions voted in it do, and that each ends by itself.
import { expect } from "chai";
import { network } from "hardhat";
import { STATE } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, crash, DAY, HOUR, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";
import { FIVE, votedIn } from "./voted.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("emergency effects", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });
  const { execute, passed, halted, send } = votedIn(() => w);
  const previewRefusal = async () => (await w.controller.preview()).refusal;

  describe("an open emergency (P84)", () => {
    it("suspends adjustments until it ends by itself", async () => {
      await w.clock.pass(60n);
      await w.report({ volume6h: 0n });
      await w.breaker.trigger(TRIGGER.liquidityCrisis);
      const { openUntil, openedAt } = await w.breaker.emergency();
      expect(openUntil - openedAt).to.equal(12n * HOUR);
      expect(await w.controller.suspendedUntil()).to.equal(openUntil);
      await expect(w.controller.adjust(10n ** 18n)).to.be.revertedWithCustomError(w.controller, "Suspended");
      expect(await previewRefusal()).to.equal(1n);
      await w.clock.to(openUntil);
      expect(await w.breaker.isOpen()).to.equal(false);
      expect(await previewRefusal()).to.not.equal(1n);
    });

    it("takes nothing that was not executed with it", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const id = await passed(ACTION.halt);
      const { executeBefore } = await w.emergencyGovernor.standingOf(id);
      await w.clock.to(executeBefore);
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");
      expect(await w.emergencyGovernor.state(id)).to.equal(STATE.expired);
    });

    it("does nothing that was not voted for (P85)", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const id = await w.breaker.voteOn(ACTION.halt);
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");
      await w.clock.pass(6n * HOUR + 1n);
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");
      expect(await w.emergencyGovernor.state(id)).to.equal(STATE.defeated);
    });

    it("executes what passed once", async () => {
      await halted();
      await expect(execute(await w.breaker.voteOn(ACTION.halt))).to.be.revertedWithCustomError(
        w.emergencyGovernor,
        "GovernorUnexpectedProposalState",
      );
    });

    it("can open again when the last one is over, if the chain still shows cause", async () => {
      await halted();
      const { openUntil } = await w.breaker.emergency();
      await w.clock.to(openUntil - 2n * HOUR);
      await crash(w);
      await w.clock.to((await w.clock.now()) + 60n);
      await expect(w.breaker.trigger(TRIGGER.priceCrash)).to.emit(w.breaker, "EmergencyOpened");
      expect((await w.breaker.emergency()).id).to.equal(2n);
    });
  });

  describe("halt (P86)", () => {
    it("comes at once and ends by itself after 72 hours", async () => {
      await halted();
      const until = await w.breaker.effectUntil(ACTION.halt);
      expect(until).to.equal((await w.clock.now()) + 72n * HOUR);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted").withArgs(until);
      await w.clock.nextBlockAt(until - 1n);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted");
      await w.clock.nextBlockAt(until);
      await send(1n);
      expect(await w.token.balanceOf(w.outsiders[1]!)).to.equal(1n);
    });

    it("ends earlier by a vote like its own", async () => {
      await halted();
      await w.breaker.connect(w.outsiders[0]!).proposeEnd(ACTION.halt);
      await expect(w.breaker.proposeEnd(ACTION.halt)).to.be.revertedWithCustomError(w.breaker, "EndAlreadyProposed");
      const [made] = await w.breaker.queryFilter(w.breaker.filters.MotionMade(), -1);
      const id = made!.args.proposalId;
      await vote(w, id, FIVE.slice(0, 4));
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");
      await vote(w, id, [FIVE[4]!]);
      await expect(execute(id)).to.emit(w.breaker, "ActionEnded").withArgs(ACTION.halt);
      await send(1n);
    });

    it("can be put to the vote again at once when a motion to end it failed", async () => {
      await halted();
      await w.breaker.proposeEnd(ACTION.halt);
      const first = await w.breaker.endVoteOn(ACTION.halt);
      const madeAt = await w.clock.now();
      await w.clock.nextBlockAt(madeAt + 6n * HOUR);
      await expect(w.breaker.proposeEnd(ACTION.halt))
        .to.be.revertedWithCustomError(w.breaker, "EndAlreadyProposed")
        .withArgs(ACTION.halt, madeAt + 12n * HOUR);
      await w.clock.nextBlockAt(madeAt + 6n * HOUR + 1n);
      await w.breaker.proposeEnd(ACTION.halt);
      expect(await w.breaker.endVoteOn(ACTION.halt)).to.not.equal(first);
    });

    it("ends earlier and starts again by the ordinary governor", async () => {
      await halted();
      const governor = w.breaker.connect(w.people.governor);
      await governor.end(ACTION.halt);
      await send(1n);
      await governor.impose(ACTION.halt);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted");
    });

    it("cannot be ended when there is none, nor can a reset", async () => {
      for (const action of [ACTION.pause, ACTION.halt, ACTION.reset, ACTION.recovery]) {
        await expect(w.breaker.proposeEnd(action)).to.be.revertedWithCustomError(w.breaker, "NotInEffect").withArgs(action);
        await expect(w.breaker.connect(w.people.governor).end(action)).to.be.revertedWithCustomError(w.breaker, "NotInEffect");
      }
    });
  });

  describe("pause (P86)", () => {
    it("stops adjustments for 14 days, beyond the emergency, and ends by itself", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      await execute(await passed(ACTION.pause));
      const until = await w.breaker.effectUntil(ACTION.pause);
      expect(until).to.equal((await w.clock.now()) + 14n * DAY);
      expect(await w.controller.suspendedUntil()).to.equal(until);
      await w.clock.to(until - 1n);
      expect(await previewRefusal()).to.equal(1n);
      await w.clock.to(until);
      expect(await previewRefusal()).to.not.equal(1n);
    });

    it("ended while the emergency is open leaves adjustments suspended until that is over", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      await execute(await passed(ACTION.pause));
      await w.breaker.connect(w.people.governor).end(ACTION.pause);
      const { openUntil } = await w.breaker.emergency();
      expect(await w.controller.suspendedUntil()).to.equal(openUntil);
      expect(await w.breaker.effectUntil(ACTION.pause)).to.equal(await w.clock.now());
    });

    describe("given a halt that ends around the second in which the pause runs out", () => {
      let until: bigint;
      beforeEach(async () => {
        const governor = w.breaker.connect(w.people.governor);
        await governor.impose(ACTION.pause);
        until = await w.breaker.effectUntil(ACTION.pause);
        await w.clock.to(until - HOUR);
        await governor.impose(ACTION.halt);
      });

      for (const [when, offset, suspended] of [
        ["the second before", -1n, true],
        ["that very second", 0n, false],
        ["the second after", 1n, false],
      ] as const) {
        it(`P84: adjustments ${suspended ? "stay suspended" : "are free"} in ${when}, and the halt ends`, async () => {
          await w.clock.nextBlockAt(until + offset);
          const ended = w.breaker.connect(w.people.governor).end(ACTION.halt);
          await expect(ended).to.emit(w.breaker, "ActionEnded").withArgs(ACTION.halt);
          await expect(ended).to.not.emit(w.controller, "SuspensionEnded");
          await expect(ended).to.not.emit(w.controller, "AdjustmentsSuspended");
          expect(await w.controller.suspendedUntil()).to.equal(until);
          expect((await previewRefusal()) === 1n).to.equal(suspended);
        });
      }
    });

    it("is not shortened by an emergency that opens in it", async () => {
      await w.breaker.connect(w.people.governor).impose(ACTION.pause);
      const until = await w.controller.suspendedUntil();
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      expect(await w.controller.suspendedUntil()).to.equal(until);
    });
  });

  describe("rate reset", () => {
    it("sets M to 1 and every base rate to that of the launch, or the one that was settled last", async () => {
      const rates = await Promise.all([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((kind) => w.registry.baseRate(kind)));
      for (const kind of [2n, 3n]) await w.registry.connect(w.people.governor).settleBaseRate(kind, 5n * FTNS);
      rates[2] = rates[3] = 5n * FTNS;
      for (const kind of [0n, 2n, 6n]) await w.registry.connect(w.people.governor).setBaseRate(kind, 77n * FTNS);
      await w.breaker.connect(w.people.governor).impose(ACTION.reset);
      for (const [kind, rate] of rates.entries()) expect(await w.registry.baseRate(kind)).to.equal(rate);
      expect(await w.controller.multiplier()).to.equal(10n ** 18n);
    });
  });
});
