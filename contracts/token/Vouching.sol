// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountWord} from "./AccountWord.sol";

/// @title Vouching
/// @notice What a transfer of `x` between two different accounts counts as activity, for each side by what the other side
/// can vouch for:
///
///  1. nothing, if the other is below BASIC today and not recognised, or if this side is pooled or exempt;
///  2. `x`, if the other is recognised, or if this side is recognised and the other is BASIC or higher; uses up nothing;
///  3. else `l = min(x, the other's capacity)` in whole units of 2^54 wei, rounded down (the pool gains): this side's
///     activity grows by `l`, the other's capacity shrinks by it.
///
/// Only proofs fill a capacity, so all activity that contributors ever lend is bounded by what they ever proved, to the unit,
/// and whoever splits a payment never gains: floor(x) + floor(y) <= floor(x + y). What one side lends and what it is lent
/// are different fields, so neither direction of a transfer depends on the other.
///
/// `lendInPlace` is for two accounts of which neither is `unusual`, `exchange` for any: both give the same words.
library Vouching {
    /// @dev From wei to whole units in the place of the capacity.
    uint256 private constant WEI_TO_CAPACITY = AccountWord.CAPACITY_SHIFT - AccountWord.CAPACITY_UNIT_BITS;
    /// @dev From the place of the capacity to that of the activity, whose units are 2^24 times smaller.
    uint256 private constant CAPACITY_TO_ACTIVITY = AccountWord.ACTIVITY_SHIFT - AccountWord.CAPACITY_SHIFT
        + AccountWord.CAPACITY_UNIT_BITS - AccountWord.ACTIVITY_UNIT_BITS;

    /// @dev The highest bits of graceUntil, basicThrough and activity. The first is set in the word of a pooled or exempt
    /// account, the second in that of a recognised one (both also by days from 2059 on), the third where the activity is so
    /// large that a loan, at most 2^50 units, might saturate it.
    uint256 internal constant UNUSUAL = (1 << (AccountWord.GRACE_SHIFT + 15)) | (1 << (AccountWord.BASIC_SHIFT + 15))
        | (1 << (AccountWord.ACTIVITY_SHIFT + 59));

    /// @notice Both words after a transfer of `value` from the one to the other, neither of which is unusual. Most transfers
    /// come here. Balances don't move.
    /// @param value at most 2^90, or the caller reverts
    function lendInPlace(uint256 wordFrom, uint256 wordTo, uint256 value, uint256 today)
        internal
        pure
        returns (uint256 sender, uint256 receiver)
    {
        unchecked {
            uint256 asked = (value << WEI_TO_CAPACITY) & ~AccountWord.BALANCE_MASK;
            uint256 lentByTo;
            uint256 lentByFrom;
            if ((wordTo >> AccountWord.BASIC_SHIFT) & AccountWord.DAY_MASK >= today) {
                lentByTo = wordTo & AccountWord.CAPACITY_FIELD;
                if (asked < lentByTo) lentByTo = asked;
            }
            if ((wordFrom >> AccountWord.BASIC_SHIFT) & AccountWord.DAY_MASK >= today) {
                lentByFrom = wordFrom & AccountWord.CAPACITY_FIELD;
                if (asked < lentByFrom) lentByFrom = asked;
            }
            sender = wordFrom + (lentByTo << CAPACITY_TO_ACTIVITY) - lentByFrom;
            receiver = wordTo + (lentByFrom << CAPACITY_TO_ACTIVITY) - lentByTo;
        }
    }

    /// @notice Both words after a transfer of `value` from the one to the other, whatever they are; balances don't move.
    /// @param value at most 2^90
    function exchange(uint256 wordFrom, uint256 wordTo, uint256 value, uint256 today)
        internal
        pure
        returns (uint256 sender, uint256 receiver)
    {
        unchecked {
            (uint256 earnedByFrom, uint256 lentByTo) = count(wordFrom, wordTo, value, today);
            (uint256 earnedByTo, uint256 lentByFrom) = count(wordTo, wordFrom, value, today);
            sender = AccountWord.credit(wordFrom, earnedByFrom) - (lentByFrom << AccountWord.CAPACITY_SHIFT);
            receiver = AccountWord.credit(wordTo, earnedByTo) - (lentByTo << AccountWord.CAPACITY_SHIFT);
        }
    }

    /// @notice Whether an account's own activity can grow at all.
    function earnsActivity(uint256 word) internal pure returns (bool) {
        return AccountWord.graceUntil(word) < AccountWord.POOLED;
    }

    /// @dev What a transfer of `value` counts for the account of `word`.
    /// @return earned activity [2^30 wei]
    /// @return lent what the other's capacity shrinks by [2^54 wei]
    function count(uint256 word, uint256 other, uint256 value, uint256 today)
        private
        pure
        returns (uint256 earned, uint256 lent)
    {
        uint256 otherBasic = AccountWord.basicThrough(other);
        if (otherBasic < today || !earnsActivity(word)) return (0, 0);
        if (otherBasic == AccountWord.RECOGNISED || AccountWord.basicThrough(word) == AccountWord.RECOGNISED) {
            return (value >> AccountWord.ACTIVITY_UNIT_BITS, 0);
        }
        lent = value >> AccountWord.CAPACITY_UNIT_BITS;
        uint256 capacity = AccountWord.capacity(other);
        if (lent > capacity) lent = capacity;
        earned = lent << (AccountWord.CAPACITY_UNIT_BITS - AccountWord.ACTIVITY_UNIT_BITS);
    }
}
