// Known, not mended: what passes in the last second of its six hours takes no ballot against it any more. The majority can still
// end it by a vote of its own, which waits as long as the action's own delay, if it is five or more.
import { expect } from "chai";
import { network } from "hardhat";
import { AGAINST, FOR, STAKED } from "../governance/fixture.ts";
import { ACTION, HOUR, restake, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("a vote that passes in its last second", () => {
  for (const [name, action, waits] of [
    ["a halt", ACTION.halt, 0n],
    ["recovery mode", ACTION.recovery, 12n],
  ] as const) {
    it(`26 % start ${name}, and 70 % against it, five or more, can end it ${waits === 0n ? "at once" : `${waits} hours later`}`, async () => {
      const world = await connection.networkHelpers.loadFixture(fixture);
      const w: SafetyWorld = { ...world, voters: [...world.voters] };
      const each = (STAKED * 52n) / 1_000n;
      const against = (STAKED * 14n) / 100n;
      await restake(w, connection, [each, each, each, each, each, against, against, against, against, against]);
      await w.clock.pass(301n);
      await w.report({ txFailed: 80n });
      await w.breaker.trigger(TRIGGER.networkAttack);
      const openedAt = await w.clock.now();
      const start = await w.breaker.voteOn(action);
      await w.clock.to(openedAt + 6n * HOUR - 5n);
      for (const voter of [0, 1, 2, 3]) await vote(w, start, [[voter, FOR]]);
      await w.clock.nextBlockAt(openedAt + 6n * HOUR);
      await vote(w, start, [[4, FOR]]);
      await expect(vote(w, start, [[5, AGAINST]])).to.be.revertedWithCustomError(
        w.emergencyGovernor,
        "GovernorUnexpectedProposalState",
      );
      await w.clock.nextBlockAt(openedAt + (6n + waits) * HOUR + 5n);
      await w.emergencyGovernor["execute(uint256)"](start);
      const from = await w.clock.now();
      await expect(w.breaker.endOpposed(action)).to.be.revertedWithCustomError(w.breaker, "NotOpposed");
      await w.breaker.proposeEnd(action);
      const end = await w.breaker.endVoteOn(action);
      for (const voter of [5, 6, 7, 8, 9]) await vote(w, end, [[voter, FOR]]);
      if (waits !== 0n) {
        const { executableAt } = await w.emergencyGovernor.standingOf(end);
        await w.clock.to(executableAt - 1n);
        expect(await w.breaker.effectUntil(action)).to.be.greaterThan(await w.clock.now());
      }
      await w.emergencyGovernor["execute(uint256)"](end);
      expect(await w.breaker.effectUntil(action)).to.be.at.most(await w.clock.now());
      expect(((await w.clock.now()) - from) / HOUR).to.equal(waits);
    });
  }
});
