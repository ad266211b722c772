// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title StakeWord
/// @notice All that a stake needs, in one word, so that a first stake writes one slot here:
///
///     | free 5 | hasDelegate 1 | silent 1 | hasUnpaid 1 | cover 60 | standing 62 | settledAt 36 | staked 90 |
///
///   staked      [wei]        the supply cap of 2^89.7 fits
///   settledAt   [second]     yield is written down through this; lasts until the year 4147
///   standing    [days left]  see Standing; zero without a stake
///   cover       [2^30 wei]   so much of the stake earns by the standing; zero without a stake; saturates above the supply cap
///   hasUnpaid   [flag]       yield was written down and waits; saves reading its slot when there is none
///   silent      [flag]       earns and never votes
///   hasDelegate [flag]       chose a delegate once; saves reading whom when it never did
library StakeWord {
    uint256 internal constant STAKED_MASK = (1 << 90) - 1;
    uint256 internal constant UNPAID_FLAG = 1 << 248;
    uint256 internal constant SILENT_FLAG = 1 << 249;
    uint256 internal constant DELEGATE_FLAG = 1 << 250;
    uint256 private constant SETTLED_SHIFT = 90;
    uint256 private constant SETTLED_MASK = (1 << 36) - 1;
    uint256 private constant STANDING_SHIFT = 126;
    uint256 private constant STANDING_MASK = (1 << 62) - 1;
    uint256 private constant COVER_SHIFT = 188;
    uint256 private constant COVER_MASK = (1 << 60) - 1;
    uint256 private constant COVER_UNIT_BITS = 30;
    uint256 private constant FLAGS = UNPAID_FLAG | SILENT_FLAG | DELEGATE_FLAG;

    function stakedOf(uint256 word) internal pure returns (uint256) {
        return word & STAKED_MASK;
    }

    function settledAtOf(uint256 word) internal pure returns (uint256) {
        return (word >> SETTLED_SHIFT) & SETTLED_MASK;
    }

    function standingOf(uint256 word) internal pure returns (uint256) {
        return (word >> STANDING_SHIFT) & STANDING_MASK;
    }

    /// @notice Cover in wei, a whole number of 2^30.
    function coverOf(uint256 word) internal pure returns (uint256) {
        return ((word >> COVER_SHIFT) & COVER_MASK) << COVER_UNIT_BITS;
    }

    function hasUnpaid(uint256 word) internal pure returns (bool) {
        return word & UNPAID_FLAG != 0;
    }

    function isSilent(uint256 word) internal pure returns (bool) {
        return word & SILENT_FLAG != 0;
    }

    function hasDelegate(uint256 word) internal pure returns (bool) {
        return word & DELEGATE_FLAG != 0;
    }

    function withSettledAt(uint256 word, uint256 time) internal pure returns (uint256) {
        return (word & ~(SETTLED_MASK << SETTLED_SHIFT)) | (time << SETTLED_SHIFT);
    }

    /// @notice `word` with `standing`, and with `cover` (wei) rounded down to 2^30 wei, about 1e-9 FTNS (the pool gains).
    function withStanding(uint256 word, uint256 standing, uint256 cover) internal pure returns (uint256) {
        uint256 units = cover >> COVER_UNIT_BITS;
        if (units > COVER_MASK) units = COVER_MASK;
        return (word & ~((STANDING_MASK << STANDING_SHIFT) | (COVER_MASK << COVER_SHIFT)))
            | (standing << STANDING_SHIFT) | (units << COVER_SHIFT);
    }

    function withUnpaid(uint256 word, bool unpaid) internal pure returns (uint256) {
        return unpaid ? word | UNPAID_FLAG : word & ~UNPAID_FLAG;
    }

    function withSilent(uint256 word, bool silent) internal pure returns (uint256) {
        return silent ? word | SILENT_FLAG : word & ~SILENT_FLAG;
    }

    /// @notice `word` with `staked` in place of its stake. An empty stake keeps nothing but the flags.
    function withStaked(uint256 word, uint256 staked) internal pure returns (uint256) {
        return staked == 0 ? word & FLAGS : (word & ~STAKED_MASK) | staked;
    }
}
