import { type Meanings, at, span, usd } from "./meanings.ts";

/** MedianFeed and PriceHistory. */
export const PRICES: Meanings = {
  // MedianFeed.submit
  WrongReportCount: ({ given, min, max }) =>
    `the feed got ${given} reports and takes from ${min} to ${max}; configure enough reporter keys or gather more reports`,
  ReportersNotAscending: ({ reporter }) =>
    `the reports are out of order at reporter ${reporter}; this is a fault of the keeper, report it`,
  DuplicateReporter: ({ reporter }) => `the reporter ${reporter} signed twice; remove the doubled key from reporters`,
  NotReporter: ({ reporter }) => `${reporter} is no registered reporter; have it registered or remove its key`,
  BadSignature: ({ reporter }) => `the signature of ${reporter} does not hold; check chain.chainId and contracts.feed`,
  ReportFromFuture: ({ observedAt }) =>
    `the observation at ${at(observedAt)} lies after the block's time; check the clocks of the sources`,
  ReportTooOld: ({ observedAt }) =>
    `the observation at ${at(observedAt)} is too old for the feed; check why sources or sending are slow`,
  ReportNotNewer: ({ observedAt, newerThan }) =>
    `the observation at ${at(observedAt)} is not newer than ${at(newerThan)}, up to which the feed is served; ` +
    "wait for newer market data",
  PriceOutOfBounds: ({ price }) => `the price ${usd(price)} is outside of what the feed takes; check the sources`,
  VolumeOutOfBounds: ({ volume }) => `a volume of ${usd(volume)} is more than the feed takes; check the sources`,
  TransactionsOutOfBounds: ({ txTotal }) => `${txTotal} transactions are more than the feed takes; check the sources`,
  MoreFailedThanTotal: ({ txFailed, txTotal }) => `${txFailed} failed of ${txTotal} transactions cannot be; check the sources`,
  TooFewAgree: ({ agreeing, quorum, median }) =>
    `only ${agreeing} reports are near their median of ${usd(median)}, and the feed needs ${quorum}; ` +
    "check the sources, and wait for the reports of others",
  ChangeTooLarge: ({ previousPrice, price, agreeing, superQuorum }) =>
    `the price would jump from ${usd(previousPrice)} to ${usd(price)}, which takes ${superQuorum} agreeing reporters, ` +
    `and there are ${agreeing}; check the sources, then gather more reports`,
  // MedianFeed's views
  NoRounds: () => "the feed has no price yet; wait for the first report",
  UnknownRound: ({ roundId, latestRoundId }) =>
    `the feed has no round ${roundId}, its latest is ${latestRoundId}; ask for that one or wait`,
  RoundEvicted: ({ roundId, oldestRoundId }) =>
    `the feed keeps rounds from ${oldestRoundId} on, not ${roundId}; read the older one from its event`,
  // MedianFeed's settings
  ZeroReporter: () => "the zero address cannot report; name the reporter's address",
  AlreadyReporter: ({ reporter }) => `${reporter} is a reporter already; leave it out`,
  TooManyReporters: ({ count, max }) => `${count} reporters are more than the ${max} the feed holds; remove one first`,
  QuorumOutOfBounds: ({ quorum, reporterCount }) =>
    `a quorum of ${quorum} does not fit ${reporterCount} reporters; choose one from 1 to their number`,
  // PriceHistory.record
  AnswerNotPositive: ({ answer }) => `the feed answers ${answer}, which is no price; check the feed`,
  AnswerOutOfBounds: ({ answer }) => `the feed's price ${usd(answer)} is more than the history takes; check the feed`,
  AnswerFromFuture: ({ answeredAt }) => `the feed's answer at ${at(answeredAt)} lies in the future; check the feed`,
  AnswerStale: ({ answeredAt }) =>
    `the feed's answer at ${at(answeredAt)} is too old to record; check that reporters are running`,
  RoundIncomplete: () => "the feed has no answer yet; run report-price first",
  // PriceHistory's views
  DayNotUsable: ({ day, coveredSec, neededSec }) =>
    `day ${day} has prices for ${span(coveredSec)} and needs ${span(neededSec)}; ask for another day`,
  HourNotUsable: ({ hour, coveredSec, neededSec }) =>
    `the hour from ${at(hour * 3_600n)} on has prices for ${span(coveredSec)} and needs ${span(neededSec)}; ask for another hour`,
  // PriceHistory's settings
  NotFeed: ({ feed }) => `${feed} has no code, so it is no price feed; check the address`,
  UnsupportedDecimals: ({ decimals, supported }) =>
    `the feed has ${decimals} decimals and ${supported} are supported; choose a feed in USD with ${supported} decimals`,
  MaxAgeOutOfBounds: ({ maxAge, min, max }) =>
    `an age of ${span(maxAge)} is not between ${span(min)} and ${span(max)}; choose one within`,
  MaxHoldOutOfBounds: ({ maxHold, min, max }) =>
    `a hold of ${span(maxHold)} is not between ${span(min)} and ${span(max)}; choose one within`,
};
