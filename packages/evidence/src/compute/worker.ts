// The thread in which units of work run: see runner.ts.
import { parentPort, workerData } from "node:worker_threads";
import type { UnitResult } from "./runner.ts";
import { engine } from "./wasm/engine.ts";

interface Task {
  code: Uint8Array;
  input: Uint8Array;
  units: readonly number[];
  budget: bigint;
  maxOutputBytes: number;
}

interface Exports {
  memory: { readonly buffer: ArrayBuffer };
  input(length: number): number;
  run(length: number, unit: bigint): bigint;
  "ftns:gas": { readonly value: bigint };
}

const { code, input, units, budget, maxOutputBytes } = workerData as Task;
const module = new engine.Module(code);

parentPort!.postMessage(units.map(run));

function run(unit: number): UnitResult {
  let exports: Exports | undefined;
  const abort = () => {
    throw new Error("abort");
  };
  try {
    exports = new engine.Instance(module, { env: { abort } }).exports as unknown as Exports;
    const at = exports.input(input.length) >>> 0;
    new Uint8Array(exports.memory.buffer, at, input.length).set(input);
    const where = BigInt.asUintN(64, exports.run(input.length, BigInt(unit)));
    const length = Number(where & 0xffff_ffffn);
    if (length > maxOutputBytes) return fault("TOO_LARGE", `an output of ${length} bytes`, exports);
    const output = new Uint8Array(exports.memory.buffer, Number(where >> 32n), length).slice();
    return { ok: true, output, instructions: spent(exports) };
  } catch (error) {
    return fault("TRAPPED", error instanceof Error ? error.message : String(error), exports);
  }
}

function fault(code: "TOO_LARGE" | "TRAPPED", detail: string, exports: Exports | undefined): UnitResult {
  const instructions = exports === undefined ? 0n : spent(exports);
  if (instructions > budget)
    return { ok: false, code: "OUT_OF_BUDGET", detail: `more than ${budget} instructions`, instructions: budget };
  return { ok: false, code, detail, instructions };
}

function spent(exports: Exports): bigint {
  return budget - exports["ftns:gas"].value;
}
