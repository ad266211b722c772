// Decisions that come too late, too soon, or on a day that nobody chose (P225, P228): what an attacker did with them.
import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { DAY } from "../helpers/time.ts";
import { contractSigner } from "../staking/fixture.ts";
import {
  AGAINST,
  carryOut,
  execute,
  FOR,
  governedOn,
  proposalOf,
  propose,
  queue,
  STATE,
  voted,
  type Governed,
  type Proposal,
} from "./fixture.ts";

const connection = await network.create();
const { ethers } = connection;
const fixture = async () => governedOn(connection);
const HALT = 1n;

describe("decisions at the wrong time", () => {
  let w: Governed;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });
  const grant = (name: string) => proposalOf(w, w.economy.manager, "grantRole", [1n, w.outsiders[0]!.address, 0], name);
  const mints = async () => (await w.economy.manager.hasRole(1n, w.outsiders[0]!))[0];
  const queued = async (p: Proposal) => {
    await w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
    await queue(w.governor, p);
  };
  /** The salt under which the governor schedules `p`. */
  const saltOf = async (p: Proposal) => {
    const mine = ethers.zeroPadBytes(await w.governor.getAddress(), 32);
    return ethers.toBeHex(BigInt(mine) ^ BigInt(p.descriptionHash), 32);
  };
  const scheduled = async (p: Proposal) =>
    w.timelock.hashOperationBatch(p.targets, p.values, p.calldatas, ethers.ZeroHash, await saltOf(p));

  describe("a constitutional vote that reaches its 20 % in the last minute", () => {
    it("leaves a day to answer, also when quorum and turnout were there on the first day", async () => {
      const theft = await grant("late");
      await voted(w, 2, theft, [
        [2, FOR],
        [6, AGAINST],
      ]);
      expect(await w.governor.quorumReached(theft.id)).to.equal(false);
      const deadline = await w.governor.proposalDeadline(theft.id);
      await w.economy.clock.to(deadline - 60n);
      await w.governor.connect(w.voters[4]!).castVote(theft.id, FOR);
      const extended = await w.governor.proposalDeadline(theft.id);
      expect(extended).to.equal((await w.economy.clock.now()) + DAY);
      await w.economy.clock.to(extended - 1n);
      await w.governor.connect(w.voters[0]!).castVote(theft.id, AGAINST);
      await w.economy.clock.to(extended + 1n);
      expect(await w.governor.state(theft.id)).to.equal(STATE.defeated);
    });
  });

  describe("what passed and could not be carried out", () => {
    for (const [what, wait, passes] of [
      ["30 days after its time", 30n * DAY, true],
      ["a second later", 30n * DAY + 1n, false],
    ] as const) {
      it(`${passes ? "can be" : "has expired, and can't be,"} ${what}`, async () => {
        const { breaker, people, token } = w.economy;
        const end = await proposalOf(w, breaker, "end", [HALT], "end a halt");
        await voted(w, 0, end, [[6, FOR]]);
        await queued(end);
        const eta = await w.governor.proposalEta(end.id);
        await w.economy.clock.to(eta);
        await expect(execute(w.governor, end)).to.be.revertedWithCustomError(breaker, "NotInEffect");
        // The voters halt transfers long afterwards; the old decision must not undo it at somebody's will.
        await w.economy.clock.to(eta + wait - 10n);
        await breaker.connect(people.governor).impose(HALT);
        await w.economy.clock.nextBlockAt(eta + wait);
        if (passes) await execute(w.governor, end);
        else await expect(execute(w.governor, end)).to.be.revertedWithCustomError(w.governor, "GovernorUnexpectedProposalState");
        await w.economy.clock.to(eta + wait + 1n);
        expect((await token.haltedUntil()) > eta + wait).to.equal(!passes);
        expect(await w.governor.state(end.id)).to.equal(passes ? STATE.executed : STATE.expired);
      });
    }

    it("does not wait for the day that its maker chooses, by a contract that takes a wei when it wants to", async () => {
      const { breaker, token } = w.economy;
      await connection.networkHelpers.setBalance(await w.timelock.getAddress(), 10n ** 18n);
      const gate = await ethers.deployContract("ChoosyTaker", [0]);
      const p = await proposalOf(w, breaker, "impose", [HALT], "a halt and a wei");
      const [targets, values, calldatas] = [
        [...p.targets, await gate.getAddress()],
        [0n, 1n],
        [...p.calldatas, "0x"],
      ];
      const id = await w.governor["hashProposal"](targets, values, calldatas, p.descriptionHash);
      const both = { ...p, targets, values, calldatas, id };
      await voted(w, 0, both, [[6, FOR]]);
      expect(await w.governor.isConstitutional(id)).to.equal(false);
      await queued(both);
      await w.economy.clock.pass(2n * DAY + 1n);
      await expect(execute(w.governor, both)).to.be.revertedWithCustomError(gate, "NotNow");
      await w.economy.clock.pass(31n * DAY);
      await gate.getFunction("setWilling").send(true);
      await expect(execute(w.governor, both)).to.be.revertedWithCustomError(w.governor, "GovernorUnexpectedProposalState");
      expect((await token.haltedUntil()) <= (await w.economy.clock.now())).to.equal(true);
      // A vote that passed was worth its deposit.
      await expect(w.economy.proposalDeposits.settle(w.voters[0]!)).to.emit(w.economy.proposalDeposits, "DepositFreed");
    });
  });

  describe("the seven days", () => {
    it("are not cut short by relaying to the timelock", async () => {
      const b = await grant("B");
      const inner = w.timelock.interface.encodeFunctionData("executeBatch", [
        b.targets,
        b.values,
        b.calldatas,
        ethers.ZeroHash,
        await saltOf(b),
      ]);
      const a = await proposalOf(w, w.governor, "relay", [await w.timelock.getAddress(), 0n, inner], "A");
      await voted(w, 0, a, [[0, FOR]]);
      await queued(a);
      await propose(w.governor, w.voters[1]!, b);
      await w.economy.clock.pass(DAY + 1n);
      await w.governor.connect(w.voters[0]!).castVote(b.id, FOR);
      await queued(b);
      await w.economy.clock.pass(2n * DAY + 10n);
      await expect(execute(w.governor, b)).to.be.revertedWithCustomError(w.governor, "ProposalWaits");
      await expect(execute(w.governor, a)).to.be.revertedWithCustomError(w.governor, "RelayToTimelock");
      expect(await mints()).to.equal(false);
    });

    it("relays to others by a vote, and to nobody without one", async () => {
      const data = w.economy.token.interface.encodeFunctionData("approve", [w.outsiders[0]!.address, 5n]);
      await expect(w.governor.relay(w.economy.token, 0n, data)).to.be.revertedWithCustomError(w.governor, "GovernorOnlyExecutor");
      const p = await proposalOf(w, w.governor, "relay", [w.economy.addresses.token, 0n, data], "relay");
      await voted(w, 0, p, [[0, FOR]]);
      await carryOut(w, p);
      expect(await w.economy.token.allowance(w.governor, w.outsiders[0]!)).to.equal(5n);
    });

    for (const name of ["EXECUTOR_ROLE", "PROPOSER_ROLE", "CANCELLER_ROLE", "DEFAULT_ADMIN_ROLE"] as const) {
      it(`are not lost by opening ${name} to everybody`, async () => {
        const role = await w.timelock[name]();
        const open = await proposalOf(w, w.timelock, "grantRole", [role, ethers.ZeroAddress], `open ${name}`);
        await voted(w, 0, open, [[0, FOR]]);
        await expect(carryOut(w, open)).to.be.revertedWithCustomError(w.timelock, "OpenRole").withArgs(role);
      });
    }
  });

  describe("a canceller", () => {
    it("who is no proposer cancels nothing: no veto over every later vote", async () => {
      const veto = w.outsiders[0]!;
      const role = await w.timelock.CANCELLER_ROLE();
      const council = await proposalOf(w, w.timelock, "grantRole", [role, veto.address], "a council");
      await voted(w, 0, council, [[0, FOR]]);
      await carryOut(w, council);
      const back = await proposalOf(w, w.timelock, "revokeRole", [role, veto.address], "no council");
      await voted(w, 1, back, [[0, FOR]]);
      await queued(back);
      await expect(w.timelock.connect(veto).cancel(await scheduled(back)))
        .to.be.revertedWithCustomError(w.timelock, "AccessControlUnauthorizedAccount")
        .withArgs(veto.address, await w.timelock.PROPOSER_ROLE());
      await w.economy.clock.to((await w.governor.proposalEta(back.id)) - 1n);
      await execute(w.governor, back);
      expect(await w.timelock.hasRole(role, veto)).to.equal(false);
    });

    it("who is one stops what passed, which stays a vote that was worth it, and among the last", async () => {
      const p = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, 10n * FTNS], "stopped");
      await voted(w, 1, p, [[0, FOR]]);
      await queued(p);
      await w.timelock.connect(await contractSigner(connection, w.governor)).cancel(await scheduled(p));
      expect(await w.governor.state(p.id)).to.equal(STATE.canceled);
      expect((await w.governor.lastVotes(await w.economy.clock.now())).count).to.equal(1n);
      await expect(w.economy.proposalDeposits.settle(w.voters[1]!)).to.emit(w.economy.proposalDeposits, "DepositFreed");
    });
  });
});
