// Models: the honest, the runtime, and bad input. Cheats are played in ../plays.
import { checkModel, commitmentTo, type EvidenceFault, modelClaim, parseClaim, runModel } from "@ftns/evidence";
import { expect } from "chai";
import { Random } from "../../helpers/random.ts";
import { faultOf } from "../faults.ts";
import { linear, onnxOf } from "./onnx.ts";
import { BIAS, CLASSES, END, Epoch, heldOut, pointsOf, quickRun, salt, SAMPLES, task, WEIGHTS, WIDTH } from "./world.ts";

const WAD = 10n ** 18n;
const SHORT_MS = 60_000;

describe("evidence of a model", () => {
  it("P343: is credited the share that it names rightly, by the pinned runtime, and by plain arithmetic the same", async () => {
    const epoch = new Epoch();
    const verdict = await checkModel(epoch.claim(linear(WEIGHTS, BIAS)), END - 1, epoch.parts());
    const outputs = await quickRun(WEIGHTS, BIAS)(new Uint8Array(), heldOut.inputs, WIDTH, CLASSES, 0);
    let right = 0;
    for (let i = 0; i < SAMPLES; i++) {
      const row = [...outputs.subarray(i * CLASSES, (i + 1) * CLASSES)];
      if (row.indexOf(Math.max(...row)) === heldOut.labels[i]) right++;
    }
    expect(right).to.be.within(SAMPLES * 0.75, SAMPLES - 1);
    const quality = (BigInt(right) * 1_000n) / BigInt(SAMPLES);
    expect(verdict).to.deep.include({
      units: WAD,
      quality: quality * 10n ** 15n,
      confidence: (WAD * BigInt(SAMPLES)) / 1_000n,
      impact: WAD,
    });
    // The same claim again, and by plain arithmetic.
    expect(await epoch.linear(WEIGHTS, BIAS)).to.deep.equal(verdict);
  });

  it("P343: gives the same bits each time it runs", async () => {
    const random = new Random(82);
    const inputs = Float32Array.from({ length: 40 }, () => random.int(-1_000, 1_000) / 7);
    const model = onnxOf(
      [
        { op: "Softmax", from: ["x"], to: "s" },
        { op: "Tanh", from: ["s"], to: "y" },
      ],
      [],
      4,
      4,
    );
    const once = await runModel(model, inputs, 4, 4, SHORT_MS);
    expect(Buffer.from((await runModel(model, inputs, 4, 4, SHORT_MS)).buffer).equals(Buffer.from(once.buffer))).to.equal(true);
    expect(once[0]).to.be.within(0, 1);
  });

  it("P343: must beat the baseline, and takes nothing when it does not", async () => {
    const epoch = new Epoch();
    const { quality } = await epoch.linear(WEIGHTS, BIAS);
    const reached = quality / 10n ** 15n;
    const against = (baseline: bigint) =>
      faultOf(() => new Epoch().linear(WEIGHTS, BIAS, {}, { taskOf: () => Promise.resolve({ ...task, baseline }) }));
    expect(await against(reached - 1n)).to.equal(undefined);
    expect(await against(reached)).to.equal("TOO_SMALL");
  });

  it("P334: refuses models that cannot be run or give something else", async () => {
    const run = (model: Uint8Array, width = WIDTH, classes = CLASSES, timeoutMs = SHORT_MS) =>
      faultOf(() => runModel(model, heldOut.inputs.slice(0, 20 * width), width, classes, timeoutMs));
    const good = linear(WEIGHTS, BIAS);
    expect(await run(new Uint8Array(0))).to.equal("BAD_MODEL");
    expect(await run(good.subarray(0, good.length - 30))).to.equal("BAD_MODEL");
    expect(await run(onnxOf([{ op: "NoSuchOperator", from: ["x"], to: "y" }], [], WIDTH, CLASSES))).to.equal("BAD_MODEL");
    expect(await run(good, 3)).to.equal("BAD_MODEL");
    expect(await run(good, WIDTH, 4)).to.equal("BAD_MODEL");
    expect(await run(good, WIDTH, CLASSES, 1)).to.equal("TOO_SLOW");
  });

  it("P334: gives a model 512 MB at most", async () => {
    const asking = (numbers: number) => {
      const shape = { name: "n", dims: [2], values: [1, numbers], whole: true };
      return runModel(
        onnxOf([{ op: "ConstantOfShape", from: ["n"], to: "y" }], [shape], WIDTH, numbers),
        heldOut.inputs.slice(0, 2),
        WIDTH,
        CLASSES,
        SHORT_MS,
      );
    };
    const detailOf = (work: Promise<unknown>) => work.then(String, (error: EvidenceFault) => `${error.code} ${error.detail}`);
    // A hundred bytes that ask for 800 MB; 40 MB they get, and then have the wrong shape.
    expect(await detailOf(asking(200_000_000))).to.match(/^BAD_MODEL (?!it gives float32)/);
    expect(await detailOf(asking(10_000_000))).to.equal("BAD_MODEL it gives float32 of [1, 10000000], not float32 of [1, 3]");
  });

  it("P334: refuses sets that are small, of another shape or not committed to, and claims of another form", async () => {
    const scored = (set: typeof heldOut, commitment = commitmentTo(salt, set)) =>
      faultOf(() =>
        new Epoch().linear(
          WEIGHTS,
          BIAS,
          {},
          { heldOut: () => Promise.resolve({ set, salt }), taskOf: () => Promise.resolve({ ...task, commitment }) },
        ),
      );
    expect(await scored(pointsOf(new Random(83), 199))).to.equal("TOO_SMALL");
    expect(await scored(pointsOf(new Random(83), 10_001))).to.equal("TOO_LARGE");
    expect(await scored({ ...heldOut, inputs: heldOut.inputs.slice(1) })).to.equal("SIZE_MISMATCH");
    expect(await scored({ ...heldOut, labels: heldOut.labels.with(5, (heldOut.labels[5]! + 1) % 3) }, task.commitment)).to.equal(
      "HASH_MISMATCH",
    );
    expect(() => commitmentTo(new Uint8Array(31), heldOut)).to.throw("32 bytes");
    const claim = new Epoch().claim(linear(WEIGHTS, BIAS));
    for (const change of [{ task: "x" }, { model: { ...claim.model, bytes: 50 * 2 ** 20 + 1 } }, { score: 1_000 }]) {
      expect(await faultOf(() => parseClaim(modelClaim, { ...claim, ...change }))).to.equal("SCHEMA");
    }
    expect(await faultOf(() => new Epoch().linear(WEIGHTS, BIAS, { task: `0x${"00".repeat(32)}` }))).to.equal("UNKNOWN_JOB");
  });
});
