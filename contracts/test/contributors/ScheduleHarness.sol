// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContributionWindow, WINDOW_DAYS} from "../../contributors/ContributionWindow.sol";
import {TierScheduleMath} from "../../contributors/TierScheduleMath.sol";
import {TierSchedule} from "../../types/Tier.sol";

/// @notice Opens the libraries of the registry to tests.
contract ScheduleHarness {
    function standing(
        uint256[WINDOW_DAYS] calldata buckets,
        uint256 occupied,
        TierScheduleMath.Thresholds calldata thresholds
    )
        external
        pure
        returns (TierScheduleMath.Standing memory)
    {
        return TierScheduleMath.standing(buckets, occupied, thresholds);
    }

    function next(TierSchedule calldata old, uint256[3] calldata heldFrom, uint256 today, uint256 graceDays)
        external
        pure
        returns (TierSchedule memory)
    {
        TierScheduleMath.Standing memory standing_;
        standing_.heldFrom = heldFrom;
        return TierScheduleMath.next(old, standing_, today, graceDays);
    }

    function repack(TierScheduleMath.Thresholds calldata thresholds)
        external
        pure
        returns (TierScheduleMath.Thresholds memory)
    {
        return TierScheduleMath.unpack(TierScheduleMath.pack(thresholds));
    }

    function withProof(uint256 bucket, uint256 kind, uint256 weightedWei, uint256 qualityWad)
        external
        pure
        returns (uint256)
    {
        return ContributionWindow.withProof(bucket, kind, weightedWei, qualityWad);
    }
}
