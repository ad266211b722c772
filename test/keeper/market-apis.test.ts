import { expect } from "chai";
import { bitstampSource } from "@ftns/keeper/market/bitstamp-source.ts";
import { coinCapSource } from "@ftns/keeper/market/coincap-source.ts";
import { coinGeckoSource } from "@ftns/keeper/market/coingecko-source.ts";
import { combineReadings } from "@ftns/keeper/market/combine.ts";
import { ratioAt, uniswapSource } from "@ftns/keeper/market/uniswap-source.ts";
import type { MarketSource, Reading } from "@ftns/keeper/market/source.ts";
import { readSource } from "@ftns/keeper/jobs/report-price/read.ts";
import { WAD } from "@ftns/sdk/units.ts";
import { expectNear } from "../helpers/near.ts";
import {
  DOLLAR,
  FTNS,
  type MarketServer,
  NOW,
  POOL,
  type Pool,
  bitstamp,
  clientWith,
  coinCap,
  coinGecko,
  failureOf,
  goodPool,
  poolNode,
  startMarketServer,
} from "./market-server.ts";

const UNIT = 10n ** 8n;
type Candles = ReturnType<typeof bitstamp.candles>["data"]["ohlc"];
const back = (candle: Candles[number], hours: number) => {
  candle.timestamp = String(Number(candle.timestamp) - hours * 3_600);
};

