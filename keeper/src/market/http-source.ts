import { KeeperError } from "../errors.ts";
import { type MarketSource, parseMarket } from "./source.ts";

const MAX_BODY_BYTES = 64 * 1024;

/** Market data at an HTTP endpoint. The URL may hold an API key, so errors name the source only. */
export function httpSource(name: string, url: string, timeoutMs: number): MarketSource {
  return {
    name,
    async read() {
      return parseMarket(name, await fetchText(name, url, timeoutMs));
    },
  };
}

async function fetchText(name: string, url: string, timeoutMs: number): Promise<string> {
  const fail = (reason: string) =>
    new KeeperError(`The market source ${name} ${reason}.`, "Check that the endpoint is up and its settings.");
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: "application/json" },
      redirect: "error",
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw fail(`answered with HTTP status ${response.status}`);
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) throw fail(`sent more than ${MAX_BODY_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    if (error instanceof KeeperError) throw error;
    if ((error as Error).name === "TimeoutError") throw fail(`did not answer within ${timeoutMs} ms`);
    throw fail("could not be reached");
  }
}
