// What is sent and answered, as schemas: requests are checked by them, and the OpenAPI document is made of them.
import { computeClaim, dataClaim, FAULT_CODES, modelClaim, reviewedClaim, storageClaim } from "@ftns/evidence";
import { z } from "zod/v4";

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`, "i"), `is not ${bytes} bytes in hex`);
export const bytes32 = hex(32).transform((text) => text.toLowerCase());
export const account = hex(20);
const signature = z.string().regex(/^0x([0-9a-f]{2}){1,2048}$/i, "is not a signature");
/** Larger than JSON's numbers can be. */
const whole = z.string().regex(/^\d{1,78}$/, "is not a whole number as decimal text");
const seconds = z.number().int().min(0).max(10_000_000_000);

/** Only its kind is looked at here; its own schema judges the rest, with codes of its own. */
const anyClaim = z.looseObject({ kind: z.string().max(20), contributor: z.string().max(42) });

export const submitBody = z.strictObject({
  claim: anyClaim.describe("The evidence: see the schemas of the kinds"),
  request: z
    .strictObject({
      contributor: account,
      evidenceRoot: bytes32.describe("Keccak-256 of the claim as canonical JSON"),
      nonce: whole.describe("Any number that the contributor has not used"),
      deadline: seconds.describe("Last second in which it is taken; at most a day ahead"),
    })
    .describe("SubmitProof, as it was signed"),
  signature: signature.describe("Of the contributor under the request (EIP-712, domain FTNS Evidence)"),
});
export type SubmitBody = z.output<typeof submitBody>;

export const contribution = z.strictObject({
  contributor: account,
  kind: whole,
  proofHash: bytes32,
  units: whole,
  quality: whole,
  confidence: whole,
  impact: whole,
  observedAt: whole,
  expiresAt: whole,
  evidenceRoot: bytes32,
  evidenceURI: z.string().max(500),
});

const attestation = z.strictObject({ signer: account, signature });
const signedReview = z.strictObject({
  review: z.strictObject({ proofHash: bytes32, reviewer: account, rating: z.number().int(), reviewedAt: seconds }),
  signature,
});

export const proof = z
  .strictObject({
    contribution,
    attestations: z.array(attestation).describe("In the order that the registry asks for"),
    reviews: z.array(signedReview).describe("Those that the kind needs, in the order that the registry asks for"),
  })
  .describe("What ContributorRegistry.submit takes");

export const signedByUs = z
  .strictObject({ contribution, digest: bytes32, signature })
  .describe("What this verifier signed: it signs nothing else for this proof");

const code = z.string().describe(`One of ${Object.keys(FAULT_CODES).join(", ")}`);

export const proofAnswer = z.strictObject({
  proof_id: bytes32.describe("The proof's hash"),
  evidence_root: bytes32,
  kind: z.string(),
  contributor: account,
  state: z
    .enum(["checking", "waiting", "gathering", "complete", "refused"])
    .describe("waiting: for the time that the claim is about; gathering: checked here, and other verifiers are asked"),
  due_at: seconds.optional().describe("When it goes on, of waiting"),
  contribution_value: z.string().optional().describe("FTNS, once it is checked"),
  quality_score: z.number().optional().describe("0 to 1, once it is checked"),
  verification_confidence: z.number().optional().describe("0 to 1, once it is checked"),
  new_contributor_status: z.enum(["none", "basic", "active", "power"]).optional().describe("Tier of the contributor today"),
  code: code.optional(),
  detail: z.string().optional().describe("Why it was refused, or what it waits for"),
  signed: signedByUs.optional(),
  proof: proof.optional(),
});
export type ProofAnswer = z.input<typeof proofAnswer>;

export const errorAnswer = z.strictObject({ code: z.string(), error: z.string() });

const perKind = z.strictObject({
  kind: z.string(),
  score: z.string().describe("Sum of value times quality, FTNS"),
  proofs: z.number().int(),
});
const counted = z.strictObject({
  kind: z.string(),
  proof_id: bytes32.optional(),
  value: z.string(),
  quality: z.number(),
  counts_until: z.string().describe("Last day (UTC date of its start) on which it counts"),
});

export const statusAnswer = z.strictObject({
  contributor: account,
  contributor_tier: z.enum(["none", "basic", "active", "power"]),
  contribution_score: z.string().describe("FTNS"),
  last_contribution: z.string().nullable().describe("Date of the latest proof's day"),
  can_earn_ftns: z.boolean(),
  earning_multiplier: z.number(),
  grace_period_expires: z.string().nullable().describe("Time, while newcomers' grace runs"),
  average_quality: z.number(),
  diversity_bonus: z.number(),
  tier_lasts_until: z
    .strictObject({ basic: z.string().nullable(), active: z.string().nullable(), power: z.string().nullable() })
    .describe("Last day (UTC date of its start) of each tier if nothing more is contributed"),
  next_tier: z
    .strictObject({ tier: z.enum(["basic", "active", "power"]), missing_score: z.string(), missing_quality: z.number() })
    .nullable()
    .describe("What is missing for it; null at the top"),
  score_by_kind: z.array(perKind),
  counting: z.array(counted).describe("What counts today, and until when; the latest 200"),
  complete: z.boolean().describe("Whether everything that counts could be found in the chain's events"),
  block: z.number().int(),
});
export type StatusAnswer = z.input<typeof statusAnswer>;

export const relayBody = z.strictObject({
  consent: z.strictObject({ contributionHash: bytes32, submitter: account, deadline: whole }),
  signature,
});
export const relayAnswer = z.strictObject({ hash: bytes32, block: z.number().int() });

// Between verifiers
export const peerClaimAnswer = z.strictObject({
  root: bytes32,
  state: z.enum(["new", "challenged", "measured", "refused"]),
  figures: z.strictObject({ units: whole, quality: whole, confidence: whole }).optional(),
  code: code.optional(),
  signed: signedByUs.optional(),
});
export const standingAnswer = z.strictObject({
  busy: z.boolean().describe("Whether a content of the proof is being signed just now"),
  signed: signedByUs.optional(),
});
export const askBody = z.strictObject({
  contribution,
  ask: z.strictObject({ asker: account, digest: bytes32, deadline: seconds }),
  signature: signature.describe("Of the asker under the ask (EIP-712, domain FTNS Evidence)"),
});
export const askAnswer = z.strictObject({ signature });
export const askRefusal = errorAnswer.extend({ signed: signedByUs.optional() });

export const CLAIM_SCHEMAS = {
  StorageClaim: storageClaim,
  ComputeClaim: computeClaim,
  DataClaim: dataClaim,
  ReviewedClaim: reviewedClaim,
  ModelClaim: modelClaim,
};
