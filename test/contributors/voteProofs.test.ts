import { expect } from "chai";
import { network } from "hardhat";
import {
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
import { DAY, dayOf } from "../helpers/time.ts";

const GOVERNANCE = 3n;
const connection = await network.create();
const fixture = async () => governedOn(connection);

describe("VoteProofs", () => {
  let w: Governed;
  let rate: Proposal;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    rate = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], "Pay more for data");
  });

  const submit = (voter: number, p = rate) => w.economy.voteProofs.connect(w.outsiders[0]!).submitVote(p.id, w.voters[voter]!);
  /** Makes a voter a contributor by a signed proof worth `units` FTNS times 10. */
  const contributes = async (voter: number) => {
    const { attest } = await import("../helpers/sign.ts");
    const { registry, people, clock } = w.economy;
    const { chainId } = await connection.ethers.provider.getNetwork();
    const now = await clock.now();
    const contribution = {
      contributor: w.voters[voter]!.address,
      kind: 2n,
      proofHash: connection.ethers.id(`data ${voter} ${now}`),
      units: 2n * FTNS,
      quality: FTNS,
      confidence: FTNS,
      impact: FTNS,
      observedAt: now,
      expiresAt: now + DAY,
      evidenceURI: "",
    };
    await registry
      .connect(people.governor)
      .setReviewRules({ minRating: 3n, maxAgeSec: 7n * DAY, monthlyLimit: 3n, required: [0, 0, 0, 0, 0, 0, 0, 0] });
    const attestations = await attest(people.verifiers, contribution, {
      chainId,
      verifyingContract: await registry.getAddress(),
    });
    await registry.connect(w.voters[voter]!).submit(contribution, attestations, []);
  };
  const over = async (p = rate) => w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);

  describe("submitVote", () => {
    it("reverts for somebody who has not voted", async () => {
      await voted(w, 0, rate, [[0, FOR]]);
      await over();
      await expect(submit(1))
        .to.be.revertedWithCustomError(w.economy.voteProofs, "HasNotVoted")
        .withArgs(rate.id, w.voters[1]!.address);
    });

    it("reverts while the vote is open", async () => {
      await contributes(0);
      await voted(w, 0, rate, [[0, FOR]]);
      await w.economy.clock.nextBlockAt(await w.governor.proposalDeadline(rate.id));
      await expect(submit(0)).to.be.revertedWithCustomError(w.economy.voteProofs, "VoteStillOpen");
    });

    it("reverts without a quorum: nobody earns by votes on proposals of his own", async () => {
      await contributes(6);
      await w.votes.connect(w.voters[6]!).requestUnstake(FTNS);
      await w.economy.clock.pass(10n);
      await voted(w, 6, rate, [[6, FOR]]);
      await over();
      await expect(submit(6)).to.be.revertedWithCustomError(w.economy.voteProofs, "VoteWithoutQuorum").withArgs(rate.id);
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

    it("reverts with less than 100 FTNS behind it", async () => {
      const [, , poor] = w.outsiders;
      await stake({ economy: w.economy, votes: w.votes }, poor!, 100n * FTNS - 1n);
      await voted(w, 0, rate, [[0, FOR]]);
      await w.governor.connect(poor!).castVote(rate.id, FOR);
      await over();
      await expect(w.economy.voteProofs.submitVote(rate.id, poor!))
        .to.be.revertedWithCustomError(w.economy.voteProofs, "TooFewVotes")
        .withArgs(poor!.address, 100n * FTNS - 1n, 100n * FTNS);
    });

    it("reverts a week and a second after the end", async () => {
      await contributes(0);
      await voted(w, 0, rate, [[0, FOR]]);
      const end = await w.governor.proposalDeadline(rate.id);
      await w.economy.clock.to(end + 7n * DAY + 1n);
      await expect(submit(0)).to.be.revertedWithCustomError(w.economy.voteProofs, "VoteTooLongAgo");
    });

    it("pays a contributor 2 FTNS, also for a vote that lost, and each vote once", async () => {
      const { registry, token, voteProofs } = w.economy;
      await contributes(1);
      await voted(w, 0, rate, [
        [0, FOR],
        [1, AGAINST],
      ]);
      await over();
      const before = await token.balanceOf(w.voters[1]!);
      const claimable = await w.economy.pool.claimable(w.voters[1]!);
      await expect(submit(1)).to.emit(voteProofs, "VoteAccepted");
      const paid = (await token.balanceOf(w.voters[1]!)) - before + (await w.economy.pool.claimable(w.voters[1]!)) - claimable;
      expect(paid).to.equal(2n * FTNS);
      expect(await registry.lastDayOf(w.voters[1]!, GOVERNANCE)).to.equal(dayOf(await w.economy.clock.now()));
      await expect(submit(1))
        .to.be.revertedWithCustomError(registry, "ProofAlreadyUsed")
        .withArgs(await voteProofs.proofHashOf(rate.id, w.voters[1]!));
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

  describe("countVote", () => {
    it("is for VoteProofs alone", async () => {
      await expect(
        w.economy.registry.connect(w.voters[0]!).countVote(w.voters[0]!, connection.ethers.id("vote")),
      ).to.be.revertedWithCustomError(w.economy.registry, "AccessManagedUnauthorized");
    });
  });
});