describe("market APIs", () => {
  let server: MarketServer;
  before(async () => {
    server = await startMarketServer();
  });
  beforeEach(() => server.seen.splice(0));
  after(() => server.close());

  /** Bodies that are no answer at all, whatever the API. */
  function refusesNonsense(read: () => Promise<unknown>): void {
    for (const body of ["", "[]", "null", '"text"', "{}", '{"error":"rate limited"}', '{"data":null}', "[[[]]]"]) {
      it(`refuses ${body || "an empty body"}`, async () => {
        server.answer = (_, response) => response.end(body);
        expect(await failureOf(read())).to.match(/gave (unusable data|no valid JSON)/);
      });
    }
  }

  describe("CoinGecko", () => {
    const open = (apiKey?: string) =>
      coinGeckoSource("exchange", { url: server.url, coin: "bitcoin", ...(apiKey && { apiKey }) }, clientWith());
    const serve = (price: object = coinGecko.price, chart: object = coinGecko.chart) =>
      server.serve({ "/simple/price": price, "/coins/bitcoin/market_chart": chart });
    const priceWith = (change: object) => ({ bitcoin: { ...coinGecko.price.bitcoin, ...change } });

    refusesNonsense(() => open().read());
    const faults: [string, object, string][] = [
      ["another coin", { ethereum: coinGecko.price.bitcoin }, "the coin must be an object"],
      ["a price in words", priceWith({ usd: "n/a" }), "usd must be a plain decimal number"],
      ["a price of null", priceWith({ usd: null }), "usd must be a decimal number"],
      ["a price of zero", priceWith({ usd: 0 }), "usd must be above zero"],
      ["no time", priceWith({ last_updated_at: undefined }), "last_updated_at must be a whole number"],
    ];
    for (const [name, price, words] of faults) {
      it(`refuses ${name}`, async () => {
        serve(price);
        expect(await failureOf(open().read())).to.include(words);
      });
    }
    const costly: [string, object, object, string][] = [
      ["a day's volume that is missing", priceWith({ usd_24h_vol: undefined }), coinGecko.chart, "usd_24h_vol must be a decimal"],
      ["a day's volume of null", priceWith({ usd_24h_vol: null }), coinGecko.chart, "usd_24h_vol must be a decimal number"],
      ["a negative volume", priceWith({ usd_24h_vol: -1 }), coinGecko.chart, "usd_24h_vol must be a plain decimal number"],
      ["a chart without volumes", coinGecko.price, { prices: [] }, "total_volumes must be a list"],
      [
        "a chart of nothing but null",
        coinGecko.price,
        {
          total_volumes: [
            [1, null],
            [2, null],
          ],
        },
        "must not be empty",
      ],
    ];
    for (const [name, price, chart, words] of costly) {
      it(`P254: loses the volumes and not the price to ${name}`, async () => {
        serve(price, chart);
        const { missing, ...seen } = await open().read();
        expect(seen).to.deep.equal({ price: 125_000_000n, observedAt: BigInt(NOW - 20) });
        expect(missing).to.include(words);
      });
    }
    it("P254: loses the volumes and not the price to a chart that cannot be had", async () => {
      server.serve({ "/simple/price": coinGecko.price });
      expect(await open().read())
        .to.include({ price: 125_000_000n })
        .and.not.have.property("volume6h");
    });
    it("P254: leaves days of null out of the mean", async () => {
      const [first, second] = coinGecko.chart.total_volumes;
      serve(coinGecko.price, { total_volumes: [first, [0, null], second] });
      expect((await open().read()).meanVolume6h).to.equal(12_500_003_125_000n);
    });
    it("gives price, volumes and the price's own time, and sends the key in its header only", async () => {
      serve();
      expect(await open("demo-8472").read()).to.deep.equal({
        price: 125_000_000n,
        volume6h: 10_000_012_500_000n,
        meanVolume6h: 12_500_003_125_000n,
        observedAt: BigInt(NOW - 20),
      });
      expect(server.seen[0]!.headers["x-cg-demo-api-key"]).to.equal("demo-8472");
      expect(server.seen[0]!.path).to.include("ids=bitcoin").and.not.include("8472");
    });
    it("asks for the month once an hour, for the price each time", async () => {
      serve();
      const source = open();
      await source.read();
      await source.read();
      expect(server.seen.map(({ path }) => path.split("?")[0])).to.deep.equal([
        "/simple/price",
        "/coins/bitcoin/market_chart",
        "/simple/price",
      ]);
    });
  });

  describe("CoinCap", () => {
    const open = (apiKey?: string) =>
      coinCapSource("exchange", { url: server.url, asset: "bitcoin", ...(apiKey && { apiKey }) }, clientWith());
    const serveWith = (change: object, rest: object = {}) =>
      server.serve({ "/assets/bitcoin": { ...coinCap, ...rest, data: { ...coinCap.data, ...change } } });

    refusesNonsense(() => open().read());
    it("refuses another asset", async () => {
      serveWith({ id: "bitcoin-cash" });
      expect(await failureOf(open().read())).to.include("answered for another asset");
    });
    it("refuses a price that is missing, null or zero", async () => {
      for (const priceUsd of [undefined, null, "0", "1e3", "NaN"]) {
        serveWith({ priceUsd });
        expect(await failureOf(open().read())).to.include("priceUsd must be");
      }
    });
    it("refuses a time in words", async () => {
      serveWith({}, { timestamp: "now" });
      expect(await failureOf(open().read())).to.include("timestamp must be a whole number");
    });
    it("gives the price, its digits cut off, and no volumes", async () => {
      serveWith({});
      expect(await open("cap-8472").read()).to.deep.equal({ price: 125_298_217n, observedAt: BigInt(NOW - 6) });
      expect(server.seen[0]!.headers.authorization).to.equal("Bearer cap-8472");
    });
  });

  describe("Bitstamp", () => {
    const open = () => bitstampSource("exchange", { url: server.url, pair: "btcusd" }, clientWith());
    const serve = (
      ticker: object = bitstamp.ticker,
      month: object = bitstamp.candles(721),
      latest: object = bitstamp.candles(7, "500"),
    ) =>
      server.serve({
        "/ticker/btcusd/": ticker,
        "/ohlc/btcusd/?step=3600&limit=721": month,
        "/ohlc/btcusd/?step=3600&limit=7": latest,
      });

    refusesNonsense(() => open().read());
    for (const [field, value] of [
      ["last", undefined],
      ["last", "0.00"],
      ["last", "-1"],
      ["timestamp", "yesterday"],
      ["timestamp", NOW],
    ] as const) {
      it(`refuses a ticker whose ${field} is ${value}`, async () => {
        serve({ ...bitstamp.ticker, [field]: value });
        expect(await failureOf(open().read())).to.include(`${field} must be`);
      });
    }
    it("P254: takes an hour without trades for a volume of zero, told of or left out", async () => {
      const month = bitstamp.candles(721);
      month.data.ohlc.splice(300, 1);
      const latest = bitstamp.candles(7, "500");
      Object.assign(latest.data.ohlc[2]!, { close: "0.00", volume: "0" });
      latest.data.ohlc.splice(4, 1);
      serve(bitstamp.ticker, month, latest);
      const seen = await open().read();
      expect(seen.volume6h).to.equal(4n * 500n * 125n * 10n ** 6n);
      expect(seen.meanVolume6h).to.equal((6n * 719n * 1_000n * 125n * 10n ** 6n) / 720n);
    });
    const costly: [string, (month: Candles, latest: Candles) => void, string][] = [
      ["too few candles", (month) => month.splice(0, 716), "fewer than 6"],
      ["too few candles of the latest hours", (_, latest) => latest.splice(0, 2), "fewer than 6"],
      ["no candles", (_, latest) => latest.splice(0), "no candles"],
      ["candles that lack the latest hours", (_, latest) => latest.forEach((one) => back(one, 3)), "without the latest hours"],
      ["a candle without a volume", (_, latest) => Object.assign(latest[3]!, { volume: undefined }), "volume must be"],
      ["a trade without a price", (_, latest) => Object.assign(latest[3]!, { close: null }), "close must be"],
      ["an hour told of twice", (month) => month.push(month[5]!), "not of different hours"],
    ];
    for (const [name, spoil, words] of costly) {
      it(`P254: loses the volumes and not the price to ${name}`, async () => {
        const [month, latest] = [bitstamp.candles(721), bitstamp.candles(7)];
        spoil(month.data.ohlc, latest.data.ohlc);
        serve(bitstamp.ticker, month, latest);
        const { missing, ...seen } = await open().read();
        expect(seen).to.deep.equal({ price: 125_000_000n, observedAt: BigInt(NOW - 30) });
        expect(missing).to.include(words);
      });
    }
    it("gives the last trade at its time, and volumes of whole hours in dollars", async () => {
      serve();
      expect(await open().read()).to.deep.equal({
        price: 125_000_000n,
        volume6h: 6n * 500n * 125n * 10n ** 6n,
        meanVolume6h: 6n * 1_000n * 125n * 10n ** 6n,
        observedAt: BigInt(NOW - 30),
      });
    });
    it("takes the candles in either order", async () => {
      const month = bitstamp.candles(721);
      month.data.ohlc.reverse();
      serve(bitstamp.ticker, month);
      expect((await open().read()).meanVolume6h).to.equal(7_500n * UNIT);
    });
  });

  describe("Uniswap v3 pool", () => {
    const settings = { chainId: 1, pool: POOL, token: FTNS, wrapped: false, windowSec: 600 };
    const open = (change: Partial<typeof settings> = {}) =>
      uniswapSource("exchange", { ...settings, ...change, rpcUrl: `${server.url}/rpc-key-8472` }, clientWith());
    const serve = (change: Partial<Pool> = {}) => {
      server.answer = poolNode({ ...goodPool, ...change });
    };

    refusesNonsense(() => open().read());
    const faults: [string, Partial<Pool>, Partial<typeof settings>, string][] = [
      ["another chain", { chainId: 5 }, {}, "does not serve chain 1"],
      ["a pool of other tokens", { token1: POOL }, {}, `pool without the token ${FTNS}`],
      ["a pool that does not remember so far back", { tick: undefined }, {}, "raise its cardinality or shorten windowSec"],
      ["a pool without liquidity", { liquidity: 0n }, {}, "had no liquidity in the last 600 s"],
      ["an impossible tick", { tick: 887_273n }, {}, "impossible tick"],
      ["a token of 77 decimals", { decimals: { [DOLLAR]: 77, [FTNS]: 18 } }, {}, "more than 36 decimals"],
      ["a wrapper that is worth nothing", { shareWorth: 0n }, { wrapped: true }, "worth nothing"],
      ["a price too small to write", { tick: 887_000n }, {}, "below the smallest unit"],
    ];
    for (const [name, pool, change, words] of faults) {
      it(`refuses ${name}, without the URL`, async () => {
        serve(pool);
        expect(await failureOf(open(change).read()))
          .to.include(words)
          .and.not.include("8472");
      });
    }
    it("gives the mean price of the window at the block's time, the token being token1", async () => {
      serve();
      const { price, observedAt } = await open().read();
      expectNear(Number(price!) / 1e8, 1e12 / 1.0001 ** 274_093, 1e-7);
      expect(observedAt).to.equal(BigInt(NOW - 12));
    });
    it("gives the same price when the token is token0", async () => {
      serve({ token0: FTNS, token1: DOLLAR, tick: -274_093n });
      const mirrored = (await open().read()).price!;
      serve();
      expect(mirrored - (await open().read()).price!).to.be.within(-1n, 1n);
    });
    it("rounds a mean tick down, as Uniswap does", async () => {
      // The ticks of the window sum up to -1, so their mean lies between -1 and 0.
      const decimals = { [FTNS]: 18, [DOLLAR]: 18 };
      serve({ token0: FTNS, token1: DOLLAR, decimals, tick: 0n, remainder: -1n });
      expect((await open().read()).price).to.equal(99_990_000n);
    });
    it("divides the price of wFTNS by the FTNS behind a share", async () => {
      serve({ shareWorth: WAD / 2n });
      const share = (await open().read()).price!;
      const own = (await open({ wrapped: true }).read()).price!;
      expect(own).to.be.within(2n * share, 2n * share + 1n);
    });
    it("knows every tick as closely as a double does", () => {
      for (const tick of [0n, 1n, -1n, 2n, 12_345n, -54_321n, 400_000n, -400_000n, 887_272n]) {
        const expected = 1.0001 ** Number(tick);
        expectNear(Number(ratioAt(tick)) / 2 ** 192 / expected, 1, 1e-9);
      }
    });
  });

  describe("all together", () => {
    const rules = { minSources: 3, maxSpread: WAD / 50n, maxObservationAgeSec: 300 };
    const counts: Reading = { source: "node", data: { txTotal: 100n, txFailed: 2n, sendersDay: 900n, observedAt: BigInt(NOW) } };

    /** All four APIs behind one server, each from its own path. */
    async function readAll(lies: { coinGecko?: object; coinCap?: object; bitstamp?: object; pool?: Partial<Pool> } = {}) {
      const node = poolNode({ ...goodPool, ...lies.pool });
      const routes: Record<string, unknown> = {
        "/g/simple/price": { bitcoin: { ...coinGecko.price.bitcoin, ...lies.coinGecko } },
        "/g/coins/": coinGecko.chart,
        "/c/assets/": { ...coinCap, data: { ...coinCap.data, ...lies.coinCap } },
        "/b/ticker/": { ...bitstamp.ticker, ...lies.bitstamp },
        "/b/ohlc/btcusd/?step=3600&limit=721": bitstamp.candles(721),
        "/b/ohlc/": bitstamp.candles(7),
      };
      server.serve(routes);
      const rest = server.answer;
      server.answer = (request, response) => (request.url === "/rpc" ? node(request, response) : rest(request, response));
      const sources: MarketSource[] = [
        coinGeckoSource("gecko", { url: `${server.url}/g`, coin: "bitcoin" }, clientWith()),
        coinCapSource("cap", { url: `${server.url}/c`, asset: "bitcoin" }, clientWith()),
        bitstampSource("stamp", { url: `${server.url}/b`, pair: "btcusd" }, clientWith()),
        uniswapSource(
          "pool",
          { rpcUrl: `${server.url}/rpc`, chainId: 1, pool: POOL, token: FTNS, wrapped: false, windowSec: 600 },
          clientWith(),
        ),
      ];
      return [...(await Promise.all(sources.map(readSource))), counts];
    }

    it("agree on one market, dated at the oldest", async () => {
      const combined = combineReadings(await readAll(), BigInt(NOW), rules);
      if ("failure" in combined) return expect.fail(combined.failure);
      expect(combined.leftOut).to.deep.equal([]);
      expect(combined.market.price).to.be.within(125_000_000n, 126_000_000n);
      expect(combined.market).to.include({ txTotal: 100n, txFailed: 2n, observedAt: BigInt(NOW - 30) });
      return undefined;
    });
    const lies: [string, Parameters<typeof readAll>[0], string][] = [
      ["CoinGecko", { coinGecko: { usd: 12.5, usd_24h_vol: 1 } }, "gecko"],
      ["CoinCap", { coinCap: { priceUsd: "0.125" } }, "cap"],
      ["Bitstamp", { bitstamp: { last: "12.5" } }, "stamp"],
      ["the pool", { pool: { tick: 251_068n } }, "pool"],
    ];
    for (const [name, lie, source] of lies) {
      it(`P95: one source that lies by 10x changes nothing: ${name}`, async () => {
        const combined = combineReadings(await readAll(lie), BigInt(NOW), rules);
        if ("failure" in combined) return expect.fail(combined.failure);
        expect(combined.leftOut).to.deep.equal([`${source}: too far from the median of the sources`]);
        expect(combined.market.price).to.be.within(125_000_000n, 126_000_000n);
        expect(combined.market.volume6h * 2n).to.be.greaterThan(combined.market.meanVolume6h);
        return undefined;
      });
    }
    it("leave out a stale one by its own timestamp", async () => {
      const readings = await readAll({
        coinGecko: { last_updated_at: NOW - 301 },
        bitstamp: { timestamp: `${NOW - 9_000}` },
      });
      const combined = combineReadings(readings, BigInt(NOW), rules);
      expect("failure" in combined && combined.failure).to.include("2 of 4 market sources are usable, 3 needed");
      expect("failure" in combined && combined.failure).to.include("gecko: observed 5 min 1 s ago");
    });
  });
});
