import { resolve } from "node:path";
import { type KeyContext, openSecret, openUrl } from "@ftns/service/config/keys.ts";
import type { KeeperConfig } from "../config/schema.ts";
import type { SourceConfig } from "../config/sources.ts";
import { bitstampSource } from "./bitstamp-source.ts";
import { coinCapSource } from "./coincap-source.ts";
import { coinGeckoSource } from "./coingecko-source.ts";
import { fileSource } from "./file-source.ts";
import { HttpClient } from "@ftns/service/http/client.ts";
import { httpSource } from "./http-source.ts";
import type { MarketSource } from "./source.ts";
import { uniswapSource } from "./uniswap-source.ts";

/** The configured market sources, ready to be read. Nothing is requested yet. */
export function openSources(configs: readonly SourceConfig[], chain: KeeperConfig["chain"], context: KeyContext): MarketSource[] {
  return configs.map((config, index) => {
    const source = openSource(config, `jobs.report-price.sources.${index}`, chain, context);
    return config.maxAgeSec === undefined ? source : { ...source, maxAgeSec: config.maxAgeSec };
  });
}

function openSource(config: SourceConfig, field: string, chain: KeeperConfig["chain"], context: KeyContext): MarketSource {
  const { name } = config;
  if (config.type === "file") return fileSource(name, resolve(context.baseDir, config.path));

  const client = new HttpClient(`The market source ${name}`, config);
  if (config.type === "uniswap-v3") {
    const rpcUrl = openUrl(config.rpcUrl ?? chain.rpcUrls[0]!, `${field}.rpcUrl`, context);
    return uniswapSource(name, { ...config, rpcUrl, chainId: config.chainId ?? chain.chainId }, client);
  }
  const url = openUrl(config.url, `${field}.url`, context);
  if (config.type === "http") return httpSource(name, url, client);

  const base = url.replace(/\/+$/, "");
  if (config.type === "bitstamp") return bitstampSource(name, { url: base, pair: config.pair }, client);
  const apiKey = config.apiKey && { apiKey: openSecret(config.apiKey.env, `${field}.apiKey`, "an API key", context) };
  return config.type === "coingecko"
    ? coinGeckoSource(name, { url: base, coin: config.coin, ...apiKey }, client)
    : coinCapSource(name, { url: base, asset: config.asset, ...apiKey }, client);
}
