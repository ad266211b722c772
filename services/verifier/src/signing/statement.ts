// What a verifier says of a claim, and what of others' words it can say too.
import { canSign, type Figures } from "@ftns/evidence";
import type { Contribution } from "@ftns/sdk";
import { getAddress } from "ethers";
import type { ClaimRecord } from "../claims/record.ts";
import { KINDS } from "../claims/kinds.ts";

const WAD = 10n ** 18n;
const DAY_SEC = 86_400;
/** The registry refuses an observation that is more than 7 days old; a word that is good for longer would say nothing. */
export const VALID_SEC = 7 * DAY_SEC;
/** Clocks of verifiers may differ by so much, and their blocks. */
const SKEW_SEC = 60;
/** Verifiers look at different times: so far may theirs lie from ours. */
const APART_SEC = DAY_SEC;
const EVIDENCE_PATH = "/api/v1/evidence/";

/** Where a claim can be read. */
export const evidenceAt = (base: string, root: string): string => `${base}${EVIDENCE_PATH}${root}`;

/** The contribution that follows from what was measured. */
export function statementOf(claim: ClaimRecord, figures: Figures, observedAt: number, evidenceURI: string): Contribution {
  return {
    contributor: claim.contributor,
    kind: BigInt(KINDS.indexOf(claim.kind as (typeof KINDS)[number])),
    proofHash: claim.proofHash,
    units: figures.units,
    quality: figures.quality,
    confidence: figures.confidence,
    impact: WAD,
    observedAt: BigInt(observedAt),
    expiresAt: BigInt(observedAt + VALID_SEC),
    evidenceRoot: claim.root,
    evidenceURI,
  };
}

/** Why `said` cannot be signed by who has checked `own`; undefined if it can. */
export function objectionTo(said: Contribution, own: ClaimRecord, now: number): string | undefined {
  if (own.state !== "measured" || own.figures === undefined || own.measuredAt === undefined) return "it is not checked here";
  const expected = statementOf(own, said, Number(said.observedAt), said.evidenceURI);
  for (const name of ["kind", "proofHash", "impact", "evidenceRoot"] as const)
    if (said[name] !== expected[name]) return `${name} is ${said[name]}, and ${expected[name]} here`;
  if (getAddress(said.contributor) !== own.contributor) return `the contributor is ${own.contributor}`;
  if (!canSign(said, own.figures)) {
    const words = (["units", "quality", "confidence"] as const).map(
      (name) => `${name} ${said[name]} where ${own.figures![name]} were found`,
    );
    return `the numbers are above what was found here, or more than 5 % below: ${words.join(", ")}`;
  }
  const observedAt = Number(said.observedAt);
  if (observedAt > now + SKEW_SEC) return "it is observed in the future";
  if (Math.abs(observedAt - own.measuredAt) > APART_SEC) return "it is observed more than a day from when it was here";
  const expiresAt = Number(said.expiresAt);
  if (expiresAt <= now) return "it is over";
  // Shorter, it could bind us to a statement that is over before anybody can use it.
  if (expiresAt !== observedAt + VALID_SEC) return "it is not good for exactly 7 days";
  const uri = said.evidenceURI;
  if (uri.length > 500 || !/^https?:\/\/[^\s]+$/.test(uri) || !uri.endsWith(EVIDENCE_PATH + own.root))
    return "its evidenceURI does not lead to the claim";
  return undefined;
}
