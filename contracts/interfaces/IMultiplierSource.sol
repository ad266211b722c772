// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where the supply multiplier `M` is read from.
interface IMultiplierSource {
    /// @param rate not below `count`
    error UnknownRate(uint256 rate, uint256 count);

    /// @notice The supply multiplier `M` (WAD, 1e18 = 1.0) that scales every reward.
    /// @dev Warning: it changes at most once a day, and at once when an emergency vote resets it. For yields over time use
    /// IMultiplierHistory.
    /// @return WAD
    function multiplier() external view returns (uint256);

    /// @notice `M` where the rate follows it, and 1 where it does not.
    /// @dev Reverts with `UnknownRate`. Warning: it also changes at once when governance says that a rate follows or no more.
    /// @param rate 0 to 7: rewards by ContributionKind; 8: context cost; 9: scale of staking yields (for information: the vault's
    /// terms decide); 10: burn
    /// @return WAD
    function multiplierFor(uint8 rate) external view returns (uint256);
}
