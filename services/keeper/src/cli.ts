import { Command, CommanderError } from "commander";
import { checkConfigCommand } from "./commands/check-config.ts";
import { onceCommand } from "./commands/once.ts";
import { runCommand } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";
import type { CommandContext, Flags } from "./commands/open.ts";
import { JOB_NAMES, type JobName } from "./config/schema.ts";
import { ServiceError, wordsOf } from "@ftns/service/errors.ts";
import { createKey, importKey } from "@ftns/chain/keys/create.ts";
import { Secrets } from "@ftns/service/secrets.ts";

/** How whoever reads a hint has called this: with `npm run keeper` what follows takes two more dashes. */
const PROGRAM = process.env["npm_lifecycle_event"] === "keeper" ? "npm run keeper --" : "keeper";

/** Exit codes: a job is broken, and the keeper cannot start (usage, configuration, keys, chain). */
export const EXIT_BROKEN = 1;
export const EXIT_CANNOT_START = 2;

/** Runs the keeper's command line and gives the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const secrets = new Secrets();
  const context: CommandContext = {
    secrets,
    print: (text) => void process.stdout.write(secrets.scrub(text)),
    complain: (error) => void process.stderr.write(`${secrets.scrub(wordsOf(error))}\n`),
  };
  let code = 0;
  try {
    const program = commands(context, (result) => (code = result));
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    // Commander has printed its own message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CANNOT_START;
    context.complain(error);
    return EXIT_CANNOT_START;
  }
}

function commands(context: CommandContext, end: (code: number) => void): Command {
  const program = new Command("keeper")
    .description("Does the regular work of an FTNS economy: prices, adjustments, emergencies, votes that passed")
    .showHelpAfterError(`See ${PROGRAM} --help.`)
    .exitOverride();
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .requiredOption("--config <file>", "configuration file (see services/keeper/config.example.json)")
      .showHelpAfterError(`See ${PROGRAM} ${name} --help.`)
      .exitOverride();
  const SEND = ["--send", "send what is due; without it everything is decided and simulated, and nothing is sent"] as const;

  command("run", "looks at every job on its schedule, until a signal")
    .option(...SEND, false)
    .action(async (flags: Flags) => end(await runCommand(flags, context)));
  command("once", "does what is due and ends: 0 when all is well, 1 when a job is broken")
    .argument("[job...]", `only these jobs (${JOB_NAMES.join(", ")})`)
    .option(...SEND, false)
    .action(async (jobs: string[], flags: Flags) => {
      end((await onceCommand(flags, jobs.map(jobNamed), context)) ? 0 : EXIT_BROKEN);
    });
  command("status", "tells how everything stands: 0 when all is well, 1 when something is broken; sends nothing")
    .option("--json", "print JSON", false)
    .action(async (flags: Flags & { json: boolean }) => end((await statusCommand(flags, context)) ? 0 : EXIT_BROKEN));
  command("check-config", "checks file, keys, endpoints, contracts and reporters, and ends with 0 or 2; sends nothing").action(
    async (flags: Flags) => end((await checkConfigCommand(flags, context)) ? 0 : EXIT_CANNOT_START),
  );
  program
    .command("new-key")
    .description("makes a key in an encrypted keystore, and prints its address")
    .argument("<file>", "keystore to write; an existing file is never replaced")
    .requiredOption("--password-file <file>", "file that holds the password")
    .exitOverride()
    .action(async (file: string, { passwordFile }: { passwordFile: string }) => {
      context.print(`${await createKey(file, passwordFile)}\n`);
    });
  program
    .command("import-key")
    .description("puts a key that exists already into an encrypted keystore, and prints its address; reads the key from stdin")
    .argument("<file>", "keystore to write; an existing file is never replaced")
    .requiredOption("--password-file <file>", "file that holds the password")
    .exitOverride()
    .action(async (file: string, { passwordFile }: { passwordFile: string }) => {
      context.print(`${await importKey(await fromStdin(), file, passwordFile)}\n`);
    });
  return program;
}

/** A key on the command line would stay in the shell's history, and one that is typed on the screen. */
async function fromStdin(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new ServiceError(
      "The key is read from a file.",
      "Write: keeper import-key <keystore> --password-file <file> < key.txt",
    );
  }
  let text = "";
  for await (const part of process.stdin.setEncoding("utf8")) text += part as string;
  return text;
}

function jobNamed(name: string): JobName {
  const job = JOB_NAMES.find((known) => known === name);
  if (!job) throw new ServiceError(`There is no job ${name}.`, `The jobs are ${JOB_NAMES.join(", ")}.`);
  return job;
}
