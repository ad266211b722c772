// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where the past of the supply multiplier `M` is read from.
interface IMultiplierHistory {
    /// @notice The period ends before it begins.
    error PeriodReversed(uint256 from, uint256 to);
    /// @notice The future of `M` is not known.
    error FutureTime(uint256 timestamp, uint256 time);

    /// @notice What `min(M, ceiling)` adds up to over the seconds from `from` to `to` (not in the future), in two parts, so
    /// that what depends on the ceiling can be worked out without a rounding.
    /// @return integral sum over the seconds in which `M <= ceiling` of `M` (WAD seconds), exact
    /// @return secondsAbove seconds in which `M > ceiling`
    function multiplierIntegral(uint256 from, uint256 to, uint256 ceiling)
        external
        view
        returns (uint256 integral, uint256 secondsAbove);
}
