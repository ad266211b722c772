// Writes down in the SDK where economies stand on public chains: packages/sdk/src/registry.ts, from the records that
// deployments leave in deploy/deployments/chain-<id>/. What stands there already stays.
// Usage: npm run record-addresses [-- --chain <id> --feed <address>]     --feed where the price feed is Chainlink's
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DeploymentError, readDeployment } from "@ftns/sdk/deployments.ts";
import type { Deployment } from "@ftns/sdk/economy.ts";
import { DEPLOYMENTS } from "@ftns/sdk/registry.ts";
import { readFolder } from "@ftns/deploy/record.ts";
import { commandLine, read } from "./commandLine.ts";

const RECORDS = fileURLToPath(new URL("../deploy/deployments/", import.meta.url));
const REGISTRY = fileURLToPath(new URL("../packages/sdk/src/registry.ts", import.meta.url));

/** Chains on somebody's own machine: each has another economy at the same addresses. */
const LOCAL = ["31337", "1337"];

/** The text of the SDK's registry. */
export function recordText(deployments: Readonly<Record<string, Deployment>>): string {
  const entries = Object.entries(deployments)
    .sort(([a], [b]) => Number(BigInt(a) - BigInt(b)))
    .map(([chainId, { addresses, fromBlock }]) => {
      const lines = Object.entries(addresses).map(([name, address]) => `      ${name}: "${address}",\n`);
      return `  "${chainId}": {\n    addresses: {\n${lines.join("")}    },\n    fromBlock: ${fromBlock},\n  },\n`;
    });
  return `import type { Deployment } from "./economy.ts";

/** Economies on public chains, by chain id. Made by npm run record-addresses. */
export const DEPLOYMENTS: Readonly<Record<string, Deployment>> = {${entries.length > 0 ? `\n${entries.join("")}` : ""}};
`;
}

function deploymentIn(folder: string, feed: string | undefined): Deployment {
  const record = readFolder(folder);
  if (record === undefined) throw new DeploymentError(`${folder} has no record; finish the deployment first.`);
  return { addresses: readDeployment(record.addresses, feed === undefined ? {} : { feed }), fromBlock: record.fromBlock };
}

function recordAll(): void {
  const { options: values } = read<{ chain?: string; feed?: string }>(
    commandLine(
      "record-addresses",
      "Writes into packages/sdk/src/registry.ts where economies stand on public chains, from the records of deployments made here.",
    )
      .option("--chain <id>", "only this chain")
      .option("--feed <address>", "the price feed, where it is Chainlink's; goes with --chain"),
  );
  const found = (existsSync(RECORDS) ? readdirSync(RECORDS) : [])
    .map((folder) => /^chain-(\d+)$/.exec(folder)?.[1])
    .filter((chainId) => chainId !== undefined && !LOCAL.includes(chainId))
    .filter((chainId) => values.chain === undefined || chainId === values.chain) as string[];
  if (values.feed !== undefined && values.chain === undefined) throw new DeploymentError("--feed: name the chain with --chain.");
  if (found.length === 0) {
    console.log("No deployment to a public chain is recorded here: npm run deploy -- --network <name> leaves a record.");
    return;
  }
  const fresh = found.map((chainId) => [chainId, deploymentIn(join(RECORDS, `chain-${chainId}`), values.feed)] as const);
  writeFileSync(REGISTRY, recordText({ ...DEPLOYMENTS, ...Object.fromEntries(fresh) }));
  console.log(`Recorded chain ${found.join(", ")} in packages/sdk/src/registry.ts.`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    recordAll();
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
