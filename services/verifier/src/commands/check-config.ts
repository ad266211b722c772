import { table } from "@ftns/service/table.ts";
import { type CheckResult, checkAll } from "../service/checks.ts";
import type { CommandContext, Flags } from "./context.ts";

const WORDS: Record<CheckResult["outcome"], string> = { ok: "ok", warning: "WARNING", fault: "FAULT" };

/** Lists every check with its outcome; false when one found a fault. */
export async function checkConfigCommand({ config }: Flags, { secrets, print }: CommandContext): Promise<boolean> {
  const results = await checkAll(config, secrets, process.env);
  print(table(results.map(({ name, outcome, detail }) => [WORDS[outcome], name, detail])));
  return results.every(({ outcome }) => outcome !== "fault");
}
