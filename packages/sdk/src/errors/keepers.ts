import { type Meanings, at, ftns } from "./meanings.ts";

/** KeeperJobs. */
export const KEEPERS: Meanings = {
  // KeeperJobs.work
  NotWorkable: () => "the job is not due any more by the rules of KeeperJobs; look again, somebody may have done it",
  NothingDone: () => "KeeperJobs made the call and found nothing done; tell governance, the contract behind the job is at fault",
  GasTooLow: ({ left, needed }) =>
    `${left} gas were left for the payment, which needs ${needed}; look again, the estimate was of another state`,
  // Other doors
  MalformedTask: () => "the task is not an encoded job; encode it as (uint8 job, bytes args, address payee)",
  UnknownForwarder: ({ caller }) => `${caller} is not the forwarder that reports come from; check the workflow's forwarder`,
  UnknownWorkflowOwner: ({ owner }) => `the workflow of ${owner} is not ours; check who owns the workflow`,
  // Views
  NoCoinFeed: () => "there is no feed for the price of the chain's coin; the rate of the settings counts instead, read that",
  FtnsPriceStale: ({ staleAt }) => `our own price stood until ${at(staleAt)}; check that the price feed makes rounds`,
  CoinPriceUnusable: ({ answer, updatedAt }) =>
    `the coin's feed answered ${answer} at ${at(updatedAt)}, which cannot be used; check that feed`,
  // Settings
  IncompleteForwarder: () => "a forwarder comes with the owner of its workflows; give both, or none",
  "KeeperJobs.RateOutOfBounds": ({ rate, min, max }: Record<"rate" | "min" | "max", bigint>) =>
    `a rate of ${ftns(rate)} a coin is not between ${ftns(min)} and ${ftns(max)}; choose one within`,
  // The same bytes mean a monthly rate of the token.
  RateOutOfBounds: () => "a rate is outside of its bounds; choose one within",
};
