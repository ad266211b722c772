// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TierSchedule} from "../types/Tier.sol";

/// @title Standing
/// @notice How long a staker's tiers and commitments hold, in 62 bits:
///
///     | day 16 | power 7 | active 7 | basic 7 | community 5 | data curation 5 | governance 5 | compute 5 | storage 5 |
///
///   day        [day]         the day on which it was written down; nothing is asked about days before it
///   the others [days left]   0 = does not hold; 1 = holds on `day` itself and no longer; and so on
///
/// A commitment lasts through the 30th day, counted from the day of the latest proof of its kinds, so it has at most 30 days
/// left. Tiers end at most 120 days ahead (the token refuses more); what does not fit is cut, and the pool gains.
library Standing {
    uint256 private constant COMMITMENTS = 5;
    uint256 private constant COMMITMENT_BITS = 5;
    uint256 private constant COMMITMENT_MASK = (1 << COMMITMENT_BITS) - 1;
    uint256 private constant COMMITMENT_DAYS = 30;
    uint256 private constant TIER_BITS = 7;
    uint256 private constant TIER_MASK = (1 << TIER_BITS) - 1;
    uint256 private constant BASIC_SHIFT = COMMITMENTS * COMMITMENT_BITS;
    uint256 private constant ACTIVE_SHIFT = BASIC_SHIFT + TIER_BITS;
    uint256 private constant POWER_SHIFT = ACTIVE_SHIFT + TIER_BITS;
    uint256 private constant DAY_SHIFT = POWER_SHIFT + TIER_BITS;
    uint256 private constant DAY_BITS = 16;
    uint256 private constant DAY_MASK = 0xffff;
    /// @dev More days than any calendar here has.
    uint256 private constant FOR_EVER = 1 << DAY_BITS;

    /// @notice The standing of day `today`; zero where nothing holds.
    /// @param commitmentDays day of the latest proof for each commitment, 16 bits each, STORAGE lowest; 0 = never
    function pack(TierSchedule memory schedule, uint256 commitmentDays, uint256 today)
        internal
        pure
        returns (uint256 standing)
    {
        unchecked {
            standing = _daysLeft(schedule.basicThrough, today, TIER_MASK) << BASIC_SHIFT;
            standing |= _daysLeft(schedule.activeThrough, today, TIER_MASK) << ACTIVE_SHIFT;
            standing |= _daysLeft(schedule.powerThrough, today, TIER_MASK) << POWER_SHIFT;
            for (uint256 shift; shift < BASIC_SHIFT && commitmentDays != 0; shift += COMMITMENT_BITS) {
                uint256 last = commitmentDays & DAY_MASK;
                commitmentDays >>= DAY_BITS;
                if (last != 0) standing |= _daysLeft(last + COMMITMENT_DAYS - 1, today, COMMITMENT_MASK) << shift;
            }
            if (standing != 0) standing |= today << DAY_SHIFT;
        }
    }

    /// @notice Tier (0 to 3) and number of commitments on `day`, and the first later day on which either differs (a day
    /// beyond the calendar when none does).
    function on(uint256 standing, uint256 day)
        internal
        pure
        returns (uint256 tier, uint256 commitments, uint256 changesOn)
    {
        unchecked {
            uint256 since = standing >> DAY_SHIFT;
            uint256 elapsed = day - since;
            uint256 endsAfter = FOR_EVER;
            uint256 fields = standing & ((1 << DAY_SHIFT) - 1);
            for (uint256 field; fields != 0; ++field) {
                uint256 left;
                if (field < COMMITMENTS) (left, fields) = (fields & COMMITMENT_MASK, fields >> COMMITMENT_BITS);
                else (left, fields) = (fields & TIER_MASK, fields >> TIER_BITS);
                if (left <= elapsed) continue;
                if (left < endsAfter) endsAfter = left;
                if (field < COMMITMENTS) ++commitments;
                else ++tier;
            }
            changesOn = since + endsAfter;
        }
    }

    /// @notice Last day of each tier that holds on `today`; 0 for the others.
    function scheduleOf(uint256 standing, uint256 today) internal pure returns (TierSchedule memory) {
        return TierSchedule(
            _through(standing, BASIC_SHIFT, TIER_MASK, today),
            _through(standing, ACTIVE_SHIFT, TIER_MASK, today),
            _through(standing, POWER_SHIFT, TIER_MASK, today)
        );
    }

    /// @notice Last day of each commitment that holds on `today`; 0 for the others.
    function commitmentsOf(uint256 standing, uint256 today) internal pure returns (uint16[5] memory through) {
        for (uint256 i; i < COMMITMENTS; ++i) {
            through[i] = _through(standing, COMMITMENT_BITS * i, COMMITMENT_MASK, today);
        }
    }

    function _daysLeft(uint256 through, uint256 today, uint256 most) private pure returns (uint256 left) {
        unchecked {
            if (through < today) return 0;
            left = through - today + 1;
            if (left > most) left = most;
        }
    }

    function _through(uint256 standing, uint256 shift, uint256 mask, uint256 today) private pure returns (uint16) {
        uint256 left = (standing >> shift) & mask;
        uint256 firstWithout = (standing >> DAY_SHIFT) + left;
        return firstWithout > today && left != 0 ? uint16(firstWithout - 1) : 0;
    }
}
