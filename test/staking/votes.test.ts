import { expect } from "chai";
import { Signature } from "ethers";
import { forCases, fuzzCases } from "../helpers/random.ts";
import { DAY } from "../helpers/time.ts";
import { FTNS, stakingFixture, type Staking } from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;
const STAKE = 1_000n * FTNS;

describe("votes of stakes", () => {
  let d: Staking;
  let vault: Staking["vault"];
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
  });

  it("go by timestamps, as ERC-6372 says", async () => {
    expect(await vault.CLOCK_MODE()).to.equal("mode=timestamp");
    expect(await vault.clock()).to.equal(await d.clock.now());
  });

  describe("getPastVotes and getPastTotalSupply", () => {
    it("revert for the present and the future", async () => {
      const now = await d.clock.now();
      await expect(vault.getPastVotes(d.alice, now))
        .to.be.revertedWithCustomError(vault, "ERC5805FutureLookup")
        .withArgs(now, now);
      await expect(vault.getPastTotalSupply(now + 1n))
        .to.be.revertedWithCustomError(vault, "ERC5805FutureLookup")
        .withArgs(now + 1n, now);
    });

    it("count what was staked at the end of the second, not what came later", async () => {
      await vault.stake(STAKE);
      const first = await d.clock.now();
      await d.clock.pass(100n);
      await vault.requestUnstake(STAKE / 2n);
      const second = await d.clock.now();
      await d.clock.pass(100n);
      for (const [time, votes] of [
        [first - 1n, 0n],
        [first, STAKE],
        [second - 1n, STAKE],
        [second, STAKE / 2n],
      ] as const) {
        expect(await vault.getPastVotes(d.alice, time)).to.equal(votes);
        expect(await vault.getPastTotalSupply(time)).to.equal(votes);
      }
    });

    it("do not count what is pending (P71)", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      expect(await vault.getVotes(d.alice)).to.equal(0n);
      expect(await vault.totalStaked()).to.equal(0n);
      await vault.delegate(d.bob);
      expect(await vault.getVotes(d.bob)).to.equal(0n);
    });
  });

  describe("delegate", () => {
    it("is oneself before anything is chosen", async () => {
      expect(await vault.delegates(d.alice)).to.equal(d.alice.address);
      expect(await vault.delegates(ethers.ZeroAddress)).to.equal(ethers.ZeroAddress);
      await vault.delegate(d.bob);
      await vault.stake(STAKE);
      expect(await vault.getVotes(d.alice)).to.equal(0n);
      expect(await vault.getVotes(d.bob)).to.equal(STAKE);
    });

    it("moves the votes, not the stake", async () => {
      await vault.stake(STAKE);
      const moved = vault.delegate(d.bob);
      await expect(moved).to.emit(vault, "DelegateChanged").withArgs(d.alice, d.alice, d.bob);
      await expect(moved).to.emit(vault, "DelegateVotesChanged").withArgs(d.alice, STAKE, 0n);
      await expect(moved).to.emit(vault, "DelegateVotesChanged").withArgs(d.bob, 0n, STAKE);
      expect(await vault.stakedOf(d.alice)).to.equal(STAKE);
      await vault.requestUnstake(STAKE);
      expect(await vault.getVotes(d.bob)).to.equal(0n);
    });

    it("goes back to oneself with the zero address, so that no vote is ever without a voter", async () => {
      await vault.stake(STAKE);
      await vault.delegate(d.bob);
      await expect(vault.delegate(ethers.ZeroAddress)).to.emit(vault, "DelegateChanged").withArgs(d.alice, d.bob, d.alice);
      expect(await vault.getVotes(d.alice)).to.equal(STAKE);
      expect(await vault.getVotes(ethers.ZeroAddress)).to.equal(0n);
    });
  });

  describe("delegateBySig", () => {
    const sign = async (delegatee: string, nonce: bigint, expiry: bigint) => {
      const { chainId } = await ethers.provider.getNetwork();
      const domain = { name: "FTNS StakingVault", version: "1", chainId, verifyingContract: await vault.getAddress() };
      const types = {
        Delegation: ["delegatee address", "nonce uint256", "expiry uint256"].map((field) => {
          const [name, type] = field.split(" ") as [string, string];
          return { name, type };
        }),
      };
      return Signature.from(await d.alice.signTypedData(domain, types, { delegatee, nonce, expiry }));
    };

    it("reverts when expired, and when used before", async () => {
      const now = await d.clock.now();
      const late = await sign(d.bob.address, 0n, now);
      await expect(d.vault.connect(d.eve).delegateBySig(d.bob, 0n, now, late.v, late.r, late.s))
        .to.be.revertedWithCustomError(vault, "VotesExpiredSignature")
        .withArgs(now);
      const { v, r, s } = await sign(d.bob.address, 0n, now + DAY);
      await d.vault.connect(d.eve).delegateBySig(d.bob, 0n, now + DAY, v, r, s);
      await expect(d.vault.connect(d.eve).delegateBySig(d.bob, 0n, now + DAY, v, r, s))
        .to.be.revertedWithCustomError(vault, "InvalidAccountNonce")
        .withArgs(d.alice, 1n);
    });

    it("moves the signer's votes, whoever sends it", async () => {
      await vault.stake(STAKE);
      const expiry = (await d.clock.now()) + DAY;
      const { v, r, s } = await sign(d.bob.address, 0n, expiry);
      await d.vault.connect(d.eve).delegateBySig(d.bob, 0n, expiry, v, r, s);
      expect(await vault.getVotes(d.bob)).to.equal(STAKE);
    });
  });

  it("add up to what is staked at every past moment, whoever delegated to whom (P71)", async () => {
    await forCases(fuzzCases(4), async (random) => {
      const economy = await fresh();
      const people = [economy.alice, economy.bob, economy.carol, economy.dave];
      const delegatees = [...people, economy.eve].map(({ address }) => address);
      const history: { time: bigint; staked: bigint; votes: bigint[] }[] = [];
      for (let step = 0; step < 40; step++) {
        const who = random.pick(people);
        const mine = economy.vault.connect(who);
        const staked = await mine.stakedOf(who);
        if (random.chance(0.4)) await mine.delegate(random.pick([...delegatees, ethers.ZeroAddress]));
        else if (staked > 0n && random.chance(0.5)) await mine.requestUnstake(random.bigint(1n, staked));
        else await mine.stake(random.bigint(1n, 100n * FTNS));
        if (random.chance(0.3)) await economy.clock.pass(random.bigint(1n, 1_000n));
        const stakes = await Promise.all(people.map(async (person) => economy.vault.stakedOf(person)));
        const votes = await Promise.all(delegatees.map(async (delegatee) => economy.vault.getVotes(delegatee)));
        const total = stakes.reduce((sum, stake) => sum + stake, 0n);
        expect(votes.reduce((sum, vote) => sum + vote, 0n)).to.equal(total);
        expect(await economy.vault.totalStaked()).to.equal(total);
        for (const [index, delegatee] of delegatees.entries()) {
          let expected = 0n;
          for (const [i, person] of people.entries()) {
            if ((await economy.vault.delegates(person)) === delegatee) expected += stakes[i]!;
          }
          expect(votes[index]).to.equal(expected);
        }
        history.push({ time: await economy.clock.now(), staked: total, votes });
      }
      await economy.clock.pass(1n);
      for (const { time, staked, votes } of history) {
        expect(await economy.vault.getPastTotalSupply(time)).to.equal(staked);
        for (const [index, delegatee] of delegatees.entries()) {
          expect(await economy.vault.getPastVotes(delegatee, time)).to.equal(votes[index]);
        }
      }
    });
  });
});
