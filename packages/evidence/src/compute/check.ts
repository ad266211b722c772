/**
 * Draws a sample of a batch after its root is fixed, and does those units again. One wrong result refuses the batch.
 *
 *   units      = number of units * mean instructions in the sample / 10^12 * benchmark score
 *   quality    = benchmark score, 1 at most, in thousandths
 *   confidence = 0.95
 */
import { createHash } from "node:crypto";
import { verifyProof } from "@ftns/merkle";
import { THOUSANDTH, type Verdict, WAD } from "../common/amounts.ts";
import { Draw } from "../common/draw.ts";
import { EvidenceFault } from "../common/fault.ts";
import { parseClaim } from "../common/fields.ts";
import type { Fetcher } from "../fetch/fetcher.ts";
import { COMPUTE_RULES, type ComputeClaim, type ComputeRules, type Opening, opening } from "./claim.ts";
import { type RunLimits, type Runner, RUN_LIMITS } from "./runner.ts";

/** Work that governance or whoever pays for it has registered. */
export interface Job {
  /** As its SHA-256, which the job's name stands for, was checked. */
  module: Uint8Array;
  input: Uint8Array;
  /** Units are numbered from 0. */
  units: number;
  budget: bigint;
}

export interface ComputeParts {
  jobOf(job: string): Promise<Job | undefined>;
  open(claim: ComputeClaim, unit: number): Promise<Opening>;
  /** Takes the units from `first` on for `claim` in one step; false if another claim has one of them. */
  take(claim: string, job: string, first: number, units: number): Promise<boolean>;
  run: Runner;
  limits?: RunLimits;
}

const CONFIDENCE = (WAD * 95n) / 100n;

export async function checkCompute(
  claim: ComputeClaim,
  root: string,
  seed: Uint8Array,
  scoreThousandths: bigint,
  parts: ComputeParts,
  rules: ComputeRules = COMPUTE_RULES,
): Promise<Verdict> {
  const job = await parts.jobOf(claim.job);
  if (job === undefined) throw new EvidenceFault("UNKNOWN_JOB", claim.job);
  if (claim.first + claim.units > job.units) throw new EvidenceFault("UNKNOWN_JOB", `it has ${job.units} units`);
  if (scoreThousandths < 1n) throw new EvidenceFault("BENCHMARK_FAILED", "the score is 0");

  const sample = sampleOf(claim, seed, rules);
  const openings = new Map<number, Opening>();
  for (const unit of sample) {
    const opened = await parts.open(claim, unit);
    if (!(await verifyProof(claim.resultsRoot, resultLeaf(unit, opened.digest), opened.proof))) {
      throw new EvidenceFault("BAD_PROOF", `unit ${unit}`);
    }
    openings.set(unit, opened);
  }
  const limits = { ...(parts.limits ?? RUN_LIMITS), budget: job.budget };
  const results = await parts.run(job.module, job.input, sample, limits);
  let instructions = 0n;
  for (const [index, unit] of sample.entries()) {
    const result = results[index]!;
    if (!result.ok) throw new EvidenceFault(result.code, `unit ${unit}: ${result.detail}`);
    if (outputDigest(result.output) !== openings.get(unit)!.digest) throw new EvidenceFault("WRONG_RESULT", `unit ${unit}`);
    instructions += result.instructions;
  }
  // Last, so that a refused batch takes no unit from others.
  if (!(await parts.take(root, claim.job, claim.first, claim.units)))
    throw new EvidenceFault("SEEN_BEFORE", `units from ${claim.first} on`);
  const score = scoreThousandths < rules.maxScoreThousandths ? scoreThousandths : rules.maxScoreThousandths;
  const whole = BigInt(claim.units) * instructions * score * THOUSANDTH;
  const units = whole / (BigInt(sample.length) * rules.instructionsPerWorkUnit);
  if (units === 0n)
    throw new EvidenceFault("TOO_SMALL", `${claim.units} units of ${instructions / BigInt(sample.length)} instructions`);
  return { units, quality: (score < 1_000n ? score : 1_000n) * THOUSANDTH, confidence: CONFIDENCE, impact: WAD };
}

/** Units that are done again; all of a small batch. */
export function sampleOf({ first, units }: ComputeClaim, seed: Uint8Array, { sample }: ComputeRules): number[] {
  return new Draw(seed, "compute").sample(Math.min(sample, units), units).map((index) => first + index);
}

/** What a batch's tree has for a unit. */
export function resultLeaf(unit: number, digest: string): Uint8Array {
  const leaf = Buffer.alloc(64);
  leaf.writeBigUInt64BE(BigInt(unit), 24);
  leaf.write(digest.slice(2), 32, "hex");
  return leaf;
}

export const outputDigest = (output: Uint8Array): string => `0x${createHash("sha256").update(output).digest("hex")}`;

/** Asks the contributor's server for a unit's opening. */
export function openingsFrom(fetcher: Fetcher, rules: ComputeRules = COMPUTE_RULES) {
  return async ({ openings }: ComputeClaim, unit: number): Promise<Opening> => {
    const limits = { maxBytes: rules.maxOpeningBytes, timeoutMs: rules.openingTimeoutMs };
    const { bytes } = await fetcher(`${openings.replace(/\/$/, "")}/${unit}`, limits, "application/json");
    return parseClaim(opening, Buffer.from(bytes).toString("utf8"));
  };
}
