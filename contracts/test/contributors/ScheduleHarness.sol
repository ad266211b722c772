// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContributionWindow, WINDOW_DAYS} from "../../contributors/ContributionWindow.sol";
import {TierScheduleMath} from "../../contributors/TierScheduleMath.sol";
import {TierSchedule} from "../../types/Tier.sol";

/// @notice Opens the libraries of the registry to tests.
contract ScheduleHarness {
    function standing(uint256[WINDOW_DAYS] calldata buckets, uint256 thresholds)
        external
        pure
        returns (TierScheduleMath.TierSupport memory)
    {
        uint256 occupied;
        for (uint256 age; age < WINDOW_DAYS; ++age) {
            if (buckets[age] != 0) occupied |= 1 << age;
        }
        return TierScheduleMath.tierSupport(buckets, occupied, thresholds);
    }

    function next(TierSchedule calldata old, uint256[3] calldata heldFrom, uint256 today, uint256 graceDays)
        external
        pure
        returns (TierSchedule memory)
    {
        TierScheduleMath.TierSupport memory support;
        support.heldFrom = heldFrom;
        return TierScheduleMath.next(old, support, today, graceDays);
    }

    function thresholdsOf(
        uint256[3] calldata score,
        uint256[3] calldata quality,
        uint256 diversityStep,
        uint256 maxExtraKinds
    ) external pure returns (uint256 word) {
        for (uint256 tier = 1; tier <= 3; ++tier) {
            word = TierScheduleMath.withTier(word, tier, score[tier - 1], quality[tier - 1]);
        }
        return TierScheduleMath.withDiversity(word, diversityStep, maxExtraKinds);
    }

    function withProof(uint256 bucket, uint256 kind, uint256 valueWei, uint256 qualityWad, bool countsKind)
        external
        pure
        returns (uint256)
    {
        return ContributionWindow.withProof(bucket, kind, valueWei, qualityWad, countsKind);
    }

    function kindsOf(ContributionWindow.Totals calldata totals) external pure returns (uint256) {
        return ContributionWindow.kindsOf(totals);
    }
}
