import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Wallet, encryptKeystoreJson } from "ethers";
import { ServiceError } from "@ftns/service/errors.ts";

/** Shorter passwords can be guessed by whoever gets hold of the file. */
const MIN_PASSWORD_LENGTH = 12;

/** Of scrypt, as wallets have it. */
const USUAL_COST = 131_072;

/**
 * Makes a new key and writes it, encrypted with the password in `passwordFile`, to `file`, readable by its owner alone. An existing
 * file is never replaced. Gives the key's address; the key itself is nowhere but in the file. `scryptN` is the cost of
 * opening it, and only smaller than usual in tests.
 */
export async function createKey(file: string, passwordFile: string, scryptN = USUAL_COST): Promise<string> {
  return writeKey(Wallet.createRandom(), file, passwordFile, scryptN);
}

/** The same with a key that exists already: 32 bytes in hex, or a recovery phrase, whose first account is meant. */
export async function importKey(secret: string, file: string, passwordFile: string, scryptN = USUAL_COST): Promise<string> {
  return writeKey(walletOf(secret.trim()), file, passwordFile, scryptN);
}

/** What was given is never repeated: it may be a key with one wrong letter. */
function walletOf(secret: string): Pick<Wallet, "address" | "privateKey"> {
  try {
    if (/\s/.test(secret)) return Wallet.fromPhrase(secret.split(/\s+/).join(" "));
    return new Wallet(secret.startsWith("0x") ? secret : `0x${secret}`);
  } catch {
    throw new ServiceError(
      "What was given is no key.",
      "Give 64 digits in hex (0x may stand before them), or a recovery phrase of 12 to 24 English words.",
    );
  }
}

async function writeKey(
  { address, privateKey }: Pick<Wallet, "address" | "privateKey">,
  file: string,
  passwordFile: string,
  scryptN: number,
): Promise<string> {
  const password = readPassword(resolve(passwordFile));
  const keystore = await encryptKeystoreJson({ address, privateKey }, password, { scrypt: { N: scryptN, r: 8, p: 1 } });
  try {
    writeFileSync(resolve(file), `${keystore}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new ServiceError(
      `The keystore ${file} ${taken ? "exists already" : "cannot be written"}.`,
      taken ? "Choose another name: it may be the only copy of a key." : "Check that its folder exists and may be written to.",
    );
  }
  return address;
}

function readPassword(path: string): string {
  let password: string;
  try {
    password = readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch {
    throw new ServiceError(`The password file ${path} cannot be read.`, "Make one: openssl rand -base64 24 > keystore.password");
  }
  if (password.length >= MIN_PASSWORD_LENGTH) return password;
  throw new ServiceError(
    `The password in ${path} has fewer than ${MIN_PASSWORD_LENGTH} characters.`,
    "Make a better one: openssl rand -base64 24 > keystore.password",
  );
}
