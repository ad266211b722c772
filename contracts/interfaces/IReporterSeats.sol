// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where a reporter sits. Kept after it left.
struct Seat {
    /// Its bit in attendance, 0 to 31.
    uint8 number;
    /// Whether it is registered.
    bool taken;
    /// Hour in which it was registered (`time / 3600`); hours after it count.
    uint32 fromHour;
    /// Hour in which it left; hours before it count. Zero while registered.
    uint32 untilHour;
}

/// @title IReporterSeats
/// @notice Who may report, how many must, and in which hours each did.
interface IReporterSeats {
    event ReporterAdded(address indexed reporter, uint256 seat);
    event ReporterRemoved(address indexed reporter, uint256 seat);
    event QuorumSet(uint256 quorum);

    error NotReporter(address reporter);
    error ZeroReporter();
    error AlreadyReporter(address reporter);
    /// @notice There are always 5 to 32 reporters. To replace one of five, add the new one first.
    error ReporterCountOutOfBounds(uint256 count, uint256 min, uint256 max);
    /// @notice A quorum is more than half of the registered reporters, and at least three.
    /// @param min of the quorum
    /// @param max of the quorum: the number of reporters
    error QuorumOutOfBounds(uint256 quorum, uint256 min, uint256 max);

    /// @notice All registered reporters, in the order of their seats.
    /// @return 5 to 32
    function reporters() external view returns (address[] memory);

    /// @notice Whether `account` is a registered reporter.
    /// @param account any address
    /// @return true while it is registered
    function isReporter(address account) external view returns (bool);

    /// @notice Reports that a round needs.
    /// @return more than half of the registered reporters
    function quorum() external view returns (uint256);

    /// @notice The seat of whoever is or was a reporter.
    /// @param account any address
    /// @return all zero for whoever never was one
    function seatOf(address account) external view returns (Seat memory);

    /// @notice The seat that a reporter had the time before, if it left and came back. Of earlier times nothing is kept.
    /// @param account any address
    /// @return all zero for whoever never came back
    function formerSeatOf(address account) external view returns (Seat memory);

    /// @notice Hours of a span in which `seat` reported, whoever sat there. About 27 days are kept; older hours count nothing.
    /// @param seat 0 to 31
    /// @param fromHour `time / 3600`, included
    /// @param toHour not included; at most `MAX_HOURS_COUNTED` after `fromHour`
    /// @return count of hours
    function hoursReported(uint256 seat, uint256 fromHour, uint256 toHour) external view returns (uint256 count);

    /// @notice Registers a reporter. Raises the quorum where it would be half of the reporters or less. Restricted to
    /// governance.
    /// @param reporter the address of its signing key
    function addReporter(address reporter) external;

    /// @notice Removes a reporter. Its signatures count no more. Restricted to governance; refused when fewer reporters than the
    /// quorum, or than five, would remain.
    /// @param reporter must be registered, else `NotReporter`
    function removeReporter(address reporter) external;

    /// @notice Sets how many reports a round needs. Restricted to governance.
    /// @param quorum_ more than half of the reporters, else `QuorumOutOfBounds`
    function setQuorum(uint256 quorum_) external;
}
