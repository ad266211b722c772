import { z } from "zod/v4";
import type { HttpClient } from "@ftns/service/http/client.ts";
import { count, positive, shaped } from "./shape.ts";
import type { MarketSource } from "./source.ts";

export interface CoinCapSettings {
  /** Such as https://rest.coincap.io/v3; version 2 answers in the same shape. */
  url: string;
  /** CoinCap's id of the coin. */
  asset: string;
  apiKey?: string;
}

// Shape as in CoinCap's API reference (assets/{slug}), the timestamp in milliseconds:
// {"data":{"id":"bitcoin",...,"priceUsd":"6929.8217756835584756",...},"timestamp":1533581088278}
const assetShape = z.object(
  {
    data: z.object({ id: z.string("id must be text"), priceUsd: positive("priceUsd") }, "data must be an object"),
    timestamp: count("timestamp"),
  },
  "the answer must be an object",
);

/** The volume-weighted price of the exchanges that CoinCap follows. It has no history of volumes, so it gives none. */
export function coinCapSource(name: string, { url, asset, apiKey }: CoinCapSettings, client: HttpClient): MarketSource {
  const assetUrl = `${url}/assets/${encodeURIComponent(asset)}`;
  const request = apiKey === undefined ? {} : { headers: { authorization: `Bearer ${apiKey}` } };
  return {
    name,
    async read() {
      const { data, timestamp } = shaped(name, assetShape, await client.json(assetUrl, request));
      if (data.id !== asset) throw client.fail("answered for another asset");
      return { price: data.priceUsd, observedAt: timestamp / 1_000n };
    },
  };
}
