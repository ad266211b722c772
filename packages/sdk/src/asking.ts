/** What people sign around a proof, and no contract ever reads: a contributor asks verifiers, a verifier asks another one. */
import { TypedDataEncoder } from "ethers";
import type { SigningPlace, TypedDataSigner } from "./signing.ts";

/** A contributor asks verifiers to look at evidence. */
export const SUBMIT_PROOF_TYPES = {
  SubmitProof: [
    { name: "contributor", type: "address" },
    { name: "evidenceRoot", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export interface SubmitProof {
  contributor: string;
  /** Digest of the claim. */
  evidenceRoot: string;
  /** Any number that the contributor has not used; the same one again gets the same answer. */
  nonce: bigint;
  /** Last second (UTC) in which a verifier takes it. */
  deadline: bigint;
}

/** A verifier asks another one for its signature, and is known by it. */
export const ASK_TYPES = {
  Ask: [
    { name: "asker", type: "address" },
    { name: "digest", type: "bytes32" },
    { name: "deadline", type: "uint256" },
  ],
};

export interface Ask {
  asker: string;
  /** What is to be signed: `hashContribution`. */
  digest: string;
  /** Seconds. */
  deadline: bigint;
}

/** Apart from the registry's own domain, so that nothing signed here can be taken for what the registry reads. */
export function evidenceDomain(place: SigningPlace) {
  return { name: "FTNS Evidence", version: "1", ...place };
}

/** A contributor asks verifiers to look at its evidence; `place` names the registry. */
export function signSubmitProof(signer: TypedDataSigner, place: SigningPlace, request: SubmitProof): Promise<string> {
  return signer.signTypedData(evidenceDomain(place), SUBMIT_PROOF_TYPES, { ...request });
}

/** A verifier asks another one for its signature. */
export function signAsk(signer: TypedDataSigner, place: SigningPlace, ask: Ask): Promise<string> {
  return signer.signTypedData(evidenceDomain(place), ASK_TYPES, { ...ask });
}

/** The digest that a contributor signs to ask verifiers. */
export function hashSubmitProof(place: SigningPlace, request: SubmitProof): string {
  return TypedDataEncoder.hash(evidenceDomain(place), SUBMIT_PROOF_TYPES, request);
}

/** The digest that a verifier signs to ask another one. */
export function hashAsk(place: SigningPlace, ask: Ask): string {
  return TypedDataEncoder.hash(evidenceDomain(place), ASK_TYPES, ask);
}
