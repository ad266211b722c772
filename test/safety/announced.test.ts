// What votes and actions of an emergency are told in.
import { expect } from "chai";
import { network } from "hardhat";
import { FOR, STAKED } from "../governance/fixture.ts";
import { ACTION, crash, DAY, emergenciesIn, HOUR, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";

const WAD = 10n ** 18n;
const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("emergency votes", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    const world = await connection.networkHelpers.loadFixture(fixture);
    w = { ...world, voters: [...world.voters] };
  });
  const { haltVote, attackVote, deadlockVote } = emergenciesIn(() => w);

  describe("what the chain says of it", () => {
    /** A struct's fields by name. */
    const fieldsOf = (struct: unknown) => (struct as { toObject(): Record<string, unknown> }).toObject();
    const fields = (expected: unknown) => (struct: unknown) => {
      expect(fieldsOf(struct)).to.deep.equal(fieldsOf(expected));
      return true;
    };
    const support = { halt: (15n * WAD) / 100n, reset: WAD / 5n, recovery: WAD / 4n };
    const FIVE = [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const);
    const LAST = 4;
    const motionsIn = async (at: number) => {
      const found = await w.breaker.queryFilter(w.breaker.filters.MotionMade(), at, at);
      return found.map(({ args: { motion, emergency, action, ending, proposalId } }) => ({
        motion,
        emergency,
        action,
        ending,
        proposalId,
      }));
    };

    describe("when an emergency opens", () => {
      it("names the emergency, its finding, and each motion with its number, action and vote", async () => {
        await crash(w);
        const finding = await w.breaker.find(TRIGGER.priceCrash);
        const sent = await w.breaker.trigger(TRIGGER.priceCrash);
        await expect(sent).to.emit(w.breaker, "EmergencyOpened").withArgs(1n, TRIGGER.priceCrash, fields(finding));
        expect(await motionsIn(sent.blockNumber!)).to.deep.equal([
          { motion: 1n, emergency: 1n, action: ACTION.pause, ending: false, proposalId: await w.breaker.voteOn(ACTION.pause) },
          { motion: 2n, emergency: 1n, action: ACTION.halt, ending: false, proposalId: await w.breaker.voteOn(ACTION.halt) },
        ]);
        await expect(sent).to.not.emit(w.breaker, "TriggerRecorded");
      });

      it("names the terms of each motion and the support that it needs", async () => {
        await w.clock.pass(60n);
        await w.report({ txFailed: 80n });
        const sent = await w.breaker.trigger(TRIGGER.networkAttack);
        const now = await w.clock.now();
        const terms = (action: "halt" | "recovery", delaySec: bigint) => ({
          supportShare: support[action],
          delaySec,
          minSupporters: 5n,
          unlessOpposed: false,
          snapshot: now - 1n,
          emergency: 1n,
        });
        const opened = await w.emergencyGovernor.queryFilter(w.emergencyGovernor.filters.MotionOpened(), sent.blockNumber!);
        expect(
          opened.map(({ args }) => [args.proposalId, fieldsOf(args.motion), fieldsOf(args.terms), args.needed]),
        ).to.deep.equal([
          [
            await w.breaker.voteOn(ACTION.halt),
            { id: 1n, action: ACTION.halt, ending: false },
            terms("halt", 0n),
            (STAKED * 15n) / 100n,
          ],
          [
            await w.breaker.voteOn(ACTION.recovery),
            { id: 2n, action: ACTION.recovery, ending: false },
            terms("recovery", 12n * HOUR),
            STAKED / 4n,
          ],
        ]);
      });

      it("tells of a deadlock that its motion passes unless it is opposed", async () => {
        const id = await deadlockVote();
        const now = await w.clock.now();
        const [opened] = await w.emergencyGovernor.queryFilter(w.emergencyGovernor.filters.MotionOpened(), -1);
        const { proposalId, motion, terms, needed } = opened!.args;
        expect([proposalId, fieldsOf(motion), fieldsOf(terms), needed]).to.deep.equal([
          id,
          { id: 1n, action: ACTION.reset, ending: false },
          {
            supportShare: support.reset,
            delaySec: 6n * HOUR,
            minSupporters: 5n,
            unlessOpposed: true,
            snapshot: now - 1n,
            emergency: 1n,
          },
          0n,
        ]);
        expect((await w.emergencyGovernor.standingOf(id)).executeBefore).to.equal(now + 60n * HOUR);
      });
    });

    describe("when a second trigger is pulled", () => {
      it("names the emergency that is open, the trigger and its finding, and only the motions that it adds", async () => {
        await crash(w);
        await w.breaker.trigger(TRIGGER.priceCrash);
        await w.clock.pass(60n);
        await w.report({ price: 6n * 10n ** 7n, txFailed: 80n });
        const finding = await w.breaker.find(TRIGGER.networkAttack);
        const sent = await w.breaker.trigger(TRIGGER.networkAttack);
        await expect(sent).to.emit(w.breaker, "TriggerRecorded").withArgs(1n, TRIGGER.networkAttack, fields(finding));
        await expect(sent).to.not.emit(w.breaker, "EmergencyOpened");
        const proposalId = await w.breaker.voteOn(ACTION.recovery);
        expect(await motionsIn(sent.blockNumber!)).to.deep.equal([
          { motion: 3n, emergency: 1n, action: ACTION.recovery, ending: false, proposalId },
        ]);
      });
    });

    describe("when the deciding vote is cast", () => {
      it("says of a motion without delay that it can be executed at once, and queues nothing", async () => {
        const id = await haltVote();
        await vote(w, id, FIVE.slice(0, LAST));
        const last = await w.emergencyGovernor.connect(w.voters[LAST]!).castVote(id, FOR);
        await expect(last)
          .to.emit(w.emergencyGovernor, "MotionPassed")
          .withArgs(id, await w.clock.now());
        await expect(last).to.not.emit(w.emergencyGovernor, "ProposalQueued");
      });

      it("says of a motion with a delay when that is over, also in the words of OpenZeppelin's governor", async () => {
        const id = await attackVote();
        await vote(w, id, FIVE.slice(0, LAST));
        const last = await w.emergencyGovernor.connect(w.voters[LAST]!).castVote(id, FOR);
        const executableAt = (await w.clock.now()) + 12n * HOUR;
        await expect(last).to.emit(w.emergencyGovernor, "MotionPassed").withArgs(id, executableAt);
        await expect(last).to.emit(w.emergencyGovernor, "ProposalQueued").withArgs(id, executableAt);
        expect(await w.emergencyGovernor.proposalEta(id)).to.equal(executableAt);
      });

      it("says nothing of the sort before", async () => {
        const id = await attackVote();
        for (const [voter] of FIVE.slice(0, LAST)) {
          const cast = await w.emergencyGovernor.connect(w.voters[voter]!).castVote(id, FOR);
          await expect(cast).to.not.emit(w.emergencyGovernor, "MotionPassed");
          await expect(cast).to.not.emit(w.emergencyGovernor, "ProposalQueued");
        }
      });
    });

    describe("when it is executed", () => {
      const executed = (id: bigint) => w.emergencyGovernor["execute(uint256)"](id);

      it("says until when a halt lasts, and that the vote was executed", async () => {
        const id = await haltVote();
        await vote(w, id, FIVE);
        const sent = await executed(id);
        const until = (await w.clock.now()) + 72n * HOUR;
        await expect(sent).to.emit(w.breaker, "ActionTaken").withArgs(ACTION.halt, until);
        await expect(sent).to.emit(w.emergencyGovernor, "ProposalExecuted").withArgs(id);
      });

      it("says until when recovery mode lasts", async () => {
        const id = await attackVote();
        await vote(w, id, FIVE);
        await w.clock.pass(12n * HOUR);
        const sent = await executed(id);
        await expect(sent)
          .to.emit(w.breaker, "ActionTaken")
          .withArgs(ACTION.recovery, (await w.clock.now()) + 7n * DAY);
      });
    });

    describe("when the end of an action is proposed", () => {
      it("names the motion as one that ends it, in no emergency's name but the last one's", async () => {
        await w.breaker.connect(w.people.governor).impose(ACTION.pause);
        const sent = await w.breaker.proposeEnd(ACTION.pause);
        const proposalId = await w.breaker.endVoteOn(ACTION.pause);
        expect(await motionsIn(sent.blockNumber!)).to.deep.equal([
          { motion: 1n, emergency: 0n, action: ACTION.pause, ending: true, proposalId },
        ]);
        const [opened] = await w.emergencyGovernor.queryFilter(w.emergencyGovernor.filters.MotionOpened(), sent.blockNumber!);
        expect(fieldsOf(opened!.args.motion)).to.deep.equal({ id: 1n, action: ACTION.pause, ending: true });
        expect(opened!.args.terms.snapshot).to.equal((await w.clock.now()) - 1n);
        expect((await w.emergencyGovernor.standingOf(proposalId)).executeBefore).to.equal((await w.clock.now()) + 12n * HOUR);
        await w.clock.pass(5n);
        await vote(w, proposalId, FIVE);
        await expect(w.emergencyGovernor["execute(uint256)"](proposalId))
          .to.emit(w.breaker, "ActionEnded")
          .withArgs(ACTION.pause);
      });
    });

    describe("when governance changes a setting", () => {
      it("names the setting and its new value", async () => {
        const mine = w.breaker.connect(w.people.governor);
        await expect(mine.setSupportShare(ACTION.reset, WAD / 3n))
          .to.emit(w.breaker, "SupportShareSet")
          .withArgs(ACTION.reset, WAD / 3n);
        await expect(mine.setMinSupporters(7n)).to.emit(w.breaker, "MinSupportersSet").withArgs(7n);
        await expect(mine.setMarketFeed(connection.ethers.ZeroAddress))
          .to.emit(w.breaker, "MarketFeedSet")
          .withArgs(connection.ethers.ZeroAddress);
        await expect(mine.rearmGuardian()).to.emit(w.breaker, "GuardianRearmed").withArgs();
      });
    });
  });
});
