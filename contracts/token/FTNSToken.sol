// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {AccountClass, AccountView, DemurrageParameters, IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";
import {AccountWord} from "./AccountWord.sol";
import {Demurrage} from "./Demurrage.sol";
import {DemurrageMath} from "./DemurrageMath.sol";
import {DemurrageRates} from "./DemurrageRates.sol";
import {GlobalWord} from "./GlobalWord.sol";
import {ParameterTimeline} from "./ParameterTimeline.sol";

/// @title FTNSToken
/// @notice The token of the network: contribution earns it, movement keeps it, standing still costs.
///
/// THE LAW OF THE ACCOUNTING
/// 1. An account stores a balance `B`, an activity `V`, the last day of each tier, a day of grace and the last settled day.
///    Nothing else about it exists; nobody has to call anything for it.
/// 2. At each day boundary (02:00 UTC), for an account that is not exempt, in this order: V <- V e^(-1/30); the velocity
///    V / B gives a band; band and tier give a monthly rate; `B * rate / 30` moves to the reward pool, unless it is below
///    0.001 FTNS, the account is in grace, or transfers are halted. V decays on every day, whatever else holds.
/// 3. Settling writes down what the boundaries since the last settled day have taken, in O(1). `balanceOf` tells the same
///    number before anyone settles. So settling changes nobody's `balanceOf`, and how often an account is settled changes
///    what it owes by rounding only: at most 1 wei a settlement, or 1e-18 of the balance over many days at once.
/// 4. Fees are rounded down: the holder gains. Activity is rounded down to 2^20 wei: the pool gains.
/// 5. Sum of `balanceOf` + fees due and not settled = `totalSupply`; only mint and burn change `totalSupply`.
/// 6. Not promised: that a balance read today can be spent tomorrow. Contracts that remember balances use WrappedFTNS.
contract FTNSToken is IFTNSToken, ERC20Permit, ERC20Burnable, AccessManaged {
    using ParameterTimeline for uint256[];

    // Constants

    /// @inheritdoc IFTNSToken
    uint256 public constant MAX_SUPPLY = 1_000_000_000e18;
    /// @notice Longest halt from the moment it is decided.
    uint256 public constant MAX_HALT = 72 hours;
    /// @notice Longest grace from today [days].
    uint256 public constant MAX_GRACE_DAYS = 365;
    /// @notice How far ahead a tier may be granted: the 30-day window and the longest disconnection grace, with room [days].
    uint256 public constant MAX_SCHEDULE_DAYS = 120;

    // Immutables

    /// @inheritdoc IFTNSToken
    address public immutable REWARD_POOL;

    // Storage

    /// @dev See AccountWord.
    mapping(address account => uint256 word) private _accounts;
    /// @dev See GlobalWord.
    uint256 private _global;
    uint256 private _supply;
    /// @dev See ParameterTimeline.
    uint256[] private _timeline;
    DemurrageParameters private _parameters;

    // Constructor

    /// @param authority the access manager
    /// @param rewardPool where demurrage goes; exempt for ever
    /// @param initialHolder who holds the supply at launch
    /// @param initialSupply supply at launch (FTNS, 18 decimals)
    constructor(address authority, address rewardPool, address initialHolder, uint256 initialSupply)
        ERC20("FTNS", "FTNS")
        ERC20Permit("FTNS")
        AccessManaged(authority)
    {
        if (rewardPool == address(0)) revert ZeroAccount();
        REWARD_POOL = rewardPool;
        uint256 today = ProtocolTime.today();
        _setClass(rewardPool, today << AccountWord.SETTLED_SHIFT, AccountClass.EXEMPT);
        DemurrageParameters memory launch = DemurrageRates.defaults();
        _storeParameters(launch, 0);
        _timeline.push(ParameterTimeline.termOf(0, GlobalWord.rates(_global)));
        _mint(initialHolder, initialSupply);
    }

    // Views

    /// @inheritdoc IERC20
    function balanceOf(address account) public view override(ERC20, IERC20) returns (uint256) {
        uint256 word = _accounts[account];
        uint256 today = ProtocolTime.today();
        if (AccountWord.settledDay(word) != today && word != 0) (word,) = Demurrage.settle(word, today, _global, _timeline);
        uint256 balance = AccountWord.balance(word);
        return account == REWARD_POOL ? balance + GlobalWord.settledFees(_global) : balance;
    }

    /// @inheritdoc IERC20
    function totalSupply() public view override(ERC20, IERC20) returns (uint256) {
        return _supply;
    }

    /// @inheritdoc IFTNSToken
    function accountOf(address account) external view returns (AccountView memory info) {
        uint256 today = ProtocolTime.today();
        uint256 stored = _accounts[account];
        (uint256 word, uint256 fee) = Demurrage.settle(stored, today, _global, _timeline);
        (, uint256 nextFee) = Demurrage.settle(word, today + 1, _global, _timeline);
        uint256 balance = AccountWord.balance(word);
        uint256 activity = AccountWord.activity(word) << AccountWord.ACTIVITY_UNIT_BITS;

        info.balance = account == REWARD_POOL ? balance + GlobalWord.settledFees(_global) : balance;
        info.dueFee = fee;
        info.activity = activity;
        info.velocity = balance == 0 ? type(uint256).max : activity * 1e18 / balance;
        info.band = DemurrageRates.bandOfVelocity(info.velocity);
        info.tier = Tier(AccountWord.tierOn(word, today));
        info.accountClass = _classOf(word);
        info.monthlyRate = Demurrage.rateOf(GlobalWord.rates(_global), uint256(info.tier), info.band) * DemurrageRates.BASIS_POINT;
        info.schedule = _scheduleOf(word);
        info.graceUntil = info.accountClass == AccountClass.STANDARD ? AccountWord.graceUntil(word) : 0;
        info.settledDay = AccountWord.settledDay(stored);
        info.nextFee = nextFee;
        info.nextFeeAt = ProtocolTime.startOf(today + 1);
    }

    /// @inheritdoc IFTNSToken
    function tierOn(address account, uint256 day) external view returns (Tier) {
        return Tier(AccountWord.tierOn(_accounts[account], day));
    }

    /// @inheritdoc IFTNSToken
    function parameters() external view returns (DemurrageParameters memory) {
        return _parameters;
    }

    /// @inheritdoc IFTNSToken
    function haltedUntil() external view returns (uint256) {
        return GlobalWord.restrictedUntil(_global);
    }

    // Writes

    /// @inheritdoc IFTNSToken
    function settle(address account) external returns (uint256 fee) {
        return _settleThrough(account, ProtocolTime.today());
    }

    /// @inheritdoc IFTNSToken
    function settleThrough(address account, uint256 day) external returns (uint256 fee) {
        uint256 today = ProtocolTime.today();
        uint256 settled = AccountWord.settledDay(_accounts[account]);
        if (day > today || day < settled) revert SettleDayOutOfBounds(day, settled, today);
        return _settleThrough(account, day);
    }

    /// @inheritdoc IFTNSToken
    function mint(address to, uint256 amount) external restricted {
        _mint(to, amount);
    }

    /// @inheritdoc IFTNSToken
    function setTierSchedule(address account, TierSchedule calldata schedule) external restricted {
        uint256 today = ProtocolTime.today();
        if (account == address(0)) revert ZeroAccount();
        if (schedule.basicThrough < schedule.activeThrough || schedule.activeThrough < schedule.powerThrough) {
            revert ScheduleNotNested(schedule);
        }
        uint256 latest = today + MAX_SCHEDULE_DAYS;
        if (schedule.basicThrough > latest) revert ScheduleTooFar(schedule.basicThrough, latest);
        uint256 word = _loadStandard(account, today);

        _accounts[account] = (word & ~AccountWord.SCHEDULE_FIELD)
            | (uint256(schedule.basicThrough) << AccountWord.BASIC_SHIFT)
            | (uint256(schedule.activeThrough) << AccountWord.ACTIVE_SHIFT)
            | (uint256(schedule.powerThrough) << AccountWord.POWER_SHIFT);
        emit TierScheduleSet(account, schedule);
    }

    /// @inheritdoc IFTNSToken
    function startGrace(address account, uint256 graceUntil) external restricted {
        uint256 today = ProtocolTime.today();
        if (account == address(0)) revert ZeroAccount();
        if (graceUntil <= today || graceUntil > today + MAX_GRACE_DAYS) {
            revert GraceOutOfBounds(graceUntil, today + 1, today + MAX_GRACE_DAYS);
        }
        uint256 word = _loadStandard(account, today);

        _accounts[account] = (word & ~AccountWord.GRACE_FIELD) | (graceUntil << AccountWord.GRACE_SHIFT);
        emit GraceStarted(account, graceUntil);
    }

    // Governance

    /// @inheritdoc IFTNSToken
    function setParameters(DemurrageParameters calldata parameters_) external restricted {
        uint256 today = ProtocolTime.today();
        DemurrageRates.check(parameters_);
        _storeParameters(parameters_, today + 1);
        _timeline.change(today, GlobalWord.rates(_global));
        _storeHistoryDay();
    }

    /// @inheritdoc IFTNSToken
    function setAccountClass(address account, AccountClass accountClass) external restricted {
        if (account == address(0)) revert ZeroAccount();
        if (account == REWARD_POOL) revert NotStandardAccount(account, AccountClass.EXEMPT);
        if (accountClass == AccountClass.EXEMPT && account.code.length == 0) revert ExemptMustBeContract(account);
        uint256 today = ProtocolTime.today();
        uint256 word = _load(account, today);
        if (_classOf(word) == AccountClass.STANDARD) {
            bool contributor = AccountWord.basicThrough(word) >= today || word & AccountWord.GRACE_FIELD != 0;
            if (contributor) revert AccountIsContributor(account);
        }
        _setClass(account, word, accountClass);
    }

    /// @inheritdoc IFTNSToken
    function halt(uint256 until) external restricted {
        if (until <= block.timestamp || until > block.timestamp + MAX_HALT) {
            revert HaltOutOfBounds(until, block.timestamp + 1, block.timestamp + MAX_HALT);
        }
        uint256 today = ProtocolTime.today();
        uint256 throughDay = ProtocolTime.dayOf(until);
        _storeRestrictedUntil(until);
        _timeline.freeze(today, throughDay);
        _storeHistoryDay();
        emit Halted(until, today + 1, throughDay);
    }

    /// @inheritdoc IFTNSToken
    function endHalt() external restricted {
        if (GlobalWord.restrictedUntil(_global) <= block.timestamp) revert NotHalted();
        _storeRestrictedUntil(block.timestamp);
        _timeline.thaw(ProtocolTime.today());
        _storeHistoryDay();
        emit HaltEnded();
    }

    // Internals

    /// @dev Every movement of tokens: both sides are settled, then the amount moves, then it counts as activity.
    function _update(address from, address to, uint256 value) internal override {
        unchecked {
            uint256 today = ProtocolTime.today();
            uint256 g = _global;
            uint256 before = g;
            uint256 wordFrom;
            uint256 wordTo;

            if (from != address(0)) {
                (wordFrom, g) = _settled(from, _accounts[from], today, g);
                if (GlobalWord.restrictedUntil(g) > block.timestamp && !_isExempt(wordFrom)) {
                    revert TransfersHalted(GlobalWord.restrictedUntil(g));
                }
                if (from == REWARD_POOL) (wordFrom, g) = _sweepFees(wordFrom, g);
                uint256 balance = AccountWord.balance(wordFrom);
                if (balance < value) revert ERC20InsufficientBalance(from, balance, value);
                wordFrom -= value;
                if (from == to) {
                    // Nothing moves, and nothing counts.
                    _accounts[from] = wordFrom + value;
                    if (g != before) _global = g;
                    emit Transfer(from, to, value);
                    return;
                }
            }
            if (to != address(0)) (wordTo, g) = _settled(to, _accounts[to], today, g);

            if (from == address(0)) {
                uint256 supply = _supply + value;
                if (value > MAX_SUPPLY || supply > MAX_SUPPLY) revert SupplyCapExceeded(supply, MAX_SUPPLY);
                _supply = supply;
            } else if (to == address(0)) {
                _supply -= value;
            } else {
                (wordFrom, wordTo) = _countActivity(wordFrom, wordTo, value, today, g);
            }

            if (from != address(0)) _accounts[from] = wordFrom;
            if (to != address(0)) _accounts[to] = wordTo + value;
            if (g != before) _global = g;
            emit Transfer(from, to, value);
        }
    }

    /// @dev `value` counts for each side by what the other side is: fully for a contributor or a recognised contract,
    /// else by the unverified weight. A pooled account earns none.
    function _countActivity(uint256 wordFrom, uint256 wordTo, uint256 value, uint256 today, uint256 g)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
            uint256 units = value >> AccountWord.ACTIVITY_UNIT_BITS;
            uint256 unverified = units * GlobalWord.unverifiedPercent(g) / 100;
            uint256 unitsFrom = AccountWord.basicThrough(wordTo) >= today ? units : unverified;
            uint256 unitsTo = AccountWord.basicThrough(wordFrom) >= today ? units : unverified;
            if (AccountWord.graceUntil(wordFrom) == AccountWord.POOLED) unitsFrom = 0;
            if (AccountWord.graceUntil(wordTo) == AccountWord.POOLED) unitsTo = 0;
            return (AccountWord.addActivity(wordFrom, unitsFrom), AccountWord.addActivity(wordTo, unitsTo));
        }
    }

    /// @dev `word` settled through `day`, and the global word with the fee added to the pool's.
    function _settled(address account, uint256 word, uint256 day, uint256 g) private returns (uint256, uint256) {
        unchecked {
            if (AccountWord.settledDay(word) == day) return (word, g);
            uint256 fee;
            (word, fee) = Demurrage.settle(word, day, g, _timeline);
            if (fee != 0) {
                g += fee;
                emit Transfer(account, REWARD_POOL, fee);
            }
            return (word, g);
        }
    }

    /// @dev Moves the settled fees from the global word into the pool's own.
    function _sweepFees(uint256 poolWord, uint256 g) private pure returns (uint256, uint256) {
        unchecked {
            uint256 fees = GlobalWord.settledFees(g);
            return (poolWord + fees, g - fees);
        }
    }

    function _settleThrough(address account, uint256 day) private returns (uint256 fee) {
        uint256 word = _accounts[account];
        if (word == 0) return 0;
        uint256 g = _global;
        (uint256 settledWord, uint256 globalWord) = _settled(account, word, day, g);
        fee = globalWord - g;
        if (settledWord != word) _accounts[account] = settledWord;
        if (fee != 0) _global = globalWord;
    }

    /// @dev Settles `account` through today and gives its word; the caller stores it.
    function _load(address account, uint256 today) private returns (uint256 word) {
        uint256 g = _global;
        uint256 globalWord;
        (word, globalWord) = _settled(account, _accounts[account], today, g);
        if (globalWord != g) _global = globalWord;
    }

    function _loadStandard(address account, uint256 today) private returns (uint256 word) {
        word = _load(account, today);
        AccountClass accountClass = _classOf(word);
        if (accountClass != AccountClass.STANDARD) revert NotStandardAccount(account, accountClass);
    }

    /// @dev Stores `word` as that of an account of `accountClass` without contributor's state.
    function _setClass(address account, uint256 word, AccountClass accountClass) private {
        word &= ~(AccountWord.SCHEDULE_FIELD | AccountWord.GRACE_FIELD);
        if (accountClass == AccountClass.RECOGNISED) word |= AccountWord.RECOGNISED << AccountWord.BASIC_SHIFT;
        if (accountClass == AccountClass.POOLED) {
            word = (word & ~AccountWord.ACTIVITY_FIELD) | (AccountWord.POOLED << AccountWord.GRACE_SHIFT);
        }
        if (accountClass == AccountClass.EXEMPT) word |= AccountWord.EXEMPT << AccountWord.GRACE_SHIFT;
        _accounts[account] = word;
        emit AccountClassSet(account, accountClass);
    }

    function _storeParameters(DemurrageParameters memory parameters_, uint256 fromDay) private {
        _parameters = parameters_;
        _global = (_global & ((1 << GlobalWord.WEIGHT_SHIFT) - 1)) | DemurrageRates.pack(parameters_);
        emit ParametersChanged(fromDay, parameters_);
    }

    function _storeRestrictedUntil(uint256 until) private {
        _global = (_global & ~GlobalWord.RESTRICTED_FIELD) | (until << GlobalWord.RESTRICTED_SHIFT);
    }

    /// @dev The global rates are those of the latest term: they govern the days after the one before its start.
    function _storeHistoryDay() private {
        uint256 start = ParameterTimeline.startOf(_timeline.latest());
        uint256 day = start == 0 ? 0 : start - 1;
        _global = (_global & ~GlobalWord.HISTORY_FIELD) | (day << GlobalWord.HISTORY_SHIFT);
    }

    function _isExempt(uint256 word) private pure returns (bool) {
        return AccountWord.graceUntil(word) == AccountWord.EXEMPT;
    }

    function _classOf(uint256 word) private pure returns (AccountClass) {
        uint256 grace = AccountWord.graceUntil(word);
        if (grace == AccountWord.EXEMPT) return AccountClass.EXEMPT;
        if (grace == AccountWord.POOLED) return AccountClass.POOLED;
        return AccountWord.basicThrough(word) == AccountWord.RECOGNISED ? AccountClass.RECOGNISED : AccountClass.STANDARD;
    }

    function _scheduleOf(uint256 word) private pure returns (TierSchedule memory) {
        if (AccountWord.basicThrough(word) == AccountWord.RECOGNISED) return TierSchedule(0, 0, 0);
        return TierSchedule(
            uint16(AccountWord.basicThrough(word)),
            uint16(AccountWord.activeThrough(word)),
            uint16(AccountWord.powerThrough(word))
        );
    }
}
