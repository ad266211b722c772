import { Command, CommanderError, InvalidArgumentError } from "commander";
import { UserError } from "./errors.ts";
import { parseDate } from "./prices/csv.ts";

/** The adjustment compares two days that are 30 apart, so shorter runs would never show one. */
export const MIN_DAYS = 35;
export const MAX_DAYS = 1_000;
/** Long enough for every part of the story, the last step down of the lapsed contributor being the latest. */
export const DEFAULT_DAYS = 60;
export const DEFAULT_PORT = 8545;

export interface Options {
  /** CSV file with prices; without it the S&P 500 of the package vega-datasets. */
  readonly prices?: string;
  /** First date of the replay (YYYY-MM-DD). */
  readonly from?: string;
  readonly days: number;
  readonly port: number;
  /** Ends the program after the report. */
  readonly exit: boolean;
  /** The made-up crash after the replay. */
  readonly crash: boolean;
  /** Folder that the report is written to. */
  readonly out: string;
}

export type ParsedArgs = { readonly kind: "run"; readonly options: Options } | { readonly kind: "help"; readonly text: string };

function wholeNumber(min: number, max: number, why: string) {
  return (value: string): number => {
    const parsed = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(parsed >= min && parsed <= max))
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}${why}.`);
    return parsed;
  };
}

function isoDate(value: string): string {
  if (parseDate(value) === undefined) throw new InvalidArgumentError("It must be a date like 2015-12-16.");
  return value;
}

function command(print: (text: string) => void): Command {
  return new Command("npm start --")
    .description(
      "Lives through months of real market prices with an FTNS economy on a local chain: deploys every contract, lets a keeper " +
        "and a cast of personas act through signed transactions, and writes a report.",
    )
    .option("--prices <file.csv>", "prices to replay: columns date,close[,volume] (default: S&P 500, npm package vega-datasets)")
    .option("--from <date>", "first date of the replay (default: 2015-12-16, or the first row of --prices)", isoDate)
    .option(
      "--days <number>",
      `trading days to replay, as consecutive days, from ${MIN_DAYS} to ${MAX_DAYS}`,
      wholeNumber(MIN_DAYS, MAX_DAYS, " (the supply policy needs a window of 31 days before it may act)"),
      DEFAULT_DAYS,
    )
    .option("--port <number>", "port of the local chain on 127.0.0.1", wholeNumber(1, 65_535, ""), DEFAULT_PORT)
    .option("--out <folder>", "where report.html and report.json are written", "out")
    .option("--no-crash", "leave out the made-up crash, and the emergency vote, that follow the replay")
    .option("--exit", "end after the report instead of keeping the chain up", false)
    .addHelpText(
      "after",
      "\nExamples:\n  npm start\n  npm start -- --days 120 --from 2008-08-01 --exit\n  npm start -- --prices my-coin.csv --port 8546",
    )
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => {} });
}

/** Reads the command line. Throws a UserError that says what to change. */
export function parseArgs(argv: readonly string[]): ParsedArgs {
  let text = "";
  const parser = command((part) => {
    text += part;
  });
  try {
    parser.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "help", text };
    throw new UserError(`${error.message.replace(/^error: /, "")}\nSee npm start -- --help.`);
  }
  if (parser.args.length > 0)
    throw new UserError(`I do not know what to do with "${parser.args.join(" ")}".\nSee npm start -- --help.`);
  return { kind: "run", options: parser.opts<Options>() };
}
