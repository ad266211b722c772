import { z } from "zod/v4";
import type { HttpClient } from "@ftns/service/http/client.ts";
import { Hourly } from "./hourly.ts";
import { decimal, positive, shaped } from "./shape.ts";
import type { MarketSource } from "./source.ts";

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

const candle = z.object(
  { timestamp: seconds("timestamp"), close: positive("close"), volume: decimal("volume") },
  "a candle must be an object",
);
const candlesShape = z.object(
  {
    data: z.object(
      {
        ohlc: z
          .array(candle, "ohlc must be a list")
          .min(7, "ohlc must have at least 7 hours")
          .max(1_000, "ohlc must have at most 1000 hours"),
      },
      "data must be an object",
    ),
  },
  "the candles must be an object",
);

const HOUR_SEC = 3_600n;
const WINDOW_HOURS = 6;
/** 30 days, and the hour that is not over yet. */
const CANDLES = 721;
const UNIT = 10n ** 8n;

/** Last trade and true 6-hour volumes of one market of Bitstamp, over its latest whole hours. */
export function bitstampSource(name: string, { url, pair }: BitstampSettings, client: HttpClient): MarketSource {
  const market = encodeURIComponent(pair);
  const candles = new Hourly(async () => {
    const answer = await client.json(`${url}/ohlc/${market}/?step=${HOUR_SEC}&limit=${CANDLES}`);
    return meanOf(shaped(name, candlesShape, answer).data.ohlc);
  });
  const latest = async () => {
    const answer = await client.json(`${url}/ohlc/${market}/?step=${HOUR_SEC}&limit=${WINDOW_HOURS + 1}`);
    return wholeHours(shaped(name, candlesShape, answer).data.ohlc).slice(-WINDOW_HOURS);
  };

  function wholeHours(all: z.output<typeof candle>[]) {
    const sorted = [...all].sort((a, b) => Number(a.timestamp - b.timestamp));
    if (sorted.some(({ timestamp }, index) => index > 0 && timestamp - sorted[index - 1]!.timestamp !== HOUR_SEC)) {
      throw client.fail("gave candles with hours missing");
    }
    return sorted.slice(0, -1);
  }

  function meanOf(all: z.output<typeof candle>[]): bigint {
    const hours = wholeHours(all);
    return (volumeOf(hours) * BigInt(WINDOW_HOURS)) / BigInt(hours.length);
  }

  return {
    name,
    async read() {
      const ticker = shaped(name, tickerShape, await client.json(`${url}/ticker/${market}/`));
      const meanVolume6h = await candles.get();
      return {
        price: ticker.last,
        volume6h: volumeOf(await latest()),
        meanVolume6h,
        observedAt: ticker.timestamp,
      };
    },
  };
}

/** USD with 8 decimals, at each hour's closing price. */
function volumeOf(hours: readonly z.output<typeof candle>[]): bigint {
  return hours.reduce((sum, { close, volume }) => sum + (close * volume) / UNIT, 0n);
}
