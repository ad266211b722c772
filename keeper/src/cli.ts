import { Command, CommanderError } from "commander";
import { loadConfig } from "./config/load.ts";
import { JOB_NAMES, type JobName } from "./config/schema.ts";
import { KeeperError, wordsOf } from "./errors.ts";
import type { RunReport } from "./jobs/run.ts";
import { type Keeper, createKeeper } from "./keeper.ts";
import { createLogger } from "./log.ts";
import { Secrets } from "./secrets.ts";

/** Exit codes: a job is broken, and the keeper cannot start (usage, configuration, keys, chain). */
export const EXIT_BROKEN = 1;
export const EXIT_CANNOT_START = 2;

interface Flags {
  config: string;
  once: boolean;
  dryRun: boolean;
  job?: JobName[];
}

/** Runs the keeper's command line and gives the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const secrets = new Secrets();
  const complain = (error: unknown) => process.stderr.write(`${secrets.scrub(wordsOf(error))}\n`);
  try {
    const flags = parseFlags(argv);
    const { config, baseDir } = loadConfig(flags.config);
    const logger = createLogger(config.log.level, secrets);
    const keeper = await createKeeper(config, {
      logger,
      baseDir,
      secrets,
      dryRun: flags.dryRun,
      // One look is over before a peer could ask.
      serve: !flags.once,
      ...(flags.job && { jobs: flags.job }),
    });
    const mode = `${flags.once ? "once" : "on schedule"}${flags.dryRun ? ", dry run: nothing is sent" : ""}`;
    logger.info(
      { account: keeper.address, chainId: config.chain.chainId },
      `keeper runs ${keeper.jobs.join(", ")} (${mode})`,
    );
    if (flags.once) return await once(keeper, complain);
    await untilSignal(keeper, (signal) => logger.info(`${signal}: finishing the running job, then stopping`));
    return 0;
  } catch (error) {
    // Commander has printed its own message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CANNOT_START;
    complain(error);
    return EXIT_CANNOT_START;
  }
}

function parseFlags(argv: readonly string[]): Flags {
  return new Command("keeper")
    .description("Does the regular work of an FTNS economy: prices, adjustments, emergencies, votes that passed")
    .requiredOption("--config <file>", "configuration file (see keeper/config.example.json)")
    .option("--once", "do what is due and exit: 0 when all is well, 1 when a job is broken", false)
    .option("--dry-run", "decide and simulate, send nothing", false)
    .option("--job <name>", `run only this job (${JOB_NAMES.join(", ")}); may be repeated`, collectJobs)
    .exitOverride()
    .parse([...argv], { from: "user" })
    .opts<Flags>();
}

function collectJobs(name: string, earlier: JobName[] = []): JobName[] {
  const job = JOB_NAMES.find((known) => known === name);
  if (!job) throw new KeeperError(`There is no job ${name}.`, `The jobs are ${JOB_NAMES.join(", ")}.`);
  return [...earlier, job];
}

async function once(keeper: Keeper, complain: (error: unknown) => void): Promise<number> {
  const reports: RunReport[] = await keeper.runOnce();
  await keeper.stop();
  const faults = reports.filter(({ outcome }) => outcome === "broken");
  for (const { job, reason } of faults) complain(`${job} is broken: ${reason}`);
  return faults.length > 0 ? EXIT_BROKEN : 0;
}

/** Runs until SIGINT or SIGTERM. A second signal ends the process at once. */
async function untilSignal(keeper: Keeper, announce: (signal: string) => void): Promise<void> {
  keeper.start();
  const signal = await new Promise<string>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(name));
  });
  announce(signal);
  await keeper.stop();
}
