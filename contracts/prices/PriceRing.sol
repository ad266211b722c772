// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

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
    /// @notice Adds `stretch` to every period it touches.
    /// @dev The caller bounds the stretch (6 hours), so there are at most 7 turns on the hourly grid and 2 on the daily one.
    /// Unchecked: times fit 40 bits and prices 64, and a bucket never holds more seconds than its period has.
    function credit(mapping(uint256 => PriceBucket) storage ring, Grid memory grid, Stretch memory stretch) internal {
        uint256 from = stretch.from;
        unchecked {
            while (from < stretch.to) {
                uint256 index = (from - grid.offsetSec) / grid.periodSec;
                uint256 end = (index + 1) * grid.periodSec + grid.offsetSec;
                uint256 to = end < stretch.to ? end : stretch.to;

                PriceBucket memory bucket = ring[index % grid.size];
                if (bucket.index != index) {
                    uint256 coveredBeforeSec = stretch.coveredBeforeSec + (from - stretch.from);
                    bucket = PriceBucket(uint32(index), 0, uint40(coveredBeforeSec), 0);
                }
                bucket.coveredSec += uint24(to - from);
                bucket.priceSeconds += uint96(stretch.price * (to - from));
                ring[index % grid.size] = bucket;

                from = to;
            }
        }
    }

    /// @notice What period `index` holds, as it will be once `open`, the stretch that runs now, is credited.
    function read(mapping(uint256 => PriceBucket) storage ring, Grid memory grid, uint256 index, Stretch memory open)
        internal
        view
        returns (uint256 priceSeconds, uint256 coveredSec, uint256 coveredBeforeSec)
    {
        if (index > type(uint32).max) return (0, 0, 0);
        PriceBucket memory bucket = ring[index % grid.size];
        if (bucket.index == index) {
            (priceSeconds, coveredSec, coveredBeforeSec) =
                (bucket.priceSeconds, bucket.coveredSec, bucket.coveredBeforeSec);
        }

        // Nothing here leaves 256 bits: times fit 40 bits, prices 64, and `from < to` is checked before they are subtracted.
        unchecked {
            uint256 from = index * grid.periodSec + grid.offsetSec;
            uint256 to = from + grid.periodSec;
            if (open.from > from) from = open.from;
            if (open.to < to) to = open.to;
            if (from >= to) return (priceSeconds, coveredSec, coveredBeforeSec);
            if (coveredSec == 0) coveredBeforeSec = open.coveredBeforeSec + (from - open.from);
            coveredSec += to - from;
            priceSeconds += open.price * (to - from);
        }
    }

    /// @notice Average in USD with 18 decimals. Rounded down, by less than 1e-18 USD: too little to favour anybody.
    function averageWad(uint256 priceSeconds, uint256 coveredSec) internal pure returns (uint256) {
        return coveredSec == 0 ? 0 : priceSeconds * PriceLimits.TO_WAD / coveredSec;
    }
}
