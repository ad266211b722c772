// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IReporterSeats} from "./IReporterSeats.sol";
import {IRoundTaker} from "./IRoundTaker.sol";

/// @notice What one reporter saw. This is the EIP-712 struct that reporters sign:
/// `MarketReport(uint256 price,uint256 meanPrice,uint256 since,uint256 volume6h,uint256 meanVolume6h,uint256 txTotal,uint256 txFailed,uint256 sendersDay,uint256 observedAt)`.
struct MarketReport {
    /// Price of one FTNS (USD, 8 decimals).
    uint256 price;
    /// The reporter's own time-weighted mean of the price from `since` to `observedAt` (USD, 8 decimals); zero when it
    /// doesn't know, as one that joined later.
    uint256 meanPrice;
    /// Time of the feed's last round that this one follows, `Market.observedAt` (seconds); zero before the first round.
    uint256 since;
    /// Traded in the last 6 hours (USD, 8 decimals).
    uint256 volume6h;
    /// Mean of 6-hour volumes over the last 30 days (USD, 8 decimals); zero while the reporter knows fewer days.
    uint256 meanVolume6h;
    /// Accounts that sent to the economy's contracts in the last hour, of those that held at least 1 FTNS or a tier an hour
    /// before.
    uint256 txTotal;
    /// Those of them of which a plausible call failed: a known function, enough gas.
    uint256 txFailed;
    /// The like of `txTotal` over the last day.
    uint256 sendersDay;
    /// When the reporter looked (seconds).
    uint256 observedAt;
}

/// @notice A report as it is carried, in four words: see ReportWords. Its reporter is whoever signed it.
struct PackedReport {
    /// Prices, times and the hour's counts.
    uint256 first;
    /// Volumes and the day's count.
    uint256 second;
    /// The signature in its compact form (ERC-2098).
    bytes32 r;
    bytes32 vs;
}

/// @notice What the reporters agreed on in one round.
struct Market {
    uint256 roundId;
    /// USD, 8 decimals.
    uint256 price;
    /// USD, 8 decimals.
    uint256 volume6h;
    /// USD, 8 decimals.
    uint256 meanVolume6h;
    uint256 txTotal;
    uint256 txFailed;
    uint256 sendersDay;
    /// The round that it follows, as of that one's `observedAt` (seconds); zero for the first.
    uint256 since;
    /// The round's time: its oldest observation (seconds).
    uint256 observedAt;
    /// When the round was written (seconds).
    uint256 updatedAt;
    /// 1 - 2^-(a - d): `a` reporters within 2 % of the median, `d` outside it; zero unless `a` is larger (WAD).
    uint256 confidence;
    /// Reports that it was made of.
    uint256 reports;
    /// Reporters that were registered.
    uint256 registered;
    /// Reports whose own numbers meet the condition on volumes (MarketConditions).
    uint256 illiquid;
    /// Reports whose own numbers meet the condition on counts (MarketConditions).
    uint256 attacked;
}

/// @title IMedianFeed
/// @notice The project's own price feed: registered reporters sign what they see, anyone carries the signed reports in one
/// transaction, and their medians become a round. It can be read like any Chainlink feed, and it hands each round to the
/// price history in the same transaction.
///
/// Price: the median; of an even number the mean of the two middle values, rounded down. A lower (or upper) median would let
/// whoever carries the reports push the price by leaving one out. Volumes and counts: of the two middle values the calmer
/// one (the larger volume, total and `sendersDay`, the smaller mean volume and failures), because only alarms depend on them.
///
/// A quorum is more than half of the registered reporters, so that a minority decides nothing.
interface IMedianFeed is AggregatorV3Interface, IReporterSeats {
    /// @notice A round was written.
    /// @param roundId counts from 1
    /// @param market the medians
    /// @param meanPrice of the time since the round before (USD, 8 decimals); zero: not enough reporters know, it's a gap
    event RoundUpdated(uint256 indexed roundId, Market market, uint256 meanPrice);
    event HistorySet(IRoundTaker history);

