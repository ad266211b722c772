// Deploys the economy to a network and verifies it. Started again after an interruption, it goes on where it stopped.
import { parseArgs } from "node:util";
import { deployEconomy } from "@ftns/deploy/economy.ts";
import { verifyWiring } from "@ftns/deploy/verification.ts";
import { command, connect, parametersFor, printAddresses, printVerification } from "./deployment-cli.ts";

const USAGE = "Usage: npm run deploy -- --network <name> [--parameters <file.json>] [--verbose]";

await command(async () => {
  const { values } = parseArgs({
    options: { network: { type: "string" }, parameters: { type: "string" }, verbose: { type: "boolean", default: false } },
  });
  const connection = await connect(values.network, USAGE);
  const { parameters, file } = parametersFor(connection.networkName, values.parameters);
  const [deployer] = await connection.ethers.getSigners();
  const sentBefore = await deployer?.getNonce();

  console.log(`Deploying to ${connection.networkName} as ${file} says.`);
  const economy = await deployEconomy(connection, parameters, { showProgress: process.stdout.isTTY });
  const nothingSent = (await deployer?.getNonce()) === sentBefore;

  console.log(nothingSent ? "\nEverything was deployed already:" : "\nDeployed:");
  printAddresses(economy.addresses);
  console.log(`  first block ${economy.fromBlock}\n`);
  const verification = await verifyWiring(connection, economy, parameters, { fresh: !nothingSent });
  printVerification(verification, values.verbose);
  return verification.problems.length === 0;
});
