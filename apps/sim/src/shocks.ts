/** What the world does to an economy on each day, whatever its rule: demand, outages, luck. */
import { CONTRIBUTORS, DAYS, EMERGENCY, OUTAGES_PER_YEAR, REGIMES, type Regime } from "./assumptions.ts";
import { Random } from "./random.ts";
import { seriesReturns } from "./series.ts";

/** Times that a contributor can leave or come back, more than five years of 45 and 90 days would bring. */
export const SPELLS = 40;

export interface Shocks {
  /** Change of the logarithm of demand from the day before, by day; the first is 0. */
  readonly demand: Float64Array;
  /** The part of it that is known beforehand to whoever knows the regime; what is left is noise. */
  readonly drift: Float64Array;
  /** 1 where the feed is down for so long that the day is too thin. */
  readonly outage: Uint8Array;
  /** How long each contributor puts up with it, by person and spell, in mean waiting times. */
  readonly patience: Float64Array;
  /** 1 where voters would pass the pause after a crash on this day. */
  readonly pausePasses: Uint8Array;
}

/** The same for all rules and worlds: they depend on regime and seed, and volatility scales the noise. */
export function shocksOf(regime: Regime, seed: number, volatility: number): Shocks {
  const demand = new Float64Array(DAYS);
  const drift = new Float64Array(DAYS);
  addRegime(regime, seed, volatility / Math.sqrt(365), demand, drift);
  demand[0] = 0;

  const random = new Random(`people/${regime}/${seed}`);
  const outage = Uint8Array.from({ length: DAYS }, () => (random.chance(OUTAGES_PER_YEAR / 365) ? 1 : 0));
  const pausePasses = Uint8Array.from({ length: DAYS }, () => (random.chance(EMERGENCY.passes) ? 1 : 0));
  const people = CONTRIBUTORS.perKind * CONTRIBUTORS.kinds.length;
  const patience = Float64Array.from({ length: people * SPELLS }, () => random.exponential());
  return { demand, drift, outage, patience, pausePasses };
}

function addRegime(regime: Regime, seed: number, sigma: number, demand: Float64Array, drift: Float64Array): void {
  const random = new Random(`demand/${regime}/${seed}`);
  const set = (day: number, known: number, noise: number) => {
    drift[day] = known;
    demand[day] = known + noise;
  };
  switch (regime) {
    case "steady":
      return each((day) => set(day, REGIMES.steadyGrowth / 365, sigma * random.normal()));
    case "bull":
      return each((day) => set(day, day < REGIMES.bullDays ? REGIMES.bullGrowth / 365 : 0, sigma * random.normal()));
    case "bear":
      return each((day) => set(day, REGIMES.bearGrowth / 365, sigma * random.normal()));
    case "crash":
      return crash(random, sigma, set);
    case "cycle": {
      const { days, amplitude, growth } = REGIMES.cycle;
      const wave = (day: number) => amplitude * Math.sin((2 * Math.PI * day) / days);
      return each((day) => set(day, growth / 365 + wave(day) - wave(day - 1), sigma * random.normal()));
    }
    case "fat":
      return fatTails(random, sigma, set);
    case "jumps":
      return jumps(random, sigma, set);
    case "reverting": {
      // The drift depends on where demand has come to, so it is known only from day to day.
      const { days, growth } = REGIMES.reverting;
      let away = 0;
      return each((day) => {
        const back = -away / days;
        const noise = sigma * random.normal();
        set(day, growth / 365 + back, noise);
        away += back + noise;
      });
    }
    case "stagnation":
      return each((day) => set(day, 0, sigma * random.normal()));
    case "scurve": {
      const { top, middle, width } = REGIMES.scurve;
      const adopted = (day: number) => top / (1 + Math.exp((middle - day) / width));
      return each((day) => set(day, adopted(day) - adopted(day - 1), sigma * random.normal()));
    }
    case "sp500":
    case "sp500scaled": {
      const returns = seriesReturns(seed % REGIMES.seriesWindows, regime === "sp500scaled" ? sigma : undefined);
      return each((day) => set(day, 0, returns[day] ?? 0));
    }
  }
}

type Set = (day: number, known: number, noise: number) => void;

function each(perDay: (day: number) => void): void {
  for (let day = 0; day < DAYS; day++) perDay(day);
}

function crash(random: Random, sigma: number, set: Set): void {
  const { from, to, fall, days, recovered, recoveryDays, growth } = REGIMES.crash;
  const begin = from + Math.floor(random.uniform() * (to - from));
  each((day) => {
    const falls = day >= begin && day < begin + days ? fall / days : 0;
    const recovers = day >= begin + days && day < begin + days + recoveryDays ? (-fall * recovered) / recoveryDays : 0;
    set(day, growth / 365 + falls + recovers, sigma * random.normal());
  });
}

function fatTails(random: Random, sigma: number, set: Set): void {
  const { degrees, calm, wild, calmDays, wildDays, calmGrowth, wildGrowth } = REGIMES.fat;
  // So that the mean variance is sigma's.
  const mean = (calm ** 2 * calmDays + wild ** 2 * wildDays) / (calmDays + wildDays);
  let isWild = false;
  each((day) => {
    if (random.chance(1 / (isWild ? wildDays : calmDays))) isWild = !isWild;
    const scale = (isWild ? wild : calm) / Math.sqrt(mean);
    set(day, (isWild ? wildGrowth : calmGrowth) / 365, sigma * scale * random.student(degrees));
  });
}

function jumps(random: Random, sigma: number, set: Set): void {
  const { perYear, size, shock, memory, growth } = REGIMES.jumps;
  const ofJumps = (perYear / 365) * size ** 2;
  const base = Math.max(0.2 * sigma ** 2, sigma ** 2 - ofJumps);
  let variance = base;
  each((day) => {
    const noise = Math.sqrt(variance) * random.normal();
    const jump = random.chance(perYear / 365) ? size * random.normal() : 0;
    variance = (1 - shock - memory) * base + shock * noise ** 2 + memory * variance;
    set(day, growth / 365, noise + jump);
  });
}
