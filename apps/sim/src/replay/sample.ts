/** Which runs of a plan are lived through again. */
import type { Regime } from "../assumptions.ts";
import type { Plan } from "../plan.ts";
import { type Shocks, shocksOf } from "../shocks.ts";

export interface Run {
  readonly world: number;
  readonly regime: Regime;
  readonly volatility: number;
  readonly seed: number;
  readonly rule: string;
}

/** Every `every`-th run, counted through seeds and rules of all units; `every` shares no factor with their numbers. */
export function sampleOf(plan: Plan, every: number): Run[] {
  const sample: Run[] = [];
  let count = 0;
  for (const unit of plan.units) {
    if (unit.kind !== "grid") continue;
    for (let k = 0; k < unit.seeds; k++) {
      for (const rule of unit.rules) {
        if (count++ % every !== 0) continue;
        sample.push({ world: unit.world, regime: unit.regime, volatility: unit.volatility, seed: unit.firstSeed + k, rule });
      }
    }
  }
  return sample;
}

export const nameOfRun = ({ world, regime, volatility, seed, rule }: Run): string =>
  `world ${world}, ${regime}, volatility ${volatility}, seed ${seed}, ${rule}`;

/** The first seed from `from` on without an outage in the first month: the launch price is then that of its first 30 days. */
export function seedWithoutEarlyOutage(regime: Regime, from: number, volatility: number): { seed: number; shocks: Shocks } {
  for (let seed = from; ; seed++) {
    const shocks = shocksOf(regime, seed, volatility);
    if (!shocks.outage.subarray(0, 32).includes(1)) return { seed, shocks };
  }
}
