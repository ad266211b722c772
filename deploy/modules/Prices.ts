import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import type { EconomyParameters } from "../parameters.ts";
import type { Access } from "./Access.ts";

/** The price feed (our own, or a Chainlink feed that exists already) and the history that records it. */
export function deployPrices(m: IgnitionModuleBuilder, { manager }: Access, { priceFeed }: EconomyParameters) {
  const medianFeed =
    priceFeed.kind === "median"
      ? m.contract("MedianFeed", [manager, priceFeed.description, [...priceFeed.reporters], priceFeed.quorum])
      : undefined;
  const feed = priceFeed.kind === "median" ? medianFeed! : priceFeed.address;
  const history = m.contract("PriceHistory", [manager, feed]);
  return { medianFeed, history };
}

export type Prices = ReturnType<typeof deployPrices>;
