// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @notice What one reporter saw. This is the EIP-712 struct that reporters sign:
/// `MarketReport(uint256 price,uint256 volume6h,uint256 meanVolume6h,uint256 txTotal,uint256 txFailed,uint256 observedAt)`.
struct MarketReport {
    /// Price of one FTNS (USD, 8 decimals).
    uint256 price;
    /// Traded in the last 6 hours (USD, 8 decimals).
    uint256 volume6h;
    /// Mean of 6-hour volumes over the last 30 days (USD, 8 decimals).
    uint256 meanVolume6h;
    /// Transactions of the last hour.
    uint256 txTotal;
    /// Those of them that failed.
    uint256 txFailed;
    /// When the reporter looked (seconds).
    uint256 observedAt;
}

/// @notice A report with its reporter's 65-byte signature.
struct SignedReport {
    address reporter;
    MarketReport report;
    bytes signature;
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
    /// Oldest observation in the round (seconds).
    uint256 observedAt;
    /// When the round was written (seconds).
    uint256 updatedAt;
    /// Share of the registered reporters who took part and saw a price within 2 % of the median (WAD).
    uint256 confidence;
}

/// @title IMedianFeed
/// @notice The project's own price feed: registered reporters sign what they see, anyone submits the signed reports in one
/// transaction, and their medians become a round. It can be read like any Chainlink feed.
///
/// Median of an even number of reports: the mean of the two middle values, rounded down, for every field. A lower (or
/// upper) median would let whoever submits the reports push the price down (or up) by leaving one report out; the mean
/// favours neither side, and it keeps `txFailed <= txTotal`.
///
/// An update of `n` reports is right as long as fewer than `n / 2` of them are false: choose the quorum accordingly.
interface IMedianFeed is AggregatorV3Interface {
    /// @notice A round was written from `reports` reports.
    /// @param roundId counts from 1
    /// @param market the medians
    event RoundUpdated(uint256 indexed roundId, Market market, uint256 reports);
    event ReporterAdded(address indexed reporter);
    event ReporterRemoved(address indexed reporter);
    event QuorumSet(uint256 quorum);

    /// @notice Fewer reports than the quorum, or more than there are reporters.
    /// @param min the quorum
    /// @param max registered reporters
    error WrongReportCount(uint256 given, uint256 min, uint256 max);
    /// @notice Reports must come in strictly ascending order of their reporters' addresses.
    error ReportersNotAscending(address previous, address reporter);
    /// @notice The same reporter came twice.
    error DuplicateReporter(address reporter);
    error NotReporter(address reporter);
    /// @notice The signature is malformed, malleable, or was made by another key, for another contract, chain or report.
    error BadSignature(address reporter);
    /// @param observedAt seconds, as `time`, the block's
    error ReportFromFuture(address reporter, uint256 observedAt, uint256 time);
    /// @param earliest oldest observation that is accepted now (seconds)
    error ReportTooOld(address reporter, uint256 observedAt, uint256 earliest);
    /// @notice Every report must have been observed after the latest round was written; in an update with more reports than
    /// that round had, after what that round's own reports had to be newer than.
    error ReportNotNewer(address reporter, uint256 observedAt, uint256 newerThan);
    /// @param price USD, 8 decimals; zero is refused too
    error PriceOutOfBounds(address reporter, uint256 price, uint256 max);
    /// @param volume USD, 8 decimals
    error VolumeOutOfBounds(address reporter, uint256 volume, uint256 max);
    error TransactionsOutOfBounds(address reporter, uint256 txTotal, uint256 max);
    error MoreFailedThanTotal(address reporter, uint256 txFailed, uint256 txTotal);
    /// @notice Fewer reports than the quorum are within 2 % of the median. If that were allowed, whoever submits could choose
    /// the price by leaving reports out.
    /// @param agreeing reports within 2 % of the median
    /// @param median USD, 8 decimals
    error TooFewAgree(uint256 agreeing, uint256 quorum, uint256 median);
    /// @notice The price moved by more than 50 % and too few reporters agree on it (see `superQuorum`).
    /// @param previousPrice USD, 8 decimals, as `price`
    error ChangeTooLarge(uint256 previousPrice, uint256 price, uint256 agreeing, uint256 superQuorum);
    /// @notice No round has been written yet.
    error NoRounds();
    error UnknownRound(uint256 roundId, uint256 latestRoundId);
    /// @notice Only the last `ROUNDS_KEPT` rounds are kept; older ones are in the events.
    error RoundEvicted(uint256 roundId, uint256 oldestRoundId);
    error ZeroReporter();
    error AlreadyReporter(address reporter);
    error TooManyReporters(uint256 count, uint256 max);
    /// @notice The quorum must lie between 1 and the number of reporters.
    error QuorumOutOfBounds(uint256 quorum, uint256 reporterCount);

    /// @notice Checks and merges signed reports into the next round. Anyone may call it.
    /// @dev Warning: of two updates with the same reports the second reverts with `ReportNotNewer`.
    /// @param reports at least `quorum()`, in strictly ascending order of the reporters' addresses, each at most 10 minutes
    /// old, not from the future, and observed after the latest round was written. An update with more reports than that
    /// round may take part in its span of time again: so nobody can exclude the others by being first with a bare quorum.
    /// At least a quorum of them must lie within 2 % of the median, so fewer dishonest reporters than that cannot choose the
    /// price by leaving reports out.
    /// @return roundId number of the new round, counted from 1
    function submit(SignedReport[] calldata reports) external returns (uint80 roundId);

    /// @notice The latest round in full. Reverts with `NoRounds` before the first one.
    /// @dev Warning: it does not check how old the round is. Compare `observedAt` and `updatedAt` with the time yourself.
    /// @return units: see Market
    function latestMarket() external view returns (Market memory);

    /// @notice What the latest round was made of. Both are zero before the first round.
    /// @return count its reports: an update with more of them may improve on it
    /// @return newerThan what such a fuller update must be observed after (seconds), as the round itself had to be; any other
    /// update must be observed after the round was written (`updatedAt`)
    function latestReports() external view returns (uint256 count, uint256 newerThan);

    /// @notice EIP-712 digest that a reporter signs for `report`.
    /// @param report all fields count
    /// @return for this contract on this chain
    function reportDigest(MarketReport calldata report) external view returns (bytes32);

    /// @notice All registered reporters, in no particular order.
    /// @return at most 32
    function reporters() external view returns (address[] memory);

    /// @notice Whether `account` is a registered reporter.
    /// @param account any address
    /// @return true while it is registered
    function isReporter(address account) external view returns (bool);

    /// @notice Reports that an update needs.
    /// @return 1 to the number of reporters
    function quorum() external view returns (uint256);

    /// @notice Reporters that must agree (be within 2 % of the median) before the price may move by more than 50 % at once:
    /// all registered but one, and never fewer than the quorum.
    /// @return at least the quorum
    function superQuorum() external view returns (uint256);

    /// @notice Registers a reporter. The super-quorum rises with it. Restricted to governance; at most 32 reporters.
    /// @param reporter the address of its signing key
    function addReporter(address reporter) external;

    /// @notice Removes a reporter. Its signatures count no more. Restricted to governance; refused when fewer reporters
    /// than the quorum would remain.
    /// @param reporter must be registered, else `NotReporter`
    function removeReporter(address reporter) external;

    /// @notice Sets how many reports an update needs. Restricted to governance; between 1 and the number of reporters.
    /// @param quorum_ else `QuorumOutOfBounds`
    function setQuorum(uint256 quorum_) external;
}
