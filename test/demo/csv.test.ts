import { expect } from "chai";
import { MAX_GAP_DAYS, parseAmount, parseDate, parsePrices } from "@ftns/demo/prices/csv.ts";
import { UserError } from "@ftns/demo/errors.ts";

const read = (text: string) => parsePrices(text, "prices.csv");

/** A file of two good lines with `line` between them, as line 3. */
const withLine3 = (line: string) => `date,close\n2020-01-01,10\n${line}\n2020-01-03,12\n`;

describe("demo: price files", () => {
  describe("given a file that cannot be used", () => {
    const cases: [title: string, text: string, message: RegExp][] = [
      ["is empty", "", /there are no prices/],
      [
        "has two columns of prices",
        "date,close,Close \n2020-01-01,10,11\n",
        /line 1: 2 columns are called "close"\. Rename or delete/,
      ],
      ["has two columns of dates", "date,Date,close\n2020-01-01,2020-01-02,1\n", /line 1: 2 columns are called "date"/],
      ["has text behind a date", withLine3("2020-01-02 or so,11"), /line 3: "2020-01-02 or so" is no date/],
      ["has digits behind a date", withLine3("2020-01-021,11"), /line 3: "2020-01-021" is no date/],
      ["has half a time behind a date", withLine3("2020-01-02T1,11"), /line 3: "2020-01-02T1" is no date/],
      ["has a header only", "date,close\n", /there are no prices/],
      ["has no close column", "date,price\n2020-01-01,10\n", /line 1: no column "close" \(found: date, price\)/],
      ["has no date column", "day,close\n2020-01-01,10\n", /line 1: no column "date"/],
      ["has a line with too few fields", "date,close\n2020-01-01,10\n2020-01-02\n", /line 3: .*fields/],
      ["has an open quote", 'date,close\n2020-01-01,"10\n', /line \d: .*[Qq]uote/],
      ["has a date in another form", withLine3("02.01.2020,11"), /line 3: "02\.01\.2020" is no date/],
      ["has a date that does not exist", withLine3("2020-02-30,11"), /line 3: "2020-02-30" is no date/],
      ["has an empty close", withLine3("2020-01-02,"), /line 3: the close of 2020-01-02 is missing/],
      ["has a dot for a close", withLine3("2020-01-02,."), /line 3: the close of 2020-01-02 is missing/],
      ["has a close in words", withLine3("2020-01-02,eleven"), /line 3: "eleven" is no price/],
      ["has thousands separators", withLine3('2020-01-02,"1,100"'), /line 3: "1,100" is no price/],
      ["has a negative close", withLine3("2020-01-02,-11"), /line 3: the close of 2020-01-02 is negative/],
      ["has a zero close", withLine3("2020-01-02,0.000000001"), /line 3: the close of 2020-01-02 is zero/],
      ["repeats a date", withLine3("2020-01-01,11"), /line 3: 2020-01-01 appears twice/],
      ["is not in order", withLine3("2019-12-30,11"), /line 3: 2019-12-30 comes after 2020-01-01\. Sort/],
      [
        "has a gap",
        "date,close\n2020-01-01,10\n2020-01-12,11\n",
        /line 3: nothing between 2020-01-01 and 2020-01-12, a gap of 11 days/,
      ],
      ["jumps up by more than 4x", withLine3("2020-01-02,40.1"), /line 3: the close jumps by more than 4x/],
      ["jumps down by more than 4x", withLine3("2020-01-02,2.4"), /line 3: the close jumps by more than 4x/],
      ["has a volume that is no number", "date,close,volume\n2020-01-01,10,lots\n", /line 2: "lots" is no volume/],
    ];
    for (const [title, text, message] of cases) {
      it(`refuses one that ${title}`, () => {
        expect(() => read(text)).to.throw(UserError, message);
      });
    }

    it("names the right line when blank lines come before", () => {
      expect(() => read("date,close\n\n2020-01-01,10\n\n2020-01-02,-1\n")).to.throw(UserError, /line 5: /);
    });
  });

  describe("given a good file", () => {
    it("reads names in any case and order, and ignores other columns", () => {
      const rows = read("Open, Volume ,CLOSE,Date\n1,500,10.5,2020-01-01\n2,600,11,2020-01-02\n");
      expect(rows).to.deep.equal([
        { date: "2020-01-01", close: 1_050_000_000n, volume: 50_000_000_000n, line: 2 },
        { date: "2020-01-02", close: 1_100_000_000n, volume: 60_000_000_000n, line: 3 },
      ]);
    });

    it("leaves the volume open when there is none", () => {
      expect(read("date,close\n2020-01-01,1\n")[0]!.volume).to.equal(undefined);
    });

    it("reads a byte order mark, Windows line ends, and dates with a time", () => {
      const times = ["2020-01-01T00:00:00Z", "2020-01-02 16:00", "2020-01-03T16:00:00.000-05:00", "2020-01-04 00:00:00 UTC"];
      const rows = read(`\ufeffdate,close\r\n${times.map((time) => `${time},1\r\n`).join("")}`);
      expect(rows.map((row) => row.date)).to.deep.equal(times.map((time) => time.slice(0, 10)));
    });

    it("takes weekends, holidays, and a gap of just the longest length", () => {
      expect(MAX_GAP_DAYS).to.equal(10);
      expect(read("date,close\n2020-01-03,1\n2020-01-06,1\n2020-01-16,1\n")).to.have.length(3);
    });
  });

  describe("parseAmount", () => {
    it("keeps 8 decimals and cuts the rest", () => {
      expect(parseAmount("1469.250000")).to.equal(146_925_000_000n);
      expect(parseAmount("0.123456789")).to.equal(12_345_678n);
      expect(parseAmount("7.")).to.equal(700_000_000n);
    });
    it("knows nothing else", () => {
      for (const text of ["", ".5", "1e5", "+1", "-1", " 1", "1_000", "0x10", "9".repeat(16)])
        expect(parseAmount(text)).to.equal(undefined);
    });
  });

  describe("parseDate", () => {
    it("knows the calendar", () => {
      expect(parseDate("2020-02-29")).to.equal(Date.UTC(2020, 1, 29));
      for (const text of ["2021-02-29", "2020-13-01", "2020-1-1", "today", "2020-01-01x"])
        expect(parseDate(text)).to.equal(undefined);
    });
  });
});
