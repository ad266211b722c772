// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IMedianFeed, Market, MarketReport, PackedReport} from "../interfaces/IMedianFeed.sol";
import {IRoundTaker} from "../interfaces/IRoundTaker.sol";
import {MarketConditions} from "./MarketConditions.sol";
import {Median} from "./Median.sol";
import {PriceLimits} from "./PriceLimits.sol";
import {ReporterSeats} from "./ReporterSeats.sol";
import {ReportWords} from "./ReportWords.sol";

/// @title MedianFeed
/// @notice See IMedianFeed.
contract MedianFeed is IMedianFeed, EIP712, ReporterSeats {
    using Median for uint256[];
    using ReportWords for PackedReport;

    /// @notice A round, in one slot. `roundId` tells which round the entry belongs to once the ring has wrapped.
    struct Round {
        uint32 roundId;
        uint64 price; // USD, 8 decimals
        uint40 since; // seconds, time of the round that it follows
        uint40 observedAt; // seconds, the round's own time
        uint40 updatedAt; // seconds
        uint8 reports; // that it was made of
        uint8 agreeing; // reports within 2 % of the median
        uint8 registered; // reporters there were
        uint8 illiquid; // reports that meet the condition on volumes
        uint8 attacked; // reports that meet the condition on counts
    }

    /// @notice What only the latest round keeps, in one slot.
    struct Latest {
        uint32 roundId; // zero before the first round
        bool filled; // whether enough reporters knew the mean price since the round before
        uint72 volume6h; // USD, 8 decimals
        uint72 meanVolume6h; // USD, 8 decimals
        uint24 txTotal;
        uint24 txFailed;
        uint24 sendersDay;
    }

    /// @notice The reports, turned from rows into columns for the medians.
    struct Columns {
        uint256[] prices;
        uint256[] means; // only those of the round's `since`
        uint256[] volumes6h;
        uint256[] meanVolumes6h;
        uint256[] txTotals;
        uint256[] txFaileds;
        uint256[] sendersDay;
        uint256 illiquid;
        uint256 attacked;
        uint256 seats; // a bit for each reporter
    }

    /// @notice Which round the reports would make.
    struct Place {
        uint256 since; // seconds
        uint256 observedAt; // seconds, the oldest observation
        bool replaces; // the latest round, in its place
    }

    /// @notice What they agree on.
    struct Agreed {
        uint256 price; // USD, 8 decimals
        uint256 reports; // within 2 % of it
        uint256 meanPrice; // USD, 8 decimals; zero: unknown
    }

    // Constants

    uint8 public constant decimals = PriceLimits.DECIMALS;
    uint256 public constant version = 2;

    uint256 public constant ROUNDS_KEPT = 128;
    uint256 public constant MAX_REPORT_AGE = 10 minutes;
    uint256 public constant MAX_REPORT_SPREAD = 2 minutes;
    uint256 public constant MIN_ROUND_DISTANCE = 5 minutes;
    uint256 public constant MIN_SUPER_QUORUM = 5;
    /// @dev USD, 8 decimals: ten trillion dollars in six hours. Fits 72 bits.
    uint256 public constant MAX_VOLUME = 1e21;
    /// @dev Accounts in a day. Fits 24 bits.
    uint256 public constant MAX_ACCOUNTS = 16_000_000;

    uint256 private constant WAD = 1e18;
    bytes32 private constant REPORT_TYPEHASH = keccak256(
        "MarketReport(uint256 price,uint256 meanPrice,uint256 since,uint256 volume6h,uint256 meanVolume6h,uint256 txTotal,uint256 txFailed,uint256 sendersDay,uint256 observedAt)"
    );

    // Storage

    /// @inheritdoc IMedianFeed
    IRoundTaker public history;
    string public description;
    Latest private _latest;
    Round[ROUNDS_KEPT] private _rounds;

    // Constructor

    /// @param authority the AccessManager that decides who may change reporters, quorum and history
    /// @param description_ what is priced, as Chainlink writes it: "FTNS / USD"
    /// @param reporters_ 5 to 32
    /// @param quorum_ reports that a round needs: more than half of the reporters
    constructor(address authority, string memory description_, address[] memory reporters_, uint256 quorum_)
        EIP712("FTNS MedianFeed", "2")
        AccessManaged(authority)
        ReporterSeats(reporters_, quorum_)
    {
        description = description_;
    }

    // Views

    /// @inheritdoc IMedianFeed
    function latestMarket() external view returns (Market memory) {
        Latest memory latest = _latest;
        return _marketOf(_keptRound(latest.roundId, latest.roundId), latest);
    }

    /// @notice The latest round in Chainlink's form; `startedAt` is its oldest observation.
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        uint256 latestId = _latest.roundId;
        return _roundData(_keptRound(latestId, latestId));
    }

    /// @notice A kept round in Chainlink's form. Reverts with `UnknownRound` or `RoundEvicted` for any other.
    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        return _roundData(_keptRound(roundId, _latest.roundId));
    }

    /// @inheritdoc IMedianFeed
    function reportDigest(MarketReport calldata report) external view returns (bytes32) {
        return _digest(report);
    }

    /// @inheritdoc IMedianFeed
    function superQuorum(uint256 reports) public pure returns (uint256) {
        return reports > MIN_SUPER_QUORUM ? reports - 1 : MIN_SUPER_QUORUM;
    }

    // Writes

    /// @inheritdoc IMedianFeed
    function submit(PackedReport[] calldata reports) external returns (uint80) {
        // Check
        Latest memory latest = _latest;
        Round memory last = _rounds[latest.roundId % ROUNDS_KEPT];
        uint256 needed = _quorum;
        if (reports.length < needed || reports.length > _reporterCount) {
            revert WrongReportCount(reports.length, needed, _reporterCount);
        }
        Place memory place = _placeOf(reports, last);
        Columns memory columns = _verified(reports, place);
        Agreed memory agreed = _agreedOn(columns, needed);
        if (place.replaces && latest.filled && agreed.meanPrice == 0) revert FillLost(place.since);

        // Effect
        Round memory round = _roundOf(latest.roundId + 1, place, agreed, columns);
        latest = _latestOf(columns, round.roundId, agreed.meanPrice != 0);
        _rounds[round.roundId % ROUNDS_KEPT] = round;
        _latest = latest;
        _attend(columns.seats, place.observedAt);

        // Interaction: the history knows the last hour's average, against which the price is checked. It calls nobody.
        uint256 base = _handOver(place, agreed.meanPrice);
        if (base == 0) base = uint256(last.price) * PriceLimits.TO_WAD;
        _requireChangeAllowed(base, agreed, reports.length);
        emit RoundUpdated(round.roundId, _marketOf(round, latest), agreed.meanPrice);
        return round.roundId;
    }

    // Governance

    /// @inheritdoc IMedianFeed
    function setHistory(IRoundTaker history_) external restricted {
        if (address(history_) != address(0) && address(history_).code.length == 0) {
            revert NotHistory(address(history_));
        }
        history = history_;
        emit HistorySet(history_);
    }

    // Internals: which round

    /// @dev The next round, where the reports are of a later time; else one in place of the latest, where they are more.
    /// Otherwise whoever is first with a bare quorum could keep the others out, and the confidence low.
    function _placeOf(PackedReport[] calldata reports, Round memory last) private view returns (Place memory place) {
        (uint256 oldest, uint256 newest) = _timesOf(reports);
        if (newest > block.timestamp) revert ReportFromFuture(newest, block.timestamp);
        uint256 earliest = block.timestamp - MAX_REPORT_AGE;
        if (oldest < earliest) revert ReportTooOld(oldest, earliest);
        if (newest - oldest > MAX_REPORT_SPREAD) revert ReportsTooFarApart(oldest, newest, MAX_REPORT_SPREAD);

        (place.since, place.observedAt) = (last.observedAt, oldest);
        uint256 next = place.since == 0 ? 0 : place.since + MIN_ROUND_DISTANCE;
        if (oldest >= next) return place;
        if (reports.length <= last.reports) revert RoundTooSoon(oldest, next);

        (place.since, place.replaces) = (last.since, true);
        next = place.since == 0 ? 0 : place.since + MIN_ROUND_DISTANCE;
        if (oldest < next) revert RoundTooSoon(oldest, next);
    }

    function _timesOf(PackedReport[] calldata reports) private pure returns (uint256 oldest, uint256 newest) {
        oldest = newest = reports[0].observedAtOf();
        unchecked {
            for (uint256 i = 1; i < reports.length; ++i) {
                uint256 observedAt = reports[i].observedAtOf();
                if (observedAt < oldest) oldest = observedAt;
                else if (observedAt > newest) newest = observedAt;
            }
        }
    }

    // Internals: what the reports say

    /// @dev Checks every report and sorts them into columns. At most 32 turns, since every turn needs another reporter.
    function _verified(PackedReport[] calldata reports, Place memory place)
        private
        view
        returns (Columns memory columns)
    {
        uint256 count = reports.length;
        columns.prices = new uint256[](count);
        columns.means = new uint256[](count);
        columns.volumes6h = new uint256[](count);
        columns.meanVolumes6h = new uint256[](count);
        columns.txTotals = new uint256[](count);
        columns.txFaileds = new uint256[](count);
        columns.sendersDay = new uint256[](count);
        uint256 known;
        address previous;
        MarketReport memory report;
        for (uint256 i = 0; i < count;) {
            PackedReport calldata packed = reports[i];
            packed.unpackTo(report);
            (address reporter,,) = ECDSA.tryRecover(_digest(report), packed.r, packed.vs);
            if (reporter == address(0)) revert BadSignature(i);
            columns.seats |= _bitOf(reporter);
            if (reporter <= previous) _revertOrder(previous, reporter);
            previous = reporter;
            _requireSane(reporter, report);

            if (report.since != place.since) {
                if (place.replaces) revert OtherSince(reporter, report.since, place.since);
            } else if (report.meanPrice != 0) {
                columns.means[known++] = report.meanPrice;
            }
            columns.prices[i] = report.price;
            columns.volumes6h[i] = report.volume6h;
            columns.meanVolumes6h[i] = report.meanVolume6h;
            columns.txTotals[i] = report.txTotal;
            columns.txFaileds[i] = report.txFailed;
            columns.sendersDay[i] = report.sendersDay;
            if (MarketConditions.isIlliquid(report.volume6h, report.meanVolume6h)) ++columns.illiquid;
            if (MarketConditions.isAttacked(report.txTotal, report.txFailed, report.sendersDay)) ++columns.attacked;
            unchecked {
                ++i;
            }
        }
        uint256[] memory means = columns.means;
        // Only the length shrinks; the words behind it are left unused.
        assembly ("memory-safe") {
            mstore(means, known)
        }
    }

    /// @dev Field by field: the compiler's encoder of a struct would loop.
    function _digest(MarketReport memory report) private view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    REPORT_TYPEHASH,
                    report.price,
                    report.meanPrice,
                    report.since,
                    report.volume6h,
                    report.meanVolume6h,
                    report.txTotal,
                    report.txFailed,
                    report.sendersDay,
                    report.observedAt
                )
            )
        );
    }

    function _revertOrder(address previous, address reporter) private pure {
        if (reporter == previous) revert DuplicateReporter(reporter);
        revert ReportersNotAscending(previous, reporter);
    }

    function _requireSane(address reporter, MarketReport memory report) private pure {
        if (report.price == 0 || report.price > PriceLimits.MAX_PRICE) {
            revert PriceOutOfBounds(reporter, report.price, PriceLimits.MAX_PRICE);
        }
        if (report.meanPrice > PriceLimits.MAX_PRICE) {
            revert PriceOutOfBounds(reporter, report.meanPrice, PriceLimits.MAX_PRICE);
        }
        if (report.volume6h > MAX_VOLUME) revert VolumeOutOfBounds(reporter, report.volume6h, MAX_VOLUME);
        if (report.meanVolume6h > MAX_VOLUME) revert VolumeOutOfBounds(reporter, report.meanVolume6h, MAX_VOLUME);
        if (report.txTotal > MAX_ACCOUNTS) revert AccountsOutOfBounds(reporter, report.txTotal, MAX_ACCOUNTS);
        if (report.sendersDay > MAX_ACCOUNTS) revert AccountsOutOfBounds(reporter, report.sendersDay, MAX_ACCOUNTS);
        if (report.txFailed > report.txTotal) revert MoreFailedThanTotal(reporter, report.txFailed, report.txTotal);
    }

    /// @dev The price needs a quorum that agrees; the mean is unknown without one.
    function _agreedOn(Columns memory columns, uint256 needed) private pure returns (Agreed memory agreed) {
        agreed.price = columns.prices.median();
        agreed.reports = columns.prices.agreeing(agreed.price);
        if (agreed.reports < needed) revert TooFewAgree(agreed.reports, needed, agreed.price);
        if (columns.means.length < needed) return agreed;
        uint256 mean = columns.means.median();
        if (columns.means.agreeing(mean) >= needed) agreed.meanPrice = mean;
    }

    /// @dev Every number was bounded when its report was checked, so none is cut off.
    function _roundOf(uint32 roundId, Place memory place, Agreed memory agreed, Columns memory columns)
        private
        view
        returns (Round memory)
    {
        return Round({
            roundId: roundId,
            price: uint64(agreed.price),
            since: uint40(place.since),
            observedAt: uint40(place.observedAt),
            updatedAt: uint40(block.timestamp),
            reports: uint8(columns.prices.length),
            agreeing: uint8(agreed.reports),
            registered: _reporterCount,
            illiquid: uint8(columns.illiquid),
            attacked: uint8(columns.attacked)
        });
    }

    /// @dev Of volumes and counts the calm side. None is cut off here either; and the lower median of failures stays at or below
    /// the upper one of totals, as each does in its report.
    function _latestOf(Columns memory columns, uint32 roundId, bool filled) private pure returns (Latest memory) {
        return Latest({
            roundId: roundId,
            filled: filled,
            volume6h: uint72(columns.volumes6h.upperMedian()),
            meanVolume6h: uint72(columns.meanVolumes6h.lowerMedian()),
            txTotal: uint24(columns.txTotals.upperMedian()),
            txFailed: uint24(columns.txFaileds.lowerMedian()),
            sendersDay: uint24(columns.sendersDay.upperMedian())
        });
    }

    // Internals: the round

    /// @dev Average of the last hour (USD, 18 decimals); zero where nobody knows it.
    function _handOver(Place memory place, uint256 meanPrice) private returns (uint256 lastHourWad) {
        IRoundTaker taker = history;
        if (address(taker) != address(0)) {
            lastHourWad = taker.takeRound(place.since, place.observedAt, meanPrice, place.replaces);
        }
    }

    /// @dev At most half up or half down, unless nearly everyone agrees. The first round has nothing to compare with.
    function _requireChangeAllowed(uint256 baseWad, Agreed memory agreed, uint256 reports) private pure {
        uint256 needed = superQuorum(reports);
        if (baseWad == 0 || agreed.reports >= needed) return;
        uint256 priceWad = agreed.price * PriceLimits.TO_WAD;
        if (2 * priceWad > 3 * baseWad || 2 * priceWad < baseWad) {
            revert ChangeTooLarge(baseWad, agreed.price, agreed.reports, needed);
        }
    }

    function _keptRound(uint256 roundId, uint256 latestId) private view returns (Round memory round) {
        if (latestId == 0) revert NoRounds();
        if (roundId == 0 || roundId > latestId) revert UnknownRound(roundId, latestId);
        round = _rounds[roundId % ROUNDS_KEPT];
        if (round.roundId != roundId) revert RoundEvicted(roundId, latestId - ROUNDS_KEPT + 1);
    }

    function _roundData(Round memory round) private pure returns (uint80, int256, uint256, uint256, uint80) {
        return (round.roundId, int256(uint256(round.price)), round.observedAt, round.updatedAt, round.roundId);
    }

    function _marketOf(Round memory round, Latest memory latest) private pure returns (Market memory) {
        return Market({
            roundId: round.roundId,
            price: round.price,
            volume6h: latest.volume6h,
            meanVolume6h: latest.meanVolume6h,
            txTotal: latest.txTotal,
            txFailed: latest.txFailed,
            sendersDay: latest.sendersDay,
            since: round.since,
            observedAt: round.observedAt,
            updatedAt: round.updatedAt,
            confidence: _confidence(round.agreeing, round.reports - round.agreeing),
            reports: round.reports,
            registered: round.registered,
            illiquid: round.illiquid,
            attacked: round.attacked
        });
    }

    /// @dev Each that agrees halves the doubt, each that differs doubles it. Rounded down, never higher than the reports allow.
    function _confidence(uint256 agreeing, uint256 differing) private pure returns (uint256) {
        if (agreeing <= differing) return 0;
        uint256 lead = agreeing - differing;
        return ((WAD << lead) - WAD) >> lead;
    }
}
