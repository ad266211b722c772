/** DailyBudget.sol: what the pool may pay today, and for what. */
import { WAD } from "../math/words.ts";
import { dayOf, startOfDay } from "../time.ts";
import { floorSub, min } from "./amounts.ts";

/** In the order of the contract's enum. */
export const PURPOSES = ["CONTRIBUTIONS", "YIELD", "CLAIMS", "SERVICES"] as const;
export type Purpose = (typeof PURPOSES)[number];
export type ByPurpose = Record<Purpose, bigint>;

/** Shares in basis points; contributions have the rest. */
export interface OtherShares {
  yield: bigint;
  claims: bigint;
  services: bigint;
}

export const DEFAULT_SHARES: OtherShares = { yield: 3_000n, claims: 3_000n, services: 1_000n };
export const DEFAULT_EMISSION_SHARE = WAD / 1_000n;

const WHOLE = 10_000n;
const OPEN_TO_ALL_SEC = 3_600n;
const BUDGET_UNIT = 10n ** 9n;
const COUNTER_END: ByPurpose = {
  CONTRIBUTIONS: 2n ** 96n - 1n,
  YIELD: 2n ** 80n - 1n,
  CLAIMS: 2n ** 80n - 1n,
  SERVICES: 2n ** 80n - 1n,
};

/** What the pool reads from the chain, the token and the controller. */
export interface PoolSurroundings {
  /** Seconds. */
  time: bigint;
  /** `M` (WAD); undefined while it cannot be read. */
  multiplier: bigint | undefined;
  /** The pool's own balance. */
  funds: bigint;
  supply: bigint;
  maxSupply: bigint;
  /** Recovery mode is on: nothing is minted. */
  recovering: boolean;
}

/** What can be paid now: in all, and out of funds. */
export interface Room {
  inAll: bigint;
  ofFunds: bigint;
}

export class DailyBudgetModel {
  shares: OtherShares = DEFAULT_SHARES;
  emissionShare = DEFAULT_EMISSION_SHARE;
  /** The day whose budget is fixed, and what was minted and paid for contributions on it. */
  #emission = { day: 0n, budget: 0n, minted: 0n, contributions: 0n };
  /** What was paid to others, on its own day. */
  #others = { day: 0n, YIELD: 0n, CLAIMS: 0n, SERVICES: 0n };

  /** Whether the budget of the day is fixed, or could be. */
  isKnown(now: PoolSurroundings): boolean {
    return this.#emission.day === dayOf(now.time) || now.multiplier !== undefined;
  }

  budget(now: PoolSurroundings): bigint {
    if (this.#emission.day === dayOf(now.time)) return this.#emission.budget;
    if (now.multiplier === undefined) return 0n;
    const budget = (now.supply * this.emissionShare * min(now.multiplier, WAD)) / (WAD * WAD);
    return (budget / BUDGET_UNIT) * BUDGET_UNIT;
  }

  minted(now: PoolSurroundings): bigint {
    return this.#emission.day === dayOf(now.time) ? this.#emission.minted : 0n;
  }

  paid(now: PoolSurroundings): ByPurpose {
    const day = dayOf(now.time);
    const { YIELD, CLAIMS, SERVICES } = this.#others.day === day ? this.#others : { YIELD: 0n, CLAIMS: 0n, SERVICES: 0n };
    return { CONTRIBUTIONS: this.#emission.day === day ? this.#emission.contributions : 0n, YIELD, CLAIMS, SERVICES };
  }

  /** What can still be minted now. */
  emissionLeft(now: PoolSurroundings): bigint {
    if (now.recovering) return 0n;
    return min(this.budget(now) - this.minted(now), floorSub(now.maxSupply, now.supply));
  }

  means(now: PoolSurroundings): bigint {
    return now.funds + sum(this.paid(now)) + this.emissionLeft(now);
  }

  /** `amount` by shares: three rounded down, and the rest for contributions. */
  parts(amount: bigint): ByPurpose {
    const YIELD = (amount * this.shares.yield) / WHOLE;
    const CLAIMS = (amount * this.shares.claims) / WHOLE;
    const SERVICES = (amount * this.shares.services) / WHOLE;
    return { CONTRIBUTIONS: amount - YIELD - CLAIMS - SERVICES, YIELD, CLAIMS, SERVICES };
  }

  /** Second from which the shares are open to all on the day of `time`. */
  openToAllAt(time: bigint): bigint {
    return startOfDay(dayOf(time) + 1n) - OPEN_TO_ALL_SEC;
  }

  isOpenToAll(now: PoolSurroundings): boolean {
    return now.time >= this.openToAllAt(now.time);
  }

  /** Part of the funds that only services may have. */
  keptForServices(now: PoolSurroundings): bigint {
    if (this.isOpenToAll(now)) return 0n;
    const paid = this.paid(now);
    const fundsOfDay = now.funds + sum(paid) - this.minted(now);
    return min(now.funds, floorSub(this.parts(fundsOfDay).SERVICES, paid.SERVICES));
  }

  room(purpose: Purpose, now: PoolSurroundings): Room {
    const [paid, means] = [this.paid(now), this.means(now)];
    const parts = this.parts(means);
    const funds = purpose === "SERVICES" ? now.funds : now.funds - this.keptForServices(now);
    const limits = [funds + this.emissionLeft(now), COUNTER_END[purpose] - paid[purpose]];
    const open = this.isOpenToAll(now);
    if (!open) limits.push(floorSub(parts[purpose], paid[purpose]));
    if (purpose !== "CONTRIBUTIONS" && (open || purpose !== "SERVICES")) {
      limits.push(floorSub(parts.YIELD + parts.CLAIMS + parts.SERVICES, paid.YIELD + paid.CLAIMS + paid.SERVICES));
    }
    const inAll = limits.reduce(min);
    return { inAll, ofFunds: min(inAll, funds) };
  }

  /** How much of `amount` can be paid now, funds first. */
  fit(purpose: Purpose, amount: bigint, now: PoolSurroundings): { fromFunds: bigint; minted: bigint } {
    const { inAll, ofFunds } = this.room(purpose, now);
    const fromFunds = min(amount, ofFunds);
    return { fromFunds, minted: purpose === "SERVICES" ? 0n : min(amount, inAll) - fromFunds };
  }

  /** Counts a payment; the first of the day fixes its budget. */
  count(purpose: Purpose, fromFunds: bigint, minted: bigint, now: PoolSurroundings): void {
    if (fromFunds + minted === 0n) return;
    const day = dayOf(now.time);
    const paid = this.paid(now);
    paid[purpose] += fromFunds + minted;
    if (this.isKnown(now)) {
      const [budget, before] = [this.budget(now), this.minted(now)];
      this.#emission = { day, budget, minted: before + minted, contributions: paid.CONTRIBUTIONS };
    }
    const { YIELD, CLAIMS, SERVICES } = paid;
    this.#others = { day, YIELD, CLAIMS, SERVICES };
  }
}

function sum(amounts: ByPurpose): bigint {
  return PURPOSES.reduce((total, purpose) => total + amounts[purpose], 0n);
}
