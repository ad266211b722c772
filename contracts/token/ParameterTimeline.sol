// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ParameterTimeline
/// @notice Which demurrage rates govern which day boundaries, for ever.
///
/// A list of terms, oldest first, each `startDay << 112 | rates`, in force from its day until the next term's. Days without
/// charge (a halt) are terms whose rates are all zero, followed by a term that brings the rates back, often in the future:
/// so a freeze ends without a transaction. The first term starts on day 0, and only the last can lie in the future.
library ParameterTimeline {
    uint256 private constant RATES_BITS = 112;
    uint256 private constant RATES_MASK = (1 << RATES_BITS) - 1;

    function startOf(uint256 term) internal pure returns (uint256) {
        return term >> RATES_BITS;
    }

    function ratesOf(uint256 term) internal pure returns (uint256) {
        return term & RATES_MASK;
    }

    function termOf(uint256 startDay, uint256 rates) internal pure returns (uint256) {
        return (startDay << RATES_BITS) | rates;
    }

    function latest(uint256[] storage timeline) internal view returns (uint256) {
        return timeline[timeline.length - 1];
    }

    /// @notice The terms that govern the days `from` to `through`.
    /// @dev The first is found by doubling steps back from the latest and then by halving, so the cost grows with the changes
    /// between the two days, whatever came later. Governance makes at most one a day, by votes that take days, and a halt
    /// two. An account with too long a past settles in parts (`settleThrough`).
    function termsBetween(uint256[] storage timeline, uint256 from, uint256 through)
        internal
        view
        returns (uint256[] memory terms)
    {
        unchecked {
            uint256 length = timeline.length;
            uint256 high = length;
            uint256 first = length - 1;
            for (uint256 step = 1; startOf(timeline[first]) > from; step *= 2) {
                high = first;
                first = first > step ? first - step : 0;
            }
            while (high - first > 1) {
                uint256 middle = (first + high) / 2;
                if (startOf(timeline[middle]) > from) high = middle;
                else first = middle;
            }
            while (high < length && startOf(timeline[high]) <= through) ++high;

            terms = new uint256[](high - first);
            for (uint256 i = 0; i < terms.length; ++i) {
                terms[i] = timeline[first + i];
            }
        }
    }

    /// @notice `rates` govern the boundaries after `today`, or after the freeze that is running.
    function change(uint256[] storage timeline, uint256 today, uint256 rates) internal {
        uint256 last = latest(timeline);
        if (startOf(last) > today) {
            timeline[timeline.length - 1] = termOf(startOf(last), rates);
        } else {
            timeline.push(termOf(today + 1, rates));
        }
    }

    /// @notice The boundaries after `today` up to and including `throughDay` charge nothing, and those later do: a freeze
    /// that is running gets longer or shorter.
    function freeze(uint256[] storage timeline, uint256 today, uint256 throughDay) internal {
        thaw(timeline, today);
        if (throughDay <= today) return;
        uint256 last = latest(timeline);
        uint256 rates = ratesOf(last);
        if (startOf(last) <= today) {
            timeline.push(termOf(today + 1, 0));
            timeline.push(termOf(throughDay + 1, rates));
        } else if (isResumption(timeline)) {
            timeline[timeline.length - 1] = termOf(throughDay + 1, rates);
        } else {
            timeline[timeline.length - 1] = termOf(today + 1, 0);
            timeline.push(termOf(throughDay + 1, rates));
        }
    }

    /// @notice Ends a freeze: the boundaries after `today` charge again.
    function thaw(uint256[] storage timeline, uint256 today) internal {
        uint256 last = latest(timeline);
        if (startOf(last) <= today + 1 || !isResumption(timeline)) return;
        uint256 resumed = termOf(today + 1, ratesOf(last));
        if (startOf(timeline[timeline.length - 2]) == today + 1) timeline.pop();
        timeline[timeline.length - 1] = resumed;
    }

    /// @dev Whether the last term follows one without rates.
    function isResumption(uint256[] storage timeline) private view returns (bool) {
        return timeline.length > 1 && ratesOf(timeline[timeline.length - 2]) == 0;
    }
}
