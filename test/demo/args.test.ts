import { expect } from "chai";
import { DEFAULT_DAYS, DEFAULT_PORT, MAX_DAYS, MIN_DAYS, parseArgs } from "@ftns/demo/args.ts";
import { UserError } from "@ftns/demo/errors.ts";

const options = (...argv: string[]) => {
  const parsed = parseArgs(argv);
  if (parsed.kind !== "run") throw new Error("expected a run");
  return parsed.options;
};

describe("demo: command line", () => {
  describe("given something it does not understand", () => {
    const cases: [argv: string[], message: RegExp][] = [
      [["--nonsense"], /unknown option '--nonsense'/],
      [["prices.csv"], /prices\.csv|too many arguments/],
      [["--days"], /argument missing/],
      [["--days", String(MIN_DAYS - 1)], /whole number from 35 to 1000 \(the supply policy needs a window of 31 days/],
      [["--days", String(MAX_DAYS + 1)], /whole number from 35 to 1000/],
      [["--days", "many"], /whole number/],
      [["--days", "40.5"], /whole number/],
      [["--days", "-40"], /whole number/],
      [["--port", "0"], /whole number from 1 to 65535/],
      [["--port", "65536"], /whole number from 1 to 65535/],
      [["--from", "16.12.2015"], /date like 2015-12-16/],
      [["--from", "2015-02-30"], /date like 2015-12-16/],
      [["--prices"], /argument missing/],
    ];
    for (const [argv, message] of cases) {
      it(`refuses ${argv.join(" ")} and points to --help`, () => {
        expect(() => parseArgs(argv)).to.throw(UserError, message);
        expect(() => parseArgs(argv)).to.throw(UserError, /--help/);
      });
    }
  });

  it("has defaults for everything", () => {
    expect(options()).to.deep.equal({ days: DEFAULT_DAYS, port: DEFAULT_PORT, out: "out", exit: false, crash: true });
  });

  it("reads every option", () => {
    expect(
      options(
        "--prices",
        "p.csv",
        "--from",
        "2020-02-29",
        "--days",
        "35",
        "--port",
        "9000",
        "--out",
        "elsewhere",
        "--exit",
        "--no-crash",
      ),
    ).to.deep.equal({ prices: "p.csv", from: "2020-02-29", days: 35, port: 9000, out: "elsewhere", exit: true, crash: false });
  });

  it("shows help with every option and examples", () => {
    const parsed = parseArgs(["--help"]);
    expect(parsed.kind).to.equal("help");
    for (const option of [
      "--prices",
      "--from",
      "--days",
      "--port",
      "--out",
      "--exit",
      "--no-crash",
      "Examples:",
      `from ${MIN_DAYS} to`,
      String(MAX_DAYS),
    ]) {
      expect(parsed.kind === "help" && parsed.text.replace(/\s+/g, " ")).to.include(option);
    }
  });
});
