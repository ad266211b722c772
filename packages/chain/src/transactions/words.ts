import { formatDecimal } from "@ftns/sdk/units.ts";
import type { Account, Receipt } from "./account.ts";
import { type Entry, latestOf } from "./entry.ts";
import type { QueueSettings } from "./types.ts";

/** What an operator reads about a nonce that is in the way: where it stands and what to do. */

const seconds = (ms: number) => `${Number((ms / 1_000).toFixed(3))} s`;

export function gaveUpWords(
  entry: Entry,
  { address }: Account,
  { giveUpAfterMs }: QueueSettings,
  trouble: string | undefined,
): string {
  const last = latestOf(entry);
  const what = last
    ? `The transaction ${last.hash}, which offers ${formatDecimal(last.fees.maxFeePerGas, 9)} gwei,`
    : "A transaction of another program";
  return (
    `${what} at nonce ${entry.nonce} of ${address} is not in a block after ${seconds(giveUpAfterMs)}` +
    `${trouble === undefined ? "" : ` (${trouble})`}. It may still come; the next run goes on with the same nonce. ` +
    "Raise transactions.maxFeeGwei if gas is dear, and check that the endpoint passes transactions on."
  );
}

export function shallowWords(
  { transactionHash, blockNumber }: Receipt,
  newest: number,
  { confirmations, giveUpAfterMs }: QueueSettings,
): string {
  const depth = newest - Number(blockNumber) + 1;
  return (
    `The transaction ${transactionHash} is in block ${Number(blockNumber)} with ${depth} of ${confirmations} confirmations, ` +
    `and no new block came for ${seconds(giveUpAfterMs)}. Check that the node is in sync; the next run looks again.`
  );
}

export const stoppedWords = (where: string) => `The keeper was stopped while it waited. ${where}`;

export const displacedWords = ({ nonce }: Entry, { address }: Account) =>
  `nonce ${nonce} of ${address} was used by a transaction that this keeper did not send; ` +
  "another program has the same key, and each keeper should have its own";

export const behindWords = ({ nonce }: Entry, { address }: Account) =>
  `the chain has not taken as many transactions of ${address} any more as nonce ${nonce} needs, it was reorganised; ` +
  "what is remembered of that nonce is left aside, and the next look finds what is due";
