// Opens what a verifier stands on, in the order in which faults are told best.
import { resolve } from "node:path";
import { type Chain, connect } from "@ftns/chain/connect.ts";
import { openKey } from "@ftns/chain/keys/open.ts";
import type { KeySigner } from "@ftns/chain/keys/signer.ts";
import { type KeyContext, openSecret, openUrl } from "@ftns/service/config/keys.ts";
import { Database } from "@ftns/service/database/database.ts";
import { LocalServer } from "@ftns/service/database/server.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import type { Logger } from "pino";
import { VERIFIER_TABLES } from "./claims/tables.ts";
import type { VerifierConfig } from "./config/schema.ts";

export type Log = Pick<Logger, "info" | "warn" | "error">;

/**
 * The key that signs proofs. One that is read from a file signs in this process at once; one behind a command is asked for each signature.
 */
export const openSigningKey = (config: VerifierConfig, context: KeyContext): Promise<KeySigner> =>
  openKey(config.key, "key", context);

export async function openChain(
  config: VerifierConfig,
  context: KeyContext,
  logger?: Pick<Log, "info" | "warn">,
): Promise<Chain> {
  const rpcUrls = config.chain.rpcUrls.map((url, index) => openUrl(url, `chain.rpcUrls.${index}`, context));
  return connect({ ...config.chain, rpcUrls }, logger);
}

export async function openDatabase({ database }: VerifierConfig, context: KeyContext): Promise<Database> {
  if ("folder" in database) {
    const server = new LocalServer(resolve(context.baseDir, database.folder));
    return Database.open({ server, name: database.name }, VERIFIER_TABLES);
  }
  const url =
    typeof database.url === "string"
      ? database.url
      : openSecret(database.url.env, "database.url", "a connection string", context);
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new ServiceError("database.url holds no connection string.", "It begins with postgres://.");
  context.secrets.add(url);
  return Database.open({ url }, VERIFIER_TABLES);
}

/** Refuses addresses that hold no contract. */
export function requireContracts(chain: Chain, { contracts }: VerifierConfig): Promise<void> {
  const given = Object.entries(contracts).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return chain.requireCode(Object.fromEntries(given.map(([name, address]) => [`contracts.${name}`, address])));
}
