// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Action} from "../types/Emergency.sol";

/// @title MotionWord
/// @notice The latest motion about each action, four in one slot: for Action a, from bit 64 a on,
///
///     bits  0..23  number of the motion; 0 = there was none
///     bits 24..63  a time (seconds)
library MotionWord {
    uint256 private constant NUMBER_MASK = (1 << 24) - 1;
    uint256 private constant TIME_SHIFT = 24;
    uint256 private constant TIME_MASK = (1 << 40) - 1;
    uint256 private constant ENTRY_BITS = 64;
    uint256 private constant ENTRY_MASK = (1 << ENTRY_BITS) - 1;

    function last(uint256 word, Action action) internal pure returns (uint256 motion, uint256 time) {
        uint256 entry = word >> (uint256(action) * ENTRY_BITS);
        return (entry & NUMBER_MASK, (entry >> TIME_SHIFT) & TIME_MASK);
    }

    /// @dev The caller gives a motion below 2^24 and a time below 2^40.
    function with(uint256 word, Action action, uint256 motion, uint256 time) internal pure returns (uint256) {
        uint256 shift = uint256(action) * ENTRY_BITS;
        return (word & ~(ENTRY_MASK << shift)) | ((motion | (time << TIME_SHIFT)) << shift);
    }
}
