// Runs again in the bit-exact model, and what the replay says when a run is not what it should be.
import { expect } from "chai";
import { WORLDS } from "@ftns/sim/assumptions.ts";
import { Economy } from "@ftns/sim/economy.ts";
import { HOARDER, populationOf } from "@ftns/sim/people.ts";
import { planOf } from "@ftns/sim/plan.ts";
import type { DayStart, Recorder } from "@ftns/sim/recorder.ts";
import { liveAgain } from "@ftns/sim/replay/again.ts";
import { ModelReplay } from "@ftns/sim/replay/model.ts";
import { sampleOf } from "@ftns/sim/replay/sample.ts";
import { valuesOf } from "@ftns/sim/results.ts";
import { NONE, RULES, ruleOf } from "@ftns/sim/rules.ts";
import { shocksOf } from "@ftns/sim/shocks.ts";
import type { Token } from "@ftns/sim/token.ts";
import type { Pool } from "@ftns/sim/pool.ts";

describe("a run again in the bit-exact model", function () {
  this.timeout(120_000);

  it("P404: has the same bands, tiers and refusals on every day, and the same factors within 1e-12", () => {
    const run = { world: 8, regime: "fat", volatility: 0.8, seed: 1_002, rule: "path-desk" } as const;
    // Voters passed a pause in it, so that every kind of refusal is there.
    expect(valuesOf(run).emergencyHours).to.be.greaterThan(6);
    const worst = liveAgain(run);
    expect(worst.days).to.equal(1_826);
    expect(worst.factor).to.be.lessThan(1e-12);
    expect(worst.amount).to.be.lessThan(1e-7);
    expect(worst.bands).to.be.greaterThan(50_000);
    expect(worst.tiers).to.be.greaterThan(3_000);
    expect(worst.refusals).to.be.greaterThan(31);
  });

  it("takes the factors of rules that do not ship as the run has them", () => {
    const worst = liveAgain({ world: 7, regime: "cycle", volatility: 0.4, seed: 1_015, rule: "path-plus" });
    expect(worst.factors + worst.refusals).to.equal(worst.days);
  });

  it("is asked of one run in 500, of all rules, worlds and regimes", () => {
    const sample = sampleOf(planOf("report"), 499);
    expect(sample.length).to.be.within(230, 260);
    expect(new Set(sample.map(({ rule }) => rule)).size).to.equal(RULES.length);
    expect(new Set(sample.map(({ world }) => world)).size).to.equal(WORLDS.length);
    expect(new Set(sample.map(({ regime }) => regime)).size).to.equal(6);
  });

  describe("when something differs", () => {
    /** The replay with one part of what it is told changed from day 60 on. */
    class Lying implements Recorder {
      readonly #replay: ModelReplay;
      readonly #lie: Partial<Record<"factor" | "refusal" | "band" | "tier" | "paid" | "balance", boolean>>;
      #day = 0;

      constructor(replay: ModelReplay, lie: "factor" | "refusal" | "band" | "tier" | "paid" | "balance") {
        this.#replay = replay;
        this.#lie = { [lie]: true };
      }
      #lies(what: "factor" | "refusal" | "band" | "tier" | "paid" | "balance"): boolean {
        return this.#day >= 60 && this.#lie[what] === true;
      }
      day(day: number, start: DayStart, token: Token, pool: Pool): void {
        this.#day = day;
        const factor = this.#lies("factor") ? start.factor * (1 + 1e-11) : start.factor;
        const refusal = this.#lies("refusal") && start.refusal === NONE ? 3 : start.refusal;
        const seen = this.#lies("band") ? withRate(token, HOARDER, 60) : token;
        this.#replay.day(day, { ...start, factor, refusal }, seen, pool);
      }
      proof(account: number, tier: number, earned: number, paid: number): void {
        this.#replay.proof(account, this.#lies("tier") ? 0 : tier, earned, this.#lies("paid") ? paid * 1.01 : paid);
      }
      endOfDay(day: number, token: Token, pool: Pool): void {
        if (this.#lies("balance")) token.balance[HOARDER] = token.balance[HOARDER]! + 1;
        this.#replay.endOfDay(day, token, pool);
      }
      yield = (wanted: number, paid: number) => this.#replay.yield(wanted, paid);
      stake = (each: number) => this.#replay.stake(each);
      claim = (account: number, paid: number) => this.#replay.claim(account, paid);
      transfer = (from: number, to: number, x: number) => this.#replay.transfer(from, to, x);
      wash = (a: number, b: number) => this.#replay.wash(a, b);
      pay = (i: number, x: number, burned: number, toPool: number, toExchange: number) =>
        this.#replay.pay(i, x, burned, toPool, toExchange);
      desk = (sold: number) => this.#replay.desk(sold);
    }

    const withRate = (token: Token, account: number, rate: number) =>
      new Proxy(token, {
        get: (target, key) =>
          key === "rate" ? (i: number) => (i === account ? rate : target.rate(i)) : Reflect.get(target, key),
      });

    const expected = {
      factor: /^day 60: the factor is /,
      refusal: /^day 60: the adjustment is refused as NONE, in the run DAY_TOO_THIN$/,
      band: /^day 60: hoarder pays (99\.9|100).* basis points a month, in the run 60$/,
      tier: /^day 60: .+ has tier [123], in the run 0$/,
      paid: /^day 60: paid is /,
      balance: /^day 60: balance of hoarder is /,
    } as const;
    for (const [lie, words] of Object.entries(expected)) {
      it(`says so of ${lie === "factor" ? "a factor that is off by 1e-11" : `another ${lie}`}`, () => {
        const world = WORLDS[3]!;
        const people = populationOf(world.baseRewards);
        const rule = ruleOf("path");
        const lying = new Lying(new ModelReplay(people, rule), lie as keyof typeof expected);
        expect(() => new Economy(world, people, rule, shocksOf("steady", 1_000, 0.4), lying).run()).to.throw(words);
      });
    }
  });
});
