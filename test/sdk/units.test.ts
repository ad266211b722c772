import { expect } from "chai";
import {
  UnitError,
  dayOf,
  formatDay,
  formatDuration,
  formatFtns,
  formatPercent,
  formatTime,
  formatUsd,
  parseDay,
  parseDuration,
  parseFtns,
  parsePercent,
  parseTime,
  parseUsd,
  startOfDay,
} from "@ftns/sdk/units.ts";
import { forCases, fuzzCases } from "../helpers/random.ts";

describe("SDK: units", () => {
  it("comes back from text as it went in", async () => {
    await forCases(fuzzCases(500), (random) => {
      const amount = random.bigint(0n, 10n ** BigInt(random.int(1, 40)));
      expect(parseFtns(formatFtns(amount))).to.equal(amount);
      expect(parseUsd(formatUsd(amount))).to.equal(amount);
      expect(parsePercent(formatPercent(amount, 16))).to.equal(amount);
      const time = random.bigint(0n, 253_402_300_799n);
      expect(parseTime(formatTime(time))).to.equal(time);
      const day = random.bigint(0n, 2_900_000n);
      expect(parseDay(formatDay(day))).to.equal(day);
      const minutes = random.bigint(0n, 2_879n) * 60n;
      expect(parseDuration(formatDuration(minutes))).to.equal(minutes);
      const hours = random.bigint(48n, 100_000n) * 3_600n;
      expect(parseDuration(formatDuration(hours))).to.equal(hours);
    });
  });

  it("writes durations in the units that fit, up to each one's end", () => {
    const words: [bigint, string][] = [
      [59n, "59 s"],
      [60n, "1 min"],
      [3_599n, "59 min 59 s"],
      [3_600n, "1 h"],
      [172_799n, "47 h 59 min"],
      [172_800n, "2 days"],
      [176_400n, "2 days 1 h"],
      [-60n, "-1 min"],
    ];
    for (const [sec, text] of words) expect(formatDuration(sec)).to.equal(text);
  });

  it("writes amounts and rates as people do", () => {
    expect(formatFtns(12_500_000_000_000_000_000n)).to.equal("12.5 FTNS");
    expect(formatFtns(1n)).to.equal("0.000000000000000001 FTNS");
    expect(formatFtns(-1_234_567_890_000_000_000n, 2)).to.equal("-1.23 FTNS");
    expect(formatUsd(25_000_000n)).to.equal("0.25 USD");
    expect(formatPercent(15n * 10n ** 15n)).to.equal("1.5 %");
  });

  it("reads amounts and rates with their unit or without", () => {
    expect(parseFtns(" 12.5 ")).to.equal(parseFtns("12.5 FTNS")).and.to.equal(parseFtns("12.50FTNS"));
    expect(parsePercent("0.05 %")).to.equal(5n * 10n ** 14n);
    expect(parsePercent("100")).to.equal(10n ** 18n);
  });

  it("refuses what is no amount, and digits that would be lost", () => {
    for (const bad of ["", "1,5", "-1", "1e5", "FTNS", "1 USD"])
      expect(() => parseFtns(bad), bad).to.throw(UnitError, "12.5 FTNS");
    expect(() => parseUsd("0.123456789")).to.throw(UnitError, "more than 8 digits");
    expect(parseUsd("0.1234567800")).to.equal(12_345_678n);
  });

  it("starts a protocol day at 02:00 UTC", () => {
    const boundary = parseTime("2026-01-31T02:00:00Z");
    expect(formatDay(dayOf(boundary))).to.equal("2026-01-31");
    expect(formatDay(dayOf(boundary - 1n))).to.equal("2026-01-30");
    expect(startOfDay(parseDay("2026-01-31"))).to.equal(boundary);
    expect(dayOf(boundary)).to.equal((boundary - 7_200n) / 86_400n);
  });

  it("reads times and durations as it writes them", () => {
    expect(parseTime("2026-01-31")).to.equal(parseTime("2026-01-31T00:00:00Z"));
    expect(parseDuration("1 day 2 h")).to.equal(93_600n);
    expect(parseDuration("7 days")).to.equal(604_800n);
    for (const bad of ["", "2026-02-30", "2026-1-1", "yesterday", "2026-01-31T12:00:00"]) {
      expect(() => parseTime(bad), bad).to.throw(UnitError, "is no time");
    }
    for (const bad of ["", "5", "5 hours", "h", "5 h, 3 min"])
      expect(() => parseDuration(bad), bad).to.throw(UnitError, "is no duration");
  });

  it("leaves numbers that are no time of a calendar numbers", () => {
    expect(formatTime(2n ** 256n - 1n)).to.match(/^second \d{78}$/);
    expect(formatDay(2n ** 64n)).to.equal(`day ${2n ** 64n}`);
  });
});
