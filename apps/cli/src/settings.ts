/** Where the chain, the economy and the key are: options first, then the environment. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { openKey } from "@ftns/chain/keys/open.ts";
import type { KeySigner } from "@ftns/chain/keys/signer.ts";
import { DeploymentError, deploymentOf, readDeployment } from "@ftns/sdk/deployments.ts";
import type { Deployment } from "@ftns/sdk/economy.ts";
import type { Secrets } from "@ftns/service/secrets.ts";
import { getAddress, isAddress, JsonRpcProvider } from "ethers";
import { Ended, EXIT } from "./exit.ts";

export interface Settings {
  rpc?: string;
  deployment?: string;
  feed?: string;
  keystore?: string;
  passwordFile?: string;
  keyEnv?: string;
  signer?: string;
  address?: string;
  json?: boolean;
  yes?: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_RPC = "http://127.0.0.1:8545";
const SIGNER_TIMEOUT_MS = 60_000;
const ANSWER_LIMIT_MS = 10_000;

/** The node, with its chain known: a node that does not answer is said at once. */
export async function openProvider({ rpc }: Settings, env: Environment): Promise<JsonRpcProvider> {
  const url = rpc ?? env["FTNS_RPC"] ?? DEFAULT_RPC;
  if (!/^https?:\/\/[^\s/]/.test(url)) {
    throw new Ended(EXIT.cannotStart, `"${url}" is no http:// or https:// URL.`, "Name the node with --rpc or FTNS_RPC.");
  }
  const chainId = await chainIdAt(url);
  if (chainId === undefined) {
    throw new Ended(
      EXIT.cannotStart,
      `The node at ${new URL(url).host} does not answer.`,
      "Start it (npm start runs an economy on a local chain), or name another with --rpc or FTNS_RPC.",
    );
  }
  return new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 1_000 });
}

/** Asked by hand: ethers would go on asking a node that is not there, and print so. */
async function chainIdAt(url: string): Promise<bigint | undefined> {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  };
  try {
    const { result } = (await (await fetch(url, request)).json()) as { result?: unknown };
    return typeof result === "string" && /^0x[0-9a-f]{1,16}$/i.test(result) ? BigInt(result) : undefined;
  } catch {
    return undefined;
  }
}

/** Where the economy stands: in the record that is named, or in what the SDK knows of the chain. */
export function openDeployment({ deployment, feed }: Settings, env: Environment, chainId: bigint): Deployment {
  const file = deployment ?? env["FTNS_DEPLOYMENT"];
  try {
    if (file === undefined) return deploymentOf(chainId);
    const record = JSON.parse(readFileSync(resolve(file), "utf8")) as Record<string, unknown>;
    return { addresses: readDeployment(record, feed === undefined ? {} : { feed }), fromBlock: 0 };
  } catch (error) {
    if (error instanceof DeploymentError) {
      const hint = "Name the record of its deployment with --deployment or FTNS_DEPLOYMENT (deployed_addresses.json).";
      throw new Ended(EXIT.cannotStart, error.message, file === undefined ? hint : "");
    }
    throw new Ended(
      EXIT.cannotStart,
      `The record of the deployment ${file} cannot be read: ${error instanceof SyntaxError ? "it is no JSON" : "no such file, or not allowed"}.`,
      "It is the deployed_addresses.json that npm run deploy wrote.",
    );
  }
}

/** The key that signs. None is needed to look. */
export async function openSigningKey(settings: Settings, env: Environment, secrets: Secrets): Promise<KeySigner> {
  const context = { env: env as NodeJS.ProcessEnv, baseDir: process.cwd(), secrets };
  const {
    keystore = env["FTNS_KEYSTORE"],
    passwordFile = env["FTNS_PASSWORD_FILE"],
    keyEnv,
    signer = env["FTNS_SIGNER"],
  } = settings;
  if (keyEnv !== undefined) return openKey({ env: keyEnv }, "--key-env", context);
  if (signer !== undefined) {
    const address = settings.address ?? env["FTNS_ADDRESS"];
    if (address === undefined || !isAddress(address)) {
      throw new Ended(EXIT.cannotStart, "A signing command needs the address that it signs for.", "Add --address 0x...");
    }
    const command = signer.split(/\s+/).filter((part) => part !== "");
    return openKey({ command, address: getAddress(address), timeoutMs: SIGNER_TIMEOUT_MS }, "--signer", context);
  }
  if (keystore !== undefined) {
    if (passwordFile === undefined) {
      throw new Ended(EXIT.cannotStart, "The keystore needs its password.", "Add --password-file <file>, readable by you alone.");
    }
    return openKey({ keystore, passwordFile }, "--keystore", context);
  }
  throw new Ended(
    EXIT.cannotStart,
    "No key is named, and this needs one to sign.",
    "Add --keystore <file> --password-file <file>, or --signer <command> --address <address>. npm run keeper -- new-key makes a keystore.",
  );
}

/** An address as an argument, or the key's own. */
export function addressFrom(text: string): string {
  if (!isAddress(text))
    throw new Ended(EXIT.cannotStart, `"${text}" is no address.`, "An address is 0x and 40 hexadecimal digits.");
  return getAddress(text);
}
