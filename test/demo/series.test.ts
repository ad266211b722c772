import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { UserError } from "@ftns/demo/errors.ts";
import { parsePrices } from "@ftns/demo/prices/csv.ts";
import { Market } from "@ftns/demo/prices/market.ts";
import { LAUNCH_PRICE, loadSeries, MEAN_DAILY_VOLUME, selectSeries, type Series } from "@ftns/demo/prices/series.ts";
import { expectNear } from "../helpers/near.ts";

const DAY_MS = 86_400_000;
const DAY_SEC = 86_400;

/** Daily prices from 2020-01-01 on. */
function csv(closes: readonly (number | string)[], volumes?: readonly number[]): string {
  const lines = closes.map((close, i) => {
    const date = new Date(Date.UTC(2020, 0, 1) + i * DAY_MS).toISOString().slice(0, 10);
    return `${date},${close}${volumes === undefined ? "" : `,${volumes[i]}`}`;
  });
  return [`date,close${volumes === undefined ? "" : ",volume"}`, ...lines].join("\n");
}
const series = (text: string, from: string, days: number): Series =>
  selectSeries(parsePrices(text, "p.csv"), "p.csv", from, days);

describe("demo: price series", () => {
  describe("selectSeries", () => {
    it("refuses a start before the beginning of the file, and says when that is", () => {
      expect(() => series(csv([1, 2, 3]), "2019-12-31", 2)).to.throw(
        UserError,
        /p\.csv begins on 2020-01-01, after 2019-12-31\. Choose --from 2020-01-01 or later/,
      );
      expect(series(csv([1, 2, 3]), "2020-01-01", 2).dates[0]).to.equal("2020-01-01");
    });
    it("refuses a start after the end of the file", () => {
      expect(() => series(csv([1, 2, 3]), "2021-01-01", 2)).to.throw(UserError, /ends on 2020-01-03, before 2021-01-01/);
    });
    it("refuses more days than the file has, and says how many it has", () => {
      const text = csv(Array.from({ length: 50 }, () => 5));
      expect(() => series(text, "2020-01-01", 50)).to.throw(
        UserError,
        /has 50 closes .* 50 days need 51\. Choose --days 49 or fewer/,
      );
      expect(series(text, "2020-01-01", 49).closes).to.have.length(50);
    });
    it("refuses a price that all but vanishes", () => {
      const closes = Array.from({ length: 30 }, (_, i) => (1000 / 3 ** i).toFixed(8)).map((x) =>
        Number(x) === 0 ? "0.00000001" : x,
      );
      expect(() => series(csv(closes.slice(0, 12)), "2020-01-01", 11)).to.throw(
        UserError,
        /p\.csv, line \d+: the price fell below/,
      );
    });
    it("scales the first close to the launch price and the others with it", () => {
      const { closes, sourceLaunchClose } = series(csv([50, 80, 25, 100]), "2020-01-03", 1);
      expect(closes).to.deep.equal([LAUNCH_PRICE, 4n * LAUNCH_PRICE]);
      expect(sourceLaunchClose).to.equal(25n * 10n ** 8n);
    });
    it("starts on the first day at or after --from", () => {
      const text = "date,close\n2020-01-03,10\n2020-01-06,20\n2020-01-07,30";
      expect(series(text, "2020-01-04", 1).dates).to.deep.equal(["2020-01-06", "2020-01-07"]);
    });
    it("scales given volumes to the market's mean and makes up a flat one otherwise", () => {
      const given = series(csv([1, 1], [100, 300]), "2020-01-01", 1);
      expect(given.hasVolume).to.equal(true);
      expect(given.volumes).to.deep.equal([MEAN_DAILY_VOLUME / 2n, (MEAN_DAILY_VOLUME * 3n) / 2n]);
      const none = series(csv([1, 1]), "2020-01-01", 1);
      expect(none.hasVolume).to.equal(false);
      expect(none.volumes).to.deep.equal([MEAN_DAILY_VOLUME, MEAN_DAILY_VOLUME]);
    });
  });

  describe("loadSeries", () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "ftns-prices-"));
    });
    after(() => {
      rmSync(folder, { recursive: true });
    });
    it("refuses a file that is not there", () => {
      expect(() => loadSeries({ prices: join(folder, "none.csv"), days: 2 })).to.throw(
        UserError,
        /cannot read .*none\.csv \(ENOENT\)/,
      );
    });
    it("refuses a folder", () => {
      expect(() => loadSeries({ prices: folder, days: 2 })).to.throw(UserError, /cannot read/);
    });
    it("reads a file from its first row on", () => {
      const file = join(folder, "own.csv");
      writeFileSync(file, csv([2, 4, 8]));
      expect(loadSeries({ prices: file, days: 2 }).closes).to.deep.equal([1n, 2n, 4n].map((n) => n * LAUNCH_PRICE));
    });
    it("comes with 120 real days: the S&P 500 falls by an eighth and recovers", () => {
      const { dates, closes, hasVolume } = loadSeries({ days: 120 });
      expect(hasVolume).to.equal(true);
      expect(dates[0]).to.equal("2015-12-16");
      expect(closes).to.have.length(121);
      const low = closes.reduce((a, b) => (a < b ? a : b));
      expect(dates[closes.indexOf(low)]).to.equal("2016-02-11");
      expectNear(Number(low), 0.882e8, 0.001e8);
      expect(closes.at(-1)! > LAUNCH_PRICE).to.equal(true);
    });
  });

  describe("market", () => {
    const START = 1_000_000;
    const market = (text: string) => new Market(series(text, "2020-01-01", 2), START);
    it("stands at each close at the day's start and runs straight in between", () => {
      const m = market(csv([10, 20, 15]));
      expect([0, 0.5, 1, 1.5, 2, 9].map((d) => m.priceAt(START + d * DAY_SEC))).to.deep.equal(
        [1, 1.5, 2, 1.75, 1.5, 1.5].map((p) => BigInt(p * 1e8)),
      );
    });
    it("is flat before the start", () => {
      expect(market(csv([10, 20, 15])).priceAt(START - 5)).to.equal(LAUNCH_PRICE);
    });
    it("crashes when told to, and not a second before", () => {
      const m = market(csv([10, 20, 15]));
      m.crash(START + DAY_SEC, 44_000_000n);
      expect([0, DAY_SEC, 9 * DAY_SEC].map((t) => m.priceAt(START + t))).to.deep.equal([LAUNCH_PRICE, 44_000_000n, 44_000_000n]);
      expect(m.priceAt(START + DAY_SEC / 2)).to.equal((LAUNCH_PRICE * 3n) / 2n);
    });
    it("gives a quarter of the day's volume for 6 hours, beside the mean of the days so far", () => {
      const { volume6h, meanVolume6h } = market(csv([1, 1, 1], [100, 300, 200])).viewAt(START + DAY_SEC);
      expect(volume6h).to.equal((MEAN_DAILY_VOLUME * 3n) / 2n / 4n);
      expect(meanVolume6h).to.equal(MEAN_DAILY_VOLUME / 4n);
    });
  });
});
