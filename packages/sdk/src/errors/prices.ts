import { type Meanings, at, span, usd } from "./meanings.ts";

/** MedianFeed, PriceHistory and ReporterPay. */
export const PRICES: Meanings = {
  // MedianFeed.submit
  WrongReportCount: ({ given, min, max }) =>
    `the feed got ${given} reports and takes from ${min} to ${max}; configure enough reporter keys or gather more reports`,
  ReportersNotAscending: ({ reporter }) =>
    `the reports are out of order at reporter ${reporter}; this is a fault of the keeper, report it`,
  DuplicateReporter: ({ reporter }) => `the reporter ${reporter} signed twice; remove the doubled key from reporters`,
  NotReporter: ({ reporter }) =>
    `${reporter} is no registered reporter; have it registered, or check chain.chainId and contracts.feed`,
  BadSignature: ({ index }) => `the signature of report ${index} is malformed; have its reporter sign again`,
  ReportFromFuture: ({ observedAt }) =>
    `the observation at ${at(observedAt)} lies after the block's time; check the clocks of the sources`,
  ReportTooOld: ({ observedAt }) =>
    `the observation at ${at(observedAt)} is too old for the feed; check why sources or sending are slow`,
  ReportsTooFarApart: ({ oldest, newest, max }) =>
    `the observations at ${at(oldest)} and ${at(newest)} are more than ${span(max)} apart; leave the odd one out`,
  RoundTooSoon: ({ observedAt, earliest }) =>
    `the observation at ${at(observedAt)} is too soon after the last round, the next may be of ${at(earliest)}; ` +
    "wait, or gather more reports than that round had",
  OtherSince: ({ reporter, since, needed }) =>
    `the report of ${reporter} follows a round of ${at(since)}, and what replaces the last one must follow that of ` +
    `${at(needed)}; wait for the next round`,
  FillLost: ({ since }) =>
    `too few of these reports know the mean price since ${at(since)}, which the last round did; ` +
    "gather those of reporters that were running",
  PriceOutOfBounds: ({ price }) => `the price ${usd(price)} is outside of what the feed takes; check the sources`,
  VolumeOutOfBounds: ({ volume }) => `a volume of ${usd(volume)} is more than the feed takes; check the sources`,
  AccountsOutOfBounds: ({ accounts }) => `${accounts} accounts are more than the feed takes; check the sources`,
  MoreFailedThanTotal: ({ txFailed, txTotal }) => `${txFailed} that failed of ${txTotal} accounts cannot be; check the sources`,
  TooFewAgree: ({ agreeing, quorum, median }) =>
    `only ${agreeing} reports are near their median of ${usd(median)}, and the feed needs ${quorum}; ` +
    "check the sources, and wait for the reports of others",
  ChangeTooLarge: ({ previousPrice, price, agreeing, superQuorum }) =>
    `the price would jump from ${usd(previousPrice / 10n ** 10n)} to ${usd(price)}, which takes ${superQuorum} agreeing reporters, ` +
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
  ReporterCountOutOfBounds: ({ count, min, max }) =>
    `the feed holds from ${min} to ${max} reporters, not ${count}; add the new one before you remove the old one`,
  QuorumOutOfBounds: ({ quorum, min, max }) => `a quorum of ${quorum} is not between ${min} and ${max}; choose one within`,
  NotHistory: ({ history }) => `${history} has no code, so it is no price history; check the address`,
  // ReporterPay
  NothingEarned: ({ reporter }) => `${reporter} has no hour to be paid for; wait until an hour with its report is over`,
  PayOutOfBounds: ({ payPerReport, max }) => `${payPerReport} wei a report are more than the ${max} allowed; choose less`,
  // PriceHistory.record
  AnswerNotPositive: ({ answer }) => `the feed answers ${answer}, which is no price; check the feed`,
  AnswerOutOfBounds: ({ answer }) => `the feed's price ${usd(answer)} is more than the history takes; check the feed`,
  AnswerFromFuture: ({ answeredAt }) => `the feed's answer at ${at(answeredAt)} lies in the future; check the feed`,
  AnswerStale: ({ answeredAt }) => `the feed's answer at ${at(answeredAt)} is too old to stand; check that reporters are running`,
  RoundIncomplete: () => "the feed has no answer yet; wait for its first",
  FeedHandsOver: () => "the feed hands its rounds over by itself; leave record-price out",
  ReadNeedsGas: ({ left, needed }) =>
    `${left} gas were left to read a round, and ${needed} are needed so that none is missed; give more gas`,
  NoNewRound: ({ roundId }) => `the feed's round ${roundId} is recorded already; wait for its next`,
  // PriceHistory's views
  DayNotUsable: ({ day, coveredSec, neededSec }) =>
    `day ${day} has prices for ${span(coveredSec)} and needs ${span(neededSec)}; ask for another day`,
  HourNotUsable: ({ hour, coveredSec, neededSec }) =>
    `the hour from ${at(hour * 3_600n)} on has prices for ${span(coveredSec)} and needs ${span(neededSec)}; ask for another hour`,
  // PriceHistory's settings
  NotFeed: ({ feed }) => `${feed} is not the price feed that hands over rounds, or has no code; check the address`,
  UnsupportedDecimals: ({ decimals, supported }) =>
    `the feed has ${decimals} decimals and ${supported} are supported; choose a feed in USD with ${supported} decimals`,
  HeartbeatOutOfBounds: ({ heartbeat, min, max }) =>
    `a heartbeat of ${span(heartbeat)} is not between ${span(min)} and ${span(max)}; choose one within`,
};
