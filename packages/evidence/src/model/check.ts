/**
 * What a model is worth: one unit, if it is better than what was known, at a quality that is measured by running it.
 *
 *   quality    = samples that it names rightly / all, in thousandths; above the task's baseline and at least 0.5
 *   confidence = samples / 1,000, 1 at most
 */
import { fetchArtefact, type WorkBook } from "../common/artefact.ts";
import { confidenceOf, THOUSANDTH, thousandthsDown, type Verdict, WAD } from "../common/amounts.ts";
import { workHash } from "../common/canonical.ts";
import { EvidenceFault } from "../common/fault.ts";
import type { Fetcher } from "../fetch/fetcher.ts";
import { commitmentTo, type HeldOut, MODEL_RULES, type ModelClaim, type ModelRules, type ModelTask } from "./claim.ts";
import { type ModelRunner, runModel } from "./run.ts";

export interface ModelParts {
  /** Seconds. */
  now: number;
  fetch: Fetcher;
  works: WorkBook;
  taskOf(task: string): Promise<ModelTask | undefined>;
  heldOut(task: string): Promise<{ set: HeldOut; salt: Uint8Array }>;
  /** What models of other claims for `task` named, one class for each sample. */
  named(task: string, except: string): Promise<readonly Uint8Array[]>;
  /** Remembers what the model of `claim` named. */
  remember(task: string, claim: string, named: Uint8Array): Promise<void>;
  /** Left out, the pinned ONNX Runtime. */
  run?: ModelRunner;
}

export const modelProofHash = ({ model, task }: Pick<ModelClaim, "model" | "task">): string =>
  workHash("MODEL", [task, model.sha256]);

export async function checkModel(
  claim: ModelClaim,
  announcedAt: number,
  parts: ModelParts,
  rules: ModelRules = MODEL_RULES,
): Promise<Verdict & { proofHash: string }> {
  const task = await parts.taskOf(claim.task);
  if (task === undefined) throw new EvidenceFault("UNKNOWN_JOB", claim.task);
  if (announcedAt >= task.epochEndsAt) throw new EvidenceFault("SCHEMA", "task: its epoch was over");
  // A score before the end would tell what is in the held-out set, try by try.
  if (parts.now < task.epochEndsAt) throw new EvidenceFault("NOT_DUE", `until ${task.epochEndsAt}`);
  const set = await openSet(claim.task, task, parts, rules);

  const proofHash = modelProofHash(claim);
  const model = await fetchArtefact(claim.model, parts.fetch);
  const outputs = await (parts.run ?? runModel)(model, set.inputs, task.width, task.classes, rules.timeoutMs);
  const named = classesOf(outputs, task.classes, set.labels.length);
  const quality = thousandthsDown(agreement(named, set.labels), set.labels.length);
  if (quality <= task.baseline || quality < rules.minQualityThousandths) {
    throw new EvidenceFault("TOO_SMALL", `${quality} thousandths are right, ${task.baseline} were known`);
  }
  for (const other of await parts.named(claim.task, proofHash)) {
    const same = thousandthsDown(agreement(named, other), named.length);
    if (same >= rules.sameThousandths) throw new EvidenceFault("SEEN_BEFORE", `${same} thousandths as another model`);
  }
  if (!(await parts.works.take(`${proofHash}${claim.contributor}`, [claim.model.sha256])))
    throw new EvidenceFault("SEEN_BEFORE", claim.model.sha256);
  await parts.remember(claim.task, proofHash, named);
  return {
    proofHash,
    units: WAD,
    quality: quality * THOUSANDTH,
    confidence: confidenceOf(named.length, rules.enoughSamples),
    impact: WAD,
  };
}

/** The held-out set, if it is the one that was committed to. */
async function openSet(name: string, task: ModelTask, parts: ModelParts, rules: ModelRules): Promise<HeldOut> {
  const { set, salt } = await parts.heldOut(name);
  const samples = set.labels.length;
  if (commitmentTo(salt, set) !== task.commitment)
    throw new EvidenceFault("HASH_MISMATCH", "the held-out set is not the one committed to");
  if (samples < rules.minSamples) throw new EvidenceFault("TOO_SMALL", `${samples} samples`);
  if (samples > rules.maxSamples) throw new EvidenceFault("TOO_LARGE", `${samples} samples`);
  if (set.inputs.length !== samples * task.width)
    throw new EvidenceFault("SIZE_MISMATCH", `${set.inputs.length} numbers for ${samples} samples`);
  return set;
}

/** The class with the largest number; the first of equal ones. A number that is none names nothing. */
function classesOf(outputs: Float32Array, classes: number, samples: number): Uint8Array {
  if (outputs.length !== samples * classes)
    throw new EvidenceFault("BAD_MODEL", `${outputs.length} numbers for ${samples} samples`);
  return Uint8Array.from({ length: samples }, (_, sample) => {
    const row = outputs.subarray(sample * classes, (sample + 1) * classes);
    if (!row.every(Number.isFinite)) throw new EvidenceFault("BAD_MODEL", `sample ${sample} has no finite numbers`);
    return row.indexOf(Math.max(...row));
  });
}

const agreement = (a: Uint8Array, b: Uint8Array): number => a.filter((value, index) => value === b[index]).length;
