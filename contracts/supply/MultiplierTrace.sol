// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trace} from "../libraries/Trace.sol";

/// @title MultiplierTrace
/// @notice The past of `M`, with its running integral in each entry: `| integral to the entry's time 96 | M 64 |`.
/// The history's note says which rates follow `M`; see RateFlags.
/// @dev `M` is at most 10 (64 bits in WAD). The integral counts from the epoch, with `M = 1` before the first entry; 96 bits
/// last 240 years at the highest `M`.
library MultiplierTrace {
    using Trace for Trace.History;
    using Trace for uint256;

    uint256 private constant WAD = 1e18;
    uint256 private constant INTEGRAL_SHIFT = 64;

    /// @notice `M` of `entry`; 1 before the first.
    function multiplierOf(uint256 entry) internal pure returns (uint256) {
        return entry == 0 ? WAD : uint64(entry);
    }

    function push(Trace.History storage trace, uint256 time, uint256 multiplier) internal {
        trace.push(time, (_integralTo(trace.newest, time) << INTEGRAL_SHIFT) | multiplier);
    }

    /// @notice Sum of `M` over the seconds from `from` to `to` (WAD seconds).
    function integral(Trace.History storage trace, uint256 from, uint256 to) internal view returns (uint256) {
        uint256 newest = trace.newest;
        if (newest.timeOf() <= from) return multiplierOf(newest) * (to - from);
        return _integralTo(trace.entryAt(to), to) - _integralTo(trace.entryAt(from), from);
    }

    /// @notice The same over the seconds in which `M <= ceiling`, and how many seconds the others are.
    /// @dev Walks back over the changes of `M` in the period: at most one a day, and one at each reset by an emergency vote.
    function integralBelow(Trace.History storage trace, uint256 from, uint256 to, uint256 ceiling)
        internal
        view
        returns (uint256 sum, uint256 secondsAbove)
    {
        uint256 entry = trace.entryAt(to);
        unchecked {
            while (to > from) {
                uint256 since = entry.timeOf();
                if (since < from) since = from;
                uint256 multiplier = multiplierOf(entry);
                if (multiplier <= ceiling) sum += multiplier * (to - since);
                else secondsAbove += to - since;
                to = since;
                if (to > from) entry = trace.before(entry);
            }
        }
    }

    function _integralTo(uint256 entry, uint256 time) private pure returns (uint256) {
        if (entry == 0) return WAD * time;
        return (entry.valueOf() >> INTEGRAL_SHIFT) + multiplierOf(entry) * (time - entry.timeOf());
    }
}
