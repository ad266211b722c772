// A claim as the database has it.
import type { Figures } from "@ftns/evidence";
import type { Contribution } from "@ftns/sdk";
import type { SubmitBody } from "../api/bodies.ts";

export type ClaimState = "new" | "challenged" | "measured" | "refused";

export interface ClaimRecord {
  root: string;
  proofHash: string;
  kind: string;
  contributor: string;
  /** Absent once it is refused. */
  body: SubmitBody | undefined;
  state: ClaimState;
  gathers: boolean;
  announcedAt: number;
  dueAt: number;
  bytes: number | undefined;
  figures: Figures | undefined;
  measuredAt: number | undefined;
  code: string | undefined;
  detail: string | undefined;
  proof: Proof | undefined;
}

export interface Attestation {
  signer: string;
  signature: string;
}

/** What the registry takes: a contribution with enough signatures, and the reviews that its kind needs. */
export interface Proof {
  contribution: Contribution;
  attestations: Attestation[];
  reviews: { review: { proofHash: string; reviewer: string; rating: number; reviewedAt: number }; signature: string }[];
}

/** One verifier's word. */
export interface Signed {
  contribution: Contribution;
  digest: string;
  signature: string;
}

/** Numbers as decimal text, so that JSON loses none. */
export type Plain<T> = T extends bigint
  ? string
  : T extends readonly (infer One)[]
    ? Plain<One>[]
    : T extends object
      ? { [Name in keyof T]: Plain<T[Name]> }
      : T;

export function plain<T>(value: T): Plain<T> {
  return JSON.parse(JSON.stringify(value, (_name, one: unknown) => (typeof one === "bigint" ? one.toString() : one))) as Plain<T>;
}

const NUMBERS = ["kind", "units", "quality", "confidence", "impact", "observedAt", "expiresAt"] as const;

/** A contribution from its plain form. */
export function contributionOf(given: Plain<Contribution>): Contribution {
  return { ...given, ...Object.fromEntries(NUMBERS.map((name) => [name, BigInt(given[name])])) } as unknown as Contribution;
}

export interface ClaimRow {
  root: string;
  proof_hash: string;
  kind: string;
  contributor: string;
  body: SubmitBody | null;
  state: ClaimState;
  gathers: boolean;
  announced_at: string;
  due_at: string;
  bytes: string | null;
  units: string | null;
  quality: string | null;
  confidence: string | null;
  measured_at: string | null;
  code: string | null;
  detail: string | null;
  proof: Plain<Proof> | null;
}

export function recordOf(row: ClaimRow): ClaimRecord {
  const { units, quality, confidence, proof } = row;
  return {
    root: row.root,
    proofHash: row.proof_hash,
    kind: row.kind,
    contributor: row.contributor,
    body: row.body ?? undefined,
    state: row.state,
    gathers: row.gathers,
    announcedAt: Number(row.announced_at),
    dueAt: Number(row.due_at),
    bytes: row.bytes === null ? undefined : Number(row.bytes),
    figures:
      units === null || quality === null || confidence === null
        ? undefined
        : { units: BigInt(units), quality: BigInt(quality), confidence: BigInt(confidence) },
    measuredAt: row.measured_at === null ? undefined : Number(row.measured_at),
    code: row.code ?? undefined,
    detail: row.detail ?? undefined,
    proof: proof === null ? undefined : { ...proof, contribution: contributionOf(proof.contribution) },
  };
}
