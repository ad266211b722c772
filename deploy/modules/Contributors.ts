import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import type { EconomyParameters } from "../parameters.ts";
import type { Access } from "./Access.ts";
import type { Token } from "./Token.ts";

/** The registry that turns signed proofs into tiers and rewards. */
export function deployContributors(
  m: IgnitionModuleBuilder,
  { manager }: Access,
  { token, pool }: Token,
  { verifiers, attestationThreshold }: EconomyParameters,
) {
  return { registry: m.contract("ContributorRegistry", [manager, token, pool, [...verifiers], attestationThreshold]) };
}

export type Contributors = ReturnType<typeof deployContributors>;
