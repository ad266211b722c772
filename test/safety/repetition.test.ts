// What a trigger does that is pulled again: new votes, no longer suspension, nothing for what a halt made fail.
import { expect } from "chai";
import { network } from "hardhat";
import { FOR, STATE } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, crash, DAY, HOUR, safetyOn, TRIGGER, USD, vote, type SafetyWorld } from "./fixture.ts";
import { repeatingIn } from "./repeating.ts";
import { FIVE, votedIn } from "./voted.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("repeated triggers", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });
  const { execute, halted } = votedIn(() => w);
  const { attacked, dry, lock, pull } = repeatingIn(() => w);
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

  describe("failures that a halt causes (P214)", () => {
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
});
