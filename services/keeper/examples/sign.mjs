#!/usr/bin/env node
// An example of a signing command: {"command": ["services/keeper/examples/sign.mjs", "key.json", "password-file"], "address": "0x..."}.
// It never signs blindly: it works the digest out of what it is shown, and refuses what it does not know. To use a vault
// or an HSM, replace `keyOf` by a call to it; r and s are enough for an answer (64 bytes), the recovery bit is not needed.
import { readFileSync } from "node:fs";
import { Transaction, TypedDataEncoder, Wallet } from "ethers";

/** The most that one of our transactions may offer for gas, in wei: a thief of the keeper's machine gets no more. */
const MOST_FOR_GAS = 10n ** 17n;

const [keystore, passwordFile] = process.argv.slice(2);
const request = JSON.parse(readFileSync(0, "utf8"));
const digest = digestOf(request);
if (digest !== request.digest) throw new Error("the digest is not that of what I was shown");
console.log(JSON.stringify({ signature: (await keyOf(request.address)).sign(digest).serialized }));

function digestOf({ kind, transaction, typedData }) {
  if (kind === "transaction") {
    if (BigInt(transaction.value) !== 0n) throw new Error("a keeper never sends coins");
    if (BigInt(transaction.gasLimit) * BigInt(transaction.maxFeePerGas) > MOST_FOR_GAS) throw new Error("too expensive");
    return Transaction.from(transaction).unsignedHash;
  }
  if (kind !== "typed-data") throw new Error(`unknown kind ${kind}`);
  const { domain, types, primaryType, message } = typedData;
  if (primaryType !== "MarketReport") throw new Error("only market reports are signed here");
  const { EIP712Domain: _, ...structs } = types;
  return TypedDataEncoder.hash(domain, structs, message);
}

async function keyOf(address) {
  const password = readFileSync(passwordFile, "utf8").trimEnd();
  const wallet = await Wallet.fromEncryptedJson(readFileSync(keystore, "utf8"), password);
  if (wallet.address !== address) throw new Error("this is not my address");
  return wallet.signingKey;
}
