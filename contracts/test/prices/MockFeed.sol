// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IRoundTaker} from "../../interfaces/IRoundTaker.sol";

/// @notice A feed that answers whatever a test tells it to, sane or not.
contract MockFeed is AggregatorV3Interface {
    uint8 public immutable decimals;
    string public constant description = "mock";
    uint256 public constant version = 1;

    uint80 private _roundId;
    int256 private _answer;
    uint256 private _updatedAt;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function set(uint80 roundId, int256 answer, uint256 updatedAt) external {
        (_roundId, _answer, _updatedAt) = (roundId, answer, updatedAt);
    }

    function latestRoundData() public view returns (uint80, int256, uint256, uint256, uint80) {
        return (_roundId, _answer, _updatedAt, _updatedAt, _roundId);
    }

    function getRoundData(uint80) external view returns (uint80, int256, uint256, uint256, uint80) {
        return latestRoundData();
    }
}

/// @notice A feed with rounds and phases, any of which can be out of order.
contract RoundsFeed is AggregatorV3Interface {
    enum Fault {
        NONE,
        REVERTS,
        BURNS_GAS,
        SHORT,
        /// Zeros, as Chainlink's first aggregators answer for a round that there is not.
        EMPTY
    }

    struct Round {
        int256 answer;
        uint256 updatedAt;
        Fault fault;
    }

    uint8 public constant decimals = 8;
    string public constant description = "rounds";
    uint256 public constant version = 1;

    uint80 public latest;
    mapping(uint80 roundId => Round) private _rounds;

    /// @notice The next round, or one of a new phase; it becomes the latest.
    function add(uint80 roundId, int256 answer, uint256 updatedAt) external {
        _rounds[roundId] = Round(answer, updatedAt, Fault.NONE);
        latest = roundId;
    }

    /// @notice Many at once: rounds from `roundId` on, `every` seconds apart.
    function addMany(uint80 roundId, int256 answer, uint256 updatedAt, uint256 every, uint256 count) external {
        for (uint256 i = 0; i < count; ++i) {
            latest = roundId + uint80(i);
            _rounds[latest] = Round(answer, updatedAt + i * every, Fault.NONE);
        }
    }

    function setLatest(uint80 roundId) external {
        latest = roundId;
    }

    function spoil(uint80 roundId, Fault fault) external {
        _rounds[roundId].fault = fault;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory round = _rounds[latest];
        return (latest, round.answer, round.updatedAt, round.updatedAt, latest);
    }

    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory round = _rounds[roundId];
        if (round.fault == Fault.REVERTS || round.updatedAt == 0) revert("No data present");
        if (round.fault == Fault.BURNS_GAS) {
            while (true) round.answer++;
        }
        if (round.fault == Fault.SHORT) {
            assembly {
                return(0, 0x80)
            }
        }
        if (round.fault == Fault.EMPTY) return (0, 0, 0, 0, 0);
        return (roundId, round.answer, round.updatedAt, round.updatedAt, roundId);
    }
}

/// @notice A feed that hands whatever rounds a test wants to a history, and answers with the last one.
contract HandingFeed is AggregatorV3Interface {
    uint8 public constant decimals = 8;
    string public constant description = "hands over";
    uint256 public constant version = 1;

    uint80 private _roundId;
    uint256 private _answer;
    uint256 public lastAt;

    /// @notice A round of time `observedAt` that follows the last one; `meanPrice` held in between.
    function hand(IRoundTaker history, uint256 observedAt, uint256 meanPrice) external returns (uint256) {
        return take(history, lastAt, observedAt, meanPrice, false);
    }

    function take(IRoundTaker history, uint256 since, uint256 observedAt, uint256 meanPrice, bool replaces)
        public
        returns (uint256)
    {
        (_roundId, _answer, lastAt) = (_roundId + 1, meanPrice, observedAt);
        return history.takeRound(since, observedAt, meanPrice, replaces);
    }

    function latestRoundData() public view returns (uint80, int256, uint256, uint256, uint80) {
        return (_roundId, int256(_answer), lastAt, lastAt, _roundId);
    }

    function getRoundData(uint80) external view returns (uint80, int256, uint256, uint256, uint80) {
        return latestRoundData();
    }
}
