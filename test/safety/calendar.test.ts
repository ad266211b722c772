// The calendar's last day, on the whole economy: everything works through it, and nothing wraps around after it.
import { expect } from "chai";
import { LAST_DAY } from "@ftns/model";
import { contractSigner, FTNS, STAKE, stakingFixture, type Staking } from "../staking/fixture.ts";
import { dayOf, startOf } from "../helpers/time.ts";

const { connection, fresh } = await stakingFixture();
const END = startOf(LAST_DAY + 1n);

describe("the end of the calendar", () => {
  let d: Staking;
  beforeEach(async () => {
    d = await fresh();
    await d.vault.connect(d.alice).stake(STAKE);
    await d.clock.toDay(LAST_DAY);
  });

  it("comes after a last day on which stakes leave and return, fees are paid and budgets hold", async () => {
    const vault = d.vault.connect(d.alice);
    await vault.requestUnstake(STAKE / 2n);
    expect((await vault.stakeOf(d.alice)).chargedThrough).to.equal(LAST_DAY);
    await vault.cancelUnstake();
    await vault.claim();
    expect((await d.pool.dayBudget()).day).to.equal(LAST_DAY);
    await d.clock.nextBlockAt(END - 1n);
    await vault.requestUnstakeForfeiting(STAKE);
    expect((await vault.stakeOf(d.alice)).pending).to.equal(STAKE);
  });

  it("stops vault, pool, wrapper and controller with an error of its own", async () => {
    await d.vault.connect(d.alice).requestUnstake(STAKE / 2n);
    const jobs = await contractSigner(connection, d.keeperJobs);
    await d.clock.to(END);
    const [vault, wrapper] = [d.vault.connect(d.alice), d.wrapper.connect(d.alice)];
    expect(dayOf(await d.clock.now())).to.equal(LAST_DAY + 1n);
    const calls = {
      stake: () => vault.stake(STAKE),
      requestUnstake: () => vault.requestUnstake(1n),
      requestUnstakeForfeiting: () => vault.requestUnstakeForfeiting(1n),
      cancelUnstake: () => vault.cancelUnstake(),
      settleExit: () => vault.settleExit(d.alice, LAST_DAY),
      claim: () => vault.claim(),
      stakeOf: () => vault.stakeOf(d.alice),
      payKeeper: () => d.pool.connect(jobs).payKeeper(d.bob, FTNS),
      dayBudget: () => d.pool.dayBudget(),
      deposit: () => wrapper.deposit(FTNS, d.alice),
      adjust: () => d.controller.adjust(FTNS),
      halt: () => d.token.connect(d.people.breaker).halt(END + 60n),
    };
    for (const [name, call] of Object.entries(calls)) {
      await expect(call(), name)
        .to.be.revertedWithCustomError(d.token, "CalendarEnded")
        .withArgs(LAST_DAY + 1n);
    }
    // A week later the exit is ready, and no coin moves: that is the token's word.
    await d.clock.pass(604_800n);
    await expect(vault.withdraw()).to.be.revertedWithCustomError(d.token, "CalendarEnded");
  });
});
