// Pools against a token that is no dollar: its price comes from a Chainlink feed, read at the pool's block.
import { expect } from "chai";
import type { ChainlinkFeed, TickPool } from "../../typechain-types/index.ts";
import { network } from "hardhat";
import { parseConfig } from "@ftns/keeper";
import { uniswapSource } from "@ftns/keeper/market/uniswap-source.ts";
import { configFor } from "./chain.ts";
import { clockOf } from "../helpers/time.ts";
import { expectNear } from "../helpers/near.ts";
import { bridgeTo, type Bridge } from "./bridge.ts";
import {
  DOLLAR,
  FEED,
  FTNS,
  type MarketServer,
  NOW,
  POOL,
  type Pool,
  clientWith,
  failureOf,
  goodPool,
  poolNode,
  startMarketServer,
} from "./market-server.ts";

const quote = { feed: FEED, maxAgeSec: 3_900 };
/** 0.0005 of a token of 18 decimals for one FTNS, which is token1. */
const ETHER = { ...goodPool.decimals, [DOLLAR]: 18 };
const TICK = 76_013n;

describe("a pool against a token with a feed", () => {
  describe("on a node that replays real answers", () => {
    let server: MarketServer;
    before(async () => {
      server = await startMarketServer();
    });
    after(() => server.close());
    const settings = { chainId: 1, pool: POOL, token: FTNS, wrapped: false, windowSec: 600, quote };
    const read = (pool: Partial<Pool> = {}, change: object = {}) => {
      server.answer = poolNode({ ...goodPool, decimals: ETHER, tick: TICK, ...pool });
      return uniswapSource("exchange", { ...settings, ...change, rpcUrl: server.url }, clientWith()).read();
    };
    const round = (change: Partial<NonNullable<Pool["round"]>>) => ({ round: { ...goodPool.round!, ...change } });

    const faults: [string, Partial<Pool>, string][] = [
      ["no feed at the address", { round: undefined }, "gave no answer to latestRoundData()"],
      ["a round that is not complete", round({ updatedAt: 0 }), "its round is not complete"],
      ["an answer of zero", round({ answer: 0n }), "it answers 0, which is no price"],
      ["a negative answer", round({ answer: -1n }), "it answers -1, which is no price"],
      ["an answer a second too old", round({ updatedAt: NOW - 12 - 3_901 }), "1 h 5 min old, and at most 1 h 5 min"],
      ["an answer from the future", round({ updatedAt: NOW - 11 }), "after the latest block"],
      ["a feed of 77 decimals", { decimals: { ...ETHER, [FEED]: 77 } }, "more than 36 decimals"],
    ];
    for (const [name, pool, words] of faults) {
      it(`P152: refuses ${name}`, async () => {
        expect(await failureOf(read(pool))).to.include(words);
      });
    }
    it("P152: multiplies the pool's mean price by the feed's, also at the feed's greatest age", async () => {
      for (const updatedAt of [NOW - 12, NOW - 12 - 3_900]) {
        const { price, observedAt } = await read(round({ updatedAt }));
        expectNear(Number(price!) / 1e8, 2_500 / 1.0001 ** Number(TICK), 1e-6);
        expect(observedAt).to.equal(BigInt(NOW - 12));
      }
    });
    it("takes a feed of any number of decimals, and wFTNS", async () => {
      const { price } = await read();
      const fine = { decimals: { ...ETHER, [FEED]: 18 }, ...round({ answer: 2_500n * 10n ** 18n }) };
      expect((await read(fine)).price).to.equal(price);
      const wrapped = await read({ shareWorth: 10n ** 18n / 2n }, { wrapped: true });
      expect(wrapped.price! - 2n * price!).to.be.within(0n, 1n);
    });
    it("asks for the pool and the feed as of the same block", async () => {
      const asked: { method: string; params: [{ to?: string }, string] }[] = [];
      const node = poolNode({ ...goodPool, decimals: ETHER, tick: TICK });
      server.answer = (request, response) => {
        request.on("data", (chunk: Buffer) => asked.push(...JSON.parse(chunk.toString())));
        node(request, response);
      };
      await uniswapSource("exchange", { ...settings, rpcUrl: server.url }, clientWith()).read();
      const calls = asked.filter(({ method }) => method === "eth_call");
      expect(calls.map(({ params }) => params[0].to)).to.include.members([POOL, FEED]);
      expect(new Set(calls.map(({ params }) => params[1]))).to.deep.equal(new Set(["0x10"]));
    });
  });

  describe("on a real chain", () => {
    let bridge: Bridge;
    let pool: TickPool;
    let feed: ChainlinkFeed;
    let clock: ReturnType<typeof clockOf>;
    let token: string;
    before(async () => {
      const connection = await network.create();
      const { ethers } = connection;
      clock = clockOf(connection);
      bridge = await bridgeTo(connection);
      // Two tokens of 18 decimals; Uniswap orders them by address.
      const coins = await Promise.all([0, 1].map(() => ethers.deployContract("PlainERC20", [POOL, 1n])));
      const [low, high] = (await Promise.all(coins.map((coin) => coin.getAddress()))).sort((a, b) =>
        BigInt(a) < BigInt(b) ? -1 : 1,
      ) as [string, string];
      token = high;
      pool = await ethers.deployContract("TickPool", [low, high, TICK, 10n ** 18n]);
      feed = await ethers.deployContract("ChainlinkFeed", [8, 2_500n * 10n ** 8n]);
      await clock.pass(1_200n);
    });
    after(() => bridge.close());
    const read = async () => {
      const settings = { chainId: 31_337, token, wrapped: false, windowSec: 600, rpcUrl: bridge.url };
      const addresses = { pool: await pool.getAddress(), quote: { feed: await feed.getAddress(), maxAgeSec: 3_600 } };
      return uniswapSource("exchange", { ...settings, ...addresses }, clientWith()).read();
    };

    it("P152: follows the pool's mean tick and the feed's latest answer", async () => {
      const first = await read();
      expectNear(Number(first.price!) / 1e8, 2_500 / 1.0001 ** Number(TICK), 1e-6);
      expect(first.observedAt).to.equal(await clock.now());
      await feed.updateAnswer(5_000n * 10n ** 8n);
      expect((await read()).price! - 2n * first.price!).to.be.within(0n, 1n);
      await pool.move(TICK - 1_000n, 10n ** 18n);
      await clock.pass(300n);
      // Half the window at the old tick, half at the new one.
      expectNear(Number((await read()).price!) / 1e8, 5_000 / 1.0001 ** (Number(TICK) - 500), 1e-3);
    });
    it("P152: gives nothing once the feed stands still", async () => {
      await clock.pass(3_600n);
      expect(await failureOf(read())).to.include("at most 1 h are allowed");
    });
  });

  describe("in the configuration", () => {
    const parse = (quoted: object) => {
      const pool = { type: "uniswap-v3" as const, name: "pool", pool: POOL, token: FTNS, quote: quoted as never };
      const jobs = { "report-price": { reporters: [{ env: "R" }], sources: [pool] } };
      const addresses = { feed: POOL, history: POOL, controller: POOL };
      return parseConfig({ ...configFor({ url: "http://127.0.0.1:1", addresses }), jobs });
    };
    it("takes a feed with a sensible greatest age, and refuses anything else", () => {
      expect(parse({ feed: FEED }).jobs["report-price"]!.sources[0]).to.deep.include({ quote });
      expect(() => parse({ feed: "0x1" })).to.throw("expected a contract address");
      expect(() => parse({ feed: FEED, maxAge: 7 })).to.throw("maxAge");
    });
  });
});
