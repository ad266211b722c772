// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountClass, AccountView, DemurrageParameters, IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";
import {AccountWord} from "./AccountWord.sol";
import {Demurrage} from "./Demurrage.sol";
import {DemurrageRates} from "./DemurrageRates.sol";
import {GlobalWord} from "./GlobalWord.sol";
import {ParameterTimeline} from "./ParameterTimeline.sol";

/// @title AccountLedger
/// @notice What the token stores, and how it settles, describes and classes an account. Nothing moves here but fees.
abstract contract AccountLedger is IFTNSToken {
    using ParameterTimeline for uint256[];

    // Immutables

    /// @inheritdoc IFTNSToken
    address public immutable REWARD_POOL;

    // Storage

    /// @dev See AccountWord.
    struct Account {
        uint256 word;
    }

    mapping(address => Account) internal _accounts;
    /// @dev See GlobalWord.
    uint256 internal _global;
    /// @dev See ParameterTimeline.
    uint256[] internal _timeline;
    DemurrageParameters internal _parameters;

    // Constructor

    constructor(address rewardPool) {
        if (rewardPool == address(0)) revert ZeroAccount();
        REWARD_POOL = rewardPool;
        _setClass(rewardPool, ProtocolTime.today() << AccountWord.SETTLED_SHIFT, AccountClass.EXEMPT);
        _storeParameters(DemurrageRates.defaults(), 0);
        _timeline.push(ParameterTimeline.termOf(0, GlobalWord.rates(_global)));
    }

    // Internals: reading

    /// @dev Balance of `account` net of the demurrage due.
    function _netBalance(address account) internal view returns (uint256) {
        uint256 word = _accounts[account].word;
        uint256 today = ProtocolTime.today();
        if (AccountWord.settledDay(word) != today && word != 0) {
            (word,) = Demurrage.settle(word, today, _global, _timeline);
        }
        uint256 balance = AccountWord.balance(word);
        return account == REWARD_POOL ? balance + GlobalWord.settledFees(_global) : balance;
    }

    /// @dev See `accountOf`.
    function _describe(address account) internal view returns (AccountView memory info) {
        uint256 today = ProtocolTime.today();
        uint256 stored = _accounts[account].word;
        (uint256 word, uint256 fee) = Demurrage.settle(stored, today, _global, _timeline);
        (, uint256 nextFee) = Demurrage.settle(word, today + 1, _global, _timeline);
        uint256 balance = AccountWord.balance(word);
        uint256 activity = AccountWord.activity(word) << AccountWord.ACTIVITY_UNIT_BITS;

        info.balance = account == REWARD_POOL ? balance + GlobalWord.settledFees(_global) : balance;
        info.dueFee = fee;
        info.activity = activity;
        info.capacity = AccountWord.capacity(word) << AccountWord.CAPACITY_UNIT_BITS;
        info.velocity = balance == 0 ? type(uint256).max : activity * 1e18 / balance;
        info.band = DemurrageRates.bandOfVelocity(info.velocity);
        info.tier = Tier(AccountWord.tierOn(word, today));
        info.accountClass = _classOf(word);
        uint256 rate = Demurrage.rateOf(GlobalWord.rates(_global), uint256(info.tier), info.band);
        info.monthlyRate = rate * DemurrageRates.BASIS_POINT;
        info.schedule = _scheduleOf(word);
        info.graceUntil = info.accountClass == AccountClass.STANDARD ? AccountWord.graceUntil(word) : 0;
        info.settledDay = AccountWord.settledDay(stored);
        info.nextFee = nextFee;
        info.nextFeeAt = ProtocolTime.startOf(today + 1);
    }

    // Internals: settling

    /// @dev `word` settled through `day`, and the fee, which the caller adds to the pool's.
    function _settleWord(address account, uint256 word, uint256 day, uint256 globalWord)
        internal
        returns (uint256 settled, uint256 fee)
    {
        (settled, fee) = Demurrage.settle(word, day, globalWord, _timeline);
        if (fee != 0) emit Transfer(account, REWARD_POOL, fee);
    }

    /// @dev When `account` is the reward pool, moves the settled fees from the global word into its own, so that it can spend
    /// them.
    function _sweepFeesIfPool(address account, uint256 word, uint256 globalWord) internal returns (uint256, uint256) {
        unchecked {
            uint256 fees = GlobalWord.settledFees(globalWord);
            if (account != REWARD_POOL || fees == 0) return (word, globalWord);
            _global = globalWord - fees;
            return (word + fees, globalWord - fees);
        }
    }

    function _settleThrough(address account, uint256 day) internal returns (uint256 fee) {
        uint256 word = _accounts[account].word;
        if (word == 0) return 0;
        uint256 settled;
        (settled, fee) = _settleWord(account, word, day, _global);
        if (settled != word) _accounts[account].word = settled;
        if (fee != 0) _global += fee;
    }

    /// @dev The word of `account` settled through today; the caller stores it.
    function _loadSettled(address account, uint256 today) internal returns (uint256 word) {
        uint256 fee;
        (word, fee) = _settleWord(account, _accounts[account].word, today, _global);
        if (fee != 0) _global += fee;
    }

    // Internals: classes

    function _loadSettledStandard(address account, uint256 today) internal returns (uint256 word) {
        word = _loadSettled(account, today);
        AccountClass accountClass = _classOf(word);
        if (accountClass != AccountClass.STANDARD) revert NotStandardAccount(account, accountClass);
    }

    /// @dev Stores `word` as that of an account of `accountClass` without contributor's state.
    function _setClass(address account, uint256 word, AccountClass accountClass) internal {
        word &= ~(AccountWord.CAPACITY_FIELD | AccountWord.SCHEDULE_FIELD | AccountWord.GRACE_FIELD);
        if (accountClass == AccountClass.RECOGNISED) word |= AccountWord.RECOGNISED << AccountWord.BASIC_SHIFT;
        if (accountClass == AccountClass.POOLED) {
            word = (word & ~AccountWord.ACTIVITY_FIELD) | (AccountWord.POOLED << AccountWord.GRACE_SHIFT);
        }
        if (accountClass == AccountClass.EXEMPT) word |= AccountWord.EXEMPT << AccountWord.GRACE_SHIFT;
        _accounts[account].word = word;
        emit AccountClassSet(account, accountClass);
    }

    function _classOf(uint256 word) internal pure returns (AccountClass) {
        uint256 grace = AccountWord.graceUntil(word);
        if (grace == AccountWord.EXEMPT) return AccountClass.EXEMPT;
        if (grace == AccountWord.POOLED) return AccountClass.POOLED;
        return
            AccountWord.basicThrough(word) == AccountWord.RECOGNISED ? AccountClass.RECOGNISED : AccountClass.STANDARD;
    }

    function _scheduleOf(uint256 word) internal pure returns (TierSchedule memory) {
        if (AccountWord.basicThrough(word) == AccountWord.RECOGNISED) return TierSchedule(0, 0, 0);
        return TierSchedule(
            uint16(AccountWord.basicThrough(word)),
            uint16(AccountWord.activeThrough(word)),
            uint16(AccountWord.powerThrough(word))
        );
    }

    // Internals: parameters

    function _storeParameters(DemurrageParameters memory parameters_, uint256 fromDay) internal {
        _parameters = parameters_;
        _global = GlobalWord.withRates(_global, DemurrageRates.table(parameters_));
        emit ParametersChanged(fromDay, parameters_);
    }

    /// @dev The global rates are those of the latest term: they govern the days after the one before its start.
    function _storeHistoryDay() internal {
        uint256 start = ParameterTimeline.startOf(_timeline.latest());
        _global = GlobalWord.withHistoryDay(_global, start == 0 ? 0 : start - 1);
    }
}
