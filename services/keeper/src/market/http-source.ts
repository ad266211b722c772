import type { HttpClient } from "@ftns/service/http/client.ts";
import { type MarketSource, toObservation } from "./source.ts";

/** Market data at an HTTP endpoint that answers in the project's own JSON. */
export function httpSource(name: string, url: string, client: HttpClient): MarketSource {
  return { name, read: async () => toObservation(name, await client.json(url)) };
}
