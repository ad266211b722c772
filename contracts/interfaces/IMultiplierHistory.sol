// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where the past of the supply multiplier `M` is read from.
interface IMultiplierHistory {
    /// @notice The period ends before it begins.
    /// @param from seconds, as `to`
    error PeriodReversed(uint256 from, uint256 to);
    /// @notice The future of `M` is not known.
    /// @param time the block's (seconds)
    error FutureTime(uint256 timestamp, uint256 time);

    /// @notice What `min(M, ceiling)` adds up to over the seconds from `from` to `to` (not in the future), in two parts, so
    /// that what depends on the ceiling can be worked out without a rounding.
    /// @dev Reverts with `PeriodReversed` or `FutureTime`. Warning: below the highest `M` it walks back over every change
    /// of `M` in the period. Ask for a long period in parts.
    /// @param from seconds, included
    /// @param to seconds, not included
    /// @param ceiling WAD
    /// @return integral sum over the seconds in which `M <= ceiling` of `M` (WAD seconds), exact
    /// @return secondsAbove seconds in which `M > ceiling`
    function multiplierIntegral(uint256 from, uint256 to, uint256 ceiling)
        external
        view
        returns (uint256 integral, uint256 secondsAbove);
}
