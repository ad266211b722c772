import { Breaker__factory, Governor__factory } from "../../chain/contracts.ts";
import type { Chain } from "../../chain/connect.ts";
import type { Job } from "../job.ts";
import { motionCall } from "../motions.ts";
import { type GovernanceArgs, decideGovernance } from "./decide.ts";
import { type Details, type GovernanceSnapshot, readGovernance, stepCall } from "./read.ts";

export function runGovernanceJob(
  chain: Chain,
  governorAddress: string,
  breakerAddress: string | undefined,
  lookback: number,
  from: string
): Job<GovernanceSnapshot, GovernanceArgs> {
  const governor = Governor__factory.connect(governorAddress, chain.provider);
  const breaker = breakerAddress === undefined ? undefined : Breaker__factory.connect(breakerAddress, chain.provider);
  const known = new Map<bigint, Details>();
  return {
    name: "run-governance",
    read: () => readGovernance(chain, governor, breaker, lookback, from, known),
    decide: decideGovernance,
    itemOf: ({ kind, proposalId }) => `${kind} ${proposalId}`,
    call: (args) => (args.kind === "motion" ? motionCall(args) : stepCall(governor, args.kind, args.details)),
  };
}
