// Deposits of proposals (P222).
import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { DAY } from "../helpers/time.ts";
import { contractSigner } from "../staking/fixture.ts";
import {
  ABSTAIN,
  AGAINST,
  FOR,
  HELD,
  carryOut,
  governedOn,
  proposalOf,
  propose,
  stake,
  voted,
  type Governed,
  type Proposal,
} from "./fixture.ts";

const connection = await network.create();
const fixture = async () => governedOn(connection);
const DEPOSIT = 1_000n * FTNS;
const [FREED, SLASHED] = [2n, 3n];

describe("ProposalDeposits", () => {
  let w: Governed;
  let deposits: Governed["economy"]["proposalDeposits"];
  let rate: Proposal;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    deposits = w.economy.proposalDeposits;
    rate = await other("Pay more for data");
  });
  const other = (description: string) => proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], description);
  const sent = (by: number, p: Proposal) =>
    w.governor.connect(w.voters[by]!).propose(p.targets, p.values, p.calldatas, p.description);
  const lock = (by: number, amount: bigint) => w.votes.connect(w.voters[by]!).lock(deposits, amount);
  const locked = (by: number) => w.votes.lockOf(w.voters[by]!, deposits);
  const over = async (p: Proposal) => w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
  const stateOf = async (by: number) => (await deposits.depositOf(w.voters[by]!)).state;
  const settle = (by: number) => deposits.connect(w.voters[3]!).settle(w.voters[by]!);

  describe("a proposal", () => {
    it("reverts one wei short of the deposit, and passes with exactly that", async () => {
      await lock(0, DEPOSIT - 1n);
      await expect(sent(0, rate))
        .to.be.revertedWithCustomError(deposits, "DepositMissing")
        .withArgs(w.voters[0]!.address, DEPOSIT - 1n, DEPOSIT);
      await lock(0, 1n);
      await expect(sent(0, rate)).to.emit(deposits, "DepositHeld").withArgs(rate.id, w.voters[0]!.address, DEPOSIT);
      expect(await deposits.depositOf(w.voters[0]!)).to.deep.equal([rate.id, DEPOSIT, HELD]);
      expect(await deposits.depositOf(w.voters[1]!)).to.deep.equal([0n, 0n, 0n]);
    });

    it("is not paid by what is locked towards somebody else", async () => {
      const holder = await contractSigner(connection, await connection.ethers.deployContract("DoneOnce"));
      await w.votes.connect(w.economy.people.governor).setLockHolder(holder, true);
      await w.votes.connect(w.voters[0]!).lock(holder, DEPOSIT);
      await expect(sent(0, rate)).to.be.revertedWithCustomError(deposits, "DepositMissing");
    });

    it("leaves the deposit voting and earning, and keeps it from leaving", async () => {
      await propose(w.governor, w.voters[0]!, rate);
      const staked = await w.votes.stakedOf(w.voters[0]!);
      expect(await w.votes.getVotes(w.voters[0]!)).to.equal(staked);
      await expect(w.votes.connect(w.voters[0]!).requestUnstake(staked))
        .to.be.revertedWithCustomError(w.votes, "StakeLocked")
        .withArgs(w.voters[0]!.address, staked - DEPOSIT, staked);
    });
  });

  describe("settle", () => {
    it("reverts for an unknown proposal, while the vote is to come or going on, and the second time", async () => {
      await expect(settle(1)).to.be.revertedWithCustomError(deposits, "DepositNotHeld").withArgs(w.voters[1]!.address, 0n);
      await propose(w.governor, w.voters[0]!, rate);
      for (const wait of [1n, DAY + 1n]) {
        await w.economy.clock.pass(wait);
        await expect(settle(0)).to.be.revertedWithCustomError(deposits, "VoteStillOpen").withArgs(rate.id);
      }
      await w.economy.clock.to((await w.governor.proposalDeadline(rate.id)) - 1n);
      await expect(settle(0)).to.be.revertedWithCustomError(deposits, "VoteStillOpen");
      await over(rate);
      await settle(0);
      await expect(settle(0)).to.be.revertedWithCustomError(deposits, "DepositNotHeld").withArgs(w.voters[0]!.address, SLASHED);
    });

    it("frees the deposit of a proposal that succeeded with less than 5 %, also when it is carried out", async () => {
      await voted(w, 0, rate, [[6, FOR]]);
      await over(rate);
      await expect(settle(0)).to.emit(deposits, "DepositFreed").withArgs(rate.id, w.voters[0]!.address, DEPOSIT);
      expect([await locked(0), await stateOf(0)]).to.deep.equal([0n, FREED]);
      const next = await other("once more");
      await voted(w, 0, next, [[6, FOR]]);
      await carryOut(w, next);
      await settle(0);
      expect(await stateOf(0)).to.equal(FREED);
    });

    for (const [what, extra, state] of [
      ["exactly 5 % took part", 0n, FREED],
      ["one wei less than 5 % did", 20n, SLASHED],
    ] as const) {
      it(`${state === FREED ? "frees" : "slashes"} that of a defeated one when ${what}`, async () => {
        // 8 % and 4 % of ten million are too many: voter 5 keeps 1 %.
        const { clock } = w.economy;
        await w.votes.connect(w.voters[5]!).requestUnstake(700_000n * FTNS);
        await stake(w, w.voters[1]!, 700_000n * FTNS);
        if (extra > 0n) await stake(w, w.voters[1]!, extra);
        await clock.pass(10n);
        await voted(w, 0, rate, [
          [6, AGAINST],
          [5, ABSTAIN],
        ]);
        await over(rate);
        const before = await w.economy.token.balanceOf(w.economy.pool);
        await settle(0);
        expect(await stateOf(0)).to.equal(state);
        expect((await w.economy.token.balanceOf(w.economy.pool)) - before).to.equal(state === FREED ? 0n : DEPOSIT);
        expect(await locked(0)).to.equal(0n);
      });
    }

    it("slashes that of a withdrawn one", async () => {
      await propose(w.governor, w.voters[0]!, rate);
      await w.governor.connect(w.voters[0]!).cancel(rate.targets, rate.values, rate.calldatas, rate.descriptionHash);
      const votes = await w.votes.getVotes(w.voters[0]!);
      await expect(settle(0)).to.emit(deposits, "DepositSlashed").withArgs(rate.id, w.voters[0]!.address, DEPOSIT);
      expect(await w.votes.getVotes(w.voters[0]!)).to.equal(votes - DEPOSIT);
    });
  });

  describe("a next proposal", () => {
    it("settles the last one: what is freed holds for it", async () => {
      await voted(w, 0, rate, [[0, FOR]]);
      await over(rate);
      const next = await other("next");
      await expect(sent(0, next)).to.emit(deposits, "DepositFreed").withArgs(rate.id, w.voters[0]!.address, DEPOSIT);
      expect([await locked(0), await stateOf(0)]).to.deep.equal([DEPOSIT, HELD]);
    });

    it("needs a deposit of its own when the last one's is slashed", async () => {
      await propose(w.governor, w.voters[0]!, rate);
      await over(rate);
      const next = await other("next");
      await expect(sent(0, next))
        .to.be.revertedWithCustomError(deposits, "DepositMissing")
        .withArgs(w.voters[0]!.address, 0n, DEPOSIT);
      expect(await stateOf(0)).to.equal(HELD);
      await lock(0, DEPOSIT);
      await expect(sent(0, next)).to.emit(deposits, "DepositSlashed").withArgs(rate.id, w.voters[0]!.address, DEPOSIT);
      expect([await locked(0), await stateOf(0)]).to.deep.equal([DEPOSIT, HELD]);
    });
  });

  describe("releaseUnused", () => {
    it("gives back what no proposal holds, and nothing else", async () => {
      await expect(deposits.connect(w.voters[0]!).releaseUnused())
        .to.be.revertedWithCustomError(deposits, "NothingUnused")
        .withArgs(w.voters[0]!.address);
      await lock(0, DEPOSIT + 5n);
      await propose(w.governor, w.voters[0]!, rate);
      await deposits.connect(w.voters[0]!).releaseUnused();
      expect(await locked(0)).to.equal(DEPOSIT);
      await expect(deposits.connect(w.voters[0]!).releaseUnused()).to.be.revertedWithCustomError(deposits, "NothingUnused");
    });
  });

  describe("without the vault's admission", () => {
    // A vote that takes it away must not be the last one.
    it("costs nothing, so that a proposal can admit it again", async () => {
      await w.votes.connect(w.economy.people.governor).setLockHolder(deposits, false);
      await expect(lock(0, DEPOSIT)).to.be.revertedWithCustomError(w.votes, "LockHolderNotAdmitted");
      const admit = await proposalOf(w, w.votes, "setLockHolder", [await deposits.getAddress(), true], "admit it again");
      await expect(sent(0, admit)).to.emit(deposits, "DepositHeld").withArgs(admit.id, w.voters[0]!.address, 0n);
      await w.economy.clock.pass(DAY + 1n);
      await w.governor.connect(w.voters[0]!).castVote(admit.id, FOR);
      await carryOut(w, admit);
      // Nothing was held, and nothing is released.
      await expect(settle(0)).to.emit(deposits, "DepositFreed").withArgs(admit.id, w.voters[0]!.address, 0n);
      expect(await locked(0)).to.equal(0n);
      await expect(sent(1, rate)).to.be.revertedWithCustomError(deposits, "DepositMissing");
    });

    it("holds what was locked before, all the same", async () => {
      await lock(0, DEPOSIT);
      await w.votes.connect(w.economy.people.governor).setLockHolder(deposits, false);
      await expect(sent(0, rate)).to.emit(deposits, "DepositHeld").withArgs(rate.id, w.voters[0]!.address, DEPOSIT);
    });

    it("slashes what is left after the owner freed the lock, and holds nobody up", async () => {
      await propose(w.governor, w.voters[0]!, rate);
      await w.votes.connect(w.economy.people.governor).setLockHolder(deposits, false);
      await w.economy.clock.pass(14n * DAY);
      // It can slash no more; the owner is free to go.
      await expect(settle(0)).to.be.revertedWithCustomError(w.votes, "LockHolderNotAdmitted");
      await w.votes.connect(w.voters[0]!).freeAbandoned(deposits);
      await expect(settle(0)).to.emit(deposits, "DepositSlashed").withArgs(rate.id, w.voters[0]!.address, 0n);
    });
  });

  describe("settings", () => {
    it("hold only for the governor, who is named once", async () => {
      await expect(deposits.connect(w.voters[0]!).hold(w.voters[0]!, 1n))
        .to.be.revertedWithCustomError(deposits, "NotTheGovernor")
        .withArgs(w.voters[0]!.address);
      await expect(deposits.connect(w.economy.people.governor).initialize(w.timelock))
        .to.be.revertedWithCustomError(deposits, "GovernorIsFixed")
        .withArgs(await w.governor.getAddress());
    });

    for (const [value, passes] of [
      [100n * FTNS - 1n, false],
      [100n * FTNS, true],
      [10_000n * FTNS, true],
      [10_000n * FTNS + 1n, false],
    ] as const) {
      it(`${passes ? "take" : "refuse"} a deposit of ${value} wei`, async () => {
        const set = deposits.connect(w.economy.people.governor).setDeposit(value);
        if (!passes) {
          await expect(set)
            .to.be.revertedWithCustomError(deposits, "DepositOutOfBounds")
            .withArgs(value, 100n * FTNS, 10_000n * FTNS);
          return;
        }
        await expect(set).to.emit(deposits, "DepositSet").withArgs(DEPOSIT, value);
        await propose(w.governor, w.voters[0]!, rate);
        expect(await deposits.depositOf(w.voters[0]!)).to.deep.equal([rate.id, value, HELD]);
      });
    }

    it("need a vault and a governor that are contracts", async () => {
      const { ethers } = connection;
      const nobody = w.voters[0]!.address;
      await expect(ethers.deployContract("ProposalDeposits", [w.economy.manager, nobody]))
        .to.be.revertedWithCustomError(deposits, "NotAContract")
        .withArgs(nobody);
      const manager = await ethers.deployContract("AccessManager", [w.economy.people.deployer]);
      const fresh = await ethers.deployContract("ProposalDeposits", [manager, w.votes]);
      await expect(fresh.getFunction("initialize").send(nobody))
        .to.be.revertedWithCustomError(deposits, "NotAContract")
        .withArgs(nobody);
    });
  });
});
