// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceLimits} from "./PriceLimits.sol";

/// @notice An interval on which one price held.
struct Interval {
    uint256 price; // USD, 8 decimals
    uint256 from; // seconds, included
    uint256 to; // seconds, not included
    uint256 coveredBeforeSec; // seconds covered by all stretches before this one
}

/// @notice Equal periods of time: number `i` begins at `i * periodSec + offsetSec`; the latest `size` of them are kept.
struct Grid {
    uint256 periodSec;
    uint256 offsetSec;
    uint256 size;
}

/// @title PriceRing
/// @notice Sums price times time over the periods of a grid and keeps the latest of them, one word each:
///
///     bits   0..31   index, which tells which period the word belongs to once the ring has wrapped
///     bits  32..71   coveredBeforeSec, seconds covered since the history began, up to the period's first second
///     bits  72..95   coveredSec, seconds covered within the period: at most a day
///     bits  96..255  priceSeconds, USD with 8 decimals times seconds: at most 1e18 * 86400, which takes 77 bits
///
/// Unchecked throughout: times fit 40 bits and prices 64, so nothing here leaves 256 bits or its field.
library PriceRing {
    uint256 private constant COVERED_BEFORE_SHIFT = 32;
    uint256 private constant COVERED_SHIFT = 72;
    uint256 private constant PRICE_SECONDS_SHIFT = 96;

    /// @notice Adds `interval` to every period it touches.
    /// @dev The caller bounds the interval (48 hours), so there are at most 49 turns on the hourly grid and 3 on the daily one.
    function credit(mapping(uint256 => uint256) storage ring, Grid memory grid, Interval memory interval) internal {
        unchecked {
            uint256 from = interval.from;
            while (from < interval.to) {
                uint256 index = (from - grid.offsetSec) / grid.periodSec;
                uint256 end = (index + 1) * grid.periodSec + grid.offsetSec;
                uint256 to = end < interval.to ? end : interval.to;

                uint256 word = ring[index % grid.size];
                if (uint32(word) != index) {
                    word = index | (interval.coveredBeforeSec + from - interval.from) << COVERED_BEFORE_SHIFT;
                }
                ring[index % grid.size] =
                    word + ((to - from) << COVERED_SHIFT) + ((interval.price * (to - from)) << PRICE_SECONDS_SHIFT);

                from = to;
            }
        }
    }

    /// @notice What period `index` holds, as it will be once `open`, an interval after all that are credited, is credited.
    function read(mapping(uint256 => uint256) storage ring, Grid memory grid, uint256 index, Interval memory open)
        internal
        view
        returns (uint256 priceSeconds, uint256 coveredSec, uint256 coveredBeforeSec)
    {
        if (index > type(uint32).max) return (0, 0, 0);
        unchecked {
            uint256 word = ring[index % grid.size];
            if (uint32(word) == index) {
                priceSeconds = word >> PRICE_SECONDS_SHIFT;
                coveredSec = uint24(word >> COVERED_SHIFT);
                coveredBeforeSec = uint40(word >> COVERED_BEFORE_SHIFT);
            }

            uint256 from = index * grid.periodSec + grid.offsetSec;
            uint256 to = from + grid.periodSec;
            if (open.from > from) from = open.from;
            if (open.to < to) to = open.to;
            if (from < to) {
                if (coveredSec == 0) coveredBeforeSec = open.coveredBeforeSec + from - open.from;
                coveredSec += to - from;
                priceSeconds += open.price * (to - from);
            }
        }
    }

    /// @notice Average in USD with 18 decimals. Rounded down, by less than 1e-18 USD: too little to favour anybody.
    function averageWad(uint256 priceSeconds, uint256 coveredSec) internal pure returns (uint256) {
        unchecked {
            return coveredSec == 0 ? 0 : priceSeconds * PriceLimits.TO_WAD / coveredSec;
        }
    }
}
