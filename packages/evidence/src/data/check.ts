/**
 * What a table is worth: one unit, at a quality of three parts.
 *
 *   completeness = cells that are filled and of their column's type / all cells
 *   accuracy     = lower median of the ratings, 0 for a 1 to 1 for a 5
 *   uniqueness   = rows that are not like another of the table, nor like one seen before / all rows
 *   quality      = 0.3 completeness + 0.4 accuracy + 0.3 uniqueness, each in thousandths and at least 0.5
 *   confidence   = reviews / 5, 1 at most
 */
import { type Artefact, fetchArtefact } from "../common/artefact.ts";
import { confidenceOf, thousandthsDown, type Verdict, WAD, weightedQuality } from "../common/amounts.ts";
import { workHash } from "../common/canonical.ts";
import { EvidenceFault, type FaultCode } from "../common/fault.ts";
import { inThread } from "../common/thread.ts";
import type { Fetcher } from "../fetch/fetcher.ts";
import type { LikenessIndex } from "../likeness/index.ts";
import { rate, type ReviewParts } from "../reviewed/reviews.ts";
import { type Column, DATA_RULES, type DataClaim, type DataRules } from "./claim.ts";
import type { Profile } from "./profile.ts";
import type { Format } from "./rows.ts";

export interface DataParts extends ReviewParts {
  fetch: Fetcher;
  seen: LikenessIndex;
  /** Reads the files of strangers; left out, in a thread of its own. */
  profile?: typeof profileInThread;
}

export interface DataVerdict extends Verdict {
  proofHash: string;
  completeness: bigint;
  accuracy: bigint;
  uniqueness: bigint;
}

const MEMORY_MB = 256;

export const dataProofHash = ({ files }: { files: readonly Pick<Artefact, "sha256">[] }): string =>
  workHash(
    "DATA",
    files.map(({ sha256 }) => sha256),
  );

export async function checkData(claim: DataClaim, parts: DataParts, rules: DataRules = DATA_RULES): Promise<DataVerdict> {
  const proofHash = dataProofHash(claim);
  const { thousandths: accuracy, reviews } = await rate(proofHash, claim.contributor, claim.reviews, rules.minReviews, parts);
  const bytes = claim.files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > rules.maxBytes) throw new EvidenceFault("TOO_LARGE", `${bytes} bytes`);
  const files: Uint8Array[] = [];
  for (const file of claim.files) files.push(await fetchArtefact(file, parts.fetch));

  const profile = await (parts.profile ?? profileInThread)(claim.format, files, claim.columns, rules);
  if (profile.rows < rules.minRows) throw new EvidenceFault("TOO_SMALL", `${profile.rows} of ${rules.minRows} rows`);
  const completeness = thousandthsDown(profile.goodCells, profile.cells);
  const repeated = await parts.seen.repeated(proofHash, profile.signatures);
  const uniqueness = thousandthsDown(repeated.filter((is) => !is).length, profile.rows);
  const refuse = (code: FaultCode, part: string, value: bigint) => {
    if (value < rules.minPartThousandths) throw new EvidenceFault(code, `${part} is ${value} thousandths`);
  };
  refuse("BAD_DATA", "completeness", completeness);
  refuse("BAD_REVIEW", "accuracy", accuracy);
  refuse("SEEN_BEFORE", "uniqueness", uniqueness);
  await parts.seen.add(proofHash, profile.signatures);
  const quality = weightedQuality([
    { thousandths: completeness, weight: 3n },
    { thousandths: accuracy, weight: 4n },
    { thousandths: uniqueness, weight: 3n },
  ]);
  return {
    proofHash,
    completeness,
    accuracy,
    uniqueness,
    units: WAD,
    quality,
    confidence: confidenceOf(reviews, rules.enoughReviews),
    impact: WAD,
  };
}

async function profileInThread(
  format: Format,
  files: Uint8Array[],
  columns: readonly Column[],
  rules: DataRules,
): Promise<Profile> {
  const script = new URL("./worker.ts", import.meta.url);
  const limits = { timeoutMs: rules.readTimeoutMs, memoryMb: MEMORY_MB };
  const answer = await inThread<{ profile: Profile } | { code: FaultCode; detail: string }>(
    script,
    { format, files, columns, rules },
    "BAD_DATA",
    limits,
  );
  if ("code" in answer) throw new EvidenceFault(answer.code, answer.detail);
  return answer.profile;
}
