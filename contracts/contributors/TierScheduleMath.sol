// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContributionWindow, WINDOW_DAYS} from "./ContributionWindow.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @title TierScheduleMath
/// @notice From the proofs of 30 days to the last day of each tier.
/// @dev "At least this tier" holds on day `d` when the proofs of days `d - 29` to `d` reach its score and mean quality. If
/// nothing more comes, the window of day `today + k` holds the buckets of ages 0 to `29 - k`. So one walk from the newest
/// bucket to the oldest, adding up, meets every future window once, the farthest future first.
library TierScheduleMath {
    using ContributionWindow for ContributionWindow.Totals;

    /// @dev Value of `heldFrom` when the tier does not hold today.
    uint256 internal constant NOT_HELD = WINDOW_DAYS;
    /// @dev Thousandths in one.
    uint256 internal constant ONE = 1000;

    /// @notice What the tiers ask for, in the units of the buckets. Index 0 is BASIC, 2 is POWER.
    struct Thresholds {
        uint256[3] score; // 1e-6 FTNS
        uint256[3] quality; // thousandths
        uint256 diversityStep; // thousandths
        uint256 maxExtraKinds;
    }

    /// @notice What the window supports.
    struct Standing {
        ContributionWindow.Totals totals;
        /// By tier, BASIC first: the smallest age `a` such that the tier holds in the windows of all ages from `a` to 29, so
        /// the tier holds through day `today + 29 - a`. NOT_HELD when it does not hold today.
        uint256[3] heldFrom;
        /// The highest tier that holds today.
        Tier tier;
    }

    /// @notice `thresholds` in one word: score 32 bits and quality 16 bits for each tier, BASIC lowest, then the step of the
    /// bonus in 16 bits and its limit in 8. Everything must fit.
    function pack(Thresholds memory thresholds) internal pure returns (uint256 word) {
        word = (thresholds.maxExtraKinds << 160) | (thresholds.diversityStep << 144);
        for (uint256 i; i < 3; ++i) {
            word |= (thresholds.score[i] | (thresholds.quality[i] << 32)) << (i * 48);
        }
    }

    /// @notice The reverse of `pack`.
    function unpack(uint256 word) internal pure returns (Thresholds memory thresholds) {
        for (uint256 i; i < 3; ++i) {
            thresholds.score[i] = uint32(word);
            thresholds.quality[i] = uint16(word >> 32);
            word >>= 48;
        }
        thresholds.diversityStep = uint16(word);
        thresholds.maxExtraKinds = word >> 16;
    }

    /// @notice Reads `buckets` (newest first; those set in `occupied`) against `thresholds`.
    function standing(
        uint256[WINDOW_DAYS] memory buckets,
        uint256 occupied,
        Thresholds memory thresholds
    )
        internal
        pure
        returns (Standing memory result)
    {
        uint256 reached; // the highest tier of the windows walked last
        result.heldFrom = [NOT_HELD, NOT_HELD, NOT_HELD];
        for (uint256 age; age < WINDOW_DAYS; ++age) {
            if ((occupied >> age) & 1 == 0) continue; // the same sums as one age before
            result.totals.accumulate(buckets[age]);
            uint256 tier = tierOf(result.totals, thresholds);
            for (; reached < tier; ++reached) {
                result.heldFrom[reached] = age;
            }
            for (; reached > tier; --reached) {
                result.heldFrom[reached - 1] = NOT_HELD;
            }
        }
        result.tier = Tier(reached);
    }

    /// @notice The highest tier whose thresholds `totals` reach, exact thresholds included: both sides are whole numbers.
    function tierOf(ContributionWindow.Totals memory totals, Thresholds memory thresholds)
        internal
        pure
        returns (uint256 tier)
    {
        unchecked {
            // At most 30 * 2^32 * 8000 and 127 * 30 * 1000.
            uint256 score = totals.weighted * diversity(totals.kinds, thresholds);
            while (tier < 3) {
                if (score < thresholds.score[tier] * ONE) break;
                if (totals.quality < thresholds.quality[tier] * totals.proofs) break;
                ++tier;
            }
        }
    }

    /// @notice Diversity bonus in thousandths: `1000 + step * min(kinds - 1, maxExtraKinds)`; 1000 for no kind at all.
    function diversity(uint256 kinds, Thresholds memory thresholds) internal pure returns (uint256) {
        unchecked {
            uint256 extra;
            // Each round clears the lowest kind and leaves out the last: at most 7 of 8.
            while (kinds & (kinds - 1) != 0 && extra < thresholds.maxExtraKinds) {
                kinds &= kinds - 1;
                ++extra;
            }
            return ONE + thresholds.diversityStep * extra;
        }
    }

    /// @notice The schedule that follows from `old` and today's standing.
    ///
    /// A tier that holds today lasts until its proofs no longer carry it, and `graceDays` more. A tier that does not hold
    /// today ends at most `graceDays` after yesterday, and never later than promised: the disconnection grace once running is
    /// not lengthened, a lapsed tier stays lapsed, and one that never held gets no grace.
    ///
    /// @dev The result is nested (basic >= active >= power) when `old` is. Holding is nested, because thresholds are, so for
    /// a lower tier L and a higher tier H there are three cases. Both hold: H's first failing window is not after L's. L
    /// holds and H does not: L lasts through `today + graceDays` or later, H at most through `today - 1 + graceDays` or, if it
    /// had lapsed, before today. Neither holds: `shortened` is non-decreasing in the old day, and both used it.
    function next(TierSchedule memory old, Standing memory standing_, uint256 today, uint256 graceDays)
        internal
        pure
        returns (TierSchedule memory)
    {
        return TierSchedule({
            basicThrough: _through(old.basicThrough, standing_.heldFrom[0], today, graceDays),
            activeThrough: _through(old.activeThrough, standing_.heldFrom[1], today, graceDays),
            powerThrough: _through(old.powerThrough, standing_.heldFrom[2], today, graceDays)
        });
    }

    /// @notice Tier on `day` by `schedule`.
    function tierOn(TierSchedule memory schedule, uint256 day) internal pure returns (Tier) {
        if (day <= schedule.powerThrough) return Tier.POWER;
        if (day <= schedule.activeThrough) return Tier.ACTIVE;
        if (day <= schedule.basicThrough) return Tier.BASIC;
        return Tier.NONE;
    }

    function equal(TierSchedule memory a, TierSchedule memory b) internal pure returns (bool) {
        return a.basicThrough == b.basicThrough && a.activeThrough == b.activeThrough && a.powerThrough == b.powerThrough;
    }

    /// @dev Days fit 16 bits until the year 2149.
    function _through(uint256 old, uint256 heldFrom, uint256 today, uint256 graceDays) private pure returns (uint16) {
        unchecked {
            if (heldFrom != NOT_HELD) return uint16(today + WINDOW_DAYS - 1 - heldFrom + graceDays);
            return uint16(_shortened(old, today, graceDays));
        }
    }

    /// @dev Non-decreasing in `old`: days before today stay, the others become at least `today - 1`.
    function _shortened(uint256 old, uint256 today, uint256 graceDays) private pure returns (uint256) {
        unchecked {
            uint256 latest = today - 1 + graceDays;
            return old >= today && old > latest ? latest : old;
        }
    }
}
