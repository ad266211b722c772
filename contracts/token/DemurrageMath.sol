// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

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
    /// @dev One day of `y`, and one of `L`.
    uint256 internal constant DAY_E36 = 1e36;

    /// @dev A day's fee below this is not taken: 1e-9 FTNS. It ends the walk of a balance worn down to dust, and spares nobody
    /// who splits his coins: a wallet that never pays holds less than 3e-6 FTNS.
    uint256 internal constant MIN_FEE = 1e9;
    /// @dev Basis points a month to a share a day: 10,000 * 30.
    uint256 internal constant BP_DAYS = 300_000;
    /// @dev `B * p` below this is a fee below MIN_FEE.
    uint256 internal constant MIN_CHARGEABLE = MIN_FEE * BP_DAYS;
    /// @dev The highest rate, 1 % a month. The bounds above and the 7-bit rate fields rely on it.
    uint256 internal constant MAX_RATE_BP = 100;
    /// @dev Below 3e-6 FTNS even the highest rate gives a fee below MIN_FEE.
    uint256 internal constant NEVER_CHARGED_BELOW = MIN_CHARGEABLE / MAX_RATE_BP;

    /// @dev L = u + u^2/2 + u^3/3 + ... in u = p / 300,000, so L = p (LOG_1 + p (LOG_2 + p (LOG_3 + ...))) with
    /// LOG_i = 10^36 / (i * 300,000^i), each rounded down (the holder gains). What is left out is below 3e-22 a day.
    uint256 internal constant LOG_1 = 3333333333333333333333333333333;
    uint256 internal constant LOG_2 = 5555555555555555555555555;
    uint256 internal constant LOG_3 = 12345679012345679012;
    uint256 internal constant LOG_4 = 30864197530864;
    uint256 internal constant LOG_5 = 82304526;
    /// @dev An upper bound of L at the highest rate.
    uint256 internal constant MAX_LOG_RATE = 333388901237655144300000000000000;
    /// @dev Up to where feeDown uses its approximant.
    uint256 internal constant PADE_LIMIT = 0.34e36;

    /// @dev In grace, demurrage takes no balance below this: 100 FTNS. A constant, because an allowance that changed would
    /// have to be applied from change to change.
    uint256 internal constant GRACE_ALLOWANCE = 100e18;

    /// @dev Edges of the bands of V / B: 1.0, 0.7 and 0.3 of the target velocity 1.2, in twenty-fifths
    /// (1.2 = 30/25, 0.84 = 21/25, 0.36 = 9/25).
    uint256 internal constant EDGE_0 = 30;
    uint256 internal constant EDGE_1 = 21;
    uint256 internal constant EDGE_2 = 9;
    uint256 internal constant EDGE_DENOMINATOR = 25;

    /// @dev 30 ln(0.36), the lowest edge in days of `y`, and how far the others are above it: 30 ln(1.2 / 0.36) and
    /// 30 ln(0.84 / 0.36).
    int256 internal constant EDGE_2_DAYS_E36 = -30649537425959440992330845778219716093;
    uint256 internal constant EDGE_0_HEADROOM = 36119184129778079778682386532855155089;
    uint256 internal constant EDGE_1_HEADROOM = 25418935811616108411303225195619620750;

    /// @dev Fractional bits that decayed activity carries until it is stored.
    uint256 internal constant FRACTION_BITS = 64;
    /// @dev floor(e^(-1/30) * 2^128)
    uint256 internal constant DAILY_DECAY_Q128 = 0xf79b796fbc201ff3be5a46306be142bc;

    /// @notice Activity after `n` boundaries, `activity * e^(-n/30)`, rounded down (the pool gains).
    /// @dev Product of the constants floor(e^(-2^i/30) * 2^128) by the bits of `n`, with 64 fractional bits; each step floors,
    /// so at most 11 units of 2^-64 are lost. 60 + 64 bits times 128 bits fit a word. After 2,047 days the largest activity
    /// is below one unit.
    function decayActivity(uint256 activity, uint256 n) internal pure returns (uint256 v) {
        unchecked {
            if (activity == 0 || n > 2047) return 0;
            v = activity << FRACTION_BITS;
            if (n & 1 != 0) v = (v * DAILY_DECAY_Q128) >> 128;
            if (n & 2 != 0) v = (v * 0xef7d62c1e3ee9d2a16ca0708d7f3135c) >> 128;
            if (n & 4 != 0) v = (v * 0xe00b5bcf9f0925d63ab5b677ab057131) >> 128;
            if (n & 8 != 0) v = (v * 0xc413e12c5b14f0733ba4e67306bddb58) >> 128;
            if (n & 16 != 0) v = (v * 0x962e72571e1c951662b47677156bf2bf) >> 128;
            if (n > 31) {
                if (n & 32 != 0) v = (v * 0x581a766b61aa0572bf76eef022ebbb61) >> 128;
                if (n & 64 != 0) v = (v * 0x1e52342617bbe55b855947e784165f94) >> 128;
                if (n & 128 != 0) v = (v * 0x3975e9e6096bd6fc50aec838224fbc4) >> 128;
                if (n & 256 != 0) v = (v * 0xce5b878122b2e2a1a05efb64e3f5d) >> 128;
                if (n & 512 != 0) v = (v * 0xa6576ecd716003a5e503bf57c5) >> 128;
                if (n & 1024 != 0) v = (v * 0x6c15818eeea0c64ae8e0) >> 128;
            }
            v >>= FRACTION_BITS;
        }
    }

    /// @notice L of a whole basis-point rate, rounded down (the holder gains).
    function dailyLogRate(uint256 p) internal pure returns (uint256) {
        unchecked {
            return p * (LOG_1 + p * (LOG_2 + p * (LOG_3 + p * (LOG_4 + p * LOG_5))));
        }
    }

    /// @notice Fee of charged days whose log rates sum to `x` (36 decimals): `balance * (1 - e^-x)`, rounded down (the holder
    /// gains).
    /// @dev A single day is charged exactly. One day at `p` leaves at least p^2 LOG_2 behind its first term; two or more days
    /// that sum to `p` leave less, as the sum of their squares is smaller by 2 (p - 1) or more.
    /// Up to 0.34 (nearly three years at the highest rate) by the [6/6] Pade approximant, whose error there is below
    /// x^13 * 6! 6! / (12! 13!) < 2e-19; beyond by expWad, right within 1e-18.
    function feeDown(uint256 balance, uint256 x) internal pure returns (uint256) {
        unchecked {
            if (x < MAX_LOG_RATE) {
                uint256 p = x / LOG_1;
                if (x - p * LOG_1 >= p * p * LOG_2) return balance * p / BP_DAYS;
            }
            if (x > PADE_LIMIT) return balance * (1e18 - uint256(FixedPointMathLib.expWad(-int256(x / 1e18)))) / 1e18;
            // e^-x = (even - odd) / (even + odd), so 1 - e^-x = 2 odd / (even + odd). 36 decimals throughout.
            uint256 s = x * x / 1e36;
            uint256 even = 665280e36 + s * (75600e36 + s * (840e36 + s) / 1e36) / 1e36;
            uint256 odd = x * (332640e36 + s * (10080e36 + s * 42) / 1e36) / 1e36;
            return FixedPointMathLib.rawDiv(balance * (2 * odd), even + odd);
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
