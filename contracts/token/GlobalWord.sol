// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title GlobalWord
/// @notice The one slot that every transfer reads besides the two accounts.
///
///   255           144 143           138 137             106 105        90 89             0
///  +-----------------+-----------------+-------------------+------------+----------------+
///  |      rates      | unverified w.   |  restrictedUntil  | historyDay |  settledFees   |
///  +-----------------+-----------------+-------------------+------------+----------------+
///
///  rates            16 x 7 bits [bp a month], tier * 4 + band, after modifier and cap
///  unverifiedWeight [%]      share of a transfer with a non-contributor that counts as activity
///  restrictedUntil  [s]      transfers are halted before this time
///  historyDay       [day]    last day that `rates` do not govern; 0 from the start
///  settledFees      [wei]    settled fees of the reward pool, on top of its own slot; 2^90 exceeds the supply cap
library GlobalWord {
    uint256 internal constant FEES_MASK = (1 << 90) - 1;
    uint256 internal constant HISTORY_SHIFT = 90;
    uint256 internal constant HISTORY_FIELD = 0xffff << HISTORY_SHIFT;
    uint256 internal constant RESTRICTED_SHIFT = 106;
    uint256 internal constant RESTRICTED_MASK = 0xffffffff;
    uint256 internal constant RESTRICTED_FIELD = RESTRICTED_MASK << RESTRICTED_SHIFT;
    uint256 internal constant WEIGHT_SHIFT = 138;
    uint256 internal constant WEIGHT_MASK = 0x3f;
    uint256 internal constant WEIGHT_FIELD = WEIGHT_MASK << WEIGHT_SHIFT;
    uint256 internal constant RATES_SHIFT = 144;

    function settledFees(uint256 word) internal pure returns (uint256) {
        return word & FEES_MASK;
    }

    function historyDay(uint256 word) internal pure returns (uint256) {
        return (word >> HISTORY_SHIFT) & 0xffff;
    }

    function restrictedUntil(uint256 word) internal pure returns (uint256) {
        return (word >> RESTRICTED_SHIFT) & RESTRICTED_MASK;
    }

    function unverifiedPercent(uint256 word) internal pure returns (uint256) {
        return (word >> WEIGHT_SHIFT) & WEIGHT_MASK;
    }

    function rates(uint256 word) internal pure returns (uint256) {
        return word >> RATES_SHIFT;
    }
}
