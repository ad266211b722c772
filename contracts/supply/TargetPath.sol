// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @title TargetPath
/// @notice The growth of price that is aimed at, `T(d) = 2 % + 48 % * e^(-0.003 d)` a year on day `d` since launch, and the path
/// that it adds up to, `A(d) = (0.02 d + 160 (1 - e^(-0.003 d))) / 365` in logarithms.
library TargetPath {
    uint256 internal constant FLOOR = 0.02e18; // a year
    uint256 internal constant RANGE = 0.48e18; // a year, on top of the floor on day 0
    int256 internal constant DECAY_PER_DAY = 0.003e18;
    uint256 internal constant MAX_DAYS = type(uint16).max;

    uint256 private constant WAD = 1e18;
    /// @dev RANGE / DECAY_PER_DAY
    uint256 private constant RANGE_DAYS = 160;
    uint256 private constant YEAR_DAYS = 365;

    /// @notice `T(d)` (WAD, a year), rounded down. `d` is at most MAX_DAYS.
    function rate(uint256 daysSinceLaunch) internal pure returns (uint256) {
        return FLOOR + RANGE * _decayed(daysSinceLaunch) / WAD;
    }

    /// @notice `A(d)` (WAD), rounded down. `d` is at most MAX_DAYS.
    function logGrowth(uint256 daysSinceLaunch) internal pure returns (uint256) {
        return (FLOOR * daysSinceLaunch + RANGE_DAYS * (WAD - _decayed(daysSinceLaunch))) / YEAR_DAYS;
    }

    /// @dev `e^(-0.003 d)`, between 0 and 1 (WAD).
    function _decayed(uint256 daysSinceLaunch) private pure returns (uint256) {
        // Bounded by MAX_DAYS, so the cast keeps its value; an exponential is never negative.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint256(FixedPointMathLib.expWad(-DECAY_PER_DAY * int256(daysSinceLaunch)));
    }
}
