/** What is counted of a run. */
import { BAND, DAYS, EMERGENCY, LAUNCH_SUPPLY } from "./assumptions.ts";
import type { Desk } from "./desk.ts";
import type { Market } from "./market.ts";
import { ACCOUNTS, EXEMPT, HEAVY_USER, USER, WORKERS } from "./people.ts";
import type { Pool } from "./pool.ts";
import type { Controller } from "./rules.ts";
import type { Token } from "./token.ts";
import type { Workers } from "./workers.ts";

/** One number a run each. */
export const FIELDS = [
  /** Share of days with the price within 20 % of the path, and the root mean square of the logarithmic gap. */
  "inBand",
  "rms",
  /** Share of a year's first contributors that is there at its end, mean of five; the same of 30 days. */
  "retention",
  "monthly",
  /** Mean daily change of ln M, and share of days at a bound or at a tenth and ten. */
  "step",
  "saturated",
  /** Share of days on which a contributor's month brings less than half of the launch income. */
  "poor",
  /** Against launch. */
  "supply",
  "price",
  /** Supply minted, and demurrage paid, as shares of supply a year. */
  "minted",
  "fees",
  /** Monthly velocity as the bands see it. */
  "velocity",
  /** Shares of charged balances at the top rate: of contributors, of users, of all. */
  "topContributors",
  "topUsers",
  "topAll",
  /** Contributors' share of free coins, and of the people who use or serve the network. */
  "contributorCoins",
  "contributorPeople",
  /** Owed and not paid, as a share of supply, at the end. */
  "queue",
  /** What the desk gained against keeping its coins and dollars, as a share of the launch value. */
  "deskGain",
  /** Reserve left at the end, as a share of the launch value. */
  "deskReserve",
  /** What proofs held back for up to seven days with perfect foresight of M would earn more. */
  "timing",
  "emergencies",
  /** Hours from trigger to resolution, summed. */
  "emergencyHours",
] as const;
export type Field = (typeof FIELDS)[number];

/** Kept every so many days for charts. */
export const SAMPLE_DAYS = 45;
export const SAMPLES = Math.floor((DAYS - 1) / SAMPLE_DAYS) + 1;
export const SERIES = ["gap", "multiplier", "supply", "working", "velocity", "fees"] as const;

/** The parts of an economy that are measured. */
export interface Measured {
  readonly token: Token;
  readonly pool: Pool;
  readonly market: Market;
  readonly workers: Workers;
  readonly controller: Controller;
  readonly desk: Desk | undefined;
}

export class Measures {
  readonly values = new Float64Array(FIELDS.length);
  readonly series = new Float32Array(SAMPLES * SERIES.length);
  #days = 0;
  #banded = 0;
  #squares = 0;
  #gapDays = 0;
  #steps = 0;
  #saturated = 0;
  #poor = 0;
  #fees = 0;
  #recentFees = 0;
  #minted = 0;
  #emergencies = 0;
  #hours = 0;
  #samples = 0;
  #velocity = 0;
  readonly #shares = new Float64Array(5);
  #startWorkers = 0;
  readonly #multipliers = new Float64Array(DAYS);

  adjusted(before: number, after: number): void {
    this.#steps += Math.abs(Math.log(after / before));
    if (after <= 0.1000001 || after >= 9.999999) this.#saturated += 1;
  }

  emergency(): void {
    this.#emergencies += 1;
    this.#hours += EMERGENCY.voteHours;
  }

  pause(): void {
    this.#hours += EMERGENCY.pauseDays * 24;
  }

  day(day: number, state: Measured, path: number, fees: number): void {
    const { pool, market, workers } = state;
    if (day === 0) this.#startWorkers = workers.number;
    this.#days += 1;
    this.#multipliers[day] = state.controller.multiplier;
    this.#fees += fees / pool.supply;
    this.#recentFees += fees / pool.supply;
    this.#minted += pool.minted / pool.supply;
    if (workers.income < 0.5) this.#poor += 1;
    if (path > 0) {
      const gap = market.logPrice - Math.log(path);
      this.#gapDays += 1;
      this.#squares += gap * gap;
      if (Math.abs(gap) <= BAND) this.#banded += 1;
    }
    if (day % SAMPLE_DAYS === 0) this.#sample(day, state, path);
  }

