// P120 in random states: `work` reverts if and only if `workable` is false.
import { expect } from "chai";
import { network } from "hardhat";
import { proposalOf, propose, type Proposal } from "../governance/fixture.ts";
import type { HungryTarget } from "../../typechain-types/index.ts";
import { FTNS } from "../helpers/economy.ts";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import { ACTION, TRIGGER, USD } from "../safety/fixture.ts";
import { contentOf, idsOf, JOB, keepersOn, month, NOBODY, WORK, word, type KeepersWorld } from "./fixture.ts";

// A chain whose time does not depend on ours, so that the same lives come about on every day and at every hour.
const connection = await network.create({ override: { initialDate: new Date(1_900_000_000_000) } });
const { ethers } = connection;
const STEPS = 60;
const COMPLETE = [JOB.trigger, JOB.emergency, JOB.opposed, JOB.record, JOB.adjust, JOB.anew, JOB.bond];

/** The five voters who act are BASIC for a month more. */
async function contributing(w: KeepersWorld) {
  for (const voter of w.voters.slice(0, 5)) await w.contributes(voter);
}

/** A world with a full window of prices. */
async function grown() {
  const w = await keepersOn(connection);
  await month(w);
  await contributing(w);
  await w.hours(25, USD);
  // One who pulls triggers again that keepers leave alone.
  await w.vault.connect(w.voters[0]!).lock(w.breaker, 500_000n * FTNS);
  return w;
}

