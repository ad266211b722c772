// What passes late takes ballots for an hour more, so that there is always time to be against it.
import { expect } from "chai";
import { network } from "hardhat";
import { AGAINST, FOR, STAKED, STATE } from "../governance/fixture.ts";
import { ACTION, HOUR, restake, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("a vote that passes late (P275)", () => {
  let w: SafetyWorld;
  let openedAt: bigint;
  beforeEach(async () => {
    const world = await connection.networkHelpers.loadFixture(fixture);
    w = { ...world, voters: [...world.voters] };
    const each = (STAKED * 52n) / 1_000n;
    const against = (STAKED * 14n) / 100n;
    await restake(w, connection, [each, each, each, each, each, against, against, against, against, against]);
    await w.clock.pass(301n);
    await w.report({ txFailed: 80n });
    await w.breaker.trigger(TRIGGER.networkAttack);
    openedAt = await w.clock.now();
  });

  /** Four are for it, the fifth comes `before` seconds before the six hours are over. */
  const passes = async (action: bigint, before: bigint) => {
    const start = await w.breaker.voteOn(action);
    await w.clock.to(openedAt + 6n * HOUR - before - 5n);
    for (const voter of [0, 1, 2, 3]) await vote(w, start, [[voter, FOR]]);
    await w.clock.nextBlockAt(openedAt + 6n * HOUR - before);
    await vote(w, start, [[4, FOR]]);
    return start;
  };
  const execute = (proposal: bigint) => w.emergencyGovernor["execute(uint256)"](proposal);
  const refused = async (ballot: Promise<unknown>) =>
    expect(ballot).to.be.revertedWithCustomError(w.emergencyGovernor, "GovernorUnexpectedProposalState");

  it("26 % halt transfers in the last second, and 28 % end it an hour later (seen: no ballot was taken)", async () => {
    const halt = await passes(ACTION.halt, 0n);
    expect(await w.emergencyGovernor.state(halt)).to.equal(STATE.succeeded);
    await execute(halt);
    await vote(w, halt, [
      [5, AGAINST],
      [6, AGAINST],
    ]);
    const since = await w.clock.now();
    expect(since).to.equal(openedAt + 6n * HOUR + 3n);
    await w.clock.to(openedAt + 7n * HOUR);
    await expect(w.breaker.endOpposed(ACTION.halt)).to.emit(w.breaker, "ActionEnded").withArgs(ACTION.halt);
  });

  it("28 % keep recovery mode, which waits, from beginning at all", async () => {
    const recovery = await passes(ACTION.recovery, 0n);
    await vote(w, recovery, [
      [5, AGAINST],
      [6, AGAINST],
    ]);
    expect(await w.emergencyGovernor.state(recovery)).to.equal(STATE.queued);
    await w.clock.nextBlockAt(openedAt + 18n * HOUR);
    await refused(execute(recovery));
    expect(await w.breaker.effectUntil(ACTION.recovery)).to.equal(0n);
  });

  for (const [when, before, closes] of [
    ["in its last second", 0n, 7n * HOUR],
    ["a second more than an hour before the end", HOUR + 1n, 6n * HOUR],
    ["an hour less a second before the end", HOUR - 1n, 6n * HOUR + 1n],
  ] as const) {
    it(`takes ballots to the end of the hour, and of the six hours, when it passes ${when}`, async () => {
      const halt = await passes(ACTION.halt, before);
      expect(await w.emergencyGovernor.proposalDeadline(halt)).to.equal(openedAt + closes);
      // The time to execute it is not moved.
      expect((await w.emergencyGovernor.standingOf(halt)).executeBefore).to.equal(openedAt + 12n * HOUR);
      await w.clock.nextBlockAt(openedAt + closes);
      await vote(w, halt, [[5, AGAINST]]);
      await w.clock.nextBlockAt(openedAt + closes + 1n);
      await refused(vote(w, halt, [[6, AGAINST]]));
    });
  }

  it("is stopped at the close by those who came for less than the hour, and not before", async () => {
    const halt = await passes(ACTION.halt, 0n);
    await execute(halt);
    await w.clock.nextBlockAt(openedAt + 7n * HOUR);
    await vote(w, halt, [[5, AGAINST]]);
    // 14 % are not more than 26.
    expect((await w.emergencyGovernor.standingOf(halt)).opposedSince).to.equal(0n);
    await w.clock.nextBlockAt(openedAt + 7n * HOUR + 1n);
    await expect(w.breaker.endOpposed(ACTION.halt)).to.be.revertedWithCustomError(w.breaker, "NotOpposed");
  });

  it("what does not pass takes no ballot after its six hours", async () => {
    const halt = await w.breaker.voteOn(ACTION.halt);
    for (const voter of [0, 1, 2, 3]) await vote(w, halt, [[voter, FOR]]);
    await w.clock.nextBlockAt(openedAt + 6n * HOUR + 1n);
    await refused(vote(w, halt, [[4, FOR]]));
    await w.clock.to(openedAt + 6n * HOUR + 2n);
    expect(await w.emergencyGovernor.state(halt)).to.equal(STATE.defeated);
  });

  it("takes ballots for it, too, in the time that is added", async () => {
    const halt = await passes(ACTION.halt, 0n);
    await vote(w, halt, [
      [5, AGAINST],
      [6, AGAINST],
    ]);
    // Counted for half of what is needed: 26 + 7.5 are more than 28.
    await vote(w, halt, [[7, FOR]]);
    expect((await w.emergencyGovernor.standingOf(halt)).opposedSince).to.equal(0n);
    await w.clock.pass(2n * HOUR);
    await execute(halt);
  });

  describe("and turns in the last second (P462)", () => {
    /** Two are against it since a minute after it passed, which is enough; one more for it turns it `at` (seconds after the opening). */
    const turned = async (halt: bigint, at: bigint) => {
      await w.clock.pass(60n);
      await vote(w, halt, [
        [5, AGAINST],
        [6, AGAINST],
      ]);
      await w.clock.nextBlockAt(openedAt + at);
      await vote(w, halt, [[7, FOR]]);
      expect((await w.emergencyGovernor.standingOf(halt)).opposedSince).to.equal(0n);
    };

    it("takes ballots for an hour more, in which it is stopped again (seen: it stood, and nobody could be against it)", async () => {
      const halt = await passes(ACTION.halt, 0n);
      await execute(halt);
      await turned(halt, 7n * HOUR);
      expect(await w.emergencyGovernor.proposalDeadline(halt)).to.equal(openedAt + 8n * HOUR);
      await w.clock.nextBlockAt(openedAt + 8n * HOUR);
      await vote(w, halt, [[8, AGAINST]]);
      await w.clock.nextBlockAt(openedAt + 8n * HOUR + 1n);
      await expect(w.breaker.endOpposed(ACTION.halt)).to.emit(w.breaker, "ActionEnded").withArgs(ACTION.halt);
    });

    it("does so at the end of its six hours, too, and the time to execute it does not move", async () => {
      const halt = await passes(ACTION.halt, HOUR);
      await turned(halt, 6n * HOUR);
      expect(await w.emergencyGovernor.proposalDeadline(halt)).to.equal(openedAt + 7n * HOUR);
      expect((await w.emergencyGovernor.standingOf(halt)).executeBefore).to.equal(openedAt + 12n * HOUR);
      await w.clock.nextBlockAt(openedAt + 7n * HOUR + 1n);
      await refused(vote(w, halt, [[8, AGAINST]]));
    });

    it("adds nothing more than an hour before the end", async () => {
      const halt = await passes(ACTION.halt, 2n * HOUR);
      await turned(halt, 5n * HOUR - 60n);
      expect(await w.emergencyGovernor.proposalDeadline(halt)).to.equal(openedAt + 6n * HOUR);
    });
  });

  it("takes no ballots once it can't be executed any more, however often it turns (P462)", async () => {
    const world = await connection.networkHelpers.loadFixture(fixture);
    w = { ...world, voters: [...world.voters] };
    const percent = STAKED / 100n;
    const turns = [7n, 8n, 9n, 10n, 11n, 12n];
    const five = Array.from({ length: 5 }, () => (STAKED * 32n) / 1_000n);
    // One percent more is against it than the 16 for it; then one percent each in turns.
    const pairs = turns.flatMap((_, turn) => [turn === 0 ? 17n * percent : percent, percent]);
    await restake(w, connection, [...five, ...pairs, percent], (index) => index < 5);
    await w.clock.pass(301n);
    await w.report({ txFailed: 80n });
    await w.breaker.trigger(TRIGGER.networkAttack);
    openedAt = await w.clock.now();
    const halt = await passes(ACTION.halt, 0n);
    for (const [turn, hour] of turns.entries()) {
      await w.clock.to(openedAt + hour * HOUR - 10n);
      await vote(w, halt, [[5 + 2 * turn, AGAINST]]);
      expect((await w.emergencyGovernor.standingOf(halt)).opposedSince).to.be.greaterThan(0n);
      await w.clock.nextBlockAt(openedAt + hour * HOUR);
      await vote(w, halt, [[6 + 2 * turn, FOR]]);
      const next = hour === 12n ? hour : hour + 1n;
      expect(await w.emergencyGovernor.proposalDeadline(halt)).to.equal(openedAt + next * HOUR);
    }
    await w.clock.nextBlockAt(openedAt + 12n * HOUR + 1n);
    await refused(vote(w, halt, [[17, AGAINST]]));
  });
});
