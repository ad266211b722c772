/** The few numbers that are committed: what docs/policy.md says, and some runs by which a test sees that they are this code's. */
import { WORLDS } from "./assumptions.ts";
import { Economy } from "./economy.ts";
import { type Field, FIELDS } from "./measures.ts";
import { populationOf } from "./people.ts";
import type { Run } from "./replay/sample.ts";
import { ruleOf } from "./rules.ts";
import { shocksOf } from "./shocks.ts";
import type { RuleSummary, Summary } from "./summary.ts";

/** Mean and standard error. */
export type Pair = readonly [number, number];

export interface RuleResult {
  readonly id: string;
  readonly label: string;
  readonly inBand: Pair;
  readonly retention: Pair;
  /** PathPolicy's less this rule's. */
  readonly pathLess: { readonly inBand: Pair; readonly retention: Pair };
  readonly worstWorld: number;
  readonly means: Readonly<Partial<Record<Field, number>>>;
  /** Share in band and retention, by world. */
  readonly worlds: Readonly<Record<string, Pair>>;
}

export interface VolatilityResult {
  readonly volatility: number;
  readonly rules: readonly RuleResult[];
  readonly bounds: readonly { impact: number; bound: number; rules: Readonly<Record<string, number>> }[];
}

export interface PlanResult {
  readonly runs: number;
  readonly seeds: number;
  readonly regimes: readonly string[];
  readonly volatilities: readonly VolatilityResult[];
}

export interface Results {
  readonly schema: "ftns-simulation-results/1";
  readonly worlds: readonly { name: string; label: string }[];
  readonly report: PlanResult;
  readonly heldOut: PlanResult;
  readonly tune: PlanResult;
  readonly samples: readonly { run: Run; values: Readonly<Record<string, number>> }[];
}

const KEPT: readonly Field[] = [
  "step",
  "poor",
  "timing",
  "supply",
  "monthly",
  "velocity",
  "topContributors",
  "topUsers",
  "topAll",
  "contributorPeople",
  "contributorCoins",
  "deskGain",
  "deskReserve",
  "queue",
  "emergencies",
  "emergencyHours",
];

/** Runs that a test does again. */
export const SAMPLE_RUNS: readonly Run[] = [
  { world: 1, regime: "steady", volatility: 0.4, seed: 1_000, rule: "path" },
  { world: 4, regime: "fat", volatility: 0.8, seed: 1_001, rule: "roadmap-all" },
  { world: 8, regime: "crash", volatility: 0.8, seed: 1_002, rule: "path-desk" },
  { world: 6, regime: "jumps", volatility: 0.4, seed: 1_003, rule: "pi" },
];

export function valuesOf({ world, regime, volatility, seed, rule }: Run): Record<string, number> {
  const market = WORLDS[world]!;
  const people = populationOf(market.baseRewards);
  const { values } = new Economy(market, people, ruleOf(rule), shocksOf(regime, seed, volatility)).run();
  return Object.fromEntries(FIELDS.map((field, k) => [field, values[k]!]));
}

export function resultsOf(report: Summary, heldOut: Summary, tune: Summary): Results {
  return {
    schema: "ftns-simulation-results/1",
    worlds: report.worlds,
    report: planResult(report),
    heldOut: planResult(heldOut),
    tune: planResult(tune),
    samples: SAMPLE_RUNS.map((run) => ({ run, values: valuesOf(run) })),
  };
}

const rounded = (value: number) => Number(value.toPrecision(5));

function planResult({ runs, seeds, regimes, volatilities }: Summary): PlanResult {
  return {
    runs,
    seeds,
    regimes,
    volatilities: volatilities.map(({ volatility, rules, bounds }) => ({
      volatility,
      rules: rules.map(ruleResult),
      bounds: bounds.map(({ impact, bound, rules: own }) => ({
        impact,
        bound: rounded(bound),
        rules: Object.fromEntries(Object.entries(own).map(([id, share]) => [id, rounded(share)])),
      })),
    })),
  };
}

function ruleResult({ id, label, all, pathLess, worlds }: RuleSummary): RuleResult {
  const pair = ({ mean, error }: { mean: number; error: number }): Pair => [rounded(mean), rounded(error)];
  return {
    id,
    label,
    inBand: pair(all.inBand),
    retention: pair(all.retention),
    pathLess: { inBand: pair(pathLess.inBand), retention: pair(pathLess.retention) },
    worstWorld: rounded(Math.min(...Object.values(worlds).map(({ inBand }) => inBand))),
    means: Object.fromEntries(KEPT.map((field) => [field, rounded(all[field].mean)])),
    worlds: Object.fromEntries(
      Object.entries(worlds).map(([name, one]) => [name, [rounded(one.inBand), rounded(one.retention)]]),
    ),
  };
}
