// When each job is due, what does it, and that it is done once.
import { expect } from "chai";
import { network } from "hardhat";
import type { Interface } from "ethers";
import { carryOut, execute, proposalOf, propose, queue, type Governed } from "../governance/fixture.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import { ACTION, crash, TRIGGER, USD, vote } from "../safety/fixture.ts";
import { contentOf, idsOf, JOB, keepersOn, month, NOBODY, word, WORK, WORKABLE, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;
const FOR = 1n;

describe("KeeperJobs", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const statusOf = (job: bigint) => w.jobs[WORKABLE](job);
  const work = (job: bigint, args = "0x") => w.jobs[WORK](job, args, NOBODY);
  /** By its rules of pay. */
  const refuses = (job: bigint, args = "0x") =>
    expect(work(job, args)).to.be.revertedWithCustomError(w.jobs, "NotWorkable").withArgs(job);
  /** The contract that the job concerns, by its own rules. */
  const isRefused = (job: bigint, args: string, by: { interface: Interface }, error: string) =>
    expect(work(job, args)).to.be.revertedWithCustomError(by, error);

  describe("record price", () => {
    it("reverts while the last round that was walked is younger than an hour, to the second", async () => {
      await w.report();
      const { knownUntil } = await w.history.lastRecord();
      await w.clock.to(knownUntil + HOUR - 2n);
      expect((await statusOf(JOB.record)).due).to.equal(false);
      await w.clock.nextBlockAt(knownUntil + HOUR - 1n);
      await refuses(JOB.record);
      await w.clock.nextBlockAt(knownUntil + HOUR);
      await work(JOB.record);
      expect((await w.history.lastRecord()).knownUntil).to.equal((await w.medianFeed.latestMarket()).updatedAt);
    });

    it("reverts with arguments, of which it has none", async () => {
      await w.clock.pass(HOUR);
      await w.report();
      expect((await statusOf(JOB.record)).due).to.equal(true);
      await refuses(JOB.record, "0x00");
    });

    it("reverts while the feed has no later round", async () => {
      await w.clock.pass(4n * HOUR);
      expect((await statusOf(JOB.record)).due).to.equal(false);
      await isRefused(JOB.record, "0x", w.history, "NoNewRound");
      await w.report();
      expect((await statusOf(JOB.record)).due).to.equal(true);
      await work(JOB.record);
    });

    it("is due since an hour after the last round that was walked, and not twice", async () => {
      const { knownUntil } = await w.history.lastRecord();
      await w.clock.pass(2n * HOUR);
      await w.report();
      const status = await statusOf(JOB.record);
      expect([status.due, status.complete, status.args, status.dueSince]).to.deep.equal([true, true, "0x", knownUntil + HOUR]);
      await work(JOB.record);
      await refuses(JOB.record);
    });

    it("is done again at once while more rounds wait than one call walks", async () => {
      for (let i = 0; i < 80; i++) {
        await w.clock.pass(300n);
        await w.report();
      }
      await work(JOB.record);
      expect((await statusOf(JOB.record)).due).to.equal(true);
      await work(JOB.record);
      await refuses(JOB.record);
    });

    it("is never due where the feed hands its rounds over", async () => {
      const { history, medianFeed, people } = w;
      await history.connect(people.governor).setFeed(medianFeed, true, 3n * HOUR);
      await medianFeed.connect(people.governor).setHistory(history);
      await w.clock.pass(3n * HOUR);
      await w.report();
      expect((await statusOf(JOB.record)).due).to.equal(false);
      const { knownUntil } = await w.history.lastRecord();
      expect(await w.clock.now()).to.be.lessThan(knownUntil + HOUR);
      await refuses(JOB.record);
      await w.clock.pass(2n * HOUR);
      await isRefused(JOB.record, "0x", w.history, "FeedHandsOver");
    });
  });

  describe("report price", () => {
    it("reverts while the last round is younger than an hour", async () => {
      await w.report();
      const args = await w.reports();
      expect((await statusOf(JOB.report)).due).to.equal(false);
      await refuses(JOB.report, args);
    });

    it("reverts with the feed's own error when the reports are not taken", async () => {
      await w.clock.pass(HOUR);
      await expect(work(JOB.report, await w.reports(w.people.reporters.slice(0, 2)))).to.be.revertedWithCustomError(
        w.medianFeed,
        "WrongReportCount",
      );
      await expect(work(JOB.report, await w.reports(w.people.users.slice(0, 3)))).to.be.revertedWithCustomError(
        w.medianFeed,
        "NotReporter",
      );
    });

    it("reverts with more than reports could be", async () => {
      await w.clock.pass(HOUR);
      const args = await w.reports();
      const room = 16_384 - (args.length - 2) / 2;
      await refuses(JOB.report, `${args}${"00".repeat(room + 1)}`);
    });

    it("reverts with anything but an array of reports, encoded as it always is", async () => {
      await w.clock.pass(HOUR);
      const args = await w.reports();
      const word = (index: number) => args.slice(2 + 64 * index, 66 + 64 * index);
      const number = (value: number) => value.toString(16).padStart(64, "0");
      const count = Number(`0x${word(1)}`);
      const rest = args.slice(130);
      for (const other of [
        "0x",
        `0x${word(0)}`,
        `${args}00`,
        `${args}${"00".repeat(32)}`,
        `${args}${"00".repeat(128)}`,
        args.slice(0, -64),
        `0x${word(0)}${number(count + 1)}${rest}`,
        `0x${number(64)}${number(0)}${word(1)}${rest}`,
      ]) {
        expect((await w.jobs.check(JOB.report, other)).due, other).to.equal(false);
        await refuses(JOB.report, other);
      }
      await work(JOB.report, args);
    });

    it("carries the reports to the feed, once", async () => {
      const { updatedAt } = await w.medianFeed.latestMarket();
      await w.clock.pass(HOUR);
      const status = await statusOf(JOB.report);
      expect([status.due, status.complete, status.args, status.dueSince]).to.deep.equal([true, false, "0x", updatedAt + HOUR]);
      const args = await w.reports(undefined, 3n * (USD / 2n));
      await work(JOB.report, args);
      expect((await w.medianFeed.latestMarket()).price).to.equal(3n * (USD / 2n));
      await refuses(JOB.report, args);
    });

    it("is due for a feed without a round, and never without a feed", async () => {
      const young = await ethers.deployContract("MedianFeed", [w.addresses.manager, "FTNS / USD", w.people.reporters, 3n]);
      await w.breaker.connect(w.people.governor).setMarketFeed(young);
      expect([(await statusOf(JOB.report)).due, (await statusOf(JOB.report)).dueSince]).to.deep.equal([true, 0n]);
      await w.breaker.connect(w.people.governor).setMarketFeed(ethers.ZeroAddress);
      expect((await statusOf(JOB.report)).due).to.equal(false);
      await refuses(JOB.report, await w.reports());
    });
  });

  describe("adjust supply", () => {
    it("reverts as long as the controller refuses", async () => {
      expect((await w.controller.preview()).ok).to.equal(false);
      expect((await statusOf(JOB.adjust)).due).to.equal(false);
      await isRefused(JOB.adjust, word(10n ** 18n), w.controller, "DayTooThin");
    });

    it("reverts with another factor than the chain's, adjusts by it once, and is due since the day began", async function () {
      this.timeout(300_000);
      await month(w);
      const { factor, newMultiplier } = await w.controller.preview();
      const status = await statusOf(JOB.adjust);
      const began = (await w.clock.today()) * DAY + 2n * HOUR;
      expect([status.due, status.complete, status.args, status.dueSince]).to.deep.equal([true, true, word(factor), began]);
      await isRefused(JOB.adjust, word(factor + 1n), w.controller, "FactorMismatch");
      await refuses(JOB.adjust, `${word(factor)}00`);
      await refuses(JOB.adjust);
      await work(JOB.adjust, word(factor));
      expect(await w.controller.multiplier()).to.equal(newMultiplier);
      await isRefused(JOB.adjust, word(factor), w.controller, "AlreadyAdjusted");
    });
  });

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
    const pass = async (id: bigint) =>
      vote(
        w,
        id,
        [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const),
      );

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

  describe("queue and execute proposals", () => {
    const governed = (): Governed => ({ ...w, economy: w, votes: w.vault, outsiders: w.outsiders });
    const passed = async (by: number, text: string) => {
      const target = await ethers.deployContract("HungryTarget");
      const p = await proposalOf(w, target, "eat", [1_000n], text);
      await propose(w.governor, w.voters[by]!, p);
      return { p, target };
    };
    const voteFor = async (...ids: bigint[]) => {
      await w.clock.pass(DAY + 1n);
      for (const id of ids) await w.governor.connect(w.voters[0]!).castVote(id, FOR);
      await w.clock.to((await w.governor.proposalDeadline(ids.at(-1)!)) + 1n);
    };

    it("reverts for what nobody proposed, what is voted on, and content in another form", async () => {
      const { p } = await passed(0, "one");
      const unknown = contentOf({ ...p, descriptionHash: ethers.id("another") });
      await isRefused(JOB.queue, unknown, w.governor, "GovernorNonexistentProposal");
      await isRefused(JOB.queue, contentOf(p), w.governor, "GovernorUnexpectedProposalState");
      await expect(work(JOB.queue, "0x")).to.be.revertedWithCustomError(w.jobs, "FailedCall");
      await voteFor(p.id);
      await refuses(JOB.queue, `${contentOf(p)}${"00".repeat(32)}`);
    });

    it("queues what passed and executes what has waited, each once", async () => {
      const { p } = await passed(0, "one");
      await voteFor(p.id);
      const deadline = await w.governor.proposalDeadline(p.id);
      const queued = await statusOf(JOB.queue);
      expect([queued.due, queued.complete, queued.dueSince]).to.deep.equal([true, false, deadline + 1n]);
      expect(idsOf(queued.args)).to.deep.equal([p.id]);
      await work(JOB.queue, contentOf(p));
      await isRefused(JOB.queue, contentOf(p), w.governor, "GovernorUnexpectedProposalState");
      const eta = await w.governor.proposalEta(p.id);
      await w.clock.nextBlockAt(eta - 1n);
      await expect(work(JOB.execute, contentOf(p))).to.be.revert(ethers);
      await w.clock.to(eta);
      await refuses(JOB.execute, `${contentOf(p)}${"00".repeat(32)}`);
      const waiting = await statusOf(JOB.execute);
      // Never late: see the attack on it.
      await w.clock.pass(6n * HOUR);
      const later = await statusOf(JOB.execute);
      expect([waiting.due, waiting.dueSince, idsOf(waiting.args)]).to.deep.equal([true, eta, [p.id]]);
      expect([later.due, later.dueSince]).to.deep.equal([true, eta + 6n * HOUR]);
      await work(JOB.execute, contentOf(p));
      expect(await w.governor.state(p.id)).to.equal(7n);
      await isRefused(JOB.execute, contentOf(p), w.governor, "GovernorUnexpectedProposalState");
    });

    it("names all that are due, so that one that fails hides no other, and passes its error on", async () => {
      const [one, two] = [await passed(0, "one"), await passed(1, "two")];
      await voteFor(one.p.id, two.p.id);
      expect(idsOf((await statusOf(JOB.queue)).args)).to.deep.equal([one.p.id, two.p.id]);
      for (const { p } of [one, two]) await queue(w.governor, p);
      await w.clock.to(await w.governor.proposalEta(two.p.id));
      await one.target.getFunction("setFailing").send(true);
      expect(idsOf((await statusOf(JOB.execute)).args)).to.deep.equal([one.p.id, two.p.id]);
      await expect(work(JOB.execute, contentOf(one.p))).to.be.revertedWith("failing");
      await work(JOB.execute, contentOf(two.p));
      expect(idsOf((await statusOf(JOB.execute)).args)).to.deep.equal([one.p.id]);
    });

    it("looks at the latest 32 proposals, and does older ones all the same", async function () {
      this.timeout(300_000);
      const { p } = await passed(0, "the old one");
      const flood = await Promise.all(
        Array.from({ length: 32 }, (_, i) => proposalOf(w, w.history, "setHeartbeat", [HOUR], `noise ${i}`)),
      );
      for (const noise of flood) {
        await propose(w.governor, w.voters[1]!, noise);
        await w.governor.connect(w.voters[1]!).cancel(noise.targets, noise.values, noise.calldatas, noise.descriptionHash);
      }
      await voteFor(p.id);
      expect((await statusOf(JOB.queue)).due).to.equal(false);
      await work(JOB.queue, contentOf(p));
      await w.clock.to(await w.governor.proposalEta(p.id));
      await execute(w.governor, p);
    });

    it("does what the direct way does", async () => {
      const { p } = await passed(0, "one");
      await w.clock.pass(DAY + 1n);
      await w.governor.connect(w.voters[0]!).castVote(p.id, FOR);
      await carryOut(governed(), p);
      await isRefused(JOB.queue, contentOf(p), w.governor, "GovernorUnexpectedProposalState");
    });
  });
});

