// DOCUMENTATION, RESEARCH and TEACHING: files by hash, and what people say of them.
import { z } from "zod/v4";
import { artefact } from "../common/artefact.ts";
import { address, bytes32 } from "../common/fields.ts";
import { signedAttestations } from "./attestations.ts";
import { signedReviews } from "./reviews.ts";

export const REVIEWED_RULES = {
  /** Of a document that counts. */
  minWords: 150,
  minReviews: { DOCUMENTATION: 1, RESEARCH: 2, TEACHING: 1 },
  minQualityThousandths: 500n,
  /** Confidence 1. */
  enoughReviews: { DOCUMENTATION: 2, RESEARCH: 5, TEACHING: 4 },
  /** An attestation counts for confidence as so many reviews. */
  attestationWeight: 2,
  /** People who have learned that are one unit of teaching. */
  peoplePerUnit: 10,
  maxPeople: 30,
};
export type ReviewedRules = typeof REVIEWED_RULES;

const MB = 2 ** 20;
const common = { contributor: address, parents: z.array(bytes32).max(20).default([]), reviews: signedReviews };
const attestedBy = { ...common, attestations: signedAttestations };

export const reviewedClaim = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("DOCUMENTATION"), ...common, artefacts: z.array(artefact(MB)).min(1).max(10) }).strict(),
  z
    .object({
      kind: z.literal("RESEARCH"),
      ...attestedBy,
      artefacts: z
        .array(artefact(50 * MB))
        .min(1)
        .max(10),
    })
    .strict(),
  z
    .object({
      kind: z.literal("TEACHING"),
      ...attestedBy,
      artefacts: z
        .array(artefact(50 * MB))
        .min(1)
        .max(10),
    })
    .strict(),
]);
export type ReviewedClaim = z.output<typeof reviewedClaim>;
