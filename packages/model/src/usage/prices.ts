/** ContextPrices.sol: what use costs, and how much of a discount a payer may allot. */
import { Refused } from "../refused.ts";

const WAD = 10n ** 18n;
const PRICE_DIVISOR = 10n ** 46n;
export const WRAPPED_UNITS_PER_FTNS_AT_PAR = 10n ** 24n;
export const DISCOUNT_UNIT = 10n ** 16n;
export const DISCOUNT_PER_SCORE = 2n;
const DISCOUNT_WINDOW_DAYS = 30n;

/** Architect, prompter, router, executor, compiler. */
export type Layers = readonly [bigint, bigint, bigint, bigint, bigint];

export interface QuoteInputs {
  readonly day: bigint;
  /** 1e-28 FTNS a unit. */
  readonly bases: Layers;
  /** WAD, as all multipliers. */
  readonly contextMultiplier: bigint;
  readonly planMultiplier: bigint;
  /** `M` where the context rate follows it, else 1. */
  readonly multiplier: bigint;
  readonly earningMultiplier: bigint;
  /** What the wrapper gives for an FTNS (units of 24 decimals). */
  readonly sharesPerFtns: bigint;
}

export interface Quote {
  readonly day: bigint;
  /** 1e-18 of a unit of wFTNS for a unit of use, as `discounted`. */
  readonly prices: Layers;
  readonly discounted: Layers;
  readonly unitsPerFtns: bigint;
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b);

export function quoteFrom(inputs: QuoteInputs): Quote {
  const unitsPerFtns = larger(inputs.sharesPerFtns, WRAPPED_UNITS_PER_FTNS_AT_PAR);
  const factor = ((inputs.contextMultiplier * inputs.multiplier) / WAD) * inputs.planMultiplier;
  const earning = larger(inputs.earningMultiplier, WAD);
  const prices = inputs.bases.map((base) => (base * factor * unitsPerFtns) / PRICE_DIVISOR) as unknown as Layers;
  const discounted = prices.map((price) => (price * WAD) / earning) as unknown as Layers;
  return { day: inputs.day, prices, discounted, unitsPerFtns };
}

/** When a plan ends that is bought at `now` (seconds), while another one runs. */
export function planUntil(
  now: bigint,
  price: bigint,
  running: { readonly until: bigint; readonly price: bigint } | undefined,
): bigint {
  const until = now + 30n * 86_400n;
  return running === undefined ? until : until + ((running.until - now) * running.price) / price;
}

/** What a payer allotted, in a list of all. */
export class DiscountModel {
  readonly #allotted: { day: bigint; amount: bigint }[] = [];

  left(score: bigint, today: bigint): bigint {
    const used = this.#allotted
      .filter(({ day }) => day > today - DISCOUNT_WINDOW_DAYS)
      .reduce((sum, { amount }) => sum + amount, 0n);
    return larger(DISCOUNT_PER_SCORE * score - used, 0n);
  }

  allot(payer: string, amount: bigint, score: bigint, today: bigint): void {
    if (amount % DISCOUNT_UNIT !== 0n) throw new Refused("NotWholeHundredths", amount);
    const left = this.left(score, today);
    if (amount > left) throw new Refused("DiscountUsedUp", payer, amount, left);
    this.#allotted.push({ day: today, amount });
  }
}
