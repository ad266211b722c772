// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Finding, ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {IMedianFeed, Market} from "../interfaces/IMedianFeed.sol";
import {IPriceHistory, PriceAverage} from "../interfaces/IPriceHistory.sol";
import {PriceLimits} from "../prices/PriceLimits.sol";
import {Trigger} from "../types/Emergency.sol";
import {TriggerConditions} from "./TriggerConditions.sol";

/// @title TriggerSources
/// @notice Reads from the chain what the conditions are about.
abstract contract TriggerSources is ICircuitBreaker {
    // Constants

    /// @dev The reporters' hour, with half an hour to be late.
    uint256 public constant MAX_MARKET_AGE = 90 minutes;
    /// @dev What the usual volume is a mean of.
    uint256 public constant MEAN_VOLUME_TIME = 30 days;
    uint256 public constant DEADLOCK_WINDOW = 72 hours;

    // Immutables

    IPriceHistory public immutable HISTORY;
    IFTNSGovernor public immutable GOVERNOR;

    // Storage

    /// @inheritdoc ICircuitBreaker
    IMedianFeed public marketFeed;
    /// @notice When a deadlock was last found (seconds). The next one needs a vote that ended since.
    uint48 public lastDeadlockAt;

    // Constructor

    constructor(IPriceHistory history, IFTNSGovernor governor) {
        if (address(history).code.length == 0) revert NotAContract(address(history));
        if (address(governor).code.length == 0) revert NotAContract(address(governor));
        HISTORY = history;
        GOVERNOR = governor;
    }

    // Views

    /// @inheritdoc ICircuitBreaker
    function find(Trigger kind) public view returns (Finding memory) {
        if (kind == Trigger.GOVERNANCE_DEADLOCK) return _findDeadlock();
        (Market memory market, bool fresh) = _market();
        if (kind == Trigger.PRICE_CRASH) return _findCrash(market, fresh);
        if (kind == Trigger.LIQUIDITY_CRISIS) return _findCrisis(market, fresh);
        return TriggerConditions.networkAttack(market, fresh);
    }

    // Internals

    /// @dev The latest hour that a round has closed, so that one block's price moves nothing, against the same hour of the day
    /// before; and the present answer.
    function _findCrash(Market memory market, bool fresh) private view returns (Finding memory) {
        uint256 hour = HISTORY.latestHour();
        if (hour < 24) return TriggerConditions.priceCrash(_noAverage(), _noAverage(), 0, false, market.confidence);
        uint256[] memory hourIndexes = new uint256[](2);
        (hourIndexes[0], hourIndexes[1]) = (hour, hour - 24);
        PriceAverage[] memory averages = HISTORY.hourAverages(hourIndexes);
        bool known = fresh && HISTORY.lastRecord().knownUntil + MAX_MARKET_AGE >= block.timestamp;
        uint256 answerWad = market.price * PriceLimits.TO_WAD;
        return TriggerConditions.priceCrash(averages[0], averages[1], answerWad, known, market.confidence);
    }

    function _noAverage() private pure returns (PriceAverage memory average) {}

    /// @dev The history is as old as the feed's first round that it took.
    function _findCrisis(Market memory market, bool fresh) private view returns (Finding memory) {
        uint256 startedAt = HISTORY.startedAt();
        bool meanKnown = startedAt != 0 && startedAt + MEAN_VOLUME_TIME <= block.timestamp;
        return TriggerConditions.liquidityCrisis(market, meanKnown, fresh);
    }

    function _findDeadlock() private view returns (Finding memory) {
        uint256 from = block.timestamp - DEADLOCK_WINDOW;
        uint256 since = lastDeadlockAt > from ? lastDeadlockAt : from;
        return TriggerConditions.governanceDeadlock(GOVERNOR.lastVotes(block.timestamp), since);
    }

    /// @dev A feed that is missing, fails or has no round is no market, and not fresh.
    function _market() internal view returns (Market memory market, bool fresh) {
        if (address(marketFeed) == address(0)) return (market, false);
        try marketFeed.latestMarket() returns (Market memory latest) {
            market = latest;
            fresh = latest.observedAt + MAX_MARKET_AGE >= block.timestamp;
        } catch {}
    }

    /// @dev Zero takes the feed away.
    function _setMarketFeed(IMedianFeed feed) internal {
        if (address(feed) != address(0) && address(feed).code.length == 0) revert NotAContract(address(feed));
        marketFeed = feed;
        emit MarketFeedSet(feed);
    }
}
