// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountWord} from "./AccountWord.sol";
import {DemurrageMath} from "./DemurrageMath.sol";
import {GlobalWord} from "./GlobalWord.sol";
import {ParameterTimeline} from "./ParameterTimeline.sol";

/// @title Demurrage
/// @notice What an account owes after any number of idle days.
///
/// `walk` is the law: it goes from change to change (of parameters, grace, tier, band, minimum fee) in the logarithms of
/// DemurrageMath, where a jump of days equals single steps bit for bit. `shortcut` answers the common cases (one day; many
/// days in one band and tier) without a logarithm. It only answers where its comparison is clearer than every rounding
/// involved, so both give the same fee to the wei, and which of them ran can never be told from outside.
library Demurrage {
    /// @dev `clearBand` gives this when the velocity is within CLEAR_MARGIN of an edge.
    uint256 internal constant UNCLEAR = 4;
    /// @dev 2^-24 of a twenty-fifth; every rounding involved is below 2^-37 of one.
    uint256 internal constant CLEAR_MARGIN = 1 << 16;
    /// @dev `y` of an account that is in the slowest band for good.
    int256 internal constant STILL = type(int256).min / 2;
    /// @dev Lower edge of the slowest band: further below `y`, STILL included, than any number of days can reach.
    int256 internal constant NO_EDGE = type(int256).min;

    /// @notice `word` settled through `day`, and the fee it pays for that. Nothing happens when it is settled so far already.
    function settle(uint256 word, uint256 day, uint256 globalWord, uint256[] storage timeline)
        internal
        view
        returns (uint256 settled, uint256 fee)
    {
        unchecked {
            if (word == 0) return (day << AccountWord.SETTLED_SHIFT, 0);
            uint256 from = word >> AccountWord.SETTLED_SHIFT;
            if (from >= day) return (word, 0);
            uint256 activity = AccountWord.activity(word);
            uint256 first = DemurrageMath.decayActivity(activity, 1);
            uint256 last = day - from == 1 ? first : DemurrageMath.decayActivity(activity, day - from);
            if (AccountWord.balance(word) >= DemurrageMath.NEVER_CHARGED_BELOW) {
                fee = feeOf(word, day, globalWord, timeline, first, last);
            }
            settled = (word & (AccountWord.BALANCE_MASK | AccountWord.SCHEDULE_FIELD)) - fee;
            settled |= (last >> DemurrageMath.FRACTION_BITS) << AccountWord.ACTIVITY_SHIFT;
            settled |= day << AccountWord.SETTLED_SHIFT;
            if (AccountWord.graceUntil(word) > day) settled |= word & AccountWord.GRACE_FIELD;
        }
    }

    /// @dev The fee by the shortcut where it answers, else by the walk.
    function feeOf(
        uint256 word,
        uint256 day,
        uint256 globalWord,
        uint256[] storage timeline,
        uint256 firstActivity,
        uint256 lastActivity
    ) private view returns (uint256 fee) {
        unchecked {
            uint256 from = word >> AccountWord.SETTLED_SHIFT;
            if (from < GlobalWord.historyDay(globalWord)) {
                if (AccountWord.graceUntil(word) == AccountWord.EXEMPT) return 0;
                return walk(word, day, ParameterTimeline.termsSince(timeline, from + 1));
            }
            uint256 rates = GlobalWord.rates(globalWord);
            if (word & AccountWord.GRACE_FIELD == 0) {
                bool known;
                (known, fee) = shortcut(word, day, rates, firstActivity, lastActivity);
                if (known) return fee;
            } else if (AccountWord.graceUntil(word) == AccountWord.EXEMPT) {
                return 0;
            }
            return walkOneTerm(word, day, rates);
        }
    }

    /// @notice The fee of an account without grace, all of whose days are governed by `rates`, when it is plain to see.
    /// @param firstActivity activity after one boundary, with FRACTION_BITS
    /// @param lastActivity activity after the last boundary, with FRACTION_BITS
    /// @return known false when only `walk` can tell
    function shortcut(uint256 word, uint256 day, uint256 rates, uint256 firstActivity, uint256 lastActivity)
        internal
        pure
        returns (bool known, uint256 fee)
    {
        unchecked {
            uint256 balance = AccountWord.balance(word);
            uint256 n = day - (word >> AccountWord.SETTLED_SHIFT);
            uint256 band = clearBand(firstActivity, balance);
            uint256 tier = AccountWord.tierOn(word, day);
            if (n == 1) {
                if (band == UNCLEAR) return (false, 0);
                fee = DemurrageMath.dayFeeDown(balance, rateOf(rates, tier, band));
                return (true, fee < DemurrageMath.MIN_FEE ? 0 : fee);
            }
            // Tiers and velocity only fall, so equal ends mean that nothing changed between them. The last day is judged
            // by the undiminished balance: if the band holds even so, it holds.
            if (AccountWord.tierOn(word, day - n + 1) != tier) return (false, 0);
            if (band != DemurrageMath.SLOWEST_BAND) {
                if (band == UNCLEAR || clearBand(lastActivity, balance) != band) return (false, 0);
            }
            uint256 p = rateOf(rates, tier, band);
            if (p == 0) return (true, 0);
            (uint256 logRate, uint256 charged) = chargedRun(balance, p, n, 0);
            if (charged != n) return (false, 0);
            return (true, DemurrageMath.feeDown(balance, n * logRate));
        }
    }

    /// @notice The fee of any account that is not exempt, under one term after another.
    /// @param terms the terms in force from the first day on, oldest first (see ParameterTimeline)
    /// @dev Rounds are bounded: see `ParameterTimeline.termsSince` for the terms, `advance` for each of them.
    function walk(uint256 word, uint256 day, uint256[] memory terms) internal pure returns (uint256) {
        unchecked {
            uint256 cursor = word >> AccountWord.SETTLED_SHIFT;
            int256 y = startingVelocity(AccountWord.activity(word), AccountWord.balance(word));
            uint256 x = 0;
            for (uint256 i = 0; i < terms.length && cursor < day; ++i) {
                uint256 end = i + 1 < terms.length ? min(day, ParameterTimeline.startOf(terms[i + 1]) - 1) : day;
                (y, x) = advance(word, cursor, end, ParameterTimeline.ratesOf(terms[i]), y, x);
                cursor = end;
            }
            return DemurrageMath.feeDown(AccountWord.balance(word), x);
        }
    }

    /// @notice `walk` under a single term.
    function walkOneTerm(uint256 word, uint256 day, uint256 rates) internal pure returns (uint256) {
        uint256 balance = AccountWord.balance(word);
        int256 y = startingVelocity(AccountWord.activity(word), balance);
        (, uint256 x) = advance(word, word >> AccountWord.SETTLED_SHIFT, day, rates, y, 0);
        return DemurrageMath.feeDown(balance, x);
    }

    /// @dev From `cursor` (done) through `end` under one table of rates: grace first, then tier by tier.
    /// At most five rounds: the grace, and one for each tier.
    /// @param y `30 ln(V / B)` after `cursor` [days, 36 decimals]
    /// @param x sum of the log rates of the days charged so far [36 decimals]
    function advance(uint256 word, uint256 cursor, uint256 end, uint256 rates, int256 y, uint256 x)
        private
        pure
        returns (int256, uint256)
    {
        unchecked {
            uint256 grace = AccountWord.graceUntil(word);
            if (cursor + 1 < grace && grace != AccountWord.POOLED) {
                uint256 graceEnd = min(end, grace - 1);
                y -= int256(graceEnd - cursor) * DemurrageMath.DAY_E36;
                cursor = graceEnd;
            }
            while (cursor < end) {
                uint256 tierEnd = AccountWord.powerThrough(word);
                uint256 shift = 84;
                if (cursor >= tierEnd) (tierEnd, shift) = (AccountWord.activeThrough(word), 56);
                if (cursor >= tierEnd) (tierEnd, shift) = (AccountWord.basicThrough(word), 28);
                if (cursor >= tierEnd) (tierEnd, shift) = (end, 0);
                if (tierEnd > end) tierEnd = end;
                (y, x) = charge(word, tierEnd - cursor, rates >> shift, y, x);
                cursor = tierEnd;
            }
            return (y, x);
        }
    }

    /// @dev `n` days in one tier, whose four rates are the lowest bits of `rates`: band by band.
    /// At most eight rounds: each leaves a band for ever, passes the minimum fee's cut-off in it, or is the last.
    function charge(uint256 word, uint256 n, uint256 rates, int256 y, uint256 x)
        private
        pure
        returns (int256, uint256)
    {
        unchecked {
            while (n != 0) {
                int256 edge;
                uint256 p;
                uint256 k = n;
                if (y >= DemurrageMath.EDGE_0_DAYS_E36 + DemurrageMath.DAY_E36) {
                    (edge, p) = (DemurrageMath.EDGE_0_DAYS_E36, rates & 0x7f);
                } else if (y >= DemurrageMath.EDGE_1_DAYS_E36 + DemurrageMath.DAY_E36) {
                    (edge, p) = (DemurrageMath.EDGE_1_DAYS_E36, (rates >> 7) & 0x7f);
                } else if (y >= DemurrageMath.EDGE_2_DAYS_E36 + DemurrageMath.DAY_E36) {
                    (edge, p) = (DemurrageMath.EDGE_2_DAYS_E36, (rates >> 14) & 0x7f);
                } else {
                    (edge, p) = (NO_EDGE, (rates >> 21) & 0x7f);
                }
                uint256 logRate = 0;
                if (p != 0) (logRate, k) = chargedRun(word & AccountWord.BALANCE_MASK, p, n, x);
                // Day j of this run is judged at y - j + (j - 1) 30 L; the last one that still reaches the edge:
                uint256 toEdge = uint256(y - edge - int256(30 * logRate)) / (1e36 - 30 * logRate);
                if (toEdge < k) k = toEdge;
                n -= k;
                y -= int256(k * (1e36 - 30 * logRate));
                x += k * logRate;
            }
            return (y, x);
        }
    }

    /// @dev Log rate of the next days at rate `p`, and on how many of at most `n` the fee reaches its minimum. A log rate of
    /// zero means that it does not, now or later.
    function chargedRun(uint256 balance, uint256 p, uint256 n, uint256 x) private pure returns (uint256, uint256) {
        unchecked {
            uint256 logRate = DemurrageMath.dailyLogRate(p);
            // e^-z >= 1 - z, so a balance this large cannot fall so far. The margin covers the rounding of e^-x below.
            uint256 z = x + n * logRate;
            if (z < 0.99e36 && balance * p * (0.99e36 - z) / 1e36 >= DemurrageMath.MIN_CHARGEABLE) return (logRate, n);
            uint256 left = x == 0 ? balance : balance - DemurrageMath.feeDown(balance, x);
            if (left * p < DemurrageMath.MIN_CHARGEABLE) return (0, n);
            return (logRate, min(n, DemurrageMath.chargeableDays(left, p, logRate)));
        }
    }

    /// @notice Rate of a tier and band [bp a month] in a table of 16 x 7 bits.
    function rateOf(uint256 rates, uint256 tier, uint256 band) internal pure returns (uint256) {
        unchecked {
            return (rates >> ((tier * 4 + band) * 7)) & 0x7f;
        }
    }

    /// @dev Band by cross-multiplication, or UNCLEAR near an edge. All edges are multiples of three twenty-fifths.
    function clearBand(uint256 activityWithFraction, uint256 balance) private pure returns (uint256) {
        unchecked {
            uint256 q = activityWithFraction * (DemurrageMath.EDGE_DENOMINATOR << AccountWord.ACTIVITY_UNIT_BITS) / balance;
            if (q < (DemurrageMath.EDGE_2 << DemurrageMath.FRACTION_BITS) - CLEAR_MARGIN) return DemurrageMath.SLOWEST_BAND;
            if ((q + CLEAR_MARGIN) % (3 << DemurrageMath.FRACTION_BITS) < 2 * CLEAR_MARGIN) return UNCLEAR;
            if (q < DemurrageMath.EDGE_1 << DemurrageMath.FRACTION_BITS) return 2;
            return q < DemurrageMath.EDGE_0 << DemurrageMath.FRACTION_BITS ? 1 : 0;
        }
    }

    /// @dev `y` at the start; no logarithm for an account that is already under the lowest edge.
    function startingVelocity(uint256 activity, uint256 balance) private pure returns (int256) {
        unchecked {
            uint256 scaled = activity * (DemurrageMath.EDGE_DENOMINATOR << AccountWord.ACTIVITY_UNIT_BITS);
            return scaled < balance * DemurrageMath.EDGE_2 ? STILL : DemurrageMath.velocityDays(activity, balance);
        }
    }

    function min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
