/**
 * The verifier's own task, by which it measures how fast a contributor computes: turns of a 64-bit mixing function that start at a fresh
 * random number. Each turn needs the one before, and no shorter way to the last is known, so an answer takes as long as the turns do.
 */
import { EvidenceFault } from "../common/fault.ts";
import { COMPUTE_RULES, type ComputeRules } from "./claim.ts";
import { type Runner, RUN_LIMITS } from "./runner.ts";

export interface BenchmarkTask {
  /** 64 bits. */
  start: bigint;
  turns: number;
}

export interface BenchmarkAnswer {
  result: bigint;
  /** From the first byte sent to the last received, by the verifier's clock. */
  ms: number;
}

/** SplitMix64's finaliser, turn after turn; source in test/evidence/compute/benchmark.wat. */
export const BENCHMARK_MODULE = Buffer.from(
  "AGFzbQEAAAABDAJgAX8Bf2ACf34BfgMDAgABBQMBAAEHGAMGbWVtb3J5AgAFaW5wdXQAAANydW4AAQpsAgQAQQALZQECfkEAKQMAIQJBCCkDACEDA0AgAiACQh6IhUK5y5Pn0e2RrL9/fiECIAIgAkIbiIVC66PEmbG3kuiUf34hAiACIAJCH4iFIAN8IQIgA0IBfSEDIANCAFINAAtBACACNwMAQggL",
  "base64",
);

/** What the task gives, and the metered instructions of doing it. */
export async function solve({ start, turns }: BenchmarkTask, run: Runner): Promise<{ result: bigint; instructions: bigint }> {
  const input = Buffer.alloc(16);
  input.writeBigUInt64LE(start);
  input.writeBigUInt64LE(BigInt(turns), 8);
  const [done] = await run(BENCHMARK_MODULE, input, [0], { ...RUN_LIMITS, budget: 100n * BigInt(turns) + 1_000n });
  if (!done!.ok) throw new EvidenceFault(done!.code, done!.detail);
  return { result: Buffer.from(done!.output).readBigUInt64LE(), instructions: done!.instructions };
}

/** The score in thousandths: metered instructions a second, against the reference. */
export function benchmarkScore(
  { result, instructions }: { result: bigint; instructions: bigint },
  answer: BenchmarkAnswer,
  rules: ComputeRules = COMPUTE_RULES,
): bigint {
  if (answer.result !== result) throw new EvidenceFault("BENCHMARK_FAILED", "a wrong result");
  if (!(answer.ms <= rules.benchmarkTimeoutMs)) throw new EvidenceFault("BENCHMARK_FAILED", `after ${Math.round(answer.ms)} ms`);
  const ms = BigInt(Math.max(1, Math.ceil(answer.ms)));
  const score = (instructions * 1_000_000n) / (ms * rules.referencePerSec);
  return score < rules.maxScoreThousandths ? score : rules.maxScoreThousandths;
}
