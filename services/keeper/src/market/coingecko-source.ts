import { z } from "zod/v4";
import { Hourly } from "./hourly.ts";
import type { HttpClient } from "@ftns/service/http/client.ts";
import { decimal, count, positive, shaped } from "./shape.ts";
import { type MarketSource, unlessMissing } from "./source.ts";

export interface CoinGeckoSettings {
  /** Such as https://api.coingecko.com/api/v3. */
  url: string;
  /** CoinGecko's id of the coin. */
  coin: string;
  apiKey?: string;
}

// Shapes as in CoinGecko's API reference (docs.coingecko.com, simple-price and coins-id-market-chart):
// {"bitcoin":{"usd":34664,"usd_24h_vol":27952066301.047348,"last_updated_at":1698262594}} and
// {"prices":[[ms,usd],...],"market_caps":[...],"total_volumes":[[ms,usd],...]}, where each volume is of 24 hours.
const priceShape = (coin: string) =>
  z.object(
    {
      [coin]: z.object(
        { usd: positive("usd"), usd_24h_vol: z.unknown(), last_updated_at: count("last_updated_at") },
        "the coin must be an object",
      ),
    },
    "the answer must be an object with the coin",
  );

const dayVolume = decimal("usd_24h_vol");
const chartShape = z.object(
  {
    total_volumes: z
      .array(
        z.tuple([z.number(), z.union([decimal("a volume"), z.null()])], "a volume must be a pair"),
        "total_volumes must be a list",
      )
      .max(1_000, "total_volumes must have at most 1000 entries")
      // Days of which it knows nothing say nothing of the mean.
      .transform((entries) => entries.flatMap(([, volume]) => volume ?? []))
      .refine((volumes) => volumes.length >= 2, "total_volumes must not be empty"),
  },
  "the chart must be an object",
);

/** Six-hour windows in a day. */
const WINDOWS = 4n;

/**
 * Price and volumes of all exchanges that CoinGecko follows. It knows rolling days of volume only, so a 6-hour volume is a
 * quarter of the latest one: it falls later than the true one, never earlier. What it does not know of volumes costs the volumes and
 * not the price.
 */
export function coinGeckoSource(name: string, settings: CoinGeckoSettings, client: HttpClient): MarketSource {
  const { url, coin, apiKey } = settings;
  const keyName = new URL(url).host.startsWith("pro-") ? "x-cg-pro-api-key" : "x-cg-demo-api-key";
  const request = apiKey === undefined ? {} : { headers: { [keyName]: apiKey } };
  const id = encodeURIComponent(coin);
  const priceUrl = `${url}/simple/price?ids=${id}&vs_currencies=usd&include_24hr_vol=true&include_last_updated_at=true&precision=full`;
  const chartUrl = `${url}/coins/${id}/market_chart?vs_currency=usd&days=30&interval=daily`;

  const meanVolume = new Hourly(async () => {
    const chart = shaped(name, chartShape, await client.json(chartUrl, request));
    const sum = chart.total_volumes.reduce((total, volume) => total + volume, 0n);
    return sum / (BigInt(chart.total_volumes.length) * WINDOWS);
  });
  return {
    name,
    async read() {
      const answer = shaped(name, priceShape(coin), await client.json(priceUrl, request));
      const { usd, usd_24h_vol, last_updated_at } = answer[coin]!;
      const volumes = await unlessMissing(async () => ({
        volume6h: shaped(name, dayVolume, usd_24h_vol) / WINDOWS,
        meanVolume6h: await meanVolume.get(),
      }));
      return { price: usd, ...volumes, observedAt: last_updated_at };
    },
  };
}
