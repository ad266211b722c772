// What `npm run deploy` does once the contracts are built.
import { deployEconomy } from "@ftns/deploy/economy.ts";
import { ParameterError } from "@ftns/deploy/parameters.ts";
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
} from "./deployment-cli.ts";

export interface DeployCommand {
  network?: string;
  parameters?: string;
  anew: boolean;
  verbose: boolean;
}

/** So long (ms) nothing is said while nothing comes. */
const PATIENCE_MS = 30_000;

export function deploying({ network, parameters: given, anew, verbose }: DeployCommand): Promise<void> {
  return command(async () => {
    const name = networkNamed(network);
    const { parameters, complaints, file } = parametersFor(name, given);
    const connection = await connect(name).catch((error: Error) => {
      // Whoever has to see to the network can see to the file as well.
      if (complaints.texts.length === 0) throw error;
      throw new Error(`${error.message}\n${new ParameterError(file, complaints.texts).message}`);
    });
    const [deployer] = await connection.ethers.getSigners();
    const sentBefore = await deployer?.getNonce();

    console.log(`Deploying to ${connection.networkName} as ${file} says.`);
    if (complaints.texts.length === 0) printWarnings(warningsOf(parameters, deployer?.address));
    const stopWatching = watchChain(() => connection.ethers.provider.getBlockNumber());
    const economy = await deployEconomy(connection, parameters, {
      showProgress: process.stdout.isTTY,
      anew,
      complaints,
      source: file,
      say: (text) => console.log(text),
    }).finally(stopWatching);
    const nothingSent = (await deployer?.getNonce()) === sentBefore;

    console.log(nothingSent ? "\nEverything was deployed already:" : "\nDeployed:");
    printAddresses(economy.addresses);
    console.log(`  first block ${economy.fromBlock}\n`);
    const verification = await verifyWiring(connection, economy, parameters, { fresh: !nothingSent });
    printVerification(verification, verbose);
    return verification.problems.length === 0;
  });
}

/** Says so when the chain makes no block: a transaction that the node dropped is only noticed with the next one. */
function watchChain(blockNumber: () => Promise<number>): () => void {
  let last = -1;
  const timer = setInterval(() => {
    void blockNumber().then(
      (block) => {
        if (block === last) {
          console.log(
            `No block for ${PATIENCE_MS / 1000} s (block ${block} is the last). If that goes on, end this with Ctrl-C and run the same command ` +
              "again: what was not mined is sent anew.",
          );
        }
        last = block;
      },
      () => {},
    );
  }, PATIENCE_MS);
  timer.unref();
  return () => clearInterval(timer);
}
