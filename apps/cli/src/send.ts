/** Doing something: try it out, say what will happen, ask, send, say what happened. */
import { changesOf } from "@ftns/sdk/explain/changes.ts";
import { explainCall, linesOfCall } from "@ftns/sdk/explain/calls.ts";
import { revertDataOf } from "@ftns/sdk/errors/data.ts";
import { wordsOfRevert } from "@ftns/sdk/errors/decode.ts";
import { CONTRACTS } from "@ftns/sdk/economy.ts";
import { nameAt } from "@ftns/sdk/explain/calls.ts";
import { formatDecimal, formatFtns } from "@ftns/sdk/units.ts";
import type { ContractTransaction, TransactionReceipt } from "ethers";
import type { Context, Signing } from "./context.ts";
import { Ended, EXIT } from "./exit.ts";
import { answer, tell } from "./output.ts";

/** One transaction, and why it is needed. */
export interface Step {
  readonly title: string;
  readonly transaction: ContractTransaction;
}

/** A third more than was estimated: a day boundary in between makes settlements dearer. */
const GAS_MARGIN_PERCENT = 133n;
const WAIT_MS = 180_000;

/**
 * Sends the steps in order. The first is tried out before anybody is asked; each later one when those before it are done, because it may
 * need what they did.
 */
export async function sendAll(
  context: Context,
  signing: Signing,
  promise: readonly string[],
  steps: readonly Step[],
): Promise<void> {
  const [first] = steps;
  if (first === undefined) throw new TypeError("nothing to send");
  await estimate(signing, first.transaction);
  if (context.settings.json !== true)
    context.terminal.print(`${[...promise, ...steps.flatMap((one) => shown(signing, one))].join("\n")}\n`);
  await agree(context);
  const receipts: TransactionReceipt[] = [];
  for (const step of steps) receipts.push(await send(context, signing, step));
  const changes = receipts.flatMap((receipt) => changesOf(signing.deployment.addresses, signing.address, receipt));
  const lines = changes.map(
    ({ amount, text }) => `${amount > 0n ? "+" : "-"}${formatFtns(amount > 0n ? amount : -amount)}: ${text}`,
  );
  const transactions = receipts.map(({ hash, blockNumber, gasUsed }) => ({ hash, blockNumber, gasUsed }));
  answer(context, ["Done.", ...lines], { done: true, transactions, changes });
}

function shown({ deployment }: Signing, { title, transaction: { to, data } }: Step): string[] {
  return [`${title}:`, ...linesOfCall(explainCall(deployment.addresses, { target: to, data }), "  ")];
}

async function agree({ settings, terminal }: Context): Promise<void> {
  if (settings.yes === true) return;
  const said = settings.json === true ? undefined : await terminal.ask("Send it? [y/N] ");
  if (said === undefined) {
    throw new Ended(EXIT.cannotStart, "Nobody is here to agree, so nothing was sent.", "Add --yes to send without being asked.");
  }
  if (!/^y(es)?$/i.test(said.trim())) throw new Ended(EXIT.declined, "Nothing was sent.");
}

async function send(context: Context, signing: Signing, { title, transaction }: Step): Promise<TransactionReceipt> {
  const gas = await estimate(signing, transaction);
  const sent = await signing.signer.sendTransaction({ ...transaction, gasLimit: (gas * GAS_MARGIN_PERCENT) / 100n });
  tell(context, `${title}: sent as ${sent.hash}`, { sent: sent.hash, title });
  const receipt = await sent.wait(1, WAIT_MS).catch((error: unknown) => {
    if ((error as { code?: string }).code === "CALL_EXCEPTION") return null;
    throw new Ended(
      EXIT.refused,
      `${sent.hash} is in no block after ${WAIT_MS / 1000} seconds.`,
      "It may still come: look with ftns why <hash> before you send it again.",
    );
  });
  if (receipt === null || receipt.status !== 1) {
    throw new Ended(EXIT.refused, `${sent.hash} is in a block and had no effect.`, "Try again: something changed in between.");
  }
  return receipt;
}

/** What it would cost; a refusal is said in the contract's own words, and nothing is sent. */
async function estimate({ signer, deployment, provider, address }: Signing, transaction: ContractTransaction): Promise<bigint> {
  try {
    return await signer.estimateGas(transaction);
  } catch (error) {
    const name = nameAt(deployment.addresses, transaction.to);
    const data = revertDataOf(error);
    if (data !== undefined && data !== "0x") {
      const words = wordsOfRevert(data, name === undefined ? {} : { from: CONTRACTS[name] });
      throw new Ended(EXIT.refused, `It would be refused: ${words}.`, "Nothing was sent.");
    }
    if (/insufficient funds/i.test(String((error as Error).message))) {
      const coins = formatDecimal(await provider.getBalance(address), 18, 6);
      throw new Ended(
        EXIT.refused,
        `${address} has ${coins} of the chain's coin, too little for the gas.`,
        "Send it some. Nothing was sent.",
      );
    }
    throw new Ended(
      EXIT.refused,
      "It would be refused, and the node says no reason.",
      "Nothing was sent. Check the amounts and addresses.",
    );
  }
}
