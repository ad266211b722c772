import {
  createKeeper,
  openService,
  parseConfig,
  Secrets,
  type Keeper,
  type KeeperConfig,
  type MarketSource,
  type Service,
} from "@ftns/keeper";
import type { Actor } from "../chain/actor.ts";
import type { Clock } from "../chain/clock.ts";
import { HOST } from "../chain/port.ts";
import type { Market } from "../prices/market.ts";
import type { Cast } from "./cast.ts";
import type { Economy } from "./economy.ts";

/** Where a keeper works. */
export interface Workplace {
  readonly rpcUrl: string;
  readonly economy: Economy;
  readonly cast: Cast;
  readonly source: MarketSource;
}

/** How it works. */
export interface Ways {
  /** Where its operator can watch it. */
  readonly pagesPort: number | undefined;
  /** It sends through KeeperJobs, which pays for work out of the reward pool. */
  readonly paid: boolean;
}

/** What the reporters look at: the replayed market. How busy the chain is, the keepers count themselves. */
export function replaySource(market: Market, clock: Clock): MarketSource {
  return {
    name: "replay",
    async read() {
      const time = await clock.now();
      return { ...market.viewAt(time), observedAt: BigInt(time) };
    },
  };
}

/** The project's keeper as anybody would run it, with the reporters' keys at hand as on any local chain. */
export async function startKeeper(
  place: Workplace,
  actor: Actor,
  ways: Ways,
): Promise<{ readonly keeper: Keeper; readonly service?: Service }> {
  const { cast, source } = place;
  const config = configOf(place, ways);
  const env: Record<string, string> = { DEMO_KEEPER_KEY: actor.wallet.privateKey };
  cast.reporters.forEach((reporter, i) => {
    env[`DEMO_REPORTER_KEY_${i}`] = reporter.wallet.privateKey;
  });
  const context = { env, baseDir: process.cwd(), secrets: new Secrets() };
  const keeper = await createKeeper(config, { ...context, sources: [source] });
  if (config.http === undefined) return { keeper };
  return { keeper, service: await openService(keeper, { config, context, sending: true }) };
}

function configOf({ rpcUrl, economy, cast }: Workplace, { pagesPort, paid }: Ways): KeeperConfig {
  const { chainId, addresses } = economy;
  const { feed, history, controller, breaker, governor, keeperJobs, token } = addresses;
  return parseConfig({
    mode: "local",
    // The replay's time is not the world's.
    chain: { rpcUrls: [rpcUrl], chainId, maxClockSkewSec: 0 },
    account: { env: "DEMO_KEEPER_KEY" },
    contracts: { feed, history, controller, breaker, governor, token, ...(paid && { keeperJobs }) },
    ...(pagesPort !== undefined && { http: { host: HOST, port: pagesPort } }),
    jobs: {
      "report-price": {
        reporters: cast.reporters.map((_, i) => ({ env: `DEMO_REPORTER_KEY_${i}` })),
        // The replay stands in for this source; nothing is read from the address.
        sources: [{ type: "http", name: "replay", url: "http://127.0.0.1/replay" }],
        countTransactions: { to: Object.values(addresses) },
        // The replay's keepers look every few hours, and the price runs straight in between.
        maxGapSec: 86_400,
      },
      "record-price": {},
      "adjust-supply": {},
      "note-days": {},
      "watch-emergency": {},
      "run-governance": {},
    },
  });
}
