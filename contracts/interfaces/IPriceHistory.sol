// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IRoundTaker} from "./IRoundTaker.sol";

/// @notice How far the history knows prices.
struct PriceRecord {
    /// Of a feed that hands its rounds over: the mean price of the stretch before the last round. Of any other: the last
    /// round's answer. USD, 8 decimals; zero when it is unknown.
    uint256 price;
    /// Time of the last round (seconds): nothing is known past it. Zero before the first.
    uint256 knownUntil;
    /// When the last round is too old to stand (seconds), `knownUntil` and the heartbeat. Zero before the first.
    uint256 staleAt;
}

/// @notice Time-weighted average over one hour or one protocol day.
struct PriceAverage {
    /// Hour (`time / 3600`) or protocol day.
    uint256 index;
    /// USD, 18 decimals, rounded down; zero when no second is covered.
    uint256 averageWad;
    /// Seconds of the period whose price is known.
    uint256 coveredSec;
    /// Seconds whose price is known from the start of the history to the start of the period.
    /// Meaningful only when `coveredSec` is not zero.
    uint256 coveredBeforeSec;
    /// At least 80 % of the period is covered.
    bool usable;
}

/// @notice The days that a supply adjustment looks at: the 8 latest up to `lastDay`, and the one 30 days before it.
struct PriceWindow {
    /// Each of the nine days, and the 30 days up to `lastDay` as a whole, are covered for at least 80 %.
    bool usable;
    /// When not usable: the first of the nine days that is too thin, or zero when only the 30 days as a whole are.
    uint256 thinDay;
    /// When not usable: covered and needed seconds of that day, or of the 30 days.
    uint256 coveredSec;
    uint256 neededSec;
    /// Average of day `lastDay - 30` (USD, 18 decimals).
    uint256 averageMonthBefore;
    /// Averages of the days `lastDay - 7` to `lastDay` (USD, 18 decimals).
    uint256[8] dailyAverages;
}

/// @title IPriceHistory
/// @notice Turns the rounds of a Chainlink feed into hourly and daily averages. It follows the feed's own rounds, not the moments
/// at which somebody calls: nobody, by choosing when to call, makes a price count for longer than it held.
///
/// The median feed hands each round over in the round's own transaction, with the mean price of the time since the round
/// before, which fills that time. Of any other feed `record()` walks the rounds: each counts from its own time to the next.
///
/// Nothing is known past the last round. No price stands for longer than the heartbeat; time beyond it, and time of which
/// the reporters knew no mean, is a gap: it is left out of the average, and a period with less than 80 % coverage is not
/// usable. A period that is over never changes any more once a later round has closed it, unless a fuller round, or
/// one that fills a gap, replaces that one.
interface IPriceHistory is IRoundTaker {
    /// @notice The median feed's round of time `observedAt` was taken.
    /// @param from start of the stretch before it (seconds)
    /// @param price of that stretch (USD, 8 decimals); zero: a gap
    event RoundTaken(uint256 from, uint256 observedAt, uint256 price);
    /// @notice Rounds of another feed were walked, up to `roundId`.
    /// @param price the last one's (USD, 8 decimals); zero: it couldn't be read
    /// @param updatedAt the last one's time (seconds)
    /// @param rounds walked
    event RoundsRecorded(uint256 indexed roundId, uint256 price, uint256 updatedAt, uint256 rounds);
    /// @param handsOver the feed calls `takeRound`; nobody walks its rounds
    /// @param heartbeat seconds
    event FeedSet(AggregatorV3Interface feed, bool handsOver, uint256 heartbeat);
    /// @param heartbeat seconds
    event HeartbeatSet(uint256 heartbeat);

    /// @notice The feed's answer is zero or negative.
    error AnswerNotPositive(int256 answer);
    /// @param answer USD, 8 decimals
    error AnswerOutOfBounds(uint256 answer, uint256 max);
    /// @param answeredAt seconds, as `time`, the block's
    error AnswerFromFuture(uint256 answeredAt, uint256 time);
    /// @param earliest oldest answer that stands now (seconds)
    error AnswerStale(uint256 answeredAt, uint256 earliest);
    /// @notice The feed names no round or no time: it has no answer yet.
    error RoundIncomplete(uint256 roundId, uint256 answeredAt);
    /// @param day protocol day
    error DayNotUsable(uint256 day, uint256 coveredSec, uint256 neededSec);
    /// @param hour `time / 3600`
    error HourNotUsable(uint256 hour, uint256 coveredSec, uint256 neededSec);
    /// @notice The address has no code, or it isn't the feed that hands its rounds over.
    error NotFeed(address feed);
    /// @notice The feed hands its rounds over: there is nothing to walk.
    error FeedHandsOver();
    /// @notice The feed has no round after the last one that was walked.
    error NoNewRound(uint256 roundId);
    /// @notice With less gas a round that can be read might look as if it couldn't.
    error ReadNeedsGas(uint256 left, uint256 needed);
    error UnsupportedDecimals(uint256 decimals, uint256 supported);
    error HeartbeatOutOfBounds(uint256 heartbeat, uint256 min, uint256 max);

