import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { parsePrices, type PriceRow } from "./csv.ts";

/** One FTNS costs this much at launch (USD, 8 decimals): the first close of the replay is scaled to it. */
export const LAUNCH_PRICE = 100_000_000n;
/** Below this the 8 decimals of a feed show too little of a price (USD, 8 decimals). */
const MIN_PRICE = 10_000n;
/** What the market turns over on a day of mean volume (USD, 8 decimals): the source's own volume is of another market. */
export const MEAN_DAILY_VOLUME = 2_000_000n * 10n ** 8n;

/** The S&P 500 on the eve of a fall of 12 % by 11 February 2016 and of a full recovery by April. */
const DEFAULT_FROM = "2015-12-16";
const DEFAULT_NAME = "S&P 500 (npm package vega-datasets)";

/** Daily prices of one FTNS, ready for the replay: `days + 1` closes, since each day runs from one close to the next. */
export interface Series {
  readonly source: string;
  readonly hasVolume: boolean;
  /** Dates of the source, one a close. */
  readonly dates: readonly string[];
  /** USD, 8 decimals, the first one LAUNCH_PRICE. */
  readonly closes: readonly bigint[];
  /** USD, 8 decimals, a day. */
  readonly volumes: readonly bigint[];
  readonly sourceLaunchClose: bigint;
}

export interface SeriesRequest {
  readonly prices?: string;
  readonly from?: string;
  readonly days: number;
}

function defaultFile(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(dirname(require.resolve("vega-datasets"))), "data", "sp500-2000.csv");
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new UserError(`I cannot read the prices in ${file} (${code}). Check the path and its permissions.`);
  }
}

/** Cuts `days + 1` closes out of the rows and scales them. */
export function selectSeries(rows: readonly PriceRow[], source: string, from: string, days: number): Series {
  const start = rows.findIndex((row) => row.date >= from);
  const last = rows.at(-1)!;
  const first = rows[0]!;
  if (from < first.date) {
    throw new UserError(
      `${source} begins on ${first.date}, after ${from}. Choose --from ${first.date} or later, or a longer file.`,
    );
  }
  if (start < 0) throw new UserError(`${source} ends on ${last.date}, before ${from}. Choose an earlier --from.`);
  const window = rows.slice(start, start + days + 1);
  if (window.length < days + 1) {
    throw new UserError(
      `${source} has ${window.length} closes from ${window[0]!.date} to ${last.date}; ${days} days need ${days + 1}. ` +
        `Choose ${window.length > 36 ? `--days ${window.length - 1} or fewer, or ` : ""}an earlier --from, or give a longer file.`,
    );
  }
  const launch = window[0]!.close;
  const closes = window.map((row) => (row.close * LAUNCH_PRICE) / launch);
  closes.forEach((close, i) => {
    if (close < MIN_PRICE) {
      throw new UserError(
        `${source}, line ${window[i]!.line}: the price fell below a ten-thousandth of its start. Choose another --from.`,
      );
    }
  });
  return {
    source,
    hasVolume: window.every((row) => row.volume !== undefined),
    dates: window.map((row) => row.date),
    closes,
    volumes: scaleVolumes(window),
    sourceLaunchClose: launch,
  };
}

/** Keeps the ups and downs of the source's volume around our market's mean; a flat line when it has none. */
function scaleVolumes(window: readonly PriceRow[]): bigint[] {
  const given = window.map((row) => row.volume ?? 0n);
  const sum = given.reduce((a, b) => a + b, 0n);
  if (sum === 0n || window.some((row) => row.volume === undefined)) return window.map(() => MEAN_DAILY_VOLUME);
  return given.map((volume) => (volume * MEAN_DAILY_VOLUME * BigInt(window.length)) / sum);
}

/** Loads, checks and scales the prices that the command line asks for. Starts nothing. */
export function loadSeries(request: SeriesRequest): Series {
  const rows = parsePrices(read(request.prices ?? defaultFile()), request.prices ?? DEFAULT_NAME);
  const from = request.from ?? (request.prices === undefined ? DEFAULT_FROM : rows[0]!.date);
  return selectSeries(rows, request.prices ?? DEFAULT_NAME, from, request.days);
}
