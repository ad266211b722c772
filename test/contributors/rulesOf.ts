// Rules as they are, so that a test can change one.
import { fieldsOf, type Registry } from "./fixture.ts";

export type ProofRule =
  | "maxValue"
  | "minConfidence"
  | "maxAgeSec"
  | "newcomerGraceDays"
  | "disconnectionGraceDays"
  | "vouchingFactor"
  | "stakeCover"
  | "minCommitment";
export type Three = [bigint, bigint, bigint];
export type Eight = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

type Contract = Registry["registry"];

export const proofRulesOf = async (registry: Contract) => fieldsOf(await registry.proofRules()) as Record<ProofRule, bigint>;

export async function tierRulesOf(registry: Contract) {
  const { minScore, minQuality, diversityStep, maxExtraKinds } = await registry.tierRules();
  return { minScore: [...minScore] as Three, minQuality: [...minQuality] as Three, diversityStep, maxExtraKinds };
}

export async function reviewRulesOf(registry: Contract) {
  const { minRating, maxAgeSec, monthlyLimit, required } = await registry.reviewRules();
  return { minRating, maxAgeSec, monthlyLimit, required: [...required] as Eight };
}
