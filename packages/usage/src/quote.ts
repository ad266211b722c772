/** What a payer pays today, and what a request costs by it. */
import { type Layers, type Quote, startOfDay } from "@ftns/model";
import { AbiCoder, keccak256 } from "ethers";

export type { Layers, Quote };

/** Prices are in so many parts of a unit of wFTNS. */
export const PRICE_PARTS = 10n ** 18n;

/** The hash that stands in receipts, as ContextPrices makes it. */
export function hashQuote({ day, prices, discounted, unitsPerFtns }: Quote): string {
  const types = ["uint256", "uint256[5]", "uint256[5]", "uint256"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [day, [...prices], [...discounted], unitsPerFtns]));
}

/** Second from which the quote is good no more: 02:00 UTC. */
export const validUntil = ({ day }: Quote): bigint => startOfDay(day + 1n);

/** What `quoteOf` of ContextPrices says. */
export interface QuoteSource {
  quoteOf(payer: string): Promise<{
    readonly day: bigint;
    readonly prices: readonly bigint[];
    readonly discounted: readonly bigint[];
    readonly unitsPerFtns: bigint;
  }>;
}

export async function readQuote(source: QuoteSource, payer: string): Promise<Quote> {
  const { day, prices, discounted, unitsPerFtns } = await source.quoteOf(payer);
  return { day, prices: layersOf(prices), discounted: layersOf(discounted), unitsPerFtns };
}

/** Five numbers, none below zero. */
export function layersOf(values: readonly bigint[]): Layers {
  if (values.length !== 5 || values.some((value) => value < 0n))
    throw new RangeError("there are five layers, and none is below zero");
  return [...values] as unknown as Layers;
}

/** `units` at `prices`, in parts of a unit of wFTNS: nothing is rounded. */
export const partsOf = (units: Layers, prices: Layers): bigint =>
  units.reduce((sum, count, layer) => sum + count * prices[layer]!, 0n);
