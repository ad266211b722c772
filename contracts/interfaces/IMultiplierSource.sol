// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where the supply multiplier `M` is read from.
interface IMultiplierSource {
    /// @notice The supply multiplier `M` (WAD, 1e18 = 1.0) that scales every reward.
    /// @dev Warning: it changes at most once a day, and at once when an emergency vote resets it. For yields over time use
    /// IMultiplierHistory.
    /// @return WAD
    function multiplier() external view returns (uint256);
}
