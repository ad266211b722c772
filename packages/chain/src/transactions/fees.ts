import { formatDecimal } from "@ftns/sdk/units.ts";

/** What a transaction offers per gas (wei): at most so much, and so much of it to the block's maker. */
export interface Fees {
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

/** What the operator allows per gas (wei). Nothing that is ever signed offers more. */
export interface FeeCaps {
  maxFeeWei: bigint;
  maxPriorityFeeWei: bigint;
}

/** What gas costs now (wei per gas). */
export interface Market {
  /** Of the latest block. */
  baseFee: bigint;
  suggestedTip: bigint;
}

export type FeePlan = { fees: Fees } | { refusal: string };

/** Nodes take a replacement that offers a tenth more in both fields; an eighth is safely above, whatever they round. */
const RAISE_DIVISOR = 8n;

/** The least that may stand in the place of `offered`. */
export const raised = (offered: bigint) => offered + ceilDiv(offered === 0n ? 1n : offered, RAISE_DIVISOR);

/** The base fee rises by at most an eighth a block. */
export const nextBaseFee = ({ baseFee }: Pick<Market, "baseFee">) => baseFee + ceilDiv(baseFee, 8n);

/** What a first offer keeps below a cap, so that it can be raised twice: (9/8)^2 = 81/64. */
const withRoom = (cap: bigint) => (cap <= 2n ? cap : ((cap - 2n) * 64n) / 81n);

/**
 * Fees of a new transaction: twice the base fee, which lasts for six full blocks, and the usual tip. Refused when the next block
 * may cost more than the cap.
 */
export function planFees(market: Market, caps: FeeCaps): FeePlan {
  const needed = nextBaseFee(market);
  if (needed > caps.maxFeeWei) return { refusal: tooExpensive(needed, caps) };
  const tip = least(market.suggestedTip, withRoom(caps.maxPriorityFeeWei), caps.maxFeeWei);
  const wanted = least(2n * market.baseFee + tip, withRoom(caps.maxFeeWei));
  const maxFeePerGas = least(most(wanted, needed + tip), caps.maxFeeWei);
  return { fees: { maxFeePerGas, maxPriorityFeePerGas: tip } };
}

/**
 * Fees of a transaction that takes the place of one that offers `standing`: at least an eighth more in both fields, or
 * what a new one would offer, if that is more. Refused when that is above a cap, or gas is.
 */
export function planReplacement(standing: Fees, market: Market, caps: FeeCaps): FeePlan {
  const fresh = planFees(market, caps);
  if ("refusal" in fresh) return fresh;
  const maxFeePerGas = most(raised(standing.maxFeePerGas), fresh.fees.maxFeePerGas);
  const maxPriorityFeePerGas = most(raised(standing.maxPriorityFeePerGas), fresh.fees.maxPriorityFeePerGas);
  if (maxFeePerGas > caps.maxFeeWei) {
    return { refusal: atTheCap(maxFeePerGas, "transactions.maxFeeGwei", caps.maxFeeWei) };
  }
  if (maxPriorityFeePerGas > caps.maxPriorityFeeWei) {
    return { refusal: atTheCap(maxPriorityFeePerGas, "transactions.maxPriorityFeeGwei", caps.maxPriorityFeeWei) };
  }
  return { fees: { maxFeePerGas, maxPriorityFeePerGas } };
}

/** The highest of each field among offers for one nonce. */
export function highest(offers: readonly Fees[]): Fees | undefined {
  if (offers.length === 0) return undefined;
  return offers.reduce((a, b) => ({
    maxFeePerGas: most(a.maxFeePerGas, b.maxFeePerGas),
    maxPriorityFeePerGas: most(a.maxPriorityFeePerGas, b.maxPriorityFeePerGas),
  }));
}

/** What is paid per gas in a block of this base fee. */
export const paidPerGas = (fees: Fees, baseFee: bigint) => least(fees.maxFeePerGas, baseFee + fees.maxPriorityFeePerGas);

const inGwei = (wei: bigint) => formatDecimal(wei, 9);

const tooExpensive = (needed: bigint, { maxFeeWei }: FeeCaps) =>
  `gas costs ${inGwei(needed)} gwei, above transactions.maxFeeGwei of ${inGwei(maxFeeWei)}; ` +
  "wait for cheaper blocks or raise the cap";

const atTheCap = (needed: bigint, setting: string, cap: bigint) =>
  `a replacement would have to offer ${inGwei(needed)} gwei, above ${setting} of ${inGwei(cap)}; ` +
  "wait for cheaper blocks or raise the cap";

const ceilDiv = (a: bigint, b: bigint) => (a + b - 1n) / b;
const most = (a: bigint, b: bigint) => (a > b ? a : b);
const least = (...values: bigint[]) => values.reduce((a, b) => (a < b ? a : b));
