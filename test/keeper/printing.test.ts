import { expect } from "chai";
import { ServiceError, wordsOf } from "@ftns/service/errors.ts";
import { Secrets, showValue } from "@ftns/service/secrets.ts";
import { formatDecimal, formatDuration, formatPercent, formatTime, parseDecimal } from "@ftns/sdk/units.ts";

const KEY = `0x${"9c".repeat(32)}`;

describe("what the keeper prints", () => {
  describe("Secrets", () => {
    it("blanks out a key in any spelling", () => {
      const secrets = new Secrets();
      secrets.add(` ${KEY}\n`);
      expect(secrets.scrub(`${KEY} ${KEY.slice(2)} ${KEY.toUpperCase()}`)).to.equal("[secret] [secret] [secret]");
    });
    it("blanks out a password with special characters, also as JSON escapes it", () => {
      const secrets = new Secrets();
      secrets.add('a"b\\c.*');
      expect(secrets.scrub(`a"b\\c.* and ${JSON.stringify('a"b\\c.*')} and axbxcx`)).to.equal(
        '[secret] and "[secret]" and axbxcx',
      );
    });
    it("blanks out the longer of two secrets that share a beginning", () => {
      const secrets = new Secrets();
      secrets.add("secret");
      secrets.add("secretive");
      expect(secrets.scrub("secretive")).to.equal("[secret]");
    });
    it("leaves everything else alone", () => {
      expect(new Secrets().scrub("plain")).to.equal("plain");
    });
  });

  describe("showValue", () => {
    it("does not repeat what may be a key or hold one", () => {
      for (const value of [KEY, [KEY], { key: KEY.slice(2) }, "https://user:pass@host"]) {
        expect(showValue(value)).to.include("(not shown)").and.not.include("9c9c").and.not.include("pass");
      }
    });
    it("shows an address, nothing and numbers", () => {
      expect(showValue(`0x${"9c".repeat(20)}`)).to.equal(`"0x${"9c".repeat(20)}"`);
      expect(showValue(undefined)).to.equal("nothing");
      expect(showValue(5n)).to.equal("5");
    });
    it("shortens what is long", () => {
      expect(showValue("ab ".repeat(100))).to.have.length(80);
    });
  });

  describe("wordsOf", () => {
    it("is message and hint of our own errors, and one line of others", () => {
      expect(wordsOf(new ServiceError("It broke.", "Mend it."))).to.equal("It broke. Mend it.");
      expect(wordsOf(Object.assign(new Error("long\nstory"), { shortMessage: "short" }))).to.equal("short");
      expect(wordsOf(new Error("first\nsecond"))).to.equal("first");
      expect(wordsOf("text")).to.equal("text");
    });
  });

  describe("units", () => {
    it("reads plain decimals only", () => {
      for (const bad of ["", "-1", "1e5", "1,5", "0x10", "1.", ".5", " "]) expect(parseDecimal(bad, 8), bad).to.equal(undefined);
      for (const bad of [NaN, Infinity, -1]) expect(parseDecimal(bad, 8)).to.equal(undefined);
      expect(parseDecimal("12.5", 8)).to.equal(1_250_000_000n);
      expect(parseDecimal(1e-7, 8)).to.equal(10n);
    });
    it("prints amounts, ratios, durations and times", () => {
      expect(formatDecimal(1_234_500_000n, 8)).to.equal("12.345");
      expect(formatDecimal(-5n, 1)).to.equal("-0.5");
      expect(formatPercent(-125n * 10n ** 14n)).to.equal("-1.25 %");
      expect([0n, 60n, 61n, 3_600n, 9_000n, 200_000n, -61n].map(formatDuration)).to.deep.equal([
        ...["0 s", "1 min", "1 min 1 s", "1 h", "2 h 30 min", "2 days 7 h", "-1 min 1 s"],
      ]);
      expect(formatTime(1_700_000_000n)).to.equal("2023-11-14T22:13:20Z");
    });
  });
});
