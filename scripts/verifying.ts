// What `npm run verify-wiring` does once the contracts are built.
import { readFileSync } from "node:fs";
import { connectEconomy } from "@ftns/sdk/contracts.ts";
import { CONTRACTS, type EconomyAddresses } from "@ftns/sdk/economy.ts";
import { isAddress } from "ethers";
import type { Connection } from "@ftns/deploy/connection.ts";
import { addressesOf, mismatchWords, type Economy } from "@ftns/deploy/economy.ts";
import { ParameterError, type EconomyParameters } from "@ftns/deploy/parameters.ts";
import { findMismatch, readRecord } from "@ftns/deploy/record.ts";
import { verifyWiring } from "@ftns/deploy/verification.ts";
import { warningsOf } from "@ftns/deploy/warnings.ts";
import {
  command,
  connect,
  networkNamed,
  parametersFor,
  printAddresses,
  printVerification,
  printWarnings,
  UsageError,
} from "./deployment-cli.ts";

export interface VerifyCommand {
  network?: string;
  parameters?: string;
  addresses?: string;
  deployer?: string;
  fromBlock?: string;
  fresh: boolean;
  verbose: boolean;
}

export function verifying(values: VerifyCommand): Promise<void> {
  return command(async () => {
    const connection = await connect(networkNamed(values.network));
    const { parameters, complaints, file } = parametersFor(connection.networkName, values.parameters);
    if (complaints.texts.length > 0) throw new ParameterError(file, complaints.texts);
    const economy = await findEconomy(connection, parameters, values);
    printAddresses(economy.addresses);
    printWarnings(warningsOf(parameters, economy.deployer));
    const verification = await verifyWiring(connection, economy, parameters, { fresh: values.fresh });
    printVerification(verification, values.verbose);
    return verification.problems.length === 0;
  });
}

async function findEconomy(connection: Connection, parameters: EconomyParameters, given: VerifyCommand): Promise<Economy> {
  const record = await readRecord(connection);
  const [signer] = await connection.ethers.getSigners();
  const deployer = given.deployer ?? signer?.address;
  if (signer === undefined || deployer === undefined) {
    throw new UsageError(`Network ${connection.networkName} has no account to call from: give it a key in hardhat.config.ts.`);
  }
  if (!isAddress(deployer)) throw new UsageError(`--deployer: "${deployer}" is no address.`);
  const fromBlock = given.fromBlock === undefined ? (record?.fromBlock ?? 0) : Number(given.fromBlock);
  if (!Number.isSafeInteger(fromBlock) || fromBlock < 0) throw new UsageError("--from-block: give a block number.");

  let addresses: EconomyAddresses;
  if (given.addresses !== undefined) {
    const named = readAddresses(given.addresses);
    addresses = addressesOf((name) => named[name], parameters);
  } else if (record !== undefined) {
    const mismatch = await findMismatch(connection);
    if (mismatch !== undefined) throw new UsageError(mismatchWords(mismatch));
    addresses = addressesOf((name) => record.deployed.get(CONTRACTS[name]), parameters);
  } else {
    throw new UsageError(
      "No deployment to this chain is recorded here. Name the addresses of one with --addresses, --deployer and --from-block.",
    );
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
