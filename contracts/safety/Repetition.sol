// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Triggers of one kind that led to no passed vote. One slot.
struct Repetition {
    uint40 windowStart; // seconds, of the first of them; 0 = there is none
    uint24 suspendedSec; // for which they suspended adjustments, at most a day
    uint8 triggers; // since `windowStart`
    uint40 heldStart; // the three above as they were before the first trigger of emergency `emergency`
    uint24 heldSuspendedSec;
    uint8 heldTriggers;
    uint24 emergency;
    uint40 suspendedUntil; // seconds: the end of what the latest of them suspended
    uint24 firstMotion; // the vote of `emergency` that passed on the first action of the kind; 0 = none did
    uint24 secondMotion; // the same for the second action
}

/// @title Repetitions
/// @notice Noise is bounded: in the 14 days that begin with the first, triggers of one kind that led to no passed vote suspend
/// adjustments for at most 24 hours in all, and each further one needs a bond, twice that of the one before.
///
/// When a vote passes in an emergency, all triggers of that kind in this emergency have led to it, and count as if they had
/// not been: until voters stop what passed. Both counts are kept, with and without them, and the vote itself is asked which holds.
library Repetitions {
    uint256 internal constant WINDOW = 14 days;
    uint256 internal constant MOST_SUSPENDED = 24 hours;
    uint256 internal constant FIRST_BOND = 1_000e18;
    /// @dev A billion FTNS: more than there can be.
    uint256 private constant MOST_DOUBLINGS = 20;

    /// @notice What the next trigger needs (FTNS); 0 = nothing.
    function bondFor(Repetition memory past) internal view returns (uint256) {
        if (!_isRunning(past) || past.triggers == 0) return 0;
        uint256 doublings = past.triggers - 1;
        return FIRST_BOND << (doublings < MOST_DOUBLINGS ? doublings : MOST_DOUBLINGS);
    }

    /// @notice `past` with a trigger now, in emergency `emergency`, whose votes take `lifeSec` seconds; and until when it
    /// suspends adjustments (seconds).
    function withTrigger(Repetition memory past, uint256 emergency, uint256 lifeSec)
        internal
        view
        returns (uint256 suspendedUntil)
    {
        if (!_isRunning(past)) {
            (past.windowStart, past.triggers) = (0, 0);
            past.suspendedSec = uint24(_leftOf(past));
        }
        if (past.emergency != emergency) {
            past.emergency = uint24(emergency);
            (past.firstMotion, past.secondMotion) = (0, 0);
            (past.heldStart, past.heldSuspendedSec, past.heldTriggers) =
            (past.windowStart, past.suspendedSec, past.triggers);
        }
        if (past.windowStart == 0) past.windowStart = uint40(block.timestamp);
        if (past.triggers < type(uint8).max) ++past.triggers;

        // Time that the kind suspends already is not counted twice.
        uint256 from = past.suspendedUntil > block.timestamp ? past.suspendedUntil : block.timestamp;
        suspendedUntil = block.timestamp + lifeSec;
        if (suspendedUntil < from) suspendedUntil = from;
        uint256 longest = from + MOST_SUSPENDED - past.suspendedSec;
        if (suspendedUntil > longest) suspendedUntil = longest;
        past.suspendedSec += uint24(suspendedUntil - from);
        past.suspendedUntil = uint40(suspendedUntil);
    }

    /// @notice The vote `motion` on the first (or the second) action of this kind passed in emergency `emergency`. A later one on
    /// the same action comes only where this one can't be stopped any more, so the earliest is kept.
    function notePassed(Repetition storage past, uint256 emergency, uint256 motion, bool second) internal {
        if (past.emergency != emergency) return;
        if (!second && past.firstMotion == 0) past.firstMotion = uint24(motion);
        if (second && past.secondMotion == 0) past.secondMotion = uint24(motion);
    }

    /// @notice Takes out the triggers of emergency `past.emergency`: a vote of theirs passed and was not stopped.
    function clear(Repetition memory past) internal pure {
        (past.windowStart, past.suspendedSec, past.triggers) =
        (past.heldStart, past.heldSuspendedSec, past.heldTriggers);
    }

    /// @dev What an older trigger still suspends counts in the new 14 days (seconds).
    function _leftOf(Repetition memory past) private view returns (uint256 left) {
        if (past.suspendedUntil <= block.timestamp) return 0;
        left = past.suspendedUntil - block.timestamp;
        if (left > MOST_SUSPENDED) left = MOST_SUSPENDED;
    }

    function _isRunning(Repetition memory past) private view returns (bool) {
        return past.windowStart != 0 && block.timestamp < past.windowStart + WINDOW;
    }
}
