// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

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

/// @notice A feed that is always fresh: it answers `answer` as of now.
contract FreshFeed is AggregatorV3Interface {
    uint8 public constant decimals = 8;
    string public constant description = "always fresh";
    uint256 public constant version = 1;

    int256 public answer;

    function set(int256 answer_) external {
        answer = answer_;
    }

    function latestRoundData() public view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, answer, block.timestamp, block.timestamp, 1);
    }

    function getRoundData(uint80) external view returns (uint80, int256, uint256, uint256, uint80) {
        return latestRoundData();
    }
}
