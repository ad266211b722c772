/** What a run of the whole simulation consists of: units of work that one worker does at a time, and that can be kept. */
import {
  HELD_OUT_REGIMES,
  REPORT_SEEDS,
  TRAINING_REGIMES,
  TRAINING_SEEDS,
  type Regime,
  VOLATILITIES,
  WORLDS,
} from "./assumptions.ts";
import { RULES, VARIANTS } from "./rules.ts";

/** A world in a regime, under all rules. */
export interface GridUnit {
  readonly kind: "grid";
  readonly world: number;
  readonly regime: Regime;
  readonly volatility: number;
  readonly firstSeed: number;
  readonly seeds: number;
  /** Ids of the rules. */
  readonly rules: readonly string[];
}

/** The best causal controller on the bare plant, and the rules beside it. */
export interface BoundUnit {
  readonly kind: "bound";
  readonly impact: number;
  readonly regime: Regime;
  readonly volatility: number;
  readonly firstSeed: number;
  readonly seeds: number;
}

export type Unit = GridUnit | BoundUnit;

export interface Plan {
  readonly name: string;
  readonly regimes: readonly Regime[];
  readonly firstSeed: number;
  readonly seeds: number;
  readonly units: readonly Unit[];
}

export const BOUND_IMPACTS = [1.5, 5, 10] as const;
/** Seeds of a unit. */
const BLOCK = 25;
/** Where the drift is the same for every seed, one programme serves all; else it is worked out seed by seed, so of a few. */
const SEEDS_OF_RANDOM_DRIFT = 3;
const RANDOM_DRIFT: readonly Regime[] = ["crash", "fat"];

/** Rules that the charts show. */
export const CHARTED = ["none", "roadmap", "path", "path-desk"] as const;

export type PlanName = "training" | "tune" | "report" | "held-out" | "quick";

export function planOf(name: PlanName, seeds?: number): Plan {
  const rules = RULES.map(({ id }) => id);
  switch (name) {
    case "training":
      return grid(name, TRAINING_REGIMES, TRAINING_SEEDS.first, seeds ?? TRAINING_SEEDS.count, VOLATILITIES, rules, []);
    case "tune": {
      const tried = ["path", ...VARIANTS.map(({ id }) => id)];
      return grid(name, TRAINING_REGIMES, TRAINING_SEEDS.first, seeds ?? TRAINING_SEEDS.count, VOLATILITIES, tried, []);
    }
    case "report": {
      const count = seeds ?? REPORT_SEEDS.count;
      return grid(name, TRAINING_REGIMES, REPORT_SEEDS.first, count, VOLATILITIES, rules, BOUND_IMPACTS);
    }
    case "held-out":
      return grid(name, HELD_OUT_REGIMES, REPORT_SEEDS.first, seeds ?? REPORT_SEEDS.count, VOLATILITIES, rules, []);
    case "quick":
      return grid(
        name,
        TRAINING_REGIMES,
        REPORT_SEEDS.first,
        seeds ?? 1,
        VOLATILITIES,
        ["none", "roadmap", "path", "path-desk"],
        [],
      );
  }
}

function grid(
  name: string,
  regimes: readonly Regime[],
  firstSeed: number,
  seeds: number,
  volatilities: readonly number[],
  rules: readonly string[],
  impacts: readonly number[],
): Plan {
  const each = volatilities.flatMap((volatility) => regimes.map((regime) => ({ volatility, regime })));
  const bounds = impacts.flatMap((impact) =>
    each.map(({ volatility, regime }): BoundUnit => {
      const few = Math.min(seeds, RANDOM_DRIFT.includes(regime) ? SEEDS_OF_RANDOM_DRIFT : BLOCK);
      return { kind: "bound", impact, regime, volatility, firstSeed, seeds: few };
    }),
  );
  // Seeds in blocks, so that a run with fewer seeds is the beginning of one with more.
  const blocks = Array.from({ length: Math.ceil(seeds / BLOCK) }, (_, i) => ({
    firstSeed: firstSeed + i * BLOCK,
    seeds: Math.min(BLOCK, seeds - i * BLOCK),
  }));
  const grids = blocks.flatMap((block) =>
    each.flatMap((one) => WORLDS.map((_, world): GridUnit => ({ kind: "grid", world, ...one, ...block, rules }))),
  );
  return { name, regimes, firstSeed, seeds, units: [...grids, ...bounds] };
}

/** A file name that says what a unit is. */
export function nameOf(unit: Unit): string {
  const { regime, volatility, firstSeed, seeds } = unit;
  const what = unit.kind === "grid" ? `${WORLDS[unit.world]!.name}-${unit.rules.length}` : `bound-${unit.impact}`;
  return `${what}-${regime}-${volatility}-${firstSeed}+${seeds}`;
}
