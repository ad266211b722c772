// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {AccountWord} from "../../contracts/token/AccountWord.sol";
import {Demurrage} from "../../contracts/token/Demurrage.sol";
import {DemurrageRates} from "../../contracts/token/DemurrageRates.sol";
import {GlobalWord} from "../../contracts/token/GlobalWord.sol";
import {ParameterTimeline} from "../../contracts/token/ParameterTimeline.sol";
import {Vouching} from "../../contracts/token/Vouching.sol";

/// @notice Properties of the settlement library at the EVM's own speed. `FUZZ_RUNS` sets the number of runs.
contract DemurrageTest {
    uint256 private constant START = 20_000;

    uint256[] private _timeline;
    uint256 private _global;

    function setUp() public {
        _global = GlobalWord.withRates(0, DemurrageRates.table(DemurrageRates.defaults()));
        _timeline.push(ParameterTimeline.termOf(0, GlobalWord.rates(_global)));
    }

    /// @notice P7: the path for one day, where it answers, gives the fee of the walk to the wei.
    function testFuzz_P7_oneDayIsWalk(uint256 balance, uint256 activity, uint256 salt, uint48 tiers) public view {
        uint256 word = _word(balance, activity, tiers, salt);
        uint256[] memory terms = new uint256[](1);
        terms[0] = GlobalWord.rates(_global);
        (, uint256 quick) = Demurrage.oneDay(word, terms[0]);
        require(quick == Demurrage.feeUnder(word, START + 1, terms), "one day departs from the walk");
    }

    /// @notice P7: one term more or less in the list of terms changes nothing when it brings the same rates.
    function testFuzz_P7_sameRatesTwice(uint256 balance, uint256 activity, uint256 gap, uint256 change, uint48 tiers)
        public
        view
    {
        uint256 word = _word(balance, activity, tiers, gap);
        uint256 day = START + 1 + gap % 2_000;
        uint256 rates = GlobalWord.rates(_global);
        uint256[] memory alone = new uint256[](1);
        alone[0] = rates;
        uint256[] memory terms = new uint256[](2);
        terms[0] = rates;
        terms[1] = ParameterTimeline.termOf(START + 1 + change % 2_000, rates);
        // Cut in two or not, a walk adds up the same integers.
        uint256 whole = Demurrage.feeUnder(word, day, alone);
        uint256 cut = Demurrage.feeUnder(word, day, terms);
        require(whole == cut, "a change without change shows");
    }

    /// @notice P3, P13: another day never gives back, takes 1/3000 at most, and never lifts the band.
    function testFuzz_P3_P13_nextDay(uint256 balance, uint256 activity, uint256 gap, uint48 tiers) public view {
        uint256 word = _word(balance, activity, tiers, gap);
        uint256 day = START + gap % 2_000;
        (uint256 today,) = Demurrage.settle(word, day, _global, _timeline);
        (uint256 tomorrow,) = Demurrage.settle(word, day + 1, _global, _timeline);
        uint256 left = AccountWord.balance(today);
        uint256 next = AccountWord.balance(tomorrow);
        require(next <= left, "a balance rose");
        // Two paths of one account differ by 1e-18 of it.
        require(left - next <= left / 3_000 + left / 1e17 + 2, "a day took too much");
        require(_band(tomorrow) >= _band(today), "an idle account got faster");
    }

    /// @notice P4: a stop on the way changes the end by rounding only.
    function testFuzz_P4_oneStop(uint256 balance, uint256 activity, uint256 gap, uint256 stop, uint48 tiers)
        public
        view
    {
        uint256 word = _word(balance, activity, tiers, gap);
        uint256 day = START + 1 + gap % 2_000;
        (uint256 whole,) = Demurrage.settle(word, day, _global, _timeline);
        (uint256 half,) = Demurrage.settle(word, START + stop % (day - START), _global, _timeline);
        (uint256 cut,) = Demurrage.settle(half, day, _global, _timeline);
        uint256 a = AccountWord.balance(whole);
        uint256 b = AccountWord.balance(cut);
        require((a > b ? a - b : b - a) <= a / 1e12 + 5, "a stop on the way shows");
    }

    /// @notice P5: the day-by-day loop in plain Solidity, up to 400 days.
    function testFuzz_P5_dayLoop(uint256 balance, uint256 activity, uint256 gap, uint48 tiers) public view {
        uint256 word = _word(balance, activity, tiers, gap);
        uint256 day = START + 1 + gap % 400;
        (uint256 settled,) = Demurrage.settle(word, day, _global, _timeline);
        uint256 truth = _loop(word, day);
        uint256 left = AccountWord.balance(settled);
        // The loop loses up to a wei a day by rounding fees down.
        require((left > truth ? left - truth : truth - left) <= truth / 1e12 + 400, "the loop says otherwise");
    }

    /// @notice P18: in grace, one step gives what usual charging gives, or the allowance or a smaller balance from the start.
    function testFuzz_P18_grace(uint256 balance, uint256 activity, uint256 gap, uint256 longer, uint48 tiers)
        public
        view
    {
        uint256 word = _word(balance % 2 == 0 ? 100e18 + balance % 1e18 : balance, activity, tiers, gap);
        uint256 day = START + 1 + gap % 2_000;
        (uint256 usual,) = Demurrage.settle(word, day, _global, _timeline);
        uint256 graceUntil = day + 1 + longer % 365;
        (uint256 graced,) = Demurrage.settle(word | (graceUntil << AccountWord.GRACE_SHIFT), day, _global, _timeline);
        uint256 kept = FixedPointMathLib.min(AccountWord.balance(word), 100e18);
        uint256 expected = FixedPointMathLib.max(kept, AccountWord.balance(usual));
        require(AccountWord.balance(graced) == expected, "the allowance departs from the rule");
        require(AccountWord.graceUntil(graced) == graceUntil, "the grace is gone");
        require(AccountWord.activity(graced) == AccountWord.activity(usual), "grace changes the decay");
    }

    /// @notice P16: whatever two words are exchanged, what is lent is what capacity shrinks by, and nothing else moves.
    function testFuzz_P16_exchange(uint256 from, uint256 to, uint256 value, uint256 today) public pure {
        value %= 1 << 90;
        today %= 65_001;
        (uint256 sender, uint256 receiver) = Vouching.exchange(from, to, value, today);
        uint256 fields = AccountWord.ACTIVITY_FIELD | AccountWord.CAPACITY_FIELD;
        require((sender ^ from) & ~fields == 0 && (receiver ^ to) & ~fields == 0, "another field moved");
        require(AccountWord.activity(sender) >= AccountWord.activity(from), "activity fell");
        require(AccountWord.capacity(receiver) <= AccountWord.capacity(to), "capacity rose");
        if ((from | to) & Vouching.UNUSUAL != 0) return;
        (uint256 sender2, uint256 receiver2) = Vouching.lendInPlace(from, to, value, today);
        require(sender == sender2 && receiver == receiver2, "the way in place departs");
        uint256 earned = AccountWord.activity(sender) - AccountWord.activity(from);
        require(earned == (AccountWord.capacity(to) - AccountWord.capacity(receiver)) << 24, "not what was lent");
    }

    /// @dev Activity in 2^-60 of its unit, so that no rounding of the loop shows.
    function _loop(uint256 word, uint256 day) private view returns (uint256 balance) {
        balance = AccountWord.balance(word);
        uint256 v = AccountWord.activity(word) << 60;
        for (uint256 d = START + 1; d <= day; ++d) {
            v = FixedPointMathLib.fullMulDiv(v, 0xf79b796fbc201ff3be5a46306be142bc, 1 << 128);
            uint256 wei100 = (v * 100 << AccountWord.ACTIVITY_UNIT_BITS) >> 60;
            uint256 band = wei100 >= balance * 120 ? 0 : wei100 >= balance * 84 ? 1 : wei100 >= balance * 36 ? 2 : 3;
            uint256 rate = Demurrage.rateOf(GlobalWord.rates(_global), AccountWord.tierOn(word, d), band);
            uint256 fee = balance * rate / 300_000;
            if (fee >= 1e9) balance -= fee;
        }
    }

    /// @dev An account settled at START: up to 1e9 FTNS and `V / B` up to 2^10 of it, tiers within 130 days.
    function _word(uint256 balance, uint256 activity, uint48 tiers, uint256 salt) private pure returns (uint256) {
        // Every order of magnitude alike.
        balance = balance % (uint256(1e27) >> (salt % 60)) + 1;
        activity = activity % ((balance >> (salt % 13)) * 1_024 / (1 << AccountWord.ACTIVITY_UNIT_BITS) + 1);
        uint256 power = tiers % 130;
        uint256 active = power + (tiers >> 16) % (130 - power);
        uint256 basic = active + (tiers >> 32) % (130 - active);
        return balance | (activity << AccountWord.ACTIVITY_SHIFT) | ((START + basic) << AccountWord.BASIC_SHIFT)
            | ((START + active) << AccountWord.ACTIVE_SHIFT) | ((START + power) << AccountWord.POWER_SHIFT)
            | (START << AccountWord.SETTLED_SHIFT);
    }

    function _band(uint256 word) private pure returns (uint256) {
        uint256 balance = AccountWord.balance(word);
        uint256 activity = AccountWord.activity(word) << AccountWord.ACTIVITY_UNIT_BITS;
        return DemurrageRates.bandOfVelocity(balance == 0 ? type(uint256).max : activity * 1e18 / balance);
    }
}
