import { expect } from "chai";
import { network } from "hardhat";
import { AGAINST, FOR, STAKED, STATE } from "../governance/fixture.ts";
import { ACTION, crash, HOUR, restake, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);
const FIVE = [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const);

describe("opposition (P210)", () => {
  let w: SafetyWorld;
  let halt: bigint;
  let openedAt: bigint;

  /** Sixteen percent are for a halt, which is in effect; the sixth staker has `opposed` wei, the seventh the rest. */
  const halted = async (opposed: bigint) => {
    const world = await connection.networkHelpers.loadFixture(fixture);
    w = { ...world, voters: [...world.voters] };
    const each = (STAKED * 32n) / 1_000n;
    await restake(w, connection, [each, each, each, each, each, opposed, STAKED - 5n * each - opposed]);
    await crash(w);
    await w.breaker.trigger(TRIGGER.priceCrash);
    openedAt = await w.clock.now();
    halt = await w.breaker.voteOn(ACTION.halt);
    await vote(w, halt, FIVE);
    await w.emergencyGovernor["execute(uint256)"](halt);
  };
  const endOpposed = () => w.breaker.connect(w.outsiders[0]!).endOpposed(ACTION.halt);
  const expectHalted = async () => {
    await expect(endOpposed()).to.be.revertedWithCustomError(w.breaker, "NotOpposed").withArgs(ACTION.halt);
    expect(await w.breaker.effectUntil(ACTION.halt)).to.be.greaterThan(await w.clock.now());
  };

  describe("given a halt that 16 % passed", () => {
    beforeEach(() => halted((30n * STAKED) / 100n));

    it("takes ballots for its six hours, to the last second, and none after", async () => {
      await w.clock.nextBlockAt(openedAt + 6n * HOUR);
      await vote(w, halt, [[5, AGAINST]]);
      await expect(vote(w, halt, [[6, AGAINST]])).to.be.revertedWithCustomError(
        w.emergencyGovernor,
        "GovernorUnexpectedProposalState",
      );
    });

    it("ends once 30 % were against it for an hour, in that very second and not before", async () => {
      await w.clock.pass(60n);
      await vote(w, halt, [[5, AGAINST]]);
      const since = await w.clock.now();
      expect((await w.emergencyGovernor.standingOf(halt)).opposedSince).to.equal(since);
      await w.clock.nextBlockAt(since + HOUR - 1n);
      await expectHalted();
      await w.clock.nextBlockAt(since + HOUR);
      await expect(endOpposed()).to.emit(w.breaker, "ActionEnded").withArgs(ACTION.halt);
      await w.token.connect(w.people.treasury).transfer(w.outsiders[1]!, 1n);
      expect((await w.emergencyGovernor.standingOf(halt)).stopped).to.equal(true);
    });

    it("is not saved by votes that come after the hour", async () => {
      await vote(w, halt, [[5, AGAINST]]);
      await w.clock.pass(HOUR);
      await vote(w, halt, [[6, FOR]]);
      await expect(endOpposed()).to.emit(w.breaker, "ActionEnded");
    });

    it("ends at the close, when they exceeded it for less than an hour by then", async () => {
      await w.clock.nextBlockAt(openedAt + 6n * HOUR - 60n);
      await vote(w, halt, [[5, AGAINST]]);
      await w.clock.nextBlockAt(openedAt + 6n * HOUR);
      await expectHalted();
      await w.clock.nextBlockAt(openedAt + 6n * HOUR + 1n);
      await expect(endOpposed()).to.emit(w.breaker, "ActionEnded");
    });

    it("is not renewed from the same emergency, by whatever trigger", async () => {
      await vote(w, halt, [[5, AGAINST]]);
      await w.clock.pass(HOUR);
      await endOpposed();
      await w.clock.pass(60n);
      await w.report({ price: 6n * 10n ** 7n, txFailed: 80n });
      // The failures are not taken for an attack so soon after the halt either.
      await expect(w.breaker.trigger(TRIGGER.networkAttack)).to.be.revertedWithCustomError(w.breaker, "FailuresOfHalt");
      // What was stopped has cleared nothing: the next one takes a bond.
      expect(await w.breaker.canTrigger(TRIGGER.priceCrash)).to.deep.equal([false, 1_000n * 10n ** 18n]);
      await expect(w.breaker.trigger(TRIGGER.priceCrash)).to.be.revertedWithCustomError(w.breaker, "TriggerAlreadyRecorded");
      await expect(w.breaker.connect(w.people.breaker).guardianHalt()).to.be.revertedWithCustomError(
        w.breaker,
        "GuardianNotArmed",
      );
    });
  });

  for (const [what, more, ends] of [
    ["as many are against it as for it", 0n, false],
    ["one wei more is against it", 1n, true],
  ] as const) {
    it(`${ends ? "ends" : "goes on"} when ${what}`, async () => {
      await halted((STAKED * 16n) / 100n + more);
      await vote(w, halt, [[5, AGAINST]]);
      await w.clock.pass(7n * HOUR);
      if (ends) await expect(endOpposed()).to.emit(w.breaker, "ActionEnded");
      else await expectHalted();
    });
  }

  it("goes on when votes that come within the hour turn the tide, and the hour starts anew with the next", async () => {
    await halted((STAKED * 20n) / 100n);
    await vote(w, halt, [[5, AGAINST]]);
    const since = await w.clock.now();
    await w.clock.nextBlockAt(since + HOUR - 1n);
    // One of 64 %, who counts for 7.5.
    await vote(w, halt, [[6, FOR]]);
    const { support, opposedSince } = await w.emergencyGovernor.standingOf(halt);
    expect([support, opposedSince]).to.deep.equal([(STAKED * 235n) / 1_000n, 0n]);
    await w.clock.pass(7n * HOUR);
    await expectHalted();
  });

  it("is not there for what nobody is against, nor for what the ordinary governor imposed, nor where nothing is", async () => {
    await halted((30n * STAKED) / 100n);
    await w.clock.pass(7n * HOUR);
    await expectHalted();
    const governor = w.breaker.connect(w.people.governor);
    await governor.end(ACTION.halt);
    await expect(endOpposed()).to.be.revertedWithCustomError(w.breaker, "NotOpposed").withArgs(ACTION.halt);
    await governor.impose(ACTION.halt);
    await expectHalted();
  });

  it("keeps what passed, was not executed and is opposed from being executed", async () => {
    const world = await connection.networkHelpers.loadFixture(fixture);
    w = { ...world, voters: [...world.voters] };
    await w.clock.pass(60n);
    await w.report({ txFailed: 80n });
    await w.breaker.trigger(TRIGGER.networkAttack);
    const recovery = await w.breaker.voteOn(ACTION.recovery);
    // 46.5 % are for it, of whom none counts for more than 12.5, and 50 % against it.
    await vote(w, recovery, [
      [2, FOR],
      [3, FOR],
      [4, FOR],
      [5, FOR],
      [6, FOR],
    ]);
    expect(await w.emergencyGovernor.state(recovery)).to.equal(STATE.queued);
    await vote(w, recovery, [
      [0, AGAINST],
      [1, AGAINST],
    ]);
    const { support, opposition } = await w.emergencyGovernor.standingOf(recovery);
    expect([support, opposition]).to.deep.equal([(STAKED * 465n) / 1_000n, STAKED / 2n]);
    expect(await w.emergencyGovernor.state(recovery)).to.equal(STATE.queued);
    await w.clock.pass(HOUR);
    expect(await w.emergencyGovernor.state(recovery)).to.equal(STATE.defeated);
    await w.clock.pass(11n * HOUR);
    await expect(w.emergencyGovernor["execute(uint256)"](recovery)).to.be.revertedWithCustomError(
      w.emergencyGovernor,
      "GovernorUnexpectedProposalState",
    );
    expect(await w.breaker.effectUntil(ACTION.recovery)).to.equal(0n);
  });
});
