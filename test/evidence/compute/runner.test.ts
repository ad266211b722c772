// P336: a module does the same everywhere, ends within its budget, and whatever could differ between machines is refused.
import { type RunLimits, RUN_LIMITS, runUnits, solve } from "@ftns/evidence";
import { BENCHMARK_MODULE } from "@ftns/evidence/compute/benchmark.ts";
import { engine } from "@ftns/evidence/compute/wasm/engine.ts";
import { meter } from "@ftns/evidence/compute/wasm/meter.ts";
import { expect } from "chai";
import { Random } from "../../helpers/random.ts";
import { faultOf } from "../faults.ts";
import { binaryOf, binaryOfFile } from "./wat.ts";
import { JOB_MODULE } from "./world.ts";

const LIMITS: RunLimits = { ...RUN_LIMITS, budget: 1_000_000n, timeoutMs: 20_000 };
const INPUT = `(func (export "input") (param i32) (result i32) (i32.const 16))`;

/** A module whose `run` does `body` and gives the 16 bytes at 0. */
const moduleOf = (body: string, rest = "", memory = `(memory (export "memory") 1)`) =>
  binaryOf(`(module ${imports(rest)} ${memory} ${INPUT} ${afterImports(rest)}
    (func (export "run") (param i32 i64) (result i64) (local $i i32) (local $f f64) ${body} (i64.const 16)))`);
const imports = (rest: string) => (rest.startsWith("(import") ? rest : "");
const afterImports = (rest: string) => (rest.startsWith("(import") ? "" : rest);

async function runOne(module: Uint8Array, limits = LIMITS) {
  const [result] = await runUnits(module, new Uint8Array(8), [0], limits);
  return result!;
}

async function codeOf(module: Uint8Array, limits = LIMITS): Promise<string | undefined> {
  let code: string | undefined;
  const thrown = await faultOf(async () => {
    const result = await runOne(module, limits);
    if (!result.ok) code = result.code;
  });
  return thrown ?? code;
}

