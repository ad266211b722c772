// STORAGE: what a contributor announces before the time that it wants to be credited for.
import { z } from "zod/v4";
import { address, count, seconds, url } from "../common/fields.ts";
import { EvidenceFault } from "../common/fault.ts";

export const STORAGE_RULES = {
  minSec: 3_600,
  /** A statement is refused on the chain once it is 7 days old. */
  maxSec: 7 * 86_400,
  /** For each gateway. */
  challengesPerHour: 1,
  minChallenges: 24,
  /** Fewer that were asked, such as when the verifier stood still, say too little. */
  minAsked: 12,
  /** Below this share nothing is credited. */
  minShareThousandths: 500n,
  /** A block that takes longer counts as not stored there. */
  maxBlockMs: 2_000,
  /** Quality 1. */
  fullQualityBytes: 100n * 2n ** 30n,
  /** Confidence 1. */
  enoughBlocks: 10,
  maxBlockBytes: 2 * 2 ** 20,
  maxInnerBlocks: 4_000,
  /** For all inner blocks together. */
  maxSkeletonMs: 600_000,
  /** Each is kept in memory as long as the claim runs. */
  maxLeaves: 250_000,
  maxDepth: 8,
};
export type StorageRules = typeof STORAGE_RULES;

export const storageClaim = z
  .object({
    kind: z.literal("STORAGE"),
    contributor: address,
    /** Trustless gateways, each with a whole copy; the redundancy that is credited is at most their number. */
    gateways: z.array(url).min(1).max(3),
    from: seconds,
    until: seconds,
    files: z
      .array(z.object({ cid: z.string().min(1).max(120), bytes: count(2 ** 50) }).strict())
      .min(1)
      .max(1_000),
  })
  .strict();
export type StorageClaim = z.output<typeof storageClaim>;

/** Refuses a time that is over already: nobody could have asked in it. */
export function checkTimes({ from, until }: StorageClaim, announcedAt: number, rules: StorageRules = STORAGE_RULES): void {
  if (from < announcedAt) throw new EvidenceFault("SCHEMA", `from: ${from} is before the announcement at ${announcedAt}`);
  const length = until - from;
  if (length < rules.minSec || length > rules.maxSec) throw new EvidenceFault("SCHEMA", `until: ${length} s after from`);
}
