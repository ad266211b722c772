// What institutions and graders that governance registered say of a work.
import { evidenceDomain, type SigningPlace } from "@ftns/sdk";
import { TypedDataEncoder } from "ethers";
import { z } from "zod/v4";
import { EvidenceFault } from "../common/fault.ts";
import { address, seconds, signature } from "../common/fields.ts";
import { isSignedBy, type SignatureParts } from "./reviews.ts";

const MAX_AGE_SEC = 90 * 86_400;

export const ATTESTATION_TYPES = {
  Attestation: [
    { name: "proofHash", type: "bytes32" },
    { name: "contributor", type: "address" },
    { name: "attester", type: "address" },
    { name: "score", type: "uint16" },
    { name: "people", type: "uint32" },
    { name: "attestedAt", type: "uint256" },
  ],
};

export { evidenceDomain };

export const signedAttestations = z
  .array(
    z
      .object({
        attester: address,
        /** Thousandths. */
        score: z.number().int().min(0).max(1_000),
        /** Who has learned; 0 where nobody is taught. */
        people: z.number().int().min(0).max(10_000),
        attestedAt: seconds,
        signature,
      })
      .strict(),
  )
  .max(10);
export type SignedAttestation = z.output<typeof signedAttestations>[number];

export type AttesterRole = "INSTITUTION" | "GRADER";

export interface AttestationParts extends SignatureParts {
  /** What governance registered an account as. */
  roleOf(account: string): Promise<AttesterRole | undefined>;
}

export interface Attested {
  /** Lower median. */
  thousandths: bigint;
  /** The least that anyone says. */
  people: number;
  attestations: number;
}

export function attestationDigest(
  place: SigningPlace,
  proofHash: string,
  contributor: string,
  { attester, score, people, attestedAt }: Omit<SignedAttestation, "signature">,
): string {
  const value = { proofHash, contributor, attester, score, people, attestedAt };
  return TypedDataEncoder.hash(evidenceDomain(place), ATTESTATION_TYPES, value);
}

export async function attested(
  proofHash: string,
  author: string,
  attestations: readonly SignedAttestation[],
  role: AttesterRole,
  parts: AttestationParts,
): Promise<Attested> {
  const attesters = new Set<string>();
  for (const one of attestations) {
    const refuse = (why: string) => new EvidenceFault("BAD_ATTESTATION", `${one.attester} ${why}`);
    if (one.attester === author) throw refuse("is the author");
    if (attesters.has(one.attester)) throw refuse("attested twice");
    attesters.add(one.attester);
    if (one.attestedAt > parts.now) throw refuse("attested in the future");
    if (one.attestedAt < parts.now - MAX_AGE_SEC) throw refuse("attested more than 90 days ago");
    const digest = attestationDigest(parts.place, proofHash, author, one);
    if (!(await isSignedBy(one.attester, digest, one.signature, parts))) throw refuse("did not sign this");
    if ((await parts.roleOf(one.attester)) !== role) throw refuse(`is not registered as ${role}`);
  }
  if (attestations.length === 0) throw new EvidenceFault("NOT_ENOUGH_ATTESTATIONS", `none of role ${role}`);
  const scores = attestations.map(({ score }) => score).sort((a, b) => a - b);
  return {
    thousandths: BigInt(scores[(scores.length - 1) >> 1]!),
    people: Math.min(...attestations.map(({ people }) => people)),
    attestations: attestations.length,
  };
}
