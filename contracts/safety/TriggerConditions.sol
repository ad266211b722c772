// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LastVotes} from "../interfaces/IFTNSGovernor.sol";
import {Finding} from "../interfaces/ICircuitBreaker.sol";
import {Market} from "../interfaces/IMedianFeed.sol";
import {PriceAverage} from "../interfaces/IPriceHistory.sol";
import {MarketConditions} from "../prices/MarketConditions.sol";

/// @title TriggerConditions
/// @notice The four conditions, as pure functions of what was read. Each compares by cross-multiplying, so that exactly the
/// threshold meets it. What is missing, stale, thin or not sure enough is unknown, and the unknown is never met.
library TriggerConditions {
    uint256 private constant WAD = 1e18;

    uint256 internal constant CRASH_CONFIDENCE = 0.9e18;
    uint256 internal constant LIQUIDITY_CONFIDENCE = 0.8e18;
    uint256 internal constant ATTACK_CONFIDENCE = 0.95e18;

    /// @dev -40 % leaves 60 %.
    uint256 internal constant CRASH_REMAINDER = 0.6e18;
    uint256 internal constant DEADLOCK_ATTENDANCE = 0.05e18;
    uint256 internal constant DEADLOCK_VOTES = 3;

    /// @param answerWad the feed's present answer (USD, 18 decimals): what has recovered is no crash
    /// @dev Prices of 18 decimals stay below 2^94, so that nothing overflows.
    function priceCrash(
        PriceAverage memory latest,
        PriceAverage memory dayBefore,
        uint256 answerWad,
        bool fresh,
        uint256 confidence
    ) internal pure returns (Finding memory finding) {
        finding.confidence = confidence;
        if (!latest.usable || !dayBefore.usable || dayBefore.averageWad == 0) return finding;
        finding.measured = latest.averageWad * WAD / dayBefore.averageWad;
        finding.known = fresh && confidence >= CRASH_CONFIDENCE;
        uint256 limit = dayBefore.averageWad * CRASH_REMAINDER;
        finding.met = finding.known && latest.averageWad * WAD <= limit && answerWad * WAD <= limit;
    }

    /// @param meanKnown the feed is old enough for a mean of 30 days
    function liquidityCrisis(Market memory market, bool meanKnown, bool fresh)
        internal
        pure
        returns (Finding memory finding)
    {
        finding.confidence = market.confidence;
        if (market.meanVolume6h == 0) return finding;
        finding.measured = market.volume6h * WAD / market.meanVolume6h;
        finding.known = fresh && meanKnown && market.confidence >= LIQUIDITY_CONFIDENCE;
        finding.met = finding.known && MarketConditions.isIlliquid(market.volume6h, market.meanVolume6h)
            && _isMajority(market.illiquid, market);
    }

    function networkAttack(Market memory market, bool fresh) internal pure returns (Finding memory finding) {
        finding.confidence = market.confidence;
        if (market.txTotal == 0) return finding;
        finding.measured = market.txFailed * WAD / market.txTotal;
        finding.known = fresh && market.confidence >= ATTACK_CONFIDENCE;
        finding.met = finding.known && MarketConditions.isAttacked(market.txTotal, market.txFailed, market.sendersDay)
            && _isMajority(market.attacked, market);
    }

    /// @param last the last three votes that ended
    /// @param since 72 hours ago, or when a deadlock was last found, if that is later (seconds): one of them must have ended since
    /// @dev A fact of the chain: certain, where every vote was looked at. Where votes pass nothing is locked; and since a proposal that
    /// passes gets its deposit back, four percent could otherwise stage a deadlock for nothing, as often as they like.
    function governanceDeadlock(LastVotes memory last, uint256 since) internal pure returns (Finding memory finding) {
        finding.confidence = WAD;
        finding.measured = last.highestShare;
        finding.known = last.complete && last.count == DEADLOCK_VOTES && last.latestEnd >= since;
        finding.met =
            finding.known && last.differentProposers && !last.passed && last.highestShare < DEADLOCK_ATTENDANCE;
    }

    /// @dev More than half of those who were registered, whoever was left out: neither a minority nor whoever picks the reports
    /// to carry invents an emergency.
    function _isMajority(uint256 reports, Market memory market) private pure returns (bool) {
        return 2 * reports > market.registered;
    }
}
