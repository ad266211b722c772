import { z } from "zod/v4";
import type { HttpClient } from "@ftns/service/http/client.ts";
import { Hourly } from "./hourly.ts";
import { decimal, positive, shaped } from "./shape.ts";
import { type MarketSource, unlessMissing } from "./source.ts";

export interface BitstampSettings {
  /** Such as https://www.bitstamp.net/api/v2. */
  url: string;
  /** Bitstamp's name of the market against the dollar, such as btcusd. */
  pair: string;
}

const seconds = (what: string) =>
  z
    .string(`${what} must be text`)
    .regex(/^\d{1,12}$/, { error: `${what} must be whole seconds`, abort: true })
    .transform(BigInt);

// Shapes as in Bitstamp's HTTP API reference (ticker and OHLC data), every number as text, volumes in coins:
// {"timestamp":"1643640186","open":"2211.00",...,"last":"2211.00","volume":"213.26801100","vwap":"2189.80",...} and
// {"data":{"pair":"BTC/USD","ohlc":[{"timestamp":"1643637600","open":...,"close":"2211.00","volume":"13.2"},...]}}
const tickerShape = z.object({ timestamp: seconds("timestamp"), last: positive("last") }, "the ticker must be an object");

// In an hour without trades there is no closing price, and none is needed.
const candle = z
  .object({ timestamp: seconds("timestamp"), close: z.unknown(), volume: decimal("volume") }, "a candle must be an object")
  .transform(({ timestamp, close, volume }, context) => {
    const price = volume === 0n ? undefined : positive("close").safeParse(close);
    if (price?.success === false) context.addIssue({ code: "custom", message: price.error.issues[0]!.message });
    return { timestamp, worth: price?.success ? (price.data * volume) / UNIT : 0n };
  });
type Candle = z.output<typeof candle>;

const candlesShape = z.object(
  {
    data: z.object(
      {
        ohlc: z.array(candle, "ohlc must be a list").max(1_000, "ohlc must have at most 1000 hours"),
      },
      "data must be an object",
    ),
  },
  "the candles must be an object",
);

const HOUR_SEC = 3_600n;
const WINDOW_HOURS = 6n;
/** 30 days, and the hour that is not over yet. */
const CANDLES = 721;
const UNIT = 10n ** 8n;

/**
 * Last trade and true 6-hour volumes of one market of Bitstamp, over its latest whole hours. An hour between two that it tells of
 * had no trade; hours that are missing at an end are not known, which costs the volumes and not the price.
 */
export function bitstampSource(name: string, { url, pair }: BitstampSettings, client: HttpClient): MarketSource {
  const market = encodeURIComponent(pair);
  const candlesOf = async (limit: number) =>
    shaped(name, candlesShape, await client.json(`${url}/ohlc/${market}/?step=${HOUR_SEC}&limit=${limit}`)).data.ohlc;

  /** From the first hour that is told of to the last one, which is not over yet, and the candles before that. */
  function wholeHours(all: readonly Candle[]): { from: bigint; to: bigint; within: Candle[] } {
    const times = all.map(({ timestamp }) => timestamp).sort((a, b) => Number(a - b));
    const [from, to] = [times[0], times.at(-1)];
    if (from === undefined || to === undefined) throw client.fail("gave no candles");
    if (new Set(times).size < times.length || times.some((time) => (time - from) % HOUR_SEC !== 0n)) {
      throw client.fail("gave candles that are not of different hours");
    }
    return { from, to, within: all.filter(({ timestamp }) => timestamp < to) };
  }

  const meanVolume = new Hourly(async () => {
    const { from, to, within } = wholeHours(await candlesOf(CANDLES));
    const hours = (to - from) / HOUR_SEC;
    if (hours < WINDOW_HOURS) throw client.fail(`gave candles of ${hours} hours, fewer than ${WINDOW_HOURS}`);
    return (worthOf(within) * WINDOW_HOURS) / hours;
  });
  const latestVolume = async (now: bigint) => {
    const { from, to, within } = wholeHours(await candlesOf(Number(WINDOW_HOURS) + 1));
    if (to + 2n * HOUR_SEC <= now) throw client.fail("gave candles without the latest hours");
    const since = to - WINDOW_HOURS * HOUR_SEC;
    if (from > since) throw client.fail(`gave candles of ${(to - from) / HOUR_SEC} hours, fewer than ${WINDOW_HOURS}`);
    return worthOf(within.filter(({ timestamp }) => timestamp >= since));
  };

  return {
    name,
    async read() {
      const ticker = shaped(name, tickerShape, await client.json(`${url}/ticker/${market}/`));
      const volumes = await unlessMissing(async () => ({
        meanVolume6h: await meanVolume.get(),
        volume6h: await latestVolume(ticker.timestamp),
      }));
      return { price: ticker.last, ...volumes, observedAt: ticker.timestamp };
    },
  };
}

const worthOf = (candles: readonly Candle[]) => candles.reduce((sum, { worth }) => sum + worth, 0n);
