// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {ECDSA} from "solady/src/utils/ECDSA.sol";
import {LibSort} from "solady/src/utils/LibSort.sol";
import {IMedianFeed, Market, MarketReport, PackedReport} from "../interfaces/IMedianFeed.sol";
import {IRoundTaker} from "../interfaces/IRoundTaker.sol";
import {MarketConditions} from "./MarketConditions.sol";
import {Median} from "./Median.sol";
import {PriceLimits} from "./PriceLimits.sol";
import {ReporterSeats} from "./ReporterSeats.sol";
import {ReporterTable} from "./ReporterTable.sol";
import {ReportWords, TypedReport} from "./ReportWords.sol";
import {Latest, Round, RoundWords} from "./RoundWords.sol";

/// @title MedianFeed
/// @notice See IMedianFeed.
contract MedianFeed is IMedianFeed, EIP712, ReporterSeats {
    using Median for uint256[];
    using ReportWords for *;
    using RoundWords for *;

    /// @notice Which round the reports would make.
    struct Place {
        uint256 since; // seconds
        uint256 observedAt; // seconds, the oldest observation
        bool replaces; // the latest round, in its place
    }

    /// @notice What was counted while the reports were checked.
    struct Tally {
        uint256[] means; // prices, USD, 8 decimals: only those of the round's `since`
        uint256 illiquid; // reports that meet the condition on volumes
        uint256 attacked; // reports that meet the condition on counts
        uint256 seats; // a bit for each reporter
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
    /// @dev Half of secp256k1's order: a signature with a larger `s` has a twin.
    uint256 private constant MAX_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    bytes32 private constant REPORT_TYPEHASH = keccak256(
        "MarketReport(uint256 price,uint256 meanPrice,uint256 since,uint256 volume6h,uint256 meanVolume6h,uint256 txTotal,uint256 txFailed,uint256 sendersDay,uint256 observedAt)"
    );

    // Storage

    /// @inheritdoc IMedianFeed
    IRoundTaker public history;
    string public description;
    uint256 private _latest;
    uint256[ROUNDS_KEPT] private _rounds;

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
        Latest memory latest = _latest.unpackLatest();
        return _marketOf(_keptRound(latest.roundId, latest.roundId), latest);
    }

    /// @notice The latest round in Chainlink's form; `startedAt` is its oldest observation.
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        uint256 latestId = _latest.unpackLatest().roundId;
        return _roundData(_keptRound(latestId, latestId));
    }

    /// @notice A kept round in Chainlink's form. Reverts with `UnknownRound` or `RoundEvicted` for any other.
    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        return _roundData(_keptRound(roundId, _latest.unpackLatest().roundId));
    }

    /// @inheritdoc IMedianFeed
    function reportDigest(MarketReport calldata report) external view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REPORT_TYPEHASH, report)));
    }

    /// @inheritdoc IMedianFeed
    function superQuorum(uint256 reports) public pure returns (uint256) {
        return reports > MIN_SUPER_QUORUM ? reports - 1 : MIN_SUPER_QUORUM;
    }

    // Writes

    /// @inheritdoc IMedianFeed
    function submit(PackedReport[] calldata reports) external returns (uint80) {
        // Check
        Latest memory latest = _latest.unpackLatest();
        (uint256 needed, uint256 registered) = (_quorum, _reporterCount);
        if (reports.length < needed || reports.length > registered) {
            revert WrongReportCount(reports.length, needed, registered);
        }
        Place memory place = _placeOf(reports, latest);
        Tally memory tally = _verified(reports, place);
        (Round memory round, Latest memory next) = _roundOf(reports, place, tally, needed);
        uint256 meanPrice = _meanOf(tally.means, needed);
        if (place.replaces && meanPrice == 0) _requireMayNotFill(place, latest, reports.length);

        // Effect
        next.roundId = round.roundId = latest.roundId + 1;
        (round.registered, round.filled) = (registered, meanPrice != 0);
        _rounds[round.roundId % ROUNDS_KEPT] = round.pack();
        _latest = next.pack();
        _attend(tally.seats, place.observedAt);

        // Interaction: the history knows the last hour's average, against which the price is checked. It calls nobody.
        uint256 lastHourWad = _handOver(place, meanPrice);
        uint256 superQuorum_ = superQuorum(round.reports);
        if (round.agreeing < superQuorum_) {
            _requireChangeAllowed(lastHourWad, latest.roundId, place, round, superQuorum_);
        }
        emit RoundUpdated(round.roundId, _marketOf(round, next), meanPrice);
        return uint80(round.roundId);
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

    /// @dev The next round, where the reports are of a later time; else one in place of the latest, where they are more, or where that
    /// filled nothing and they do. Otherwise whoever is first with a bare quorum could keep the others out, and the confidence low;
    /// and a minority that adds reports without a usable mean could make every hour a gap.
    function _placeOf(PackedReport[] calldata reports, Latest memory latest) private view returns (Place memory place) {
        (uint256 oldest, uint256 newest) = reports.times();
        if (newest > block.timestamp) revert ReportFromFuture(newest, block.timestamp);
        unchecked {
            uint256 earliest = block.timestamp - MAX_REPORT_AGE;
            if (oldest < earliest) revert ReportTooOld(oldest, earliest);
            if (newest - oldest > MAX_REPORT_SPREAD) revert ReportsTooFarApart(oldest, newest, MAX_REPORT_SPREAD);
        }

        (place.since, place.observedAt) = (latest.observedAt, oldest);
        uint256 next = _earliestAfter(latest.observedAt);
        if (oldest >= next) return place;
        Round memory last = _rounds[latest.roundId % ROUNDS_KEPT].unpackRound();
        if (reports.length <= last.reports && last.filled) revert RoundTooSoon(oldest, next);

        (place.since, place.replaces) = (latest.since, true);
        next = _earliestAfter(latest.since);
        if (oldest < next) revert RoundTooSoon(oldest, next);
    }

    /// @dev What fills nothing takes the place only of a thinner round that fills nothing either.
    function _requireMayNotFill(Place memory place, Latest memory latest, uint256 reports) private view {
        Round memory last = _rounds[latest.roundId % ROUNDS_KEPT].unpackRound();
        if (last.filled) revert FillLost(place.since);
        if (reports <= last.reports) revert RoundTooSoon(place.observedAt, _earliestAfter(latest.observedAt));
    }

    /// @dev Before the first round any time will do.
    function _earliestAfter(uint256 since) private pure returns (uint256) {
        unchecked {
            return since == 0 ? 0 : since + MIN_ROUND_DISTANCE;
        }
    }

    // Internals: what the reports say

    /// @dev Checks every report. At most 32 turns, since every turn needs another reporter.
    function _verified(PackedReport[] calldata reports, Place memory place) private view returns (Tally memory tally) {
        uint256[] memory means = new uint256[](reports.length);
        uint256 known; // of them
        uint256[] memory table = ReporterTable.read(_table);
        uint256 next; // where the next reporter is looked for: behind the last one found
        bytes32 domain = _domainSeparatorV4();
        TypedReport memory report;
        report.typeHash = REPORT_TYPEHASH;
        for (uint256 i = 0; i < reports.length;) {
            PackedReport calldata packed = reports[i];
            packed.unpackTo(report);
            address reporter = _signerOf(packed, domain, report, i);
            (uint256 index, uint256 seat) = ReporterTable.find(table, reporter, next);
            if (seat == 0) _revertNotNext(reporter, table, next);
            tally.seats |= seat;
            _requireSane(reporter, report);

            unchecked {
                if (report.since != place.since) {
                    if (place.replaces) revert OtherSince(reporter, report.since, place.since);
                } else if (report.meanPrice != 0) {
                    means[known++] = report.meanPrice;
                }
                if (MarketConditions.isIlliquid(report.volume6h, report.meanVolume6h)) ++tally.illiquid;
                if (MarketConditions.isAttacked(report.txTotal, report.txFailed, report.sendersDay)) ++tally.attacked;
                next = index + 1;
                ++i;
            }
        }
        // Only the length shrinks; the words behind it are left unused.
        assembly ("memory-safe") {
            mstore(means, known)
        }
        tally.means = means;
    }

    function _signerOf(PackedReport calldata packed, bytes32 domain, TypedReport memory report, uint256 index)
        private
        view
        returns (address signer)
    {
        bytes32 vs = packed.vs;
        // Without its highest bit, which is the parity.
        if (uint256(vs) << 1 >> 1 > MAX_S) revert BadSignature(index);
        signer = ECDSA.tryRecover(MessageHashUtils.toTypedDataHash(domain, report.hash()), packed.r, vs);
        if (signer == address(0)) revert BadSignature(index);
    }

    /// @dev `reporter` is not in the table from `next` on.
    function _revertNotNext(address reporter, uint256[] memory table, uint256 next) private view {
        if (!_seatOf[reporter].taken) revert NotReporter(reporter);
        address previous = ReporterTable.reporterAt(table, next - 1);
        if (reporter == previous) revert DuplicateReporter(reporter);
        revert ReportersNotAscending(previous, reporter);
    }

    /// @dev A difference below zero has the highest bit set: one look at all of them finds nothing wrong with a sane report.
    function _requireSane(address reporter, TypedReport memory report) private pure {
        unchecked {
            uint256 differences = (report.price - 1) | (PriceLimits.MAX_PRICE - report.price)
                | (PriceLimits.MAX_PRICE - report.meanPrice) | (MAX_VOLUME - report.volume6h)
                | (MAX_VOLUME - report.meanVolume6h) | (MAX_ACCOUNTS - report.txTotal)
                | (MAX_ACCOUNTS - report.sendersDay) | (report.txTotal - report.txFailed);
            if (differences >> 255 != 0) _revertNotSane(reporter, report);
        }
    }

    function _revertNotSane(address reporter, TypedReport memory report) private pure {
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
        revert MoreFailedThanTotal(reporter, report.txFailed, report.txTotal);
    }

    /// @dev The medians; one array takes one column after the other. The price needs a quorum that agrees. Of volumes and counts
    /// the calm side; the lower median of failures stays at or below the upper one of totals, as each does in its report.
    function _roundOf(PackedReport[] calldata reports, Place memory place, Tally memory tally, uint256 needed)
        private
        view
        returns (Round memory round, Latest memory latest)
    {
        uint256[] memory values = new uint256[](reports.length);
        reports.sortPrice(values);
        round.price = values.median();
        round.agreeing = values.agreeing(round.price);
        if (round.agreeing < needed) revert TooFewAgree(round.agreeing, needed, round.price);

        (round.observedAt, round.updatedAt, round.reports) = (place.observedAt, block.timestamp, values.length);
        (round.illiquid, round.attacked) = (tally.illiquid, tally.attacked);
        (latest.since, latest.observedAt) = (place.since, place.observedAt);

        reports.sortVolume6h(values);
        latest.volume6h = values.upperMedian();
        reports.sortMeanVolume6h(values);
        latest.meanVolume6h = values.lowerMedian();
        reports.sortTxTotal(values);
        round.txTotal = values.upperMedian();
        reports.sortTxFailed(values);
        round.txFailed = values.lowerMedian();
        reports.sortSendersDay(values);
        round.sendersDay = values.upperMedian();
    }

    /// @dev Zero, which is unknown, without a quorum that agrees.
    function _meanOf(uint256[] memory means, uint256 needed) private pure returns (uint256 mean) {
        if (means.length < needed) return 0;
        LibSort.insertionSort(means);
        mean = means.median();
        if (means.agreeing(mean) < needed) return 0;
    }

    // Internals: the round

    /// @dev Average of the last hour (USD, 18 decimals); zero where nobody knows it.
    function _handOver(Place memory place, uint256 meanPrice) private returns (uint256 lastHourWad) {
        IRoundTaker taker = history;
        if (address(taker) != address(0)) {
            lastHourWad = taker.takeRound(place.since, place.observedAt, meanPrice, place.replaces);
        }
    }

    /// @dev At most half up or half down of the last hour's average; of the last round, where there is none; or what all but one
    /// say with one voice after an outage. The first round has nothing to compare with.
    function _requireChangeAllowed(
        uint256 baseWad,
        uint256 lastId,
        Place memory place,
        Round memory round,
        uint256 needed
    ) private view {
        if (baseWad == 0) {
            baseWad = _rounds[lastId % ROUNDS_KEPT].unpackRound().price * PriceLimits.TO_WAD;
        }
        if (baseWad == 0) return;
        uint256 priceWad = round.price * PriceLimits.TO_WAD;
        bool isLarge = 2 * priceWad > 3 * baseWad || 2 * priceWad < baseWad;
        if (isLarge && !_isOneVoice(place, round)) {
            revert ChangeTooLarge(baseWad, round.price, round.agreeing, needed);
        }
    }

    /// @dev No price stands any more, and all reporters but one at most are there and agree. Without it one of five that is silent
    /// would stop the feed for as long as the price stays where it is. Who could lie here holds four of five, and moves the
    /// price with less.
    function _isOneVoice(Place memory place, Round memory round) private view returns (bool) {
        IRoundTaker taker = history;
        if (round.agreeing != round.reports || round.reports + 1 < round.registered) return false;
        return address(taker) != address(0) && place.observedAt > place.since + taker.heartbeat();
    }

    function _keptRound(uint256 roundId, uint256 latestId) private view returns (Round memory round) {
        if (latestId == 0) revert NoRounds();
        if (roundId == 0 || roundId > latestId) revert UnknownRound(roundId, latestId);
        round = _rounds[roundId % ROUNDS_KEPT].unpackRound();
        if (round.roundId != roundId) revert RoundEvicted(roundId, latestId - ROUNDS_KEPT + 1);
    }

    function _roundData(Round memory round) private pure returns (uint80, int256, uint256, uint256, uint80) {
        return (uint80(round.roundId), int256(round.price), round.observedAt, round.updatedAt, uint80(round.roundId));
    }

    function _marketOf(Round memory round, Latest memory latest) private pure returns (Market memory) {
        return Market({
            roundId: round.roundId,
            price: round.price,
            volume6h: latest.volume6h,
            meanVolume6h: latest.meanVolume6h,
            txTotal: round.txTotal,
            txFailed: round.txFailed,
            sendersDay: round.sendersDay,
            since: latest.since,
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
        unchecked {
            uint256 lead = agreeing - differing;
            return ((WAD << lead) - WAD) >> lead;
        }
    }
}
