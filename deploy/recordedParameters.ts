// The parameters that a deployment began with, kept beside its record, so that others are noticed before anything is sent, by
// the names that people gave them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatUnits } from "ethers";
import { heartbeatOf, inventoryOf, keeperParametersOf, minSupportersOf, policyOf, type EconomyParameters } from "./parameters.ts";

/** Field of the parameter file -> its value as text. */
type Flat = Record<string, string>;

const fileIn = (folder: string) => join(folder, "parameters.json");

/** What decides about a deployment, defaults filled in. */
export function flatten(parameters: EconomyParameters, launchDay: bigint): Flat {
  const { priceFeed } = parameters;
  const keepers = keeperParametersOf(parameters);
  const list = (items: readonly string[]) => items.join(", ");
  const ftns = (wei: bigint) => formatUnits(wei, 18).replace(/\.0$/, "");
  return {
    guardian: parameters.guardian ?? "",
    admin: parameters.admin ?? "",
    governor: parameters.governor ?? "",
    breaker: parameters.breaker ?? "",
    treasury: parameters.treasury,
    initialSupply: ftns(parameters.initialSupply),
    verifiers: list(parameters.verifiers),
    attestationThreshold: String(parameters.attestationThreshold),
    launchDate: new Date(Number(launchDay) * 86_400_000).toISOString().slice(0, 10),
    minSupporters: String(minSupportersOf(parameters)),
    policy: policyOf(parameters),
    "desk.dollar": parameters.desk?.dollar ?? "",
    "desk.inventory": parameters.desk === undefined ? "" : ftns(inventoryOf(parameters)),
    "keepers.coinFeed": keepers.coinFeed ?? "",
    "keepers.ftnsPerCoin": ftns(keepers.ftnsPerCoin),
    "priceFeed.chainlink": priceFeed.kind === "external" ? priceFeed.address : "",
    "priceFeed.description": priceFeed.kind === "median" ? priceFeed.description : "",
    "priceFeed.reporters": priceFeed.kind === "median" ? list(priceFeed.reporters) : "",
    "priceFeed.quorum": priceFeed.kind === "median" ? String(priceFeed.quorum) : "",
    "priceFeed.heartbeat": String(heartbeatOf(priceFeed)),
  };
}

/** Keeps what a deployment begins with; what was kept before stays. */
export function keepParameters(folder: string, flat: Flat): void {
  if (existsSync(fileIn(folder))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileIn(folder), `${JSON.stringify(flat, null, 2)}\n`);
}

/** Protocol day 0 as the deployment began with it. */
export function keptLaunchDay(folder: string): bigint | undefined {
  const date = readKept(folder)?.["launchDate"];
  return date === undefined ? undefined : BigInt(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
}

/** One line for each field that is not as it was; none where nothing was kept. */
export function differences(folder: string, flat: Flat): string[] {
  const kept = readKept(folder);
  if (kept === undefined) return [];
  const words = (value: string | undefined) => (value === undefined || value === "" ? "nothing" : value);
  return Object.entries(flat)
    .filter(([field, value]) => (kept[field] ?? "").toLowerCase() !== value.toLowerCase())
    .map(([field, value]) => `${field}: deployed with ${words(kept[field])}, and now ${words(value)}`);
}

function readKept(folder: string): Flat | undefined {
  return existsSync(fileIn(folder)) ? (JSON.parse(readFileSync(fileIn(folder), "utf8")) as Flat) : undefined;
}
