// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Trace
/// @notice A number and its whole past: each entry holds from its second until the next entry's.
///
///     | note 16 | index 32 | time 48 | value 160 |
///
/// The newest entry has a slot of its own, so that the present costs one read and the first entry one write. An entry knows
/// its index, so whoever holds one can walk back from it. The zero word stands for "before the first entry".
/// The note belongs to whoever keeps the history and holds now: what is read with the newest number at no further cost.
/// @dev Like OpenZeppelin's Checkpoints, whose arrays cost one slot more to begin with and one read more each time.
library Trace {
    struct History {
        uint256 newest;
        mapping(uint256 index => uint256 entry) past;
    }

    uint256 private constant TIME_SHIFT = 160;
    uint256 private constant INDEX_SHIFT = 208;
    uint256 private constant NOTE_SHIFT = 240;

    function valueOf(uint256 entry) internal pure returns (uint256) {
        return uint160(entry);
    }

    function timeOf(uint256 entry) internal pure returns (uint256) {
        return uint48(entry >> TIME_SHIFT);
    }

    /// @dev There is at most one entry a second: 32 bits last 136 years.
    function indexOf(uint256 entry) internal pure returns (uint256) {
        return uint32(entry >> INDEX_SHIFT);
    }

    function noteOf(uint256 entry) internal pure returns (uint256) {
        return entry >> NOTE_SHIFT;
    }

    function entryOf(uint256 index, uint256 time, uint256 value) internal pure returns (uint256) {
        return (index << INDEX_SHIFT) | (time << TIME_SHIFT) | value;
    }

    /// @notice The number now; zero before the first entry.
    function latest(History storage history) internal view returns (uint256) {
        return valueOf(history.newest);
    }

    /// @notice `value` (at most 160 bits) holds from second `time` on, which is not before the newest entry's.
    function push(History storage history, uint256 time, uint256 value) internal {
        uint256 newest = history.newest;
        uint256 index = indexOf(newest);
        if (newest != 0 && timeOf(newest) != time) {
            history.past[index] = newest;
            ++index;
        }
        history.newest = (noteOf(newest) << NOTE_SHIFT) | entryOf(index, time, value);
    }

    /// @notice Replaces the note (at most 16 bits). The history must have begun.
    function setNote(History storage history, uint256 note) internal {
        history.newest = (history.newest & ((1 << NOTE_SHIFT) - 1)) | (note << NOTE_SHIFT);
    }

    /// @notice The entry that held at second `time`; zero before the first.
    function entryAt(History storage history, uint256 time) internal view returns (uint256) {
        return search(history, time, pastOf);
    }

    function pastOf(History storage history, uint256 index) internal view returns (uint256) {
        return history.past[index];
    }

    /// @notice The same, where `past` tells each entry but the newest.
    /// @dev Steps back from the newest entry, doubling, and then halves: the cost grows with the logarithm of the entries
    /// since `time`, however many there were before it.
    function search(
        History storage history,
        uint256 time,
        function(History storage, uint256) view returns (uint256) past
    ) internal view returns (uint256 entry) {
        unchecked {
            entry = history.newest;
            if (timeOf(entry) <= time) return entry;
            uint256 low = indexOf(entry);
            uint256 high;
            uint256 step = 1;
            do {
                if (low == 0) return 0;
                high = low;
                low = low > step ? low - step : 0;
                entry = past(history, low);
                step *= 2;
            } while (timeOf(entry) > time);
            while (high - low > 1) {
                uint256 middle = (low + high) / 2;
                uint256 candidate = past(history, middle);
                if (timeOf(candidate) > time) high = middle;
                else (low, entry) = (middle, candidate);
            }
        }
    }

    /// @notice The entry before `entry`; zero before the first.
    function before(History storage history, uint256 entry) internal view returns (uint256) {
        uint256 index = indexOf(entry);
        return index == 0 ? 0 : history.past[index - 1];
    }
}
