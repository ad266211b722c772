/** Means, errors and fans over all runs of a plan. */
import { type Regime, VOLATILITIES, WORLDS } from "./assumptions.ts";
import { type Field, FIELDS, SAMPLE_DAYS, SAMPLES, SERIES } from "./measures.ts";
import { type BoundUnit, BOUND_IMPACTS, CHARTED, type GridUnit, type Plan } from "./plan.ts";
import { ruleOf } from "./rules.ts";
import { take } from "./store.ts";
import { BOUND_RULES, CHART_SEEDS } from "./work.ts";

/** Mean, and its standard error over seeds (worlds share a seed's shocks, so they count as one). */
export interface Estimate {
  readonly mean: number;
  readonly error: number;
}

export interface RuleSummary {
  readonly id: string;
  readonly label: string;
  readonly all: Record<Field, Estimate>;
  /** PathPolicy's number less this rule's, seed by seed. */
  readonly pathLess: Record<Field, Estimate>;
  readonly worlds: Record<string, { inBand: number; retention: number }>;
  readonly regimes: Record<string, { inBand: number; retention: number }>;
}

export interface BoundSummary {
  readonly impact: number;
  readonly bound: number;
  /** Share of days in the band on the bare plant, by rule. */
  readonly rules: Record<string, number>;
}

/** Quantiles of a series by sample: 5 %, 25 %, 50 %, 75 %, 95 %. */
export type Fan = readonly (readonly number[])[];

export interface VolatilitySummary {
  readonly volatility: number;
  readonly rules: readonly RuleSummary[];
  readonly bounds: readonly BoundSummary[];
  /** By regime, rule, and series. */
  readonly fans: Record<string, Record<string, Record<string, Fan>>>;
}

export interface Summary {
  readonly schema: "ftns-simulation/1";
  readonly plan: string;
  readonly runs: number;
  readonly seeds: number;
  readonly regimes: readonly string[];
  readonly worlds: readonly { name: string; label: string }[];
  readonly sampleDays: number;
  readonly volatilities: readonly VolatilitySummary[];
}

/** Values of all runs under one rule: FIELDS by seed by world by regime. */
type Table = Map<string, Float64Array>;

export function summarise(plan: Plan, folder: string): Summary {
  const grids = plan.units.filter((unit) => unit.kind === "grid");
  const bounds = plan.units.filter((unit) => unit.kind === "bound");
  const volatilities = VOLATILITIES.map((volatility): VolatilitySummary => {
    const units = grids.filter((unit) => unit.volatility === volatility);
    return {
      volatility,
      rules: summariseRules(plan, units, folder),
      bounds: BOUND_IMPACTS.flatMap((impact) =>
        summariseBound(
          bounds.filter((unit) => unit.volatility === volatility && unit.impact === impact),
          folder,
        ),
      ),
      fans: fansOf(plan, units, folder),
    };
  });
  return {
    schema: "ftns-simulation/1",
    plan: plan.name,
    runs: grids.reduce((sum, { seeds, rules }) => sum + seeds * rules.length, 0),
    seeds: plan.seeds,
    regimes: plan.regimes,
    worlds: WORLDS.map(({ name, label }) => ({ name, label })),
    sampleDays: SAMPLE_DAYS,
    volatilities,
  };
}

function summariseRules(plan: Plan, units: readonly GridUnit[], folder: string): RuleSummary[] {
  const { regimes, seeds } = plan;
  const ids = units[0]!.rules;
  const perRule = regimes.length * WORLDS.length * seeds * FIELDS.length;
  const tables: Table = new Map(ids.map((id) => [id, new Float64Array(perRule)]));
  for (const unit of units) {
    const { values } = take(folder, unit);
    const size = unit.seeds * FIELDS.length;
    const first = (regimes.indexOf(unit.regime) * WORLDS.length + unit.world) * seeds + unit.firstSeed - plan.firstSeed;
    const at = first * FIELDS.length;
    ids.forEach((id, r) => tables.get(id)!.set(values.subarray(r * size, (r + 1) * size), at));
  }
  const path = tables.get("path")!;
  return ids.map((id) => {
    const table = tables.get(id)!;
    const difference = path.map((value, k) => value - table[k]!);
    return {
      id,
      label: ruleOf(id).label,
      all: byField((field) => estimate(table, field, regimes, seeds)),
      pathLess: byField((field) => estimate(difference, field, regimes, seeds)),
      worlds: Object.fromEntries(WORLDS.map(({ name }, w) => [name, part(table, plan, (_, world) => world === w)])),
      regimes: Object.fromEntries(regimes.map((regime, r) => [regime, part(table, plan, (own) => own === r)])),
    };
  });
}

