/** The contracts of an economy, typed: `contracts.medianFeed(address, runner)` and the like. */
import type { ContractRunner } from "ethers";
import {
  batchRewardsAbi,
  circuitBreakerAbi,
  contextPricesAbi,
  contributorRegistryAbi,
  emergencyGovernorAbi,
  ftnsAccessManagerAbi,
  ftnsGovernorAbi,
  ftnsTimelockAbi,
  ftnsTokenAbi,
  keeperJobsAbi,
  marketDeskAbi,
  medianFeedAbi,
  ordinaryCallsAbi,
  pathPolicyAbi,
  priceHistoryAbi,
  proposalDepositsAbi,
  reporterPayAbi,
  rewardPoolAbi,
  rewardVestingAbi,
  roadmapPolicyAbi,
  royaltyRootsAbi,
  stakingVaultAbi,
  supplyControllerAbi,
  usageChannelsAbi,
  usageRouterAbi,
  verifierStakesAbi,
  voteProofsAbi,
  workRegistryAbi,
  wrappedFtnsAbi,
} from "./abi/index.ts";
import type { EconomyAddresses } from "./economy.ts";
import type { Abi } from "./typed/abi.ts";
import { connectContract, interfaceOf, type TypedContract, type TypedInterface } from "./typed/contract.ts";

/** The ABI behind each name. Written out as a type, so that declarations refer to the ABIs instead of repeating them. */
export interface Abis {
  readonly manager: typeof ftnsAccessManagerAbi;
  readonly token: typeof ftnsTokenAbi;
  readonly wrapper: typeof wrappedFtnsAbi;
  readonly pool: typeof rewardPoolAbi;
  readonly registry: typeof contributorRegistryAbi;
  readonly verifierStakes: typeof verifierStakesAbi;
  readonly batchRewards: typeof batchRewardsAbi;
  readonly rewardVesting: typeof rewardVestingAbi;
  readonly medianFeed: typeof medianFeedAbi;
  readonly history: typeof priceHistoryAbi;
  readonly roadmapPolicy: typeof roadmapPolicyAbi;
  readonly pathPolicy: typeof pathPolicyAbi;
  readonly controller: typeof supplyControllerAbi;
  readonly vault: typeof stakingVaultAbi;
  readonly timelock: typeof ftnsTimelockAbi;
  readonly ordinaryCalls: typeof ordinaryCallsAbi;
  readonly proposalDeposits: typeof proposalDepositsAbi;
  readonly governor: typeof ftnsGovernorAbi;
  readonly breaker: typeof circuitBreakerAbi;
  readonly emergencyGovernor: typeof emergencyGovernorAbi;
  readonly voteProofs: typeof voteProofsAbi;
  readonly keeperJobs: typeof keeperJobsAbi;
  readonly usageChannels: typeof usageChannelsAbi;
  readonly usageRouter: typeof usageRouterAbi;
  readonly contextPrices: typeof contextPricesAbi;
  readonly works: typeof workRegistryAbi;
  readonly royaltyRoots: typeof royaltyRootsAbi;
  readonly reporterPay: typeof reporterPayAbi;
  readonly desk: typeof marketDeskAbi;
}

export const abis: Abis = {
  manager: ftnsAccessManagerAbi,
  token: ftnsTokenAbi,
  wrapper: wrappedFtnsAbi,
  pool: rewardPoolAbi,
  registry: contributorRegistryAbi,
  verifierStakes: verifierStakesAbi,
  batchRewards: batchRewardsAbi,
  rewardVesting: rewardVestingAbi,
  medianFeed: medianFeedAbi,
  history: priceHistoryAbi,
  roadmapPolicy: roadmapPolicyAbi,
  pathPolicy: pathPolicyAbi,
  controller: supplyControllerAbi,
  vault: stakingVaultAbi,
  timelock: ftnsTimelockAbi,
  ordinaryCalls: ordinaryCallsAbi,
  proposalDeposits: proposalDepositsAbi,
  governor: ftnsGovernorAbi,
  breaker: circuitBreakerAbi,
  emergencyGovernor: emergencyGovernorAbi,
  voteProofs: voteProofsAbi,
  keeperJobs: keeperJobsAbi,
  usageChannels: usageChannelsAbi,
  usageRouter: usageRouterAbi,
  contextPrices: contextPricesAbi,
  works: workRegistryAbi,
  royaltyRoots: royaltyRootsAbi,
  reporterPay: reporterPayAbi,
  desk: marketDeskAbi,
};

