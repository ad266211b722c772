// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Decision, IAdjustmentPolicy, MarketWindow} from "../../interfaces/IAdjustmentPolicy.sol";

/// @notice Says the factor it was told, however absurd. A keeper takes it for RoadmapPolicy, until it sees its numbers.
contract FixedPolicy is IAdjustmentPolicy {
    uint256 public factor;

    constructor(uint256 factor_) {
        factor = factor_;
    }

    function set(uint256 factor_) external {
        factor = factor_;
    }

    function targetRate(uint256) external pure returns (uint256) {
        return 0;
    }

    function decide(MarketWindow calldata) external view returns (Decision memory decision) {
        decision.factor = factor;
    }
}

/// @notice Behaves until it is armed, and then in one of several bad ways.
contract HostilePolicy {
    enum Mode {
        CALM,
        REVERT,
        PANIC,
        GAS_BOMB,
        NO_ANSWER,
        SHORT_ANSWER,
        LONG_ANSWER,
        RETURN_BOMB
    }

    Mode public mode;

    function set(Mode mode_) external {
        mode = mode_;
    }

    function decide(MarketWindow calldata) external view returns (Decision memory decision) {
        decision.factor = 1e18;
        if (mode == Mode.REVERT) revert("no");
        if (mode == Mode.PANIC) assert(false);
        if (mode == Mode.GAS_BOMB) while (true) {}
        uint256 size = 6 * 32;
        if (mode == Mode.NO_ANSWER) size = 0;
        if (mode == Mode.SHORT_ANSWER) size = 5 * 32;
        if (mode == Mode.LONG_ANSWER) size = 7 * 32;
        if (mode == Mode.RETURN_BOMB) size = 500_000;
        if (mode != Mode.CALM) {
            assembly {
                return(0, size)
            }
        }
    }
}

/// @notice Uses nearly all the gas that a shadow gets, and answers only if it got so much.
contract HungryPolicy is IAdjustmentPolicy {
    uint256 private constant NEEDED = 59_000;

    function decide(MarketWindow calldata) external view returns (Decision memory decision) {
        uint256 before = gasleft();
        if (before < NEEDED) revert("hungry");
        while (before - gasleft() < NEEDED - 3_000) {}
        decision.factor = 1.05e18;
    }
}
