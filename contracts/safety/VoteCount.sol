// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Action} from "../types/Emergency.sol";
import {ActionTerms} from "./ActionTerms.sol";

/// @notice What the emergency governor keeps of a vote beside OpenZeppelin's tally. Two slots. Amounts stay below the supply
/// cap of 2^90.
struct EmergencyVote {
    uint96 support; // FTNS, each voter at most half of what is needed
    uint8 supporters; // that may decide; 255 = 255 or more
    uint8 minSupporters;
    uint40 passedAt; // seconds; 0 = not
    uint40 opposedSince; // seconds: since when more are against it than for it, after it passed; 0 = they are not
    uint24 emergency;
    uint16 addedSec; // for which ballots are taken beyond the time in which it may pass
    Action action;
    bool ending;
    bool unlessOpposed;
    uint96 supply; // FTNS, the voting supply at `snapshot`
    uint64 supportShare; // WAD
    uint32 motion; // 0 = there is no such vote
    uint40 snapshot; // seconds: votes are those of then
    uint24 delaySec;
}

/// @notice What is kept in addition of a vote that passes unless it is opposed. One slot.
struct ObjectionHours {
    uint40 startedAt; // seconds
    uint40 coveredSec; // seconds whose price was known, at `startedAt`
    uint8 restarts;
}

/// @title VoteCount
/// @notice What a vote needs, and what has become of it. Shares of the voting supply round up: it takes a wei more, not less.
library VoteCount {
    uint256 private constant WAD = 1e18;

    /// @dev Least votes of a supporter who may decide (WAD of the voting supply).
    uint256 internal constant SUPPORTER_SHARE = 0.001e18;
    /// @dev Votes against that stop what passes unless it is opposed (WAD of the voting supply).
    uint256 internal constant OPPOSITION_SHARE = 0.01e18;
    /// @dev Whoever has more against it than for it for so long is stopped.
    uint256 internal constant OPPOSITION_TIME = 1 hours;
    /// @dev The objection hours count only if prices were known in all but so much of them.
    uint256 internal constant MOST_UNCOVERED = 8 hours;
    uint256 internal constant MOST_RESTARTS = 3;

    /// @notice Support that it takes (FTNS); zero for what passes unless it is opposed.
    function needed(EmergencyVote memory vote) internal pure returns (uint256) {
        return vote.unlessOpposed ? 0 : shareOf(vote.supply, vote.supportShare);
    }

    /// @notice Least votes of a supporter who may decide (FTNS).
    function supporterStake(EmergencyVote memory vote) internal pure returns (uint256) {
        return shareOf(vote.supply, SUPPORTER_SHARE);
    }

    /// @notice Votes against that stop what passes unless it is opposed (FTNS).
    function oppositionLimit(EmergencyVote memory vote) internal pure returns (uint256) {
        return shareOf(vote.supply, OPPOSITION_SHARE);
    }

    function shareOf(uint256 supply, uint256 share) internal pure returns (uint256) {
        return Math.mulDiv(supply, share, WAD, Math.Rounding.Ceil);
    }

    /// @notice For how long beyond `periodEnd` ballots are taken when it passes now, or when those for it become more again than
    /// those against: an hour at least from then, so that there is time to be against it; but not when it can't be executed any more.
    /// @dev At most six hours, which fit 16 bits.
    function addedFrom(uint256 periodEnd) internal view returns (uint256 addedSec) {
        addedSec = Math.saturatingSub(block.timestamp + OPPOSITION_TIME, periodEnd);
        if (addedSec > ActionTerms.EXECUTION_WINDOW) addedSec = ActionTerms.EXECUTION_WINDOW;
    }

    /// @notice Whether enough are for it, and enough of those who may decide.
    function isEnough(EmergencyVote memory vote, uint256 opposition) internal pure returns (bool) {
        return vote.support >= needed(vote) && vote.support > opposition && vote.supporters >= vote.minSupporters;
    }

    /// @notice Since when more are against it than for it, when the votes against come to `opposition` now. What has lasted for
    /// the whole time is decided: later votes don't change it.
    function sinceOpposed(EmergencyVote memory vote, uint256 opposition) internal view returns (uint256) {
        if (vote.opposedSince == 0) return opposition > vote.support ? block.timestamp : 0;
        bool decided = block.timestamp >= vote.opposedSince + OPPOSITION_TIME;
        return decided || opposition > vote.support ? vote.opposedSince : 0;
    }

    /// @notice Whether it passed, and more were against it than for it for the whole time or at the close.
    function isStopped(EmergencyVote memory vote, uint256 deadline) internal view returns (bool) {
        if (vote.opposedSince == 0) return false;
        return block.timestamp >= vote.opposedSince + OPPOSITION_TIME || block.timestamp > deadline;
    }

    /// @notice First second in which it can no longer be executed.
    function executeBefore(EmergencyVote memory vote, uint256 deadline) internal pure returns (uint256) {
        return deadline + vote.delaySec + ActionTerms.EXECUTION_WINDOW;
    }

    /// @notice Whether since `startedAt`, of which `grownSec` seconds had a known price, the chain or its feed stood still.
    function stoodStill(ObjectionHours memory hours_, uint256 grownSec) internal view returns (bool) {
        return block.timestamp - hours_.startedAt > grownSec + MOST_UNCOVERED;
    }
}
