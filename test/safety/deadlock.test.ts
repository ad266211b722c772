import { expect } from "chai";
import { network } from "hardhat";
import { AGAINST, FOR, proposalOf, propose, stake, STAKED, STATE } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, DAY, HOUR, lastRoundAt, restake, safetyOn, TRIGGER, USD, vote, type SafetyWorld } from "./fixture.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("the reset after a deadlock (P217)", () => {
  let w: SafetyWorld;
  let reset: bigint;
  let openedAt: bigint;
  beforeEach(async () => {
    const world = await connection.networkHelpers.loadFixture(fixture);
    w = { ...world, voters: [...world.voters] };
  });

  /** Votes end that nobody attends, and the feed works again. */
  const deadlocked = async (round = 0) => {
    for (const [i, proposer] of w.voters.slice(0, 3).entries()) {
      const p = await proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], `nobody cares ${round} ${i}`);
      await propose(w.governor, proposer, p);
    }
    await w.clock.pass(6n * DAY + 10n);
    await w.hours(1, USD);
  };
  const opened = async () => {
    await deadlocked();
    await w.breaker.trigger(TRIGGER.governanceDeadlock);
    openedAt = await w.clock.now();
    reset = await w.breaker.voteOn(ACTION.reset);
  };
  const stateOf = () => w.emergencyGovernor.state(reset);
  const execute = () => w.emergencyGovernor["execute(uint256)"](reset);
  const startAnew = () => w.emergencyGovernor.connect(w.outsiders[0]!).startAnew(reset);
  const expectNotToStart = async () => {
    await expect(startAnew()).to.be.revertedWithCustomError(w.emergencyGovernor, "NotToStartAnew").withArgs(reset);
  };

  describe("when nobody objects", () => {
    beforeEach(opened);

    it("passes after 48 hours, waits six more, and lasts for no time", async () => {
      expect(await w.emergencyGovernor.proposalDeadline(reset)).to.equal(openedAt + 48n * HOUR);
      await w.hours(47, USD);
      await w.clock.to(openedAt + 48n * HOUR);
      expect(await stateOf()).to.equal(STATE.active);
      await expectNotToStart();
      await w.clock.to(openedAt + 48n * HOUR + 1n);
      expect(await stateOf()).to.equal(STATE.queued);
      await expectNotToStart();
      await w.hours(5, USD);
      await w.clock.nextBlockAt(openedAt + 54n * HOUR - 1n);
      await expect(execute()).to.be.revertedWithCustomError(w.emergencyGovernor, "NotExecutableYet");
      await w.clock.nextBlockAt(openedAt + 54n * HOUR);
      const done = execute();
      await expect(done).to.emit(w.controller, "MultiplierReset");
      await expect(done).to.emit(w.breaker, "ActionTaken").withArgs(ACTION.reset, 0n);
      await expect(done).to.emit(w.breaker, "TriggersVindicated").withArgs(1n, ACTION.reset);
      expect((await w.breaker.noiseOf(TRIGGER.governanceDeadlock)).triggers).to.equal(0n);
      // What is done is done, although by now the feed is silent for more than eight hours.
      await w.clock.pass(12n * HOUR);
      await expectNotToStart();
    });

    it("suspends adjustments for a day only, although the emergency is open for 60 hours", async () => {
      const { openUntil, suspendUntil } = await w.breaker.emergency();
      expect([openUntil - openedAt, suspendUntil - openedAt]).to.deep.equal([60n * HOUR, 24n * HOUR]);
    });

    it("takes no support: all of the votes for it don't make it pass sooner", async () => {
      await vote(
        w,
        reset,
        [0, 1, 2, 3, 4, 5, 6].map((voter) => [voter, FOR] as const),
      );
      expect(await stateOf()).to.equal(STATE.active);
      const { needed, support, passedAt } = await w.emergencyGovernor.standingOf(reset);
      expect([needed, support, passedAt]).to.deep.equal([0n, 0n, 0n]);
    });

    it("goes on being objected to in a new emergency, which opens 48 hours later", async () => {
      await w.hours(47, USD);
      await w.clock.to(openedAt + 48n * HOUR - 400n);
      await w.report({ txFailed: 80n });
      await w.clock.nextBlockAt(openedAt + 48n * HOUR + 1n);
      await w.breaker.trigger(TRIGGER.networkAttack);
      const { id, actions, openUntil } = await w.breaker.emergency();
      expect([id, actions]).to.deep.equal([2n, 0b1010n]);
      expect(openUntil).to.equal(openedAt + 48n * HOUR + 1n + 24n * HOUR);
      expect(await w.breaker.voteOn(ACTION.reset)).to.equal(reset);
      expect(await w.breaker.canTrigger(TRIGGER.governanceDeadlock)).to.deep.equal([true, 1_000n * FTNS]);
    });
  });

  for (const [what, against, passes] of [
    ["one wei below 1 %", STAKED / 100n - 1n, true],
    ["exactly 1 %", STAKED / 100n, false],
  ] as const) {
    it(`${passes ? "passes" : "does not pass"} when ${what} object`, async () => {
      const part = (STAKED - against) / 3n;
      await restake(w, connection, [part, part, STAKED - against - 2n * part, against]);
      await opened();
      await vote(w, reset, [[3, AGAINST]]);
      await w.hours(49, USD);
      expect(await stateOf()).to.equal(passes ? STATE.queued : STATE.defeated);
      await expectNotToStart();
    });
  }

  describe("when the chain made no block", () => {
    beforeEach(opened);

    it("does not pass: the hours start anew, three times at most", async () => {
      for (let times = 1n; times <= 3n; times++) {
        await w.clock.pass(60n * HOUR);
        expect(await stateOf()).to.equal(STATE.pending);
        await expect(execute()).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");
        const deadline = (await w.clock.now()) + 1n + 48n * HOUR;
        await expect(startAnew()).to.emit(w.emergencyGovernor, "HoursStartedAnew").withArgs(reset, times, deadline);
        expect(await stateOf()).to.equal(STATE.active);
        expect(await w.emergencyGovernor.proposalDeadline(reset)).to.equal(deadline);
        expect((await w.breaker.emergency()).openUntil).to.equal(deadline + 12n * HOUR);
        expect(await w.breaker.voteOn(ACTION.reset)).to.equal(reset);
      }
      await w.clock.pass(60n * HOUR);
      expect(await stateOf()).to.equal(STATE.defeated);
      await expectNotToStart();
    });

    it("takes objections in the hours that start anew, and keeps those of before", async () => {
      await w.clock.pass(49n * HOUR);
      await expect(vote(w, reset, [[6, AGAINST]])).to.be.revertedWithCustomError(
        w.emergencyGovernor,
        "GovernorUnexpectedProposalState",
      );
      await startAnew();
      await vote(w, reset, [[6, AGAINST]]);
      await w.hours(49, USD);
      expect(await stateOf()).to.equal(STATE.defeated);
    });

    it("passes after hours in which the feed worked again", async () => {
      await w.clock.pass(49n * HOUR);
      await startAnew();
      await w.hours(49, USD);
      expect(await stateOf()).to.equal(STATE.queued);
    });

    it("can be started anew long after, but not once 40 hours with prices are over", async () => {
      await w.clock.pass(30n * DAY);
      // A record holds for three hours.
      await w.hours(36, USD);
      expect(await stateOf()).to.equal(STATE.pending);
      await w.hours(3, USD);
      expect(await stateOf()).to.equal(STATE.defeated);
      await expectNotToStart();
    });

    it("gives way to the next deadlock, and can't come back then", async () => {
      const old = reset;
      await w.clock.pass(61n * HOUR);
      await deadlocked(1);
      await w.vault.connect(w.voters[0]!).lock(w.breaker, 1_000n * FTNS);
      await w.breaker.connect(w.voters[0]!).trigger(TRIGGER.governanceDeadlock);
      expect(await w.breaker.voteOn(ACTION.reset)).to.not.equal(old);
      await expect(w.emergencyGovernor.startAnew(old)).to.be.revertedWithCustomError(w.breaker, "MotionSuperseded");
    });
  });

  for (const [what, gap, passes] of [
    ["eight hours", 8n * HOUR, true],
    ["eight hours and ten seconds", 8n * HOUR + 10n, false],
  ] as const) {
    it(`${passes ? "passes" : "starts anew"} when ${what} of the 48 had no price`, async () => {
      await opened();
      // What was covered at the start reaches to the round before it.
      const start = await lastRoundAt(w);
      const roundAt = async (time: bigint) => {
        await w.clock.to(time - 1n);
        await w.report();
        expect(await lastRoundAt(w)).to.equal(time);
      };
      // The next round covers as far back as a price may stand; before that nothing is known.
      await roundAt(start + (await w.history.heartbeat()) + gap);
      while ((await w.clock.now()) < start + 46n * HOUR) await w.hours(1, USD);
      // The seconds until somebody asks are covered, too.
      await roundAt(start + 48n * HOUR + 3n);
      expect(await w.clock.now()).to.be.greaterThan(openedAt + 48n * HOUR);
      expect(await stateOf()).to.equal(passes ? STATE.queued : STATE.pending);
      if (!passes) await startAnew();
      else await expectNotToStart();
    });
  }

  describe("given 4 % who pass three proposals that nobody else attends (P463)", () => {
    /** Three puppets of a tenth of a percent each propose; they vote, and with `more` a voter of 4 %. The quorum is 4 %, attendance 5. */
    const staged = async (support: bigint, more: boolean) => {
      for (const puppet of w.outsiders) await stake({ economy: w.economy, votes: w.vault }, puppet, 12_000n * FTNS);
      await w.clock.pass(10n);
      const ids: bigint[] = [];
      for (const [i, puppet] of w.outsiders.entries()) {
        const p = await proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], `of no consequence ${i}`);
        await propose(w.governor, puppet, p);
        ids.push(p.id);
      }
      await w.clock.pass(DAY + 10n);
      const voters = more ? [w.voters[6]!, ...w.outsiders] : w.outsiders;
      for (const id of ids) for (const one of voters) await w.governor.connect(one).castVote(id, support);
      await w.clock.pass(5n * DAY + 10n);
      await w.hours(1, USD);
      return ids;
    };

    it("they stage no deadlock with it, although it costs them no deposit (seen: one reset after the other, for nothing)", async () => {
      const ids = await staged(FOR, true);
      for (const id of ids) expect(await w.governor.state(id)).to.equal(STATE.succeeded);
      const { highestShare, passed, differentProposers } = await w.governor.lastVotes(await w.clock.now());
      expect([highestShare < 5n * 10n ** 16n, passed, differentProposers]).to.deep.equal([true, true, true]);
      expect((await w.breaker.find(TRIGGER.governanceDeadlock)).known).to.equal(true);
      await expect(w.breaker.trigger(TRIGGER.governanceDeadlock)).to.be.revertedWithCustomError(w.breaker, "TriggerNotMet");
      for (const puppet of w.outsiders) {
        await expect(w.proposalDeposits.settle(puppet)).to.emit(w.proposalDeposits, "DepositFreed");
      }
    });

    for (const [what, support, more] of [
      ["more votes against than for", AGAINST, true],
      ["no quorum", FOR, false],
    ] as const) {
      it(`with proposals that fail with ${what} they do, and lose each deposit`, async () => {
        await staged(support, more);
        await w.breaker.trigger(TRIGGER.governanceDeadlock);
        for (const puppet of w.outsiders) {
          await expect(w.proposalDeposits.settle(puppet)).to.emit(w.proposalDeposits, "DepositSlashed");
        }
      });
    }
  });

  it("needs a bond the second time in 14 days, slashed when nobody cares, given back an hour later when it still holds", async () => {
    await opened();
    await vote(w, reset, [[0, AGAINST]]);
    await w.clock.pass(61n * HOUR);
    await deadlocked(1);
    const mine = w.breaker.connect(w.voters[0]!);
    await expect(mine.trigger(TRIGGER.governanceDeadlock)).to.be.revertedWithCustomError(w.breaker, "BondNeeded");
    await w.vault.connect(w.voters[0]!).lock(w.breaker, 1_000n * FTNS);
    await mine.trigger(TRIGGER.governanceDeadlock);
    const posted = await w.clock.now();
    // The same votes open no second one, but they are what they were.
    await w.clock.to(posted + HOUR);
    expect((await w.breaker.find(TRIGGER.governanceDeadlock)).met).to.equal(false);
    await expect(w.breaker.settleBond(1n))
      .to.emit(w.breaker, "BondSettled")
      .withArgs(1n, w.voters[0]!.address, 1_000n * FTNS, false);
    expect(await w.breaker.lastDeadlockAt()).to.equal(posted);
  });
});
