// Runs a model in a thread: ONNX Runtime's WebAssembly of one version, one thread, so that all verifiers get the same numbers.
import { EvidenceFault, type FaultCode } from "../common/fault.ts";
import { inThread } from "../common/thread.ts";

/** What a model gives for each sample, row by row. */
export type ModelRunner = (
  model: Uint8Array,
  inputs: Float32Array,
  width: number,
  classes: number,
  timeoutMs: number,
) => Promise<Float32Array>;

/** Beside the memory of the model, which worker.ts limits. */
const MEMORY_MB = 256;

export const runModel: ModelRunner = async (model, inputs, width, classes, timeoutMs) => {
  const limits = { timeoutMs, memoryMb: MEMORY_MB };
  const task = { model, inputs, width, classes };
  type Answer = { outputs: Float32Array } | { code: FaultCode; detail: string };
  const answer = await inThread<Answer>(new URL("./worker.ts", import.meta.url), task, "BAD_MODEL", limits);
  if ("code" in answer) throw new EvidenceFault(answer.code, answer.detail);
  return answer.outputs;
};
