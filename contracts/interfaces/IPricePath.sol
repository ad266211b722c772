// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IPricePath
/// @notice Where the price should be on each day since the launch. PathPolicy tells it.
interface IPricePath {
    /// @notice The path's price on day `daysSinceLaunch` (USD, 18 decimals, rounded down); zero until its start is known.
    /// @param daysSinceLaunch at most 65,535
    /// @return USD, 18 decimals
    function pathPrice(uint256 daysSinceLaunch) external view returns (uint256);

    /// @notice Protocol day 0 of the path.
    /// @return protocol day; never changes
    function LAUNCH_DAY() external view returns (uint256);
}
