import { type CheckResult, checkAll } from "../service/checks.ts";
import type { CommandContext, Flags } from "./open.ts";
import { table } from "@ftns/service/table.ts";

const WORDS: Record<CheckResult["outcome"], string> = { ok: "ok", warning: "WARNING", fault: "FAULT" };

/** Lists every check with its outcome; false when one found a fault. Sends nothing. */
export async function checkConfigCommand(flags: Flags, context: CommandContext): Promise<boolean> {
  const results = await checkAll(flags.config, context.secrets, process.env);
  context.print(table(results.map(({ name, outcome, detail }) => [WORDS[outcome], name, detail])));
  return results.every(({ outcome }) => outcome !== "fault");
}