describe("a unit of work", () => {
  it("P336: gives with its budget what it gives without, and always uses the same number of instructions", async () => {
    const random = new Random(31);
    const input = Uint8Array.from({ length: 8 }, () => random.int(0, 255));
    const units = Array.from({ length: 20 }, (_, i) => i * 7);
    const [once, again] = [await runUnits(JOB_MODULE, input, units, LIMITS), await runUnits(JOB_MODULE, input, units, LIMITS)];
    expect(again).to.deep.equal(once);
    const plain = new engine.Instance(new engine.Module(JOB_MODULE), {}).exports as {
      memory: { buffer: ArrayBuffer };
      input(length: number): number;
      run(length: number, unit: bigint): bigint;
    };
    for (const [index, unit] of units.entries()) {
      new Uint8Array(plain.memory.buffer).set(input, plain.input(8));
      plain.run(8, BigInt(unit));
      const result = once[index]!;
      expect(result.ok && Buffer.from(result.output)).to.deep.equal(Buffer.from(plain.memory.buffer, 0, 8));
    }
  });

  it("P336: is stopped at exactly its budget", async () => {
    const done = await runOne(JOB_MODULE);
    expect(done.ok).to.equal(true);
    expect(await codeOf(JOB_MODULE, { ...LIMITS, budget: done.instructions })).to.equal(undefined);
    expect(await codeOf(JOB_MODULE, { ...LIMITS, budget: done.instructions - 1n })).to.equal("OUT_OF_BUDGET");
    expect(await codeOf(moduleOf("(loop $l (br $l))"))).to.equal("OUT_OF_BUDGET");
    expect(await codeOf(moduleOf("(call $f)", "(func $f (call $f))"), { ...LIMITS, budget: 100n })).to.equal("OUT_OF_BUDGET");
    // Fills of 64 kB cost more than one instruction each.
    const fills = moduleOf(`(loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10000))))`);
    expect(await codeOf(fills)).to.equal("OUT_OF_BUDGET");
  });

  it("P336: fails at the same depth of calls, long before any machine's stack ends", async () => {
    const deep = (depth: number) =>
      moduleOf(
        `(drop (call $f (i32.const ${depth})))`,
        "(func $f (param i32) (result i32) (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0)) (else (call $f (i32.sub (local.get 0) (i32.const 1))))))",
      );
    expect(await codeOf(deep(255))).to.equal(undefined);
    expect(await codeOf(deep(256))).to.equal("TRAPPED");
  });

  it("P336: has one NaN, whatever made it", async () => {
    const nan = (made: string) =>
      moduleOf(`(f64.store (i32.const 0) ${made}) (f32.store (i32.const 8) (f32.demote_f64 ${made}))`);
    const computed = [
      "(f64.div (f64.const 0) (f64.const 0))",
      "(f64.sqrt (f64.const -4))",
      "(f64.add (f64.const nan:0x123) (f64.const 1))",
      "(f64.sub (f64.const inf) (f64.const inf))",
      "(f64.promote_f32 (f32.mul (f32.const 0) (f32.const inf)))",
      "(f64.min (f64.const 1) (f64.const -nan:0x8000000000001))",
      "(f64.floor (f64.const nan:0x4444))",
    ];
    for (const made of computed) {
      const result = await runOne(nan(made));
      expect(result.ok && Buffer.from(result.output.subarray(0, 12)).toString("hex"), made).to.equal("000000000000f87f0000c07f");
    }
    const narrow = [
      "(f32.add (f32.const nan:0x123) (f32.const 1))",
      "(f32.max (f32.const -nan:0x400001) (f32.const 1))",
      "(f32.sqrt (f32.const -1))",
      "(f32.demote_f64 (f64.const -nan:0x8000000000123))",
    ];
    for (const made of narrow) {
      const result = await runOne(moduleOf(`(f32.store (i32.const 0) ${made})`));
      expect(result.ok && Buffer.from(result.output.subarray(0, 4)).toString("hex"), made).to.equal("0000c07f");
    }
    const kept = await runOne(moduleOf("(f64.store (i32.const 0) (f64.mul (f64.const 1.5) (f64.const -3)))"));
    expect(kept.ok && Buffer.from(kept.output).readDoubleLE()).to.equal(-4.5);
  });

  const forbidden: [string, string, Uint8Array][] = [
    ["no module", "BAD_MODULE", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)],
    ["a module that is cut off", "BAD_MODULE", JOB_MODULE.subarray(0, JOB_MODULE.length - 4)],
    ["an empty file", "BAD_MODULE", new Uint8Array(0)],
    ["a large module", "TOO_LARGE", new Uint8Array(2 ** 20 + 1)],
    ["an import that is not on the list", "FORBIDDEN_CODE", moduleOf("", `(import "env" "now" (func (result i64)))`)],
    ["an imported memory", "FORBIDDEN_CODE", moduleOf("", `(import "env" "abort" (global i32))`)],
    ["SIMD", "FORBIDDEN_CODE", moduleOf("(drop (i32x4.splat (i32.const 1)))")],
    ["threads", "FORBIDDEN_CODE", moduleOf("(drop (i32.atomic.load (i32.const 0)))")],
    ["a shared memory", "FORBIDDEN_CODE", moduleOf("", "", `(memory (export "memory") 1 2 shared)`)],
    ["a memory above 16 MB", "FORBIDDEN_CODE", moduleOf("", "", `(memory (export "memory") 257)`)],
    ["no memory", "BAD_MODULE", binaryOf(`(module ${INPUT} (func (export "run") (param i32 i64) (result i64) (i64.const 0)))`)],
    ["a large table", "FORBIDDEN_CODE", moduleOf("", "(table 10001 funcref)")],
    ["very many locals", "FORBIDDEN_CODE", moduleOf("", `(func (local ${"i64 ".repeat(501)}))`)],
    ["an export of ours", "FORBIDDEN_CODE", moduleOf("", `(global (export "ftns:gas") i64 (i64.const 1))`)],
    ["a trap", "TRAPPED", moduleOf("unreachable")],
    ["a division by zero", "TRAPPED", moduleOf("(drop (i32.div_u (i32.const 1) (local.get $i)))")],
    ["an output outside of the memory", "TRAPPED", moduleOf("(return (i64.const 0xfffffff000000008))")],
    ["a large output", "TOO_LARGE", moduleOf("(return (i64.const 65537))")],
    ["no run", "TRAPPED", binaryOf(`(module (memory (export "memory") 1) ${INPUT})`)],
    ["a start that does not end", "TRAPPED", moduleOf("", "(func $s (loop $l (br $l))) (start $s)")],
  ];
  for (const [what, code, module] of forbidden) {
    it(`P336: refuses ${what}`, async () => {
      expect(await codeOf(module)).to.equal(code);
    });
  }

  it("P336: may call env.abort, and grow up to 16 MB", async () => {
    expect(await codeOf(moduleOf("(call 0)", `(import "env" "abort" (func))`))).to.equal("TRAPPED");
    const grow = await runOne(
      moduleOf("(i32.store (i32.const 0) (memory.grow (i32.const 255))) (i32.store (i32.const 4) (memory.grow (i32.const 1)))"),
    );
    expect(grow.ok && [Buffer.from(grow.output).readInt32LE(0), Buffer.from(grow.output).readInt32LE(4)]).to.deep.equal([1, -1]);
  });

  it("P336: is stopped by time at the latest, and takes no input that is too large", async () => {
    const endless = { ...LIMITS, budget: 2n ** 61n, timeoutMs: 300 };
    expect(await codeOf(moduleOf("(loop $l (br $l))"), endless)).to.equal("TOO_SLOW");
    expect(await faultOf(() => runUnits(JOB_MODULE, new Uint8Array(9), [0], { ...LIMITS, maxInputBytes: 8 }))).to.equal(
      "TOO_LARGE",
    );
  });

  it("P336: refuses or survives random damage to a module, and never runs one that is not valid", () => {
    const random = new Random(32);
    let refused = 0;
    for (let i = 0; i < 2_000; i++) {
      const broken = Uint8Array.from(JOB_MODULE);
      broken[random.int(8, broken.length - 1)] = random.int(0, 255);
      try {
        expect(engine.validate(meter(broken, 1_000n))).to.equal(true);
      } catch (error) {
        expect((error as Error).name).to.equal("EvidenceFault");
        refused++;
      }
    }
    expect(refused).to.be.greaterThan(500);
  });

  it("is the benchmark of its source, and its result that of the same turns in whole numbers", async () => {
    expect(Buffer.from(binaryOfFile("benchmark.wat")).equals(BENCHMARK_MODULE)).to.equal(true);
    const M = 2n ** 64n - 1n;
    let x = 77n;
    for (let left = 1_000n; left > 0n; left--) {
      x = ((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n) & M;
      x = ((x ^ (x >> 27n)) * 0x94d049bb133111ebn) & M;
      x = ((x ^ (x >> 31n)) + left) & M;
    }
    expect((await solve({ start: 77n, turns: 1_000 }, runUnits)).result).to.equal(x);
  });
});
