import type { Future, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import type { Contributors } from "./Contributors.ts";
import type { Governance } from "./Governance.ts";
import type { Keepers } from "./Keepers.ts";
import type { Staking } from "./Staking.ts";
import type { Token } from "./Token.ts";
import type { Usage } from "./Usage.ts";

/**
 * Each hot function learns the one contract that calls it all the time; and the vault, whose stake never votes, and towards whom
 * deposits of proposals, bonds of triggers and challenges and what verifiers answer with are locked.
 */
export function nameDirectCallers(
  m: IgnitionModuleBuilder,
  { token, pool }: Token,
  { registry }: Contributors,
  { vault, verifierStakes, batchRewards, rewardVesting }: Staking,
  { timelock, governor, proposalDeposits, breaker }: Governance,
  { keeperJobs }: Keepers,
  { usageChannels, usageRouter, royaltyRoots }: Usage,
): Future[] {
  return [
    m.call(token, "setMinter", [pool]),
    m.call(token, "setRegistrar", [registry]),
    m.call(pool, "setRewarder", [registry]),
    m.call(registry, "setBatchRewards", [batchRewards], { id: "leavesOfBatches" }),
    m.call(verifierStakes, "setBatchRewards", [batchRewards], { id: "totalsOfBatches" }),
    m.call(pool, "setYieldPayer", [vault]),
    m.call(pool, "setKeeperPayer", [keeperJobs]),
    m.call(usageChannels, "setRouter", [usageRouter]),
    m.call(usageRouter, "setRoyalties", [royaltyRoots]),
    m.call(vault, "setSilentStaker", [timelock]),
    m.call(vault, "setLockHolder", [proposalDeposits, true], { id: "depositsOfProposals" }),
    m.call(proposalDeposits, "initialize", [governor], { id: "depositsOfGovernor" }),
    m.call(vault, "setLockHolder", [breaker, true], { id: "bondsOfTriggers" }),
    m.call(vault, "setLockHolder", [verifierStakes, true], { id: "stakesOfVerifiers" }),
    m.call(vault, "setLockHolder", [rewardVesting, true], { id: "bondsOfChallenges" }),
    m.call(registry, "setRewardVesting", [rewardVesting], { id: "cancelledProofs" }),
    m.call(pool, "setVester", [rewardVesting], { id: "vestedRewards" }),
    m.call(verifierStakes, "setRewardVesting", [rewardVesting], { id: "challengedSigners" }),
    m.call(batchRewards, "setRewardVesting", [rewardVesting], { id: "challengedBatches" }),
  ];
}
