/** What an economy is made of: the names that everything here goes by, and the contract behind each. */

/** Name in an economy -> name of the contract. */
export const CONTRACTS = {
  manager: "FTNSAccessManager",
  token: "FTNSToken",
  wrapper: "WrappedFTNS",
  pool: "RewardPool",
  registry: "ContributorRegistry",
  verifierStakes: "VerifierStakes",
  batchRewards: "BatchRewards",
  rewardVesting: "RewardVesting",
  feed: "MedianFeed",
  history: "PriceHistory",
  roadmapPolicy: "RoadmapPolicy",
  pathPolicy: "PathPolicy",
  controller: "SupplyController",
  vault: "StakingVault",
  timelock: "FTNSTimelock",
  ordinaryCalls: "OrdinaryCalls",
  proposalDeposits: "ProposalDeposits",
  governor: "FTNSGovernor",
  breaker: "CircuitBreaker",
  emergencyGovernor: "EmergencyGovernor",
  voteProofs: "VoteProofs",
  keeperJobs: "KeeperJobs",
  usageChannels: "UsageChannels",
  usageRouter: "UsageRouter",
  contextPrices: "ContextPrices",
  works: "WorkRegistry",
  royaltyRoots: "RoyaltyRoots",
  reporterPay: "ReporterPay",
  desk: "MarketDesk",
} as const;

export type EconomyName = keyof typeof CONTRACTS;

/**
 * Where each contract of an economy stands. `feed` is what the history follows: our MedianFeed, or a Chainlink feed, whose
 * reporters nobody here pays: `reporterPay` is the zero address then. So is `desk` where the treasury runs none.
 */
export type EconomyAddresses = { [Name in EconomyName]: string };

export const ECONOMY_NAMES = Object.keys(CONTRACTS) as readonly EconomyName[];

/** An economy on a chain. */
export interface Deployment {
  readonly addresses: EconomyAddresses;
  /** No event of these contracts is in an older block. */
  readonly fromBlock: number;
}
