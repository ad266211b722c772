// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {AccountWord} from "./AccountWord.sol";
import {DemurrageMath} from "./DemurrageMath.sol";
import {DemurrageRates} from "./DemurrageRates.sol";
import {GlobalWord} from "./GlobalWord.sol";
import {ParameterTimeline} from "./ParameterTimeline.sol";

/// @title Demurrage
/// @notice What an account owes after any number of idle days.
///
/// `walk` is the law: it goes from change to change (of parameters, grace, tier, band, the minimum fee) in the logarithms
/// of DemurrageMath, where a jump of days equals single steps bit for bit. `oneDay` answers the commonest case, a single
/// day, without a logarithm. It answers only where its comparison is clearer than every rounding involved, so both give
/// the same fee to the wei, and which of them ran cannot be told from outside.
library Demurrage {
    /// @dev How near to an edge `oneDay` leaves the decision to `walk`: 2^-24 of a twenty-fifth. Every rounding involved is
    /// below 2^-37 of one.
    uint256 internal constant CLEAR_MARGIN = 1 << 16;

    /// @notice `word` settled through `day`, and the fee it pays for that. Nothing happens if it is settled so far already.
    function settle(uint256 word, uint256 day, uint256 globalWord, uint256[] storage timeline)
        internal
        view
        returns (uint256 settled, uint256 fee)
    {
        unchecked {
            if (word == 0) return (day << AccountWord.SETTLED_SHIFT, 0);
            uint256 from = word >> AccountWord.SETTLED_SHIFT;
            if (from >= day) return (word, 0);
            bool governed = from >= GlobalWord.historyDay(globalWord);
            if (from + 1 == day && governed && word & AccountWord.GRACE_FIELD == 0) {
                (settled, fee) = oneDay(word, globalWord >> GlobalWord.RATES_SHIFT);
                if (settled != 0) return (settled, fee);
            }

            uint256 grace = AccountWord.graceUntil(word);
            if ((word & AccountWord.BALANCE_MASK) >= DemurrageMath.NEVER_CHARGED_BELOW && grace != AccountWord.EXEMPT) {
                uint256 logRateSum;
                if (governed) {
                    (, logRateSum) =
                        chargeTerm(word, from, day, globalWord >> GlobalWord.RATES_SHIFT, startingHeadroom(word), 0);
                } else {
                    logRateSum = walk(word, day, ParameterTimeline.termsBetween(timeline, from + 1, day));
                }
                fee = DemurrageMath.feeDown(word & AccountWord.BALANCE_MASK, logRateSum);
            }
            uint256 activity =
                DemurrageMath.decayActivity((word >> AccountWord.ACTIVITY_SHIFT) & AccountWord.ACTIVITY_MASK, day - from);
            settled = ((word & (AccountWord.BALANCE_MASK | AccountWord.SCHEDULE_FIELD)) - fee)
                | (activity << AccountWord.ACTIVITY_SHIFT) | (day << AccountWord.SETTLED_SHIFT);
            if (grace > day) settled |= grace << AccountWord.GRACE_SHIFT;
        }
    }

    /// @notice `word`, of an account without grace, settled through the next day under `rates` (anything may stand above its
    /// 112 bits, here and below), and the fee.
    /// @return settled zero where only `walk` can tell
    function oneDay(uint256 word, uint256 rates) internal pure returns (uint256 settled, uint256 fee) {
        unchecked {
            uint256 balance = word & AccountWord.BALANCE_MASK;
            // Decayed activity with 40 fractional bits.
            uint256 activity = (((word >> AccountWord.ACTIVITY_SHIFT) & AccountWord.ACTIVITY_MASK)
                    * DemurrageMath.DAILY_DECAY_Q128) >> (128 - DemurrageMath.FRACTION_BITS);
            if (balance >= DemurrageMath.NEVER_CHARGED_BELOW) {
                // Velocity in twenty-fifths, with 40 fractional bits. Every edge is a whole multiple of three of them.
                uint256 velocity = FixedPointMathLib.rawDiv(
                    activity * (DemurrageMath.EDGE_DENOMINATOR << AccountWord.ACTIVITY_UNIT_BITS), balance
                );
                uint256 shift = DemurrageRates.BAND_3_SHIFT;
                if (velocity >= (DemurrageMath.EDGE_2 << DemurrageMath.FRACTION_BITS) - CLEAR_MARGIN) {
                    if ((velocity + CLEAR_MARGIN) % (3 << DemurrageMath.FRACTION_BITS) < 2 * CLEAR_MARGIN) return (0, 0);
                    shift = DemurrageRates.BAND_2_SHIFT;
                    if (velocity >= DemurrageMath.EDGE_1 << DemurrageMath.FRACTION_BITS) shift = DemurrageRates.BAND_1_SHIFT;
                    if (velocity >= DemurrageMath.EDGE_0 << DemurrageMath.FRACTION_BITS) shift = DemurrageRates.BAND_0_SHIFT;
                }
                uint256 day = (word >> AccountWord.SETTLED_SHIFT) + 1;
                if (day <= (word >> AccountWord.BASIC_SHIFT) & AccountWord.DAY_MASK) {
                    shift += DemurrageRates.TIER_BITS;
                    if (day <= (word >> AccountWord.ACTIVE_SHIFT) & AccountWord.DAY_MASK) shift += DemurrageRates.TIER_BITS;
                    if (day <= (word >> AccountWord.POWER_SHIFT) & AccountWord.DAY_MASK) shift += DemurrageRates.TIER_BITS;
                }
                fee = balance * (DemurrageRates.RATE_MASK & (rates >> shift)) / DemurrageMath.BP_DAYS;
                if (fee < DemurrageMath.MIN_FEE) fee = 0;
            }
            // One more settled day, with the balance and the activity replaced.
            settled = (word & ~AccountWord.ACTIVITY_FIELD) + (1 << AccountWord.SETTLED_SHIFT) - fee
                + ((activity >> DemurrageMath.FRACTION_BITS) << AccountWord.ACTIVITY_SHIFT);
        }
    }

    /// @notice The summed log rates of any account that is not exempt, under one term after another.
    /// @param terms the terms in force from the first day on, oldest first (see ParameterTimeline)
    /// @dev The rounds are bounded: for the terms by `ParameterTimeline.termsBetween`, within each by `chargeTerm`.
    function walk(uint256 word, uint256 day, uint256[] memory terms) internal pure returns (uint256 logRateSum) {
        unchecked {
            uint256 cursor = word >> AccountWord.SETTLED_SHIFT;
            uint256 headroom = startingHeadroom(word);
            for (uint256 i = 0; i < terms.length && cursor < day; ++i) {
                uint256 end = day;
                if (i + 1 < terms.length) end = FixedPointMathLib.min(day, ParameterTimeline.startOf(terms[i + 1]) - 1);
                (headroom, logRateSum) =
                    chargeTerm(word, cursor, end, ParameterTimeline.ratesOf(terms[i]), headroom, logRateSum);
                cursor = end;
            }
        }
    }

    /// @dev From `cursor` (done) through `end` under one table of rates: grace first, then tier by tier, of which there are
    /// at most four.
    /// @param headroom days of `y` above the lowest edge after `cursor` (36 decimals)
    /// @param logRateSum sum of the log rates of the days charged so far (36 decimals)
    function chargeTerm(uint256 word, uint256 cursor, uint256 end, uint256 rates, uint256 headroom, uint256 logRateSum)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
            if (word & AccountWord.GRACE_FIELD != 0) (cursor, headroom) = passGrace(word, cursor, end, headroom);
            uint256 dustBalance = balanceIfDustPossible(word, end, rates);
            while (cursor < end) {
                uint256 shift = DemurrageRates.POWER_SHIFT;
                uint256 tierEnd = (word >> AccountWord.POWER_SHIFT) & AccountWord.DAY_MASK;
                if (cursor >= tierEnd) {
                    shift = DemurrageRates.ACTIVE_SHIFT;
                    tierEnd = (word >> AccountWord.ACTIVE_SHIFT) & AccountWord.DAY_MASK;
                    if (cursor >= tierEnd) {
                        shift = DemurrageRates.BASIC_SHIFT;
                        tierEnd = (word >> AccountWord.BASIC_SHIFT) & AccountWord.DAY_MASK;
                        if (cursor >= tierEnd) (shift, tierEnd) = (DemurrageRates.NONE_SHIFT, end);
                    }
                }
                if (tierEnd > end) tierEnd = end;
                (headroom, logRateSum) = chargeTier(dustBalance, tierEnd - cursor, rates >> shift, headroom, logRateSum);
                cursor = tierEnd;
            }
            return (headroom, logRateSum);
        }
    }

    /// @dev Days of grace, as far as `end`: the activity decays, nothing is charged.
    function passGrace(uint256 word, uint256 cursor, uint256 end, uint256 headroom)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
            uint256 grace = AccountWord.graceUntil(word);
            if (grace == AccountWord.POOLED || cursor + 1 >= grace) return (cursor, headroom);
            end = FixedPointMathLib.min(end, grace - 1);
            uint256 fallen = (end - cursor) * DemurrageMath.DAY_E36;
            return (end, fallen < headroom ? headroom - fallen : 0);
        }
    }

    /// @dev `dayCount` days (at least one) in one tier, whose four rates are the lowest bits of `rates`: band by band.
    /// At most eight rounds: each leaves a band for ever, passes the minimum fee's cut-off in it, or is the last.
    /// @param dustBalance the balance at the start, or zero if no fee can fall under its minimum
    function chargeTier(uint256 dustBalance, uint256 dayCount, uint256 rates, uint256 headroom, uint256 logRateSum)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
            while (headroom >= DemurrageMath.DAY_E36) {
                uint256 edge = 0;
                uint256 rateBp = rates >> DemurrageRates.BAND_2_SHIFT;
                if (headroom >= DemurrageMath.EDGE_1_HEADROOM + DemurrageMath.DAY_E36) {
                    (edge, rateBp) = (DemurrageMath.EDGE_1_HEADROOM, rates >> DemurrageRates.BAND_1_SHIFT);
                    if (headroom >= DemurrageMath.EDGE_0_HEADROOM + DemurrageMath.DAY_E36) {
                        (edge, rateBp) = (DemurrageMath.EDGE_0_HEADROOM, rates);
                    }
                }
                rateBp &= DemurrageRates.RATE_MASK;
                // DemurrageMath.dailyLogRate in line.
                uint256 logRate = rateBp * (DemurrageMath.LOG_1 + rateBp
                        * (DemurrageMath.LOG_2 + rateBp
                            * (DemurrageMath.LOG_3 + rateBp * (DemurrageMath.LOG_4 + rateBp * DemurrageMath.LOG_5))));
                uint256 run = dayCount;
                if (dustBalance != 0) (logRate, run) = chargeableRun(dustBalance, rateBp, logRate, dayCount, logRateSum);
                // Day j of this band is judged at headroom - j + (j - 1) 30 L; the last one that still reaches the edge:
                uint256 fall = DemurrageMath.DAY_E36 - 30 * logRate;
                uint256 toEdge = FixedPointMathLib.rawDiv(headroom - edge - 30 * logRate, fall);
                if (toEdge < run) run = toEdge;
                headroom -= run * fall;
                logRateSum += run * logRate;
                if (run == dayCount) return (headroom, logRateSum);
                dayCount -= run;
            }
            uint256 slowest = DemurrageMath.dailyLogRate(DemurrageRates.RATE_MASK & (rates >> DemurrageRates.BAND_3_SHIFT));
            if (dustBalance != 0) {
                (slowest, dayCount) = chargeableRun(
                    dustBalance,
                    DemurrageRates.RATE_MASK & (rates >> DemurrageRates.BAND_3_SHIFT),
                    slowest,
                    dayCount,
                    logRateSum
                );
            }
            return (headroom, logRateSum + dayCount * slowest);
        }
    }

    /// @dev The balance of `word` if a fee on one of the days through `end` might fall below the minimum, else zero. Errs on
    /// the safe side: (1 - rho)^n >= 1 - dayCount / 3,000, and no rate is below POWER's in the fastest band (or 1 basis point).
    function balanceIfDustPossible(uint256 word, uint256 end, uint256 rates) private pure returns (uint256 balance) {
        unchecked {
            balance = word & AccountWord.BALANCE_MASK;
            uint256 dayCount = end - (word >> AccountWord.SETTLED_SHIFT);
            uint256 rateBp = DemurrageRates.RATE_MASK & (rates >> DemurrageRates.POWER_SHIFT);
            if (rateBp == 0) rateBp = 1;
            if (dayCount < 2900 && balance * rateBp * (2970 - dayCount) > 3000 * DemurrageMath.MIN_CHARGEABLE) return 0;
        }
    }

    /// @dev The log rate of the next days at rate `rateBp`, and on how many of at most `dayCount` days the fee reaches its
    /// minimum. A log rate of zero means that it does not, now or later at this rate.
    function chargeableRun(uint256 balance, uint256 rateBp, uint256 logRate, uint256 dayCount, uint256 logRateSum)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
            uint256 left = balance - DemurrageMath.feeDown(balance, logRateSum);
            if (left * rateBp < DemurrageMath.MIN_CHARGEABLE) return (0, dayCount);
            return (logRate, FixedPointMathLib.min(dayCount, DemurrageMath.chargeableDays(left, rateBp, logRate)));
        }
    }

    /// @dev How far `y` of a charged account is above the lowest edge; zero (the slowest band for good) when it is under it.
    function startingHeadroom(uint256 word) private pure returns (uint256) {
        unchecked {
            uint256 balance = word & AccountWord.BALANCE_MASK;
            uint256 activity = ((word >> AccountWord.ACTIVITY_SHIFT) & AccountWord.ACTIVITY_MASK)
                << AccountWord.ACTIVITY_UNIT_BITS;
            if (activity * DemurrageMath.EDGE_DENOMINATOR < balance * DemurrageMath.EDGE_2) return 0;
            // The ratio's own rounding (1e-18) is minute where it is above the edge.
            int256 y = FixedPointMathLib.lnWad(int256(FixedPointMathLib.rawDiv(activity * 1e18, balance))) * 30e18;
            return y > DemurrageMath.EDGE_2_DAYS_E36 ? uint256(y - DemurrageMath.EDGE_2_DAYS_E36) : 0;
        }
    }

    /// @notice Rate of a tier and band [bp a month] in the table that DemurrageRates draws.
    function rateOf(uint256 rates, uint256 tier, uint256 band) internal pure returns (uint256) {
        unchecked {
            return DemurrageRates.RATE_MASK & (rates >> (DemurrageRates.RATE_BITS * (tier * 4 + band)));
        }
    }
}
