// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Purpose} from "../types/Purpose.sol";

/// @title DayWords
/// @notice The two slots in which the pool counts a day. A reward writes the first, the other payments the second (and the first,
/// when they mint or are the day's first).
///
///   255           160 159        72 71          16 15      0
///  +-----------------+-------------+--------------+---------+
///  |  contributions  |   minted    |    budget    |   day   |
///  +-----------------+-------------+--------------+---------+
///
///   255      176 175       96 95        16 15      0
///  +------------+------------+------------+---------+
///  |  services  |   claims   |   yield    |   day   |
///  +------------+------------+------------+---------+
///
///  day     [day]        of all that is in its word
///  budget  [1e-9 FTNS]  may be minted on that day; 1 % of the hard cap fits 54 bits
///  minted  [wei]        of that; 10 million FTNS fit 84 bits
///  others  [wei]        paid for that purpose on that day
///
/// The counters of the second word end at 1.2 million FTNS. Only out of a pool that holds millions could more be paid on one day;
/// the rest is paid on the next. That of contributions does not end: it exceeds the hard cap 79 times.
library DayWords {
    uint256 internal constant BUDGET_UNIT = 1e9; // wei

    uint256 private constant DAY_MASK = type(uint16).max;
    uint256 private constant BUDGET_SHIFT = 16;
    uint256 private constant BUDGET_MASK = type(uint56).max;
    uint256 private constant MINTED_SHIFT = 72;
    uint256 private constant MINTED_MASK = type(uint88).max;
    uint256 private constant CONTRIBUTIONS_SHIFT = 160;
    uint256 private constant YIELD_SHIFT = 16;
    uint256 private constant CLAIMS_SHIFT = 96;
    uint256 private constant SERVICES_SHIFT = 176;
    uint256 private constant OTHER_MASK = type(uint80).max;

    function dayOf(uint256 word) internal pure returns (uint256) {
        return word & DAY_MASK;
    }

    // The first word

    function emissionWord(uint256 day, uint256 budget, uint256 minted, uint256 contributions)
        internal
        pure
        returns (uint256)
    {
        return day | (budget / BUDGET_UNIT) << BUDGET_SHIFT | minted << MINTED_SHIFT | contributions
            << CONTRIBUTIONS_SHIFT;
    }

    function budgetOf(uint256 word) internal pure returns (uint256) {
        unchecked {
            return ((word >> BUDGET_SHIFT) & BUDGET_MASK) * BUDGET_UNIT;
        }
    }

    function mintedOf(uint256 word) internal pure returns (uint256) {
        return (word >> MINTED_SHIFT) & MINTED_MASK;
    }

    function contributionsOf(uint256 word) internal pure returns (uint256) {
        return word >> CONTRIBUTIONS_SHIFT;
    }

    // The second word

    function othersWord(uint256 day, uint256 yield, uint256 claims, uint256 services) internal pure returns (uint256) {
        return day | yield << YIELD_SHIFT | claims << CLAIMS_SHIFT | services << SERVICES_SHIFT;
    }

    function yieldOf(uint256 word) internal pure returns (uint256) {
        return (word >> YIELD_SHIFT) & OTHER_MASK;
    }

    function claimsOf(uint256 word) internal pure returns (uint256) {
        return (word >> CLAIMS_SHIFT) & OTHER_MASK;
    }

    function servicesOf(uint256 word) internal pure returns (uint256) {
        return word >> SERVICES_SHIFT;
    }

    /// @notice Where the counter of `purpose` ends.
    function counterEnd(Purpose purpose) internal pure returns (uint256) {
        return purpose == Purpose.CONTRIBUTIONS ? type(uint96).max : type(uint80).max;
    }
}
