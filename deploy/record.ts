// What Ignition has written down about a deployment to a real network: deploy/deployments/chain-<id>/.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { config } from "hardhat";
import type { Connection } from "./connection.ts";

export interface DeploymentRecord {
  /** Contract name -> address, as far as the deployment has come. */
  deployed: ReadonlyMap<string, string>;
  /** No event of the deployment is in an older block. */
  fromBlock: number;
}

/** The record for this connection's chain, if there is one. Chains in memory keep none. */
export async function readRecord(connection: Connection): Promise<DeploymentRecord | undefined> {
  if (connection.networkConfig.type === "edr-simulated") return undefined;
  const { chainId } = await connection.ethers.provider.getNetwork();
  const found = readFolder(join(config.paths.ignition, "deployments", `chain-${chainId}`));
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
