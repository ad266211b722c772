import { expect } from "chai";
import { DAY } from "../helpers/time.ts";
import { clock, freshToken, give, parametersWith, wordOf, type Deployment } from "./fixture.ts";
import { FTNS, WAD } from "./words.ts";

describe("FTNSToken demurrageOf", () => {
  let d: Deployment;
  let launch: bigint;
  beforeEach(async () => {
    d = await freshToken();
    launch = await clock.today();
  });

  it("reverts for a day that has not come, for days in the wrong order, and for more than a balance can be", async () => {
    await expect(d.token.demurrageOf(FTNS, launch, launch + 1n))
      .to.be.revertedWithCustomError(d.token, "SettleDayOutOfBounds")
      .withArgs(launch + 1n, launch, launch);
    await expect(d.token.demurrageOf(FTNS, launch, launch - 1n))
      .to.be.revertedWithCustomError(d.token, "SettleDayOutOfBounds")
      .withArgs(launch - 1n, launch, launch);
    await expect(d.token.demurrageOf(2n ** 90n, launch - 1n, launch))
      .to.be.revertedWithCustomError(d.token, "AmountTooLarge")
      .withArgs(2n ** 90n, 2n ** 90n - 1n);
    expect(await d.token.demurrageOf(2n ** 90n - 1n, launch - 1n, launch)).to.equal((2n ** 90n - 1n) / 3_000n);
  });

  it("is nothing for nothing, for no day, and below the minimum fee", async () => {
    await clock.toDaysAhead(9n);
    expect(await d.token.demurrageOf(0n, launch, launch + 9n)).to.equal(0n);
    expect(await d.token.demurrageOf(0n, 0n, launch)).to.equal(0n);
    expect(await d.token.demurrageOf(FTNS, launch, launch)).to.equal(0n);
    expect(await d.token.demurrageOf(3n * 10n ** 12n - 1n, launch, launch + 1n)).to.equal(0n);
    expect(await d.token.demurrageOf(3n * 10n ** 12n, launch, launch + 1n)).to.equal(10n ** 9n);
  });

  it("is what a wallet of tier NONE pays that held it, through changes of parameters and halts, to the wei", async () => {
    const held = 12_345n * FTNS + 678n;
    await give(d, d.alice, held);
    const days: bigint[] = [];
    for (const cap of [70n, 20n, 100n]) {
      await clock.toDaysAhead(11n);
      await d.token.connect(d.governor).setParameters(parametersWith({ monthlyCap: (cap * WAD) / 10_000n }));
      days.push(await clock.today());
      await clock.toDaysAhead(5n);
      await d.token.connect(d.breaker).halt((await clock.now()) + 2n * DAY);
      days.push(await clock.today());
    }
    await clock.toDaysAhead(40n);
    const today = await clock.today();
    expect(await d.token.demurrageOf(held, launch, today)).to.equal(held - (await d.token.balanceOf(d.alice)));
    for (const day of days) {
      const snapshot = await d.token.settleThrough.staticCall(d.alice, day);
      expect(await d.token.demurrageOf(held, launch, day)).to.equal(snapshot);
    }
  });

  it("comes to the same in parts, but for a wei a part", async () => {
    await clock.toDaysAhead(300n);
    const today = await clock.today();
    const held = 777_777n * FTNS;
    const whole = await d.token.demurrageOf(held, launch, today);
    let [left, day] = [held, launch];
    for (const step of [1n, 40n, 3n, 200n, 56n]) {
      left -= await d.token.demurrageOf(left, day, day + step);
      day += step;
    }
    expect(day).to.equal(today);
    expect(held - left - whole).to.be.within(-held / 10n ** 17n, held / 10n ** 17n);
  });

  it("stores nothing", async () => {
    await clock.toDaysAhead(9n);
    await d.token.demurrageOf(FTNS, launch, launch + 9n);
    expect((await wordOf(d, d.dave)).settledDay).to.equal(0);
  });
});
