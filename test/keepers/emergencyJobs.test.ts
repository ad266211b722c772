// When an emergency is triggered and what its voters passed is carried out, and that each is done once.
import { expect } from "chai";
import { network } from "hardhat";
import { ACTION, crash, TRIGGER, USD, vote } from "../safety/fixture.ts";
import { FIVE } from "../safety/voted.ts";
import { askingIn } from "./asking.ts";
import { JOB, keepersOn, word, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);

describe("KeeperJobs", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const { statusOf, work, refuses, isRefused } = askingIn(() => w);

  describe("trigger emergency", () => {
    it("reverts while the chain shows nothing, and for what is no trigger", async () => {
      for (const kind of Object.values(TRIGGER)) await isRefused(JOB.trigger, word(kind), w.breaker, "TriggerNotMet");
      await refuses(JOB.trigger, word(4n));
      await refuses(JOB.trigger);
      expect((await statusOf(JOB.trigger)).due).to.equal(false);
    });

    it("opens the emergency that the chain shows, and records the second on it, each once", async () => {
      await crash(w);
      await w.report({ price: (6n * USD) / 10n, txTotal: 100n, txFailed: 90n });
      const first = await statusOf(JOB.trigger);
      expect([first.due, first.complete, first.args]).to.deep.equal([true, true, word(TRIGGER.priceCrash)]);
      await work(JOB.trigger, word(TRIGGER.priceCrash));
      await isRefused(JOB.trigger, word(TRIGGER.priceCrash), w.breaker, "TriggerAlreadyRecorded");
      expect((await statusOf(JOB.trigger)).args).to.equal(word(TRIGGER.networkAttack));
      await work(JOB.trigger, word(TRIGGER.networkAttack));
      expect((await w.breaker.emergency()).triggers).to.equal(0b101n);
      expect((await statusOf(JOB.trigger)).due).to.equal(false);
    });
  });

  describe("execute emergency", () => {
    const pass = async (id: bigint) => vote(w, id, FIVE);

    it("reverts for what has not passed, what nobody knows, and no number at all", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const halt = word(await w.breaker.voteOn(ACTION.halt));
      await isRefused(JOB.emergency, halt, w.emergencyGovernor, "GovernorUnexpectedProposalState");
      await isRefused(JOB.emergency, word(1n), w.emergencyGovernor, "GovernorNonexistentProposal");
      await refuses(JOB.emergency);
    });

    it("executes what passed, also its end, once", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const halt = await w.breaker.voteOn(ACTION.halt);
      await pass(halt);
      const { passedAt } = await w.emergencyGovernor.standingOf(halt);
      const status = await statusOf(JOB.emergency);
      expect([status.due, status.complete, status.args, status.dueSince]).to.deep.equal([true, true, word(halt), passedAt]);
      await work(JOB.emergency, word(halt));
      expect(await w.token.haltedUntil()).to.be.greaterThan(await w.clock.now());
      await isRefused(JOB.emergency, word(halt), w.emergencyGovernor, "GovernorUnexpectedProposalState");

      await w.breaker.proposeEnd(ACTION.halt);
      const end = await w.breaker.endVoteOn(ACTION.halt);
      await w.clock.pass(5n);
      await pass(end);
      expect((await statusOf(JOB.emergency)).args).to.equal(word(end));
      await work(JOB.emergency, word(end));
      expect(await w.token.haltedUntil()).to.be.at.most(await w.clock.now());
    });

    it("waits for the delay, and gives up when the time is over", async () => {
      await w.report({ txTotal: 100n, txFailed: 90n });
      await w.breaker.trigger(TRIGGER.networkAttack);
      const recovery = await w.breaker.voteOn(ACTION.recovery);
      await pass(recovery);
      const { executableAt, executeBefore } = await w.emergencyGovernor.standingOf(recovery);
      await w.clock.to(executableAt - 2n);
      expect((await statusOf(JOB.emergency)).due).to.equal(false);
      await isRefused(JOB.emergency, word(recovery), w.emergencyGovernor, "NotExecutableYet");
      await w.clock.to(executableAt);
      expect((await statusOf(JOB.emergency)).args).to.equal(word(recovery));
      await w.clock.to(executeBefore);
      expect((await statusOf(JOB.emergency)).due).to.equal(false);
      await isRefused(JOB.emergency, word(recovery), w.emergencyGovernor, "GovernorUnexpectedProposalState");
    });

    it("does not end what somebody else ended meanwhile", async () => {
      await w.breaker.connect(w.people.governor).impose(ACTION.pause);
      await w.breaker.proposeEnd(ACTION.pause);
      const end = await w.breaker.endVoteOn(ACTION.pause);
      await w.clock.pass(5n);
      await pass(end);
      expect((await statusOf(JOB.emergency)).due).to.equal(true);
      await w.breaker.connect(w.people.governor).end(ACTION.pause);
      expect((await statusOf(JOB.emergency)).due).to.equal(false);
      await isRefused(JOB.emergency, word(end), w.breaker, "NotInEffect");
    });
  });
});
