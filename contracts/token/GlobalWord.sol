// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title GlobalWord
/// @notice The one slot that every transfer reads besides the two accounts.
///
///   255             218 217             106 105        90 89             0
///  +-------------------+-------------------+------------+----------------+
///  |  restrictedUntil  |       rates       | historyDay |  settledFees   |
///  +-------------------+-------------------+------------+----------------+
///
///  restrictedUntil  [s]      before this time transfers are halted or recovery mode limits them (see RestrictedLedger)
///  rates            16 x 7 bits [bp a month], tier * 4 + band, after modifier and cap
///  historyDay       [day]    last day that `rates` do not govern; 0 from the start
///  settledFees      [wei]    settled fees of the reward pool, on top of its own slot; 2^90 exceeds the supply cap
///
/// @dev Times have 38 bits, so that they outlast the calendar; 32 would end in 2106.
library GlobalWord {
    uint256 internal constant FEES_MASK = (1 << 90) - 1;
    uint256 internal constant HISTORY_SHIFT = 90;
    uint256 internal constant HISTORY_MASK = 0xffff;
    uint256 internal constant RATES_SHIFT = 106;
    uint256 internal constant RATES_MASK = (1 << 112) - 1;
    uint256 internal constant RESTRICTED_SHIFT = 218;

    function settledFees(uint256 word) internal pure returns (uint256) {
        return word & FEES_MASK;
    }

    function historyDay(uint256 word) internal pure returns (uint256) {
        return (word >> HISTORY_SHIFT) & HISTORY_MASK;
    }

    function rates(uint256 word) internal pure returns (uint256) {
        return (word >> RATES_SHIFT) & RATES_MASK;
    }

    function restrictedUntil(uint256 word) internal pure returns (uint256) {
        return word >> RESTRICTED_SHIFT;
    }

    function withHistoryDay(uint256 word, uint256 day) internal pure returns (uint256) {
        return (word & ~(HISTORY_MASK << HISTORY_SHIFT)) | (day << HISTORY_SHIFT);
    }

    function withRestrictedUntil(uint256 word, uint256 until) internal pure returns (uint256) {
        return (word & ((1 << RESTRICTED_SHIFT) - 1)) | (until << RESTRICTED_SHIFT);
    }

    function withRates(uint256 word, uint256 table) internal pure returns (uint256) {
        return (word & ~(RATES_MASK << RATES_SHIFT)) | (table << RATES_SHIFT);
    }
}
