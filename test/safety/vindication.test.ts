// A vote that passed says that its triggers were no noise, until voters stop it: then they were.
import { expect } from "chai";
import { network } from "hardhat";
import { AGAINST, STAKED } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, DAY, HOUR, restake, safetyOn, TRIGGER, USD, vote, type SafetyWorld } from "./fixture.ts";
import { repeatingIn } from "./repeating.ts";
import { FIVE } from "./voted.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("a vote that passed and is stopped (P274)", () => {
  let w: SafetyWorld;
  const { attacked, dry, lock, pull } = repeatingIn(() => w);

  /** Five voters have `share` thousandths together, the sixth 80 %. */
  const divided = async (share: bigint) => {
    const world = await connection.networkHelpers.loadFixture(fixture);
    w = { ...world, voters: [...world.voters] };
    const each = (STAKED * share) / 5_000n;
    await restake(w, connection, [each, each, each, each, each, (80n * STAKED) / 100n]);
  };
  const execute = (proposal: bigint) => w.emergencyGovernor["execute(uint256)"](proposal);
  const noise = async (kind: bigint) => {
    const { triggers, suspendedSec } = await w.breaker.noiseOf(kind);
    return [triggers, suspendedSec];
  };
  const suspendedUntil = async () => w.controller.suspendedUntil();
  const endOpposed = (action: bigint) => w.breaker.connect(w.outsiders[0]!).endOpposed(action);
  /** Those against it come a minute later, and an hour passes. */
  const opposed = async (proposal: bigint) => {
    await w.clock.pass(60n);
    await vote(w, proposal, [[5, AGAINST]]);
    await w.clock.pass(HOUR);
  };

  for (const executes of [true, false]) {
    it(`10.5 % whom 80 % oppose suspend adjustments at 13 of 120 hourly looks (${executes ? "executed" : "not executed"}; seen: 120)`, async () => {
      await divided(105n);
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
          if (executes) await execute(pause);
          await vote(w, pause, [[5, AGAINST]]);
        }
        await endOpposed(ACTION.pause).catch(() => undefined);
        if ((await suspendedUntil()) > (await w.clock.now())) suspendedHours++;
      }
      const { triggers: counted } = await w.breaker.noiseOf(TRIGGER.liquidityCrisis);
      expect({ suspendedHours, triggers, counted }).to.deep.equal({ suspendedHours: 13, triggers: 1, counted: 1n });
    });
  }

  it("with bonds, which come back since it had support, it suspends an hour of twelve beyond the day that noise may", async () => {
    await divided(105n);
    await lock(0, 200_000n * FTNS);
    const start = (await w.clock.now()) + 60n;
    let suspended = 0n;
    for (let round = 0n; round < 8n; round++) {
      await w.clock.to(start + round * 13n * HOUR);
      await dry();
      await pull(0, TRIGGER.liquidityCrisis);
      const pause = await w.breaker.voteOn(ACTION.pause);
      await vote(w, pause, FIVE);
      await execute(pause);
      const from = await w.clock.now();
      await opposed(pause);
      await endOpposed(ACTION.pause);
      const until = await suspendedUntil();
      const now = await w.clock.now();
      suspended += (until > now ? until : now) - from;
    }
    expect(await noise(TRIGGER.liquidityCrisis)).to.deep.equal([8n, DAY]);
    // Two rounds of twelve hours, and six of an hour and some seconds.
    expect(suspended / HOUR).to.equal(24n + 6n);
  });

  it("counts again from the second in which it is stopped, before anybody says so", async () => {
    await divided(105n);
    await dry();
    await w.breaker.trigger(TRIGGER.liquidityCrisis);
    const pause = await w.breaker.voteOn(ACTION.pause);
    await vote(w, pause, FIVE);
    expect(await noise(TRIGGER.liquidityCrisis)).to.deep.equal([0n, 0n]);
    await vote(w, pause, [[5, AGAINST]]);
    const since = await w.clock.now();
    await w.clock.to(since + HOUR - 1n);
    expect(await noise(TRIGGER.liquidityCrisis)).to.deep.equal([0n, 0n]);
    expect(await w.breaker.opposedMotion(ACTION.pause)).to.equal(0n);
    await w.clock.to(since + HOUR);
    expect(await noise(TRIGGER.liquidityCrisis)).to.deep.equal([1n, 12n * HOUR]);
    expect(await w.breaker.opposedMotion(ACTION.pause)).to.equal(1n);
    expect((await w.breaker.canTrigger(TRIGGER.liquidityCrisis)).bond).to.equal(1_000n * FTNS);
  });

  describe("given noise that has had its day", () => {
    /** The attack of the second emergency suspends nothing by itself. */
    beforeEach(async () => {
      await divided(160n);
      await lock(0, 10_000n * FTNS);
      await attacked();
      await pull(0, TRIGGER.networkAttack);
      await w.clock.pass(25n * HOUR);
      await attacked();
      await pull(0, TRIGGER.networkAttack);
      expect(await suspendedUntil()).to.be.at.most(await w.clock.now());
    });

    it("what passed and was never executed suspends until it is said to be stopped, and then no more", async () => {
      const halt = await w.breaker.voteOn(ACTION.halt);
      await vote(w, halt, FIVE);
      const { openUntil } = await w.breaker.emergency();
      expect(await suspendedUntil()).to.equal(openUntil);
      await vote(w, halt, [[5, AGAINST]]);
      await expect(endOpposed(ACTION.halt)).to.be.revertedWithCustomError(w.breaker, "NotOpposed").withArgs(ACTION.halt);
      await w.clock.pass(HOUR);
      const told = endOpposed(ACTION.halt);
      await expect(told).to.emit(w.breaker, "VindicationLost").withArgs(2n, ACTION.halt);
      await expect(told).to.not.emit(w.breaker, "ActionEnded");
      expect(await suspendedUntil()).to.be.at.most(await w.clock.now());
      // The guardian is disarmed by those who end a halt; here was none.
      expect(await w.breaker.guardianArmed()).to.equal(true);
      await expect(endOpposed(ACTION.halt)).to.be.revertedWithCustomError(w.breaker, "NotOpposed");
      expect(await noise(TRIGGER.networkAttack)).to.deep.equal([2n, DAY]);
    });

    it("what was executed and ended by the ordinary governor, too", async () => {
      const halt = await w.breaker.voteOn(ACTION.halt);
      await vote(w, halt, FIVE);
      await execute(halt);
      await w.breaker.connect(w.people.governor).end(ACTION.halt);
      await opposed(halt);
      await expect(endOpposed(ACTION.halt)).to.emit(w.breaker, "VindicationLost").withArgs(2n, ACTION.halt);
      expect(await suspendedUntil()).to.be.at.most(await w.clock.now());
    });

    it("once the emergency is over there is nothing to say", async () => {
      const halt = await w.breaker.voteOn(ACTION.halt);
      await vote(w, halt, FIVE);
      await opposed(halt);
      await w.clock.to((await w.breaker.emergency()).openUntil - 1n);
      expect(await w.breaker.opposedMotion(ACTION.halt)).to.not.equal(0n);
      await w.clock.pass(1n);
      expect(await w.breaker.opposedMotion(ACTION.halt)).to.equal(0n);
      await expect(endOpposed(ACTION.halt)).to.be.revertedWithCustomError(w.breaker, "NotOpposed");
    });

    it("while another vote of the emergency stands, it goes on suspending and the triggers stay cleared", async () => {
      await w.clock.pass(301n);
      await w.report({ volume6h: 0n, txFailed: 80n });
      await w.breaker.trigger(TRIGGER.liquidityCrisis);
      const [halt, pause] = [await w.breaker.voteOn(ACTION.halt), await w.breaker.voteOn(ACTION.pause)];
      await vote(w, halt, FIVE);
      await vote(w, pause, FIVE);
      const { openUntil } = await w.breaker.emergency();
      await opposed(halt);
      await endOpposed(ACTION.halt);
      expect(await suspendedUntil()).to.equal(openUntil);
      expect(await noise(TRIGGER.networkAttack)).to.deep.equal([2n, DAY]);
      expect(await noise(TRIGGER.liquidityCrisis)).to.deep.equal([0n, 0n]);
      await opposed(pause);
      await endOpposed(ACTION.pause);
      expect(await noise(TRIGGER.liquidityCrisis)).to.deep.equal([1n, 12n * HOUR]);
      // What noise of the other kind may suspend is left.
      expect(await suspendedUntil()).to.equal((await w.breaker.emergency()).suspendUntil);
      expect((await suspendedUntil()) < openUntil).to.equal(true);
    });
  });

  for (const [what, stops] of [
    ["and is stopped after the next emergency has opened, does not help that", true],
    ["and stands, helps what comes once no more ballots are taken", false],
  ] as const) {
    it(`a vote of an emergency that is two days old ${what}`, async () => {
      await divided(105n);
      await lock(0, 100_000n * FTNS);
      await dry();
      await pull(0, TRIGGER.liquidityCrisis);
      const { openedAt } = await w.breaker.emergency();
      for (const hours of [11n, 22n, 33n, 44n]) {
        await w.clock.to(openedAt + hours * HOUR);
        await dry();
        await pull(0, TRIGGER.liquidityCrisis);
      }
      const pause = await w.breaker.voteOn(ACTION.pause);
      await w.clock.to(openedAt + 48n * HOUR - 600n);
      await vote(w, pause, FIVE);
      expect(await noise(TRIGGER.liquidityCrisis)).to.deep.equal([0n, 0n]);
      await dry();
      await w.clock.to(openedAt + 48n * HOUR + 1n);
      // Ballots are still taken, so that the next emergency counts all five.
      const taken = stops ? 16_000n * FTNS : 0n;
      if (!stops) await w.clock.to(openedAt + 50n * HOUR + 400n);
      expect((await w.breaker.canTrigger(TRIGGER.liquidityCrisis)).bond).to.equal(taken);
      await dry();
      await pull(0, TRIGGER.liquidityCrisis);
      expect((await w.breaker.emergency()).id).to.equal(2n);
      if (stops) await vote(w, pause, [[5, AGAINST]]);
      await w.clock.pass(HOUR);
      expect((await noise(TRIGGER.liquidityCrisis))[0]).to.equal(stops ? 6n : 1n);
    });
  }

  it("a vote that stands clears what is pulled later in its emergency, and suspends for as long as that is open", async () => {
    await divided(105n);
    await w.clock.pass(60n);
    await w.hours(2, (6n * USD) / 10n);
    await w.breaker.trigger(TRIGGER.priceCrash);
    await vote(w, await w.breaker.voteOn(ACTION.pause), FIVE);
    // The vote on a halt lapses; the crash goes on.
    await w.hours(6, (6n * USD) / 10n);
    await w.clock.pass(400n);
    expect(await w.breaker.canTrigger(TRIGGER.priceCrash)).to.deep.equal([true, 0n]);
    await w.breaker.trigger(TRIGGER.priceCrash);
    expect(await noise(TRIGGER.priceCrash)).to.deep.equal([0n, 0n]);
    const { openUntil } = await w.breaker.emergency();
    expect(openUntil).to.equal((await w.clock.now()) + 12n * HOUR);
    expect(await suspendedUntil()).to.equal(openUntil);
  });
});
