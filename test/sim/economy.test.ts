// The economy of the simulation: what must hold in any world, and what people do in it.
import { expect } from "chai";
import { expectNear } from "../helpers/near.ts";
import { DAYS, LAUNCH_SUPPLY, WORLDS } from "@ftns/sim/assumptions.ts";
import { Economy } from "@ftns/sim/economy.ts";
import { Desk } from "@ftns/sim/desk.ts";
import { FIELDS } from "@ftns/sim/measures.ts";
import { IDLE_POWER, populationOf, WORKERS } from "@ftns/sim/people.ts";
import { Pool } from "@ftns/sim/pool.ts";
import { RULES, ruleOf } from "@ftns/sim/rules.ts";
import { shocksOf } from "@ftns/sim/shocks.ts";
import { Workers } from "@ftns/sim/workers.ts";

function economyOf(world: number, rule: string, regime: Parameters<typeof shocksOf>[0], seed: number, volatility = 0.8) {
  const market = WORLDS[world]!;
  return new Economy(market, populationOf(market.baseRewards), ruleOf(rule), shocksOf(regime, seed, volatility));
}

const coinsOf = ({ token, staked, pool, desk }: Economy) =>
  token.balance.reduce((sum, balance, i) => sum + balance * token.weight[i]!, staked + pool.funds + (desk?.inventory ?? 0));

describe("the economy of the simulation", function () {
  this.timeout(60_000);

  it("begins with the launch supply, and with the work that the world says", () => {
    for (const { baseRewards } of WORLDS) {
      const people = populationOf(baseRewards);
      const held = people.reduce((sum, { weight, holds }) => sum + weight * holds, 0);
      expectNear(held + 15_000_000, LAUNCH_SUPPLY, 1);
      const workers = people.slice(0, WORKERS).filter(({ breakEven }) => breakEven! < 1);
      const earned = workers.reduce((sum, { work, weight }) => {
        const multiplier = [1, 1.3, 1.6][work!.kind]!;
        return sum + (weight * work!.value * multiplier) / work!.everyDays;
      }, 0);
      expectNear(earned / LAUNCH_SUPPLY / baseRewards, 1, 0.02);
    }
  });

  it("P401: coins are neither made nor lost, nobody has less than nothing, and M and supply keep their bounds, under every rule", () => {
    RULES.forEach(({ id }, k) => {
      const economy = economyOf(k % WORLDS.length, id, "fat", k);
      economy.run();
      expectNear(coinsOf(economy) / economy.pool.supply, 1, 1e-9);
      expect(Math.min(...economy.token.balance), id).to.be.at.least(0);
      expect(economy.controller.multiplier, id).to.be.within(0.1, 10);
      expect(economy.pool.supply, id).to.be.at.most(10 * LAUNCH_SUPPLY);
      expect([...economy.measures.values].every(Number.isFinite), id).to.equal(true);
    });
  });

  it("prices a regime as it is where nothing moves M, whatever the impact", () => {
    const [little, much] = [0, 2].map((world) => {
      const economy = economyOf(world, "none", "steady", 5, 0.4);
      economy.run();
      return economy.market.logPrice;
    });
    // People leave and come, so that what is sold is not quite what was expected.
    expect(Math.abs(little! - much!)).to.be.lessThan(0.25);
  });

  it("keeps the idle hoarder of the highest tier at half of the top rate, as docs/attacks.md has it", () => {
    const economy = economyOf(3, "path", "steady", 1, 0.4);
    economy.run();
    expect(economy.token.rate(IDLE_POWER)).to.equal(50);
  });

  it("measures shares as shares", () => {
    const { values } = economyOf(5, "path-desk", "cycle", 4).run();
    for (const field of [
      "inBand",
      "retention",
      "monthly",
      "poor",
      "topAll",
      "topUsers",
      "topContributors",
      "contributorPeople",
    ] as const) {
      expect(values[FIELDS.indexOf(field)], field).to.be.within(0, 1);
    }
  });
});

describe("contributors", () => {
  const people = populationOf(0.0003);
  const shocks = shocksOf("steady", 0, 0.4);

  it("all stay while it pays", () => {
    const workers = new Workers(people, shocks);
    const begun = workers.number;
    for (let day = 0; day < DAYS; day++) workers.live(day, 1);
    expect(workers.number).to.equal(begun);
    expectNear(workers.yearly, 1, 1e-12);
  });

  it("all leave when it pays nothing, and a year without anybody keeps nobody", () => {
    const workers = new Workers(people, shocks);
    for (let day = 0; day < DAYS; day++) workers.live(day, 0);
    expect(workers.number).to.equal(0);
    expect(workers.yearly).to.be.lessThan(0.02);
  });

  it("come back when it pays a fifth more than they need", () => {
    const workers = new Workers(people, shocks);
    for (let day = 0; day < 400; day++) workers.live(day, 0);
    for (let day = 400; day < 1_600; day++) workers.live(day, 20);
    expect(workers.number).to.be.greaterThan(people.slice(0, WORKERS).reduce((sum, { weight }) => sum + weight, 0) * 0.99);
  });
});

describe("the pool and the desk of the simulation", () => {
  it("a budget follows a small M, and never a large one", () => {
    const pool = new Pool();
    for (const [multiplier, follows, share] of [
      [0.5, true, 0.5],
      [0.5, false, 1],
      [4, true, 1],
    ] as const) {
      pool.open(multiplier, follows);
      expectNear(pool.budget, 0.001 * LAUNCH_SUPPLY * share, 1e-6);
    }
  });

  it("pays a contribution up to funds and budget, and owes the rest", () => {
    const pool = new Pool();
    pool.funds = 1_000;
    pool.open(1, true);
    expectNear(pool.payContribution(150_000), 101_000, 1e-6);
    expectNear(pool.totalClaimable, 49_000, 1e-6);
    expect([pool.funds, pool.emissionLeft]).to.deep.equal([0, 0]);
  });

  it("P402: the desk trades towards the path only, within a day's share, never worse than 0.3 %", () => {
    const desk = new Desk({ inventory: 0.1, reserve: 0.2 });
    expect(desk.trade(1, 1, LAUNCH_SUPPLY, 1e9)).to.equal(0);
    expect(desk.trade(1.08, 1, LAUNCH_SUPPLY, 1e9)).to.equal(0);
    const before = desk.reserve;
    const sold = desk.trade(1.09, 1, LAUNCH_SUPPLY, 1e9);
    expect(sold).to.equal(0.001 * LAUNCH_SUPPLY);
    expectNear((desk.reserve - before) / sold / 1.09, 0.997, 1e-9);
    const held = desk.reserve;
    const bought = -desk.trade(0.9, 1, LAUNCH_SUPPLY, 1e9);
    expectNear((held - desk.reserve) / bought / 0.9, 1.003, 1e-9);
    expect(held - desk.reserve).to.be.at.most(0.001 * LAUNCH_SUPPLY * 0.9 + 1e-6);
    expect(-desk.trade(0.9, 1, LAUNCH_SUPPLY, 10)).to.equal(10);
  });
});
