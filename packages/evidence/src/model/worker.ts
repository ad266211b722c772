// The thread in which a model runs: see run.ts.
import { parentPort, workerData } from "node:worker_threads";
import { asFault, EvidenceFault } from "../common/fault.ts";

interface Task {
  model: Uint8Array;
  inputs: Float32Array;
  width: number;
  classes: number;
}

/** 512 MB, in pages of 64 kB: ONNX Runtime itself would take 4 GB. */
const MAX_PAGES = 8_192;

limitMemory();
try {
  parentPort!.postMessage({ outputs: await run(workerData as Task) });
} catch (error) {
  const { code, detail } = asFault("BAD_MODEL", error);
  parentPort!.postMessage({ code, detail });
}

/** The runtime asks for its memory when it is loaded, so the limit stands before. */
function limitMemory(): void {
  const scope = (globalThis as unknown as { WebAssembly: { Memory: new (size: { maximum?: number }) => object } }).WebAssembly;
  const Plain = scope.Memory;
  scope.Memory = class extends Plain {
    constructor(size: { maximum?: number }) {
      super({ ...size, maximum: Math.min(size.maximum ?? MAX_PAGES, MAX_PAGES) });
    }
  };
}

async function run({ model, inputs, width, classes }: Task): Promise<Float32Array> {
  const { env, InferenceSession, Tensor } = await import("onnxruntime-web/wasm");
  env.wasm.numThreads = 1;
  env.logLevel = "fatal";
  const session = await InferenceSession.create(model, { executionProviders: ["wasm"], graphOptimizationLevel: "all" });
  const [input, output] = [session.inputNames[0], session.outputNames[0]];
  if (session.inputNames.length !== 1 || session.outputNames.length !== 1)
    throw new EvidenceFault("BAD_MODEL", "it needs one input and one output");
  const samples = inputs.length / width;
  const outputs = new Float32Array(samples * classes);
  for (let sample = 0; sample < samples; sample++) {
    const row = inputs.slice(sample * width, (sample + 1) * width);
    const given = (await session.run({ [input!]: new Tensor("float32", row, [1, width]) }))[output!]!;
    if (given.type !== "float32" || given.dims.length !== 2 || given.dims[0] !== 1 || given.dims[1] !== classes) {
      throw new EvidenceFault(
        "BAD_MODEL",
        `it gives ${given.type} of [${given.dims.slice(0, 8).join(", ")}], not float32 of [1, ${classes}]`,
      );
    }
    outputs.set(given.data as Float32Array, sample * classes);
    given.dispose();
  }
  return outputs;
}
