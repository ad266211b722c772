/** Where economies stand, by chain: those that are recorded here, and those in the record of a deployment. */
import { getAddress, isAddress, ZeroAddress } from "ethers";
import { CONTRACTS, type Deployment, ECONOMY_NAMES, type EconomyAddresses, type EconomyName } from "./economy.ts";
import { DEPLOYMENTS } from "./registry.ts";

/** A chain or a record without the addresses that were asked for; the message tells what to do. */
export class DeploymentError extends Error {}

/** The economy on a public chain. */
export function deploymentOf(chainId: bigint | number): Deployment {
  const found = DEPLOYMENTS[String(chainId)];
  if (found === undefined) {
    const known = Object.keys(DEPLOYMENTS);
    throw new DeploymentError(
      `No economy is known on chain ${chainId}${known.length > 0 ? ` (but on ${known.join(", ")})` : ""}; ` +
        "pass its addresses yourself, for example from the record of its deployment with readDeployment.",
    );
  }
  return found;
}

/** What an economy on another's `feed` has in place of its own contracts: nobody there pays reporters. */
function foreign(name: EconomyName, feed: string | undefined): string | undefined {
  if (feed === undefined) return undefined;
  if (name === "feed") return feed;
  return name === "reporterPay" ? ZeroAddress : undefined;
}

/**
 * The addresses in the record of a deployment: what deploy/deployments/chain-<id>/deployed_addresses.json holds. A deployment
 * on a Chainlink feed has none of its own in it, so that `feed` must be given.
 */
export function readDeployment(record: Readonly<Record<string, unknown>>, { feed }: { feed?: string } = {}): EconomyAddresses {
  const read = (name: EconomyName): string => {
    const recorded = record[`Economy#${CONTRACTS[name]}`];
    // Not every treasury runs a desk.
    const given = foreign(name, feed) ?? recorded ?? (name === "desk" ? ZeroAddress : undefined);
    if (given === undefined) {
      throw new DeploymentError(
        `The record has no ${CONTRACTS[name]}; ${name === "feed" ? "give the address of the price feed" : "finish the deployment first"}.`,
      );
    }
    if (!isAddress(given))
      throw new DeploymentError(`The record has "${String(given)}" for ${CONTRACTS[name]}, which is no address.`);
    return getAddress(given);
  };
  return Object.fromEntries(ECONOMY_NAMES.map((name) => [name, read(name)])) as EconomyAddresses;
}
