// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How long votes (and the guardian) have kept one action in effect. One slot.
struct EffectRecord {
    uint40 windowStart; // seconds, of the first effect; 0 = there was none, or the ordinary governor has spoken since
    uint32 usedSec; // of the 30 days that may be used in 60
    uint40 startedAt; // seconds: when it last began, or was renewed
    uint24 startedBy; // the motion that did, or that the guardian bridges the time to; 0 = none: the ordinary governor
}

/// @title Effects
/// @notice Effects of one kind last at most 30 of the 60 days that begin with the first. The ordinary governor is not bound by
/// that, and what it imposes begins a new count.
library Effects {
    uint256 internal constant WINDOW = 60 days;
    uint256 internal constant MOST_USED = 30 days;

    /// @notice Until when an effect may last that is in force until `current` (seconds) and should be until `wanted`; counts
    /// what that adds. When nothing may be added, `until` is in the past, or `current`.
    function grant(EffectRecord storage record, uint256 motion, uint256 current, uint256 wanted)
        internal
        returns (uint256 until)
    {
        EffectRecord memory past = record;
        uint256 from = current > block.timestamp ? current : block.timestamp;
        if (past.windowStart == 0 || block.timestamp >= past.windowStart + WINDOW) {
            past.windowStart = uint40(block.timestamp);
            past.usedSec = uint32(from - block.timestamp);
        }
        until = from + MOST_USED - past.usedSec;
        if (wanted < until) until = wanted;
        if (until <= from) return until;
        past.usedSec += uint32(until - from);
        // What the guardian only lengthens is ended by whoever could end it before.
        if (motion != 0) (past.startedAt, past.startedBy) = (uint40(block.timestamp), uint24(motion));
        record.windowStart = past.windowStart;
        (record.usedSec, record.startedAt, record.startedBy) = (past.usedSec, past.startedAt, past.startedBy);
    }

    /// @notice Whether votes may add to an effect that is in force until `current` (seconds) and should be until `wanted`.
    function mayGrant(EffectRecord memory record, uint256 current, uint256 wanted) internal view returns (bool) {
        if (wanted <= current || wanted <= block.timestamp) return false;
        bool runs = record.windowStart != 0 && block.timestamp < record.windowStart + WINDOW;
        return !runs || record.usedSec < MOST_USED;
    }

    /// @notice The effect that was to last until `current` (seconds) ends now: what is left of it is not used.
    function giveBack(EffectRecord storage record, uint256 current) internal {
        uint256 left = current - block.timestamp;
        record.usedSec = left < record.usedSec ? uint32(record.usedSec - left) : 0;
    }

    /// @notice The ordinary governor imposed it.
    function restart(EffectRecord storage record) internal {
        (record.windowStart, record.usedSec) = (0, 0);
        (record.startedAt, record.startedBy) = (uint40(block.timestamp), 0);
    }

    /// @notice When votes may use more of it (seconds).
    function windowEnd(EffectRecord storage record) internal view returns (uint256) {
        return record.windowStart + WINDOW;
    }
}
