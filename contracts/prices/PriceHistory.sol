// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IPriceHistory, PriceAverage, PriceRecord, PriceWindow} from "../interfaces/IPriceHistory.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {PriceLimits} from "./PriceLimits.sol";
import {Grid, PriceRing, Interval} from "./PriceRing.sol";

/// @title PriceHistory
/// @notice See IPriceHistory. What is stored: per hour and per day, the seconds covered and the sum of price times seconds;
/// and the last record, whose weight is credited when the next one comes (`_currentInterval`).
contract PriceHistory is IPriceHistory, AccessManaged {
    using PriceRing for mapping(uint256 => uint256);

    /// @notice The last record, in one slot.
    struct LastRecord {
        uint64 price; // USD, 8 decimals
        uint40 recordedAt; // seconds
        uint40 heldUntil; // seconds
        uint40 startedAt; // seconds, of the first record ever
        uint40 coveredSec; // up to recordedAt, since the history began
    }

    // Constants

    uint256 public constant HOURS_KEPT = 48;
    uint256 public constant DAYS_KEPT = 64;
    uint256 public constant WINDOW_DAYS = 30;
    uint256 private constant LATEST_DAYS = 8;

    /// @dev Share of a period that must be covered. It divides hours and days without a remainder.
    uint256 private constant MIN_COVERAGE_PERCENT = 80;
    uint256 private constant HOUR_NEEDED_SEC = 1 hours * MIN_COVERAGE_PERCENT / 100;
    uint256 private constant DAY_NEEDED_SEC = 1 days * MIN_COVERAGE_PERCENT / 100;
    uint256 private constant WINDOW_NEEDED_SEC = WINDOW_DAYS * DAY_NEEDED_SEC;

    uint256 public constant MIN_MAX_AGE = 10 minutes;
    uint256 public constant MAX_MAX_AGE = 24 hours;
    uint256 public constant MIN_MAX_HOLD = 1 hours;
    uint256 public constant MAX_MAX_HOLD = 6 hours;

    // Storage

    /// @inheritdoc IPriceHistory
    AggregatorV3Interface public feed;
    uint24 private _maxAge;
    uint24 private _maxHold;
    LastRecord private _last;
    mapping(uint256 slot => uint256 word) private _hourRing;
    mapping(uint256 slot => uint256 word) private _dayRing;

    // Constructor

    /// @param authority the AccessManager that decides who may change feed and limits
    /// @param feed_ any Chainlink feed with 8 decimals
    constructor(address authority, AggregatorV3Interface feed_) AccessManaged(authority) {
        _setFeed(feed_);
        _setMaxAge(3 hours);
        _setMaxHold(3 hours);
    }

    // Views

    /// @inheritdoc IPriceHistory
    function lastRecord() external view returns (PriceRecord memory) {
        return PriceRecord({price: _last.price, recordedAt: _last.recordedAt, heldUntil: _last.heldUntil});
    }

    /// @inheritdoc IPriceHistory
    function startedAt() external view returns (uint256) {
        return _last.startedAt;
    }

    /// @inheritdoc IPriceHistory
    function totalCoveredSec() external view returns (uint256) {
        Interval memory open = _currentInterval(_last);
        return open.coveredBeforeSec + open.to - open.from;
    }

    /// @inheritdoc IPriceHistory
    function dayAverage(uint256 day) external view returns (uint256, uint256) {
        PriceAverage memory average = _average(_dayRing, _dailyGrid(), day, _currentInterval(_last));
        if (!average.usable) revert DayNotUsable(day, average.coveredSec, DAY_NEEDED_SEC);
        return (average.averageWad, average.coveredSec);
    }

    /// @inheritdoc IPriceHistory
    function hourAverage(uint256 hour) external view returns (uint256, uint256) {
        PriceAverage memory average = _average(_hourRing, _hourlyGrid(), hour, _currentInterval(_last));
        if (!average.usable) revert HourNotUsable(hour, average.coveredSec, HOUR_NEEDED_SEC);
        return (average.averageWad, average.coveredSec);
    }

    /// @inheritdoc IPriceHistory
    function dayAverages(uint256[] calldata dayIndexes) external view returns (PriceAverage[] memory) {
        return _averages(_dayRing, _dailyGrid(), dayIndexes);
    }

    /// @inheritdoc IPriceHistory
    function hourAverages(uint256[] calldata hourIndexes) external view returns (PriceAverage[] memory) {
        return _averages(_hourRing, _hourlyGrid(), hourIndexes);
    }

    /// @inheritdoc IPriceHistory
    function window(uint256 lastDay) external view returns (PriceWindow memory result) {
        Interval memory open = _currentInterval(_last);
        Grid memory grid = _dailyGrid();
        uint256 firstDay = lastDay - WINDOW_DAYS;
        (uint256 priceSeconds, uint256 coveredSec, uint256 coveredBeforeSec) = _dayRing.read(grid, firstDay, open);
        if (coveredSec < DAY_NEEDED_SEC) return _thinWindow(firstDay, coveredSec, DAY_NEEDED_SEC);
        result.averageMonthBefore = PriceRing.averageWad(priceSeconds, coveredSec);
        uint256 coveredAtStartSec = coveredBeforeSec + coveredSec;

        uint256 day = lastDay - LATEST_DAYS;
        for (uint256 i = 0; i < LATEST_DAYS; ++i) {
            (priceSeconds, coveredSec, coveredBeforeSec) = _dayRing.read(grid, ++day, open);
            if (coveredSec < DAY_NEEDED_SEC) return _thinWindow(day, coveredSec, DAY_NEEDED_SEC);
            result.dailyAverages[i] = PriceRing.averageWad(priceSeconds, coveredSec);
        }

        // Both ends count what was covered up to them, so the difference is what the 30 days after `firstDay` hold.
        uint256 windowCoveredSec = coveredBeforeSec + coveredSec - coveredAtStartSec;
        if (windowCoveredSec < WINDOW_NEEDED_SEC) return _thinWindow(0, windowCoveredSec, WINDOW_NEEDED_SEC);
        result.usable = true;
    }

    /// @inheritdoc IPriceHistory
    function currentAnswer() public view returns (uint256 price, uint256 roundId, uint256 answeredAt) {
        int256 answer;
        (roundId, answer,, answeredAt,) = feed.latestRoundData();
        if (roundId == 0 || answeredAt == 0) revert RoundIncomplete(roundId, answeredAt);
        if (answer <= 0) revert AnswerNotPositive(answer);
        price = uint256(answer);
        if (price > PriceLimits.MAX_PRICE) revert AnswerOutOfBounds(price, PriceLimits.MAX_PRICE);
        if (answeredAt > block.timestamp) revert AnswerFromFuture(answeredAt, block.timestamp);
        uint256 earliest = block.timestamp - _maxAge;
        if (answeredAt < earliest) revert AnswerStale(answeredAt, earliest);
    }

    /// @inheritdoc IPriceHistory
    function maxAge() external view returns (uint256) {
        return _maxAge;
    }

    /// @inheritdoc IPriceHistory
    function maxHold() external view returns (uint256) {
        return _maxHold;
    }

    // Writes

    /// @inheritdoc IPriceHistory
    function record() external returns (uint256 price) {
        // Check
        uint256 roundId;
        uint256 answeredAt;
        (price, roundId, answeredAt) = currentAnswer();

        // Effect
        LastRecord memory last = _last;
        Interval memory closed = _currentInterval(last);
        _hourRing.credit(_hourlyGrid(), closed);
        _dayRing.credit(_dailyGrid(), closed);

        uint256 heldUntil = block.timestamp + _maxHold;
        _last = LastRecord({
            price: uint64(price),
            recordedAt: uint40(block.timestamp),
            heldUntil: uint40(heldUntil),
            startedAt: last.startedAt == 0 ? uint40(block.timestamp) : last.startedAt,
            coveredSec: last.coveredSec + uint40(closed.to - closed.from)
        });
        emit PriceRecorded(price, heldUntil, roundId, answeredAt);
    }

    // Governance

    /// @inheritdoc IPriceHistory
    function setFeed(AggregatorV3Interface feed_) external restricted {
        _setFeed(feed_);
    }

    /// @inheritdoc IPriceHistory
    function setMaxAge(uint256 maxAge_) external restricted {
        _setMaxAge(maxAge_);
    }

    /// @inheritdoc IPriceHistory
    function setMaxHold(uint256 maxHold_) external restricted {
        _setMaxHold(maxHold_);
    }

    // Internals

    /// @dev The time since `last` on which its price has held, not credited yet. Empty before the first record.
    function _currentInterval(LastRecord memory last) private view returns (Interval memory) {
        return Interval({
            price: last.price,
            from: last.recordedAt,
            to: block.timestamp < last.heldUntil ? block.timestamp : last.heldUntil,
            coveredBeforeSec: last.coveredSec
        });
    }

    function _averages(mapping(uint256 => uint256) storage ring, Grid memory grid, uint256[] calldata indexes)
        private
        view
        returns (PriceAverage[] memory averages)
    {
        Interval memory open = _currentInterval(_last);
        averages = new PriceAverage[](indexes.length);
        for (uint256 i = 0; i < indexes.length; ++i) {
            averages[i] = _average(ring, grid, indexes[i], open);
        }
    }

    function _average(mapping(uint256 => uint256) storage ring, Grid memory grid, uint256 index, Interval memory open)
        private
        view
        returns (PriceAverage memory)
    {
        (uint256 priceSeconds, uint256 coveredSec, uint256 coveredBeforeSec) = ring.read(grid, index, open);
        return PriceAverage({
            index: index,
            averageWad: PriceRing.averageWad(priceSeconds, coveredSec),
            coveredSec: coveredSec,
            coveredBeforeSec: coveredBeforeSec,
            usable: coveredSec >= grid.periodSec * MIN_COVERAGE_PERCENT / 100
        });
    }

    function _thinWindow(uint256 day, uint256 coveredSec, uint256 neededSec)
        private
        pure
        returns (PriceWindow memory thin)
    {
        (thin.thinDay, thin.coveredSec, thin.neededSec) = (day, coveredSec, neededSec);
    }

    function _hourlyGrid() private pure returns (Grid memory) {
        return Grid({periodSec: 1 hours, offsetSec: 0, size: HOURS_KEPT});
    }

    function _dailyGrid() private pure returns (Grid memory) {
        return Grid({periodSec: 1 days, offsetSec: ProtocolTime.BOUNDARY_OFFSET, size: DAYS_KEPT});
    }

    function _setFeed(AggregatorV3Interface feed_) private {
        if (address(feed_).code.length == 0) revert NotFeed(address(feed_));
        uint256 decimals = feed_.decimals();
        if (decimals != PriceLimits.DECIMALS) revert UnsupportedDecimals(decimals, PriceLimits.DECIMALS);
        feed = feed_;
        emit FeedSet(feed_);
    }

    function _setMaxAge(uint256 maxAge_) private {
        if (maxAge_ < MIN_MAX_AGE || maxAge_ > MAX_MAX_AGE) {
            revert MaxAgeOutOfBounds(maxAge_, MIN_MAX_AGE, MAX_MAX_AGE);
        }
        _maxAge = uint24(maxAge_);
        emit MaxAgeSet(maxAge_);
    }

    function _setMaxHold(uint256 maxHold_) private {
        if (maxHold_ < MIN_MAX_HOLD || maxHold_ > MAX_MAX_HOLD) {
            revert MaxHoldOutOfBounds(maxHold_, MIN_MAX_HOLD, MAX_MAX_HOLD);
        }
        _maxHold = uint24(maxHold_);
        emit MaxHoldSet(maxHold_);
    }
}
