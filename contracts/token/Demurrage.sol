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
/// `walk` is the law: it goes from change to change (of parameters, tier, band, the minimum fee) in the logarithms of
/// DemurrageMath, where a jump of days equals single steps bit for bit. `oneDay` answers the commonest case, a single day,
/// without a logarithm: it is the rule itself, exact at every edge. The walk sees a velocity smaller than it is by less than
/// 1e-17 of it, so a day on which it is above an edge by less than that is charged at the next slower band, once an edge at
/// most; everywhere else both give the same fee to the wei, and which of them ran cannot be told from outside.
///
/// In grace, demurrage takes no balance below the allowance G: each day `min(usual fee, max(0, B - G))`. In one step that is
/// `max(min(B_0, G), B_n)`, with `B_n` as usually charged. For fees are never negative: while `B_i >= G` none is cut; the
/// first that would pass G leaves exactly G, from which nothing more is taken, and `B` stays below. After grace the walk
/// starts anew from that balance; where no fee was cut, it just goes on.
library Demurrage {
    /// @dev What settling keeps as it is, and the balance, which it lowers.
    uint256 private constant UNTOUCHED =
        AccountWord.BALANCE_MASK | AccountWord.CAPACITY_FIELD | AccountWord.SCHEDULE_FIELD;

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
            if (governed && from + 1 == day) {
                (settled, fee) = oneDay(word, globalWord >> GlobalWord.RATES_SHIFT);
                return word & AccountWord.GRACE_FIELD == 0 ? (settled, fee) : spare(word, day, settled, fee);
            }
            if (governed && word & AccountWord.GRACE_FIELD == 0) {
                if ((word & AccountWord.BALANCE_MASK) >= DemurrageMath.NEVER_CHARGED_BELOW) {
                    (, uint256 logRateSum) =
                        chargeTerm(word, from, day, globalWord >> GlobalWord.RATES_SHIFT, startingHeadroom(word), 0);
                    fee = DemurrageMath.feeDown(word & AccountWord.BALANCE_MASK, logRateSum);
                }
            } else if (AccountWord.graceUntil(word) != AccountWord.EXEMPT) {
                uint256[] memory terms;
                if (governed) {
                    terms = new uint256[](1);
                    terms[0] = GlobalWord.rates(globalWord);
                } else {
                    terms = ParameterTimeline.termsBetween(timeline, from + 1, day);
                }
                fee = feeUnder(word, day, terms);
            }

            uint256 activity = DemurrageMath.decayActivity(
                (word >> AccountWord.ACTIVITY_SHIFT) & AccountWord.ACTIVITY_MASK, day - from
            );
            uint256 grace = AccountWord.graceUntil(word);
            settled = (word & UNTOUCHED) - fee + (activity << AccountWord.ACTIVITY_SHIFT)
                + (day << AccountWord.SETTLED_SHIFT);
            if (grace > day) settled |= grace << AccountWord.GRACE_SHIFT;
        }
    }

    /// @notice `word` settled through the next day under `rates` (anything may stand above its 112 bits, here and below),
    /// and the fee, as if it had no grace and were not exempt.
    function oneDay(uint256 word, uint256 rates) internal pure returns (uint256 settled, uint256 fee) {
        unchecked {
            uint256 balance = word & AccountWord.BALANCE_MASK;
            // Decayed activity with 128 fractional bits.
            uint256 activity =
                ((word >> AccountWord.ACTIVITY_SHIFT) & AccountWord.ACTIVITY_MASK) * DemurrageMath.DAILY_DECAY_Q128;
            if (balance >= DemurrageMath.NEVER_CHARGED_BELOW) {
                // V / B against the edges, cross-multiplied (224 bits), so that nothing is rounded but e^(-1/30).
                uint256 velocity = activity * (DemurrageMath.EDGE_DENOMINATOR << AccountWord.ACTIVITY_UNIT_BITS);
                uint256 unit = balance << 128;
                uint256 shift = DemurrageRates.BAND_3_SHIFT;
                if (velocity >= unit * DemurrageMath.EDGE_2) {
                    shift = DemurrageRates.BAND_2_SHIFT;
                    if (velocity >= unit * DemurrageMath.EDGE_1) shift = DemurrageRates.BAND_1_SHIFT;
                    if (velocity >= unit * DemurrageMath.EDGE_0) shift = DemurrageRates.BAND_0_SHIFT;
                }
                uint256 day = (word >> AccountWord.SETTLED_SHIFT) + 1;
                if (day <= (word >> AccountWord.BASIC_SHIFT) & AccountWord.DAY_MASK) {
                    shift += DemurrageRates.TIER_BITS;
                    if (day <= (word >> AccountWord.ACTIVE_SHIFT) & AccountWord.DAY_MASK) {
                        shift += DemurrageRates.TIER_BITS;
                    }
                    if (day <= (word >> AccountWord.POWER_SHIFT) & AccountWord.DAY_MASK) {
                        shift += DemurrageRates.TIER_BITS;
                    }
                }
                fee = balance * (DemurrageRates.RATE_MASK & (rates >> shift)) / DemurrageMath.BP_DAYS;
                if (fee < DemurrageMath.MIN_FEE) fee = 0;
            }
            // One more settled day, with the balance and the activity replaced.
            settled = (word & ~AccountWord.ACTIVITY_FIELD) + (1 << AccountWord.SETTLED_SHIFT) - fee
                + ((activity >> 128) << AccountWord.ACTIVITY_SHIFT);
        }
    }

    /// @dev What `oneDay` gives for an account that is exempt, pooled or has had grace through the day before `day`.
    function spare(uint256 word, uint256 day, uint256 settled, uint256 fee) private pure returns (uint256, uint256) {
        unchecked {
            uint256 grace = AccountWord.graceUntil(word);
            if (grace == day) return (settled & ~AccountWord.GRACE_FIELD, fee);
            if (grace == AccountWord.POOLED) return (settled, fee);
            uint256 free = 0;
            if (grace != AccountWord.EXEMPT) {
                free = FixedPointMathLib.zeroFloorSub(word & AccountWord.BALANCE_MASK, DemurrageMath.GRACE_ALLOWANCE);
            }
            uint256 spared = FixedPointMathLib.zeroFloorSub(fee, free);
            return (settled + spared, fee - spared);
        }
    }

    /// @notice The fee of any account that is not exempt through `day`, with the allowance of its grace.
    /// @param terms the terms in force from the first day on, oldest first (see ParameterTimeline)
    function feeUnder(uint256 word, uint256 day, uint256[] memory terms) internal pure returns (uint256 fee) {
        unchecked {
            uint256 balance = word & AccountWord.BALANCE_MASK;
            if (balance < DemurrageMath.NEVER_CHARGED_BELOW) return 0;
            uint256 cursor = word >> AccountWord.SETTLED_SHIFT;
            uint256 headroom = startingHeadroom(word);
            uint256 logRateSum;
            uint256 graced = lastGracedDay(word, day);
            if (graced > cursor) {
                uint256 free = FixedPointMathLib.zeroFloorSub(balance, DemurrageMath.GRACE_ALLOWANCE);
                if (free != 0) {
                    (headroom, logRateSum) = walk(word, cursor, graced, terms, headroom, 0);
                    fee = FixedPointMathLib.min(DemurrageMath.feeDown(balance, logRateSum), free);
                }
                if (graced == day) return fee;
                if (fee == free) {
                    // At the allowance, or below it from the start: anew from there, with the activity decayed.
                    word -= fee;
                    uint256 fallen = (graced - cursor) * DemurrageMath.DAY_E36;
                    headroom = FixedPointMathLib.zeroFloorSub(startingHeadroom(word), fallen);
                    logRateSum = 0;
                }
                cursor = graced;
            }
            (, logRateSum) = walk(word, cursor, day, terms, headroom, logRateSum);
            uint256 base = word & AccountWord.BALANCE_MASK;
            return balance - base + DemurrageMath.feeDown(base, logRateSum);
        }
    }

    /// @notice The days after `cursor` through `day`, under one term after another.
    /// @param headroom days of `y` above the lowest edge after `cursor` (36 decimals)
    /// @param logRateSum sum of the log rates of the days charged so far (36 decimals)
    /// @dev The rounds are bounded: for the terms by `ParameterTimeline.termsBetween`, within each by `chargeTerm`.
    function walk(
        uint256 word,
        uint256 cursor,
        uint256 day,
        uint256[] memory terms,
        uint256 headroom,
        uint256 logRateSum
    ) internal pure returns (uint256, uint256) {
        unchecked {
            for (uint256 i = 0; i < terms.length && cursor < day; ++i) {
                uint256 end = day;
                if (i + 1 < terms.length) {
                    end = FixedPointMathLib.min(day, ParameterTimeline.startOf(terms[i + 1]) - 1);
                }
                if (end <= cursor) continue;
                (headroom, logRateSum) =
                    chargeTerm(word, cursor, end, ParameterTimeline.ratesOf(terms[i]), headroom, logRateSum);
                cursor = end;
            }
            return (headroom, logRateSum);
        }
    }

    /// @dev The last day of grace up to `day`; the last settled one or earlier if there is none.
    function lastGracedDay(uint256 word, uint256 day) private pure returns (uint256) {
        unchecked {
            uint256 grace = AccountWord.graceUntil(word);
            return grace == 0 || grace == AccountWord.POOLED ? 0 : FixedPointMathLib.min(day, grace - 1);
        }
    }

    /// @dev From `cursor` (done) through `end` under one table of rates, tier by tier, of which there are at most four.
    function chargeTerm(uint256 word, uint256 cursor, uint256 end, uint256 rates, uint256 headroom, uint256 logRateSum)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
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
                uint256 logRate = rateBp
                    * (DemurrageMath.LOG_1
                        + rateBp
                        * (DemurrageMath.LOG_2
                            + rateBp
                            * (DemurrageMath.LOG_3 + rateBp * (DemurrageMath.LOG_4 + rateBp * DemurrageMath.LOG_5))));
                uint256 run = dayCount;
                if (dustBalance != 0) {
                    (logRate, run) = chargeableRun(dustBalance, rateBp, logRate, dayCount, logRateSum);
                }
                // Day j of this band is judged at headroom - j + (j - 1) 30 L; the last one that still reaches the edge:
                uint256 fall = DemurrageMath.DAY_E36 - 30 * logRate;
                uint256 toEdge = FixedPointMathLib.rawDiv(headroom - edge - 30 * logRate, fall);
                if (toEdge < run) run = toEdge;
                headroom -= run * fall;
                logRateSum += run * logRate;
                if (run == dayCount) return (headroom, logRateSum);
                dayCount -= run;
            }
            uint256 slowest =
                DemurrageMath.dailyLogRate(DemurrageRates.RATE_MASK & (rates >> DemurrageRates.BAND_3_SHIFT));
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
            if (dayCount < 2900 && balance * rateBp * (2970 - dayCount) > 3000 * DemurrageMath.MIN_CHARGEABLE) {
                return 0;
            }
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
            uint256 activity =
                ((word >> AccountWord.ACTIVITY_SHIFT) & AccountWord.ACTIVITY_MASK) << AccountWord.ACTIVITY_UNIT_BITS;
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
