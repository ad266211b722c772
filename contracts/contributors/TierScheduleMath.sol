// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContributionWindow, WINDOW_DAYS} from "./ContributionWindow.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @title TierScheduleMath
/// @notice From the proofs of 30 days to the last day of each tier.
/// @dev "At least this tier" holds on day `d` when the proofs of days `d - 29` to `d` reach its score and its mean quality,
/// weighted by value. If
/// nothing more comes, the window of day `today + k` holds the buckets of ages 0 to `29 - k`. So one walk from the newest
/// bucket to the oldest, adding up, meets every future window once, the farthest future first.
library TierScheduleMath {
    using ContributionWindow for ContributionWindow.Totals;

    /// @dev Value of `heldFrom` when the tier does not hold today.
    uint256 internal constant NOT_HELD = WINDOW_DAYS;
    /// @dev Thousandths in one.
    uint256 internal constant ONE = 1000;
    uint256 private constant TIERS = 3;
    /// @dev One step of a tier's score in wei.
    uint256 internal constant SCORE_UNIT = 1e12;
    /// @dev The same in steps of `weighted` times thousandths of bonus.
    uint256 private constant SCORE_SCALE = SCORE_UNIT * ONE / ContributionWindow.WEIGHTED_UNIT;

    // Bits of `thresholds`, see below
    uint256 private constant TIER_BITS = 48;
    uint256 private constant QUALITY_SHIFT = 32;
    uint256 private constant DIVERSITY_STEP_SHIFT = 144;
    uint256 private constant EXTRA_KINDS_SHIFT = 160;

    /// @notice What the window supports.
    struct TierSupport {
        ContributionWindow.Totals totals;
        /// By tier, BASIC first: the smallest age `a` such that the tier holds in the windows of all ages from `a` to 29, so
        /// the tier holds through day `today + 29 - a`. NOT_HELD when it does not hold today.
        uint256[3] heldFrom;
        /// The highest tier that holds today.
        Tier tier;
    }

    // Thresholds: what the tiers ask for, in the units of the buckets and in one word, so that a walk over 30 days carries
    // them on the stack. From the low bits up:
    //
    //     | BASIC: score 32, quality 16 | ACTIVE: 48 | POWER: 48 | diversityStep 16 | maxExtraKinds 8 |
    //
    // Scores in 1e-6 FTNS, mean qualities and the bonus for each further kind in thousandths.

    /// @notice `thresholds` with those of tier number `tier` (1 is BASIC) added. They must fit.
    function withTier(uint256 thresholds, uint256 tier, uint256 score, uint256 quality)
        internal
        pure
        returns (uint256)
    {
        return thresholds | ((score | (quality << QUALITY_SHIFT)) << (TIER_BITS * (tier - 1)));
    }

    /// @notice `thresholds` with the diversity bonus added. It must fit.
    function withDiversity(uint256 thresholds, uint256 step, uint256 limit) internal pure returns (uint256) {
        return thresholds | (step << DIVERSITY_STEP_SHIFT) | (limit << EXTRA_KINDS_SHIFT);
    }

    /// @notice Score that tier number `tier` asks for (1e-6 FTNS).
    function minScore(uint256 thresholds, uint256 tier) internal pure returns (uint256) {
        unchecked {
            return uint32(thresholds >> (TIER_BITS * (tier - 1)));
        }
    }

    /// @notice Mean quality that tier number `tier` asks for (thousandths).
    function minQuality(uint256 thresholds, uint256 tier) internal pure returns (uint256) {
        unchecked {
            return uint16(thresholds >> (QUALITY_SHIFT + TIER_BITS * (tier - 1)));
        }
    }

    /// @notice Bonus for each kind after the first (thousandths).
    function diversityStep(uint256 thresholds) internal pure returns (uint256) {
        return uint16(thresholds >> DIVERSITY_STEP_SHIFT);
    }

    /// @notice Kinds after the first that earn the bonus.
    function maxExtraKinds(uint256 thresholds) internal pure returns (uint256) {
        return thresholds >> EXTRA_KINDS_SHIFT;
    }

    /// @notice Diversity bonus in thousandths: `1000 + step * min(kinds - 1, maxExtraKinds)`; 1000 for no kind at all.
    function diversity(uint256 kinds, uint256 thresholds) internal pure returns (uint256) {
        unchecked {
            uint256 extra;
            uint256 limit = maxExtraKinds(thresholds);
            // Each round clears the lowest kind and leaves out the last: at most 7 of 8.
            while (kinds & (kinds - 1) != 0 && extra < limit) {
                kinds &= kinds - 1;
                ++extra;
            }
            return ONE + diversityStep(thresholds) * extra;
        }
    }

    // Windows

    /// @notice Reads `buckets`, newest first, against `thresholds`: those whose bit is set in `occupied`, as without proofs the
    /// sums are the same as one age before.
    function tierSupport(uint256[WINDOW_DAYS] memory buckets, uint256 occupied, uint256 thresholds)
        internal
        pure
        returns (TierSupport memory result)
    {
        unchecked {
            ContributionWindow.Totals memory totals = result.totals;
            uint256 bonus = ONE;
            uint256 reached; // the highest tier of the windows walked last
            result.heldFrom = [NOT_HELD, NOT_HELD, NOT_HELD];
            for (uint256 age; occupied >> age != 0; ++age) {
                if ((occupied >> age) & 1 == 0) continue;
                if (totals.accumulate(buckets[age])) bonus = diversity(totals.kinds, thresholds);
                uint256 score = totals.weighted * bonus;
                // Tiers are nested, so from the last one it goes up, or down, or nowhere.
                while (reached < TIERS && _holds(score, totals, thresholds, reached + 1)) {
                    result.heldFrom[reached++] = age;
                }
                while (reached != 0 && !_holds(score, totals, thresholds, reached)) {
                    result.heldFrom[--reached] = NOT_HELD;
                }
            }
            result.tier = Tier(reached);
        }
    }

    /// @dev Whether a score (in 1e-11 FTNS) and the mean quality of `totals`, weighted by value, reach tier number `tier`, exact
    /// thresholds included: both sides are whole numbers, the largest of them 30 * 2^50 * 8000. Without value there is no score.
    function _holds(uint256 score, ContributionWindow.Totals memory totals, uint256 thresholds, uint256 tier)
        private
        pure
        returns (bool)
    {
        unchecked {
            thresholds >>= TIER_BITS * (tier - 1);
            return score >= uint32(thresholds) * SCORE_SCALE
                && totals.weighted >= uint16(thresholds >> QUALITY_SHIFT) * totals.value;
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
    /// had lapsed, before today. Neither holds: `_shortened` is non-decreasing in the old day, and both used it.
    function next(TierSchedule memory old, TierSupport memory support, uint256 today, uint256 graceDays)
        internal
        pure
        returns (TierSchedule memory)
    {
        return TierSchedule({
            basicThrough: _through(old.basicThrough, support.heldFrom[0], today, graceDays),
            activeThrough: _through(old.activeThrough, support.heldFrom[1], today, graceDays),
            powerThrough: _through(old.powerThrough, support.heldFrom[2], today, graceDays)
        });
    }

    /// @notice Tier on `day` by `schedule`.
    function tierOn(TierSchedule memory schedule, uint256 day) internal pure returns (Tier) {
        if (day <= schedule.powerThrough) return Tier.POWER;
        if (day <= schedule.activeThrough) return Tier.ACTIVE;
        if (day <= schedule.basicThrough) return Tier.BASIC;
        return Tier.NONE;
    }

    /// @dev Days fit 16 bits: `today` is at most 65,000, and the longest grace 60.
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
