// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {AccountWord} from "./AccountWord.sol";
import {DemurrageMath} from "./DemurrageMath.sol";
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
                uint256 x;
                if (governed) (, x) = advance(word, from, day, globalWord >> GlobalWord.RATES_SHIFT, startingRoom(word), 0);
                else x = walk(word, day, ParameterTimeline.termsBetween(timeline, from + 1, day));
                fee = DemurrageMath.feeDown(word & AccountWord.BALANCE_MASK, x);
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
                uint256 q = FixedPointMathLib.rawDiv(
                    activity * (DemurrageMath.EDGE_DENOMINATOR << AccountWord.ACTIVITY_UNIT_BITS), balance
                );
                uint256 shift = 21;
                if (q >= (DemurrageMath.EDGE_2 << DemurrageMath.FRACTION_BITS) - CLEAR_MARGIN) {
                    if ((q + CLEAR_MARGIN) % (3 << DemurrageMath.FRACTION_BITS) < 2 * CLEAR_MARGIN) return (0, 0);
                    shift = 14;
                    if (q >= DemurrageMath.EDGE_1 << DemurrageMath.FRACTION_BITS) shift = 7;
                    if (q >= DemurrageMath.EDGE_0 << DemurrageMath.FRACTION_BITS) shift = 0;
                }
                uint256 day = (word >> AccountWord.SETTLED_SHIFT) + 1;
                if (day <= (word >> AccountWord.BASIC_SHIFT) & AccountWord.DAY_MASK) {
                    shift += 28;
                    if (day <= (word >> AccountWord.ACTIVE_SHIFT) & AccountWord.DAY_MASK) shift += 28;
                    if (day <= (word >> AccountWord.POWER_SHIFT) & AccountWord.DAY_MASK) shift += 28;
                }
                fee = balance * ((rates >> shift) & 0x7f) / DemurrageMath.BP_DAYS;
                if (fee < DemurrageMath.MIN_FEE) fee = 0;
            }
            // One more settled day, with the balance and the activity replaced.
            settled = (word & ~AccountWord.ACTIVITY_FIELD) + (1 << AccountWord.SETTLED_SHIFT) - fee
                + ((activity >> DemurrageMath.FRACTION_BITS) << AccountWord.ACTIVITY_SHIFT);
        }
    }

    /// @notice The summed log rates of any account that is not exempt, under one term after another.
    /// @param terms the terms in force from the first day on, oldest first (see ParameterTimeline)
    /// @dev The rounds are bounded: for the terms by `ParameterTimeline.termsBetween`, within each by `advance`.
    function walk(uint256 word, uint256 day, uint256[] memory terms) internal pure returns (uint256 x) {
        unchecked {
            uint256 cursor = word >> AccountWord.SETTLED_SHIFT;
            uint256 room = startingRoom(word);
            for (uint256 i = 0; i < terms.length && cursor < day; ++i) {
                uint256 end = day;
                if (i + 1 < terms.length) end = FixedPointMathLib.min(day, ParameterTimeline.startOf(terms[i + 1]) - 1);
                (room, x) = advance(word, cursor, end, ParameterTimeline.ratesOf(terms[i]), room, x);
                cursor = end;
            }
        }
    }

    /// @dev From `cursor` (done) through `end` under one table of rates: grace first, then tier by tier, of which there are
    /// at most four.
    /// @param room days of `y` above the lowest edge after `cursor` (36 decimals)
    /// @param x sum of the log rates of the days charged so far (36 decimals)
    function advance(uint256 word, uint256 cursor, uint256 end, uint256 rates, uint256 room, uint256 x)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
            if (word & AccountWord.GRACE_FIELD != 0) (cursor, room) = rest(word, cursor, end, room);
            uint256 watched = dustPossible(word, end, rates);
            while (cursor < end) {
                uint256 shift = 84;
                uint256 tierEnd = (word >> AccountWord.POWER_SHIFT) & AccountWord.DAY_MASK;
                if (cursor >= tierEnd) {
                    shift = 56;
                    tierEnd = (word >> AccountWord.ACTIVE_SHIFT) & AccountWord.DAY_MASK;
                    if (cursor >= tierEnd) {
                        shift = 28;
                        tierEnd = (word >> AccountWord.BASIC_SHIFT) & AccountWord.DAY_MASK;
                        if (cursor >= tierEnd) (shift, tierEnd) = (0, end);
                    }
                }
                if (tierEnd > end) tierEnd = end;
                (room, x) = charge(watched, tierEnd - cursor, rates >> shift, room, x);
                cursor = tierEnd;
            }
            return (room, x);
        }
    }

    /// @dev Days of grace, as far as `end`: the activity decays, nothing is charged.
    function rest(uint256 word, uint256 cursor, uint256 end, uint256 room) private pure returns (uint256, uint256) {
        unchecked {
            uint256 grace = AccountWord.graceUntil(word);
            if (grace == AccountWord.POOLED || cursor + 1 >= grace) return (cursor, room);
            end = FixedPointMathLib.min(end, grace - 1);
            uint256 fallen = (end - cursor) * DemurrageMath.DAY_E36;
            return (end, fallen < room ? room - fallen : 0);
        }
    }

    /// @dev `n` days (at least one) in one tier, whose four rates are the lowest bits of `rates`: band by band.
    /// At most eight rounds: each leaves a band for ever, passes the minimum fee's cut-off in it, or is the last.
    /// @param watched the balance at the start, or zero if no fee can fall under its minimum
    function charge(uint256 watched, uint256 n, uint256 rates, uint256 room, uint256 x)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
            while (room >= DemurrageMath.DAY_E36) {
                uint256 edge = 0;
                uint256 p = rates >> 14;
                if (room >= DemurrageMath.EDGE_1_ROOM + DemurrageMath.DAY_E36) {
                    (edge, p) = (DemurrageMath.EDGE_1_ROOM, rates >> 7);
                    if (room >= DemurrageMath.EDGE_0_ROOM + DemurrageMath.DAY_E36) {
                        (edge, p) = (DemurrageMath.EDGE_0_ROOM, rates);
                    }
                }
                p &= 0x7f;
                // DemurrageMath.dailyLogRate in line.
                uint256 l = p * (DemurrageMath.LOG_1 + p * (DemurrageMath.LOG_2 + p
                                * (DemurrageMath.LOG_3 + p * (DemurrageMath.LOG_4 + p * DemurrageMath.LOG_5))));
                uint256 k = n;
                if (watched != 0) (l, k) = chargedRun(watched, p, l, n, x);
                // Day j of this band is judged at room - j + (j - 1) 30 L; the last one that still reaches the edge:
                uint256 fall = DemurrageMath.DAY_E36 - 30 * l;
                uint256 toEdge = FixedPointMathLib.rawDiv(room - edge - 30 * l, fall);
                if (toEdge < k) k = toEdge;
                room -= k * fall;
                x += k * l;
                if (k == n) return (room, x);
                n -= k;
            }
            uint256 slowest = DemurrageMath.dailyLogRate((rates >> 21) & 0x7f);
            if (watched != 0) (slowest, n) = chargedRun(watched, (rates >> 21) & 0x7f, slowest, n, x);
            return (room, x + n * slowest);
        }
    }

    /// @dev The balance of `word` if a fee on one of the days through `end` might fall below the minimum, else zero. Errs on
    /// the safe side: (1 - rho)^n >= 1 - n / 3,000, and no rate is below POWER's in the fastest band (or 1 basis point).
    function dustPossible(uint256 word, uint256 end, uint256 rates) private pure returns (uint256 balance) {
        unchecked {
            balance = word & AccountWord.BALANCE_MASK;
            uint256 n = end - (word >> AccountWord.SETTLED_SHIFT);
            uint256 p = (rates >> 84) & 0x7f;
            if (p == 0) p = 1;
            if (n < 2900 && balance * p * (2970 - n) > 3000 * DemurrageMath.MIN_CHARGEABLE) return 0;
        }
    }

    /// @dev The log rate of the next days at rate `p`, and on how many of at most `n` the fee reaches its minimum. A log rate
    /// of zero means that it does not, now or later at this rate.
    function chargedRun(uint256 balance, uint256 p, uint256 logRate, uint256 n, uint256 x)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
            uint256 left = balance - DemurrageMath.feeDown(balance, x);
            if (left * p < DemurrageMath.MIN_CHARGEABLE) return (0, n);
            return (logRate, FixedPointMathLib.min(n, DemurrageMath.chargeableDays(left, p, logRate)));
        }
    }

    /// @dev How far `y` of a charged account is above the lowest edge; zero (the slowest band for good) when it is under it.
    function startingRoom(uint256 word) private pure returns (uint256) {
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

    /// @notice Rate of a tier and band [bp a month] in a table of 16 x 7 bits.
    function rateOf(uint256 rates, uint256 tier, uint256 band) internal pure returns (uint256) {
        unchecked {
            return (rates >> ((tier * 4 + band) * 7)) & 0x7f;
        }
    }
}
