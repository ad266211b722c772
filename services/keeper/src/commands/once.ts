import type { JobName } from "../config/schema.ts";
import { type CommandContext, type Flags, openForWork } from "./open.ts";

/** Does what is due and ends; false when a job is broken. */
export async function onceCommand(flags: Flags, jobs: readonly JobName[], context: CommandContext): Promise<boolean> {
  // One look is over before a peer could ask, so nothing is served.
  const { keeper } = await openForWork(flags, context, {
    mode: "once",
    serve: false,
    ...(jobs.length > 0 && { jobs }),
  });
  const reports = await keeper.runOnce();
  await keeper.stop();
  const faults = reports.filter(({ outcome }) => outcome === "broken");
  for (const { job, reason } of faults) context.complain(`${job} is broken: ${reason}`);
  return faults.length === 0;
}
