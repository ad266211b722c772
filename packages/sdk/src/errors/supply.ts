import { formatDecimal } from "../units.ts";
import { type Meanings, at, factor, percent, span } from "./meanings.ts";

/** SupplyController and its policy. */
export const SUPPLY: Meanings = {
  UnknownRate: ({ rate, count }) => `there is no rate ${rate}, only those from 0 to ${count} exclusive; check its number`,
  UnknownRateFlags: ({ flags, known }) =>
    `the flags ${flags} name rates that there are not (known are ${known}); clear the others`,
  // SupplyController.adjust
  Suspended: ({ until }) => `adjustments are suspended until ${at(until)}; wait, or follow the vote that suspended them`,
  AlreadyAdjusted: ({ nextAt }) => `the supply was adjusted today already; wait for the next time at ${at(nextAt)}`,
  TooEarly: ({ firstAt }) => `it is too early for adjustments; wait for the first at ${at(firstAt)}`,
  HistoryTooShort: ({ longEnoughAt }) => `the price history is too short; wait until ${at(longEnoughAt)}`,
  RecordStale: ({ staleAt }) =>
    `the price feed's last round stood until ${at(staleAt)}; check that report-price or record-price is running`,
  DayNotClosed: ({ knownUntil, dayStart }) =>
    `prices are known until ${at(knownUntil)}, and yesterday ended at ${at(dayStart)}; wait for the next round of the feed`,
  DayTooThin: ({ day, coveredSec, neededSec }) =>
    `day ${day} has prices for ${span(coveredSec)} and needs ${span(neededSec)}; ` +
    "wait until it leaves the window, and find out why records were missing",
  WindowTooThin: ({ coveredSec, neededSec }) =>
    `the 30 days have prices for ${span(coveredSec)} and need ${span(neededSec)}; ` +
    "keep recording, and find out why records were missing",
  PolicyFailed: ({ policy }) => `the policy at ${policy} cannot judge the market window; tell governance`,
  FactorMismatch: ({ expected, actual }) =>
    `the chain's factor is ${percent(actual)}, ours ${percent(expected)}; ` +
    "the market moved in between or the two disagree, wait for the next run",
  "SupplyController.TooLittleGas": ({ gas, needed }: { gas: bigint; needed: bigint }) =>
    `${gas} gas are left and the rule in the shadow must get its part of ${needed}; send the transaction with more`,
  // SupplyController's views
  FutureTime: ({ timestamp, time }) =>
    `the multiplier at ${at(timestamp)} is not known at ${at(time)}; ask for a time that has passed`,
  PeriodReversed: ({ from, to }) => `the period from ${at(from)} to ${at(to)} ends before it begins; swap the two`,
  // SupplyController's settings
  NotContract: ({ account }) => `${account} has no code, so it cannot be the contract it is said to be; check the address`,
  LaunchDayOutOfBounds: ({ launchDay, min, max }) =>
    `the launch day ${launchDay} is not between ${min} and ${max}; choose one within`,
  SuspensionOutOfBounds: ({ until, earliest, latest }) =>
    `a suspension until ${at(until)} does not end between ${at(earliest)} and ${at(latest)}; choose an end within`,
  NotSuspended: () => "adjustments are not suspended, so that nothing is left to end; leave it",
  // RoadmapPolicy and PathPolicy
  DaysOutOfBounds: ({ daysSinceLaunch, max }) =>
    `the target curve is defined for ${max} days and this is day ${daysSinceLaunch}; have governance set another policy`,
  AverageOutOfBounds: ({ index, average, min, max }) =>
    `average ${index} of the market window is ${average} and must be from ${min} to ${max}; check the price history`,
  // PathPolicy
  "PathPolicy.MultiplierOutOfBounds": ({ multiplier, min, max }: { multiplier: bigint; min: bigint; max: bigint }) =>
    `the supply multiplier is ${factor(multiplier)} and must be from ${factor(min)} to ${factor(max)}; tell governance`,
  LaunchPriceOutOfBounds: ({ price, min, max }) =>
    `the path would start from ${formatDecimal(price, 18)} USD, outside of ${formatDecimal(min, 18)} to ` +
    `${formatDecimal(max, 18)} USD; check the price history`,
  LaunchPriceKnown: ({ price }) => `the path starts from ${formatDecimal(price, 18)} USD already; nothing is left to note`,
  NoDayFinal: ({ nextDay, knownUntil }) =>
    `day ${nextDay} and the one after it are not over by the feed's rounds, the last of ${at(knownUntil)}; wait for later rounds`,
};
