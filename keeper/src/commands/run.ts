import { type CommandContext, type Flags, openForWork } from "./open.ts";

/** Runs until SIGINT or SIGTERM. A second signal ends the process at once. */
export async function runCommand(flags: Flags, context: CommandContext): Promise<number> {
  const { keeper, logger } = await openForWork(flags, context, { mode: "on schedule", serve: true });
  keeper.start();
  const signal = await new Promise<string>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(name));
  });
  logger.info(`${signal}: finishing the running job, then stopping`);
  await keeper.stop();
  return 0;
}
