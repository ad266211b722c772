// How long votes may keep one action in effect, by renewing it.
import { expect } from "chai";
import { network } from "hardhat";
import { ACTION, DAY, HOUR, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";
import { repeatingIn } from "./repeating.ts";
import { FIVE, votedIn } from "./voted.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("repeated triggers", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });
  const { execute } = votedIn(() => w);
  const { dry } = repeatingIn(() => w);

  describe("effects of one kind (P215)", () => {
    /** A pause by a new emergency of its own. */
    const pausedBy = async () => {
      await dry();
      await w.breaker.connect(w.voters[0]!).trigger(TRIGGER.liquidityCrisis);
      const id = await w.breaker.voteOn(ACTION.pause);
      await vote(w, id, FIVE);
      return id;
    };

    it("last for 30 of 60 days, and the ordinary governor is not bound by that", async () => {
      const first = await pausedBy();
      await execute(first);
      const begin = await w.clock.now();
      expect(await w.breaker.useOf(ACTION.pause)).to.deep.equal([begin, 14n * DAY, 1n]);
      await w.clock.to(begin + 13n * DAY);
      await execute(await pausedBy());
      const second = await w.clock.now();
      expect(await w.breaker.effectUntil(ACTION.pause)).to.equal(second + 14n * DAY);
      await w.clock.to(begin + 26n * DAY);
      await execute(await pausedBy());
      // The third is cut short: 30 days in all.
      expect(await w.breaker.effectUntil(ACTION.pause)).to.equal(begin + 30n * DAY);
      await w.clock.to(begin + 27n * DAY);
      const fourth = await pausedBy();
      await expect(execute(fourth))
        .to.be.revertedWithCustomError(w.breaker, "EffectUsedUp")
        .withArgs(ACTION.pause, begin + 60n * DAY);
      const governor = w.breaker.connect(w.people.governor);
      await governor.impose(ACTION.pause);
      expect(await w.breaker.effectUntil(ACTION.pause)).to.equal((await w.clock.now()) + 14n * DAY);
      // It has said otherwise: votes may use 30 days again.
      await execute(fourth);
    });

    for (const [what, offset, free] of [
      ["in the last second of the 60 days", -1n, false],
      ["in the first second after them", 0n, true],
    ] as const) {
      it(`that used up their time ${free ? "begin anew" : "are refused"} ${what}`, async () => {
        await execute(await pausedBy());
        const begin = await w.clock.now();
        for (const day of [13n, 26n]) {
          await w.clock.to(begin + day * DAY);
          await execute(await pausedBy());
        }
        await w.clock.to(begin + 58n * DAY);
        for (const voter of w.voters.slice(0, 5)) await w.contributes(voter);
        await w.clock.to(begin + 60n * DAY - 3n * HOUR);
        const id = await pausedBy();
        await w.clock.nextBlockAt(begin + 60n * DAY + offset);
        if (free) await execute(id);
        else await expect(execute(id)).to.be.revertedWithCustomError(w.breaker, "EffectUsedUp");
      });
    }

    it("give back what an early end leaves", async () => {
      await execute(await pausedBy());
      const begin = await w.clock.now();
      await w.clock.nextBlockAt(begin + DAY);
      await w.breaker.connect(w.people.governor).end(ACTION.pause);
      expect((await w.breaker.useOf(ACTION.pause)).usedSec).to.equal(DAY);
    });

    it("are renewed by another vote only, which a motion to end them that was made before does not undo", async () => {
      await execute(await pausedBy());
      await w.clock.pass(13n * HOUR);
      await w.breaker.proposeEnd(ACTION.pause);
      const end = await w.breaker.endVoteOn(ACTION.pause);
      await w.clock.pass(1n);
      await vote(w, end, FIVE);
      await execute(await pausedBy());
      await expect(execute(end))
        .to.be.revertedWithCustomError(w.breaker, "EffectRenewed")
        .withArgs(ACTION.pause, (await w.breaker.effectUntil(ACTION.pause)) - 14n * DAY);
    });
  });
});
