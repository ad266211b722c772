// A local HTTP server that replays what the public market APIs answer, for tests of the real adapters.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { AbiCoder, id as selectorHash } from "ethers";
import { HttpClient, type HttpRules } from "@ftns/service/http/client.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { expect } from "chai";

export const NOW = 1_800_000_000;

export interface Seen {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  at: number;
}

/** Starts a server whose `answer` a test sets; it notes every request. */
export async function startMarketServer() {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? "", headers: request.headers, at: performance.now() });
    handle.answer(request, response);
  });
  const handle = {
    url: "",
    seen,
    answer: ((_, response) => response.end()) as RequestListener,
    /** Answers every path by the first entry that it starts with. */
    serve(routes: Record<string, unknown>) {
      handle.answer = (request, response) => {
        const route = Object.keys(routes).find((path) => request.url?.startsWith(path));
        if (route === undefined) response.writeHead(404).end('{"error":"not found"}');
        else response.setHeader("content-type", "application/json").end(JSON.stringify(routes[route]));
      };
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  handle.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return handle;
}

export type MarketServer = Awaited<ReturnType<typeof startMarketServer>>;

export const clientWith = (rules: Partial<HttpRules> = {}) =>
  new HttpClient("The market source exchange", {
    timeoutMs: 2_000,
    retries: 0,
    minIntervalMs: 0,
    maxBytes: 500_000,
    ...rules,
  });

export async function failureOf(reading: Promise<unknown>): Promise<string> {
  const result = await reading.catch((error: unknown) => error);
  if (result instanceof ServiceError) return result.advice;
  return expect.fail(`no ServiceError: ${JSON.stringify(result, (_, v) => (typeof v === "bigint" ? `${v}` : v))}`);
}

/** What the public APIs answer, in their own shapes. */
export const coinGecko = {
  price: { bitcoin: { usd: 1.25, usd_24h_vol: 400_000.5, last_updated_at: NOW - 20 } },
  chart: {
    prices: [
      [(NOW - 86_400) * 1_000, 1.2],
      [NOW * 1_000, 1.25],
    ],
    market_caps: [
      [(NOW - 86_400) * 1_000, 0],
      [NOW * 1_000, 0],
    ],
    total_volumes: [
      [(NOW - 86_400) * 1_000, 480_000],
      [NOW * 1_000, 520_000.25],
    ],
  },
};

export const coinCap = {
  data: {
    id: "bitcoin",
    rank: "1",
    symbol: "BTC",
    name: "Bitcoin",
    supply: "17193925.0000000000000000",
    maxSupply: "21000000.0000000000000000",
    marketCapUsd: "119150835874.4699281625807300",
    volumeUsd24Hr: "2927959461.1750323310959460",
    priceUsd: "1.2529821775683555",
    changePercent24Hr: "-0.8101417214350335",
    vwap24Hr: "7175.0663247679233209",
  },
  timestamp: NOW * 1_000 - 5_722,
};

export const bitstamp = {
  ticker: {
    timestamp: String(NOW - 30),
    open: "1.20",
    high: "1.30",
    low: "1.10",
    last: "1.25",
    volume: "213.26801100",
    vwap: "1.2189",
    bid: "1.24",
    ask: "1.26",
    side: "0",
    open_24: "1.20",
    percent_change_24: "4.17",
    market_type: "SPOT",
  },
  /** Hours up to the one that is not over, each of `volume` coins at 1.25. */
  candles: (hours: number, volume = "1000.00000000") => ({
    data: {
      pair: "BTC/USD",
      ohlc: Array.from({ length: hours }, (_, index) => ({
        timestamp: String(NOW - (hours - 1 - index) * 3_600),
        open: "1.25",
        high: "1.25",
        low: "1.25",
        close: "1.25",
        volume: index === hours - 1 ? "7.00000000" : volume,
      })),
    },
  }),
};

export const FTNS = `0x${"f7".repeat(20)}`;
export const DOLLAR = `0x${"d0".repeat(20)}`;
export const FEED = `0x${"fe".repeat(20)}`;
export const POOL = `0x${"b0".repeat(20)}`;

/** A pool of FTNS (18 decimals, token1 because its address is the higher) against a dollar of 6 decimals. */
export const goodPool = {
  chainId: 1,
  timestamp: NOW - 12,
  token0: DOLLAR,
  token1: FTNS,
  decimals: { [DOLLAR]: 6, [FTNS]: 18, [FEED]: 8 } as Record<string, number>,
  /** Latest round of a Chainlink feed; undefined reverts. */
  round: { answer: 250_000_000_000n, updatedAt: NOW - 1_800 } as { answer: bigint; updatedAt: number } | undefined,
  /** Mean tick of the window; undefined reverts, as a pool does that does not remember so far back. */
  tick: 274_093n as bigint | undefined,
  /** Added to the sum of the window's ticks. */
  remainder: 0n,
  liquidity: 10n ** 15n,
  shareWorth: 10n ** 18n,
};
export type Pool = typeof goodPool;

/** Answers JSON-RPC batches as a node does that knows one Uniswap v3 pool, the replies in reverse order. */
export function poolNode(pool: Pool): RequestListener {
  const coder = AbiCoder.defaultAbiCoder();
  const results: Record<string, (to: string, data: string) => string | undefined> = {
    "token0()": () => coder.encode(["address"], [pool.token0]),
    "token1()": () => coder.encode(["address"], [pool.token1]),
    "decimals()": (to) => coder.encode(["uint8"], [pool.decimals[to.toLowerCase()]]),
    "convertToAssets(uint256)": () => coder.encode(["uint256"], [pool.shareWorth]),
    "latestRoundData()": () => {
      const id = (5n << 64n) + 77n;
      const { answer, updatedAt } = pool.round ?? {};
      return (
        pool.round && coder.encode(["uint80", "int256", "uint256", "uint256", "uint80"], [id, answer, updatedAt, updatedAt, id])
      );
    },
    "observe(uint32[])": (_, data) => {
      if (pool.tick === undefined) return undefined;
      const [[window]] = coder.decode(["uint32[]"], `0x${data.slice(10)}`) as unknown as [[bigint, bigint]];
      const start = -123_456_789n;
      const perLiquidity = 1n << 140n;
      const ends = [perLiquidity, perLiquidity + (window << 128n) / (pool.liquidity || 1n)];
      return coder.encode(["int56[]", "uint160[]"], [[start, start + pool.tick * window + pool.remainder], ends]);
    },
  };
  const bySelector = new Map(Object.entries(results).map(([name, fn]) => [selectorHash(name).slice(0, 10), fn]));
  const answer = ({ method, params }: { method: string; params: [{ to: string; data: string }] }) => {
    if (method === "eth_chainId") return `0x${pool.chainId.toString(16)}`;
    if (method === "eth_getBlockByNumber") return { number: "0x10", timestamp: `0x${pool.timestamp.toString(16)}` };
    return bySelector.get(params[0].data.slice(0, 10))?.(params[0].to, params[0].data);
  };
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const batch = JSON.parse(Buffer.concat(chunks).toString()) as { id: number; method: string; params: never }[];
      const replies = batch.map((call) => {
        const result = answer(call);
        const reverted = { code: 3, message: "execution reverted: OLD", data: "0x" };
        return { jsonrpc: "2.0", id: call.id, ...(result === undefined ? { error: reverted } : { result }) };
      });
      response.end(JSON.stringify(replies.reverse()));
    });
  };
}
