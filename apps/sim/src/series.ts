/** A real series of prices: the S&P 500 of the npm package vega-datasets, the same that the demo replays. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DAYS, REGIMES } from "./assumptions.ts";

let all: Float64Array | undefined;

/** Changes of the logarithm of the close, trading day after trading day, without weekends. */
function allReturns(): Float64Array {
  if (all !== undefined) return all;
  const require = createRequire(import.meta.url);
  const file = join(dirname(dirname(require.resolve("vega-datasets"))), "data", "sp500-2000.csv");
  const [head = "", ...rows] = readFileSync(file, "utf8").trim().split("\n");
  const column = head.trim().split(",").indexOf("close");
  const closes = rows.map((row) => Number(row.split(",")[column]));
  all = Float64Array.from(closes.slice(1), (close, i) => Math.log(close / closes[i]!));
  return all;
}

/** Window `index` of five years; with `sigma`, scaled so that its daily standard deviation is that. */
export function seriesReturns(index: number, sigma?: number): Float64Array {
  const returns = allReturns();
  const start = Math.floor((index * (returns.length - DAYS)) / (REGIMES.seriesWindows - 1));
  const window = returns.slice(start, start + DAYS);
  if (sigma === undefined) return window;
  const mean = window.reduce((sum, r) => sum + r, 0) / DAYS;
  const deviation = Math.sqrt(window.reduce((sum, r) => sum + (r - mean) ** 2, 0) / DAYS);
  return window.map((r) => (r * sigma) / deviation);
}
