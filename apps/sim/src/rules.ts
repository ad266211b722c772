/** The rules that are compared, in doubles. The two that ship are those of packages/model, which the replay compares them with. */

import { DESK } from "./assumptions.ts";

export type Policy =
  | { kind: "none" }
  | { kind: "roadmap" }
  /** Proportional and integral on the level: `ln M = kp x + ki * sum of x`. */
  | { kind: "pi"; kp: number; ki: number }
  | ({ kind: "path" } & PathShape);

/** What can be turned at PathPolicy; `PATH` is as it ships. */
export interface PathShape {
  gain: number;
  /** Days of which the mean is taken, at most 7. */
  days: number;
  /** Share of its launch income that a contributor keeps, and how low and how high M may be for it. */
  floor: number;
  floorLeast: number;
  floorMost: number;
  ceiling: number;
  /** Largest change of M a day. */
  step: number;
}

export const PATH: PathShape = { gain: 8, days: 7, floor: 0.7, floorLeast: 0.7, floorMost: 2, ceiling: 4, step: 0.03 };

export interface Rule {
  /** Short, for files and tables. */
  readonly id: string;
  readonly label: string;
  readonly policy: Policy;
  /** All eight rates follow M, as the roadmap has it, not the rewards alone. */
  readonly allRates: boolean;
  /** The emission budget shrinks with M below 1. */
  readonly budgetFollows: boolean;
  readonly desk?: { readonly inventory: number; readonly reserve: number };
}

const plain = { allRates: false, budgetFollows: true };
const path: Policy = { kind: "path", ...PATH };
/** The best of what was tried on training seeds: at least as good in the band and in retention at both volatilities. */
const plus: Policy = { kind: "path", ...PATH, gain: 12, floor: 0.65, floorLeast: 0.65, floorMost: 4 };
const desk = { inventory: DESK.inventory, reserve: DESK.reserve };

export const RULES: readonly Rule[] = [
  { id: "none", label: "M = 1", policy: { kind: "none" }, ...plain },
  { id: "roadmap", label: "RoadmapPolicy", policy: { kind: "roadmap" }, ...plain },
  { id: "roadmap-all", label: "RoadmapPolicy, all rates follow M", policy: { kind: "roadmap" }, ...plain, allRates: true },
  { id: "pi", label: "proportional-integral", policy: { kind: "pi", kp: 2, ki: 0.03 }, ...plain },
  { id: "path", label: "PathPolicy", policy: path, ...plain },
  { id: "path-plus", label: "PathPolicy, gain 12, floor 0.65 that lifts to 4", policy: plus, ...plain },
  { id: "path-fixed", label: "PathPolicy, budget does not follow M", policy: path, allRates: false, budgetFollows: false },
  { id: "path-all", label: "PathPolicy, all rates follow M", policy: path, ...plain, allRates: true },
  { id: "path-desk", label: "PathPolicy and desk", policy: path, ...plain, desk },
  {
    id: "path-stock",
    label: "PathPolicy and desk without a reserve",
    policy: path,
    ...plain,
    desk: { ...desk, reserve: 0 },
  },
  { id: "none-desk", label: "M = 1 and desk", policy: { kind: "none" }, ...plain, desk },
];

/** What was tried at PathPolicy, one turn at a time and some together. */
const TRIED: readonly (readonly [string, Partial<PathShape>])[] = [
  ["gain 4", { gain: 4 }],
  ["gain 16", { gain: 16 }],
  ["mean of 3 days", { days: 3 }],
  ["floor 0.6", { floor: 0.6, floorLeast: 0.6 }],
  ["floor 0.8", { floor: 0.8, floorLeast: 0.8 }],
  ["floor lifts to 1 at most", { floorMost: 1 }],
  ["floor lifts to 4", { floorMost: 4 }],
  ["ceiling 2.5", { ceiling: 2.5 }],
  ["ceiling 10", { ceiling: 10 }],
  ["step 2 %", { step: 0.02 }],
  ["step 5 %", { step: 0.05 }],
  ["step 10 %", { step: 0.1 }],
  ["floor of incomes, M down to 0.5", { floorLeast: 0.5 }],
  ["floor of incomes, M down to 0.35", { floorLeast: 0.35 }],
  ["the same to 0.35, floor 0.8", { floor: 0.8, floorLeast: 0.35 }],
  ["the same to 0.35, floor 0.9", { floor: 0.9, floorLeast: 0.35 }],
  ["the same to 0.2, floor 0.8", { floor: 0.8, floorLeast: 0.2 }],
  ["floor 0.65, lifts to 4", { floor: 0.65, floorLeast: 0.65, floorMost: 4 }],
  ["floor 0.65, lifts to 4, gain 12", { floor: 0.65, floorLeast: 0.65, floorMost: 4, gain: 12 }],
  ["floor 0.65, lifts to 3, gain 12", { floor: 0.65, floorLeast: 0.65, floorMost: 3, gain: 12 }],
  ["floor 0.6, lifts to 4, gain 16", { floor: 0.6, floorLeast: 0.6, floorMost: 4, gain: 16 }],
  ["floor 0.7, lifts to 3, gain 12, step 4 %", { floorMost: 3, gain: 12, step: 0.04 }],
  ["floor 0.7, M down to 0.55, lifts to 3, gain 12", { floorLeast: 0.55, floorMost: 3, gain: 12 }],
];

export const VARIANTS: readonly Rule[] = TRIED.map(([label, changes], i) => ({
  id: `path-${i + 1}`,
  label,
  policy: { ...path, ...changes },
  ...plain,
}));

