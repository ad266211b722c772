import { clampFactor, type MarketWindow, multiplied, pathPolicy } from "@ftns/model";
import type { AdjustmentEvent } from "./ledger.ts";

const WAD = 10n ** 18n;

/**
 * What `M` would be if the rule in the shadow, PathPolicy, had decided from the first adjustment on: worked out by the model from the
 * windows of the controller's own events. What the market would have done with another `M` nobody knows: the prices are those that were.
 */
export class OtherRule {
  #multiplier = WAD;
  #seen = 0;

  /** After all of `adjustments`, the newest with `launchPrice` (USD, 18 decimals; zero while the path has none). */
  after(adjustments: readonly AdjustmentEvent[], launchPrice: bigint): bigint {
    for (const { window } of adjustments.slice(this.#seen)) {
      const own: MarketWindow = { ...window, multiplier: this.#multiplier };
      this.#multiplier = multiplied(this.#multiplier, clampFactor(pathPolicy(own, launchPrice).factor));
    }
    this.#seen = adjustments.length;
    return this.#multiplier;
  }
}
