// A job, and contributors who do it or pretend to.
import {
  checkCompute,
  claimSeed,
  type ComputeClaim,
  type ComputeParts,
  type ComputeRules,
  COMPUTE_RULES,
  EvidenceFault,
  evidenceRoot,
  type Job,
  outputDigest,
  resultLeaf,
  RUN_LIMITS,
  runUnits,
  type Verdict,
} from "@ftns/evidence";
import { buildTree, type MerkleTree } from "@ftns/merkle";
import { binaryOf } from "./wat.ts";

export const JOB = `0x${"ab".repeat(32)}`;
const CONTRIBUTOR = "0x00000000000000000000000000000000000000C1";
export const UNITS = 2_000;
export const SCORE = 1_000n;
/** As the usual ones, but a work unit is 1,000 instructions. */
export const RULES: ComputeRules = { ...COMPUTE_RULES, instructionsPerWorkUnit: 1_000n };

/** Mixes the input's first word with the unit's number, so many times. */
export const JOB_MODULE = binaryOf(`(module
  (memory (export "memory") 1)
  (func (export "input") (param i32) (result i32) (i32.const 16))
  (func (export "run") (param i32 i64) (result i64) (local $x i64) (local $i i32)
    (local.set $x (i64.xor (i64.load (i32.const 16)) (local.get 1)))
    (loop $turn
      (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 6364136223846793005)) (i64.rotl (local.get $x) (i64.const 29))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $turn (i32.lt_u (local.get $i) (i32.const 100))))
    (i64.store (i32.const 0) (local.get $x))
    (i64.const 8)))`);
const INPUT = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

export const job: Job = { module: JOB_MODULE, input: INPUT, units: 1_000_000, budget: 100_000n };

/** What every unit really gives, and its instructions; worked out once. */
export const truth = (async () => {
  const results = await runUnits(
    JOB_MODULE,
    INPUT,
    Array.from({ length: UNITS }, (_, unit) => unit),
    { ...RUN_LIMITS, budget: job.budget },
  );
  return results.map((result) => {
    if (!result.ok) throw new Error(result.detail);
    return { digest: outputDigest(result.output), output: result.output, instructions: result.instructions };
  });
})();

/** Digests of units as somebody gives them, from `first` on. */
export interface Batch {
  claim: ComputeClaim;
  tree: MerkleTree;
  digests: readonly string[];
}

export async function batchOf(digests: readonly string[], first = 0, name = (index: number) => first + index): Promise<Batch> {
  const tree = await buildTree(digests.length, (index) => resultLeaf(name(index), digests[index]!));
  const openings = "https://0.example/units";
  return {
    tree,
    digests,
    claim: {
      kind: "COMPUTE",
      contributor: CONTRIBUTOR,
      job: JOB,
      first,
      units: digests.length,
      resultsRoot: tree.root,
      openings,
    },
  };
}

/** Re-executes by looking up the truth, which the tests of the runner show to be what running gives. */
export async function quickRun(): Promise<ComputeParts["run"]> {
  const known = await truth;
  return (_module, _input, units) =>
    Promise.resolve(units.map((unit) => ({ ok: true, output: known[unit]!.output, instructions: known[unit]!.instructions })));
}

export async function partsOf({ tree, digests, claim }: Batch, changes: Partial<ComputeParts> = {}): Promise<ComputeParts> {
  const taken = new Set<number>();
  return {
    jobOf: (name) => Promise.resolve(name === JOB ? job : undefined),
    open: (_, unit) => {
      const index = unit - claim.first;
      const digest = digests[index];
      if (digest === undefined) throw new EvidenceFault("HTTP_STATUS", "status 404");
      return Promise.resolve({ digest, proof: tree.proof(index) });
    },
    take: (_claim, _job, first, units) => {
      const wanted = Array.from({ length: units }, (_, i) => first + i);
      if (wanted.some((unit) => taken.has(unit))) return Promise.resolve(false);
      for (const unit of wanted) taken.add(unit);
      return Promise.resolve(true);
    },
    run: await quickRun(),
    ...changes,
  };
}

export async function verify(batch: Batch, stream: number, changes: Partial<ComputeParts> = {}, score = SCORE): Promise<Verdict> {
  const root = evidenceRoot(batch.claim);
  return checkCompute(
    batch.claim,
    root,
    claimSeed(new Uint8Array(32).fill(stream & 255), `${root}${stream}`),
    score,
    await partsOf(batch, changes),
    RULES,
  );
}