  #sample(day: number, { token, pool, market, workers, controller }: Measured, path: number): void {
    let [active, held, top, contributors, topContributors, users, topUsers] = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < ACCOUNTS; i++) {
      if (token.kind[i] === EXEMPT) continue;
      const balance = token.balance[i]! * token.weight[i]!;
      held += balance;
      active += token.activity[i]! * token.weight[i]!;
      const isWorker = i < WORKERS;
      const isUser = i === USER || i === HEAVY_USER;
      if (isWorker) contributors += balance;
      if (isUser) users += balance;
      if (!token.isAtTopRate(i)) continue;
      top += balance;
      if (isWorker) topContributors += balance;
      if (isUser) topUsers += balance;
    }
    const velocity = active / held;
    const userPeople = token.weight[USER]! + token.weight[HEAVY_USER]!;
    const shares = [
      contributors === 0 ? 0 : topContributors / contributors,
      topUsers / users,
      top / held,
      contributors / held,
      workers.number / (workers.number + userPeople),
    ];
    shares.forEach((share, k) => (this.#shares[k] = this.#shares[k]! + share));
    this.#velocity += velocity;
    this.#samples += 1;
    const days = day === 0 ? 1 : SAMPLE_DAYS;
    this.series.set(
      [
        path > 0 ? market.logPrice - Math.log(path) : market.logPrice,
        controller.multiplier,
        pool.supply / LAUNCH_SUPPLY,
        workers.number / this.#startWorkers,
        velocity,
        (this.#recentFees / days) * 365,
      ],
      (day / SAMPLE_DAYS) * SERIES.length,
    );
    this.#recentFees = 0;
  }

  end({ pool, market, workers, desk }: Measured): void {
    const years = this.#days / 365;
    const all: Record<Field, number> = {
      inBand: this.#banded / this.#gapDays,
      rms: Math.sqrt(this.#squares / this.#gapDays),
      retention: workers.yearly,
      monthly: workers.months === 0 ? 1 : workers.monthly / workers.months,
      step: this.#steps / this.#days,
      saturated: this.#saturated / this.#days,
      poor: this.#poor / this.#days,
      supply: pool.supply / LAUNCH_SUPPLY,
      price: market.price,
      minted: this.#minted / years,
      fees: this.#fees / years,
      velocity: this.#velocity / this.#samples,
      topContributors: this.#shares[0]! / this.#samples,
      topUsers: this.#shares[1]! / this.#samples,
      topAll: this.#shares[2]! / this.#samples,
      contributorCoins: this.#shares[3]! / this.#samples,
      contributorPeople: this.#shares[4]! / this.#samples,
      queue: pool.totalClaimable / pool.supply,
      deskGain: desk?.gain(market.price) ?? 0,
      deskReserve: (desk?.reserve ?? 0) / LAUNCH_SUPPLY,
      timing: gainByWaiting(this.#multipliers),
      emergencies: this.#emergencies,
      emergencyHours: this.#hours,
    };
    FIELDS.forEach((field, k) => (this.values[k] = all[field]));
  }
}

/** A proof may be landed up to seven days after it was observed. */
const WAIT_DAYS = 7;

function gainByWaiting(multipliers: Float64Array): number {
  const days = multipliers.length - WAIT_DAYS;
  let [best, now] = [0, 0];
  for (let day = 0; day < days; day++) {
    let most = 0;
    for (let wait = 0; wait <= WAIT_DAYS; wait++) if (multipliers[day + wait]! > most) most = multipliers[day + wait]!;
    best += most;
    now += multipliers[day]!;
  }
  return best / now - 1;
}
