// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trace} from "./Trace.sol";

/// @title VoteTrace
/// @notice A `Trace` of votes, two past entries to the slot: amounts of FTNS stay below the supply cap, which fits 90 bits.
///
///     | time 38 | value 90 | time 38 | value 90 |    of an odd index above, of the even index before it below
///
/// So every other change of a staker's votes, and of all votes, writes over a slot in place of a new one.
library VoteTrace {
    using Trace for uint256;

    uint256 private constant VALUE_BITS = 90;
    uint256 private constant VALUE_MASK = (1 << VALUE_BITS) - 1;
    uint256 private constant HALF_BITS = 128;
    uint256 private constant HALF_MASK = (1 << HALF_BITS) - 1;

    /// @notice `value` (at most 90 bits) holds from second `time` (38 bits) on, which is not before the newest entry's.
    function push(Trace.History storage history, uint256 time, uint256 value) internal {
        uint256 newest = history.newest;
        uint256 index = newest.indexOf();
        if (newest != 0 && newest.timeOf() != time) {
            uint256 half = (newest.timeOf() << VALUE_BITS) | newest.valueOf();
            if (index % 2 == 0) history.past[index / 2] = half;
            else history.past[index / 2] |= half << HALF_BITS;
            ++index;
        }
        history.newest = Trace.entryOf(index, time, value);
    }

    /// @notice The entry that held at second `time`; zero before the first.
    function entryAt(Trace.History storage history, uint256 time) internal view returns (uint256) {
        return Trace.search(history, time, _pastOf);
    }

    function _pastOf(Trace.History storage history, uint256 index) private view returns (uint256) {
        uint256 half = (history.past[index / 2] >> (index % 2 * HALF_BITS)) & HALF_MASK;
        return Trace.entryOf(index, half >> VALUE_BITS, half & VALUE_MASK);
    }
}
