import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import type { Access } from "./Access.ts";
import type { Contributors } from "./Contributors.ts";
import type { Token } from "./Token.ts";

/**
 * The vault of the stakes, which reads everyone and is told by the registry; what verifiers answer with, locked in it; and what vests and
 * can be challenged.
 */
export function deployStaking(m: IgnitionModuleBuilder, { manager }: Access, { token, pool }: Token, { registry }: Contributors) {
  const vault = m.contract("StakingVault", [manager, token, pool, registry]);
  const verifierStakes = m.contract("VerifierStakes", [manager, vault, registry]);
  const batchRewards = m.contract("BatchRewards", [manager, registry, verifierStakes]);
  return { vault, verifierStakes, batchRewards, rewardVesting: m.contract("RewardVesting", [manager, batchRewards]) };
}

export type Staking = ReturnType<typeof deployStaking>;
