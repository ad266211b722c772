// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Action, Trigger} from "../types/Emergency.sol";

/// @title ActionTerms
/// @notice What each trigger puts to the vote, how long votes and delays take, and how long effects last. Sets of actions are
/// numbers: bit a is Action a.
library ActionTerms {
    uint256 internal constant COUNT = 4;

    uint256 internal constant VOTING_PERIOD = 6 hours;
    /// @dev Hours to object to what passes unless it is opposed.
    uint256 internal constant OBJECTION_PERIOD = 48 hours;
    uint256 internal constant EXECUTION_WINDOW = 6 hours;

    function bit(Action action) internal pure returns (uint256) {
        return 1 << uint256(action);
    }

    function has(uint256 set, Action action) internal pure returns (bool) {
        return set & bit(action) != 0;
    }

    /// @notice The actions that a trigger puts to the vote; twice the same where there is one.
    function pairOf(Trigger kind) internal pure returns (Action first, Action second) {
        if (kind == Trigger.PRICE_CRASH) return (Action.PAUSE_ADJUSTMENTS, Action.HALT_TRANSACTIONS);
        if (kind == Trigger.LIQUIDITY_CRISIS) return (Action.PAUSE_ADJUSTMENTS, Action.PAUSE_ADJUSTMENTS);
        if (kind == Trigger.NETWORK_ATTACK) return (Action.HALT_TRANSACTIONS, Action.RECOVERY_MODE);
        return (Action.RATE_RESET, Action.RATE_RESET);
    }

    /// @notice The same as a set.
    function ofTrigger(Trigger kind) internal pure returns (uint256) {
        (Action first, Action second) = pairOf(kind);
        return bit(first) | bit(second);
    }

    /// @notice A deadlock is a lack of voters, so what it asks for passes unless it is opposed.
    function passesUnlessOpposed(Trigger kind) internal pure returns (bool) {
        return kind == Trigger.GOVERNANCE_DEADLOCK;
    }

    function votingPeriod(bool unlessOpposed) internal pure returns (uint256) {
        return unlessOpposed ? OBJECTION_PERIOD : VOTING_PERIOD;
    }

    /// @notice Time from passing to execution (seconds): stopping is fast, everything else is slow.
    function delayOf(Action action) internal pure returns (uint256) {
        if (action == Action.RATE_RESET) return 6 hours;
        return action == Action.RECOVERY_MODE ? 12 hours : 0;
    }

    /// @notice From the beginning of a vote to the last moment of its execution (seconds).
    function lifeOf(Action action, bool unlessOpposed) internal pure returns (uint256) {
        return votingPeriod(unlessOpposed) + delayOf(action) + EXECUTION_WINDOW;
    }

    /// @notice How long an effect lasts (seconds); 0 for a reset, which is done at once.
    function limitOf(Action action) internal pure returns (uint256) {
        if (action == Action.PAUSE_ADJUSTMENTS) return 14 days;
        if (action == Action.HALT_TRANSACTIONS) return 72 hours;
        return action == Action.RECOVERY_MODE ? 7 days : 0;
    }
}
