// The jobs that end an emergency's business: what more are against than for, hours in which the chain stood still, bonds.
import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { HOUR } from "../helpers/time.ts";
import { ACTION, crash, nobodyVotes, restake, safetyOn, TRIGGER, USD, vote, type SafetyWorld } from "../safety/fixture.ts";
import { STAKED } from "../governance/fixture.ts";
import { doneIn, JOB, NOBODY, WORK, WORKABLE, word } from "./fixture.ts";

const connection = await network.create();
const [AGAINST, FOR] = [0n, 1n];

describe("KeeperJobs in emergencies (P244)", () => {
  let w: SafetyWorld;
  let jobs: SafetyWorld["keeperJobs"];
  const world = async () => safetyOn(connection);
  beforeEach(async () => {
    const made = await connection.networkHelpers.loadFixture(world);
    w = { ...made, voters: [...made.voters] };
    await w.token.connect(w.people.treasury).transfer(w.pool, 100_000n * FTNS);
    jobs = w.keeperJobs.connect(w.people.users.at(-1)!);
  });
  const work = (job: bigint, args: string) => jobs[WORK](job, args, NOBODY);
  const refuses = (job: bigint, args: string) =>
    expect(work(job, args)).to.be.revertedWithCustomError(jobs, "NotWorkable").withArgs(job);
  const statusOf = async (job: bigint) => {
    const { due, complete, args, dueSince } = await jobs[WORKABLE](job);
    return { due, complete, args, dueSince };
  };
  const idle = { due: false, complete: true, args: "0x", dueSince: 0n };
  const done = async (job: bigint, args: string) => (await doneIn({ jobs }, work(job, args))).done[0]!;

  describe("end what is opposed", () => {
    let halt: bigint;
    beforeEach(async () => {
      const each = (STAKED * 32n) / 1_000n;
      const against = (STAKED * 30n) / 100n;
      await restake(w, connection, [each, each, each, each, each, against, STAKED - 5n * each - against]);
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      halt = await w.breaker.voteOn(ACTION.halt);
      await vote(
        w,
        halt,
        [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const),
      );
    });
    const carriedOut = () => w.emergencyGovernor["execute(uint256)"](halt);

    it("reverts for what is no action, is not in effect, or no vote started", async () => {
      expect(await statusOf(JOB.opposed)).to.deep.equal(idle);
      for (const args of ["0x", word(4n), word(2n ** 255n), `${word(ACTION.halt)}00`]) await refuses(JOB.opposed, args);
      for (const action of Object.values(ACTION)) await refuses(JOB.opposed, word(action));
      await w.breaker.connect(w.people.governor).impose(ACTION.pause);
      await refuses(JOB.opposed, word(ACTION.pause));
    });

    it("is due in the second in which more were against it for an hour, since then, and once", async () => {
      await carriedOut();
      await vote(w, halt, [[5, AGAINST]]);
      const since = await w.clock.now();
      await w.clock.to(since + HOUR - 2n);
      expect(await statusOf(JOB.opposed)).to.deep.equal(idle);
      await w.clock.nextBlockAt(since + HOUR - 1n);
      await refuses(JOB.opposed, word(ACTION.halt));
      await w.clock.to(since + HOUR);
      expect(await statusOf(JOB.opposed)).to.deep.equal({
        due: true,
        complete: true,
        args: word(ACTION.halt),
        dueSince: since + HOUR,
      });
      expect((await jobs.checkUpkeep("0x")).upkeepNeeded).to.equal(true);
      await w.clock.nextBlockAt(since + HOUR + 77n);
      const { lateSec, paid } = await done(JOB.opposed, word(ACTION.halt));
      expect(lateSec).to.equal(77n);
      expect(paid).to.be.greaterThan(0n);
      expect(await w.token.haltedUntil()).to.be.at.most(await w.clock.now());
      await refuses(JOB.opposed, word(ACTION.halt));
      expect(await statusOf(JOB.opposed)).to.deep.equal(idle);
    });

    it("is due since the close, when that comes before the hour is over", async () => {
      await carriedOut();
      const closesAt = await w.emergencyGovernor.proposalDeadline(halt);
      await w.clock.nextBlockAt(closesAt - 60n);
      await vote(w, halt, [[5, AGAINST]]);
      await w.clock.to(closesAt + 10n);
      expect((await statusOf(JOB.opposed)).dueSince).to.equal(closesAt + 1n);
      expect((await done(JOB.opposed, word(ACTION.halt))).lateSec).to.be.at.least(9n);
    });
  });

  describe("start hours to object anew", () => {
    it("reverts while they run or prices were known, and starts them once they stood still", async () => {
      await nobodyVotes(w);
      await w.hours(1, USD);
      await w.breaker.trigger(TRIGGER.governanceDeadlock);
      const reset = await w.breaker.voteOn(ACTION.reset);
      const closesAt = await w.emergencyGovernor.proposalDeadline(reset);
      const isRefused = () =>
        expect(work(JOB.anew, word(reset))).to.be.revertedWithCustomError(w.emergencyGovernor, "NotToStartAnew");
      expect(await statusOf(JOB.anew)).to.deep.equal(idle);
      await isRefused();
      await expect(work(JOB.anew, word(1n))).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorNonexistentProposal");
      await refuses(JOB.anew, "0x");
      await w.clock.nextBlockAt(closesAt);
      await isRefused();
      await w.clock.to(closesAt + 5n);
      expect(await statusOf(JOB.anew)).to.deep.equal({ due: true, complete: true, args: word(reset), dueSince: closesAt + 1n });
      await w.clock.nextBlockAt(closesAt + 100n);
      const { lateSec, paid } = await done(JOB.anew, word(reset));
      expect(lateSec).to.equal(99n);
      expect(paid).to.be.greaterThan(0n);
      expect(await w.emergencyGovernor.proposalDeadline(reset)).to.equal(closesAt + 100n + 48n * HOUR);
      await isRefused();
      expect(await statusOf(JOB.anew)).to.deep.equal(idle);
    });
  });

  describe("settle bonds", () => {
    let postedAt: bigint;
    const dry = async () => {
      await w.clock.pass(301n);
      await w.report({ volume6h: 0n });
    };
    beforeEach(async () => {
      await dry();
      await w.breaker.trigger(TRIGGER.liquidityCrisis);
      await w.clock.pass(12n * HOUR);
      await dry();
      await w.vault.connect(w.voters[0]!).lock(w.breaker, 1_000n * FTNS);
      await w.breaker.connect(w.voters[0]!).trigger(TRIGGER.liquidityCrisis);
      postedAt = await w.clock.now();
    });

    it("reverts for no bond, and while its votes run, also while its owner could have it back", async () => {
      for (const args of ["0x", word(0n), word(2n), word(2n ** 255n)]) await refuses(JOB.bond, args);
      await w.clock.pass(HOUR);
      await dry();
      expect(await statusOf(JOB.bond)).to.deep.equal(idle);
      await refuses(JOB.bond, word(1n));
      await w.clock.nextBlockAt(postedAt + 6n * HOUR);
      await refuses(JOB.bond, word(1n));
    });

    it("slashes it to the pool once they are over, since then, and once", async () => {
      const dueAt = postedAt + 6n * HOUR + 1n;
      await w.clock.to(dueAt);
      expect(await statusOf(JOB.bond)).to.deep.equal({ due: true, complete: true, args: word(1n), dueSince: dueAt });
      await w.clock.nextBlockAt(dueAt + 50n);
      const sent = work(JOB.bond, word(1n));
      await expect(sent)
        .to.emit(w.breaker, "BondSettled")
        .withArgs(1n, w.voters[0]!.address, 1_000n * FTNS, true);
      const [one] = (await doneIn({ jobs }, sent)).done;
      expect(one!.lateSec).to.equal(50n);
      expect(one!.paid).to.be.greaterThan(0n);
      await refuses(JOB.bond, word(1n));
      expect(await statusOf(JOB.bond)).to.deep.equal(idle);
    });

    it("gives it back when a vote found support", async () => {
      await vote(w, await w.breaker.voteOn(ACTION.pause), [[5, FOR]]);
      await w.clock.to(postedAt + 6n * HOUR + 1n);
      await expect(work(JOB.bond, word(1n)))
        .to.emit(w.breaker, "BondSettled")
        .withArgs(1n, w.voters[0]!.address, 1_000n * FTNS, false);
    });
  });

  it("posts no bond, whatever is staked by whomever", async () => {
    await w.report({ volume6h: 0n });
    await w.breaker.trigger(TRIGGER.liquidityCrisis);
    await w.clock.pass(12n * HOUR);
    await w.report({ volume6h: 0n });
    await w.vault.connect(w.voters[0]!).lock(w.breaker, 5_000n * FTNS);
    const mine = w.keeperJobs.connect(w.voters[0]!);
    await expect(mine[WORK](JOB.trigger, word(TRIGGER.liquidityCrisis), NOBODY)).to.be.revertedWithCustomError(
      w.breaker,
      "BondNeeded",
    );
    expect(await statusOf(JOB.trigger)).to.deep.equal(idle);
  });
});
