// Ways in which governors were robbed, each named after where it happened, tried on ours.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import {
  ABSTAIN,
  AGAINST,
  FOR,
  STATE,
  carryOut,
  execute,
  governedOn,
  outsider,
  proposalOf,
  propose,
  queue,
  stake,
  voted,
  type Governed,
  type Proposal,
} from "./fixture.ts";

const connection = await network.create();
const fixture = async () => governedOn(connection);
/** More than everybody else has staked. */
const FORTUNE = 20_000_000n * FTNS;

describe("attacks on the governor", () => {
  let w: Governed;
  /** Makes the thief the one who mints. */
  let theft: Proposal;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    const thief = w.outsiders[0]!;
    theft = await proposalOf(w, w.economy.manager, "grantRole", [1n, thief.address, 0], "An improvement");
  });

  describe("Beanstalk: borrowed votes and an instant commit", () => {
    const attack = async (call: string, args: readonly unknown[]) => {
      const { token, people } = w.economy;
      const robber = await connection.ethers.deployContract("FlashVoter");
      await token.connect(people.treasury).transfer(robber, FORTUNE);
      const data = w.governor.interface.encodeFunctionData(call as "propose", args as never);
      return robber.getFunction("attack").send(token, w.votes, [w.governor], [data]);
    };

    it("cannot propose with what was staked in the same transaction", async () => {
      await expect(
        attack("propose", [theft.targets, theft.values, theft.calldatas, theft.description]),
      ).to.be.revertedWithCustomError(w.governor, "GovernorInsufficientProposerVotes");
    });

    it("casts no weight on a vote that is open", async () => {
      await voted(w, 1, theft, []);
      await attack("castVote", [theft.id, FOR]);
      expect(await w.governor.proposalVotes(theft.id)).to.deep.equal([0n, 0n, 0n]);
    });

    it("cannot execute what is accepted before its seven days", async () => {
      await voted(w, 1, theft, [[0, FOR]]);
      await w.economy.clock.to((await w.governor.proposalDeadline(theft.id)) + 1n);
      await expect(execute(w.governor, theft)).to.be.revertedWithCustomError(w.governor, "GovernorUnexpectedProposalState");
      await queue(w.governor, theft);
      const eta = await w.governor.proposalEta(theft.id);
      expect(eta - (await w.economy.clock.now())).to.equal(7n * DAY);
      await w.economy.clock.nextBlockAt(eta - 1n);
      await expect(execute(w.governor, theft)).to.be.revertedWithCustomError(w.governor, "ProposalWaits").withArgs(theft.id, eta);
    });
  });

  describe("Compound 289: votes in the last minutes", () => {
    it("leaves everybody a day to answer", async () => {
      await voted(w, 1, theft, []);
      const deadline = await w.governor.proposalDeadline(theft.id);
      await w.economy.clock.to(deadline - 60n);
      await w.governor.connect(w.voters[1]!).castVote(theft.id, FOR);
      const extended = await w.governor.proposalDeadline(theft.id);
      expect(extended).to.equal((await w.economy.clock.now()) + DAY);
      await w.economy.clock.to(extended - HOUR);
      await w.governor.connect(w.voters[0]!).castVote(theft.id, AGAINST);
      await w.economy.clock.to(extended + 1n);
      expect(await w.governor.state(theft.id)).to.equal(STATE.defeated);
    });
  });

  describe("Tornado Cash: other code behind an accepted proposal", () => {
    const honest = async () => {
      const target = await connection.ethers.deployContract("HonestTarget");
      const evil = await connection.ethers.deployContract("EvilTarget");
      const p = await proposalOf(w, target, "pay", [], "As the last one");
      const swap = async () =>
        connection.networkHelpers.setCode(await target.getAddress(), await connection.ethers.provider.getCode(evil));
      return { target, p, swap };
    };

    it("P78: is not queued when the code changed during the vote", async () => {
      const { p, swap } = await honest();
      await voted(w, 0, p, [[0, FOR]]);
      await swap();
      await w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
      await expect(queue(w.governor, p)).to.be.revertedWithCustomError(w.governor, "TargetCodeChanged");
    });

    it("P78: is not executed when it changed in the timelock", async () => {
      const { p, swap } = await honest();
      await voted(w, 0, p, [[0, FOR]]);
      await w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
      await queue(w.governor, p);
      await w.economy.clock.pass(2n * DAY);
      await swap();
      await expect(execute(w.governor, p)).to.be.revertedWithCustomError(w.governor, "TargetCodeChanged");
    });

    it("is executed when nothing changed", async () => {
      const { target, p } = await honest();
      await voted(w, 0, p, [[0, FOR]]);
      await carryOut(w, p);
      expect(await target.getFunction("paid").staticCall()).to.equal(true);
    });

    it("P78: cannot be prepared with an address whose code comes later", async () => {
      const p = await proposalOf(w, w.economy.token, "burn", [0n], "Later");
      p.targets = [connection.ethers.getCreateAddress({ from: w.voters[0]!.address, nonce: 1_000 })];
      await expect(propose(w.governor, w.voters[0]!, p)).to.be.revertedWithCustomError(w.governor, "TargetWithoutCode");
    });
  });

  describe("Mango: voting on one's own proposal with what came afterwards", () => {
    it("counts what was staked when the vote began and nothing else", async () => {
      const thief = w.outsiders[0]!;
      await stake(w, thief, 20_000n * FTNS);
      await w.economy.clock.pass(10n);
      await propose(w.governor, thief, theft);
      const opensAt = await w.governor.proposalSnapshot(theft.id);
      await w.economy.clock.to(opensAt + 1n);
      await stake(w, thief, FORTUNE);
      await w.economy.clock.pass(HOUR);
      await w.governor.connect(thief).castVote(theft.id, FOR);
      expect((await w.governor.proposalVotes(theft.id)).forVotes).to.equal(20_000n * FTNS);
    });

    it("counts delegated votes once", async () => {
      const [a, b] = [w.voters[5]!, w.voters[6]!];
      await voted(w, 0, theft, [[5, FOR]]);
      await w.votes.connect(a).delegate(b.address);
      await w.economy.clock.pass(10n);
      await w.governor.connect(b).castVote(theft.id, FOR);
      // 8 % and 4 % of ten million.
      expect((await w.governor.proposalVotes(theft.id)).forVotes).to.equal(1_200_000n * FTNS);
    });
  });

  describe("one stake, delegated in turns", () => {
    // Seen: 60 proposals of one stake, and eight deadlocks in six days.
    const puppetOf = async (i: number) => {
      const puppet = await outsider(connection, 100 + i);
      await w.votes.connect(w.voters[1]!).delegate(puppet.address);
      await w.economy.clock.pass(2n);
      return puppet;
    };
    const noise = (i: number) => proposalOf(w, w.economy.registry, "setBaseRate", [3n, FTNS], `noise ${i}`);

    it("makes no proposal: each puppet needs a deposit in a stake of its own", async () => {
      for (let i = 0; i < 3; i++) {
        const puppet = await puppetOf(i);
        await expect(propose(w.governor, puppet, await noise(i)))
          .to.be.revertedWithCustomError(w.economy.proposalDeposits, "DepositMissing")
          .withArgs(puppet.address, 0n, 1_000n * FTNS);
      }
      expect(await w.governor.proposalCount()).to.equal(0n);
    });

    it("loses 1,000 FTNS with each that nobody cares for, and keeps nobody from being heard", async () => {
      const rate = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], "Pay more for data");
      const puppets: HardhatEthersSigner[] = [];
      for (let i = 0; i < 3; i++) {
        const puppet = await puppetOf(i);
        await stake(w, puppet, 1_000n * FTNS);
        await propose(w.governor, puppet, await noise(i));
        puppets.push(puppet);
      }
      await voted(w, 0, rate, [
        [0, FOR],
        [2, ABSTAIN],
      ]);
      await carryOut(w, rate);
      expect(await w.economy.registry.baseRate(2n)).to.equal(11n * FTNS);
      for (const puppet of puppets) {
        await expect(w.economy.proposalDeposits.settle(puppet)).to.changeTokenBalance(
          connection.ethers,
          w.economy.token,
          w.economy.pool,
          1_000n * FTNS,
        );
      }
    });

    it("leaves the last votes untold for 64 deposits, never wrong, and at a bounded cost", async () => {
      for (let i = 0; i < 65; i++) {
        const puppet = await puppetOf(i);
        await stake(w, puppet, 1_000n * FTNS);
        await propose(w.governor, puppet, await noise(i));
      }
      // All are open: none is among the last, and one more than is looked at might be.
      const asked = await w.economy.clock.now();
      expect((await w.governor.lastVotes(asked)).complete).to.equal(false);
      expect(await w.governor.lastVotes.estimateGas(asked)).to.be.lessThan(3_000_000n);
    });
  });
});
