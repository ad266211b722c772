// A task: which of three corners a point lies nearest to. And models that know it more or less.
import {
  checkModel,
  commitmentTo,
  type HeldOut,
  MemoryWorkBook,
  type ModelClaim,
  modelClaim,
  type ModelParts,
  type ModelRunner,
  type ModelTask,
  parseClaim,
} from "@ftns/evidence";
import { Random } from "../../helpers/random.ts";
import { author, Files } from "../people.ts";
import { linear } from "./onnx.ts";

export const TASK = `0x${"7a".repeat(32)}`;
export const END = 1_000_000;
export const CLASSES = 3;
export const WIDTH = 2;
export const SAMPLES = 300;
const CORNERS = [-1, 0, 1, 0, 0, 1.5] as const;
/** Largest where the point is nearest: x . corner - |corner|^2 / 2. */
export const WEIGHTS = [CORNERS[0], CORNERS[2], CORNERS[4], CORNERS[1], CORNERS[3], CORNERS[5]];
export const BIAS = [-0.5, -0.5, -1.125];

/** Points around the corners; some lie nearer to another one, so that nobody is always right. */
export function pointsOf(random: Random, samples = SAMPLES): HeldOut {
  const labels = Uint8Array.from({ length: samples }, () => random.int(0, CLASSES - 1));
  const noise = () => (random.int(-100, 100) + random.int(-100, 100)) / 150;
  const inputs = Float32Array.from({ length: samples * WIDTH }, (_, i) => CORNERS[2 * labels[i >> 1]! + (i & 1)]! + noise());
  return { inputs, labels };
}

export const salt = new Uint8Array(32).fill(9);
export const heldOut = pointsOf(new Random(81));

export const task: ModelTask = {
  width: WIDTH,
  classes: CLASSES,
  epochEndsAt: END,
  baseline: 400n,
  commitment: commitmentTo(salt, heldOut),
};

/** `linear` in plain arithmetic; the tests of the runtime show that it gives the same. */
export const quickRun = (weights: readonly number[], bias: readonly number[]): ModelRunner => {
  return (_model, inputs, width, classes) => {
    const samples = inputs.length / width;
    const outputs = new Float32Array(samples * classes);
    for (let i = 0; i < outputs.length; i++) {
      const [sample, one] = [Math.floor(i / classes), i % classes];
      for (let at = 0; at < width; at++) outputs[i]! += inputs[sample * width + at]! * weights[at * classes + one]!;
      outputs[i]! += bias[one]!;
    }
    return Promise.resolve(outputs);
  };
};

export class Epoch {
  readonly files = new Files();
  readonly #named = new Map<string, Uint8Array>();
  readonly #works = new MemoryWorkBook();

  parts(changes: Partial<ModelParts> = {}): ModelParts {
    return {
      now: END,
      fetch: this.files.fetch,
      works: this.#works,
      taskOf: (name) => Promise.resolve(name === TASK ? task : undefined),
      heldOut: () => Promise.resolve({ set: heldOut, salt }),
      named: (_, except) => Promise.resolve([...this.#named].filter(([claim]) => claim !== except).map(([, named]) => named)),
      remember: (_, claim, named) => Promise.resolve(void this.#named.set(claim, named)),
      ...changes,
    };
  }

  claim(model: Uint8Array, changes: Partial<ModelClaim> = {}): ModelClaim {
    return parseClaim(modelClaim, {
      kind: "MODEL",
      contributor: author.address,
      task: TASK,
      model: this.files.add(model),
      ...changes,
    });
  }

  /** Hands a linear model in before the end, and has it scored after it. */
  linear(
    weights: readonly number[],
    bias: readonly number[],
    changes: Partial<ModelClaim> = {},
    parts: Partial<ModelParts> = {},
    at = END - 1,
  ) {
    return checkModel(this.claim(linear(weights, bias), changes), at, this.parts({ run: quickRun(weights, bias), ...parts }));
  }
}
