import { createKeeper, parseConfig, type Keeper, type MarketSource } from "../../../keeper/src/index.ts";
import type { Clock } from "../chain/clock.ts";
import type { Market } from "../prices/market.ts";
import type { Cast } from "./cast.ts";
import type { Economy } from "./economy.ts";

/** What the reporters look at: the replayed market, and how busy the chain has been. */
export function replaySource(market: Market, clock: Clock, economy: Economy): MarketSource {
  let lastBlock = 0;
  return {
    name: "replay",
    async read() {
      const [time, block] = await Promise.all([clock.now(), economy.provider.send("eth_blockNumber", []).then(Number)]);
      // One transaction a block, but for the block that moved the clock.
      const txTotal = BigInt(Math.max(0, block - lastBlock - 1));
      lastBlock = block;
      return { ...market.viewAt(time), txTotal, txFailed: 0n, observedAt: BigInt(time) };
    },
  };
}

/** The project's keeper as anybody would run it, with the reporters' keys at hand as on any local chain. */
export async function startKeeper(url: string, economy: Economy, cast: Cast, source: MarketSource): Promise<Keeper> {
  const { chainId, addresses } = economy;
  const config = parseConfig({
    mode: "local",
    // The replay's time is not the world's.
    chain: { rpcUrls: [url], chainId, maxClockSkewSec: 0 },
    account: { env: "DEMO_KEEPER_KEY" },
    contracts: { feed: addresses.feed, history: addresses.history, controller: addresses.controller },
    jobs: {
      "report-price": {
        reporters: cast.reporters.map((_, i) => ({ env: `DEMO_REPORTER_KEY_${i}` })),
        // The replay stands in for this source; nothing is read from the address.
        sources: [{ type: "http", name: "replay", url: "http://127.0.0.1/replay" }],
      },
      "record-price": {},
      "adjust-supply": {},
    },
  });
  const env: Record<string, string> = { DEMO_KEEPER_KEY: cast.keeper.wallet.privateKey };
  cast.reporters.forEach((reporter, i) => {
    env[`DEMO_REPORTER_KEY_${i}`] = reporter.wallet.privateKey;
  });
  return createKeeper(config, { env, sources: [source] });
}
