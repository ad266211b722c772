import { createKey, importKey } from "@ftns/chain/keys/create.ts";
import { ServiceError, wordsOf } from "@ftns/service/errors.ts";
import { Secrets } from "@ftns/service/secrets.ts";
import { Command, CommanderError } from "commander";
import { checkConfigCommand } from "./commands/check-config.ts";
import type { CommandContext, Flags } from "./commands/context.ts";
import { onceCommand } from "./commands/once.ts";
import { runCommand } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";
import { OVERRIDE } from "./service/memory.ts";

/** How whoever reads a hint has called this: with `npm run verifier` what follows takes two more dashes. */
const PROGRAM = process.env["npm_lifecycle_event"] === "verifier" ? "npm run verifier --" : "verifier";

/** Exit codes: something is broken, and the verifier cannot start (usage, configuration, keys, chain, database). */
export const EXIT_BROKEN = 1;
export const EXIT_CANNOT_START = 2;

/** Runs the verifier's command line and gives the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const secrets = new Secrets();
  const context: CommandContext = {
    secrets,
    print: (text) => void process.stdout.write(secrets.scrub(text)),
    complain: (error) => void process.stderr.write(`${secrets.scrub(wordsOf(error))}\n`),
  };
  let code = 0;
  try {
    await commands(context, (result) => (code = result)).parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    // Commander has printed its own message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CANNOT_START;
    context.complain(error);
    return EXIT_CANNOT_START;
  }
}

function commands(context: CommandContext, end: (code: number) => void): Command {
  const program = new Command("verifier")
    .description("Checks evidence of contributions, signs what it found, and gathers other verifiers' signatures")
    .showHelpAfterError(`See ${PROGRAM} --help.`)
    .exitOverride();
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .requiredOption("--config <file>", "configuration file (see services/verifier/config.example.json)")
      .showHelpAfterError(`See ${PROGRAM} ${name} --help.`)
      .exitOverride();
  const ACCEPT = [
    `${OVERRIDE} <reason>`,
    "start although the database knows nothing of what this key has signed, and say why",
  ] as const;

  command("run", "answers contributors and peers, and does what is due, until a signal")
    .option(...ACCEPT)
    .action(async (flags: Flags) => end(await runCommand(flags, context)));
  command("once", "does what is due and ends, without answering anybody: 0 when all is well, 1 when something failed")
    .option(...ACCEPT)
    .action(async (flags: Flags) => end((await onceCommand(flags, context)) ? 0 : EXIT_BROKEN));
  command("status", "tells how everything stands: 0 when all is well, 1 when something is broken; changes nothing")
    .option("--json", "print JSON", false)
    .action(async (flags: Flags & { json: boolean }) => end((await statusCommand(flags, context)) ? 0 : EXIT_BROKEN));
  command(
    "check-config",
    "checks file, keys, endpoints, contracts, database and peers, and ends with 0 or 2; changes nothing",
  ).action(async (flags: Flags) => end((await checkConfigCommand(flags, context)) ? 0 : EXIT_CANNOT_START));
  const keyCommand = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument("<file>", "keystore to write; an existing file is never replaced")
      .requiredOption("--password-file <file>", "file that holds the password")
      .exitOverride();
  keyCommand("new-key", "makes a key in an encrypted keystore, and prints its address").action(
    async (file: string, { passwordFile }: { passwordFile: string }) => context.print(`${await createKey(file, passwordFile)}\n`),
  );
  keyCommand(
    "import-key",
    "puts a key that exists already into an encrypted keystore, and prints its address; reads the key from stdin",
  ).action(async (file: string, { passwordFile }: { passwordFile: string }) =>
    context.print(`${await importKey(await fromStdin(), file, passwordFile)}\n`),
  );
  return program;
}

/** A key on the command line would stay in the shell's history, and one that is typed on the screen. */
async function fromStdin(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new ServiceError(
      "The key is read from a file.",
      "Write: verifier import-key <keystore> --password-file <file> < key.txt",
    );
  }
  let text = "";
  for await (const part of process.stdin.setEncoding("utf8")) text += part as string;
  return text;
}
