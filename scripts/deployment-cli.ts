// What `npm run deploy` and `npm run verify-wiring` have in common.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EconomyAddresses } from "@ftns/sdk/economy.ts";
import Table from "cli-table3";
import { config, network } from "hardhat";
import pc from "picocolors";
import type { Connection } from "@ftns/deploy/connection.ts";
import { inspectParameterFile, type ReadParameters } from "@ftns/deploy/parameters.ts";
import type { Verification } from "@ftns/deploy/verification.ts";

/** An error whose message tells the user what to do. */
export class UsageError extends Error {}

/** The name, if somebody has given it to a network that answers calls. */
export function networkNamed(name: string | undefined): string {
  const known = Object.keys(config.networks).filter((other) => config.networks[other]?.type === "http");
  if (name === undefined || !known.includes(name)) {
    throw new UsageError(`Name a network of hardhat.config.ts with --network: ${known.join(", ")}.`);
  }
  return name;
}

export async function connect(name: string): Promise<Connection> {
  const connection = await network.create({ network: name });
  try {
    await connection.provider.request({ method: "eth_chainId" });
  } catch (error) {
    throw new UsageError(`Network ${name} does not answer: ${(error as Error).message}`);
  }
  return connection;
}

/** The parameters as far as they can be read; whoever uses them says what is wrong with them. */
export function parametersFor(networkName: string, file: string | undefined): ReadParameters & { file: string } {
  const chosen = file ?? join(config.paths.ignition, `parameters.${networkName}.json`);
  if (!existsSync(chosen)) throw new UsageError(`There is no parameter file ${chosen}: name one with --parameters.`);
  return { ...inspectParameterFile(chosen), file: chosen };
}

export function printAddresses(addresses: EconomyAddresses): void {
  const width = Math.max(...Object.keys(addresses).map((name) => name.length));
  for (const [name, address] of Object.entries(addresses)) console.log(`  ${name.padEnd(width)}  ${address}`);
}

/** What may be meant, and should be known. */
export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) console.log(pc.yellow(`Warning: ${warning}`));
}

/** One row for each subject; what failed is spelled out below. */
export function printVerification({ checks, problems }: Verification, verbose: boolean): void {
  const table = new Table({ head: ["", "what", "expected", "found"], style: { head: [], border: [] }, wordWrap: true });
  for (const { ok, subject, what, expected, actual } of checks) {
    if (verbose || !ok) table.push([ok ? pc.green("✔") : pc.red("✘"), `${subject}: ${what}`, expected, actual]);
  }
  if (table.length > 0) console.log(table.toString());
  if (problems.length === 0) console.log(pc.green(`Wiring: all ${checks.length} checks hold.`));
  else console.log(pc.red(`Wiring: ${problems.length} of ${checks.length} checks fail.`));
}

/** Runs a command; an error becomes one message and exit code 1. */
export async function command(run: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await run()) ? 0 : 1;
  } catch (error) {
    console.error(pc.red(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  }
}
