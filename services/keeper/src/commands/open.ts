import type { Logger } from "pino";
import { loadConfig } from "../config/load.ts";
import type { JobName, KeeperConfig } from "../config/schema.ts";
import { type Keeper, createKeeper } from "../keeper.ts";
import { createLogger } from "@ftns/service/log.ts";
import type { Secrets } from "@ftns/service/secrets.ts";

export interface Flags {
  config: string;
  /** Send transactions; otherwise everything is decided and simulated only. */
  send?: boolean;
}

/** What a command prints with; secrets are blanked out of all of it. */
export interface CommandContext {
  secrets: Secrets;
  print(text: string): void;
  complain(error: unknown): void;
}

export interface Opened {
  config: KeeperConfig;
  baseDir: string;
  logger: Logger;
  keeper: Keeper;
}

/** Reads the configuration and opens the keeper, saying in the log whether it will send. */
export async function openForWork(
  flags: Flags,
  { secrets }: CommandContext,
  how: { mode: string; jobs?: readonly JobName[]; serve: boolean },
): Promise<Opened> {
  const { config, baseDir } = loadConfig(flags.config);
  const logger = createLogger(config.log.level, secrets);
  const dryRun = flags.send !== true;
  const { serve, jobs } = how;
  const keeper = await createKeeper(config, { logger, baseDir, secrets, dryRun, serve, ...(jobs && { jobs }) });
  const sending = dryRun ? ", dry run: nothing is sent without --send" : "";
  logger.info(
    { account: keeper.address, chainId: config.chain.chainId },
    `keeper runs ${keeper.jobs.join(", ")} (${how.mode}${sending})`,
  );
  return { config, baseDir, logger, keeper };
}
