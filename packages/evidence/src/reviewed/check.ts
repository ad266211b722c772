/**
 * What documents, research and teaching are worth.
 *
 *   DOCUMENTATION  units = documents of 150 words or more that are like none before; quality = 0.6 ratings + 0.4 new documents / all
 *   RESEARCH       units = 1; quality = 0.5 ratings + 0.5 institutions' score
 *   TEACHING       units = people who have learned / 10, 3 at most; quality = 0.3 ratings + 0.7 graders' score
 *   confidence     = (reviews + 2 attestations) / 2, 5 and 4, 1 at most
 *
 * Ratings and scores are lower medians. A quality below 0.5 is refused.
 */
import { type Artefact, fetchArtefact, type WorkBook } from "../common/artefact.ts";
import { confidenceOf, THOUSANDTH, thousandthsDown, type Verdict, WAD, weightedQuality } from "../common/amounts.ts";
import { workHash } from "../common/canonical.ts";
import { EvidenceFault, faulty } from "../common/fault.ts";
import type { Fetcher } from "../fetch/fetcher.ts";
import type { LikenessIndex } from "../likeness/index.ts";
import { PLACES, signInto, tokensOfText, wordsOf } from "../likeness/minhash.ts";
import { attested, type AttestationParts } from "./attestations.ts";
import { REVIEWED_RULES, type ReviewedClaim, type ReviewedRules } from "./claim.ts";
import { rate, type ReviewParts } from "./reviews.ts";

export interface ReviewedParts extends ReviewParts, AttestationParts {
  fetch: Fetcher;
  /** Documents seen. */
  seen: LikenessIndex;
  /** Files of research and teaching that were handed in. */
  works: WorkBook;
}

export interface ReviewedVerdict extends Verdict {
  proofHash: string;
}

export const reviewedProofHash = ({
  kind,
  artefacts,
}: {
  kind: string;
  artefacts: readonly Pick<Artefact, "sha256">[];
}): string =>
  workHash(
    kind,
    artefacts.map(({ sha256 }) => sha256),
  );

export async function checkReviewed(
  claim: ReviewedClaim,
  parts: ReviewedParts,
  rules: ReviewedRules = REVIEWED_RULES,
): Promise<ReviewedVerdict> {
  const proofHash = reviewedProofHash(claim);
  const names = claim.artefacts.map(({ sha256 }) => sha256);
  if (new Set(names).size < names.length) throw new EvidenceFault("SCHEMA", "artefacts: a file twice");
  const rated = await rate(proofHash, claim.contributor, claim.reviews, rules.minReviews[claim.kind], parts);
  const said = await judge(claim, proofHash, parts);
  const files: Uint8Array[] = [];
  for (const artefact of claim.artefacts) files.push(await fetchArtefact(artefact, parts.fetch));

  const result = said === undefined ? await documents(files, proofHash, parts, rules) : opinions(claim.kind, said, rules);
  const quality = weightedQuality([
    { thousandths: rated.thousandths, weight: result.ratingsWeight },
    { thousandths: result.thousandths, weight: 10n - result.ratingsWeight },
  ]);
  if (quality < rules.minQualityThousandths * THOUSANDTH)
    throw new EvidenceFault("BAD_REVIEW", `quality is ${quality / THOUSANDTH} thousandths`);
  if (!(await parts.works.take(proofHash, names))) throw new EvidenceFault("SEEN_BEFORE", "a file belongs to another claim");
  await result.remember?.();
  const voices = rated.reviews + (said?.attestations ?? 0) * rules.attestationWeight;
  return {
    proofHash,
    units: result.units,
    quality,
    confidence: confidenceOf(voices, rules.enoughReviews[claim.kind]),
    impact: WAD,
  };
}

interface Part {
  units: bigint;
  thousandths: bigint;
  /** Tenths; the rest is of `thousandths`. */
  ratingsWeight: bigint;
  remember?: () => Promise<void>;
}

type Said = Awaited<ReturnType<typeof attested>>;

async function judge(claim: ReviewedClaim, proofHash: string, parts: ReviewedParts): Promise<Said | undefined> {
  if (claim.kind === "DOCUMENTATION") return undefined;
  const role = claim.kind === "RESEARCH" ? "INSTITUTION" : "GRADER";
  return attested(proofHash, claim.contributor, claim.attestations, role, parts);
}

async function documents(
  files: readonly Uint8Array[],
  proofHash: string,
  { seen }: ReviewedParts,
  rules: ReviewedRules,
): Promise<Part> {
  const signatures = new Uint32Array(files.length * PLACES);
  const isLong = files.map((bytes, index) => {
    const text = faulty("BAD_DATA", () => new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    signInto(signatures.subarray(index * PLACES, (index + 1) * PLACES), tokensOfText(text));
    // Words that are said again and again are no text.
    return new Set(wordsOf(text)).size * 3 >= rules.minWords && wordsOf(text).length >= rules.minWords;
  });
  const repeated = await seen.repeated(proofHash, signatures);
  const fresh = isLong.filter((long, index) => long && !repeated[index]).length;
  if (!isLong.some((long) => long)) throw new EvidenceFault("TOO_SMALL", `no document has ${rules.minWords} words`);
  if (fresh === 0) throw new EvidenceFault("SEEN_BEFORE", "every document is like another one");
  return {
    units: BigInt(fresh) * WAD,
    thousandths: thousandthsDown(fresh, files.length),
    ratingsWeight: 6n,
    remember: () => seen.add(proofHash, signatures),
  };
}

function opinions(kind: ReviewedClaim["kind"], { thousandths, people }: Said, rules: ReviewedRules): Part {
  if (kind === "RESEARCH") return { units: WAD, thousandths, ratingsWeight: 5n };
  if (people < 1) throw new EvidenceFault("TOO_SMALL", "nobody has learned");
  const counted = BigInt(Math.min(people, rules.maxPeople));
  return { units: (counted * WAD) / BigInt(rules.peoplePerUnit), thousandths, ratingsWeight: 3n };
}
