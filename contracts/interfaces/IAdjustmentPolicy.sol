// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The only input of a policy. Prices are daily averages (USD, 18 decimals).
struct MarketWindow {
    /// Protocol day of the adjustment.
    uint256 day;
    uint256 daysSinceLaunch;
    /// Supply multiplier `M` before the adjustment (WAD).
    uint256 multiplier;
    /// Average of the day 30 days before the latest complete day.
    uint256 averageMonthBefore;
    /// Averages of the 8 latest complete days, oldest first.
    uint256[8] dailyAverages;
}

/// @notice What a policy decides for a window. All WAD.
struct Decision {
    /// Target price growth, a year.
    uint256 target;
    /// Measured price growth, a year.
    int256 velocity;
    /// Standard deviation of daily returns, a year.
    uint256 volatility;
    /// Share of the step that is taken.
    uint256 damping;
    /// The factor before damping and limits; 1 for no step.
    uint256 baseFactor;
    /// What `M` is to be multiplied by.
    uint256 factor;
}

/// @title IAdjustmentPolicy
/// @notice A rule that turns a market window into a factor. It depends on the window alone and changes nothing; the
/// controller limits its result.
interface IAdjustmentPolicy {
    /// @notice The factor for `window`, with the numbers that led to it. Reverts on a window it cannot judge.
    /// @dev Warning: the caller must bound gas and result. A policy is replaced by governance and may be wrong.
    /// @param window the recorded prices and the state of `M` (units: see MarketWindow)
    /// @return the factor and the numbers behind it, all WAD
    function decide(MarketWindow calldata window) external view returns (Decision memory);
}