describe("KeeperJobs, given a month of prices", () => {
  const grown = async () => {
    const g = await world();
    await month(g);
    return g;
  };
  let w: KeepersWorld;
  /** First second of the next day. */
  let began: bigint;

  beforeEach(async function () {
    this.timeout(300_000);
    w = await connection.networkHelpers.loadFixture(grown);
    began = ((await w.clock.today()) + 1n) * DAY + 2n * HOUR;
    // Whatever the time of day at which the month ended, this day has its prices too.
    while ((await w.clock.now()) < began - 3n * HOUR) {
      await w.clock.pass(2n * HOUR);
      await w.report();
      await w.history.record();
    }
    await w.clock.to(began - 60n);
    await w.report();
    await w.history.record();
  });

  for (const [what, offset, since] of [
    ["a second before a day begins", -1n, 0n],
    ["in the first second of a day", 0n, 0n],
    ["a second after a day began", 1n, 1n],
    ["an hour after a day began", HOUR, HOUR],
  ] as const) {
    describe(`given a suspension of adjustments that runs out ${what}`, () => {
      const until = () => began + offset;
      beforeEach(() => w.controller.connect(w.people.breaker).suspend(until()));

      it("adjusting is not due in its last second", async () => {
        await w.clock.to(until() - 1n);
        expect((await w.jobs[WORKABLE](JOB.adjust)).due).to.equal(false);
      });

      it(`adjusting is due since ${since === 0n ? "the day began" : "it was over"}`, async () => {
        await w.clock.to(began + 2n * HOUR);
        await w.report();
        await w.history.record();
        const { due, args, dueSince } = await w.jobs[WORKABLE](JOB.adjust);
        expect([due, dueSince]).to.deep.equal([true, began + since]);
        expect(await w.jobs.check(JOB.adjust, args)).to.deep.equal([true, began + since]);
      });
    });
  }
});
