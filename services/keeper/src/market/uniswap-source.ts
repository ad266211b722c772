import { Interface } from "ethers";
import { z } from "zod/v4";
import { type FeedRound, aggregatorAbi, roundFault } from "./chainlink.ts";
import type { HttpClient } from "@ftns/service/http/client.ts";
import { shaped } from "./shape.ts";
import type { MarketSource } from "./source.ts";

export interface UniswapSettings {
  rpcUrl: string;
  chainId: number;
  pool: string;
  /** The side of the pool that is priced; the other side must be a dollar, or have a feed. */
  token: string;
  /** Chainlink feed of the other side's price in dollars, and the oldest answer that counts. */
  quote?: { feed: string; maxAgeSec: number } | undefined;
  /** Whether `token` is wFTNS, whose price is that of the FTNS behind a share. */
  wrapped: boolean;
  /** The mean is taken over so long a time before the latest block. */
  windowSec: number;
}

// Uniswap v3 (docs.uniswap.org, IUniswapV3PoolDerivedState.observe): the mean of the ticks of a time is the difference of
// the cumulative ticks over its length, and 1.0001^tick the price of token0 in token1.
const abi = new Interface([
  "function token0() view returns (address)",
  "function token1() view returns (address)",
  "function decimals() view returns (uint8)",
  "function observe(uint32[] secondsAgos) view returns (int56[] tickCumulatives, uint160[] secondsPerLiquidityX128)",
  "function convertToAssets(uint256 shares) view returns (uint256)",
]);

const blockShape = z.object(
  {
    number: z.string().regex(/^0x[0-9a-f]{1,16}$/i, "number must be hex"),
    timestamp: z
      .string()
      .regex(/^0x[0-9a-f]{1,16}$/i, { error: "timestamp must be hex", abort: true })
      .transform(BigInt),
  },
  "the latest block must be an object",
);
const repliesShape = z.array(
  z.object({ id: z.number("id must be a number"), result: z.unknown(), error: z.unknown() }, "a reply must be an object"),
  "the replies must be a list",
);

const MAX_TICK = 887_272n;
const SHARE = 10n ** 18n;
const ONE = 1n << 192n;

/** A dollar is worth a dollar. */
const DOLLAR: FeedRound = { answer: 1n, updatedAt: 1n, decimals: 0n };

/**
 * Time-weighted price of a pool: nobody can move it much within one block. A pool knows no volumes. Its time is that of
 * the block that was read, also when a feed gives the dollar price of the pool's other side: such a price holds until the
 * feed's deviation or heartbeat moves it.
 */
