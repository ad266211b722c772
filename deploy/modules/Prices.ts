import type { Future, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import { heartbeatOf, type EconomyParameters } from "../parameters.ts";
import type { Access } from "./Access.ts";
import type { Token } from "./Token.ts";

/** The price feed (our own, or a Chainlink feed that exists already) and the history that follows it. */
export function deployPrices(m: IgnitionModuleBuilder, { manager }: Access, { priceFeed }: EconomyParameters) {
  const medianFeed =
    priceFeed.kind === "median"
      ? m.contract("MedianFeed", [manager, priceFeed.description, [...priceFeed.reporters], priceFeed.quorum])
      : undefined;
  const feed = priceFeed.kind === "median" ? medianFeed! : priceFeed.address;
  const handsOver = medianFeed !== undefined;
  const history = m.contract("PriceHistory", [manager, feed, handsOver, heartbeatOf(priceFeed)]);
  return { medianFeed, history };
}

/** Our own feed learns whom it hands its rounds to, and its reporters who pays them. */
export function linkPrices(m: IgnitionModuleBuilder, { manager }: Access, { medianFeed, history }: Prices, { pool }: Token) {
  if (medianFeed === undefined) return { reporterPay: undefined, linked: [] as Future[] };
  return {
    reporterPay: m.contract("ReporterPay", [manager, medianFeed, pool]),
    linked: [m.call(medianFeed, "setHistory", [history])] as Future[],
  };
}

export type Prices = ReturnType<typeof deployPrices>;
