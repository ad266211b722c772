// What each kind's claim is, and the fingerprint of its work.
import {
  type ComputeClaim,
  computeClaim,
  type DataClaim,
  dataClaim,
  dataProofHash,
  EvidenceFault,
  type ModelClaim,
  modelClaim,
  modelProofHash,
  parseClaim,
  type ReviewedClaim,
  reviewedClaim,
  reviewedProofHash,
  type StorageClaim,
  storageClaim,
  workHash,
} from "@ftns/evidence";

/** In the order of ContributionKind.sol. */
export const KINDS = ["STORAGE", "COMPUTE", "DATA", "GOVERNANCE", "DOCUMENTATION", "MODEL", "RESEARCH", "TEACHING"] as const;

export type Claim = StorageClaim | ComputeClaim | DataClaim | ReviewedClaim | ModelClaim;

const SCHEMAS = {
  STORAGE: storageClaim,
  COMPUTE: computeClaim,
  DATA: dataClaim,
  DOCUMENTATION: reviewedClaim,
  RESEARCH: reviewedClaim,
  TEACHING: reviewedClaim,
  MODEL: modelClaim,
} as const;

export function claimOf(input: { kind: string }): Claim {
  const kind = input.kind as keyof typeof SCHEMAS;
  if (!Object.hasOwn(SCHEMAS, kind)) {
    const words =
      input.kind === "GOVERNANCE" ? "votes need no verifier: VoteProofs takes them" : `there is no kind ${input.kind}`;
    throw new EvidenceFault("SCHEMA", `kind: ${words}`);
  }
  return parseClaim(SCHEMAS[kind], input) as Claim;
}

/** Storage and batches of computation have no files that are theirs for ever: the claim itself is the work. */
export function proofHashOf(claim: Claim, root: string): string {
  switch (claim.kind) {
    case "STORAGE":
    case "COMPUTE":
      return workHash(claim.kind, [root]);
    case "DATA":
      return dataProofHash(claim);
    case "MODEL":
      return modelProofHash(claim);
    default:
      return reviewedProofHash(claim);
  }
}
