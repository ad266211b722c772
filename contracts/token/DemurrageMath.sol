// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {AccountWord} from "./AccountWord.sol";

/// @title DemurrageMath
/// @notice The numbers behind demurrage, with their derivations.
///
/// Rates `p` are whole basis points a month. A day's fee is `B * p / 300,000` (10,000 basis points, 30 days), so one
/// charged day multiplies the balance by `1 - rho` with `rho = p / 300,000 <= 1 / 3,000`.
///
/// Idle days are linear in logarithms. Let `y = 30 ln(V / B)`, in days:
///   - each boundary decays the activity by e^(-1/30):     y <- y - 1
///   - each fee shrinks the balance by 1 - rho:            y <- y + 30 L,   where L = -ln(1 - rho)
/// so `n` charged days in one band give `y - n (1 - 30 L)` and a balance of `B e^(-n L)`. These are sums of integers here
/// (fixed point, 36 decimals), so a jump of `n` days is bit for bit the same as `n` single steps. As 30 L < 0.0101, the
/// velocity of an idle account only falls, and bands are only left downwards.
library DemurrageMath {
    /// @dev One day in the fixed point of `y`, and one in that of `L`.
    int256 internal constant DAY_E36 = 1e36;

    /// @dev A day's fee below this is not taken: 0.001 FTNS.
    uint256 internal constant MIN_FEE = 1e15;
    /// @dev Basis points a month to a share a day: 10,000 * 30.
    uint256 internal constant BP_DAYS = 300_000;
    /// @dev `B * p` below this is a fee below MIN_FEE.
    uint256 internal constant MIN_CHARGEABLE = MIN_FEE * BP_DAYS;
    /// @dev The highest rate, 1 % a month. The bounds above and the 7-bit rate fields rely on it.
    uint256 internal constant MAX_RATE_BP = 100;
    /// @dev Below 3 FTNS even the highest rate gives a fee below MIN_FEE.
    uint256 internal constant NEVER_CHARGED_BELOW = MIN_CHARGEABLE / MAX_RATE_BP;

    /// @dev First term of L for one basis point: 1 / 300,000, 36 decimals.
    uint256 internal constant LOG_PER_BP = 3333333333333333333333333333333;

    uint256 internal constant SLOWEST_BAND = 3;

    /// @dev Edges of the bands of V / B: 1.0, 0.7 and 0.3 of the target velocity 1.2, in twenty-fifths
    /// (1.2 = 30/25, 0.84 = 21/25, 0.36 = 9/25), and 30 ln of each in days.
    uint256 internal constant EDGE_0 = 30;
    uint256 internal constant EDGE_1 = 21;
    uint256 internal constant EDGE_2 = 9;
    uint256 internal constant EDGE_DENOMINATOR = 25;
    int256 internal constant EDGE_0_DAYS_E36 = 5469646703818638786351540754635438996;
    int256 internal constant EDGE_1_DAYS_E36 = -5230601614343332581027620582600095343;
    int256 internal constant EDGE_2_DAYS_E36 = -30649537425959440992330845778219716093;

    /// @dev Fractional bits that decayed activity carries until it is stored.
    uint256 internal constant FRACTION_BITS = 40;

    /// @notice Activity after `n` boundaries, `activity * e^(-n/30)`, with 40 fractional bits, rounded down.
    /// @dev Product of the constants floor(e^(-2^i/30) * 2^128) by the bits of `n`; each step floors, so at most 11 units
    /// of 2^-40 are lost. 80 + 40 bits times 128 bits fit a word. After 2,047 days the largest activity is below one unit.
    function decayActivity(uint256 activity, uint256 n) internal pure returns (uint256 v) {
        unchecked {
            if (activity == 0 || n > 2047) return 0;
            v = activity << FRACTION_BITS;
            if (n & 1 != 0) v = (v * 0xf79b796fbc201ff3be5a46306be142bc) >> 128;
            if (n == 1) return v;
            if (n & 2 != 0) v = (v * 0xef7d62c1e3ee9d2a16ca0708d7f3135c) >> 128;
            if (n & 4 != 0) v = (v * 0xe00b5bcf9f0925d63ab5b677ab057131) >> 128;
            if (n & 8 != 0) v = (v * 0xc413e12c5b14f0733ba4e67306bddb58) >> 128;
            if (n & 16 != 0) v = (v * 0x962e72571e1c951662b47677156bf2bf) >> 128;
            if (n < 32) return v;
            if (n & 32 != 0) v = (v * 0x581a766b61aa0572bf76eef022ebbb61) >> 128;
            if (n & 64 != 0) v = (v * 0x1e52342617bbe55b855947e784165f94) >> 128;
            if (n & 128 != 0) v = (v * 0x3975e9e6096bd6fc50aec838224fbc4) >> 128;
            if (n & 256 != 0) v = (v * 0xce5b878122b2e2a1a05efb64e3f5d) >> 128;
            if (n & 512 != 0) v = (v * 0xa6576ecd716003a5e503bf57c5) >> 128;
            if (n & 1024 != 0) v = (v * 0x6c15818eeea0c64ae8e0) >> 128;
        }
    }

    /// @notice `L = -ln(1 - p / 300,000)` for a whole basis-point rate, 36 decimals, rounded down (the holder gains).
    /// @dev The series u + u^2/2 + ... + u^6/6 in u = p / 300,000; what is left out is below 7e-26.
    function dailyLogRate(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 l = 82304526 + p * 228;
            l = 30864197530864 + p * l;
            l = 12345679012345679012 + p * l;
            l = 5555555555555555555555555 + p * l;
            return p * (LOG_PER_BP + p * l);
        }
    }

    /// @notice Fee of one charged day, rounded down (the holder gains).
    function dayFeeDown(uint256 balance, uint256 p) internal pure returns (uint256) {
        unchecked {
            return balance * p / BP_DAYS;
        }
    }

    /// @notice Fee of charged days whose log rates sum to `x` (36 decimals, at most 1): `balance * (1 - e^-x)`.
    /// @dev `x` and the product are rounded down (the holder gains); expWad is right within 1e-18 either way. A single day
    /// is charged exactly. One day at `p` is told by x / LOG_PER_BP == p, as the higher terms of L stay below 2 % of a basis
    /// point; no two or more days sum to it, as L grows faster than p.
    function feeDown(uint256 balance, uint256 x) internal pure returns (uint256) {
        unchecked {
            if (x == 0) return 0;
            uint256 p = x / LOG_PER_BP;
            if (p <= MAX_RATE_BP && x == dailyLogRate(p)) return dayFeeDown(balance, p);
            return balance * (1e18 - uint256(FixedPointMathLib.expWad(-int256(x / 1e18)))) / 1e18;
        }
    }

    /// @notice `y = 30 ln(V / B)` in days, 36 decimals, of an activity in its stored unit and a balance in wei.
    /// @dev Asked only when V / B is above the lowest edge, where the ratio's own rounding (1e-18) is minute.
    function velocityDays(uint256 activity, uint256 balance) internal pure returns (int256) {
        unchecked {
            uint256 ratioWad = (activity << AccountWord.ACTIVITY_UNIT_BITS) * 1e18 / balance;
            return FixedPointMathLib.lnWad(int256(ratioWad)) * 30e18;
        }
    }

    /// @notice How many charged days in a row have a fee of at least MIN_FEE, given that the first has.
    /// @dev Day j (from 0) has while balance * p * e^(-j L) >= MIN_CHARGEABLE.
    function chargeableDays(uint256 balance, uint256 p, uint256 logRate) internal pure returns (uint256) {
        unchecked {
            uint256 ratioWad = balance * p * 1e18 / MIN_CHARGEABLE;
            return uint256(FixedPointMathLib.lnWad(int256(ratioWad))) * 1e18 / logRate + 1;
        }
    }
}
