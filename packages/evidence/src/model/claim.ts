// MODEL: an ONNX file, handed in before its task's epoch ends, and scored afterwards on data that nobody has seen.
import { createHash } from "node:crypto";
import { z } from "zod/v4";
import { artefact } from "../common/artefact.ts";
import { address, bytes32 } from "../common/fields.ts";

export const MODEL_RULES = {
  maxModelBytes: 50 * 2 ** 20,
  minSamples: 200,
  maxSamples: 10_000,
  /** Confidence 1. */
  enoughSamples: 1_000,
  minQualityThousandths: 500n,
  /** Two models that say the same of so many thousandths of the samples are the same. */
  sameThousandths: 995n,
  /** Loading the model, and all samples. */
  timeoutMs: 120_000,
};
export type ModelRules = typeof MODEL_RULES;

export const modelClaim = z
  .object({
    kind: z.literal("MODEL"),
    contributor: address,
    task: bytes32,
    model: artefact(MODEL_RULES.maxModelBytes),
    parents: z.array(bytes32).max(20).default([]),
  })
  .strict();
export type ModelClaim = z.output<typeof modelClaim>;

/** Numbers of all samples, row by row, and the class of each. */
export interface HeldOut {
  inputs: Float32Array;
  labels: Uint8Array;
}

/** A task that governance registered. */
export interface ModelTask {
  /** Numbers of a sample. */
  width: number;
  /** The model gives one number for each class; the largest names it. */
  classes: number;
  /** Seconds: the last moment for models, and the first for scores. */
  epochEndsAt: number;
  /** Thousandths that are known to be reached already, or by always naming the commonest class. */
  baseline: bigint;
  /** `commitmentTo` the held-out set, published when the epoch begins. */
  commitment: string;
}

/** What is published of a held-out set before it is shown: a hash with 32 random bytes, so that no set can be tried. */
export function commitmentTo(salt: Uint8Array, { inputs, labels }: HeldOut): string {
  if (salt.length !== 32) throw new RangeError("the salt needs 32 bytes");
  const numbers = Buffer.alloc(4 * inputs.length);
  inputs.forEach((value, index) => numbers.writeFloatLE(value, 4 * index));
  return `0x${createHash("sha256").update(salt).update(numbers).update(labels).digest("hex")}`;
}
