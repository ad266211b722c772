import { type Meanings, at, factor, ftns, percent, shortHash, tierOf } from "./meanings.ts";

/** RewardPool. */
export const REWARDS: Meanings = {
  NothingToClaim: ({ account }) => `nothing is owed to ${account}; wait until something is earned`,
  "RewardPool.NothingPayableNow": ({ account, claimable, retryAt }: { account: string; claimable: bigint; retryAt: bigint }) =>
    `${account} is owed ${ftns(claimable)}, but nothing of the day's part for old claims is left for it; claim again from ${at(retryAt)} on`,
  ClaimExpired: ({ deadline }) => `the signature was good until ${at(deadline)}; have the owner sign a new one`,
  InvalidClaimSignature: ({ account }) =>
    `that is no signature of ${account} under its next claim; check account, nonce, deadline and chain, and sign again`,
  PoolCannotBePaid: () => "the reward pool cannot pay itself; name another payee",
  MultiplierUnreadable: ({ source }) =>
    `the supply multiplier cannot be read at ${source}; submit the proof again later, and tell governance`,
  TierMultiplierTooFine: ({ tier, multiplier, step }) =>
    `the multiplier of tier ${tierOf(tier)} would be ${multiplier}, which is no multiple of ${step}; round it`,
  ShareTooFine: ({ share, step }) => `a share of ${share} is no multiple of ${step}; round it`,
  SharesOutOfBounds: ({ others, max }) =>
    `yield, claims and services would get ${percent(others)} of a day's means, and at most ${percent(max)} leaves the contributions their part; choose less`,
  ValueOutOfBounds: ({ value, max }) =>
    `a contribution of ${ftns(value)} is above ${ftns(max)}, the most there can be; check its value`,
  MultiplierOutOfBounds: ({ multiplier, min, max }) =>
    `the supply multiplier is said to be ${factor(multiplier)}, outside of ${factor(min)} to ${factor(max)}; tell governance`,
  VestingOver: ({ proofHash }) =>
    `the reward of the proof ${shortHash(proofHash)} has vested or was cancelled; claim what is claimable`,
  MoreThanVests: ({ amount, total }) =>
    `${ftns(amount)} are more than the ${ftns(total)} that vest in all; check which proof it is`,
  // Settings
  VestingThresholdOutOfBounds: ({ threshold, min, max }) =>
    `rewards would vest above ${ftns(threshold)}, which is not between ${ftns(min)} and ${ftns(max)}; choose one within`,
  VestingThresholdTooFine: ({ threshold, step }) => `${ftns(threshold)} is no multiple of ${ftns(step)}; round it`,
  AlreadyInitialized: () => "this was set up already, which is done once; leave it",
  NotInitialized: () => "the reward pool does not know its token yet; finish the deployment first",
  NotAContract: (values) => {
    const { target, account } = values as { target?: string; account?: string };
    return `${target ?? account} has no code, so it cannot be the contract it is said to be; check the address`;
  },
  PoolOfAnotherToken: ({ token, pool }) =>
    `the token ${token} pays its fees to ${pool}, not to this pool; check the token's address`,
  NoneMustEarnNothing: ({ multiplier }) =>
    `tier NONE would earn ${factor(multiplier)} times a reward, and must earn none; set it to 0`,
  TierMultiplierOutOfBounds: ({ tier, multiplier, max }) =>
    `tier ${tierOf(tier)} would earn ${factor(multiplier)} times a reward, above ${factor(max)}; choose less`,
  "RewardPool.TierMultipliersNotAscending": ({ tier, multiplier, below }: Record<"tier" | "multiplier" | "below", bigint>) =>
    `tier ${tierOf(tier)} would earn ${factor(multiplier)} times a reward, less than the ${factor(below)} of the one below it; ` +
    "let higher tiers earn more",
  EmissionShareOutOfBounds: ({ share, max }) =>
    `a share of ${percent(share)} of the supply a day is above ${percent(max)}; choose less`,
};
