// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IRoundTaker
/// @notice What the median feed hands its rounds to: the price history.
interface IRoundTaker {
    /// @notice Takes a round of the feed, in the round's own transaction. Only the feed may call it.
    /// @param since time of the round that it follows (seconds); zero for the first
    /// @param observedAt the round's own time (seconds), later than `since`
    /// @param meanPrice of the time from `since` to `observedAt` (USD, 8 decimals); zero: unknown
    /// @param replaces it stands in place of the last round, which followed the same one
    /// @return lastHourWad average of the latest hour that the round before had closed (USD, 18 decimals); zero where it isn't
    /// usable
    function takeRound(uint256 since, uint256 observedAt, uint256 meanPrice, bool replaces)
        external
        returns (uint256 lastHourWad);

    /// @notice How long a price may stand.
    /// @return seconds
    function heartbeat() external view returns (uint256);
}