export function uniswapSource(name: string, settings: UniswapSettings, client: HttpClient): MarketSource {
  const { rpcUrl, chainId, pool, token, quote, wrapped, windowSec } = settings;

  async function rpc(requests: [method: string, params: unknown[]][]): Promise<unknown[]> {
    const batch = requests.map(([method, params], id) => ({ jsonrpc: "2.0", id, method, params }));
    const replies = shaped(name, repliesShape, await client.json(rpcUrl, { body: JSON.stringify(batch) }));
    return batch.map(({ id, method }) => {
      const reply = replies.find((one) => one.id === id);
      if (!reply) throw client.fail(`gave unusable data: no reply to ${method}`);
      return reply.result;
    });
  }
  const call = (to: string, tag: string, fn: string, args: unknown[] = [], of = abi): [string, unknown[]] => [
    "eth_call",
    [{ to, data: of.encodeFunctionData(fn, args) }, tag],
  ];
  const decode = (fn: string, result: unknown, of = abi) => {
    try {
      return of.decodeFunctionResult(fn, result as string);
    } catch {
      const hint =
        fn === "observe" ? "; the pool may not remember that far back, raise its cardinality or shorten windowSec" : "";
      throw client.fail(`gave no answer to ${fn}()${hint}`);
    }
  };

  const roundOf = (decimals: unknown, round: unknown): FeedRound => {
    const { answer, updatedAt } = decode("latestRoundData", round, aggregatorAbi);
    return { answer, updatedAt, decimals: decode("decimals", decimals, aggregatorAbi)[0] };
  };

  return {
    name,
    async read() {
      const [id, latest] = await rpc([
        ["eth_chainId", []],
        ["eth_getBlockByNumber", ["latest", false]],
      ]);
      if (typeof id !== "string" || Number(id) !== chainId) throw client.fail(`does not serve chain ${chainId}`);
      const block = shaped(name, blockShape, latest);
      const [token0, token1, observed, ...others] = await rpc([
        call(pool, block.number, "token0"),
        call(pool, block.number, "token1"),
        call(pool, block.number, "observe", [[windowSec, 0]]),
        ...(wrapped ? [call(token, block.number, "convertToAssets", [SHARE])] : []),
        ...(quote ? [call(quote.feed, block.number, "decimals", [], aggregatorAbi)] : []),
        ...(quote ? [call(quote.feed, block.number, "latestRoundData", [], aggregatorAbi)] : []),
      ]);
      const [feedDecimals, feedRound] = others.slice(wrapped ? 1 : 0);
      const sides = [decode("token0", token0)[0], decode("token1", token1)[0]] as [string, string];
      const side = sides.findIndex((address) => address.toLowerCase() === token.toLowerCase());
      if (side < 0) throw client.fail(`has a pool without the token ${token}`);
      const decimals = (await rpc(sides.map((address) => call(address, block.number, "decimals")))).map(
        (result) => decode("decimals", result)[0] as bigint,
      );
      if (decimals.some((digits) => digits > 36n)) throw client.fail("has a token of more than 36 decimals");

      const [ticks, perLiquidity] = decode("observe", observed) as unknown as [bigint[], bigint[]];
      if (ticks.length !== 2 || perLiquidity.length !== 2) throw client.fail("gave no answer to observe()");
      const window = BigInt(windowSec);
      // Harmonic mean, as Uniswap's OracleLibrary has it: at most this when the pool was empty for a second or more.
      if ((window << 128n) / positiveOr1(perLiquidity[1]! - perLiquidity[0]!) <= window) {
        throw client.fail(`had no liquidity in the last ${windowSec} s`);
      }
      const tick = floorDiv(ticks[1]! - ticks[0]!, window);
      if (tick > MAX_TICK || tick < -MAX_TICK) throw client.fail(`gave the impossible tick ${tick}`);

      const ratio = ratioAt(side === 0 ? tick : -tick);
      const [own, other] = side === 0 ? [decimals[0]!, decimals[1]!] : [decimals[1]!, decimals[0]!];
      const share = wrapped ? (decode("convertToAssets", others[0])[0] as bigint) : SHARE;
      if (share === 0n) throw client.fail("has a wrapper whose shares are worth nothing");
      const dollars = quote ? roundOf(feedDecimals, feedRound) : DOLLAR;
      const fault = quote && roundFault(dollars, block.timestamp, quote.maxAgeSec);
      if (fault !== undefined) throw client.fail(`cannot use the feed ${quote!.feed}: ${fault}`);
      const price = (ratio * 10n ** (own + 8n) * SHARE * dollars.answer) / (10n ** (other + dollars.decimals) * share * ONE);
      if (price === 0n) throw client.fail("gave a price below the smallest unit");
      return { price, observedAt: block.timestamp };
    },
  };
}

/** 1.0001^tick with 192 binary digits behind the point, by repeated squaring. */
export function ratioAt(tick: bigint): bigint {
  let ratio = ONE;
  let square = (ONE * 10_001n) / 10_000n;
  for (let rest = tick < 0n ? -tick : tick; rest > 0n; rest >>= 1n) {
    if (rest & 1n) ratio = (ratio * square) / ONE;
    square = (square * square) / ONE;
  }
  return tick < 0n ? (ONE * ONE) / ratio : ratio;
}

/** Rounded towards minus infinity, as Uniswap rounds mean ticks. */
function floorDiv(a: bigint, b: bigint): bigint {
  return a < 0n && a % b !== 0n ? a / b - 1n : a / b;
}

const positiveOr1 = (value: bigint) => (value > 0n ? value : 1n);