export function ruleOf(id: string): Rule {
  const rule = [...RULES, ...VARIANTS].find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no rule is called ${id}`);
  return rule;
}

/** `A(d)`: how far the path has risen since the launch, in logarithms. */
export function logPath(days: number): number {
  return (0.02 * days + 160 * (1 - Math.exp(-0.003 * days))) / 365;
}

export function targetRate(days: number): number {
  return 0.02 + 0.48 * Math.exp(-0.003 * days);
}

const [MIN_M, MAX_M] = [0.1, 10];
const LAUNCH_DAYS = 30;
const LAG = 4;
/** Days of history that a window needs. */
export const FIRST_DAY = 31;
export const [NONE, TOO_EARLY, SUSPENDED, DAY_TOO_THIN] = [0, 1, 2, 3] as const;
export const REFUSAL_NAMES = ["NONE", "TOO_EARLY", "SUSPENDED", "DAY_TOO_THIN"] as const;

/** The supply controller and its rule, day by day. */
export class Controller {
  multiplier = 1;
  logMultiplier = 0;
  /** Mean of the first 30 usable averages; 0 while unknown. */
  launchPrice = 0;
  #launchSum = 0;
  #launchDays = 0;
  #noted = 0;
  #integral = 0;
  readonly #policy: Policy;
  readonly #averages: Float64Array;
  readonly #usable: Uint8Array;
  /** Factor of the latest adjustment. */
  factor = 1;

  /** `averages` and `usable` by day; filled by the caller up to yesterday. */
  constructor(policy: Policy, averages: Float64Array, usable: Uint8Array) {
    this.#policy = policy;
    this.#averages = averages;
    this.#usable = usable;
  }

  /** Moves M on `day`; gives why not, or NONE. */
  adjust(day: number, suspended: boolean): number {
    this.#note(day);
    const refusal = this.#refusal(day, suspended);
    if (refusal !== NONE) return refusal;
    this.factor = Math.min(1.1, Math.max(0.9, this.#decide(day)));
    this.multiplier = Math.min(MAX_M, Math.max(MIN_M, this.multiplier * this.factor));
    this.logMultiplier = Math.log(this.multiplier);
    return NONE;
  }

  /** A day counts for the launch price once the following one is known. */
  #note(day: number): void {
    for (; this.#noted <= day - 2 && this.#launchDays < LAUNCH_DAYS; this.#noted++) {
      if (this.#usable[this.#noted] === 0) continue;
      this.#launchSum += this.#averages[this.#noted]!;
      this.#launchDays += 1;
      if (this.#launchDays === LAUNCH_DAYS) this.launchPrice = this.#launchSum / LAUNCH_DAYS;
    }
  }

  #refusal(day: number, suspended: boolean): number {
    if (suspended) return SUSPENDED;
    if (day < FIRST_DAY) return TOO_EARLY;
    if (this.#usable[day - FIRST_DAY] === 0) return DAY_TOO_THIN;
    for (let d = day - 8; d < day; d++) if (this.#usable[d] === 0) return DAY_TOO_THIN;
    return NONE;
  }

  #decide(day: number): number {
    const policy = this.#policy;
    switch (policy.kind) {
      case "none":
        return 1;
      case "roadmap":
        return this.#roadmap(day);
      case "pi":
        return this.launchPrice === 0 ? 1 : this.#proportionalIntegral(day, policy.kp, policy.ki);
      case "path":
        return this.launchPrice === 0 ? 1 : this.#path(day, policy);
    }
  }

  #roadmap(day: number): number {
    const a = this.#averages;
    const base = a[day - FIRST_DAY]!;
    const velocity = ((a[day - 1]! - base) / base) * (365 / 30);
    const ratio = velocity / targetRate(day);
    let sum = 0;
    let squares = 0;
    for (let d = day - 7; d < day; d++) {
      const r = (a[d]! - a[d - 1]!) / a[d - 1]!;
      sum += r;
      squares += r * r;
    }
    const volatility = Math.sqrt(Math.max(0, squares / 7 - (sum / 7) ** 2) * 365);
    const damping = Math.max(0.5, 1 - 2 * volatility);
    const step = ratio > 1.5 ? 0.4 : ratio > 1.2 ? 0.2 : ratio < 0.5 ? -0.3 : ratio < 0.8 ? -0.15 : 0;
    return 1 + step * damping;
  }

  /** Logarithm of the mean of the latest days' price against the launch price. */
  #level(day: number, days: number): number {
    let sum = 0;
    for (let d = day - days; d < day; d++) sum += this.#averages[d]!;
    return Math.log(sum / (days * this.launchPrice));
  }

  #path(day: number, { gain, days, floor, floorLeast, floorMost, ceiling, step }: PathShape): number {
    const p = this.#level(day, days);
    const x = p - logPath(Math.max(0, day - (days + 1) / 2));
    const lowest = Math.min(Math.log(floorMost), Math.max(Math.log(floorLeast), Math.log(floor) - p));
    const wanted = Math.min(Math.log(ceiling), Math.max(gain * x, lowest));
    const most = Math.log(1 + step);
    const least = Math.log(1 - step);
    const change = wanted - this.logMultiplier;
    return change >= most ? 1 + step : change <= least ? 1 - step : Math.exp(change);
  }

  #proportionalIntegral(day: number, kp: number, ki: number): number {
    const x = this.#level(day, 7) - logPath(Math.max(0, day - LAG));
    const wanted = kp * x + ki * (this.#integral + x);
    // What M cannot follow is not gathered.
    if (Math.abs(wanted) < Math.log(MAX_M) || wanted * x < 0) this.#integral += x;
    return Math.exp(wanted - this.logMultiplier);
  }
}
