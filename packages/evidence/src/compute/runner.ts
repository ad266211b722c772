// Runs units of work in a thread of their own, which is stopped when it takes too long. Only the budget decides what a result is; time is
// the outer fence.
import { EvidenceFault, type FaultCode } from "../common/fault.ts";
import { inThread } from "../common/thread.ts";
import { meter } from "./wasm/meter.ts";

export interface RunLimits {
  /** Instructions of one unit. */
  budget: bigint;
  /** For all units together. */
  timeoutMs: number;
  maxInputBytes: number;
  maxOutputBytes: number;
}

export const RUN_LIMITS: RunLimits = {
  budget: 10_000_000_000n,
  timeoutMs: 300_000,
  maxInputBytes: 4 * 2 ** 20,
  maxOutputBytes: 65_536,
};

/** Beside the memory of the module itself. */
const MEMORY_MB = 64;
const STACK_MB = 16;

export type UnitResult =
  | { ok: true; output: Uint8Array; instructions: bigint }
  | { ok: false; code: FaultCode; detail: string; instructions: bigint };

export type Runner = (
  module: Uint8Array,
  input: Uint8Array,
  units: readonly number[],
  limits?: RunLimits,
) => Promise<UnitResult[]>;

/**
 * Results of `units` of the work that `module` does on `input`, each in a fresh instance. A module exports `memory`, `input(length)`, which
 * gives where the input goes, and `run(length, unit)`, which gives where the output lies and its length, in the high and the low 32 bits.
 */
export const runUnits: Runner = async (module, input, units, limits = RUN_LIMITS) => {
  if (input.length > limits.maxInputBytes) throw new EvidenceFault("TOO_LARGE", `an input of ${input.length} bytes`);
  const code = meter(module, limits.budget);
  const task = { code, input, units, budget: limits.budget, maxOutputBytes: limits.maxOutputBytes };
  return inThread<UnitResult[]>(new URL("./worker.ts", import.meta.url), task, "BAD_MODULE", {
    timeoutMs: limits.timeoutMs,
    memoryMb: MEMORY_MB,
    stackMb: STACK_MB,
  });
};
