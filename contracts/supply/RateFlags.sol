// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title RateFlags
/// @notice Which rates follow `M`, one bit each.
///
///     10     9         8        7         6          5       4               3            2      1         0
///   | burn | staking | context | TEACHING | RESEARCH | MODEL | DOCUMENTATION | GOVERNANCE | DATA | COMPUTE | STORAGE |
///
///  0 to 7   rewards, in the order of ContributionKind
///  context  what the use of the network's AI costs
///  staking  the scale of staking yields. For information: the terms of the vault name the source of `M` that they follow
///  burn     the share of use that is burned
library RateFlags {
    uint256 internal constant RATES = 11;
    uint256 internal constant ALL = (1 << RATES) - 1;
    /// @dev Rewards push against what drives `M`. A dearer context or a higher yield would lower the supply for sale just when
    /// `M` means to raise it.
    uint256 internal constant AT_LAUNCH = 0xff;

    function follows(uint256 flags, uint256 rate) internal pure returns (bool) {
        return (flags >> rate) & 1 != 0;
    }
}
