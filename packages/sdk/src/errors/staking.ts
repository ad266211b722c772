import { type Meanings, at, ftns, nameIn, span, tierOf } from "./meanings.ts";

/** StakingVault. */
export const STAKING: Meanings = {
  ZeroAmount: () => "the amount is nothing; name one above 0",
  InsufficientStake: ({ account, staked, amount }) =>
    `${account} has ${ftns(staked)} staked, less than ${ftns(amount)}; ask for that much or less`,
  NothingPending: ({ account }) => `${account} has asked for nothing back; call requestUnstake first`,
  NotReady: ({ readyAt, time }) => `the stake can be taken from ${at(readyAt)} on, and it is ${at(time)}; wait until then`,
  PoolHasNoFunds: ({ recycled }) =>
    `${ftns(recycled)} are owed that were earned without a tier, and the pool has no recycled fees to pay them; claim again later`,
  SettleTimeOutOfBounds: ({ time, settledAt, now_ }) =>
    `${at(time)} is not between ${at(settledAt)}, up to which the stake is settled, and ${at(now_)}; choose a time within`,
  MultiplierSourceBroken: ({ source }) =>
    `the supply controller at ${source} gives a past that cannot be; unstake with requestUnstakeForfeiting, and tell governance`,
  // Settings
  UnstakeDelayOutOfBounds: ({ delaySec, min, max }) =>
    `a delay of ${span(delaySec)} is not between ${span(min)} and ${span(max)}; choose one within`,
  TermOutOfBounds: ({ term, value, min, max }) =>
    `the term ${nameIn(term)} would be ${value}, outside of ${min} to ${max}; choose a value within`,
  TermTooFine: ({ term, value, step }) => `the term ${nameIn(term)} would be ${value}, which is no multiple of ${step}; round it`,
  "StakingVault.TierMultipliersNotAscending": ({ tier }: { tier: bigint }) =>
    `tier ${tierOf(tier)} would earn less than the one below it; let higher tiers earn more`,
};
