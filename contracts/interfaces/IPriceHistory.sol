// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @notice The price that holds at present.
struct PriceRecord {
    /// USD, 8 decimals; zero before the first record.
    uint256 price;
    /// When it was recorded (seconds).
    uint256 recordedAt;
    /// It has weight until the next record, but never beyond this time (seconds).
    uint256 heldUntil;
}

/// @notice Time-weighted average over one hour or one protocol day.
struct PriceAverage {
    /// Hour (`time / 3600`) or protocol day.
    uint256 index;
    /// USD, 18 decimals, rounded down; zero when no second is covered.
    uint256 averageWad;
    /// Seconds of the period on which a price held.
    uint256 coveredSec;
    /// Seconds on which a price held from the start of the history to the start of the period.
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
/// @notice Turns the answers of a Chainlink feed into hourly and daily averages that one block cannot move.
///
/// A price counts forward: recorded at time `t` it weighs from `t` until the next record, at most `maxHold`. Time beyond that
/// is uncovered: it is left out of the average, and a period with less than 80 % coverage is not usable.
///
/// Averages include the price that holds now, up to the present second. So the average of a period that is over never
/// changes any more, whether or not somebody has called `record()` since.
interface IPriceHistory {
    /// @notice `price` (USD, 8 decimals) holds from now on; the feed gave it in `roundId` at `answeredAt`.
    /// @param heldUntil when it stops to count unless another record comes first (seconds)
    event PriceRecorded(uint256 price, uint256 heldUntil, uint256 roundId, uint256 answeredAt);
    event FeedSet(AggregatorV3Interface feed);
    /// @param maxAge seconds
    event MaxAgeSet(uint256 maxAge);
    /// @param maxHold seconds
    event MaxHoldSet(uint256 maxHold);

    /// @notice The feed's answer is zero or negative.
    error AnswerNotPositive(int256 answer);
    /// @param answer USD, 8 decimals
    error AnswerOutOfBounds(uint256 answer, uint256 max);
    /// @param answeredAt seconds, as `time`, the block's
    error AnswerFromFuture(uint256 answeredAt, uint256 time);
    /// @param earliest oldest answer that is accepted now (seconds)
    error AnswerStale(uint256 answeredAt, uint256 earliest);
    /// @notice The feed names no round or no time: it has no answer yet.
    error RoundIncomplete(uint256 roundId, uint256 answeredAt);
    /// @param day protocol day
    error DayNotUsable(uint256 day, uint256 coveredSec, uint256 neededSec);
    /// @param hour `time / 3600`
    error HourNotUsable(uint256 hour, uint256 coveredSec, uint256 neededSec);
    /// @notice The address has no code, so it is no feed.
    error NotFeed(address feed);
    error UnsupportedDecimals(uint256 decimals, uint256 supported);
    error MaxAgeOutOfBounds(uint256 maxAge, uint256 min, uint256 max);
    error MaxHoldOutOfBounds(uint256 maxHold, uint256 min, uint256 max);

    /// @notice Reads the feed and lets its price hold from now on. Anyone may call it, at any time: it credits the price that
    /// held until now with the time it held, so calling twice in a second changes nothing but the latest price.
    /// @dev Reverts with one of the errors on the feed's answer above.
    /// @return price the feed's answer (USD, 8 decimals)
    function record() external returns (uint256 price);

    /// @notice What `record()` would record now. Reverts exactly when `record()` would, with the same error.
    /// @return price USD, 8 decimals
    /// @return roundId the feed's
    /// @return answeredAt seconds
    function currentAnswer() external view returns (uint256 price, uint256 roundId, uint256 answeredAt);

    /// @notice The price that holds at present.
    /// @dev Warning: its price counts only before `heldUntil`, and one block can have moved it. Use averages to decide
    /// anything.
    /// @return all zero before the first record
    function lastRecord() external view returns (PriceRecord memory);

    /// @notice Time of the first record (seconds); zero before it.
    /// @return never changes after the first record
    function startedAt() external view returns (uint256);

    /// @notice All seconds whose price is known, since the history began.
    /// @return what it grew by within some time tells how much of that time the feed worked
    function totalCoveredSec() external view returns (uint256);

    /// @notice Average of protocol day `day`; reverts with `DayNotUsable` below 80 % coverage.
    /// The last 64 days are kept; a day that is not over yet still moves.
    /// @param day protocol day
    /// @return averageWad USD, 18 decimals
    /// @return coveredSec seconds, 69,120 to 86,400
    function dayAverage(uint256 day) external view returns (uint256 averageWad, uint256 coveredSec);

    /// @notice Average of hour `hour` (`time / 3600`); reverts with `HourNotUsable` below 80 % coverage.
    /// The last 48 hours are kept; an hour that is not over yet still moves.
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
    /// @dev Warning: look at `usable` first. A day that is not over yet makes a window that still moves.
    /// @param lastDay protocol day
    /// @return units: see PriceWindow
    function window(uint256 lastDay) external view returns (PriceWindow memory);

    /// @notice The feed that `record()` reads.
    /// @return never zero
    function feed() external view returns (AggregatorV3Interface);

    /// @notice Oldest answer that `record()` accepts (seconds).
    /// @return 10 minutes to 24 hours
    function maxAge() external view returns (uint256);

    /// @notice Longest time for which one record holds (seconds).
    /// @return 1 to 6 hours
    function maxHold() external view returns (uint256);

    /// @notice Restricted to governance. Any Chainlink feed with 8 decimals. Averages so far stay.
    /// @dev Reverts with `NotFeed` or `UnsupportedDecimals`.
    /// @param feed_ the new feed
    function setFeed(AggregatorV3Interface feed_) external;

    /// @notice Restricted to governance; 10 minutes to 24 hours.
    /// @param maxAge_ seconds; else `MaxAgeOutOfBounds`
    function setMaxAge(uint256 maxAge_) external;

    /// @notice Restricted to governance; 1 to 6 hours. Records made before keep the time they were given.
    /// @param maxHold_ seconds; else `MaxHoldOutOfBounds`
    function setMaxHold(uint256 maxHold_) external;
}
