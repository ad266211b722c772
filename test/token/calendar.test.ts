import { expect } from "chai";
import { LAST_DAY } from "@ftns/model";
import { DAY, HOUR, startOf } from "../helpers/time.ts";
import { clock, freshToken, give, makeContributor, startGrace, wordOf, type Deployment } from "./fixture.ts";
import { FTNS } from "./words.ts";

const END = startOf(LAST_DAY + 1n);

describe("FTNSToken and the end of the calendar", () => {
  let d: Deployment;
  beforeEach(async () => {
    d = await freshToken();
    await give(d, d.alice, 1_000n * FTNS);
  });

  it("is far below the marks of classes, whatever is granted on its last day", async () => {
    await clock.toDay(LAST_DAY);
    await makeContributor(d, d.alice, { basic: 120, active: 120, power: 120 });
    await startGrace(d, d.alice, Number(LAST_DAY) + 365);
    const word = await wordOf(d, d.alice);
    expect(word.graceUntil).to.equal(65_365);
    expect(word.powerThrough).to.equal(65_120);
    expect((await d.token.accountOf(d.alice)).accountClass).to.equal(0n);
    await give(d, d.alice, 10n * FTNS);
    await d.token.connect(d.alice).transfer(d.bob, 9n * FTNS);
    expect((await d.token.accountOf(d.bob)).activity).to.be.greaterThan(0n);
  });

  it("still charges and halts in its last days", async () => {
    await clock.toDay(LAST_DAY - 5n);
    await d.token.connect(d.treasury).transfer(d.alice, FTNS);
    const before = await d.token.balanceOf(d.alice);
    await clock.toDay(LAST_DAY - 4n);
    expect(before - (await d.token.balanceOf(d.alice))).to.equal(before / 3_000n);
    await d.token.connect(d.breaker).halt((await clock.now()) + HOUR);
    await expect(d.token.connect(d.alice).transfer(d.bob, 1n)).to.be.revertedWithCustomError(d.token, "TransfersHalted");
    await clock.pass(HOUR);
    await d.token.connect(d.breaker).startRecovery((await clock.now()) + DAY);
    const held = await d.token.balanceOf(d.alice);
    await expect(d.token.connect(d.alice).transfer(d.bob, held / 10n + 1n)).to.be.revertedWithCustomError(
      d.token,
      "RecoveryLimitExceeded",
    );
  });

  it("works in its last second, and stops with an error of its own after it", async () => {
    await clock.nextBlockAt(END - 1n);
    await d.token.connect(d.alice).transfer(d.bob, 1n);
    await clock.to(END);
    const { token, alice, bob, minter, registrar, pool } = d;
    const none = { basicThrough: 0, activeThrough: 0, powerThrough: 0 };
    const calls = [
      () => token.connect(alice).transfer(bob, 1n),
      () => token.connect(alice).transfer(alice, 1n),
      () => token.connect(alice).burn(1n),
      () => token.connect(minter).mint(bob, 1n),
      () => token.connect(minter).payReward(bob, 0n, 1n),
      () => token.connect(registrar).setTierSchedule(bob, none, 0n, 0n, 0n),
      () => token.settle(alice),
      () => token.balanceOf(alice),
      () => token.balanceOf(pool),
      () => token.accountOf(alice),
      () => token.movable(alice),
      () => token.demurrageOf(FTNS, 1n, 2n),
    ];
    for (const call of calls) {
      await expect(call())
        .to.be.revertedWithCustomError(token, "CalendarEnded")
        .withArgs(LAST_DAY + 1n);
    }
  });
});
