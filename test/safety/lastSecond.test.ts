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
});
