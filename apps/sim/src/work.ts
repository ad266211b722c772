/** Does one unit of work. */
import { WORLDS } from "./assumptions.ts";
import { bareInBand } from "./bare.ts";
import { bestSteering } from "./bound.ts";
import { Economy } from "./economy.ts";
import { FIELDS, SAMPLES, SERIES } from "./measures.ts";
import { populationOf } from "./people.ts";
import { type BoundUnit, CHARTED, type GridUnit, type Unit } from "./plan.ts";
import { ruleOf } from "./rules.ts";
import { shocksOf } from "./shocks.ts";

/** Seeds whose series are kept for the charts. */
export const CHART_SEEDS = 20;
/** Rules that the bound is shown beside. */
export const BOUND_RULES = ["none", "roadmap", "pi", "path", "path-plus"] as const;

/** A grid's is FIELDS by seed by rule, a bound's is share in band of the bound and of BOUND_RULES by seed. */
export interface Result {
  readonly values: Float64Array;
  /** SERIES by sample by seed by charted rule. */
  readonly series: Float32Array;
}

export function doUnit(unit: Unit): Result {
  return unit.kind === "grid" ? doGrid(unit) : doBound(unit);
}

function doGrid({ world, regime, volatility, firstSeed, seeds, rules }: GridUnit): Result {
  const values = new Float64Array(rules.length * seeds * FIELDS.length);
  const perRun = SAMPLES * SERIES.length;
  const charted = Math.min(seeds, CHART_SEEDS);
  const series = new Float32Array(CHARTED.length * charted * perRun);
  const market = WORLDS[world]!;
  const people = populationOf(market.baseRewards);
  for (let seed = 0; seed < seeds; seed++) {
    const shocks = shocksOf(regime, firstSeed + seed, volatility);
    rules.forEach((id, r) => {
      const measures = new Economy(market, people, ruleOf(id), shocks).run();
      values.set(measures.values, (r * seeds + seed) * FIELDS.length);
      const chart = (CHARTED as readonly string[]).indexOf(id);
      if (chart >= 0 && seed < charted) series.set(measures.series, (chart * charted + seed) * perRun);
    });
  }
  return { values, series };
}

function doBound({ impact, regime, volatility, firstSeed, seeds }: BoundUnit): Result {
  const values = new Float64Array(seeds * (1 + BOUND_RULES.length));
  let steering: ReturnType<typeof bestSteering> | undefined;
  let known: Float64Array | undefined;
  for (let seed = 0; seed < seeds; seed++) {
    const shocks = shocksOf(regime, firstSeed + seed, volatility);
    if (steering === undefined || known?.some((drift, day) => drift !== shocks.drift[day])) {
      known = shocks.drift;
      steering = bestSteering(impact, shocks.drift, volatility / Math.sqrt(365));
    }
    const rules = BOUND_RULES.map((id) => bareInBand(ruleOf(id).policy, impact, shocks));
    values.set([bareInBand({ kind: "none" }, impact, shocks, steering), ...rules], seed * (1 + BOUND_RULES.length));
  }
  return { values, series: new Float32Array(0) };
}
