import { type DeskOffer, deskPrice, type DeskSide, explainDeskRefusal } from "@ftns/model";
import type { Head } from "@ftns/chain/connect.ts";
import { formatDecimal, formatFtns } from "@ftns/sdk/units.ts";
import { type FeedRound, roundFault } from "../../market/chainlink.ts";
import { type Decision, act, broken, nothing } from "../decision.ts";

/** One side of the desk, and what we could do there. */
export interface SideSeen {
  side: DeskSide;
  offer: DeskOffer;
  /** FTNS that we would trade (18 decimals): what the desk offers, what we have for it, and what the settings allow. */
  tokens: bigint;
  /** Why that is nothing, such as a missing allowance. */
  hindrance?: string;
  /** Gas that filling or opening would take, or why it would fail. Absent where nobody asked. */
  gas?: bigint | { failure: string };
}

export interface DeskSnapshot {
  head: Head;
  /** Prices in dollars of FTNS, as the market has it now, and of the coin that gas is paid in. */
  price: FeedRound;
  gasPrice: FeedRound;
  /** Decimals of the dollar token. */
  decimals: bigint;
  sides: SideSeen[];
}

export interface FillRules {
  /** What a fill must bring at least, its gas paid (USD, 18 decimals). */
  minGainUsd: bigint;
  gasFeed: { maxAgeSec: number };
  /** What a block's maker gets (wei per gas). */
  priorityFee: bigint;
}

export type FillArgs =
  | { kind: "open"; side: DeskSide }
  /** `limit`: the dollar token's units, at most for SELL, at least for BUY. */
  | { kind: "fill"; side: DeskSide; tokens: bigint; limit: bigint };

/** The feed's answer is as old as the desk takes it, at most. */
const MAX_PRICE_AGE_SEC = 900;
/** After so long an offer is at its best for us (seconds). */
const RIPE_SEC = 2_000n;

/**
 * Takes the desk's offer where it is better than the market's price by more than the gas; and opens a side whose best price would be.
 * What it gets it keeps: to sell it elsewhere is its operator's business.
 */
export function decideFill(seen: DeskSnapshot, rules: FillRules): Decision<FillArgs> {
  const now = seen.head.timestamp;
  const wanted = seen.sides.filter(({ offer: { refusal } }) => refusal === "NONE" || refusal === "NOT_OPEN");
  if (wanted.length === 0) {
    return nothing(seen.sides.map(({ side, offer }) => `${side}: ${explainDeskRefusal(offer.refusal)}`).join(". "));
  }
  const priceFault = roundFault(seen.price, now, MAX_PRICE_AGE_SEC);
  if (priceFault !== undefined) return nothing(`the price of FTNS cannot be used: ${priceFault}`);
  const gasFault = roundFault(seen.gasPrice, now, rules.gasFeed.maxAgeSec);
  if (gasFault !== undefined) return broken(`the price of gas cannot be used: ${gasFault}; check jobs.fill-desk.gasFeed`);

  const [failures, reasons]: [string[], string[]] = [[], []];
  for (const { side, offer, tokens, hindrance, gas } of wanted) {
    if (hindrance !== undefined || gas === undefined) {
      reasons.push(`${side}: ${hindrance ?? "there is nothing to trade"}`);
      continue;
    }
    if (typeof gas === "object") {
      failures.push(`${side} would fail: ${gas.failure}`);
      continue;
    }
    const market = (seen.price.answer * WAD) / 10n ** seen.price.decimals;
    const cost = (gas * (seen.head.baseFee + rules.priorityFee) * seen.gasPrice.answer) / 10n ** seen.gasPrice.decimals;
    const isOpen = offer.refusal === "NONE";
    const price = isOpen ? offer.price : deskPrice(side, offer.market, offer.line, now, now + RIPE_SEC);
    const gain = ((side === "SELL" ? market - price : price - market) * tokens) / WAD;
    // Whoever opens has to fill as well, at about twice the gas.
    const needed = rules.minGainUsd + (isOpen ? cost : 3n * cost);
    const words = `${formatFtns(tokens)} would bring ${usd(gain)}, and its gas costs ${usd(cost)}`;
    if (gain < needed) {
      reasons.push(`${side}: ${words}`);
      continue;
    }
    if (!isOpen) return act({ kind: "open", side }, `${side} can be opened; at its best price ${words}`);
    const worth = (market * tokens) / WAD;
    const limit = toUnits(side === "SELL" ? worth - needed : worth + needed, seen.decimals, side === "BUY");
    return act({ kind: "fill", side, tokens, limit }, `${side}: ${words}`);
  }
  return failures.length > 0 ? broken(failures.join(". ")) : nothing(reasons.join(". "));
}

const WAD = 10n ** 18n;
const usd = (value: bigint) => `${formatDecimal(value, 18)} USD`;

/** Dollars of 18 decimals in the token's units, rounded against nobody but ourselves. */
function toUnits(dollars: bigint, decimals: bigint, roundUp: boolean): bigint {
  const step = 10n ** (18n - decimals);
  return (dollars + (roundUp ? step - 1n : 0n)) / step;
}
