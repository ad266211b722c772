// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Finding} from "../../interfaces/ICircuitBreaker.sol";
import {LastVotes} from "../../interfaces/IFTNSGovernor.sol";
import {Market} from "../../interfaces/IMedianFeed.sol";
import {PriceAverage} from "../../interfaces/IPriceHistory.sol";
import {TriggerConditions} from "../../safety/TriggerConditions.sol";

contract ConditionsHarness {
    function priceCrash(
        PriceAverage memory latest,
        PriceAverage memory dayBefore,
        uint256 answerWad,
        bool fresh,
        uint256 confidence
    ) external pure returns (Finding memory) {
        return TriggerConditions.priceCrash(latest, dayBefore, answerWad, fresh, confidence);
    }

    function liquidityCrisis(Market memory market, bool meanKnown, bool fresh) external pure returns (Finding memory) {
        return TriggerConditions.liquidityCrisis(market, meanKnown, fresh);
    }

    function networkAttack(Market memory market, bool fresh) external pure returns (Finding memory) {
        return TriggerConditions.networkAttack(market, fresh);
    }

    function governanceDeadlock(LastVotes memory last, uint256 since) external pure returns (Finding memory) {
        return TriggerConditions.governanceDeadlock(last, since);
    }
}