describe("KeeperJobs in random states (P120)", () => {
  it("works exactly when it says so, with exactly the arguments it gives", async function () {
    this.timeout(600_000);
    const seen = { done: new Map<bigint, number>(), refused: 0 };
    await forCases(fuzzCases(6), async (random) => {
      const w = await connection.networkHelpers.loadFixture(grown);
      const target = await ethers.deployContract("HungryTarget");
      // Ordinary: a constitutional vote would take longer than most of these lives.
      const { selector } = target.interface.getFunction("eat");
      const always = { bound: 1n, argument: 0n, current: "0x00000000", asset: ethers.ZeroAddress };
      await w.ordinaryCalls.connect(w.people.governor).setRule(target, selector, always);
      const proposals: Proposal[] = [];
      for (let step = 0; step < STEPS; step++) {
        await live(w, random, proposals, target);
        await look(w, random, proposals, seen);
      }
    });
    if (process.env.FUZZ_SEED !== undefined || process.env.FUZZ_CASE !== undefined) return;
    // The rarer jobs have tests of their own.
    const rare = [JOB.opposed, JOB.anew, JOB.bond] as bigint[];
    for (const job of Object.values(JOB).filter((job) => !rare.includes(job)))
      expect(seen.done.get(job) ?? 0, `job ${job}`).to.be.greaterThan(0);
    expect(seen.refused).to.be.greaterThan(100);
  });

  /** Something happens, or nothing; and time passes. */
  async function live(w: KeepersWorld, random: Random, proposals: Proposal[], target: HungryTarget) {
    const someone = () => w.voters[random.int(0, 4)]!;
    const { people, breaker, governor } = w;
    const voteOnMotions = async () => {
      const open = await Promise.all(
        Object.values(ACTION).flatMap((action) => [breaker.voteOn(action), breaker.endVoteOn(action)]),
      );
      for (const id of open.filter((id) => id !== 0n)) {
        for (const voter of w.voters.slice(0, 5))
          await w.emergencyGovernor
            .connect(voter)
            .castVote(id, 1n)
            .catch(() => undefined);
      }
    };
    const acts: (() => Promise<unknown>)[] = [
      () => w.report({ price: random.pick([USD, USD, (USD * 6n) / 10n, (USD * 9n) / 10n]) }),
      () => w.report({ txTotal: 100n, txFailed: random.pick([1n, 90n]), volume6h: random.pick([1_000n, 10n]) * USD }),
      async () => {
        await w.report({ txTotal: 100n, txFailed: 90n });
        await breaker.connect(w.voters[0]!).trigger(TRIGGER.networkAttack);
        await voteOnMotions();
      },
      () => w.history.record(),
      () => contributing(w),
      () => breaker.proposeEnd(random.pick(Object.values(ACTION))),
      () => breaker.connect(people.governor).impose(random.pick(Object.values(ACTION))),
      () => breaker.connect(people.governor).end(random.pick(Object.values(ACTION))),
      () => w.history.connect(people.governor).setHeartbeat(random.pick([HOUR, 3n * HOUR])),
      () => breaker.connect(people.governor).setMarketFeed(random.pick([w.addresses.feed, w.addresses.feed, ethers.ZeroAddress])),
      () => target.getFunction("setFailing").send(random.chance(0.3)),
      async () => {
        const p = await proposalOf(w, target, "eat", [1_000n], `proposal ${proposals.length}`);
        await propose(governor, someone(), p);
        proposals.push(p);
      },
      // Twice, because much must come together before a motion can be executed.
      voteOnMotions,
      voteOnMotions,
      async () => {
        for (const { id } of proposals.slice(-3)) await governor.connect(w.voters[0]!).castVote(id, 1n);
      },
    ];
    // What is not possible now is tried in vain, as people do.
    const act = (await breaker.isOpen()) && random.chance(0.5) ? acts.at(-2)! : random.pick(acts);
    await act().catch(() => undefined);
    // While an emergency is voted on, people hurry.
    const hurried = (await breaker.isOpen()) && random.chance(0.8);
    await w.clock.pass(random.pick(hurried ? [1n, 600n, HOUR] : [1n, 600n, HOUR, HOUR, 2n * HOUR, 6n * HOUR, DAY, 2n * DAY]));
    // Keepers elsewhere go on most of the time, so that prices do not run thin for ever.
    if (random.chance(0.6)) await w.report().catch(() => undefined);
  }

  /** Whether a call at this very state would go through. */
  const wouldWork = (w: KeepersWorld, job: bigint, args: string) =>
    w.jobs[WORK].staticCall(job, args, NOBODY, { gasLimit: 12_000_000n }).then(
      () => true,
      () => false,
    );

  async function look(
    w: KeepersWorld,
    random: Random,
    proposals: Proposal[],
    seen: { done: Map<bigint, number>; refused: number },
  ) {
    const { jobs } = w;
    const statuses = await jobs.jobs();
    const at = (job: bigint) => statuses[Number(job)]!;
    // What the chain knows by itself.
    for (const job of COMPLETE) {
      const { due, args } = at(job);
      expect(await wouldWork(w, job, due ? args : argsFor(random, job)), `job ${job}, due: ${due}`).to.equal(due);
    }
    // What is brought from outside, rightly.
    const reports = await w.reports();
    expect(await wouldWork(w, JOB.report, reports), "report").to.equal(at(JOB.report).due);
    const failing = (p: Proposal, job: bigint) => (job === JOB.execute ? wouldExecute(w, p) : Promise.resolve(true));
    for (const job of [JOB.queue, JOB.execute]) {
      const due = at(job).due ? idsOf(at(job).args) : [];
      for (const p of proposals.slice(-4)) {
        expect(await wouldWork(w, job, contentOf(p)), `${job} of a proposal`).to.equal(
          due.includes(p.id) && (await failing(p, job)),
        );
      }
    }
    // Then one of them is really done.
    const ready = statuses.filter(({ due }) => due).map(({ job, args }) => ({ job, args }));
    // Proposals wait for each other otherwise until a life is over.
    const first = random.chance(0.5) ? ready.filter(({ job }) => job === JOB.queue || job === JOB.execute) : [];
    for (const { job, args } of [...random.shuffle(first), ...random.shuffle(ready)].slice(0, 1)) {
      const content =
        job === JOB.report
          ? await w.reports()
          : job === JOB.queue || job === JOB.execute
            ? contentOf(proposals.find(({ id }) => id === idsOf(args)[0])!)
            : args;
      const worked = await jobs[WORK](job, content, NOBODY, { gasLimit: 12_000_000n }).then(
        () => true,
        () => false,
      );
      if (worked) seen.done.set(job, (seen.done.get(job) ?? 0) + 1);
    }
    seen.refused += statuses.length - ready.length;
  }

  /** Arguments of the right form for a job that is not due. */
  function argsFor(random: Random, job: bigint): string {
    if (job === JOB.record) return "0x";
    if (job === JOB.trigger) return word(random.pick(Object.values(TRIGGER)));
    if (job === JOB.opposed) return word(random.pick(Object.values(ACTION)));
    return word(job === JOB.adjust ? 10n ** 18n : random.bigint(1n, 2n ** 255n));
  }

  /** What the governor itself says, without us. */
  const wouldExecute = ({ governor }: KeepersWorld, { targets, values, calldatas, descriptionHash }: Proposal) =>
    governor.execute.staticCall(targets, values, calldatas, descriptionHash).then(
      () => true,
      () => false,
    );
});
