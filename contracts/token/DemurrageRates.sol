// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DemurrageParameters, IFTNSToken} from "../interfaces/IFTNSToken.sol";

/// @title DemurrageRates
/// @notice Demurrage parameters: their defaults, their bounds, and the table of rates that follows from them.
///
/// The table has 16 rates of 7 bits [bp a month], tier * 4 + band; band 0 is the fastest:
///
///   111            84 83            56 55            28 27             0
///  +----------------+----------------+----------------+----------------+
///  |     POWER      |     ACTIVE     |     BASIC      |      NONE      |
///  +----------------+----------------+----------------+----------------+
///
///   each tier:  27    21 20    14 13     7 6      0
///              +--------+--------+--------+--------+
///              | band 3 | band 2 | band 1 | band 0 |
///              +--------+--------+--------+--------+
library DemurrageRates {
    uint256 internal constant RATE_BITS = 7;
    uint256 internal constant RATE_MASK = 0x7f;
    uint256 internal constant BAND_0_SHIFT = 0;
    uint256 internal constant BAND_1_SHIFT = 7;
    uint256 internal constant BAND_2_SHIFT = 14;
    uint256 internal constant BAND_3_SHIFT = 21;
    uint256 internal constant TIER_BITS = 28;
    uint256 internal constant NONE_SHIFT = 0;
    uint256 internal constant BASIC_SHIFT = 28;
    uint256 internal constant ACTIVE_SHIFT = 56;
    uint256 internal constant POWER_SHIFT = 84;

    /// @dev One basis point, WAD.
    uint256 internal constant BASIS_POINT = 1e14;
    uint256 internal constant WAD = 1e18;

    /// @dev Upper bound of each base rate and of the cap: 1 % a month.
    uint256 internal constant MAX_MONTHLY_RATE = 0.01e18;
    uint256 internal constant MAX_TIER_MODIFIER = 2e18;

    /// @notice The parameters at launch.
    function defaults() internal pure returns (DemurrageParameters memory) {
        return DemurrageParameters({
            monthlyRate: [uint256(0.001e18), 0.002e18, 0.004e18, 0.01e18],
            tierModifier: [uint256(1.5e18), 1e18, 0.7e18, 0.5e18],
            monthlyCap: 0.01e18
        });
    }

    /// @notice Reverts unless `p` is within bounds, slower bands pay no less, and higher tiers pay no more.
    function check(DemurrageParameters memory p) internal pure {
        for (uint256 i = 0; i < 4; ++i) {
            if (p.monthlyRate[i] > MAX_MONTHLY_RATE) {
                revert IFTNSToken.RateOutOfBounds(i, p.monthlyRate[i], MAX_MONTHLY_RATE);
            }
            if (i > 0 && p.monthlyRate[i] < p.monthlyRate[i - 1]) revert IFTNSToken.RatesNotAscending(i);
            uint256 max = i == 0 ? MAX_TIER_MODIFIER : p.tierModifier[i - 1];
            if (p.tierModifier[i] > max) revert IFTNSToken.ModifierOutOfBounds(i, p.tierModifier[i], max);
        }
        if (p.monthlyCap > MAX_MONTHLY_RATE) revert IFTNSToken.CapOutOfBounds(p.monthlyCap, MAX_MONTHLY_RATE);
    }

    /// @notice The table of rates.
    /// @dev Each product of rate and modifier, capped, is rounded down to a basis point a month: the holder gains.
    function table(DemurrageParameters memory p) internal pure returns (uint256 rates) {
        for (uint256 i = 0; i < 16; ++i) {
            uint256 rate = p.monthlyRate[i % 4] * p.tierModifier[i / 4] / WAD;
            if (rate > p.monthlyCap) rate = p.monthlyCap;
            rates |= (rate / BASIS_POINT) << (RATE_BITS * i);
        }
    }

    /// @notice Band of a velocity (WAD): 1.0, 0.7 and 0.3 of the target velocity 1.2.
    function bandOfVelocity(uint256 velocity) internal pure returns (uint256) {
        if (velocity >= 1.2e18) return 0;
        if (velocity >= 0.84e18) return 1;
        return velocity >= 0.36e18 ? 2 : 3;
    }
}
