/**
 * The bare plant: a price that falls by permanent impact with what M has emitted, and nothing else. It is what the best causal
 * controller is known for, so rules are held against that bound on it.
 */
import { BAND, CONTRIBUTORS, DAYS, MARKET } from "./assumptions.ts";
import { Controller, FIRST_DAY, logPath, type Policy } from "./rules.ts";
import type { Shocks } from "./shocks.ts";

const BASE_REWARDS = 0.0003;
const BUDGET = 0.001;

/** Share of supply that is sold a day under `multiplier`, beyond what is expected. */
export function soldShare(multiplier: number): number {
  return CONTRIBUTORS.sold * (Math.min(BASE_REWARDS * multiplier, BUDGET * Math.min(1, multiplier)) - BASE_REWARDS);
}

/** Moves M from day to day: `gap` is the logarithm of price against path, as of the day before. */
export interface Steering {
  next(day: number, gap: number, multiplier: number): number;
}

/** Share of days with the price within 20 % of the path, of a rule or, where `steering` is given, of that. */
export function bareInBand(policy: Policy, impact: number, { demand }: Shocks, steering?: Steering): number {
  const averages = new Float64Array(DAYS);
  const usable = new Uint8Array(DAYS).fill(1);
  const controller = new Controller(policy, averages, usable);
  let price = 0;
  let multiplier = 1;
  let banded = 0;
  for (let day = 0; day < DAYS; day++) {
    controller.adjust(day, false);
    const launch = controller.launchPrice;
    if (steering === undefined) multiplier = controller.multiplier;
    else if (day >= FIRST_DAY) multiplier = steering.next(day, price - Math.log(launch) - logPath(day - 1), multiplier);
    if (day > 0) price += demand[day]! - impact * soldShare(multiplier);
    const rounded = Math.min(MARKET.maxPrice, Math.max(MARKET.minPrice, Math.exp(price)));
    averages[day] = rounded;
    if (launch > 0 && Math.abs(price - Math.log(launch) - logPath(day)) <= BAND) banded += 1;
  }
  return banded / (DAYS - FIRST_DAY);
}
