import { contracts } from "@ftns/sdk/contracts.ts";
import type { Chain } from "@ftns/chain/connect.ts";
import type { Job } from "../job.ts";
import { motionCall } from "../motions.ts";
import { type GovernanceArgs, decideGovernance } from "./decide.ts";
import { type GovernanceRules, type GovernanceSnapshot, Remembered, readGovernance, stepCall } from "./read.ts";

export function runGovernanceJob(
  chain: Chain,
  governorAddress: string,
  breakerAddress: string | undefined,
  rules: GovernanceRules,
  from: string,
): Job<GovernanceSnapshot, GovernanceArgs> {
  const governor = contracts.governor(governorAddress, chain.provider);
  const breaker = breakerAddress === undefined ? undefined : contracts.breaker(breakerAddress, chain.provider);
  const known = new Remembered();
  let told = false;
  return {
    name: "run-governance",
    async read() {
      const seen = await readGovernance(chain, governor, breaker, rules, from, known);
      // What is left alone is told once, not every minute.
      const { ignored } = seen;
      if (told) seen.ignored = [];
      told ||= ignored.length > 0;
      return seen;
    },
    decide: decideGovernance,
    itemOf: ({ kind, proposalId }) => `${kind} ${proposalId}`,
    call: (args) => (args.kind === "motion" ? motionCall(args) : stepCall(governor, args.kind, args.details)),
  };
}
