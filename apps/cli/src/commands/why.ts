import { blockAt, changesBetween, changesIn, type DatedChange } from "@ftns/sdk/account/history.ts";
import { project } from "@ftns/sdk/account/projection.ts";
import { readStoredAccount, type StoredAccount } from "@ftns/sdk/account/stored.ts";
import { wordsOfDay } from "@ftns/sdk/explain/words.ts";
import { dayOf, formatDay, formatFtns, formatTime, parseDay, startOfDay } from "@ftns/sdk/units.ts";
import { accountOf, type Context, open, type Opened } from "../context.ts";
import { Ended, EXIT } from "../exit.ts";
import { answer } from "../output.ts";
import { understood } from "../values.ts";

const DAY_SEC = 86_400n;

/** Why the balance changed: in a transaction, or on a protocol day (02:00 to 02:00 UTC). */
export async function whyCommand(context: Context, what: string, named: string | undefined): Promise<void> {
  const opened = await open(context);
  const account = await accountOf(context, named);
  if (/^0x[0-9a-fA-F]{64}$/.test(what)) return whyTransaction(context, opened, account, what);
  const day = understood(() => parseDay(what));
  await whyDay(context, opened, account, day);
}

async function whyTransaction(context: Context, opened: Opened, account: string, hash: string): Promise<void> {
  const changes = await changesIn(opened.provider, opened.deployment.addresses, account, hash);
  if (changes === undefined) {
    throw new Ended(
      EXIT.refused,
      `This chain has no transaction ${hash} in a block.`,
      "It may still come, or belong to another chain.",
    );
  }
  const lines = changes.length === 0 ? [`It changed nothing of what ${account} holds.`] : changes.map(lineOf);
  answer(context, [`${account} in ${hash}:`, ...lines.map((line) => `  ${line}`)], { account, changes });
}

async function whyDay(context: Context, opened: Opened, account: string, day: bigint): Promise<void> {
  const { provider, deployment } = opened;
  const head = (await provider.getBlock("latest"))!;
  const start = startOfDay(day);
  if (start > BigInt(head.timestamp)) {
    throw new Ended(
      EXIT.refused,
      `${formatDay(day)} has not begun on this chain, where it is ${formatTime(BigInt(head.timestamp))}.`,
      "ftns project tells what is to come.",
    );
  }
  const before = await blockAt(provider, start - 1n, deployment.fromBlock);
  const last = (await blockAt(provider, start + DAY_SEC - 1n, deployment.fromBlock)) ?? head.number;
  const range = { from: (before ?? deployment.fromBlock - 1) + 1, to: last };
  const changes = range.from > range.to ? [] : await changesBetween(provider, deployment.addresses, account, range);
  const fee = await unsettledFee(opened, account, day);
  const nothing = changes.length === 0 && fee === undefined ? ["nothing changed"] : [];
  const lines = [...(fee === undefined ? [] : [`${fee} (not settled yet)`]), ...changes.map(lineOf), ...nothing];
  const head1 = `${account} on ${formatDay(day)} (02:00 UTC to 02:00 UTC):`;
  answer(context, [head1, ...lines.map((line) => `  ${line}`)], { account, day, unsettled: fee, changes });
}

/** What the boundary of a day took that nobody has settled yet: `balanceOf` knows it, no event does. */
async function unsettledFee({ provider, deployment }: Opened, account: string, day: bigint): Promise<string | undefined> {
  const { token, pool } = deployment.addresses;
  const stored: StoredAccount = await readStoredAccount(provider, token, account, { pool });
  if (BigInt(stored.state.settledDay) >= day || stored.state.settledDay === 0) return undefined;
  const today = dayOf(BigInt((await provider.getBlock("latest"))!.timestamp));
  if (day > today) return undefined;
  const [row] = project(stored, Number(day) - 1, 1);
  return wordsOfDay(row!);
}

function lineOf({ amount, text, timestamp, transaction }: DatedChange): string {
  const sign = amount > 0n ? "+" : "-";
  return `${formatTime(timestamp)} ${sign}${formatFtns(amount > 0n ? amount : -amount)}: ${text} (${transaction})`;
}
