import { type Meanings, at, ftns, nameIn, span, tierOf } from "./meanings.ts";

/** StakingVault. */
export const STAKING: Meanings = {
  ZeroAmount: () => "the amount is nothing; name one above 0",
  InsufficientStake: ({ account, staked, amount }) =>
    `${account} has ${ftns(staked)} staked, less than ${ftns(amount)}; ask for that much or less`,
  NothingPending: ({ account }) => `${account} has asked for nothing back; call requestUnstake first`,
  NotReady: ({ readyAt, time }) => `the stake can be taken from ${at(readyAt)} on, and it is ${at(time)}; wait until then`,
  "StakingVault.NothingPayableNow": ({ earned, recycled }: { earned: bigint; recycled: bigint }) =>
    `${ftns(earned)} and ${ftns(recycled)} of recycled fees are owed, and the pool has nothing left for yield today; claim again later`,
  StakeLocked: ({ account, unlocked, amount }) =>
    `${account} has ${ftns(unlocked)} of its stake free of locks, less than ${ftns(amount)}; have locks released first, or ask for less`,
  ExitDayOutOfBounds: ({ day, chargedThrough, today }) =>
    `day ${day} is not between ${chargedThrough}, up to which the exit is charged, and today, ${today}; choose one within`,
  LockHolderNotAdmitted: ({ holder }) => `${holder} may hold no locks; lock towards a contract that governance admitted`,
  LockHolderAdmitted: ({ holder }) => `${holder} may hold locks, so that it alone releases them; ask it`,
  InsufficientLock: ({ owner, holder, locked, amount }) =>
    `${owner} has ${ftns(locked)} locked towards ${holder}, less than ${ftns(amount)}; name that much or less`,
  NothingLocked: ({ owner, holder }) => `${owner} has nothing locked towards ${holder}; check both addresses`,
  InvalidRecipient: ({ to }) => `what is slashed cannot go to ${to}; name another account`,
  NothingSetAside: ({ to }) => `nothing is set aside for ${to}; leave it`,
  TooLittleGas: ({ gas, needed }) => `${gas} gas are left and up to ${needed} may be needed; send the transaction with more`,
  SilentStakerCannotDelegate: ({ account }) => `the stake of ${account} never votes, so that it has no votes to give; leave it`,
  SettleTimeOutOfBounds: ({ time, settledAt, now_ }) =>
    `${at(time)} is not between ${at(settledAt)}, up to which the stake is settled, and ${at(now_)}; choose a time within`,
  MultiplierSourceBroken: ({ source }) =>
    `the supply controller at ${source} gives a past that cannot be; unstake with requestUnstakeForfeiting, and tell governance`,
  // Settings
  StakerNotEmpty: ({ account, staked, pending }) =>
    `${account} has ${ftns(staked)} staked and ${ftns(pending)} leaving; change the silent staker when both are nothing`,
  UnstakeDelayOutOfBounds: ({ delaySec, min, max }) =>
    `a delay of ${span(delaySec)} is not between ${span(min)} and ${span(max)}; choose one within`,
  TermOutOfBounds: ({ term, value, min, max }) =>
    `the term ${nameIn(term)} would be ${value}, outside of ${min} to ${max}; choose a value within`,
  TermTooFine: ({ term, value, step }) => `the term ${nameIn(term)} would be ${value}, which is no multiple of ${step}; round it`,
  "StakingVault.TierMultipliersNotAscending": ({ tier }: { tier: bigint }) =>
    `tier ${tierOf(tier)} would earn less than the one below it; let higher tiers earn more`,
};
