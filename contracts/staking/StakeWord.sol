// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title StakeWord
/// @notice All that a stake needs, in one word, so that a first stake writes one slot here:
///
///     | hasUnpaid 1 | standing 128 | settledAt 36 | staked 90 |
///
///   staked      [wei]      the supply cap of 2^89.7 fits
///   settledAt   [second]   yield is written down through this; lasts until the year 4147
///   standing    [8 days]   see Standing; zero without a stake
///   hasUnpaid   [flag]     yield was written down and waits; saves reading its slot when there is none
library StakeWord {
    uint256 internal constant STAKED_MASK = (1 << 90) - 1;
    uint256 private constant SETTLED_SHIFT = 90;
    uint256 private constant SETTLED_MASK = (1 << 36) - 1;
    uint256 private constant STANDING_SHIFT = 126;
    uint256 private constant STANDING_MASK = (1 << 128) - 1;
    uint256 internal constant UNPAID_FLAG = 1 << 254;

    function stakedOf(uint256 word) internal pure returns (uint256) {
        return word & STAKED_MASK;
    }

    function settledAtOf(uint256 word) internal pure returns (uint256) {
        return (word >> SETTLED_SHIFT) & SETTLED_MASK;
    }

    function standingOf(uint256 word) internal pure returns (uint256) {
        return (word >> STANDING_SHIFT) & STANDING_MASK;
    }

    function hasUnpaid(uint256 word) internal pure returns (bool) {
        return word & UNPAID_FLAG != 0;
    }

    function withSettledAt(uint256 word, uint256 time) internal pure returns (uint256) {
        return (word & ~(SETTLED_MASK << SETTLED_SHIFT)) | (time << SETTLED_SHIFT);
    }

    function withStanding(uint256 word, uint256 standing) internal pure returns (uint256) {
        return (word & ~(STANDING_MASK << STANDING_SHIFT)) | (standing << STANDING_SHIFT);
    }

    function withUnpaid(uint256 word, bool unpaid) internal pure returns (uint256) {
        return unpaid ? word | UNPAID_FLAG : word & ~UNPAID_FLAG;
    }

    /// @notice `word` with `staked` in place of its stake. An empty stake keeps nothing but the flag.
    function withStaked(uint256 word, uint256 staked) internal pure returns (uint256) {
        return staked == 0 ? word & UNPAID_FLAG : (word & ~STAKED_MASK) | staked;
    }
}
