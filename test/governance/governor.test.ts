import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import {
  ABSTAIN,
  AGAINST,
  FOR,
  STAKED,
  STATE,
  WAD,
  carryOut,
  execute,
  governedOn,
  lockDeposit,
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

describe("FTNSGovernor", () => {
  let w: Governed;
  /** Sets the base rate of data to 11 FTNS. */
  let rate: Proposal;
  const rateProposal = (description: string) => proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], description);
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    rate = await rateProposal("Pay more for data");
  });

  describe("settings", () => {
    it("are those of the specification", async () => {
      expect(await w.governor.votingDelay()).to.equal(DAY);
      expect(await w.governor.votingPeriod()).to.equal(5n * DAY);
      expect(await w.governor.proposalThresholdShare()).to.equal(WAD / 1_000n);
      expect(await w.governor.lateQuorumVoteExtension()).to.equal(DAY);
      expect(await w.timelock.getMinDelay()).to.equal(2n * DAY);
      expect(await w.governor.CLOCK_MODE()).to.equal("mode=timestamp");
    });

    const bounds: [string, string, bigint, bigint][] = [
      ["setVotingDelay", "votingDelay", HOUR, 7n * DAY],
      ["setVotingPeriod", "votingPeriod", 2n * DAY, 14n * DAY],
      ["setProposalThreshold", "proposalThreshold", WAD / 10_000n, WAD / 50n],
      ["updateQuorumNumerator", "quorumNumerator", 1n, 20n],
      ["setLateQuorumVoteExtension", "lateQuorumVoteExtension", 6n * HOUR, 3n * DAY],
    ];
    for (const [setter, setting, min, max] of bounds) {
      it(`${setter} reverts for anyone but the timelock, also for values within bounds`, async () => {
        await expect(w.governor.connect(w.voters[0]!).getFunction(setter).send(min))
          .to.be.revertedWithCustomError(w.governor, "GovernorOnlyExecutor")
          .withArgs(w.voters[0]!.address);
      });

      for (const [value, passes] of [
        [min - 1n, false],
        [min, true],
        [max, true],
        [max + 1n, false],
      ] as const) {
        it(`${setter} ${passes ? "takes" : "refuses"} ${value}`, async () => {
          const p = await proposalOf(w, w.governor, setter, [value], "a setting");
          await voted(w, 0, p, [[0, FOR]]);
          if (passes) {
            await carryOut(w, p);
            expect(await w.governor.state(p.id)).to.equal(STATE.executed);
          } else {
            await expect(carryOut(w, p))
              .to.be.revertedWithCustomError(w.governor, "SettingOutOfBounds")
              .withArgs(connection.ethers.encodeBytes32String(setting), value, min, max);
          }
        });
      }
    }

    it("refuses votes that count blocks instead of seconds", async () => {
      const clockless = await connection.ethers.deployContract("BlockClock");
      const args = [clockless, w.timelock, w.economy.ordinaryCalls, w.economy.proposalDeposits];
      await expect(connection.ethers.deployContract("FTNSGovernor", args)).to.be.revertedWithCustomError(
        w.governor,
        "VotesOnAnotherClock",
      );
    });
  });

  describe("votingSupply", () => {
    it("is what was staked at that time", async () => {
      expect(await w.governor.votingSupply((await w.economy.clock.now()) - 1n)).to.equal(STAKED);
    });

    it("is never below a million FTNS", async () => {
      for (const voter of w.voters) await w.votes.connect(voter).requestUnstake(await w.votes.stakedOf(voter));
      await w.economy.clock.pass(10n);
      const then = (await w.economy.clock.now()) - 1n;
      expect(await w.votes.getPastTotalSupply(then)).to.equal(0n);
      expect(await w.governor.votingSupply(then)).to.equal(1_000_000n * FTNS);
      expect(await w.governor.quorum(then)).to.equal(40_000n * FTNS);
      expect(await w.governor.proposalThreshold()).to.equal(1_000n * FTNS);
    });
  });

  describe("propose", () => {
    it("reverts one wei below 0.1 % of the staked supply and passes at exactly that", async () => {
      const proposer = w.outsiders[0]!;
      // v is 0.1 % of 10,000,000 + v.
      const exact = STAKED / 999n + 1n;
      await stake(w, proposer, exact - 1n);
      await w.economy.clock.pass(10n);
      expect(await w.governor.proposalThreshold()).to.equal(exact);
      await expect(propose(w.governor, proposer, rate))
        .to.be.revertedWithCustomError(w.governor, "GovernorInsufficientProposerVotes")
        .withArgs(proposer.address, exact - 1n, exact);
      await stake(w, proposer, 1n);
      await w.economy.clock.pass(10n);
      await propose(w.governor, proposer, rate);
      expect(await w.governor.state(rate.id)).to.equal(STATE.pending);
    });

    it("reverts for a target without code", async () => {
      const p = await rateProposal("to nobody");
      p.targets = [w.voters[6]!.address];
      await expect(propose(w.governor, w.voters[0]!, p))
        .to.be.revertedWithCustomError(w.governor, "TargetWithoutCode")
        .withArgs(w.voters[6]!.address);
    });

    it("reverts while the proposer's last one is open, and passes when it is over", async () => {
      await propose(w.governor, w.voters[0]!, rate);
      const next = await rateProposal("next");
      for (const wait of [1n, 3n * DAY]) {
        await w.economy.clock.pass(wait);
        await expect(propose(w.governor, w.voters[0]!, next))
          .to.be.revertedWithCustomError(w.economy.proposalDeposits, "VoteStillOpen")
          .withArgs(rate.id);
      }
      await w.economy.clock.to((await w.governor.proposalDeadline(rate.id)) + 1n);
      await propose(w.governor, w.voters[0]!, next);
      expect(await w.governor.state(next.id)).to.equal(STATE.pending);
    });

    it("lets a proposer start over after withdrawing", async () => {
      await propose(w.governor, w.voters[0]!, rate);
      await w.governor.connect(w.voters[0]!).cancel(rate.targets, rate.values, rate.calldatas, rate.descriptionHash);
      const next = await rateProposal("better");
      await propose(w.governor, w.voters[0]!, next);
      expect(await w.governor.proposalCount()).to.equal(2n);
      expect(await w.governor.proposalIdAt(1n)).to.equal(next.id);
    });

    it("names what was withdrawn", async () => {
      await propose(w.governor, w.voters[0]!, rate);
      const { targets, values, calldatas, descriptionHash } = rate;
      const mine = w.governor.connect(w.voters[0]!);
      expect(await mine.cancel.staticCall(targets, values, calldatas, descriptionHash)).to.equal(rate.id);
    });

    it("lets nobody else take a description with its proposer in it", async () => {
      const p = await rateProposal(`mine#proposer=${w.voters[0]!.address}`);
      await expect(propose(w.governor, w.voters[1]!, p)).to.be.revertedWithCustomError(w.governor, "GovernorRestrictedProposer");
      await propose(w.governor, w.voters[0]!, p);
      expect(await w.governor.state(p.id)).to.equal(STATE.pending);
    });
  });

  describe("a vote", () => {
    it("is decided when exactly 4 % take part", async () => {
      await voted(w, 0, rate, [[6, FOR]]);
      await w.economy.clock.to((await w.governor.proposalDeadline(rate.id)) + 1n);
      expect(await w.governor.state(rate.id)).to.equal(STATE.succeeded);
    });

    it("is not when one wei is missing", async () => {
      await stake(w, w.outsiders[0]!, 25n);
      await w.economy.clock.pass(10n);
      await voted(w, 0, rate, [[6, FOR]]);
      await w.economy.clock.to((await w.governor.proposalDeadline(rate.id)) + 1n);
      expect(await w.governor.quorum(await w.governor.proposalSnapshot(rate.id))).to.equal((STAKED * 4n) / 100n + 1n);
      expect(await w.governor.state(rate.id)).to.equal(STATE.defeated);
    });

    it("fails on a tie", async () => {
      await voted(w, 0, rate, [
        [0, FOR],
        [1, AGAINST],
        [4, AGAINST],
      ]);
      await w.economy.clock.to((await w.governor.proposalDeadline(rate.id)) + 1n);
      expect(await w.governor.state(rate.id)).to.equal(STATE.defeated);
    });

    it("counts abstentions for the quorum only", async () => {
      await voted(w, 0, rate, [
        [1, ABSTAIN],
        [6, FOR],
        [5, ABSTAIN],
      ]);
      await w.economy.clock.to((await w.governor.proposalDeadline(rate.id)) + 1n);
      expect(await w.governor.state(rate.id)).to.equal(STATE.succeeded);
    });

    it("takes signatures, each once", async () => {
      await voted(w, 0, rate, []);
      const voter = w.voters[1]!;
      const { chainId } = await connection.ethers.provider.getNetwork();
      const domain = { name: "FTNS Governor", version: "1", chainId, verifyingContract: await w.governor.getAddress() };
      const types = {
        Ballot: [
          { name: "proposalId", type: "uint256" },
          { name: "support", type: "uint8" },
          { name: "voter", type: "address" },
          { name: "nonce", type: "uint256" },
        ],
      };
      const signature = await voter.signTypedData(domain, types, {
        proposalId: rate.id,
        support: FOR,
        voter: voter.address,
        nonce: 0n,
      });
      const relayed = () => w.governor.connect(w.voters[2]!).castVoteBySig(rate.id, FOR, voter.address, signature);
      await expect(w.governor.castVoteBySig(rate.id, AGAINST, voter.address, signature))
        .to.be.revertedWithCustomError(w.governor, "GovernorInvalidSignature")
        .withArgs(voter.address);
      await relayed();
      expect(await w.governor.hasVoted(rate.id, voter.address)).to.equal(true);
      await expect(relayed()).to.be.revertedWithCustomError(w.governor, "GovernorInvalidSignature");
    });
  });

  describe("queue and execute", () => {
    it("take a day, five days and two days, and anyone may send them", async () => {
      await lockDeposit(w.governor, w.voters[0]!);
      const proposedAt = (await w.economy.clock.now()) + 100n;
      await w.economy.clock.nextBlockAt(proposedAt);
      await voted(w, 0, rate, [[0, FOR]]);
      const deadline = await w.governor.proposalDeadline(rate.id);
      expect(deadline - proposedAt).to.equal(6n * DAY);
      await expect(queue(w.governor.connect(w.voters[5]!), rate)).to.be.revertedWithCustomError(
        w.governor,
        "GovernorUnexpectedProposalState",
      );
      await w.economy.clock.to(deadline + 1n);
      await queue(w.governor.connect(w.voters[5]!), rate);
      const eta = await w.governor.proposalEta(rate.id);
      await w.economy.clock.nextBlockAt(eta - 1n);
      await expect(execute(w.governor, rate)).to.be.revertedWithCustomError(w.timelock, "TimelockUnexpectedOperationState");
      await w.economy.clock.nextBlockAt(eta);
      await execute(w.governor.connect(w.voters[5]!), rate);
      expect(await w.economy.registry.baseRate(2n)).to.equal(11n * FTNS);
    });

    it("leave no way around the governor", async () => {
      await voted(w, 0, rate, [[0, FOR]]);
      await w.economy.clock.to((await w.governor.proposalDeadline(rate.id)) + 1n);
      await queue(w.governor, rate);
      await w.economy.clock.pass(2n * DAY);
      const salt = connection.ethers.zeroPadBytes(await w.governor.getAddress(), 32);
      const mixed = connection.ethers.toBeHex(BigInt(salt) ^ BigInt(rate.descriptionHash), 32);
      await expect(
        w.timelock
          .connect(w.voters[0]!)
          .executeBatch(rate.targets, rate.values, rate.calldatas, connection.ethers.ZeroHash, mixed),
      ).to.be.revertedWithCustomError(w.timelock, "AccessControlUnauthorizedAccount");
    });
  });
});
