import { type Meanings, at, ftns, percent, tierOf } from "./meanings.ts";

const CLASSES = ["STANDARD", "RECOGNISED", "POOLED", "EXEMPT"];
const classOf = (accountClass: bigint) => CLASSES[Number(accountClass)] ?? `class ${accountClass}`;

/** FTNSToken and wFTNS. */
export const TOKEN: Meanings = {
  // What stops a transfer or a mint
  TransfersHalted: ({ until }) => `transfers are halted until ${at(until)} at the latest; wait, and follow the emergency's vote`,
  RecoveryLimitExceeded: ({ account, value, left }) =>
    `in recovery mode ${account} may move ${ftns(left)} more today, not ${ftns(value)}; ` +
    "send less, or wait for the next day at 02:00 UTC",
  MintingStopped: ({ until }) => `no FTNS are made in recovery mode, until ${at(until)} at the latest; wait`,
  SupplyCapExceeded: ({ supplyAfter, cap }) =>
    `the supply would be ${ftns(supplyAfter)}, above its cap of ${ftns(cap)}; mint less, or have governance raise the cap`,
  ZeroAccount: () => "the zero address cannot be the account; name another one",
  AmountTooLarge: ({ amount, max }) => `${ftns(amount)} are more than the ${ftns(max)} that an account can hold; name less`,
  CalendarEnded: ({ day }) => `the protocol's calendar has no day ${day}; move to its successor`,
  CallerWithoutCode: ({ caller }) =>
    `${caller} has no code, so that it cannot be the contract it is said to be; check the address`,
  SettleDayOutOfBounds: ({ day, settledDay, today }) =>
    `day ${day} is not between ${settledDay}, up to which the account is settled, and today, ${today}; choose one within`,
  // Settings
  "FTNSToken.RateOutOfBounds": ({ index, rate, max }: Record<"index" | "rate" | "max", bigint>) =>
    `the monthly rate of band ${index} is ${percent(rate)} and at most ${percent(max)} is allowed; choose a lower one`,
  RatesNotAscending: ({ index }) =>
    `the rate of band ${index} is below that of the band before; let rates rise from the most active band to the least`,
  ModifierOutOfBounds: ({ tier, modifierWad, max }) =>
    `the rates' modifier of tier ${tierOf(tier)} is ${percent(modifierWad)} and at most ${percent(max)} is allowed; choose a lower one`,
  CapOutOfBounds: ({ cap, max }) => `a cap of ${ftns(cap)} is above the hard one of ${ftns(max)}; choose a lower one`,
  ScheduleNotNested: ({ schedule: { basicThrough, activeThrough, powerThrough } }) =>
    `a tier ends after the one below it (BASIC through day ${basicThrough}, ACTIVE ${activeThrough}, POWER ${powerThrough}); ` +
    "let higher tiers end first",
  ScheduleTooFar: ({ throughDay, latest }) => `a tier through day ${throughDay} ends after day ${latest}; choose an earlier day`,
  GraceOutOfBounds: ({ graceUntil, earliest, latest }) =>
    `a grace until ${at(graceUntil)} does not end between ${at(earliest)} and ${at(latest)}; choose an end within`,
  NotStandardAccount: ({ account, accountClass }) =>
    `${account} is of class ${classOf(accountClass)}, and a STANDARD account is needed; use another one`,
  AccountIsContributor: ({ account }) =>
    `${account} has a tier or grace, so that its class cannot be changed; wait until both have ended, or choose another account`,
  ExemptMustBeContract: ({ account }) => `${account} has no code, and only a contract can be EXEMPT; check the address`,
  HaltOutOfBounds: ({ until, earliest, latest }) =>
    `a halt until ${at(until)} does not end between ${at(earliest)} and ${at(latest)}; choose an end within`,
  NotHalted: () => "transfers are not halted, so that nothing is left to end; leave it",
  RecoveryOutOfBounds: ({ until, earliest, latest }) =>
    `a recovery until ${at(until)} does not end between ${at(earliest)} and ${at(latest)}; choose an end within`,
  NotInRecovery: () => "recovery mode is not on, so that nothing is left to end; leave it",
  // wFTNS
  RoundsToZero: ({ assets, shares }) =>
    `${ftns(assets)} for ${ftns(shares).replace("FTNS", "wFTNS")} would round to nothing; take a larger amount`,
  ERC4626ExceededMaxDeposit: ({ assets, max }) =>
    `${ftns(assets)} are more than the ${ftns(max)} that can be wrapped now; wrap less, or wait until transfers go on`,
  ERC4626ExceededMaxMint: ({ shares, max }) =>
    `${ftns(shares).replace("FTNS", "wFTNS")} are more than the ${ftns(max).replace("FTNS", "wFTNS")} that can be made now; ` +
    "take less, or wait until transfers go on",
  ERC4626ExceededMaxWithdraw: ({ owner, assets, max }) =>
    `${ftns(assets)} are more than the ${ftns(max)} that ${owner} can unwrap now; take less, or wait until limits end`,
  ERC4626ExceededMaxRedeem: ({ owner, shares, max }) =>
    `${ftns(shares).replace("FTNS", "wFTNS")} are more than the ${ftns(max).replace("FTNS", "wFTNS")} that ${owner} can give back now; ` +
    "take less, or wait until limits end",
};
