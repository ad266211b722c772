// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ProtocolTime
/// @notice The protocol's calendar: a day starts at 02:00 UTC, so that daily work happens when few people are awake.
/// @dev Day numbers count from the Unix epoch and are stored in 16 bits. The calendar ends before they do, so that no day
/// that lies ahead (a tier's last, the end of a grace) comes near the highest numbers, which mean something else in an
/// account's word.
library ProtocolTime {
    /// @dev Offset of the day boundary from midnight UTC.
    uint256 internal constant BOUNDARY_OFFSET = 2 hours;
    /// @dev The last day of the calendar, 19 December 2147: more than 500 days below 2^16.
    uint256 internal constant LAST_DAY = 65_000;

    /// @notice The calendar has no day `day`.
    error CalendarEnded(uint256 day);

    /// @notice Protocol day that holds `timestamp` (seconds, at least two hours after the epoch).
    function dayOf(uint256 timestamp) internal pure returns (uint256) {
        unchecked {
            return (timestamp - BOUNDARY_OFFSET) / 1 days;
        }
    }

    /// @notice Protocol day of the current block.
    /// @dev Reverts with `CalendarEnded` after the last day.
    function today() internal view returns (uint256 day) {
        day = dayOf(block.timestamp);
        if (day > LAST_DAY) revert CalendarEnded(day);
    }

    /// @notice First second of protocol day `day`.
    function startOf(uint256 day) internal pure returns (uint256) {
        return day * 1 days + BOUNDARY_OFFSET;
    }
}
