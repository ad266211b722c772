// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IPriceHistory, PriceAverage, PriceRecord, PriceWindow} from "../interfaces/IPriceHistory.sol";
import {IRoundTaker} from "../interfaces/IRoundTaker.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {FeedRound, FeedRounds} from "./FeedRounds.sol";
import {PriceLimits} from "./PriceLimits.sol";
import {Grid, PriceRing, Interval} from "./PriceRing.sol";

/// @title PriceHistory
/// @notice See IPriceHistory. What is stored: per hour and per day, the seconds covered and the sum of price times seconds, of
/// all stretches but the last; and the last stretch, which a fuller round may still replace. It is credited when the next
/// round comes, and read as if it were.
contract PriceHistory is IPriceHistory, AccessManaged {
    using FeedRounds for AggregatorV3Interface;
    using PriceRing for mapping(uint256 => uint256);

    /// @notice The last round, in one slot.
    struct Last {
        uint64 price; // USD, 8 decimals; zero: unknown
        uint40 from; // seconds; handed over: time of the round before, or `to` where there is none
        uint40 to; // seconds, time of the last round
        uint40 startedAt; // seconds, of the first round ever
        uint40 coveredSec; // before the last stretch, since the history began
        uint24 heartbeat; // seconds
        bool handsOver;
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

    uint256 public constant MIN_HEARTBEAT = 1 hours;
    uint256 public constant MAX_HEARTBEAT = 48 hours;

    /// @dev Of one `record()`: rounds walked, and time credited. What is more waits for the next one.
    uint256 public constant MAX_ROUNDS = 64;
    uint256 public constant MAX_SPAN = 48 hours;

    // Storage

    /// @inheritdoc IPriceHistory
    AggregatorV3Interface public feed;
    /// @inheritdoc IPriceHistory
    uint80 public lastRoundId;
    Last private _last;
    mapping(uint256 slot => uint256 word) private _hourRing;
    mapping(uint256 slot => uint256 word) private _dayRing;

    // Constructor

    /// @param authority the AccessManager that decides who may change feed and heartbeat
    /// @param feed_ any Chainlink feed with 8 decimals
    /// @param handsOver_ it is a median feed that hands its rounds over
    /// @param heartbeat_ how long a price may stand (seconds)
    constructor(address authority, AggregatorV3Interface feed_, bool handsOver_, uint256 heartbeat_)
        AccessManaged(authority)
    {
        _setFeed(feed_, handsOver_, heartbeat_);
    }

    // Views

    /// @inheritdoc IPriceHistory
    function lastRecord() external view returns (PriceRecord memory) {
        Last memory last = _last;
        return PriceRecord({
            price: last.price, knownUntil: last.to, staleAt: last.to == 0 ? 0 : uint256(last.to) + last.heartbeat
        });
    }

    /// @inheritdoc IPriceHistory
    function startedAt() external view returns (uint256) {
        return _last.startedAt;
    }

    /// @inheritdoc IPriceHistory
    function totalCoveredSec() external view returns (uint256) {
        Interval memory stretch = _lastStretch(_last);
        return stretch.coveredBeforeSec + stretch.to - stretch.from;
    }

    /// @inheritdoc IPriceHistory
    function latestHour() external view returns (uint256) {
        return _hourClosedBy(_last.to);
    }

    /// @inheritdoc IPriceHistory
    function dayAverage(uint256 day) external view returns (uint256, uint256) {
        PriceAverage memory average = _average(_dayRing, _dailyGrid(), day, _lastStretch(_last));
        if (!average.usable) revert DayNotUsable(day, average.coveredSec, DAY_NEEDED_SEC);
        return (average.averageWad, average.coveredSec);
    }

    /// @inheritdoc IPriceHistory
    function hourAverage(uint256 hour) external view returns (uint256, uint256) {
        PriceAverage memory average = _average(_hourRing, _hourlyGrid(), hour, _lastStretch(_last));
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
        Interval memory last = _lastStretch(_last);
        Grid memory grid = _dailyGrid();
        uint256 firstDay = lastDay - WINDOW_DAYS;
        (uint256 priceSeconds, uint256 coveredSec, uint256 coveredBeforeSec) = _dayRing.read(grid, firstDay, last);
        if (coveredSec < DAY_NEEDED_SEC) return _thinWindow(firstDay, coveredSec, DAY_NEEDED_SEC);
        result.averageMonthBefore = PriceRing.averageWad(priceSeconds, coveredSec);
        uint256 coveredAtStartSec = coveredBeforeSec + coveredSec;

        uint256 day = lastDay - LATEST_DAYS;
        for (uint256 i = 0; i < LATEST_DAYS; ++i) {
            (priceSeconds, coveredSec, coveredBeforeSec) = _dayRing.read(grid, ++day, last);
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
        uint256 earliest = block.timestamp - _last.heartbeat;
        if (answeredAt < earliest) revert AnswerStale(answeredAt, earliest);
    }

    /// @inheritdoc IPriceHistory
    function hasNewRound() external view returns (bool) {
        if (_last.handsOver) return false;
        (uint80 latestId,,,,) = feed.latestRoundData();
        return latestId != 0 && latestId != lastRoundId;
    }

    /// @inheritdoc IPriceHistory
    function handsOver() external view returns (bool) {
        return _last.handsOver;
    }

    /// @inheritdoc IRoundTaker
    function heartbeat() external view returns (uint256) {
        return _last.heartbeat;
    }

    // Writes

    /// @inheritdoc IRoundTaker
    function takeRound(uint256 since, uint256 observedAt, uint256 meanPrice, bool replaces)
        external
        returns (uint256 lastHourWad)
    {
        // Check
        Last memory last = _last;
        if (msg.sender != address(feed) || !last.handsOver) revert NotFeed(msg.sender);

        // Effect
        bool begins;
        uint256 before = replaces ? last.from : last.to;
        if (replaces) {
            begins = since != last.from || last.from == last.to;
        } else {
            begins = since != last.to || last.to == 0;
            _credit(last);
        }
        lastHourWad = _creditedHour(_hourClosedBy(before));
        if (begins) {
            // A first round fills nothing, nor does one that doesn't follow the last one that is known here. What was credited
            // is never covered twice.
            if (last.coveredSec == 0 || observedAt > last.to) last.to = uint40(observedAt);
            (last.price, last.from) = (0, last.to);
            if (last.startedAt == 0) last.startedAt = last.to;
        } else {
            (last.price, last.from, last.to) = (uint64(meanPrice), uint40(since), uint40(observedAt));
        }
        _last = last;
        emit RoundTaken(last.from, last.to, last.price);
    }

    /// @inheritdoc IPriceHistory
    function record() external returns (uint256 rounds) {
        // Check
        Last memory last = _last;
        if (last.handsOver) revert FeedHandsOver();
        AggregatorV3Interface feed_ = feed;
        (uint256 latestId,,, uint256 answeredAt,) = feed_.latestRoundData();
        uint256 roundId = lastRoundId;
        if (latestId == 0 || answeredAt == 0) revert RoundIncomplete(latestId, answeredAt);
        if (latestId == roundId) revert NoNewRound(latestId);

        // Effect
        uint256 spanned;
        while (roundId != latestId && rounds < MAX_ROUNDS && spanned < MAX_SPAN) {
            FeedRound memory round = roundId == 0 ? feed_.read(latestId) : feed_.next(roundId, latestId, last.to);
            spanned += _walk(last, round);
            roundId = round.roundId;
            ++rounds;
        }
        lastRoundId = uint80(roundId);
        _last = last;
        emit RoundsRecorded(roundId, last.price, last.to, rounds);
    }

    // Governance

    /// @inheritdoc IPriceHistory
    function setFeed(AggregatorV3Interface feed_, bool handsOver_, uint256 heartbeat_) external restricted {
        _setFeed(feed_, handsOver_, heartbeat_);
    }

    /// @inheritdoc IPriceHistory
    function setHeartbeat(uint256 heartbeat_) external restricted {
        _requireHeartbeat(heartbeat_);
        _last.heartbeat = uint24(heartbeat_);
        emit HeartbeatSet(heartbeat_);
    }

    // Internals

    function _hourClosedBy(uint256 round) private pure returns (uint256) {
        uint256 hour = round / 1 hours;
        return hour == 0 ? 0 : hour - 1;
    }

    /// @dev Average of what is credited to an hour (USD, 18 decimals); zero where that isn't usable.
    function _creditedHour(uint256 hour) private view returns (uint256) {
        (uint256 priceSeconds, uint256 covered,) = _hourRing.read(_hourlyGrid(), hour, Interval(0, 0, 0, 0));
        return covered < HOUR_NEEDED_SEC ? 0 : PriceRing.averageWad(priceSeconds, covered);
    }

    /// @dev The time before the last round that isn't credited yet, as far back as a price may stand.
    function _lastStretch(Last memory last) private pure returns (Interval memory stretch) {
        (stretch.price, stretch.from, stretch.to) = (last.price, last.from, last.to);
        stretch.coveredBeforeSec = last.coveredSec;
        if (stretch.price == 0) stretch.from = stretch.to;
        else if (stretch.to - stretch.from > last.heartbeat) stretch.from = stretch.to - last.heartbeat;
    }

    /// @dev Credits the last stretch. `last` is changed in memory only.
    function _credit(Last memory last) private {
        Interval memory stretch = _lastStretch(last);
        _creditStretch(last, stretch);
        last.from = last.to;
    }

    function _creditStretch(Last memory last, Interval memory stretch) private {
        _hourRing.credit(_hourlyGrid(), stretch);
        _dayRing.credit(_dailyGrid(), stretch);
        last.coveredSec += uint40(stretch.to - stretch.from);
    }

    /// @dev The price of the round before held until this one, at most for the heartbeat. A round that can't be read leaves a gap
    /// up to the next; one that is dated before the last counts from the last one's time on.
    function _walk(Last memory last, FeedRound memory round) private returns (uint256 spanned) {
        if (round.price == 0) {
            last.price = 0;
            return 0;
        }
        uint256 from = last.to;
        uint256 to = round.updatedAt > from ? round.updatedAt : from;
        if (last.price != 0) {
            uint256 end = from + last.heartbeat < to ? from + last.heartbeat : to;
            _creditStretch(last, Interval(last.price, from, end, last.coveredSec));
            spanned = end - from;
        }
        if (last.startedAt == 0) last.startedAt = uint40(to);
        (last.price, last.from, last.to) = (uint64(round.price), uint40(to), uint40(to));
    }

    function _averages(mapping(uint256 => uint256) storage ring, Grid memory grid, uint256[] calldata indexes)
        private
        view
        returns (PriceAverage[] memory averages)
    {
        Interval memory last = _lastStretch(_last);
        averages = new PriceAverage[](indexes.length);
        for (uint256 i = 0; i < indexes.length; ++i) {
            averages[i] = _average(ring, grid, indexes[i], last);
        }
    }

    function _average(mapping(uint256 => uint256) storage ring, Grid memory grid, uint256 index, Interval memory last)
        private
        view
        returns (PriceAverage memory)
    {
        (uint256 priceSeconds, uint256 coveredSec, uint256 coveredBeforeSec) = ring.read(grid, index, last);
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

    function _setFeed(AggregatorV3Interface feed_, bool handsOver_, uint256 heartbeat_) private {
        if (address(feed_).code.length == 0) revert NotFeed(address(feed_));
        uint256 decimals = feed_.decimals();
        if (decimals != PriceLimits.DECIMALS) revert UnsupportedDecimals(decimals, PriceLimits.DECIMALS);
        _requireHeartbeat(heartbeat_);
        Last memory last = _last;
        _credit(last);
        (last.price, last.heartbeat, last.handsOver) = (0, uint24(heartbeat_), handsOver_);
        _last = last;
        (feed, lastRoundId) = (feed_, 0);
        emit FeedSet(feed_, handsOver_, heartbeat_);
    }

    function _requireHeartbeat(uint256 heartbeat_) private pure {
        if (heartbeat_ < MIN_HEARTBEAT || heartbeat_ > MAX_HEARTBEAT) {
            revert HeartbeatOutOfBounds(heartbeat_, MIN_HEARTBEAT, MAX_HEARTBEAT);
        }
    }
}
