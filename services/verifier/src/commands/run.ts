import { createLogger } from "@ftns/service/log.ts";
import { loadConfig } from "../config/load.ts";
import { openWatch } from "../service/watch.ts";
import { createVerifier } from "../verifier.ts";
import type { CommandContext, Flags } from "./context.ts";

/** Runs until SIGINT or SIGTERM. A second signal ends the process at once. */
export async function runCommand({ config: file, acceptEmptyMemory }: Flags, { secrets }: CommandContext): Promise<number> {
  const { config, baseDir } = loadConfig(file);
  const logger = createLogger(config.log.level, secrets);
  const verifier = await createVerifier(config, { logger, baseDir, secrets, acceptEmptyMemory });
  const watch = await openWatch(verifier, { config, context: { env: process.env, baseDir, secrets }, logger }).catch(
    async (error: unknown) => {
      await verifier.stop();
      throw error;
    },
  );
  verifier.start();
  logger.info(
    { account: verifier.address, chainId: config.chain.chainId, url: verifier.url },
    `verifier ${verifier.address} answers at ${verifier.url}`,
  );
  const signal = await new Promise<string>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(name));
  });
  logger.info(`${signal}: finishing running checks, then stopping`);
  await watch.stop();
  await verifier.stop();
  return 0;
}
