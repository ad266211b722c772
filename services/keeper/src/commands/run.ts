import { untilSignal } from "@ftns/service/signals.ts";
import { openService } from "../service/service.ts";
import { type CommandContext, type Flags, openForWork } from "./open.ts";

/** Runs until SIGINT or SIGTERM. A second signal, a second later or more, ends the process at once. */
export async function runCommand(flags: Flags, context: CommandContext): Promise<number> {
  const { keeper, logger, config, baseDir } = await openForWork(flags, context, { mode: "on schedule", serve: true });
  const service = await openService(keeper, {
    config,
    context: { env: process.env, baseDir, secrets: context.secrets },
    sending: flags.send === true,
    logger,
  }).catch(async (error: unknown) => {
    await keeper.stop();
    throw error;
  });
  keeper.start();
  const signal = await untilSignal();
  logger.info(`${signal}: finishing the running job, then stopping`);
  await keeper.stop();
  await service.stop();
  return 0;
}
