import { Command, InvalidArgumentError, Option } from "commander";
import type { PlanName } from "./plan.ts";

/** A command of npm with its description; what it can't read ends the program with advice. */
export function commandLine(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .helpOption("-h, --help", "tells this")
    .showHelpAfterError(`See npm run ${name} -- --help.`)
    .configureHelp({ helpWidth: 110 });
}

export function wholeNumber(most: number) {
  return (value: string): number => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= 1 && number <= most)) throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
    return number;
  };
}

export interface Options {
  readonly plan: Exclude<PlanName, "quick">;
  readonly quick: boolean;
  readonly seeds?: number;
  readonly out: string;
}

const PLANS = ["report", "held-out", "training", "tune"] as const;

export function readOptions(argv: readonly string[]): Options {
  const plans =
    "report: seeds that nothing was chosen on; held-out: the same in other regimes; training: the seeds that rules are chosen on; " +
    "tune: what was tried at PathPolicy, on these";
  return commandLine(
    "simulate",
    "Lives through years of an FTNS economy under each policy, in assumed markets, and shows what came out.",
  )
    .addOption(new Option("--plan <name>", plans).choices(PLANS).default("report"))
    .option("--quick", "a sample in some seconds, to see that it works")
    .option("--seeds <number>", "seeds a regime (default: 100, of training 20)", wholeNumber(1_000))
    .option("--out <folder>", "where page and numbers go, and what is kept of a run that was stopped", "out")
    .parse([...argv], { from: "user" })
    .opts<Options>();
}
