// DATA: a table in one of three formats, described column by column.
import { z } from "zod/v4";
import { artefact } from "../common/artefact.ts";
import { address, bytes32 } from "../common/fields.ts";
import { signedReviews } from "../reviewed/reviews.ts";

export const DATA_RULES = {
  minRows: 1_000,
  maxRows: 20_000,
  maxBytes: 64 * 2 ** 20,
  maxRowBytes: 65_536,
  minReviews: 2,
  /** Confidence 1. */
  enoughReviews: 5,
  /** None of completeness, accuracy and uniqueness may be lower. */
  minPartThousandths: 500n,
  readTimeoutMs: 60_000,
};
export type DataRules = typeof DATA_RULES;

const column = z
  .object({
    name: z.string().min(1).max(100),
    type: z.enum(["string", "number", "integer", "boolean", "date"]),
  })
  .strict();
export type Column = z.output<typeof column>;

export const dataClaim = z
  .object({
    kind: z.literal("DATA"),
    contributor: address,
    format: z.enum(["csv", "jsonl", "parquet"]),
    /** All columns: one that the files have and the claim does not name is refused. */
    columns: z
      .array(column)
      .min(1)
      .max(200)
      .refine((columns) => new Set(columns.map(({ name }) => name)).size === columns.length, "names a column twice"),
    files: z.array(artefact(DATA_RULES.maxBytes)).min(1).max(20),
    /** Proof hashes of works that this one builds on. */
    parents: z.array(bytes32).max(20).default([]),
    reviews: signedReviews,
  })
  .strict();
export type DataClaim = z.output<typeof dataClaim>;
