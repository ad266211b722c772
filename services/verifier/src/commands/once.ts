import { createLogger } from "@ftns/service/log.ts";
import { loadConfig } from "../config/load.ts";
import { createVerifier } from "../verifier.ts";
import type { CommandContext, Flags } from "./context.ts";

/** For a single run: longer work is gone on with by the next. */
const PATIENCE_MS = 600_000;

/** Does what is due and ends; false when something could not be done. Nobody is answered. */
export async function onceCommand(
  { config: file, acceptEmptyMemory }: Flags,
  { secrets, complain }: CommandContext,
): Promise<boolean> {
  const { config, baseDir } = loadConfig(file);
  const logger = createLogger(config.log.level, secrets);
  const verifier = await createVerifier(config, { logger, baseDir, secrets, serve: false, acceptEmptyMemory });
  const troubles: string[] = [];
  verifier.observe((event) => {
    if (event.type === "trouble") troubles.push(`${event.what}: ${event.reason}`);
  });
  await verifier.runOnce(PATIENCE_MS);
  await verifier.stop();
  for (const trouble of troubles) complain(trouble);
  return troubles.length === 0;
}
