// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IMedianFeed, Market, MarketReport, SignedReport} from "../interfaces/IMedianFeed.sol";
import {Median} from "./Median.sol";
import {PriceLimits} from "./PriceLimits.sol";

/// @title MedianFeed
/// @notice See IMedianFeed.
contract MedianFeed is IMedianFeed, AccessManaged, EIP712 {
    using EnumerableSet for EnumerableSet.AddressSet;
    using Median for uint256[];

    /// @notice The price of a round, in one slot. `roundId` tells which round the entry belongs to once the ring has wrapped.
    struct Round {
        uint32 roundId;
        uint64 price; // USD, 8 decimals
        uint40 observedAt; // seconds
        uint40 updatedAt; // seconds
        uint40 newerThan; // its reports had to be observed after this, in seconds
        uint8 reports; // that it was made of
        uint8 agreeing; // reporters within 2 % of the median
        uint8 registered; // reporters there were
    }

    /// @notice What only the latest round keeps, and what every update needs to know, in one slot.
    struct Latest {
        uint32 roundId; // zero before the first round
        uint8 quorum;
        uint8 reporterCount; // always the length of _reporters
        uint72 volume6h; // USD, 8 decimals
        uint72 meanVolume6h; // USD, 8 decimals
        uint32 txTotal;
        uint32 txFailed;
    }

    /// @notice The reports, turned from rows into columns for the medians.
    struct Columns {
        uint256[] prices;
        uint256[] volumes6h;
        uint256[] meanVolumes6h;
        uint256[] txTotals;
        uint256[] txFaileds;
        uint256 oldest;
    }

    // Constants

    uint8 public constant decimals = PriceLimits.DECIMALS;
    uint256 public constant version = 1;

    uint256 public constant ROUNDS_KEPT = 128;
    uint256 public constant MAX_REPORTERS = 32;
    uint256 public constant MAX_REPORT_AGE = 10 minutes;
    /// @dev USD, 8 decimals: ten trillion dollars in six hours. Fits 72 bits.
    uint256 public constant MAX_VOLUME = 1e21;
    /// @dev Transactions in an hour. Fits 32 bits.
    uint256 public constant MAX_TRANSACTIONS = 4e9;

    bytes32 private constant REPORT_TYPEHASH = keccak256(
        "MarketReport(uint256 price,uint256 volume6h,uint256 meanVolume6h,uint256 txTotal,uint256 txFailed,uint256 observedAt)"
    );

    // Storage

    string public description;
    Latest private _latest;
    Round[ROUNDS_KEPT] private _rounds;
    EnumerableSet.AddressSet private _reporters;

    // Constructor

    /// @param authority the AccessManager that decides who may change reporters and quorum
    /// @param description_ what is priced, as Chainlink writes it: "FTNS / USD"
    /// @param reporters_ at most 32, in any order
    /// @param quorum_ reports that an update needs
    constructor(address authority, string memory description_, address[] memory reporters_, uint256 quorum_)
        AccessManaged(authority)
        EIP712("FTNS MedianFeed", "1")
    {
        description = description_;
        for (uint256 i = 0; i < reporters_.length; ++i) {
            _addReporter(reporters_[i]);
        }
        _setQuorum(quorum_);
    }

    // Views

    /// @inheritdoc IMedianFeed
    function latestMarket() external view returns (Market memory) {
        Latest memory latest = _latest;
        Round memory round = _keptRound(latest.roundId, latest.roundId);
        return Market({
            roundId: round.roundId,
            price: round.price,
            volume6h: latest.volume6h,
            meanVolume6h: latest.meanVolume6h,
            txTotal: latest.txTotal,
            txFailed: latest.txFailed,
            observedAt: round.observedAt,
            updatedAt: round.updatedAt,
            confidence: _confidence(round.agreeing, round.registered)
        });
    }

    /// @inheritdoc IMedianFeed
    function latestReports() external view returns (uint256, uint256) {
        Round storage latest = _rounds[_latest.roundId % ROUNDS_KEPT];
        return (latest.reports, latest.newerThan);
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
    function reportDigest(MarketReport calldata report) public view returns (bytes32) {
        // Field by field: for a struct in calldata the compiler's encoder would loop and check what needs no check.
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    REPORT_TYPEHASH,
                    report.price,
                    report.volume6h,
                    report.meanVolume6h,
                    report.txTotal,
                    report.txFailed,
                    report.observedAt
                )
            )
        );
    }

    /// @inheritdoc IMedianFeed
    function reporters() external view returns (address[] memory) {
        return _reporters.values();
    }

    /// @inheritdoc IMedianFeed
    function isReporter(address account) external view returns (bool) {
        return _reporters.contains(account);
    }

    /// @inheritdoc IMedianFeed
    function quorum() external view returns (uint256) {
        return _latest.quorum;
    }

    /// @inheritdoc IMedianFeed
    function superQuorum() external view returns (uint256) {
        return _superQuorum(_latest.reporterCount, _latest.quorum);
    }

    // Writes

    /// @inheritdoc IMedianFeed
    function submit(SignedReport[] calldata reports) external returns (uint80) {
        // Check
        Latest memory latest = _latest;
        Round memory previous = _rounds[latest.roundId % ROUNDS_KEPT];
        uint256 registered = latest.reporterCount;
        if (reports.length < latest.quorum || reports.length > registered) {
            revert WrongReportCount(reports.length, latest.quorum, registered);
        }
        // More reports than the latest round has may improve on it with observations of the same time. Otherwise whoever is
        // first with a bare quorum could keep the others out, and the confidence low, for as long as they like.
        uint256 newerThan = reports.length > previous.reports ? previous.newerThan : previous.updatedAt;
        Columns memory columns = _verified(reports, newerThan);

        uint256 price = columns.prices.median();
        uint256 agreeing = columns.prices.agreeing(price);
        if (agreeing < latest.quorum) revert TooFewAgree(agreeing, latest.quorum, price);
        _requireChangeAllowed(previous.price, price, agreeing, _superQuorum(registered, latest.quorum));

        // Effect
        Market memory market = Market({
            roundId: uint256(latest.roundId) + 1,
            price: price,
            volume6h: columns.volumes6h.median(),
            meanVolume6h: columns.meanVolumes6h.median(),
            txTotal: columns.txTotals.median(),
            txFailed: columns.txFaileds.median(),
            observedAt: columns.oldest,
            updatedAt: block.timestamp,
            confidence: _confidence(agreeing, registered)
        });
        _storeRound(market, newerThan, reports.length, agreeing, registered);
        _storeLatest(market, latest.quorum, latest.reporterCount);
        emit RoundUpdated(market.roundId, market, reports.length);
        return uint80(market.roundId);
    }

    // Governance

    /// @inheritdoc IMedianFeed
    function addReporter(address reporter) external restricted {
        _addReporter(reporter);
    }

    /// @inheritdoc IMedianFeed
    function removeReporter(address reporter) external restricted {
        if (!_reporters.remove(reporter)) revert NotReporter(reporter);
        uint256 count = _reporters.length();
        if (count < _latest.quorum) revert QuorumOutOfBounds(_latest.quorum, count);
        _latest.reporterCount = uint8(count);
        emit ReporterRemoved(reporter);
    }

    /// @inheritdoc IMedianFeed
    function setQuorum(uint256 quorum_) external restricted {
        _setQuorum(quorum_);
    }

    // Internals

    /// @dev Checks every report and sorts them into columns. At most 32 turns, since every turn needs another reporter.
    function _verified(SignedReport[] calldata reports, uint256 newerThan)
        private
        view
        returns (Columns memory columns)
    {
        uint256 count = reports.length;
        columns = Columns({
            prices: new uint256[](count),
            volumes6h: new uint256[](count),
            meanVolumes6h: new uint256[](count),
            txTotals: new uint256[](count),
            txFaileds: new uint256[](count),
            oldest: block.timestamp
        });
        address last;
        for (uint256 i = 0; i < count; ++i) {
            SignedReport calldata signed = reports[i];
            MarketReport calldata report = signed.report;
            address reporter = signed.reporter;
            if (reporter <= last) _revertOrder(last, reporter);
            last = reporter;

            _requireSane(reporter, report, newerThan);
            if (!_reporters.contains(reporter)) revert NotReporter(reporter);
            (address signer,,) = ECDSA.tryRecoverCalldata(reportDigest(report), signed.signature);
            if (signer != reporter) revert BadSignature(reporter);

            columns.prices[i] = report.price;
            columns.volumes6h[i] = report.volume6h;
            columns.meanVolumes6h[i] = report.meanVolume6h;
            columns.txTotals[i] = report.txTotal;
            columns.txFaileds[i] = report.txFailed;
            if (report.observedAt < columns.oldest) columns.oldest = report.observedAt;
        }
    }

    function _revertOrder(address previous, address reporter) private pure {
        if (reporter == address(0)) revert NotReporter(reporter);
        if (reporter == previous) revert DuplicateReporter(reporter);
        revert ReportersNotAscending(previous, reporter);
    }

    function _requireSane(address reporter, MarketReport calldata report, uint256 newerThan) private view {
        uint256 observedAt = report.observedAt;
        uint256 earliest = block.timestamp - MAX_REPORT_AGE;
        if (observedAt > block.timestamp) revert ReportFromFuture(reporter, observedAt, block.timestamp);
        if (observedAt < earliest) revert ReportTooOld(reporter, observedAt, earliest);
        if (observedAt <= newerThan) revert ReportNotNewer(reporter, observedAt, newerThan);

        if (report.price == 0 || report.price > PriceLimits.MAX_PRICE) {
            revert PriceOutOfBounds(reporter, report.price, PriceLimits.MAX_PRICE);
        }
        if (report.volume6h > MAX_VOLUME) revert VolumeOutOfBounds(reporter, report.volume6h, MAX_VOLUME);
        if (report.meanVolume6h > MAX_VOLUME) revert VolumeOutOfBounds(reporter, report.meanVolume6h, MAX_VOLUME);
        if (report.txTotal > MAX_TRANSACTIONS) {
            revert TransactionsOutOfBounds(reporter, report.txTotal, MAX_TRANSACTIONS);
        }
        if (report.txFailed > report.txTotal) revert MoreFailedThanTotal(reporter, report.txFailed, report.txTotal);
    }

    /// @dev At most half up or half down at once, unless nearly everyone agrees. The first round has nothing to compare with.
    function _requireChangeAllowed(uint256 previousPrice, uint256 price, uint256 agreeing, uint256 needed)
        private
        pure
    {
        if (previousPrice == 0 || agreeing >= needed) return;
        if (2 * price > 3 * previousPrice || 2 * price < previousPrice) {
            revert ChangeTooLarge(previousPrice, price, agreeing, needed);
        }
    }

    /// @dev Every number was bounded when its report was checked, so none is cut off.
    function _storeRound(Market memory market, uint256 newerThan, uint256 reports, uint256 agreeing, uint256 registered)
        private
    {
        Round memory round = Round({
            roundId: uint32(market.roundId),
            price: uint64(market.price),
            observedAt: uint40(market.observedAt),
            updatedAt: uint40(market.updatedAt),
            newerThan: uint40(newerThan),
            reports: uint8(reports),
            agreeing: uint8(agreeing),
            registered: uint8(registered)
        });
        _rounds[market.roundId % ROUNDS_KEPT] = round;
    }

    function _storeLatest(Market memory market, uint8 quorum_, uint8 reporterCount) private {
        Latest memory latest = Latest({
            roundId: uint32(market.roundId),
            quorum: quorum_,
            reporterCount: reporterCount,
            volume6h: uint72(market.volume6h),
            meanVolume6h: uint72(market.meanVolume6h),
            txTotal: uint32(market.txTotal),
            txFailed: uint32(market.txFailed)
        });
        _latest = latest;
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

    /// @dev Rounded down, so it is never higher than the reports allow.
    function _confidence(uint256 agreeing, uint256 registered) private pure returns (uint256) {
        return agreeing * 1e18 / registered;
    }

    function _superQuorum(uint256 registered, uint256 quorum_) private pure returns (uint256) {
        return registered - 1 > quorum_ ? registered - 1 : quorum_;
    }

    function _addReporter(address reporter) private {
        if (reporter == address(0)) revert ZeroReporter();
        if (!_reporters.add(reporter)) revert AlreadyReporter(reporter);
        uint256 count = _reporters.length();
        if (count > MAX_REPORTERS) revert TooManyReporters(count, MAX_REPORTERS);
        _latest.reporterCount = uint8(count);
        emit ReporterAdded(reporter);
    }

    function _setQuorum(uint256 quorum_) private {
        uint256 count = _latest.reporterCount;
        if (quorum_ == 0 || quorum_ > count) revert QuorumOutOfBounds(quorum_, count);
        _latest.quorum = uint8(quorum_);
        emit QuorumSet(quorum_);
    }
}
