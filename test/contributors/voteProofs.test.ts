import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { voteValue } from "@ftns/model";
import { network } from "hardhat";
import {
  ABSTAIN,
  AGAINST,
  FOR,
  governedOn,
  proposalOf,
  propose,
  stake,
  voted,
  type Governed,
  type Proposal,
} from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { attest } from "../helpers/sign.ts";
import { DAY, dayOf } from "../helpers/time.ts";
import { fieldsOf } from "./fixture.ts";

const connection = await network.create();
const { ethers } = connection;
const fixture = async () => governedOn(connection);

describe("VoteProofs", () => {
  let w: Governed;
  let rate: Proposal;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    rate = await proposal("Pay more for data");
  });

  const proposal = async (description: string) => proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], description);
  const submitFor = (who: HardhatEthersSigner, p = rate) => w.economy.voteProofs.connect(w.outsiders[0]!).submitVote(p.id, who);
  const submit = (voter: number, p = rate) => submitFor(w.voters[voter]!, p);
  const over = async (p = rate) => w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);

  /** Makes somebody a contributor by a signed proof worth 20 FTNS, enough for BASIC. */
  const contributes = async (who: HardhatEthersSigner) => {
    const { registry, people, clock } = w.economy;
    const { chainId } = await ethers.provider.getNetwork();
    const now = await clock.now();
    const contribution = {
      contributor: who.address,
      kind: 1n,
      proofHash: ethers.id(`work ${who.address} ${now}`),
      units: 400n * FTNS,
      quality: FTNS,
      confidence: FTNS,
      impact: FTNS,
      observedAt: now,
      expiresAt: now + DAY,
      evidenceRoot: ethers.ZeroHash,
      evidenceURI: "",
    };
    const place = { chainId, verifyingContract: await registry.getAddress() };
    await registry.connect(who).submit(contribution, await attest(people.verifiers, contribution, place), []);
  };

  describe("submitVote", () => {
    it("reverts for somebody who has not voted", async () => {
      await voted(w, 0, rate, [[0, FOR]]);
      await over();
      await expect(submit(1))
        .to.be.revertedWithCustomError(w.economy.voteProofs, "HasNotVoted")
        .withArgs(rate.id, w.voters[1]!.address);
    });

    it("reverts while the vote is open", async () => {
      await contributes(w.voters[0]!);
      await voted(w, 0, rate, [[0, FOR]]);
      await w.economy.clock.nextBlockAt(await w.governor.proposalDeadline(rate.id));
      await expect(submit(0)).to.be.revertedWithCustomError(w.economy.voteProofs, "VoteStillOpen");
    });

    it("reverts for a crowd of wallets without contributions", async () => {
      await voted(w, 0, rate, [
        [0, FOR],
        [1, AGAINST],
      ]);
      await over();
      await expect(submit(1))
        .to.be.revertedWithCustomError(w.economy.voteProofs, "VoterBelowBasic")
        .withArgs(w.voters[1]!.address);
    });

    it("reverts a week and a second after the end", async () => {
      await contributes(w.voters[0]!);
      await voted(w, 0, rate, [[0, FOR]]);
      const end = await w.governor.proposalDeadline(rate.id);
      await w.economy.clock.to(end + 7n * DAY + 1n);
      await expect(submit(0)).to.be.revertedWithCustomError(w.economy.voteProofs, "VoteTooLongAgo");
    });

    it("pays a contributor 2 FTNS, also for a vote that lost, and each vote once", async () => {
      const { registry, token, voteProofs, pool } = w.economy;
      const voter = w.voters[1]!;
      await contributes(voter);
      await voted(w, 0, rate, [
        [0, FOR],
        [1, AGAINST],
      ]);
      await over();
      const owned = async () => (await token.balanceOf(voter)) + (await pool.claimable(voter));
      const before = await owned();
      await expect(submit(1)).to.emit(voteProofs, "VoteAccepted");
      expect((await owned()) - before).to.equal(2n * FTNS);
      const { commitmentDays } = await registry.standingOf(voter);
      expect(commitmentDays >> 32n).to.equal(dayOf(await w.economy.clock.now()));
      await expect(submit(1))
        .to.be.revertedWithCustomError(registry, "ProofAlreadyUsed")
        .withArgs(await voteProofs.proofHashOf(rate.id, voter));
    });

    it("does not know a proposal that is none", async () => {
      await expect(w.economy.voteProofs.submitVote(1n, w.voters[0]!)).to.be.revertedWithCustomError(
        w.economy.voteProofs,
        "HasNotVoted",
      );
      expect(await w.governor.proposalCount()).to.equal(0n);
      await propose(w.governor, w.voters[0]!, rate);
    });
  });

  describe("given a ballot few took part in", () => {
    /** Ten million staked, of which voter 5 votes alone with half a million less `missing`. */
    async function halfMillion(missing: bigint, support: bigint) {
      await contributes(w.voters[5]!);
      await w.votes.connect(w.voters[5]!).requestUnstake(300_000n * FTNS + missing);
      await stake(w, w.outsiders[2]!, 300_000n * FTNS + missing);
      await w.economy.clock.pass(60n);
      await voted(w, 0, rate, [[5, support]]);
      await over();
    }

    it("reverts below 5 % of the voting supply, to the wei", async () => {
      await halfMillion(1n, FOR);
      await expect(submit(5))
        .to.be.revertedWithCustomError(w.economy.voteProofs, "TurnoutTooLow")
        .withArgs(rate.id, 500_000n * FTNS - 1n, 10_000_000n * FTNS);
    });

    it("counts at 5 %, whatever was said", async () => {
      await halfMillion(0n, ABSTAIN);
      await expect(submit(5)).to.emit(w.economy.voteProofs, "VoteAccepted");
    });

    it("counts votes against, also without a quorum for it", async () => {
      await halfMillion(0n, AGAINST);
      await expect(submit(5)).to.emit(w.economy.voteProofs, "VoteAccepted");
    });
  });

  describe("given a vote with little behind it", () => {
    /** What the vote of an outsider with a stake of `amount` is worth. */
    async function worth(amount: bigint) {
      const [, , small] = w.outsiders;
      await contributes(small!);
      await stake(w, small!, amount);
      await w.economy.clock.pass(60n);
      await voted(w, 0, rate, [[0, FOR]]);
      await w.governor.connect(small!).castVote(rate.id, FOR);
      await over();
      const receipt = await (await submitFor(small!)).wait();
      const [event] = await w.economy.voteProofs.queryFilter(w.economy.voteProofs.filters.VoteAccepted(), receipt!.blockNumber);
      return event!.args.outcome.value;
    }

    for (const [amount, value] of [
      [1_000n, 1n],
      [1_000n * FTNS + 999n, FTNS],
      [2_000n * FTNS - 1n, 2n * FTNS - 1n],
      [2_000n * FTNS, 2n * FTNS],
      [5_000n * FTNS, 2n * FTNS],
    ] as const) {
      it(`is worth 0.1 % of ${amount} wei: ${value}, at most 2 FTNS`, async () => {
        expect(await worth(amount)).to.equal(value);
        expect(voteValue(amount, 2n * FTNS, 1_000n * FTNS)).to.equal(value);
      });
    }

    it("reverts when it is worth nothing", async () => {
      await expect(worth(999n))
        .to.be.revertedWithCustomError(w.economy.voteProofs, "TooFewVotes")
        .withArgs(w.outsiders[2]!.address, 999n, 1_000n);
    });

    it("is worth at most the base rate of GOVERNANCE as it is now", async () => {
      await w.economy.registry.connect(w.economy.people.governor).setBaseRate(3n, FTNS / 2n);
      expect(await worth(1_000n * FTNS)).to.equal(FTNS / 2n);
    });
  });

  describe("given one stake that is delegated in turns", () => {
    /** Six ballots at once, by the other six voters, in all of which `delegate` votes with the three million of voter 0. */
    async function sixBallots(round: string, delegate: HardhatEthersSigner) {
      await w.votes.connect(w.voters[0]!).delegate(delegate);
      await w.economy.clock.pass(60n);
      const ballots = await Promise.all([1, 2, 3, 4, 5, 6].map(async (by) => proposal(`${round} ${by}`)));
      for (const [i, p] of ballots.entries()) await propose(w.governor, w.voters[i + 1]!, p);
      await w.economy.clock.pass(DAY + 10n);
      for (const p of ballots) await w.governor.connect(delegate).castVote(p.id, FOR);
      await w.economy.clock.to((await w.governor.proposalDeadline(ballots[5]!.id)) + 1n);
      return ballots;
    }

    it("counts four votes of an account in 30 days, worth 8 FTNS, which make no tier", async () => {
      const { registry, voteProofs, clock } = w.economy;
      const [one, two] = [w.outsiders[1]!, w.outsiders[2]!];
      for (const who of [one, two]) await contributes(who);
      const first = await sixBallots("first", one);
      const today = dayOf(await clock.now());
      for (const p of first.slice(0, 4)) await submitFor(one, p);
      for (const p of first.slice(4)) {
        await expect(submitFor(one, p))
          .to.be.revertedWithCustomError(voteProofs, "VoteLimitReached")
          .withArgs(one.address, today + 30n);
      }
      expect(await voteProofs.nextVoteOn(one)).to.equal(today + 30n);

      const second = await sixBallots("second", two);
      for (const p of second.slice(0, 4)) await submitFor(two, p);
      await expect(submitFor(two, second[4])).to.be.revertedWithCustomError(voteProofs, "VoteLimitReached");

      // 24 days later the work of both has left the window; what remains are votes.
      await clock.toDay(today + 29n, 3_600n);
      const status = await registry.statusOf(one);
      expect([status.score, status.supportedTier]).to.deep.equal([8n * FTNS, 0n]);
      expect((await registry.statusOf(two)).score).to.equal(8n * FTNS);
    });

    it("counts the next on the 30th day, to the day, and each day frees one", async () => {
      const { voteProofs, clock, registry } = w.economy;
      const [, one] = w.outsiders;
      // Votes may be presented for 30 days here, so that the window of the limit alone decides.
      const rules = fieldsOf(await registry.proofRules());
      await registry.connect(w.economy.people.governor).setProofRules({ ...rules, maxAgeSec: 30n * DAY });
      await contributes(one!);
      const ballots = await sixBallots("first", one!);
      const start = dayOf(await clock.now());
      await submitFor(one!, ballots[0]);
      await clock.toDay(start + 1n, 3_600n);
      for (const p of ballots.slice(1, 4)) await submitFor(one!, p);
      await clock.toDay(start + 29n, 3_600n);
      await contributes(one!);
      await expect(submitFor(one!, ballots[4]))
        .to.be.revertedWithCustomError(voteProofs, "VoteLimitReached")
        .withArgs(one!.address, start + 30n);
      const end = await w.governor.proposalDeadline(ballots[4]!.id);
      expect(dayOf(end + 30n * DAY)).to.equal(start + 30n);
      await clock.toDay(start + 30n, 60n);
      await submitFor(one!, ballots[4]);
      await expect(submitFor(one!, ballots[5]))
        .to.be.revertedWithCustomError(voteProofs, "VoteLimitReached")
        .withArgs(one!.address, start + 31n);
    });

    it("does not use up the allowance of a vote that is refused", async () => {
      const [, one] = w.outsiders;
      await contributes(one!);
      const [first] = await sixBallots("first", one!);
      await submitFor(one!, first);
      for (let i = 0; i < 4; i++) {
        await expect(submitFor(one!, first)).to.be.revertedWithCustomError(w.economy.registry, "ProofAlreadyUsed");
      }
      expect(await w.economy.voteProofs.nextVoteOn(one!)).to.equal(0n);
    });
  });
});
