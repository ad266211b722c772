import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Wallet } from "ethers";
import type { KeyReference } from "@ftns/service/config/fields.ts";
import { type KeyContext, openSecret } from "@ftns/service/config/keys.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { CommandSigner } from "./command.ts";
import type { KeySigner } from "./signer.ts";

/** Opens a key; `field` names the setting in errors. Nothing of the key ever reaches an error. */
export async function openKey(reference: KeyReference, field: string, context: KeyContext): Promise<KeySigner> {
  if ("env" in reference) return walletFromEnv(reference.env, field, context);
  if ("command" in reference) {
    const { command, address, timeoutMs } = reference;
    return new CommandSigner(field, { command, address, timeoutMs, cwd: context.baseDir, env: context.env });
  }

  const path = resolve(context.baseDir, reference.keystore);
  const password = openPassword(reference, field, context);
  const json = readPrivateFile(path, `${field}.keystore`, "keystore file", context);
  try {
    const wallet = await Wallet.fromEncryptedJson(json, password);
    context.secrets.add(wallet.privateKey);
    return new Wallet(wallet.privateKey);
  } catch {
    const holder = "passwordFile" in reference ? reference.passwordFile : reference.passwordEnv;
    throw new ServiceError(
      `${field}.keystore: the keystore file ${path} does not open.`,
      `Check that it is an Ethereum keystore (JSON) and that ${holder} holds its password.`,
    );
  }
}

type Keystore = Extract<KeyReference, { keystore: string }>;

function openPassword(reference: Keystore, field: string, context: KeyContext): string {
  if ("passwordEnv" in reference) {
    return openSecret(reference.passwordEnv, `${field}.passwordEnv`, "the keystore's password", context);
  }
  const path = resolve(context.baseDir, reference.passwordFile);
  // Editors and `echo` end a file with a new line, which is no part of the password.
  const password = readPrivateFile(path, `${field}.passwordFile`, "password file", context).replace(/\r?\n$/, "");
  if (password === "") {
    throw new ServiceError(`${field}.passwordFile: the password file ${path} is empty.`, "Write the password into it.");
  }
  context.secrets.add(password);
  return password;
}

function readPrivateFile(path: string, field: string, what: string, { warn }: KeyContext): string {
  let content: string;
  let mode: number;
  try {
    content = readFileSync(path, "utf8");
    mode = statSync(path).mode;
  } catch {
    throw new ServiceError(`${field}: the ${what} ${path} cannot be read.`, "Check the path and the file's permissions.");
  }
  if (process.platform !== "win32" && (mode & 0o044) !== 0) {
    warn?.(`${field}: the ${what} ${path} can be read by other users of this machine; run: chmod 600 ${path}`);
  }
  return content;
}

function walletFromEnv(name: string, field: string, context: KeyContext): Wallet {
  const value = openSecret(name, field, "a private key", context);
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(value)) {
    throw new ServiceError(
      `${field}: the environment variable ${name} holds no private key (64 hex digits, with or without 0x).`,
      "Correct its value; it is not shown here.",
    );
  }
  const privateKey = value.startsWith("0x") ? value : `0x${value}`;
  context.secrets.add(privateKey);
  try {
    return new Wallet(privateKey);
  } catch {
    throw new ServiceError(
      `${field}: the environment variable ${name} holds 64 hex digits that are no valid key.`,
      "Use another key.",
    );
  }
}
