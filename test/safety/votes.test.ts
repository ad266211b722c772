import { expect } from "chai";
import { network } from "hardhat";
import { ABSTAIN, AGAINST, FOR, proposalOf, STAKED, STATE } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, crash, emergenciesIn, HOUR, restake, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";

const WAD = 10n ** 18n;
const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("emergency votes", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    const world = await connection.networkHelpers.loadFixture(fixture);
    w = { ...world, voters: [...world.voters] };
  });
  const { haltVote, attackVote } = emergenciesIn(() => w);
  const stateOf = (id: bigint) => w.emergencyGovernor.state(id);

  describe("support (P82)", () => {
    const cases: [string, bigint, () => Promise<bigint>, bigint, bigint][] = [
      ["pause adjustments", 10n, async () => (await haltVote(), w.breaker.voteOn(ACTION.pause)), STATE.succeeded, 0n],
      ["halt", 15n, haltVote, STATE.succeeded, 0n],
      ["recovery mode", 25n, attackVote, STATE.queued, 12n],
    ];
    for (const [name, percent, open, passed, delay] of cases) {
      for (const less of [0n, 1n]) {
        it(`${name} ${less === 0n ? `passes at exactly ${percent} %` : `does not pass one wei below ${percent} %`}`, async () => {
          // Five equal supporters, and the rest with one who stays away.
          const part = (STAKED * percent) / 500n;
          await restake(w, connection, [part - less, part, part, part, part, STAKED - 5n * part + less]);
          const id = await open();
          await vote(w, id, [
            [0, FOR],
            [1, FOR],
            [2, FOR],
            [3, FOR],
          ]);
          expect(await stateOf(id)).to.equal(STATE.active);
          await vote(w, id, [[4, FOR]]);
          expect(await stateOf(id)).to.equal(less === 0n ? passed : STATE.active);
          const standing = await w.emergencyGovernor.standingOf(id);
          expect(standing.needed).to.equal((STAKED * percent) / 100n);
          if (less === 0n) expect(standing.executableAt - standing.passedAt).to.equal(delay * HOUR);
          else expect(standing.passedAt).to.equal(0n);
        });
      }
    }

    it("must exceed the votes against, which count in full", async () => {
      await restake(
        w,
        connection,
        [4n, 4n, 4n, 4n, 4n, 21n, 59n].map((part) => (STAKED * part) / 100n),
      );
      const id = await haltVote();
      await vote(w, id, [
        [5, AGAINST],
        [0, FOR],
        [1, FOR],
        [2, FOR],
        [3, FOR],
        [4, FOR],
      ]);
      expect(await stateOf(id)).to.equal(STATE.active);
      await w.clock.pass(6n * HOUR + 1n);
      expect(await stateOf(id)).to.equal(STATE.defeated);
    });

    it("does not pass on a tie with the votes against", async () => {
      await restake(
        w,
        connection,
        [4n, 4n, 4n, 4n, 4n, 20n, 60n].map((part) => (STAKED * part) / 100n),
      );
      const id = await haltVote();
      await vote(w, id, [
        [5, AGAINST],
        [0, FOR],
        [1, FOR],
        [2, FOR],
        [3, FOR],
        [4, FOR],
      ]);
      expect((await w.emergencyGovernor.standingOf(id)).support).to.equal((await w.emergencyGovernor.standingOf(id)).opposition);
      expect((await w.emergencyGovernor.standingOf(id)).passedAt).to.equal(0n);
    });

    it("ignores abstentions", async () => {
      const id = await haltVote();
      await vote(w, id, [
        [0, ABSTAIN],
        [1, ABSTAIN],
        [2, FOR],
      ]);
      expect((await w.emergencyGovernor.standingOf(id)).support).to.equal((STAKED * 75n) / 1_000n);
      expect(await stateOf(id)).to.equal(STATE.active);
    });

    it("is of a million FTNS at least", async () => {
      await restake(
        w,
        connection,
        [30_000n, 30_000n, 30_000n, 30_000n, 29_999n].map((amount) => amount * FTNS),
      );
      const id = await haltVote();
      await vote(
        w,
        id,
        [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const),
      );
      expect((await w.emergencyGovernor.standingOf(id)).needed).to.equal(150_000n * FTNS);
      expect(await stateOf(id)).to.equal(STATE.active);
    });
  });

  describe("supporters (P83)", () => {
    it("are at least five", async () => {
      const id = await haltVote();
      await vote(w, id, [
        [0, FOR],
        [1, FOR],
        [2, FOR],
        [3, FOR],
      ]);
      const four = await w.emergencyGovernor.standingOf(id);
      expect([four.supporters, four.minSupporters, four.passedAt]).to.deep.equal([4n, 5n, 0n]);
      await vote(w, id, [[4, FOR]]);
      expect(await stateOf(id)).to.equal(STATE.succeeded);
    });

    it("Solend: one whale in a six-hour vote counts for half of what is needed", async () => {
      await restake(
        w,
        connection,
        [95n, 1n, 1n, 1n, 1n, 1n].map((part) => (STAKED * part) / 100n),
      );
      const id = await haltVote();
      await vote(
        w,
        id,
        [0, 1, 2, 3, 4, 5].map((voter) => [voter, FOR] as const),
      );
      const standing = await w.emergencyGovernor.standingOf(id);
      // All of the votes came to 12.5 of the 15 % needed.
      expect([standing.supporters, standing.passedAt]).to.deep.equal([6n, 0n]);
      expect(standing.support).to.equal((STAKED * 125n) / 1_000n);
      await w.clock.pass(6n * HOUR + 1n);
      expect(await stateOf(id)).to.equal(STATE.defeated);
    });
  });

  describe("whose votes count (P81)", () => {
    it("Mango: none staked after the trigger, not even in the same block", async () => {
      const late = w.outsiders[0]!;
      await w.contributes(late);
      await crash(w);
      await w.token.connect(w.people.treasury).transfer(late, STAKED);
      await w.token.connect(late).approve(w.vault, STAKED);
      // Stake and trigger land in one block, the stake first.
      await connection.ethers.provider.send("evm_setAutomine", [false]);
      await w.vault.connect(late).stake(STAKED, { gasLimit: 1_000_000 });
      await w.breaker.connect(late).trigger(TRIGGER.priceCrash, { gasLimit: 5_000_000 });
      await connection.ethers.provider.send("evm_mine", []);
      await connection.ethers.provider.send("evm_setAutomine", [true]);
      const id = await w.breaker.voteOn(ACTION.halt);
      expect(await w.breaker.isOpen()).to.equal(true);
      await w.emergencyGovernor.connect(late).castVote(id, FOR);
      expect(await w.emergencyGovernor.proposalVotes(id)).to.deep.equal([0n, 0n, 0n]);
      expect((await w.emergencyGovernor.standingOf(id)).needed).to.equal((STAKED * 15n) / 100n);
    });

    it("Beanstalk: trigger, borrow and vote in one transaction pass nothing", async () => {
      await crash(w);
      const robber = await connection.ethers.deployContract("FlashVoter");
      await w.token.connect(w.people.treasury).transfer(robber, 2n * STAKED);
      await robber
        .getFunction("attack")
        .send(w.token, w.vault, [w.breaker], [w.breaker.interface.encodeFunctionData("trigger", [TRIGGER.priceCrash])]);
      const id = await w.breaker.voteOn(ACTION.halt);
      await w.token.connect(w.people.treasury).transfer(robber, STAKED);
      await robber
        .getFunction("attack")
        .send(w.token, w.vault, [w.emergencyGovernor], [w.emergencyGovernor.interface.encodeFunctionData("castVote", [id, FOR])]);
      expect(await w.emergencyGovernor.proposalVotes(id)).to.deep.equal([0n, 0n, 0n]);
      expect(await stateOf(id)).to.equal(STATE.active);
    });

    it("delegated votes count once", async () => {
      await w.vault.connect(w.voters[0]!).delegate(w.voters[6]!);
      await w.clock.pass(10n);
      const id = await haltVote();
      await w.vault.connect(w.voters[0]!).delegate(w.voters[0]!);
      await vote(w, id, [
        [6, FOR],
        [0, FOR],
      ]);
      expect((await w.emergencyGovernor.proposalVotes(id)).forVotes).to.equal((STAKED * 34n) / 100n);
      await expect(vote(w, id, [[6, FOR]])).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorAlreadyCastVote");
    });

    it("a hostile ERC-1271 wallet votes for itself and once, whatever it does while it is asked", async () => {
      const wallet = await connection.ethers.deployContract("HostileWallet", [w.emergencyGovernor]);
      await w.vault.connect(w.voters[0]!).delegate(wallet);
      await w.clock.pass(10n);
      const id = await haltVote();
      await wallet.getFunction("aimAt").send(id);
      await expect(w.emergencyGovernor.castVoteBySig(id, FOR, w.voters[1]!, "0x1234")).to.be.revertedWithCustomError(
        w.emergencyGovernor,
        "GovernorInvalidSignature",
      );
      await w.emergencyGovernor.castVoteBySig(id, FOR, wallet, "0x1234");
      expect(await w.emergencyGovernor.proposalVotes(id)).to.deep.equal([0n, (STAKED * 30n) / 100n, 0n]);
      await expect(w.emergencyGovernor.castVoteBySig(id, FOR, wallet, "0x1234")).to.be.revertedWithCustomError(
        w.emergencyGovernor,
        "GovernorAlreadyCastVote",
      );
    });
  });

  describe("the list of motions", () => {
    it("is the breaker's alone: nobody fills it, nobody adds another action", async () => {
      const p = await proposalOf(w, w.token, "halt", [1n], "mine");
      await expect(
        w.emergencyGovernor.connect(w.voters[0]!).propose(p.targets, p.values, p.calldatas, p.description),
      ).to.be.revertedWithCustomError(w.emergencyGovernor, "OnlyBreaker");
      const terms = { supportShare: 0n, delaySec: 0n, minSupporters: 0n, unlessOpposed: true, snapshot: 1n, emergency: 1n };
      await expect(
        w.emergencyGovernor.connect(w.voters[0]!).open({ id: 9n, action: 1n, ending: false }, terms),
      ).to.be.revertedWithCustomError(w.emergencyGovernor, "OnlyBreaker");
      await expect(w.breaker.connect(w.voters[0]!).carryOut(1n, 1n, false)).to.be.revertedWithCustomError(
        w.breaker,
        "AccessManagedUnauthorized",
      );
    });

    it("is readable by anything that knows OpenZeppelin's governor", async () => {
      const id = await haltVote();
      const [targets, values, calldatas, descriptionHash] = await w.emergencyGovernor.proposalDetails(id);
      expect(await w.emergencyGovernor.hashProposal([...targets], [...values], [...calldatas], descriptionHash)).to.equal(id);
      expect(await w.emergencyGovernor.proposalDeadline(id)).to.equal((await w.clock.now()) + 6n * HOUR);
      expect(await w.emergencyGovernor.proposalSnapshot(id)).to.equal((await w.clock.now()) - 1n);
    });
  });

  describe("settings", () => {
    it("of support and supporters keep within bounds and leave open votes alone", async () => {
      const { breaker, people } = w;
      const mine = breaker.connect(people.governor);
      for (const share of [WAD / 20n - 1n, WAD / 2n + 1n]) {
        await expect(mine.setSupportShare(ACTION.halt, share))
          .to.be.revertedWithCustomError(breaker, "ShareOutOfBounds")
          .withArgs(share, WAD / 20n, WAD / 2n);
      }
      for (const count of [2n, 26n]) {
        await expect(mine.setMinSupporters(count))
          .to.be.revertedWithCustomError(breaker, "SupportersOutOfBounds")
          .withArgs(count, 3n, 25n);
      }
      const id = await haltVote();
      await mine.setSupportShare(ACTION.halt, WAD / 2n);
      await mine.setMinSupporters(25n);
      await vote(w, id, [
        [0, FOR],
        [1, FOR],
        [2, FOR],
        [3, FOR],
        [4, FOR],
      ]);
      expect(await stateOf(id)).to.equal(STATE.succeeded);
      expect(await breaker.supportShare(ACTION.halt)).to.equal(WAD / 2n);
      expect(await breaker.minSupporters()).to.equal(25n);
    });
  });
});
