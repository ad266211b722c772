// COMPUTE: a batch of units of a job that somebody registered, with the root of all results.
import { z } from "zod/v4";
import { address, bytes32, count, url } from "../common/fields.ts";

export const COMPUTE_RULES = {
  /** Whoever fakes 5 % of the units is found with 99 %: 0.95^90 < 0.01; without drawing twice a little more. */
  sample: 90,
  /** Metered instructions that are one work unit. */
  instructionsPerWorkUnit: 1_000_000_000_000n,
  /** Metered instructions a second that are a benchmark score of 1. */
  referencePerSec: 4_000_000_000n,
  maxScoreThousandths: 2_000n,
  /** A benchmark answer that comes later is none. */
  benchmarkTimeoutMs: 60_000,
  maxOpeningBytes: 16_384,
  openingTimeoutMs: 5_000,
};
export type ComputeRules = typeof COMPUTE_RULES;

export const computeClaim = z
  .object({
    kind: z.literal("COMPUTE"),
    contributor: address,
    job: bytes32,
    /** First unit of the batch, and their number: no unit of a job is paid twice. */
    first: z.number().int().min(0).max(1_000_000_000_000),
    units: count(1_000_000),
    /** Root of the tree of results: @openzeppelin/merkle-tree's standard over (uint256 unit, bytes32 SHA-256 of its output). */
    resultsRoot: bytes32,
    /** Serves `<openings>/<unit>` as {"digest", "proof"}. */
    openings: url,
  })
  .strict();
export type ComputeClaim = z.output<typeof computeClaim>;

/** A result with its way to the root. */
export const opening = z.object({ digest: bytes32, proof: z.array(bytes32).max(32) }).strict();
export type Opening = z.output<typeof opening>;
