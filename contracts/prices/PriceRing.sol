// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceAverage} from "../interfaces/IPriceHistory.sol";
import {PriceLimits} from "./PriceLimits.sol";

/// @notice A stretch of time on which one price held.
struct Stretch {
    uint256 price; // USD, 8 decimals
    uint256 from; // seconds, included
    uint256 to; // seconds, not included
    uint256 coveredBeforeSec; // seconds covered by all stretches before this one
}

/// @notice One hour or one day, in one slot. `index` says whose entry it is, once the ring has wrapped.
struct PriceBucket {
    uint32 index;
    uint24 coveredSec;
    uint40 coveredBeforeSec; // since the history began, up to the bucket's first second
    uint96 priceSeconds; // USD with 8 decimals times seconds: at most 1e18 * 86400, which takes 77 bits
}

/// @notice Equal periods of time: number `i` begins at `i * periodSec + offsetSec`; the latest `size` of them are kept.
struct Grid {
    uint256 periodSec;
    uint256 offsetSec;
    uint256 size;
}

/// @title PriceRing
/// @notice Sums price times time over the periods of a grid and keeps the latest of them.
library PriceRing {
    /// @dev A period is usable when this share of it is covered (WAD).
    uint256 internal constant MIN_COVERAGE = 0.8e18;

    /// @notice Seconds that must be covered for a stretch of `sec` seconds to be usable. Rounded up: the reader gains.
    function neededSec(uint256 sec) internal pure returns (uint256) {
        return (sec * MIN_COVERAGE + 1e18 - 1) / 1e18;
    }

    /// @notice Adds `stretch` to every period it touches.
    /// @dev The caller bounds the stretch (6 hours), so there are at most 7 turns on the hourly grid and 2 on the daily one.
    function credit(mapping(uint256 => PriceBucket) storage ring, Grid memory grid, Stretch memory stretch) internal {
        uint256 from = stretch.from;
        while (from < stretch.to) {
            uint256 index = (from - grid.offsetSec) / grid.periodSec;
            uint256 end = (index + 1) * grid.periodSec + grid.offsetSec;
            uint256 to = end < stretch.to ? end : stretch.to;

            PriceBucket memory bucket = ring[index % grid.size];
            if (bucket.index != index) {
                uint256 coveredBefore = stretch.coveredBeforeSec + (from - stretch.from);
                bucket = PriceBucket({
                    index: uint32(index),
                    coveredSec: 0,
                    coveredBeforeSec: uint40(coveredBefore),
                    priceSeconds: 0
                });
            }
            bucket.coveredSec += uint24(to - from);
            bucket.priceSeconds += uint96(stretch.price * (to - from));
            ring[index % grid.size] = bucket;

            from = to;
        }
    }

    /// @notice Average of period `index`, as it will be once `open`, the stretch that runs now, is credited.
    function average(mapping(uint256 => PriceBucket) storage ring, Grid memory grid, uint256 index, Stretch memory open)
        internal
        view
        returns (PriceAverage memory result)
    {
        result.index = index;
        if (index > type(uint32).max) return result;

        uint256 priceSeconds;
        PriceBucket memory bucket = ring[index % grid.size];
        if (bucket.index == index) {
            priceSeconds = bucket.priceSeconds;
            result.coveredSec = bucket.coveredSec;
            result.coveredBeforeSec = bucket.coveredBeforeSec;
        }

        uint256 from = index * grid.periodSec + grid.offsetSec;
        uint256 to = from + grid.periodSec;
        if (open.from > from) from = open.from;
        if (open.to < to) to = open.to;
        if (from < to) {
            if (result.coveredSec == 0) result.coveredBeforeSec = open.coveredBeforeSec + (from - open.from);
            result.coveredSec += to - from;
            priceSeconds += open.price * (to - from);
        }

        // Rounded down: by less than 1e-18 USD, which favours nobody.
        if (result.coveredSec > 0) result.averageWad = priceSeconds * PriceLimits.TO_WAD / result.coveredSec;
        result.usable = result.coveredSec >= neededSec(grid.periodSec);
    }
}
