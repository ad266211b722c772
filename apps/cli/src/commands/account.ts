import { readAccount } from "@ftns/sdk/account/report.ts";
import { wordsOfAccount } from "@ftns/sdk/explain/words.ts";
import { formatTime } from "@ftns/sdk/units.ts";
import { accountOf, type Context, open } from "../context.ts";
import { answer } from "../output.ts";

/** What an account holds, owes, earns, and why. */
export async function accountCommand(context: Context, named: string | undefined): Promise<void> {
  const { economy } = await open(context);
  const report = await readAccount(economy, await accountOf(context, named));
  const said = wordsOfAccount(report);
  const head = `${report.address} in block ${report.at.number}, ${formatTime(report.at.timestamp)}`;
  const { stored: _, ...plain } = report;
  answer(context, [head, ...said.map(({ text }) => `  ${text}`)], { ...plain, words: said });
}
