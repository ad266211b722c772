// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContributionKind} from "../types/ContributionKind.sol";
import {TierSchedule} from "../types/Tier.sol";

/// @title Standing
/// @notice The last days on which a staker's tiers and commitments hold, in one word of eight 16-bit days, lowest first:
///
///     | basic | active | power | storage | compute | governance | data curation | community |
///
/// A commitment lasts through the 30th day, counted from the day of the latest proof of its kinds.
library Standing {
    uint256 internal constant BITS = 128;
    uint256 private constant DAY_BITS = 16;
    uint256 private constant DAY_MASK = 0xffff;
    uint256 private constant TIERS = 3;
    uint256 private constant ACTIVE_SHIFT = 16;
    uint256 private constant POWER_SHIFT = 32;
    uint256 private constant STORAGE_SHIFT = 48;
    uint256 private constant COMPUTE_SHIFT = 64;
    uint256 private constant GOVERNANCE_SHIFT = 80;
    uint256 private constant CURATION_SHIFT = 96;
    uint256 private constant COMMUNITY_SHIFT = 112;
    uint256 private constant COMMITMENT_DAYS = 30;

    /// @param lastDays day of the latest proof of each kind, 16 bits each, STORAGE lowest; 0 = never
    function pack(TierSchedule memory schedule, uint256 lastDays) internal pure returns (uint256 standing) {
        standing = uint256(schedule.basicThrough) | (uint256(schedule.activeThrough) << ACTIVE_SHIFT)
            | (uint256(schedule.powerThrough) << POWER_SHIFT);
        standing |= _through(_last(lastDays, ContributionKind.STORAGE)) << STORAGE_SHIFT;
        standing |= _through(_last(lastDays, ContributionKind.COMPUTE)) << COMPUTE_SHIFT;
        standing |= _through(_last(lastDays, ContributionKind.GOVERNANCE)) << GOVERNANCE_SHIFT;
        uint256 curated = _later(_last(lastDays, ContributionKind.DATA), _last(lastDays, ContributionKind.MODEL));
        standing |= _through(curated) << CURATION_SHIFT;
        uint256 community =
            _later(_last(lastDays, ContributionKind.DOCUMENTATION), _last(lastDays, ContributionKind.RESEARCH));
        standing |= _through(_later(community, _last(lastDays, ContributionKind.TEACHING))) << COMMUNITY_SHIFT;
    }

    /// @notice Tier (0 to 3) and number of commitments on `day`, and the first later day on which either differs (a day
    /// beyond 16 bits when none does).
    function on(uint256 standing, uint256 day)
        internal
        pure
        returns (uint256 tier, uint256 commitments, uint256 changesOn)
    {
        unchecked {
            uint256 endsOn = DAY_MASK; // the first day that is somebody's last
            // At most eight rounds; fields above the last one ever held cost nothing.
            for (uint256 field; standing != 0; ++field) {
                uint256 through = standing & DAY_MASK;
                standing >>= DAY_BITS;
                if (through < day) continue;
                if (through < endsOn) endsOn = through;
                if (field < TIERS) ++tier;
                else ++commitments;
            }
            changesOn = endsOn + 1;
        }
    }

    function scheduleOf(uint256 standing) internal pure returns (TierSchedule memory) {
        return TierSchedule(uint16(standing), uint16(standing >> ACTIVE_SHIFT), uint16(standing >> POWER_SHIFT));
    }

    function commitmentsOf(uint256 standing) internal pure returns (uint16[5] memory through) {
        for (uint256 i; i < 5; ++i) {
            through[i] = uint16(standing >> ((TIERS + i) * DAY_BITS));
        }
    }

    function _last(uint256 lastDays, ContributionKind kind) private pure returns (uint256) {
        return (lastDays >> (uint256(kind) * DAY_BITS)) & DAY_MASK;
    }

    function _later(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }

    /// @dev Days fit 16 bits until the year 2149.
    function _through(uint256 last) private pure returns (uint256) {
        return last == 0 ? 0 : (last + COMMITMENT_DAYS - 1) & DAY_MASK;
    }
}