const byField = <T>(of: (field: number) => T) => Object.fromEntries(FIELDS.map((name, k) => [name, of(k)])) as Record<Field, T>;

/** Seeds within a regime are independent; regimes are given, not drawn. */
function estimate(table: Float64Array, field: number, regimes: readonly Regime[], seeds: number): Estimate {
  let [mean, variance] = [0, 0];
  regimes.forEach((_, r) => {
    const means = Array.from({ length: seeds }, (_, seed) => {
      let sum = 0;
      for (let w = 0; w < WORLDS.length; w++) sum += table[((r * WORLDS.length + w) * seeds + seed) * FIELDS.length + field]!;
      return sum / WORLDS.length;
    });
    const own = means.reduce((a, b) => a + b, 0) / seeds;
    mean += own / regimes.length;
    const squares = means.reduce((sum, one) => sum + (one - own) ** 2, 0);
    if (seeds > 1) variance += squares / (seeds - 1) / seeds / regimes.length ** 2;
  });
  return { mean, error: Math.sqrt(variance) };
}

function part({ buffer }: Float64Array, plan: Plan, belongs: (regime: number, world: number) => boolean) {
  const table = new Float64Array(buffer);
  const [inBandAt, retentionAt] = [FIELDS.indexOf("inBand"), FIELDS.indexOf("retention")];
  let [inBand, retention, count] = [0, 0, 0];
  for (let r = 0; r < plan.regimes.length; r++) {
    for (let w = 0; w < WORLDS.length; w++) {
      if (!belongs(r, w)) continue;
      for (let seed = 0; seed < plan.seeds; seed++) {
        const at = ((r * WORLDS.length + w) * plan.seeds + seed) * FIELDS.length;
        inBand += table[at + inBandAt]!;
        retention += table[at + retentionAt]!;
        count += 1;
      }
    }
  }
  return { inBand: inBand / count, retention: retention / count };
}

/** Regimes count alike, however many of their seeds were worked out. */
function summariseBound(units: readonly BoundUnit[], folder: string): BoundSummary[] {
  if (units.length === 0) return [];
  const width = 1 + BOUND_RULES.length;
  const means = new Float64Array(width);
  for (const unit of units) {
    const { values } = take(folder, unit);
    for (let k = 0; k < width; k++) {
      let sum = 0;
      for (let seed = 0; seed < unit.seeds; seed++) sum += values[seed * width + k]!;
      means[k] = means[k]! + sum / unit.seeds / units.length;
    }
  }
  const rules = Object.fromEntries(BOUND_RULES.map((id, k) => [id, means[k + 1]!]));
  return [{ impact: units[0]!.impact, bound: means[0]!, rules }];
}

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

function fansOf(plan: Plan, units: readonly GridUnit[], folder: string): VolatilitySummary["fans"] {
  const shown = CHARTED.filter((id) => units[0]!.rules.includes(id));
  return Object.fromEntries(
    plan.regimes.map((regime) => {
      const first = units.filter((unit) => unit.regime === regime && unit.firstSeed === plan.firstSeed);
      const series = first.map((unit) => take(folder, unit).series);
      const charted = Math.min(first[0]!.seeds, CHART_SEEDS);
      const rules = shown.map((id) => [id, fansOfRule(series, CHARTED.indexOf(id), charted)] as const);
      return [regime, Object.fromEntries(rules)];
    }),
  );
}

function fansOfRule(worlds: readonly Float32Array[], chart: number, seeds: number): Record<string, Fan> {
  const fan = (k: number): Fan =>
    Array.from({ length: SAMPLES }, (_, sample) => {
      const all: number[] = [];
      for (const world of worlds) {
        for (let seed = 0; seed < seeds; seed++)
          all.push(world[((chart * seeds + seed) * SAMPLES + sample) * SERIES.length + k]!);
      }
      all.sort((a, b) => a - b);
      return QUANTILES.map((q) => Number(all[Math.round(q * (all.length - 1))]!.toPrecision(4)));
    });
  return Object.fromEntries(SERIES.map((name, k) => [name, fan(k)]));
}
