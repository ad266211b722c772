// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ProtocolTime
/// @notice The protocol's calendar: a day starts at 02:00 UTC, so that daily work happens when few people are awake.
/// @dev Day numbers count from the Unix epoch and fit 16 bits until the year 2149.
library ProtocolTime {
    /// @dev Offset of the day boundary from midnight UTC.
    uint256 internal constant BOUNDARY_OFFSET = 2 hours;

    /// @notice Protocol day that holds `timestamp` (seconds, at least two hours after the epoch).
    function dayOf(uint256 timestamp) internal pure returns (uint256) {
        unchecked {
            return (timestamp - BOUNDARY_OFFSET) / 1 days;
        }
    }

    /// @notice Protocol day of the current block.
    function today() internal view returns (uint256) {
        return dayOf(block.timestamp);
    }

    /// @notice First second of protocol day `day`.
    function startOf(uint256 day) internal pure returns (uint256) {
        return day * 1 days + BOUNDARY_OFFSET;
    }
}