    /// @notice Walks the feed's rounds since the last one that was walked, up to a bound: call again for more. Anyone may call it,
    /// at any time. The first call begins with the latest round. A round that can't be read is a gap up to the next that can.
    /// When the feed's aggregator was replaced (a new phase), it goes on with the new one's first round after the last.
    /// @dev Reverts with `FeedHandsOver`, `RoundIncomplete`, `NoNewRound`, `ReadNeedsGas`, or what the feed reverts with.
    /// @return rounds walked, at least 1
    function record() external returns (uint256 rounds);

    /// @notice Whether `record()` would find a round.
    /// @return false where the feed hands its rounds over
    function hasNewRound() external view returns (bool);

    /// @notice The feed's present answer; reverts with one of the errors on it above.
    /// @return price USD, 8 decimals
    /// @return roundId the feed's
    /// @return answeredAt seconds
    function currentAnswer() external view returns (uint256 price, uint256 roundId, uint256 answeredAt);

    /// @notice How far prices are known.
    /// @dev Warning: one reporter's round or one block can have moved its price. Use averages to decide anything.
    /// @return all zero before the first round
    function lastRecord() external view returns (PriceRecord memory);

    /// @notice Time of the first round (seconds); zero before it.
    /// @return never changes after the first round
    function startedAt() external view returns (uint256);

    /// @notice All seconds whose price is known, since the history began.
    /// @return what it grew by within some time tells how much of that time the feed worked
    function totalCoveredSec() external view returns (uint256);

    /// @notice The latest hour that a round has closed (`time / 3600`).
    /// @return zero before the first round
    function latestHour() external view returns (uint256);

    /// @notice Average of protocol day `day`; reverts with `DayNotUsable` below 80 % coverage.
    /// The last 64 days are kept; a day that no later round has closed still moves.
    /// @param day protocol day
    /// @return averageWad USD, 18 decimals
    /// @return coveredSec seconds, 69,120 to 86,400
    function dayAverage(uint256 day) external view returns (uint256 averageWad, uint256 coveredSec);

    /// @notice Average of hour `hour` (`time / 3600`); reverts with `HourNotUsable` below 80 % coverage.
    /// The last 48 hours are kept; an hour that no later round has closed still moves.
    /// @param hour hours since 1970
    /// @return averageWad USD, 18 decimals
    /// @return coveredSec seconds, 2,880 to 3,600
    function hourAverage(uint256 hour) external view returns (uint256 averageWad, uint256 coveredSec);

    /// @notice Averages of the days named, in the order given, usable or not. Never reverts; a day that is not kept is uncovered.
    /// @param dayIndexes protocol days
    /// @return look at `usable` of each before its average
    function dayAverages(uint256[] calldata dayIndexes) external view returns (PriceAverage[] memory);

    /// @notice Averages of the hours named, in the order given, usable or not. Never reverts; an hour that is not kept is
    /// uncovered.
    /// @param hourIndexes hours since 1970
    /// @return look at `usable` of each before its average
    function hourAverages(uint256[] calldata hourIndexes) external view returns (PriceAverage[] memory);

    /// @notice The window that ends with day `lastDay` (at least 30), usable or not; averages are all zero when it is not.
    /// @dev Warning: look at `usable` first. A day that no later round has closed makes a window that still moves.
    /// @param lastDay protocol day
    /// @return units: see PriceWindow
    function window(uint256 lastDay) external view returns (PriceWindow memory);

    /// @notice The feed that is followed.
    /// @return never zero
    function feed() external view returns (AggregatorV3Interface);

    /// @notice Whether the feed hands its rounds over; otherwise they are walked.
    /// @return what `setFeed` said
    function handsOver() external view returns (bool);

    /// @notice Last round of the feed that was walked.
    /// @return zero before the first, and for a feed that hands its rounds over
    function lastRoundId() external view returns (uint80);

    /// @notice Restricted to governance. Any Chainlink feed with 8 decimals. Averages so far stay; the time between the old feed's
    /// last round and the new one's first is a gap.
    /// @dev Reverts with `NotFeed`, `UnsupportedDecimals` or `HeartbeatOutOfBounds`.
    /// @param feed_ the new feed
    /// @param handsOver_ it is a median feed whose `history` is this
    /// @param heartbeat_ seconds, 1 to 48 hours
    function setFeed(AggregatorV3Interface feed_, bool handsOver_, uint256 heartbeat_) external;

    /// @notice Restricted to governance; 1 to 48 hours. It holds for the stretch before the last round, too.
    /// @param heartbeat_ seconds; else `HeartbeatOutOfBounds`
    function setHeartbeat(uint256 heartbeat_) external;
}