// Interfaces, so that editors and errors name them instead of spelling them out.
export interface Manager extends TypedContract<Abis["manager"]> {}
export interface Token extends TypedContract<Abis["token"]> {}
export interface Wrapper extends TypedContract<Abis["wrapper"]> {}
export interface Pool extends TypedContract<Abis["pool"]> {}
export interface Registry extends TypedContract<Abis["registry"]> {}
export interface VerifierStakes extends TypedContract<Abis["verifierStakes"]> {}
export interface BatchRewards extends TypedContract<Abis["batchRewards"]> {}
export interface RewardVesting extends TypedContract<Abis["rewardVesting"]> {}
export interface MedianFeed extends TypedContract<Abis["medianFeed"]> {}
export interface History extends TypedContract<Abis["history"]> {}
export interface RoadmapPolicy extends TypedContract<Abis["roadmapPolicy"]> {}
export interface PathPolicy extends TypedContract<Abis["pathPolicy"]> {}
export interface Controller extends TypedContract<Abis["controller"]> {}
export interface Vault extends TypedContract<Abis["vault"]> {}
export interface Timelock extends TypedContract<Abis["timelock"]> {}
export interface OrdinaryCalls extends TypedContract<Abis["ordinaryCalls"]> {}
export interface ProposalDeposits extends TypedContract<Abis["proposalDeposits"]> {}
export interface Governor extends TypedContract<Abis["governor"]> {}
export interface Breaker extends TypedContract<Abis["breaker"]> {}
export interface EmergencyGovernor extends TypedContract<Abis["emergencyGovernor"]> {}
export interface VoteProofs extends TypedContract<Abis["voteProofs"]> {}
export interface KeeperJobs extends TypedContract<Abis["keeperJobs"]> {}
export interface UsageChannels extends TypedContract<Abis["usageChannels"]> {}
export interface UsageRouter extends TypedContract<Abis["usageRouter"]> {}
export interface ContextPrices extends TypedContract<Abis["contextPrices"]> {}
export interface Works extends TypedContract<Abis["works"]> {}
export interface RoyaltyRoots extends TypedContract<Abis["royaltyRoots"]> {}
export interface ReporterPay extends TypedContract<Abis["reporterPay"]> {}
export interface Desk extends TypedContract<Abis["desk"]> {}

/** The contracts of an economy. `medianFeed` and `reporterPay` are useful only where the feed is our own, `desk` where there is one. */
export interface EconomyContracts {
  readonly manager: Manager;
  readonly token: Token;
  readonly wrapper: Wrapper;
  readonly pool: Pool;
  readonly registry: Registry;
  readonly verifierStakes: VerifierStakes;
  readonly batchRewards: BatchRewards;
  readonly rewardVesting: RewardVesting;
  readonly medianFeed: MedianFeed;
  readonly history: History;
  readonly roadmapPolicy: RoadmapPolicy;
  readonly pathPolicy: PathPolicy;
  readonly controller: Controller;
  readonly vault: Vault;
  readonly timelock: Timelock;
  readonly ordinaryCalls: OrdinaryCalls;
  readonly proposalDeposits: ProposalDeposits;
  readonly governor: Governor;
  readonly breaker: Breaker;
  readonly emergencyGovernor: EmergencyGovernor;
  readonly voteProofs: VoteProofs;
  readonly keeperJobs: KeeperJobs;
  readonly usageChannels: UsageChannels;
  readonly usageRouter: UsageRouter;
  readonly contextPrices: ContextPrices;
  readonly works: Works;
  readonly royaltyRoots: RoyaltyRoots;
  readonly reporterPay: ReporterPay;
  readonly desk: Desk;
}

type Name = keyof Abis;
const NAMES = Object.keys(abis) as readonly Name[];

const forEach = <T>(make: (name: Name) => unknown) => Object.fromEntries(NAMES.map((name) => [name, make(name)])) as T;

/**
 * Each contract at an address. A provider as runner reads, a signer also sends, none only encodes. Every Chainlink feed answers
 * `latestRoundData` and `decimals` as `medianFeed` does.
 */
export const contracts: {
  readonly [N in Name]: (address: string, runner?: ContractRunner | null) => EconomyContracts[N];
} = forEach((name) => (address: string, runner?: ContractRunner | null) => connectContract<Abi>(abis[name], address, runner));

/** The Interface of each, for what is encoded and decoded without a contract: `interfaces.token().encodeFunctionData(...)`. */
export const interfaces: { readonly [N in Name]: () => TypedInterface<Abis[N]> } = forEach(
  (name) => () => interfaceOf<Abi>(abis[name]),
);

/** All contracts of the economy at `addresses`. */
export function connectEconomy(addresses: EconomyAddresses, runner: ContractRunner | null = null): EconomyContracts {
  return forEach((name) => contracts[name](addresses[name === "medianFeed" ? "feed" : name], runner));
}
