// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Decision, IAdjustmentPolicy, MarketWindow} from "../interfaces/IAdjustmentPolicy.sol";
import {TargetPath} from "./TargetPath.sol";

/// @title RoadmapPolicy
/// @notice The roadmap's rule: steer price growth towards `T(d) = 2 % + 48 % * e^(-0.003 d)` a year.
///
/// With `P` the average of the latest complete day, `P30` that of the day 30 days before it, and `r` the 7 latest daily
/// returns:
///
///     velocity    R = (P - P30) / P30 * 365 / 30
///     volatility  s = standard deviation of r (population) * sqrt(365)
///     damping     m = max(0.5, 1 - 2 s)
///     base        b = 1.4 if R/T > 1.5, 1.2 if > 1.2, 0.7 if < 0.5, 0.85 if < 0.8, else 1 (strict comparisons)
///     factor        = 1 + (b - 1) m, within [0.9, 1.1]
///
/// The bands compare by cross-multiplied integers, so a price exactly on a threshold falls in the inner band. All other
/// roundings are towards doing less: the factor moves towards 1.
contract RoadmapPolicy is IAdjustmentPolicy {
    /// @notice The launch lies further back than the curve is defined for.
    error DaysOutOfBounds(uint256 daysSinceLaunch, uint256 max);
    /// @notice Average number `index` of the 8 (or 8 itself: that of the month before) is out of bounds.
    error AverageOutOfBounds(uint256 index, uint256 average, uint256 min, uint256 max);

    // Constants

    uint256 private constant WAD = 1e18;

    uint256 public constant TARGET_FLOOR = TargetPath.FLOOR; // a year
    uint256 public constant TARGET_RANGE = TargetPath.RANGE; // a year, on top of the floor on day 0
    int256 public constant DECAY_PER_DAY = TargetPath.DECAY_PER_DAY;
    uint256 public constant MAX_DAYS = TargetPath.MAX_DAYS;

    uint256 public constant MIN_FACTOR = 0.9e18;
    uint256 public constant MAX_FACTOR = 1.1e18;
    uint256 public constant MIN_DAMPING = 0.5e18;

    /// @dev Bounds of a daily average (USD, 18 decimals): the smallest and largest price a feed may give.
    uint256 public constant MIN_AVERAGE = 1e10;
    uint256 public constant MAX_AVERAGE = 1e28;

    uint256 private constant RETURNS = 7;
    uint256 private constant MONTH_DAYS = 30;
    uint256 private constant YEAR_DAYS = 365;

    // Views

    /// @inheritdoc IAdjustmentPolicy
    function decide(MarketWindow calldata window) external pure returns (Decision memory decision) {
        unchecked {
            for (uint256 i = 0; i <= RETURNS; ++i) {
                _requireSane(i, window.dailyAverages[i]);
            }
        }
        _requireSane(RETURNS + 1, window.averageMonthBefore);

        decision.target = targetRate(window.daysSinceLaunch);
        // The averages are bounded above: casts keep their values, and products stay below 2^163 here and in `_baseFactor`.
        unchecked {
            int256 base = int256(window.averageMonthBefore);
            int256 growth = int256(window.dailyAverages[RETURNS]) - base;
            decision.velocity = growth * int256(WAD * YEAR_DAYS) / (base * int256(MONTH_DAYS)); // towards zero
            decision.volatility = _volatility(window.dailyAverages);
            decision.damping = _damping(decision.volatility);
            decision.baseFactor = _baseFactor(growth, base, int256(decision.target));
            decision.factor = _damped(decision.baseFactor, decision.damping);
        }
    }

    /// @notice Price growth aimed at on day `daysSinceLaunch` (WAD, a year), rounded down.
    function targetRate(uint256 daysSinceLaunch) public pure returns (uint256) {
        if (daysSinceLaunch > MAX_DAYS) revert DaysOutOfBounds(daysSinceLaunch, MAX_DAYS);
        return TargetPath.rate(daysSinceLaunch);
    }

    // Internals

    function _requireSane(uint256 index, uint256 average) private pure {
        if (average < MIN_AVERAGE || average > MAX_AVERAGE) {
            revert AverageOutOfBounds(index, average, MIN_AVERAGE, MAX_AVERAGE);
        }
    }

    /// @dev With n = 7 returns the population variance is (n * sum(r^2) - sum(r)^2) / n^2. The sums are exact integers, so
    /// 8 equal prices give exactly 0. The year's 365 goes in before the one division: nothing is lost before the root.
    /// Unchecked: a return is at most 1e36 in size, and 365 * 7 * 7 of its square take 254 bits.
    function _volatility(uint256[8] calldata averages) private pure returns (uint256) {
        unchecked {
            int256 sum;
            uint256 sumOfSquares;
            for (uint256 i = 0; i < RETURNS; ++i) {
                int256 before = int256(averages[i]);
                int256 r = (int256(averages[i + 1]) - before) * int256(WAD) / before; // towards zero
                sum += r;
                sumOfSquares += uint256(r * r);
            }
            uint256 spread = RETURNS * sumOfSquares - uint256(sum * sum); // not negative (Cauchy-Schwarz)
            return FixedPointMathLib.sqrt(YEAR_DAYS * spread / (RETURNS * RETURNS));
        }
    }

    function _damping(uint256 volatility) private pure returns (uint256) {
        return 2 * volatility >= WAD - MIN_DAMPING ? MIN_DAMPING : WAD - 2 * volatility;
    }

    /// @dev `R / T > p / q` is `growth * 365 * 1e18 * q > p * T * 30 * base`.
    function _baseFactor(int256 growth, int256 base, int256 target) private pure returns (uint256) {
        unchecked {
            int256 velocity = growth * int256(YEAR_DAYS * WAD);
            int256 onTarget = target * int256(MONTH_DAYS) * base;

            if (2 * velocity > 3 * onTarget) return 1.4e18;
            if (5 * velocity > 6 * onTarget) return 1.2e18;
            if (2 * velocity < onTarget) return 0.7e18;
            if (5 * velocity < 4 * onTarget) return 0.85e18;
            return WAD;
        }
    }

    /// @dev The damped step is rounded down, so the factor moves towards 1.
    function _damped(uint256 baseFactor, uint256 damping) private pure returns (uint256) {
        return baseFactor >= WAD
            ? FixedPointMathLib.min(WAD + (baseFactor - WAD) * damping / WAD, MAX_FACTOR)
            : FixedPointMathLib.max(WAD - (WAD - baseFactor) * damping / WAD, MIN_FACTOR);
    }
}
