// A deployment that was cut off between "I am going to send this" and "I have sent it", or whose transaction the node refused. Ignition
// stops at such a record and asks for a hash that may not exist; the account's nonces tell what became of it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { trackTransaction, wipe } from "@nomicfoundation/ignition-core";
import type { ArtifactResolver } from "@nomicfoundation/ignition-core";
import type { Connection } from "./connection.ts";
import { DeploymentError } from "@ftns/sdk/deployments.ts";

/** A transaction that was prepared, and of which the record knows no more. */
interface Prepared {
  future: string;
  from: string;
  nonce: number;
}

interface Entry {
  type: string;
  futureId?: string;
  from?: string;
  nonce?: number;
  networkInteractionId?: number;
}

/** What the journal of a deployment in `folder` leaves open. */
export function preparedOnly(folder: string): Prepared[] {
  const journal = join(folder, "journal.jsonl");
  if (!existsSync(journal)) return [];
  const senders = new Map<string, string>();
  const open = new Map<string, Prepared>();
  for (const line of readFileSync(journal, "utf8").split("\n")) {
    if (line.trim() === "") continue;
    const { type, futureId = "", from, nonce, networkInteractionId } = JSON.parse(line) as Entry;
    const key = `${futureId} ${networkInteractionId}`;
    if (from !== undefined) senders.set(futureId, from);
    if (type === "TRANSACTION_PREPARE_SEND") open.set(key, { future: futureId, from: senders.get(futureId)!, nonce: nonce! });
    else if (type === "TRANSACTION_SEND") open.delete(key);
    else if (type === "WIPE_APPLY") {
      for (const [other, { future }] of open) if (future === futureId) open.delete(other);
    }
  }
  return [...open.values()];
}

/**
 * Settles what the record in `folder` leaves open: what never reached the chain is forgotten and will be sent anew, what did is found
 * and noted. Tells through `say` what it did.
 */
export async function settlePrepared(connection: Connection, folder: string, say: (text: string) => void): Promise<void> {
  const { provider } = connection.ethers;
  for (const { future, from, nonce } of preparedOnly(folder)) {
    const name = future.replace("Economy#", "");
    const [mined, known] = await Promise.all([
      provider.getTransactionCount(from, "latest"),
      provider.getTransactionCount(from, "pending"),
    ]);
    if (known <= nonce) {
      await wipe(folder, NO_ARTIFACTS, future);
      say(`The transaction for ${name} never reached the chain: it is sent anew.`);
    } else if (mined <= nonce) {
      throw new DeploymentError(
        `The transaction for ${name} (nonce ${nonce} of ${from}) still waits to be mined. Run the same command again when it is.`,
      );
    } else {
      const hash = await findTransaction(connection, from, nonce);
      await trackTransaction(folder, hash, connection.provider);
      say(`The transaction for ${name} had been sent: ${hash}.`);
    }
  }
}

/** Forgetting a future needs no artifact. */
const NO_ARTIFACTS: ArtifactResolver = {
  loadArtifact: () => Promise.reject(new Error("no artifacts are needed here")),
  getBuildInfo: () => Promise.resolve(undefined),
};

/** The transaction with this nonce, by halving: the first block after which the account's nonce is higher holds it. */
async function findTransaction({ ethers: { provider } }: Connection, from: string, nonce: number): Promise<string> {
  let [low, high] = [0, await provider.getBlockNumber()];
  try {
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await provider.getTransactionCount(from, middle)) > nonce) high = middle;
      else low = middle + 1;
    }
    const block = await provider.getBlock(low, true);
    const found = block?.prefetchedTransactions.find(
      (one) => one.from.toLowerCase() === from.toLowerCase() && one.nonce === nonce,
    );
    if (found !== undefined) return found.hash;
  } catch {
    // An endpoint without old states can't answer; a person finds the hash in an explorer.
  }
  throw new DeploymentError(
    `A transaction of ${from} with nonce ${nonce} was mined, and this endpoint doesn't tell which. Look up its hash in a block ` +
      "explorer, run `npx hardhat ignition track-tx <hash> chain-<id> --network <name>`, then the same command again.",
  );
}
