import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Wallet } from "ethers";
import { KeeperError } from "../errors.ts";
import type { Secrets } from "../secrets.ts";
import type { KeyReference, UrlReference } from "./fields.ts";

export interface KeyContext {
  env: NodeJS.ProcessEnv;
  baseDir: string;
  secrets: Secrets;
}

/** Opens a key; `field` names the setting in errors. Nothing of the key ever reaches an error. */
export async function openKey(reference: KeyReference, field: string, context: KeyContext): Promise<Wallet> {
  if ("env" in reference) return walletFromEnv(reference.env, field, context);

  const path = resolve(context.baseDir, reference.keystore);
  const password = openSecret(reference.passwordEnv, `${field}.passwordEnv`, "the keystore's password", context);
  let json: string;
  try {
    json = readFileSync(path, "utf8");
  } catch {
    throw new KeeperError(
      `${field}.keystore: the keystore file ${path} cannot be read.`,
      "Check the path and the file's permissions.",
    );
  }
  try {
    const wallet = await Wallet.fromEncryptedJson(json, password);
    context.secrets.add(wallet.privateKey);
    return new Wallet(wallet.privateKey);
  } catch {
    throw new KeeperError(
      `${field}.keystore: the keystore file ${path} does not open.`,
      `Check that it is an Ethereum keystore (JSON) and that ${reference.passwordEnv} holds its password.`,
    );
  }
}

/** A URL as written, or from the environment, where it counts as a secret. */
export function openUrl(reference: UrlReference, field: string, context: KeyContext): string {
  if (typeof reference === "string") return reference;
  const url = openSecret(reference.env, field, "a URL", context);
  if (!/^https?:\/\/[^\s/]/.test(url)) {
    throw new KeeperError(
      `${field}: the environment variable ${reference.env} holds no http:// or https:// URL.`,
      "Set it to one.",
    );
  }
  return url;
}

function walletFromEnv(name: string, field: string, context: KeyContext): Wallet {
  const value = openSecret(name, field, "a private key", context);
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(value)) {
    throw new KeeperError(
      `${field}: the environment variable ${name} holds no private key (64 hex digits, with or without 0x).`,
      "Correct its value; it is not shown here.",
    );
  }
  const privateKey = value.startsWith("0x") ? value : `0x${value}`;
  context.secrets.add(privateKey);
  try {
    return new Wallet(privateKey);
  } catch {
    throw new KeeperError(
      `${field}: the environment variable ${name} holds 64 hex digits that are no valid key.`,
      "Use another key.",
    );
  }
}

/** The value of an environment variable, remembered as a secret. */
export function openSecret(name: string, field: string, what: string, { env, secrets }: KeyContext): string {
  const value = env[name]?.trim();
  if (!value) {
    throw new KeeperError(
      `${field}: the environment variable ${name}, which should hold ${what}, is not set.`,
      `Set it before starting, for example: ${name}=... npm run keeper -- --config <file>`,
    );
  }
  secrets.add(value);
  return value;
}
