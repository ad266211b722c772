import { z } from "zod/v4";
import { address, envReference, text, url, wholeNumber } from "@ftns/service/config/fields.ts";

const name = () => text("a short name for the logs").describe("Name of the source in the logs");

const maxAgeSec = () =>
  wholeNumber(1, 600, "seconds").optional().describe("Oldest data of this source that is used; the job's limit unless given");

/** How any server is asked. */
const manners = {
  timeoutMs: wholeNumber(100, 60_000, "milliseconds").default(5_000).describe("Give up on an answer after this"),
  retries: wholeNumber(0, 5, "retries").default(2).describe("Further tries after a failure that may pass"),
  minIntervalMs: wholeNumber(0, 60_000, "milliseconds").default(250).describe("Least time between two requests"),
  maxBytes: wholeNumber(1_000, 4_000_000, "bytes").default(500_000).describe("Longest answer that is read"),
  maxAgeSec: maxAgeSec(),
};

const apiKey = () => envReference.optional().describe("Variable that holds the API key");

/** A Chainlink feed in dollars. */
export const quote = z.strictObject(
  {
    feed: address().describe("The feed (AggregatorV3Interface), on the same chain"),
    maxAgeSec: wholeNumber(60, 172_800, "seconds")
      .default(3_900)
      .describe("Oldest answer that counts: the feed's heartbeat and a little more"),
  },
  { error: ({ code }) => (code === "unrecognized_keys" ? undefined : 'expected {"feed": "0x..."}') },
);

export const source = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("file").describe("Market data in a JSON file"),
      name: name(),
      path: text("the path of a JSON file, relative to this file").describe(
        "Path of the JSON file, relative to the configuration file",
      ),
      maxAgeSec: maxAgeSec(),
    }),
    z.strictObject({
      type: z.literal("http").describe("Market data at an HTTP endpoint that answers with the JSON that such a file holds"),
      name: name(),
      url: url().describe("The endpoint"),
      ...manners,
    }),
    z.strictObject({
      type: z.literal("coingecko").describe("Price and volumes from CoinGecko"),
      name: name(),
      coin: text("CoinGecko's id of the coin").describe("CoinGecko's id of the coin"),
      url: url().default("https://api.coingecko.com/api/v3").describe("Base of the API"),
      apiKey: apiKey(),
      ...manners,
    }),
    z.strictObject({
      type: z.literal("coincap").describe("Price from CoinCap"),
      name: name(),
      asset: text("CoinCap's id of the coin").describe("CoinCap's id of the coin"),
      url: url().default("https://rest.coincap.io/v3").describe("Base of the API"),
      apiKey: apiKey(),
      ...manners,
    }),
    z.strictObject({
      type: z.literal("bitstamp").describe("Price and volumes of a market of Bitstamp"),
      name: name(),
      pair: text("Bitstamp's name of a market in dollars, such as btcusd").describe("Bitstamp's name of the market in dollars"),
      url: url().default("https://www.bitstamp.net/api/v2").describe("Base of the API"),
      ...manners,
    }),
    z.strictObject({
      type: z.literal("uniswap-v3").describe("Time-weighted price of a Uniswap v3 pool against a dollar, or a token with a feed"),
      name: name(),
      pool: address().describe("The pool"),
      token: address().describe("FTNS or wFTNS, whichever the pool holds"),
      quote: quote.optional().describe("Where the pool's other token is no dollar: the Chainlink feed of its price in dollars"),
      wrapped: z
        .boolean("expected true or false")
        .default(false)
        .describe("Whether the token is wFTNS; then the price is that of the FTNS in a share"),
      windowSec: wholeNumber(60, 86_400, "seconds")
        .default(600)
        .describe("The price is the mean over so long before the latest block"),
      rpcUrl: url().optional().describe("JSON-RPC endpoint of the pool's chain; the first of chain.rpcUrls unless given"),
      chainId: wholeNumber(1, Number.MAX_SAFE_INTEGER, "a chain id")
        .optional()
        .describe("Id of the pool's chain; chain.chainId unless given"),
      ...manners,
    }),
  ],
  'expected "type" to be "file", "http", "coingecko", "coincap", "bitstamp" or "uniswap-v3"',
);

export type SourceConfig = z.output<typeof source>;
