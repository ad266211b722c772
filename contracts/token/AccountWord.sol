// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @title AccountWord
/// @notice The one storage slot of an account.
///
///   255      240 239      224 223      208 207       192 191      176 175      116 115       90 89         0
///  +------------+------------+------------+-------------+------------+------------+------------+-----------+
///  | settledDay | graceUntil | powerThr.  | activeThr.  | basicThr.  |  activity  |  capacity  |  balance  |
///  +------------+------------+------------+-------------+------------+------------+------------+-----------+
///
///  balance       [wei]       as of settledDay; 2^90 exceeds the supply cap
///  capacity      [2^54 wei]  what the account may still lend to others' activity (see Vouching); time does not change it
///  activity      [2^30 wei]  `V` as of settledDay; saturates at 2^60 - 1, which exceeds the supply cap
///  ...Through    [day]       last day of "at least this tier"; 0 = never; RECOGNISED in basicThrough
///  graceUntil    [day]       first day after grace; 0 = none; or POOLED or EXEMPT
///  settledDay    [day]       last day whose boundary is accounted for
///
/// @dev The balance is lowest so that amounts can be added without masking, the settled day highest so that it compares
/// after one shift.
library AccountWord {
    uint256 internal constant BALANCE_MASK = (1 << 90) - 1;
    uint256 internal constant CAPACITY_SHIFT = 90;
    uint256 internal constant CAPACITY_MASK = (1 << 26) - 1;
    uint256 internal constant ACTIVITY_SHIFT = 116;
    uint256 internal constant ACTIVITY_MASK = (1 << 60) - 1;
    uint256 internal constant BASIC_SHIFT = 176;
    uint256 internal constant ACTIVE_SHIFT = 192;
    uint256 internal constant POWER_SHIFT = 208;
    uint256 internal constant GRACE_SHIFT = 224;
    uint256 internal constant SETTLED_SHIFT = 240;
    uint256 internal constant DAY_MASK = 0xffff;
    uint256 internal constant CAPACITY_FIELD = CAPACITY_MASK << CAPACITY_SHIFT;
    uint256 internal constant ACTIVITY_FIELD = ACTIVITY_MASK << ACTIVITY_SHIFT;
    uint256 internal constant SCHEDULE_FIELD = ((1 << 48) - 1) << BASIC_SHIFT;
    uint256 internal constant GRACE_FIELD = DAY_MASK << GRACE_SHIFT;

    /// @dev Activity is kept in units of 2^30 wei, about 1e-9 FTNS.
    uint256 internal constant ACTIVITY_UNIT_BITS = 30;
    /// @dev Capacity is kept, filled and lent in units of 2^54 wei, about 0.018 FTNS.
    uint256 internal constant CAPACITY_UNIT_BITS = 54;

    /// @dev In graceUntil: never charged.
    uint256 internal constant EXEMPT = 0xffff;
    /// @dev In graceUntil: charged, but earns no activity and no tier.
    uint256 internal constant POOLED = 0xfffe;
    /// @dev In basicThrough: counts as an active counterparty for ever.
    uint256 internal constant RECOGNISED = 0xffff;

    function balance(uint256 word) internal pure returns (uint256) {
        return word & BALANCE_MASK;
    }

    function capacity(uint256 word) internal pure returns (uint256) {
        return (word >> CAPACITY_SHIFT) & CAPACITY_MASK;
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

    function withSchedule(uint256 word, TierSchedule calldata schedule) internal pure returns (uint256) {
        return (word & ~SCHEDULE_FIELD) | (uint256(schedule.basicThrough) << BASIC_SHIFT)
            | (uint256(schedule.activeThrough) << ACTIVE_SHIFT) | (uint256(schedule.powerThrough) << POWER_SHIFT);
    }

    /// @notice Adds `added` wei to the capacity, which does not exceed `limit` wei afterwards. Both are rounded down to whole
    /// units (the pool gains), and count as the most that the field holds when they are more.
    function withCapacity(uint256 word, uint256 added, uint256 limit) internal pure returns (uint256) {
        unchecked {
            uint256 units = capacity(word) + FixedPointMathLib.min(added >> CAPACITY_UNIT_BITS, CAPACITY_MASK);
            uint256 most = FixedPointMathLib.min(limit >> CAPACITY_UNIT_BITS, CAPACITY_MASK);
            return (word & ~CAPACITY_FIELD) | (FixedPointMathLib.min(units, most) << CAPACITY_SHIFT);
        }
    }

    /// @notice Adds `units` of activity (less than 2^255), saturating.
    function credit(uint256 word, uint256 units) internal pure returns (uint256) {
        unchecked {
            units = FixedPointMathLib.min(activity(word) + units, ACTIVITY_MASK);
            return (word & ~ACTIVITY_FIELD) | (units << ACTIVITY_SHIFT);
        }
    }
}
