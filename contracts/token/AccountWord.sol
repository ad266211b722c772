// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Tier} from "../types/Tier.sol";

/// @title AccountWord
/// @notice The one storage slot of an account.
///
///   255      240 239      224 223      208 207       192 191      176 175        96 95          0
///  +------------+------------+------------+-------------+------------+------------+-------------+
///  | settledDay | graceUntil | powerThr.  | activeThr.  | basicThr.  |  activity  |   balance   |
///  +------------+------------+------------+-------------+------------+------------+-------------+
///
///  balance       [wei]       as of settledDay; the supply cap of 2^89.7 fits 96 bits
///  activity      [2^20 wei]  `V` as of settledDay; saturates at 2^80 - 1
///  ...Through    [day]       last day of "at least this tier"; 0 = never; RECOGNISED in basicThrough
///  graceUntil    [day]       first day charged after grace; 0 = none; or POOLED or EXEMPT
///  settledDay    [day]       last day whose boundary is accounted for
///
/// @dev The balance is lowest so that amounts can be added without masking, the settled day highest so that it compares
/// after one shift.
library AccountWord {
    uint256 internal constant BALANCE_MASK = (1 << 96) - 1;
    uint256 internal constant ACTIVITY_SHIFT = 96;
    uint256 internal constant ACTIVITY_MASK = (1 << 80) - 1;
    uint256 internal constant BASIC_SHIFT = 176;
    uint256 internal constant ACTIVE_SHIFT = 192;
    uint256 internal constant POWER_SHIFT = 208;
    uint256 internal constant GRACE_SHIFT = 224;
    uint256 internal constant SETTLED_SHIFT = 240;
    uint256 internal constant DAY_MASK = 0xffff;
    uint256 internal constant ACTIVITY_FIELD = ACTIVITY_MASK << ACTIVITY_SHIFT;
    uint256 internal constant SCHEDULE_FIELD = ((1 << 48) - 1) << BASIC_SHIFT;
    uint256 internal constant GRACE_FIELD = DAY_MASK << GRACE_SHIFT;

    /// @dev Activity is kept in units of 2^20 wei, about 1e-12 FTNS.
    uint256 internal constant ACTIVITY_UNIT_BITS = 20;

    /// @dev In graceUntil: never charged.
    uint256 internal constant EXEMPT = 0xffff;
    /// @dev In graceUntil: charged, but earns no activity and no tier.
    uint256 internal constant POOLED = 0xfffe;
    /// @dev In basicThrough: counts as an active counterparty for ever.
    uint256 internal constant RECOGNISED = 0xffff;

    function balance(uint256 word) internal pure returns (uint256) {
        return word & BALANCE_MASK;
    }

    function activity(uint256 word) internal pure returns (uint256) {
        return (word >> ACTIVITY_SHIFT) & ACTIVITY_MASK;
    }

    function basicThrough(uint256 word) internal pure returns (uint256) {
        return (word >> BASIC_SHIFT) & DAY_MASK;
    }

    function activeThrough(uint256 word) internal pure returns (uint256) {
        return (word >> ACTIVE_SHIFT) & DAY_MASK;
    }

    function powerThrough(uint256 word) internal pure returns (uint256) {
        return (word >> POWER_SHIFT) & DAY_MASK;
    }

    function graceUntil(uint256 word) internal pure returns (uint256) {
        return (word >> GRACE_SHIFT) & DAY_MASK;
    }

    function settledDay(uint256 word) internal pure returns (uint256) {
        return word >> SETTLED_SHIFT;
    }

    /// @notice Tier on `day` (0 NONE to 3 POWER) by the schedule in `word`.
    function tierOn(uint256 word, uint256 day) internal pure returns (uint256) {
        if (day > basicThrough(word)) return uint256(Tier.NONE);
        if (day > activeThrough(word)) return uint256(Tier.BASIC);
        return day > powerThrough(word) ? uint256(Tier.ACTIVE) : uint256(Tier.POWER);
    }

    /// @notice Adds `units` of activity (at most 2^80), saturating.
    function credit(uint256 word, uint256 units) internal pure returns (uint256 credited) {
        unchecked {
            credited = word + (units << ACTIVITY_SHIFT);
            // An overflow shows as a carry into the field above.
            if ((credited ^ word) >> BASIC_SHIFT != 0) credited = word | ACTIVITY_FIELD;
        }
    }

    /// @notice A pooled account keeps no activity.
    function withoutPooledActivity(uint256 word) internal pure returns (uint256) {
        return word & GRACE_FIELD == POOLED << GRACE_SHIFT ? word & ~ACTIVITY_FIELD : word;
    }
}
