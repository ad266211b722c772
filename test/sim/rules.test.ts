// The rules in doubles: what M does in markets that are easy to foresee, and why it does not move.
import { expect } from "chai";
import { expectNear } from "../helpers/near.ts";
import { DAYS, TRAINING_REGIMES } from "@ftns/sim/assumptions.ts";
import { bareInBand } from "@ftns/sim/bare.ts";
import { bestSteering } from "@ftns/sim/bound.ts";
import { Controller, DAY_TOO_THIN, logPath, NONE, type Policy, ruleOf, SUSPENDED, TOO_EARLY } from "@ftns/sim/rules.ts";
import { shocksOf } from "@ftns/sim/shocks.ts";

/** A controller over `price(day)`, adjusted day after day. */
function controllerOf(policy: Policy, price: (day: number) => number, thin: readonly number[] = []) {
  const averages = Float64Array.from({ length: DAYS }, (_, day) => price(day));
  const usable = Uint8Array.from({ length: DAYS }, (_, day) => (thin.includes(day) ? 0 : 1));
  return new Controller(policy, averages, usable);
}

function multiplierAfter(policy: Policy, price: (day: number) => number, days = DAYS): number {
  const controller = controllerOf(policy, price);
  for (let day = 0; day < days; day++) controller.adjust(day, false);
  return controller.multiplier;
}

const { policy: path } = ruleOf("path");
const { policy: roadmap } = ruleOf("roadmap");

describe("the rules of the simulation", () => {
  it("wait for 31 days, and then adjust", () => {
    const controller = controllerOf(path, () => 1);
    const refusals = Array.from({ length: 33 }, (_, day) => controller.adjust(day, false));
    expect(refusals).to.deep.equal([...Array<number>(31).fill(TOO_EARLY), NONE, NONE]);
  });

  it("refuse a day that is suspended, and each whose window holds a thin day", () => {
    const controller = controllerOf(path, () => 1, [50]);
    const refused: Record<number, number> = {};
    for (let day = 31; day < 100; day++) {
      const refusal = controller.adjust(day, day === 60);
      if (refusal !== NONE) refused[day] = refusal;
    }
    const thin = Object.fromEntries([51, 52, 53, 54, 55, 56, 57, 58, 81].map((day) => [day, DAY_TOO_THIN]));
    expect(refused).to.deep.equal({ ...thin, 60: SUSPENDED });
  });

  it("PathPolicy stays at 1 on the path, falls to the floor below it, and rises to the ceiling above it", () => {
    expectNear(
      multiplierAfter(path, (day) => (day < 30 ? 1 : Math.exp(logPath(day)))),
      1,
      0.02,
    );
    expectNear(
      multiplierAfter(path, () => 1),
      0.7,
      1e-9,
    );
    expectNear(
      multiplierAfter(path, (day) => Math.exp(day / 365)),
      4,
      1e-9,
    );
  });

  it("PathPolicy lifts M where the price has fallen so far that incomes would be lost, to 2 at most", () => {
    const fallen = (to: number) => (day: number) => (day < 40 ? 1 : to);
    expectNear(multiplierAfter(path, fallen(0.5)), 0.7 / 0.5, 1e-9);
    expectNear(multiplierAfter(path, fallen(0.1)), 2, 1e-9);
  });

  it("RoadmapPolicy falls to a tenth while the price grows too slowly, and rises to ten while it grows too fast", () => {
    expect(multiplierAfter(roadmap, () => 1, 200)).to.equal(0.1);
    expect(multiplierAfter(roadmap, (day) => Math.exp(day / 365), 200)).to.equal(10);
  });

  it("P403: no rule beats the best causal controller where it is known", function () {
    this.timeout(120_000);
    const [impact, volatility, seeds] = [5, 0.4, 12];
    const steering = bestSteering(impact, shocksOf("steady", 0, volatility).drift, volatility / Math.sqrt(365));
    const mean = (of: (seed: number) => number) =>
      Array.from({ length: seeds }, (_, seed) => of(seed)).reduce((a, b) => a + b) / seeds;
    const bound = mean((seed) => bareInBand({ kind: "none" }, impact, shocksOf("steady", seed, volatility), steering));
    expect(bound).to.be.greaterThan(0.5);
    for (const id of ["none", "roadmap", "pi", "path", "path-plus"]) {
      const share = mean((seed) => bareInBand(ruleOf(id).policy, impact, shocksOf("steady", seed, volatility)));
      expect(share, id).to.be.lessThan(bound);
    }
  });
});

describe("the shocks of the simulation", () => {
  it("P400: depend on regime and seed alone, and on nothing that a rule does", () => {
    for (const regime of TRAINING_REGIMES) {
      const [once, again, other] = [shocksOf(regime, 7, 0.4), shocksOf(regime, 7, 0.4), shocksOf(regime, 8, 0.4)];
      expect(again, regime).to.deep.equal(once);
      expect(other.demand, regime).to.not.deep.equal(once.demand);
    }
  });

  it("have the volatility that they are asked for, whatever the tails", () => {
    for (const regime of ["steady", "fat", "jumps", "sp500scaled"] as const) {
      const noises = Array.from({ length: 12 }, (_, seed) => {
        const { demand, drift } = shocksOf(regime, seed, 0.8);
        return Array.from(demand.subarray(1), (all, day) => all - drift[day + 1]!);
      }).flat();
      const variance = noises.reduce((sum, one) => sum + one ** 2, 0) / noises.length;
      expectNear(Math.sqrt(variance * 365), 0.8, 0.12);
    }
  });

  it("grow as their regimes say", () => {
    const grown = (regime: Parameters<typeof shocksOf>[0], seed: number) =>
      shocksOf(regime, seed, 0.4).drift.reduce((a, b) => a + b, 0);
    expectNear(grown("steady", 3), 5 * Math.log(1.3), 0.01);
    expectNear(grown("bear", 3), 5 * Math.log(0.65), 0.01);
    expectNear(grown("bull", 3), 1.5 * Math.log(2), 0.01);
    expect(grown("stagnation", 3)).to.equal(0);
    expectNear(grown("scurve", 3), Math.log(10), 0.05);
  });
});
