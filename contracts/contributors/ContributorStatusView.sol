// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {ContributionRecords} from "./ContributionRecords.sol";
import {ContributionWindow} from "./ContributionWindow.sol";
import {RecordHeader} from "./RecordHeader.sol";
import {TierScheduleMath} from "./TierScheduleMath.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {ContributorStatus} from "../types/ContributionOutcome.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @title ContributorStatusView
/// @notice Tells people and services where an account stands. Nothing else in the registry uses it.
abstract contract ContributorStatusView is ContributionRecords {
    using ContributionWindow for ContributionWindow.Totals;
    using TierScheduleMath for TierSchedule;
    using TierScheduleMath for uint256;

    // Views

    /// @inheritdoc IContributorRegistry
    function statusOf(address account) external view returns (ContributorStatus memory status) {
        RecordHeader.Header memory header = _headerOf(account);
        uint256 today = ProtocolTime.today();
        uint256 thresholds = _thresholds;
        TierScheduleMath.TierSupport memory support = _tierSupport(account, header, today);
        status.schedule = header.schedule;
        status.refreshed = status.schedule.next(support, today, proofRules().disconnectionGraceDays);
        status.tier = status.schedule.tierOn(today);
        status.supportedTier = support.tier;
        (status.score, status.averageQuality) = _scoreOf(support.totals, thresholds);
        status.weightedValue = support.totals.weighted * ContributionWindow.WEIGHTED_UNIT;
        status.diversityBonus =
            TierScheduleMath.diversity(support.totals.kinds, thresholds) * ContributionWindow.QUALITY_UNIT;
        status.kinds = support.totals.kindsOf();
        status.proofs = support.totals.proofs;
        status.totalProofs = header.proofs;
        status.lastDay = header.lastDay;

        uint256 next = Math.min(uint256(support.tier) + 1, uint256(Tier.POWER));
        status.nextTier = Tier(next);
        uint256 minScore = thresholds.minScore(next) * TierScheduleMath.SCORE_UNIT;
        uint256 minQuality = thresholds.minQuality(next) * ContributionWindow.QUALITY_UNIT;
        status.missingScore = Math.saturatingSub(minScore, status.score);
        status.missingQuality = Math.saturatingSub(minQuality, status.averageQuality);
    }
}
