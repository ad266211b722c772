import { hashContribution, type SigningPlace } from "@ftns/sdk";
import { getAddress, recoverAddress } from "ethers";
import { contributionOf, type Plain, type Signed } from "../claims/record.ts";

/** Whether `signature` is the key's of `address` under `digest`. */
export function isKeySignature(address: string, digest: string, signature: string): boolean {
  try {
    return recoverAddress(digest, signature) === getAddress(address);
  } catch {
    return false;
  }
}

/** What `signer` says that it signed, if it did. */
export function provenOf(given: Plain<Signed> | undefined, signer: string, place: SigningPlace): Signed | undefined {
  if (given === undefined) return undefined;
  const contribution = contributionOf(given.contribution);
  const digest = hashContribution(place, contribution);
  return isKeySignature(signer, digest, given.signature) ? { contribution, digest, signature: given.signature } : undefined;
}
