import { expect } from "chai";
import { network } from "hardhat";
import { FOR, STATE } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, crash, DAY, HOUR, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);
const ALL = [0, 1, 2, 3, 4, 5, 6].map((voter) => [voter, FOR] as const);
const FIVE = ALL.slice(0, 5);

describe("emergency effects", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });

  const execute = (id: bigint) => w.emergencyGovernor.connect(w.outsiders[0]!)["execute(uint256)"](id);
  const passed = async (action: bigint) => {
    const id = await w.breaker.voteOn(action);
    await vote(w, id, FIVE);
    return id;
  };
  const attack = async () => {
    await w.clock.pass(60n);
    await w.report({ txFailed: 80n });
    await w.breaker.trigger(TRIGGER.networkAttack);
  };
  const halted = async () => {
    await crash(w);
    await w.breaker.trigger(TRIGGER.priceCrash);
    await execute(await passed(ACTION.halt));
  };
  const recovering = async () => {
    await attack();
    const id = await passed(ACTION.recovery);
    await w.clock.pass(12n * HOUR);
    await execute(id);
  };
  const send = (amount: bigint) => w.token.connect(w.people.treasury).transfer(w.outsiders[1]!, amount);
  const treasury = () => w.token.balanceOf(w.people.treasury);
  const previewRefusal = async () => (await w.controller.preview()).refusal;

  describe("an open emergency (P84)", () => {
    it("suspends adjustments until it ends by itself", async () => {
      await w.clock.pass(60n);
      await w.report({ volume6h: 0n });
      await w.breaker.trigger(TRIGGER.liquidityCrisis);
      const { openUntil, openedAt } = await w.breaker.emergency();
      expect(openUntil - openedAt).to.equal(12n * HOUR);
      expect(await w.controller.suspendedUntil()).to.equal(openUntil);
      await expect(w.controller.adjust(10n ** 18n)).to.be.revertedWithCustomError(w.controller, "Suspended");
      expect(await previewRefusal()).to.equal(1n);
      await w.clock.to(openUntil);
      expect(await w.breaker.isOpen()).to.equal(false);
      expect(await previewRefusal()).to.not.equal(1n);
    });

    it("takes nothing that was not executed with it", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const id = await passed(ACTION.halt);
      const { executeBefore } = await w.emergencyGovernor.standingOf(id);
      await w.clock.to(executeBefore);
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");
      expect(await w.emergencyGovernor.state(id)).to.equal(STATE.expired);
    });

    it("does nothing that was not voted for (P85)", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const id = await w.breaker.voteOn(ACTION.halt);
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");
      await w.clock.pass(6n * HOUR + 1n);
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");
      expect(await w.emergencyGovernor.state(id)).to.equal(STATE.defeated);
    });

    it("executes what passed once", async () => {
      await halted();
      await expect(execute(await w.breaker.voteOn(ACTION.halt))).to.be.revertedWithCustomError(
        w.emergencyGovernor,
        "GovernorUnexpectedProposalState",
      );
    });

    it("can open again when the last one is over, if the chain still shows cause", async () => {
      await halted();
      const { openUntil } = await w.breaker.emergency();
      await w.clock.to(openUntil - 2n * HOUR);
      await crash(w);
      await w.clock.to((await w.clock.now()) + 60n);
      await expect(w.breaker.trigger(TRIGGER.priceCrash)).to.emit(w.breaker, "EmergencyOpened");
      expect((await w.breaker.emergency()).id).to.equal(2n);
    });
  });

  describe("halt (P86)", () => {
    it("comes at once and ends by itself after 72 hours", async () => {
      await halted();
      const until = await w.breaker.effectUntil(ACTION.halt);
      expect(until).to.equal((await w.clock.now()) + 72n * HOUR);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted").withArgs(until);
      await w.clock.nextBlockAt(until - 1n);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted");
      await w.clock.nextBlockAt(until);
      await send(1n);
      expect(await w.token.balanceOf(w.outsiders[1]!)).to.equal(1n);
    });

    it("ends earlier by a vote like its own", async () => {
      await halted();
      await w.breaker.connect(w.outsiders[0]!).proposeEnd(ACTION.halt);
      await expect(w.breaker.proposeEnd(ACTION.halt)).to.be.revertedWithCustomError(w.breaker, "EndAlreadyProposed");
      const [made] = await w.breaker.queryFilter(w.breaker.filters.MotionMade(), -1);
      const id = made!.args.proposalId;
      await vote(w, id, ALL.slice(0, 4));
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");
      await vote(w, id, [ALL[4]!]);
      await expect(execute(id)).to.emit(w.breaker, "ActionEnded").withArgs(ACTION.halt);
      await send(1n);
    });

    it("can be put to the vote again at once when a motion to end it failed", async () => {
      await halted();
      await w.breaker.proposeEnd(ACTION.halt);
      const first = await w.breaker.endVoteOn(ACTION.halt);
      const madeAt = await w.clock.now();
      await w.clock.nextBlockAt(madeAt + 6n * HOUR);
      await expect(w.breaker.proposeEnd(ACTION.halt))
        .to.be.revertedWithCustomError(w.breaker, "EndAlreadyProposed")
        .withArgs(ACTION.halt, madeAt + 12n * HOUR);
      await w.clock.nextBlockAt(madeAt + 6n * HOUR + 1n);
      await w.breaker.proposeEnd(ACTION.halt);
      expect(await w.breaker.endVoteOn(ACTION.halt)).to.not.equal(first);
    });

    it("ends earlier and starts again by the ordinary governor", async () => {
      await halted();
      const governor = w.breaker.connect(w.people.governor);
      await governor.end(ACTION.halt);
      await send(1n);
      await governor.impose(ACTION.halt);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted");
    });

    it("cannot be ended when there is none, nor can a reset", async () => {
      for (const action of [ACTION.pause, ACTION.halt, ACTION.reset, ACTION.recovery]) {
        await expect(w.breaker.proposeEnd(action)).to.be.revertedWithCustomError(w.breaker, "NotInEffect").withArgs(action);
        await expect(w.breaker.connect(w.people.governor).end(action)).to.be.revertedWithCustomError(w.breaker, "NotInEffect");
      }
    });
  });

  describe("guardian (P87)", () => {
    const guardian = () => w.breaker.connect(w.people.breaker);

    it("may do nothing in calm weather, nor while no halt is voted on", async () => {
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
      await w.clock.pass(60n);
      await w.report({ volume6h: 0n });
      await w.breaker.trigger(TRIGGER.liquidityCrisis);
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
    });

    it("halts until the vote is over, at most six hours, and once", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const { haltVoteUntil, openedAt } = await w.breaker.emergency();
      expect(haltVoteUntil - openedAt).to.equal(6n * HOUR);
      await expect(guardian().guardianHalt())
        .to.emit(w.breaker, "GuardianHalted")
        .withArgs(w.people.breaker.address, haltVoteUntil);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted");
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "GuardianNotArmed");
      await w.clock.nextBlockAt(haltVoteUntil);
      await send(1n);
      await w.breaker.connect(w.people.governor).rearmGuardian();
      expect(await w.breaker.guardianArmed()).to.equal(true);
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
    });

    it("has nothing to bridge once a halt was voted, and does not shorten one that stands", async () => {
      await w.breaker.connect(w.people.governor).impose(ACTION.halt);
      const until = await w.token.haltedUntil();
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      await expect(guardian().guardianHalt())
        .to.be.revertedWithCustomError(w.breaker, "AlreadyInEffect")
        .withArgs(ACTION.halt, until);
      await execute(await passed(ACTION.halt));
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
    });

    it("has nothing to bridge when the vote lapsed", async () => {
      await attack();
      await w.clock.nextBlockAt((await w.breaker.emergency()).haltVoteUntil);
      await expect(guardian().guardianHalt()).to.be.revertedWithCustomError(w.breaker, "NothingToBridge");
    });

    it("has no say any more once voters ended a halt, until the ordinary governor gives it back", async () => {
      await halted();
      expect(await w.breaker.guardianArmed()).to.equal(true);
      await w.breaker.proposeEnd(ACTION.halt);
      const end = await w.breaker.endVoteOn(ACTION.halt);
      await w.clock.pass(1n);
      await vote(w, end, FIVE);
      await execute(end);
      expect(await w.breaker.guardianArmed()).to.equal(false);
      await w.breaker.connect(w.people.governor).rearmGuardian();
      expect(await w.breaker.guardianArmed()).to.equal(true);
      await w.breaker.connect(w.people.governor).impose(ACTION.halt);
      await w.breaker.connect(w.people.governor).end(ACTION.halt);
      expect(await w.breaker.guardianArmed()).to.equal(true);
    });
  });

  describe("pause (P86)", () => {
    it("stops adjustments for 14 days, beyond the emergency, and ends by itself", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      await execute(await passed(ACTION.pause));
      const until = await w.breaker.effectUntil(ACTION.pause);
      expect(until).to.equal((await w.clock.now()) + 14n * DAY);
      expect(await w.controller.suspendedUntil()).to.equal(until);
      await w.clock.to(until - 1n);
      expect(await previewRefusal()).to.equal(1n);
      await w.clock.to(until);
      expect(await previewRefusal()).to.not.equal(1n);
    });

    it("ended while the emergency is open leaves adjustments suspended until that is over", async () => {
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      await execute(await passed(ACTION.pause));
      await w.breaker.connect(w.people.governor).end(ACTION.pause);
      const { openUntil } = await w.breaker.emergency();
      expect(await w.controller.suspendedUntil()).to.equal(openUntil);
      expect(await w.breaker.effectUntil(ACTION.pause)).to.equal(await w.clock.now());
    });

    describe("given a halt that ends around the second in which the pause runs out", () => {
      let until: bigint;
      beforeEach(async () => {
        const governor = w.breaker.connect(w.people.governor);
        await governor.impose(ACTION.pause);
        until = await w.breaker.effectUntil(ACTION.pause);
        await w.clock.to(until - HOUR);
        await governor.impose(ACTION.halt);
      });

      for (const [when, offset, suspended] of [
        ["the second before", -1n, true],
        ["that very second", 0n, false],
        ["the second after", 1n, false],
      ] as const) {
        it(`P84: adjustments ${suspended ? "stay suspended" : "are free"} in ${when}, and the halt ends`, async () => {
          await w.clock.nextBlockAt(until + offset);
          const ended = w.breaker.connect(w.people.governor).end(ACTION.halt);
          await expect(ended).to.emit(w.breaker, "ActionEnded").withArgs(ACTION.halt);
          await expect(ended).to.not.emit(w.controller, "SuspensionEnded");
          await expect(ended).to.not.emit(w.controller, "AdjustmentsSuspended");
          expect(await w.controller.suspendedUntil()).to.equal(until);
          expect((await previewRefusal()) === 1n).to.equal(suspended);
        });
      }
    });

    it("is not shortened by an emergency that opens in it", async () => {
      await w.breaker.connect(w.people.governor).impose(ACTION.pause);
      const until = await w.controller.suspendedUntil();
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      expect(await w.controller.suspendedUntil()).to.equal(until);
    });
  });

  describe("rate reset", () => {
    it("sets M to 1 and every base rate to that of the launch, or the one that was settled last", async () => {
      const rates = await Promise.all([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((kind) => w.registry.baseRate(kind)));
      for (const kind of [2n, 3n]) await w.registry.connect(w.people.governor).settleBaseRate(kind, 5n * FTNS);
      rates[2] = rates[3] = 5n * FTNS;
      for (const kind of [0n, 2n, 6n]) await w.registry.connect(w.people.governor).setBaseRate(kind, 77n * FTNS);
      await w.breaker.connect(w.people.governor).impose(ACTION.reset);
      for (const [kind, rate] of rates.entries()) expect(await w.registry.baseRate(kind)).to.equal(rate);
      expect(await w.controller.multiplier()).to.equal(10n ** 18n);
    });
  });

  describe("recovery mode (P88)", () => {
    it("waits for twelve hours, lasts seven days and ends by itself", async () => {
      await attack();
      const id = await passed(ACTION.recovery);
      await w.clock.pass(12n * HOUR - 60n);
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "NotExecutableYet");
      await w.clock.pass(60n);
      await execute(id);
      const until = await w.breaker.effectUntil(ACTION.recovery);
      expect(until).to.equal((await w.clock.now()) + 7n * DAY);
      expect(await w.controller.suspendedUntil()).to.equal(until);
      await w.clock.nextBlockAt(until);
      await send((await treasury()) / 2n);
    });

    it("lets an account move exactly a tenth of what it held at its first payment of the day", async () => {
      await recovering();
      await w.clock.toDaysAhead(1n, HOUR);
      const limit = (await treasury()) / 10n;
      await send(limit - 1n);
      await expect(send(2n))
        .to.be.revertedWithCustomError(w.token, "RecoveryLimitExceeded")
        .withArgs(w.people.treasury.address, 2n, 1n);
      expect(await w.token.movable(w.people.treasury)).to.equal(1n);
      await send(1n);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "RecoveryLimitExceeded");
      await expect(w.token.connect(w.people.treasury).burn(1n)).to.be.revertedWithCustomError(w.token, "RecoveryLimitExceeded");
      await send(0n);
      await w.clock.toDaysAhead(1n, HOUR);
      expect(await w.token.movable(w.people.treasury)).to.equal((await treasury()) / 10n);
      await send((await treasury()) / 10n);
    });

    it("does not raise the day's limit for what comes in, nor let a stranger fix it", async () => {
      await recovering();
      await w.clock.toDaysAhead(1n, HOUR);
      const [, bob] = w.outsiders;
      await send(1_000n * FTNS);
      const mine = w.token.connect(bob!);
      // Anyone may move nothing out of anybody's account; that fixes no limit.
      await w.token.connect(w.outsiders[2]!).transferFrom(bob!, w.outsiders[2]!, 0n);
      await send(1_000n * FTNS);
      await mine.transfer(w.outsiders[2]!, 200n * FTNS);
      await send(1_000n * FTNS);
      await expect(mine.transfer(w.outsiders[2]!, 1n)).to.be.revertedWithCustomError(w.token, "RecoveryLimitExceeded");
    });

    it("holds for allowances and for the wrapper's account alike", async () => {
      const { token, wrapper, people } = w;
      const mine = token.connect(people.treasury);
      await mine.approve(wrapper, 1_000n * FTNS);
      await wrapper.connect(people.treasury).deposit(1_000n * FTNS, people.treasury);
      await recovering();
      await w.clock.toDaysAhead(1n, HOUR);
      const most = await wrapper.maxWithdraw(people.treasury);
      // Shares round down, by less than two wei.
      expect((await token.balanceOf(wrapper)) / 10n - most).to.be.lessThan(2n);
      await expect(
        wrapper.connect(people.treasury).withdraw(most + 1n, people.treasury, people.treasury),
      ).to.be.revertedWithCustomError(wrapper, "ERC4626ExceededMaxWithdraw");
      await wrapper.connect(people.treasury).withdraw(most, people.treasury, people.treasury);
      expect(await wrapper.maxRedeem(people.treasury)).to.be.lessThan(2n);
      await mine.approve(w.outsiders[0]!, 2n ** 255n);
      const left = await token.movable(people.treasury);
      await expect(
        token.connect(w.outsiders[0]!).transferFrom(people.treasury, w.outsiders[0]!, left + 1n),
      ).to.be.revertedWithCustomError(token, "RecoveryLimitExceeded");
    });

    it("stops minting, and what would be minted waits as claimable", async () => {
      const { token, pool, manager, people } = w;
      await manager.connect(people.admin).grantRole(1n, people.admin, 0);
      await manager.connect(people.admin).grantRole(3n, people.admin, 0);
      await recovering();
      const until = await token.recoveryUntil();
      await expect(token.connect(people.admin).mint(people.admin, 1n))
        .to.be.revertedWithCustomError(token, "MintingStopped")
        .withArgs(until);
      const funds = await token.balanceOf(pool);
      const supply = await token.totalSupply();
      await pool.connect(people.admin).reward(w.outsiders[0]!, 0n, funds + 50n * FTNS, 1n);
      expect(await token.totalSupply()).to.equal(supply);
      // Out of the funds there are, as far as the day's share reaches; the rest waits.
      const paid = await token.balanceOf(w.outsiders[0]!);
      const waits = funds + 50n * FTNS - paid;
      expect(await pool.claimable(w.outsiders[0]!)).to.equal(waits);
      expect(waits >= 50n * FTNS).to.equal(true);
      await w.clock.to(until);
      await pool.connect(w.outsiders[0]!).claim();
      expect(await pool.claimable(w.outsiders[0]!)).to.be.lessThan(waits);
    });

    it("charges no demurrage on its days, also when a halt runs and ends in it", async () => {
      await recovering();
      const before = await treasury();
      await w.breaker.connect(w.people.governor).impose(ACTION.halt);
      await w.clock.toDaysAhead(1n, HOUR);
      await w.breaker.connect(w.people.governor).end(ACTION.halt);
      await w.clock.toDaysAhead(5n, HOUR);
      expect(await treasury()).to.equal(before);
      await w.clock.to((await w.token.recoveryUntil()) + DAY);
      expect(await treasury()).to.be.lessThan(before);
    });

    it("charges again from the day after it is ended early", async () => {
      await recovering();
      const before = await treasury();
      await w.breaker.connect(w.people.governor).end(ACTION.recovery);
      await send((await treasury()) / 2n);
      await w.clock.toDaysAhead(1n, HOUR);
      expect(await treasury()).to.be.lessThan(before / 2n);
    });

    it("leaves a halt that lasts longer in place", async () => {
      await recovering();
      await w.clock.pass(6n * DAY);
      await w.breaker.connect(w.people.governor).impose(ACTION.halt);
      await w.clock.to(await w.token.recoveryUntil());
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted");
    });
  });
});
