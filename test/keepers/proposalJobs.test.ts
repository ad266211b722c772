// When proposals are queued and executed, and that each is done once.
import { expect } from "chai";
import { network } from "hardhat";
import { carryOut, execute, proposalOf, propose, queue, type Governed } from "../governance/fixture.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import { askingIn } from "./asking.ts";
import { contentOf, idsOf, JOB, keepersOn, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;
const FOR = 1n;

describe("KeeperJobs", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const { statusOf, work, refuses, isRefused } = askingIn(() => w);

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
