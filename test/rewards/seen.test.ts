// What was seen with one budget for all: a staker's backlog took it for 60 days and contributors came last; once earnings
// exceeded the budget, M moved nothing but a queue. Played on the whole economy.
import { expect } from "chai";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { FTNS, registryFixture, TIER, WAD, type Registry } from "../contributors/fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;
const DAILY = 4_000n * FTNS;

describe("The shares of the day's means, on the whole economy", () => {
  let d: Registry;
  /** The pool, called by one who stands for registry, vault and keepers' jobs. */
  let pool: Registry["pool"];
  beforeEach(async () => {
    d = await fresh();
    for (const role of [ROLES.REWARDER, ROLES.STAKING, ROLES.KEEPER]) {
      await d.manager.connect(d.people.admin).grantRole(role, d.dave, 0);
    }
    pool = d.pool.connect(d.dave);
  });

  it("lets one staker's backlog of years not block contributors, who are paid in full each day for 60 days", async () => {
    // 12 % of 90,000,000 for a year, asked for each day before anybody else and again whenever something has come in.
    let owed = 10_800_000n * FTNS;
    const ask = async () => {
      const [unpaid] = await pool.payYield.staticCall(d.carol, owed, 0n);
      if (unpaid < owed) await pool.payYield(d.carol, owed, 0n);
      owed = unpaid;
    };
    for (let day = 0; day < 60; day++) {
      await d.clock.toDaysAhead(1n);
      await ask();
      await d.token.settle(d.people.treasury);
      await ask();
      const paid = pool.reward(d.alice, 0n, DAILY, TIER.BASIC);
      await expect(paid, `day ${day}`).to.changeTokenBalance(ethers, d.token, d.alice, DAILY);
      await expect(pool.payKeeper(d.bob, 100n * FTNS)).to.changeTokenBalance(ethers, d.token, d.bob, 100n * FTNS);
      await ask();
      const { means, paid: spent } = await pool.dayBudget();
      expect(spent[1]! <= (means * 3n) / 10n).to.equal(true);
    }
    expect(await pool.totalClaimable()).to.equal(0n);
    expect(owed).to.be.greaterThan(0n);
  });

  it("has a contributor paid in full also after a staker who takes all there is from 01:00 to 02:00", async () => {
    for (const second of [82_800n, 86_399n]) {
      await d.clock.toDaysAhead(1n, second - 2n);
      await pool.payYield(d.carol, 10_800_000n * FTNS, 10_800_000n * FTNS);
      await expect(pool.reward(d.alice, 0n, DAILY, TIER.BASIC)).to.changeTokenBalance(ethers, d.token, d.alice, DAILY);
    }
  });

  it("lets a whale's backlog of rewards not block small claims, nor the day's contributions", async () => {
    await pool.reward(d.carol, 0n, 5_000_000n * FTNS, TIER.BASIC);
    await pool.reward(d.bob, 0n, 40n * FTNS, TIER.BASIC);
    expect(await pool.claimable(d.bob)).to.equal(40n * FTNS);
    await d.clock.toDaysAhead(1n);
    // The whale comes first and takes its part of the claims' share. Each other's part is left, and from 01:00 on more.
    const whole = await pool.totalClaimable();
    const part = ((await pool.dayBudget()).left[2]! * 40n * FTNS) / whole;
    await d.pool.connect(d.carol).claim();
    await expect(d.pool.connect(d.carol).claim()).to.be.revertedWithCustomError(pool, "NothingPayableNow");
    const before = await d.token.balanceOf(d.bob);
    await d.pool.connect(d.bob).claim();
    expect((await d.token.balanceOf(d.bob)) - before).to.be.at.least(part);
    await expect(pool.reward(d.alice, 0n, DAILY, TIER.BASIC)).to.changeTokenBalance(ethers, d.token, d.alice, DAILY);
    await d.clock.toDay(await d.clock.today(), 82_800n);
    await d.pool.connect(d.bob).claim();
    expect(await pool.claimable(d.bob)).to.equal(0n);
    await expect(d.pool.connect(d.carol).claim()).to.be.revertedWithCustomError(pool, "NothingPayableNow");
  });

  it("has the supply follow M also when more is earned than the budget pays", async () => {
    const grown: bigint[] = [];
    for (const M of [2n * WAD, WAD, WAD / 2n, WAD / 10n]) {
      await d.source.set(M);
      await d.clock.toDaysAhead(1n, 86_000n);
      const before = await d.token.totalSupply();
      // At any M far more than a day's means.
      await pool.reward(d.alice, 0n, 50_000_000n * FTNS, TIER.BASIC);
      await pool.payYield(d.carol, 50_000_000n * FTNS, 0n);
      const after = await d.token.totalSupply();
      const budget = (before * (M < WAD ? M : WAD)) / WAD / 1_000n;
      expect(after - before).to.equal(budget - (budget % 10n ** 9n));
      grown.push(after - before);
    }
    expect(grown[2]! < grown[1]! && grown[3]! < grown[2]!).to.equal(true);
  });
});
