import { createInterface } from "node:readline/promises";
import { ServiceError, wordsOf } from "@ftns/service/errors.ts";
import { Secrets } from "@ftns/service/secrets.ts";
import { Command, CommanderError } from "commander";
import { accountCommand } from "./commands/account.ts";
import { emergencyCommand, emergencyVoteCommand, triggerCommand } from "./commands/emergency.ts";
import { type ProjectFlags, projectCommand } from "./commands/project.ts";
import { proveCommand } from "./commands/prove.ts";
import { claimCommand, stakeCommand, unstakeCommand, unwrapCommand, withdrawCommand, wrapCommand } from "./commands/stake.ts";
import { statusCommand } from "./commands/status.ts";
import { delegateCommand, proposalCommand, proposeCommand, voteCommand } from "./commands/vote.ts";
import { type WatchFlags, watchCommand } from "./commands/watch.ts";
import { whyCommand } from "./commands/why.ts";
import { completionsFor } from "./completions.ts";
import type { Context, Terminal } from "./context.ts";
import { Ended, EXIT, type ExitCode } from "./exit.ts";
import type { Environment, Settings } from "./settings.ts";

/** How whoever reads a hint has called this: with `npm run ftns` what follows takes two more dashes. */
const PROGRAM = process.env["npm_lifecycle_event"] === "ftns" ? "npm run ftns --" : "ftns";

interface World {
  env?: Environment;
  terminal?: Terminal;
  complain?: (text: string) => void;
  signal?: AbortSignal;
}

/** Runs the command line and gives the exit code. A test gives it a terminal of its own. */
export async function runCli(argv: readonly string[], world: World = {}): Promise<ExitCode> {
  const secrets = new Secrets();
  const { env = process.env, terminal = console_(secrets) } = world;
  const signal = () => world.signal ?? stopSignal();
  const complain = world.complain ?? ((text: string) => void process.stderr.write(`${secrets.scrub(text)}\n`));
  try {
    await commands({ env, terminal, secrets, signal }).parseAsync([...argv], { from: "user" });
    return EXIT.ok;
  } catch (error) {
    // Commander has printed its own message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.cannotStart;
    if (error instanceof Ended) {
      complain([error.message, error.hint].filter((part) => part !== "").join(" "));
      return error.code;
    }
    complain(wordsOf(error));
    return error instanceof ServiceError ? EXIT.cannotStart : EXIT.refused;
  }
}

function console_(secrets: Secrets): Terminal {
  return {
    print: (text) => void process.stdout.write(secrets.scrub(text)),
    async ask(question) {
      if (!process.stdin.isTTY) return undefined;
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
  };
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  return stop.signal;
}

type Base = Omit<Context, "settings"> & { signal: () => AbortSignal };

function commands(base: Base): Command {
  const program = new Command("ftns")
    .description("FTNS: what you hold and why, what comes next, and everything that a holder, contributor or voter does")
    .option("--rpc <url>", "node to ask (FTNS_RPC; http://127.0.0.1:8545 if none is named)")
    .option(
      "--deployment <file>",
      "record of the economy, deployed_addresses.json (FTNS_DEPLOYMENT); not needed on public chains",
    )
    .option("--feed <address>", "price feed, where the economy follows one that is not its own")
    .option("--address <address>", "account to speak of, where no key is needed (FTNS_ADDRESS)")
    .option("--keystore <file>", "key that signs (FTNS_KEYSTORE)")
    .option("--password-file <file>", "password of the keystore (FTNS_PASSWORD_FILE)")
    .option("--key-env <name>", "environment variable that holds the key, for tests")
    .option("--signer <command>", "command that signs for --address (FTNS_SIGNER)")
    .option("--json", "answers for programs; amounts in their smallest unit")
    .option("--yes", "send without being asked")
    .showHelpAfterError(`See ${PROGRAM} --help.`)
    .exitOverride();
  const context = (): Context => ({ ...base, settings: program.opts<Settings>() });
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .showHelpAfterError(`See ${PROGRAM} ${name.split(" ")[0]} --help.`)
      .exitOverride();

  command("account [address]", "what an account holds, owes and earns, and why").action((address?: string) =>
    accountCommand(context(), address),
  );
  command("why <transaction|day> [address]", "why a balance changed, in a transaction or on a day (2026-01-31)").action(
    (what: string, address?: string) => whyCommand(context(), what, address),
  );
  command("project [address]", "what the balance will be, day by day")
    .option("--days <n>", "how far", "90")
    .option("--stake <amount>", "if so much were staked now")
    .option("--wrap <amount>", "if so much were wrapped now")
    .option("--receive <amount>", "if so much came in now")
    .option("--activity <amount>", "if so much of counted payments and rewards came each day")
    .option("--every", "every day, not only those on which something changes", false)
    .action((address: string | undefined, flags: ProjectFlags) => projectCommand(context(), address, flags));
  command("status", "how the economy stands").action(() => statusCommand(context()));
  command("watch [address]", "tells each change of a balance as it comes")
    .option("--every <seconds>", "how often to look", "5")
    .option("--looks <n>", "end after so many looks")
    .action((address: string | undefined, flags: WatchFlags) => watchCommand(context(), address, flags, base.signal()));

  command("prove <file>", "presents a proof that verifiers signed").action((file: string) => proveCommand(context(), file));
  command("claim", "claims rewards that waited, and yield").action(() => claimCommand(context()));
  command("stake <amount>", "stakes: votes, yield, no demurrage").action((amount: string) => stakeCommand(context(), amount));
  command("unstake <amount>", "asks for a part of the stake back").action((amount: string) => unstakeCommand(context(), amount));
  command("withdraw", "takes out what was asked back and is ready").action(() => withdrawCommand(context()));
  command("wrap <amount>", "wraps FTNS into wFTNS").action((amount: string) => wrapCommand(context(), amount));
  command("unwrap <amount|all>", "unwraps wFTNS worth an amount of FTNS").action((amount: string) =>
    unwrapCommand(context(), amount),
  );

  command("proposal <id>", "what a proposal would do, and how its vote stands").action((id: string) =>
    proposalCommand(context(), id),
  );
  command("vote <id> <choice>", "votes for, against or abstain")
    .option("--reason <text>", "why")
    .action((id: string, choice: string, flags: { reason?: string }) => voteCommand(context(), id, choice, flags));
  command("propose <file>", "makes a proposal of the calls in a file")
    .requiredOption("--description <text>", "what it is for")
    .action((file: string, flags: { description: string }) => proposeCommand(context(), file, flags));
  command("delegate <address>", "gives the votes of your stake to somebody").action((address: string) =>
    delegateCommand(context(), address),
  );
  command("emergency", "what is measured, open and put to the vote").action(() => emergencyCommand(context()));
  command("trigger <name>", "opens an emergency whose condition holds").action((name: string) => triggerCommand(context(), name));
  command("emergency-vote <action> <choice>", "votes on an action of an open emergency").action(
    (action: string, choice: string) => emergencyVoteCommand(context(), action, choice),
  );

  command("completions <shell>", "a script for bash or zsh: source <(ftns completions bash)").action((shell: string) => {
    if (shell !== "bash" && shell !== "zsh") {
      throw new Ended(EXIT.cannotStart, `There are no completions for "${shell}".`, "There are some for bash and zsh.");
    }
    base.terminal.print(completionsFor(shell, program));
  });
  return program;
}
