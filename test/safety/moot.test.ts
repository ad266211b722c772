// A vote to end what was started or renewed since: it can't end that, and keeps nobody from the vote that can.
import { expect } from "chai";
import { network } from "hardhat";
import { ACTION, crash, HOUR, safetyOn, TRIGGER, USD, vote, type SafetyWorld } from "./fixture.ts";
import { FIVE, votedIn } from "./voted.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("a vote to end what is started anew (P460)", () => {
  let w: SafetyWorld;
  const { execute, passed, halted, send } = votedIn(() => w);
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });
  const proposeEnd = async () => {
    await w.breaker.connect(w.outsiders[0]!).proposeEnd(ACTION.halt);
    const end = await w.breaker.endVoteOn(ACTION.halt);
    await w.clock.pass(1n);
    return end;
  };

  /** The guardian halts, somebody proposes the end of that, and then the halt that was voted on takes its place. */
  const overtaken = async () => {
    await crash(w);
    await w.breaker.trigger(TRIGGER.priceCrash);
    await w.breaker.connect(w.people.breaker).guardianHalt();
    const end = await proposeEnd();
    await execute(await passed(ACTION.halt));
    return end;
  };

  it("ends nothing, also when it passes; the next one can be made at once (seen: for twelve hours none could)", async () => {
    const moot = await overtaken();
    expect(await w.breaker.endVoteOn(ACTION.halt)).to.equal(0n);
    await vote(w, moot, FIVE);
    await expect(execute(moot)).to.be.revertedWithCustomError(w.breaker, "EffectRenewed");
    const end = await proposeEnd();
    expect(end).to.not.equal(moot);
    await vote(w, end, FIVE);
    await execute(end);
    await send(1n);
  });

  it("the old one, which has passed, ends nothing when the next one is there either", async () => {
    const moot = await overtaken();
    await vote(w, moot, FIVE);
    await proposeEnd();
    await expect(execute(moot)).to.be.revertedWithCustomError(w.breaker, "EffectRenewed");
    expect(await w.breaker.canCarryOut({ id: 3n, action: ACTION.halt, ending: true })).to.equal(false);
    expect(await w.breaker.canCarryOut({ id: 4n, action: ACTION.halt, ending: true })).to.equal(true);
  });

  it("one at a time: while the vote can end what is in effect there is no other", async () => {
    await halted();
    await proposeEnd();
    await expect(w.breaker.proposeEnd(ACTION.halt)).to.be.revertedWithCustomError(w.breaker, "EndAlreadyProposed");
  });

  it("the same with what is renewed two days later", async () => {
    await halted();
    const until = await w.token.haltedUntil();
    // The price halves once more.
    await w.clock.to(until - 30n * HOUR);
    await w.hours(26, (6n * USD) / 10n);
    await w.hours(2, (3n * USD) / 10n);
    await w.breaker.trigger(TRIGGER.priceCrash);
    const halt = await passed(ACTION.halt);
    await proposeEnd();
    await execute(halt);
    expect(await w.token.haltedUntil()).to.be.greaterThan(until);
    const end = await proposeEnd();
    await vote(w, end, FIVE);
    await execute(end);
    await send(1n);
  });
});
