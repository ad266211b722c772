// Verifies an economy on a network: roles, functions, references and code, all as the chain tells them.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { connectEconomy } from "@ftns/sdk/contracts.ts";
import { CONTRACTS, type EconomyAddresses } from "@ftns/sdk/economy.ts";
import { isAddress } from "ethers";
import type { Connection } from "@ftns/deploy/connection.ts";
import { addressesOf, type Economy } from "@ftns/deploy/economy.ts";
import type { EconomyParameters } from "@ftns/deploy/parameters.ts";
import { readRecord } from "@ftns/deploy/record.ts";
import { verifyWiring } from "@ftns/deploy/verification.ts";
import { command, connect, parametersFor, printAddresses, printVerification, UsageError } from "./deployment-cli.ts";

const USAGE = `Usage: npm run verify-wiring -- --network <name> [--parameters <file.json>] [--verbose]
         [--fresh]                 also expect supply and balances as at launch
       and for an economy that was not deployed from here:
         --addresses <file.json>   its addresses: ${Object.keys(CONTRACTS).join(", ")}
         --deployer <address>      who deployed it
         [--from-block <number>]   where its events begin`;

interface Given {
  addresses?: string | undefined;
  deployer?: string | undefined;
  "from-block"?: string | undefined;
}

await command(async () => {
  const { values } = parseArgs({
    options: {
      network: { type: "string" },
      parameters: { type: "string" },
      addresses: { type: "string" },
      deployer: { type: "string" },
      "from-block": { type: "string" },
      fresh: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  });
  const connection = await connect(values.network, USAGE);
  const { parameters } = parametersFor(connection.networkName, values.parameters);
  const economy = await findEconomy(connection, parameters, values);
  printAddresses(economy.addresses);
  const verification = await verifyWiring(connection, economy, parameters, { fresh: values.fresh });
  printVerification(verification, values.verbose);
  return verification.problems.length === 0;
});

async function findEconomy(connection: Connection, parameters: EconomyParameters, given: Given): Promise<Economy> {
  const record = await readRecord(connection);
  const [signer] = await connection.ethers.getSigners();
  const deployer = given.deployer ?? signer?.address;
  if (signer === undefined || deployer === undefined) {
    throw new UsageError(`Network ${connection.networkName} has no account to call from: give it a key in hardhat.config.ts.`);
  }
  if (!isAddress(deployer)) throw new UsageError(`--deployer: "${deployer}" is no address.`);
  const fromBlock = given["from-block"] === undefined ? (record?.fromBlock ?? 0) : Number(given["from-block"]);
  if (!Number.isSafeInteger(fromBlock) || fromBlock < 0) throw new UsageError("--from-block: give a block number.");

  let addresses: EconomyAddresses;
  if (given.addresses !== undefined) {
    const named = readAddresses(given.addresses);
    addresses = addressesOf((name) => named[name], parameters);
  } else if (record !== undefined) {
    addresses = addressesOf((name) => record.deployed.get(CONTRACTS[name]), parameters);
  } else {
    throw new UsageError(`No deployment to this chain is recorded here.\n${USAGE}`);
  }
  return { ...connectEconomy(addresses, signer), addresses, deployer, fromBlock };
}

function readAddresses(file: string): Partial<EconomyAddresses> {
  let named: Partial<EconomyAddresses>;
  try {
    named = JSON.parse(readFileSync(file, "utf8")) as Partial<EconomyAddresses>;
  } catch (error) {
    throw new UsageError(`--addresses: ${file} is not a readable JSON file: ${(error as Error).message}`);
  }
  for (const [name, address] of Object.entries(named)) {
    if (!isAddress(address)) throw new UsageError(`--addresses: ${name} is "${address}", which is no address.`);
  }
  return named;
}
