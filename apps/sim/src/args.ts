import { Command, InvalidArgumentError, Option } from "commander";
import type { PlanName } from "./plan.ts";

export interface Options {
  readonly plan: Exclude<PlanName, "quick">;
  readonly quick: boolean;
  readonly seeds?: number;
  readonly out: string;
}

const wholeNumber = (value: string): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1 || number > 1_000) throw new InvalidArgumentError("It must be 1 to 1000.");
  return number;
};

/** The command line; ends the program with advice where it can't be read. */
export function readOptions(argv: readonly string[]): Options {
  const command = new Command("npm run simulate --")
    .description("Lives through years of an FTNS economy under each policy, in assumed markets, and writes what came out.")
    .helpOption("-h, --help", "tells this")
    .addOption(
      new Option(
        "--plan <name>",
        "training: the seeds that rules are chosen on; tune: what was tried at PathPolicy, on these; report: other seeds; held-out: other regimes",
      )
        .choices(["training", "tune", "report", "held-out"])
        .default("report"),
    )
    .option("--quick", "a sample in some seconds, to see that it works", false)
    .option("--seeds <number>", "seeds a regime (default: 100, of training 20)", wholeNumber)
    .option("--out <folder>", "where simulation.html, simulation.json and what is kept of a stopped run go", "out")
    .showHelpAfterError("See npm run simulate -- --help.")
    .configureHelp({ helpWidth: 110 });
  return command.parse([...argv], { from: "user" }).opts<Options>();
}
