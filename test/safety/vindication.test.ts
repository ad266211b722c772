// Known, not mended: a vote that passed vindicates its triggers, also when the voters stop it within its hours. While the chain
// shows a cause, its ten percent keep adjustments suspended, without a bond.
import { expect } from "chai";
import { network } from "hardhat";
import { AGAINST, FOR, STAKED } from "../governance/fixture.ts";
import { ACTION, HOUR, restake, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);
const FIVE = [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const);

describe("a minority whose votes are stopped", () => {
  for (const executes of [true, false]) {
    it(`10.5 % whom 80 % oppose suspend adjustments through five dry days (${executes ? "executed" : "not executed"})`, async () => {
      const world = await connection.networkHelpers.loadFixture(fixture);
      const w: SafetyWorld = { ...world, voters: [...world.voters] };
      const each = (STAKED * 21n) / 1_000n;
      // 10.5 % in five accounts for it, 80 % against.
      await restake(w, connection, [each, each, each, each, each, (80n * STAKED) / 100n]);
      const start = (await w.clock.now()) + 60n;
      let [suspendedHours, triggers] = [0, 0];
      for (let hour = 0; hour < 24 * 5; hour++) {
        const at = start + BigInt(hour) * HOUR;
        if (at > (await w.clock.now())) await w.clock.to(at);
        await w.report({ volume6h: 0n });
        const { taken, bond } = await w.breaker.canTrigger(TRIGGER.liquidityCrisis);
        if (taken && bond === 0n && !(await w.breaker.isOpen())) {
          await w.breaker.connect(w.outsiders[0]!).trigger(TRIGGER.liquidityCrisis);
          triggers++;
          const pause = await w.breaker.voteOn(ACTION.pause);
          await vote(w, pause, FIVE);
          if (executes) await w.emergencyGovernor["execute(uint256)"](pause);
          await vote(w, pause, [[5, AGAINST]]);
        }
        await w.breaker.endOpposed(ACTION.pause).catch(() => undefined);
        if ((await w.controller.suspendedUntil()) > (await w.clock.now())) suspendedHours++;
      }
      const { triggers: counted } = await w.breaker.noiseOf(TRIGGER.liquidityCrisis);
      expect({ suspendedHours, triggers, counted }).to.deep.equal({ suspendedHours: 120, triggers: 10, counted: 0n });
    });
  }
});
