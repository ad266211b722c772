// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice All that a policy may look at. Prices are daily averages (USD, 18 decimals).
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

/// @notice What a policy makes of a window. All WAD.
struct Decision {
    /// Price growth aimed at, a year.
    uint256 target;
    /// Price growth measured, a year.
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
/// @notice A rule that turns a market window into a factor. It sees nothing but the window and changes nothing; the
/// controller limits what comes out of it.
interface IAdjustmentPolicy {
    /// @notice The factor for `window`, with the numbers that led to it. Reverts on a window it cannot judge.
    function decide(MarketWindow calldata window) external view returns (Decision memory);
}
