/**
 * Counts what a channel has used. It keeps the exact sum, in parts of a unit of wFTNS, and rounds the sum alone: so however many
 * requests there are, and by whatever quotes, a channel is charged less than one unit of wFTNS too little, and never too much. (Rounding
 * each of 200,000 requests loses 100,263 units.)
 */
import { type Layers, layersOf, PRICE_PARTS, partsOf, type Quote } from "./quote.ts";

/** All that must be kept of a meter. */
export interface MeterState {
  /** Charged so far, in parts of a unit of wFTNS. */
  readonly parts: bigint;
  /** Discount given so far (FTNS, 18 decimals). */
  readonly discount: bigint;
  /** Requests so far. */
  readonly requests: bigint;
}

export const NEW_METER: MeterState = { parts: 0n, discount: 0n, requests: 0n };

export interface Charge {
  readonly state: MeterState;
  /** Number of the request, from 0. */
  readonly index: bigint;
  /** wFTNS (24 decimals) for this request, as `cumulative` for all. */
  readonly charged: bigint;
  readonly cumulative: bigint;
}

/** Charged so far (wFTNS, 24 decimals), rounded down: the payer gains less than a unit. */
export const chargedOf = ({ parts }: MeterState): bigint => parts / PRICE_PARTS;

/**
 * The meter after a request of `units` by `quote`. The contributor's discount is given as long as all of a request's fits into what was
 * `allotted` to the channel in all (FTNS, 18 decimals).
 */
export function charge(state: MeterState, units: Layers, quote: Quote, allotted = 0n): Charge {
  const checked = layersOf(units);
  const full = partsOf(checked, quote.prices);
  const reduced = partsOf(checked, quote.discounted);
  // Rounded up: an allotment is never exceeded.
  const given = (full - reduced + quote.unitsPerFtns - 1n) / quote.unitsPerFtns;
  const discount = full > reduced && state.discount + given <= allotted;
  const next = {
    parts: state.parts + (discount ? reduced : full),
    discount: state.discount + (discount ? given : 0n),
    requests: state.requests + 1n,
  };
  const cumulative = chargedOf(next);
  return { state: next, index: state.requests, charged: cumulative - chargedOf(state), cumulative };
}
