// What a contributor would gain who knew `M` a week ahead and held back each proof for the best of the next seven days, by each rule.
// A proof may be seven days old. Prices are random walks that nobody's timing moves, five years each.
import { expect } from "chai";
import { launchPriceOf, type MarketWindow, multiplied, clampFactor, pathPolicy, roadmapPolicy, type Decision } from "@ftns/model";
import { fuzzCases, Random } from "../helpers/random.ts";

const WAD = 10n ** 18n;
const DAYS = 5 * 365;
const MOST_DAYS = 7;

/** Daily averages of a walk with `volatility` and `drift` a year, in logarithms. */
function walk(random: Random, volatility: number, drift: number): bigint[] {
  let log = 0;
  return Array.from({ length: DAYS }, () => {
    // The sum of twelve is as good as normal here.
    const normal = Array.from({ length: 12 }, () => random.int(0, 1_000_000) / 1_000_000).reduce((a, b) => a + b, -6);
    log += drift / 365 + (volatility / Math.sqrt(365)) * normal;
    return BigInt(Math.round(Math.exp(log) * 1e9)) * 10n ** 9n;
  });
}

/** `M` on each day from the first adjustment on. */
function multipliers(prices: readonly bigint[], rule: (window: MarketWindow) => Decision): number[] {
  const series: number[] = [];
  let multiplier = WAD;
  for (let day = 31; day < prices.length; day++) {
    const window: MarketWindow = {
      day: BigInt(20_000 + day),
      daysSinceLaunch: BigInt(day),
      multiplier,
      averageMonthBefore: prices[day - 31]!,
      dailyAverages: prices.slice(day - 8, day),
    };
    multiplier = multiplied(multiplier, clampFactor(rule(window).factor));
    series.push(Number(multiplier) / 1e18);
  }
  return series;
}

/** Mean gain of the best of today and the next seven days over today. */
function gainOf(series: readonly number[]): number {
  const gains = series.slice(0, -MOST_DAYS).map((now, day) => Math.max(...series.slice(day, day + MOST_DAYS + 1)) / now - 1);
  return gains.reduce((a, b) => a + b, 0) / gains.length;
}

describe("holding back proofs for seven days with perfect foresight", () => {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  for (const volatility of [0.4, 0.8]) {
    it(`P397: brings at most 4 % under PathPolicy at ${volatility * 100} % volatility a year, and several times that under RoadmapPolicy`, () => {
      const random = new Random();
      const [roadmap, path]: [number[], number[]] = [[], []];
      for (let i = 0; i < fuzzCases(6, 24); i++) {
        const prices = walk(random, volatility, [0.3, 0, -0.35][i % 3]!);
        roadmap.push(gainOf(multipliers(prices, roadmapPolicy)));
        const launchPrice = launchPriceOf(prices.slice(0, 30));
        path.push(gainOf(multipliers(prices, (window) => pathPolicy(window, launchPrice))));
      }
      const found = `roadmap ${mean(roadmap).toFixed(3)}, path ${mean(path).toFixed(3)}`;
      expect(mean(path), found).to.be.within(0.001, 0.04);
      expect(mean(roadmap), found).to.be.greaterThan(5 * mean(path));
    });
  }
});
