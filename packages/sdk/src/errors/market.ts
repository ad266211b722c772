import { explainDeskRefusal, deskRefusalOf } from "@ftns/model";
import { formatPercent } from "../units.ts";
import { type Meanings, at } from "./meanings.ts";

/** Of a desk's side (0: it sells). */
const sideOf = (side: bigint) => (side === 0n ? "sells" : "buys");
const unitOf = (side: bigint) => (side === 0n ? "FTNS" : "dollars");

/** MarketDesk. Amounts are in the smallest units of what they are counted in. */
export const MARKET: Meanings = {
  NoOffer: ({ side, refusal }) => `the desk ${sideOf(side)} nothing now: ${explainDeskRefusal(deskRefusalOf(refusal))}`,
  SideOpen: ({ side, startedAt }) =>
    `the desk ${sideOf(side)} since ${at(startedAt)} already; take its offer, or wait for a better one`,
  FillOutOfBounds: ({ side, amount, least, left }) =>
    `${amount} units of ${unitOf(side)} are not between ${least}, the least that the desk ${sideOf(side)} at once, and ${left}, ` +
    "what is left for today; choose an amount within",
  PastLimit: ({ side, dollars, limit }) =>
    `the desk ${sideOf(side)} at ${dollars} units of dollars by now, past the limit of ${limit}; look at its offer again`,
  DollarsMissing: ({ received, due }) =>
    `${received} units of dollars came in and ${due} were due; the dollar token keeps a part of transfers, tell governance`,
  DayShareOutOfBounds: ({ share, max }) =>
    `a day's share of ${formatPercent(share)} is more than ${formatPercent(max)} of the supply; choose less`,
  "MarketDesk.UnsupportedDecimals": ({ decimals, supported }: { decimals: bigint; supported: bigint }) =>
    `the dollar token has ${decimals} decimals, and the desk counts ${supported} at most; name another token`,
};
