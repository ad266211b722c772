// What Ignition has written down about a deployment to a real network: deploy/deployments/chain-<id>/.
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { config } from "hardhat";
import { sameCode, type CompiledCode } from "./code.ts";
import type { Connection } from "./connection.ts";

export interface DeploymentRecord {
  /** Contract name -> address, as far as the deployment has come. */
  deployed: ReadonlyMap<string, string>;
  /** No event of the deployment is in an older block. */
  fromBlock: number;
}

/** Where the record for this connection's chain is, or would be. Chains in memory keep none. */
export async function recordFolder(connection: Connection): Promise<string | undefined> {
  if (connection.networkConfig.type === "edr-simulated") return undefined;
  const { chainId } = await connection.ethers.provider.getNetwork();
  return join(config.paths.ignition, "deployments", `chain-${chainId}`);
}

/** The record for this connection's chain, if there is one. */
export async function readRecord(connection: Connection): Promise<DeploymentRecord | undefined> {
  const folder = await recordFolder(connection);
  const found = folder === undefined ? undefined : readFolder(folder);
  if (found === undefined) return undefined;
  const byFuture = Object.entries(found.addresses);
  return {
    deployed: new Map(byFuture.map(([future, address]) => [future.replace("Economy#", ""), address])),
    fromBlock: found.fromBlock,
  };
}

/** What stands in the folder of one deployment: the address of each of Ignition's futures. */
export function readFolder(folder: string): { addresses: Record<string, string>; fromBlock: number } | undefined {
  const [addresses, journal] = [join(folder, "deployed_addresses.json"), join(folder, "journal.jsonl")];
  if (!existsSync(addresses) || !existsSync(journal)) return undefined;

  const blocks = [...readFileSync(journal, "utf8").matchAll(/"blockNumber":(\d+)/g)].map(([, block]) => Number(block));
  return {
    addresses: JSON.parse(readFileSync(addresses, "utf8")) as Record<string, string>,
    fromBlock: blocks.reduce((least, block) => Math.min(least, block), blocks[0] ?? 0),
  };
}

/** A record that tells of another chain than the one that answers, or of one that has lost a part. */
export interface Mismatch {
  folder: string;
  /** Recorded contracts whose code is not at their address: all of them, or some. */
  missing: readonly string[];
  all: number;
}

/**
 * Holds the record against the code on the chain. A chain id tells nothing: every local node has the same one, and deploys to the
 * same addresses. The code that must be there is what Ignition kept when it deployed, so a later compilation changes nothing.
 */
export async function findMismatch(connection: Connection): Promise<Mismatch | undefined> {
  const folder = await recordFolder(connection);
  const addresses = folder === undefined ? undefined : readFolder(folder)?.addresses;
  if (folder === undefined || addresses === undefined) return undefined;
  const { provider } = connection.ethers;
  const futures = Object.entries(addresses);
  const found = await Promise.all(
    futures.map(async ([future, address]) => sameCode(await provider.getCode(address), compiledFor(folder, future))),
  );
  const missing = futures.filter((_, i) => !found[i]).map(([future]) => future.replace("Economy#", ""));
  return missing.length === 0 ? undefined : { folder, missing, all: futures.length };
}

function compiledFor(folder: string, future: string): CompiledCode {
  return JSON.parse(readFileSync(join(folder, "artifacts", `${future}.json`), "utf8")) as CompiledCode;
}

/** Keeps a record that is no longer wanted under another name, which is returned. */
export function setAside(folder: string): string {
  for (let count = 1; ; count++) {
    const aside = `${folder}.old-${count}`;
    if (existsSync(aside)) continue;
    renameSync(folder, aside);
    return aside;
  }
}