    /// @notice Fewer reports than the quorum, or more than there are reporters.
    /// @param min the quorum
    /// @param max registered reporters
    error WrongReportCount(uint256 given, uint256 min, uint256 max);
    /// @notice Reports must come in strictly ascending order of their reporters' addresses.
    error ReportersNotAscending(address previous, address reporter);
    /// @notice The same reporter came twice.
    error DuplicateReporter(address reporter);
    /// @notice The signature is malformed or malleable. One under another report, or for another chain or contract, is that of an
    /// address that is no reporter: `NotReporter`.
    /// @param index the report's, from 0
    error BadSignature(uint256 index);
    /// @param observedAt seconds, as `time`, the block's
    error ReportFromFuture(uint256 observedAt, uint256 time);
    /// @param earliest oldest observation that is accepted now (seconds)
    error ReportTooOld(uint256 observedAt, uint256 earliest);
    /// @notice The reports of a round are of one time: their observations lie at most two minutes apart.
    /// @param oldest of the observations (seconds), as `newest`
    error ReportsTooFarApart(uint256 oldest, uint256 newest, uint256 max);
    /// @notice Rounds are at least five minutes apart. Only a round of more reports than the latest may replace it, or one that fills
    /// the time before it where the latest did not.
    /// @param observedAt the round's time (seconds)
    /// @param earliest that would be accepted (seconds)
    error RoundTooSoon(uint256 observedAt, uint256 earliest);
    /// @notice What replaces the latest round must follow the same round: each report must have been signed with its `since`.
    /// @param needed the latest round's (seconds)
    error OtherSince(address reporter, uint256 since, uint256 needed);
    /// @notice The latest round filled the time before it, and what is to replace it could not.
    /// @param since the round before (seconds)
    error FillLost(uint256 since);
    /// @param price USD, 8 decimals; zero is refused too, but for a mean
    error PriceOutOfBounds(address reporter, uint256 price, uint256 max);
    /// @param volume USD, 8 decimals
    error VolumeOutOfBounds(address reporter, uint256 volume, uint256 max);
    error AccountsOutOfBounds(address reporter, uint256 accounts, uint256 max);
    error MoreFailedThanTotal(address reporter, uint256 txFailed, uint256 txTotal);
    /// @notice Fewer reports than the quorum are within 2 % of the median. If that were allowed, whoever carries the reports could
    /// choose the price by leaving some out.
    /// @param agreeing reports within 2 % of the median
    /// @param median USD, 8 decimals
    error TooFewAgree(uint256 agreeing, uint256 quorum, uint256 median);
    /// @notice The price moved by more than 50 % and too few reporters agree on it (see `superQuorum`); nor has the last round
    /// become too old to stand, and all reporters but one at most are there and agree.
    /// @param previousPrice average of the latest hour that the round before had closed, or the last round's price where there
    /// is none (USD, 18 decimals)
    /// @param price USD, 8 decimals
    error ChangeTooLarge(uint256 previousPrice, uint256 price, uint256 agreeing, uint256 superQuorum);
    /// @notice No round has been written yet.
    error NoRounds();
    error UnknownRound(uint256 roundId, uint256 latestRoundId);
    /// @notice Only the last `ROUNDS_KEPT` rounds are kept; older ones are in the events.
    error RoundEvicted(uint256 roundId, uint256 oldestRoundId);
    /// @notice The history must be a contract.
    error NotHistory(address history);

    /// @notice Checks and merges signed reports into the next round, and hands it to the history. Anyone may call it.
    /// @dev Warning: of two calls with the same reports the second reverts with `RoundTooSoon`.
    /// @param reports at least `quorum()`, in strictly ascending order of the reporters' addresses; observed within two minutes
    /// of each other, at most 10 minutes ago, not in the future, and at least five minutes after the latest round. A round
    /// of more reports than the latest may replace it: so nobody can keep the others out by being first with a bare quorum.
    /// One that filled nothing is replaced by any that fills its time: so a minority that is first leaves no gap.
    /// At least a quorum of the prices must lie within 2 % of the median.
    /// @return roundId number of the new round, counted from 1
    function submit(PackedReport[] calldata reports) external returns (uint80 roundId);

    /// @notice The latest round in full. Reverts with `NoRounds` before the first one.
    /// @dev Warning: it does not check how old the round is. Compare `observedAt` and `updatedAt` with the time yourself.
    /// @return units: see Market
    function latestMarket() external view returns (Market memory);

    /// @notice EIP-712 digest that a reporter signs for `report`.
    /// @param report all fields count
    /// @return for this contract on this chain
    function reportDigest(MarketReport calldata report) external view returns (bytes32);

    /// @notice Reporters that must agree (be within 2 % of the median) before the price may move by more than 50 % at once: all
    /// but one of the round's, and at least five.
    /// @param reports that the round is made of
    /// @return at least 5
    function superQuorum(uint256 reports) external view returns (uint256);

    /// @notice Who takes each round.
    /// @return zero where nobody does
    function history() external view returns (IRoundTaker);

    /// @notice Names who takes each round from now on. Restricted to governance. Averages stay where they are.
    /// @dev Warning: a history that refuses rounds stops the feed.
    /// @param history_ zero, or a contract, else `NotHistory`
    function setHistory(IRoundTaker history_) external;
}
