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
import {AccountLedger} from "./AccountLedger.sol";
import {AccountWord} from "./AccountWord.sol";
import {DemurrageRates} from "./DemurrageRates.sol";
import {GlobalWord} from "./GlobalWord.sol";
import {ParameterTimeline} from "./ParameterTimeline.sol";
import {Restrictions} from "./Restrictions.sol";

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
contract FTNSToken is AccountLedger, ERC20Permit, ERC20Burnable, AccessManaged {
    using ParameterTimeline for uint256[];
    using Restrictions for Restrictions.State;

    // Constants

    /// @inheritdoc IFTNSToken
    uint256 public constant MAX_SUPPLY = 1_000_000_000e18;
    /// @notice Longest halt from the moment it is decided.
    uint256 public constant MAX_HALT = 72 hours;
    /// @dev Longest recovery mode from the moment it is decided.
    uint256 private constant MAX_RECOVERY = 7 days;
    /// @notice Longest grace from today [days].
    uint256 public constant MAX_GRACE_DAYS = 365;
    /// @notice How far ahead a tier may be granted: the 30-day window and the longest disconnection grace, with room [days].
    uint256 public constant MAX_SCHEDULE_DAYS = 120;

    // Storage

    uint256 private _supply;
    Restrictions.State private _restrictions;

    // Constructor

    /// @param authority the access manager
    /// @param rewardPool where demurrage goes; exempt for ever
    /// @param initialHolder who holds the supply at launch
    /// @param initialSupply supply at launch (FTNS, 18 decimals)
    constructor(address authority, address rewardPool, address initialHolder, uint256 initialSupply)
        ERC20("FTNS", "FTNS")
        ERC20Permit("FTNS")
        AccessManaged(authority)
        AccountLedger(rewardPool)
    {
        _mint(initialHolder, initialSupply);
    }

    // Views

    /// @inheritdoc IERC20
    function balanceOf(address account) public view override(ERC20, IERC20) returns (uint256) {
        return _netBalance(account);
    }

    /// @inheritdoc IERC20
    function totalSupply() public view override(ERC20, IERC20) returns (uint256) {
        return _supply;
    }

    /// @inheritdoc IFTNSToken
    function accountOf(address account) external view returns (AccountView memory) {
        return _describe(account);
    }

    /// @inheritdoc IFTNSToken
    function tierOn(address account, uint256 day) external view returns (Tier) {
        return Tier(AccountWord.tierOn(_accounts[account].word, day));
    }

    /// @inheritdoc IFTNSToken
    function parameters() external view returns (DemurrageParameters memory) {
        return _parameters;
    }

    /// @inheritdoc IFTNSToken
    function haltedUntil() external view returns (uint256) {
        return _restrictions.haltedUntil;
    }

    /// @inheritdoc IFTNSToken
    function recoveryUntil() external view returns (uint256) {
        return _restrictions.recoveryUntil;
    }

    /// @inheritdoc IFTNSToken
    function movable(address account) external view returns (uint256) {
        uint256 balance = _netBalance(account);
        bool free = GlobalWord.restrictedUntil(_global) <= block.timestamp;
        if (free || AccountWord.graceUntil(_accounts[account].word) == AccountWord.EXEMPT) return balance;
        return _restrictions.haltedUntil > block.timestamp ? 0 : _restrictions.left(account, balance);
    }

    // Writes

    /// @inheritdoc IERC20
    /// @dev As OpenZeppelin's, without the way through `_update`.
    function transfer(address to, uint256 value) public override(ERC20, IERC20) returns (bool) {
        if (to == address(0)) revert ERC20InvalidReceiver(address(0));
        _applyTransfer(msg.sender, to, value);
        return true;
    }

    /// @inheritdoc IFTNSToken
    function settle(address account) external returns (uint256 fee) {
        return _settleThrough(account, ProtocolTime.today());
    }

    /// @inheritdoc IFTNSToken
    function settleThrough(address account, uint256 day) external returns (uint256 fee) {
        uint256 today = ProtocolTime.today();
        uint256 settled = AccountWord.settledDay(_accounts[account].word);
        if (day > today || day < settled) revert SettleDayOutOfBounds(day, settled, today);
        return _settleThrough(account, day);
    }

    /// @inheritdoc IFTNSToken
    function mint(address to, uint256 amount) external restricted {
        if (GlobalWord.restrictedUntil(_global) > block.timestamp && _restrictions.recoveryUntil > block.timestamp) {
            revert MintingStopped(_restrictions.recoveryUntil);
        }
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
        uint256 word = _loadSettledStandard(account, today);

        _accounts[account].word = (word & ~AccountWord.SCHEDULE_FIELD)
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
        uint256 word = _loadSettledStandard(account, today);

        _accounts[account].word = (word & ~AccountWord.GRACE_FIELD) | (graceUntil << AccountWord.GRACE_SHIFT);
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
        uint256 word = _loadSettled(account, today);
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
        _restrictions.haltedUntil = uint40(until);
        (uint256 fromDay, uint256 throughDay) = _syncRestrictions();
        emit Halted(until, fromDay, throughDay);
    }

    /// @inheritdoc IFTNSToken
    function endHalt() external restricted {
        if (_restrictions.haltedUntil <= block.timestamp) revert NotHalted();
        _restrictions.haltedUntil = uint40(block.timestamp);
        _syncRestrictions();
        emit HaltEnded();
    }

    /// @inheritdoc IFTNSToken
    function startRecovery(uint256 until) external restricted {
        if (until <= block.timestamp || until > block.timestamp + MAX_RECOVERY) {
            revert RecoveryOutOfBounds(until, block.timestamp + 1, block.timestamp + MAX_RECOVERY);
        }
        _restrictions.recoveryUntil = uint40(until);
        (uint256 fromDay, uint256 throughDay) = _syncRestrictions();
        emit RecoveryStarted(until, fromDay, throughDay);
    }

    /// @inheritdoc IFTNSToken
    function endRecovery() external restricted {
        if (_restrictions.recoveryUntil <= block.timestamp) revert NotInRecovery();
        _restrictions.recoveryUntil = uint40(block.timestamp);
        _syncRestrictions();
        emit RecoveryEnded();
    }

    // Internals

    /// @dev Where OpenZeppelin's transfers, mints and burns end up.
    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0)) _applyMint(to, value);
        else if (to == address(0)) _applyBurn(from, value);
        else _applyTransfer(from, to, value);
    }

    /// @dev Both sides are settled, then the amount moves and counts as activity. Written in line to save gas in every
    /// transfer.
    function _applyTransfer(address from, address to, uint256 value) private {
        unchecked {
            if (from == to) return _applySelfTransfer(from, value);
            uint256 today = ProtocolTime.today();
            uint256 globalWord = _global;
            Account storage accountFrom = _accounts[from];
            Account storage accountTo = _accounts[to];
            uint256 wordFrom = accountFrom.word;
            uint256 wordTo = accountTo.word;
            // No settled day is past today, so their conjunction is today's only if both are.
            if ((wordFrom & wordTo) >> AccountWord.SETTLED_SHIFT != today) {
                uint256 feeFrom;
                uint256 feeTo;
                (wordFrom, feeFrom) = _settleWord(from, wordFrom, today, globalWord);
                (wordTo, feeTo) = _settleWord(to, wordTo, today, globalWord);
                if (feeFrom + feeTo != 0) {
                    globalWord += feeFrom + feeTo;
                    _global = globalWord;
                }
            }

            // Effect: it counts for each side by what the other is: a contributor or a recognised contract in full, anyone
            // else by the unverified weight.
            // (AccountWord.credit in line: an overflow shows as a carry into the field above.)
            uint256 units = (value >> AccountWord.ACTIVITY_UNIT_BITS) << AccountWord.ACTIVITY_SHIFT;
            if ((wordTo >> AccountWord.BASIC_SHIFT) & AccountWord.DAY_MASK >= today) {
                if (((wordFrom + units) ^ wordFrom) >> AccountWord.BASIC_SHIFT == 0) wordFrom += units;
                else wordFrom |= AccountWord.ACTIVITY_FIELD;
            } else if (globalWord & GlobalWord.WEIGHT_FIELD != 0) {
                wordFrom = AccountWord.credit(wordFrom, _unverifiedUnits(value, globalWord));
            }
            if ((wordFrom >> AccountWord.BASIC_SHIFT) & AccountWord.DAY_MASK >= today) {
                if (((wordTo + units) ^ wordTo) >> AccountWord.BASIC_SHIFT == 0) wordTo += units;
                else wordTo |= AccountWord.ACTIVITY_FIELD;
            } else if (globalWord & GlobalWord.WEIGHT_FIELD != 0) {
                wordTo = AccountWord.credit(wordTo, _unverifiedUnits(value, globalWord));
            }

            // Check
            if (globalWord >> GlobalWord.RESTRICTED_SHIFT > block.timestamp) {
                _countRestricted(from, wordFrom, value);
            }
            if ((wordFrom | wordTo) & AccountWord.GRACE_FIELD != 0) {
                wordTo = AccountWord.withoutPooledActivity(wordTo);
                (wordFrom, globalWord) = _sweepFeesIfPool(from, AccountWord.withoutPooledActivity(wordFrom), globalWord);
            }
            if (wordFrom & AccountWord.BALANCE_MASK < value) _revertInsufficient(from, wordFrom, value);

            // Effect: it moves.
            accountFrom.word = wordFrom - value;
            accountTo.word = wordTo + value;
            emit Transfer(from, to, value);
        }
    }

    /// @dev Activity of `value` with a counterparty that is no contributor, rounded down (the pool gains).
    function _unverifiedUnits(uint256 value, uint256 globalWord) private pure returns (uint256) {
        unchecked {
            return (value >> AccountWord.ACTIVITY_UNIT_BITS) * GlobalWord.unverifiedPercent(globalWord) / 100;
        }
    }

    /// @dev Nothing moves and nothing counts, but it settles and is checked like any transfer.
    function _applySelfTransfer(address account, uint256 value) private {
        uint256 word = _loadSettled(account, ProtocolTime.today());
        uint256 globalWord = _global;
        if (GlobalWord.restrictedUntil(globalWord) > block.timestamp) _countRestricted(account, word, 0);
        (word,) = _sweepFeesIfPool(account, word, globalWord);
        if (AccountWord.balance(word) < value) _revertInsufficient(account, word, value);

        _accounts[account].word = word;
        emit Transfer(account, account, value);
    }

    function _applyMint(address to, uint256 value) private {
        unchecked {
            uint256 supply = _supply + value;
            if (value > MAX_SUPPLY || supply > MAX_SUPPLY) revert SupplyCapExceeded(supply, MAX_SUPPLY);
            uint256 word = _loadSettled(to, ProtocolTime.today());

            _supply = supply;
            _accounts[to].word = word + value;
            emit Transfer(address(0), to, value);
        }
    }

    function _applyBurn(address from, uint256 value) private {
        unchecked {
            uint256 word = _loadSettled(from, ProtocolTime.today());
            uint256 globalWord = _global;
            if (GlobalWord.restrictedUntil(globalWord) > block.timestamp) _countRestricted(from, word, value);
            (word,) = _sweepFeesIfPool(from, word, globalWord);
            if (AccountWord.balance(word) < value) _revertInsufficient(from, word, value);

            _supply -= value;
            _accounts[from].word = word - value;
            emit Transfer(from, address(0), value);
        }
    }

    /// @dev During a halt only the protocol's own contracts send; in recovery mode only they do without limit.
    function _countRestricted(address from, uint256 wordFrom, uint256 value) private {
        if (AccountWord.graceUntil(wordFrom) == AccountWord.EXEMPT) return;
        _restrictions.count(from, AccountWord.balance(wordFrom), value);
    }

    /// @dev Brings the global word and the free days in line with the halt and the recovery mode, whichever lasts longer.
    function _syncRestrictions() private returns (uint256 fromDay, uint256 throughDay) {
        uint256 until = _restrictions.until();
        uint256 today = ProtocolTime.today();
        (fromDay, throughDay) = (today + 1, ProtocolTime.dayOf(until));
        _global = GlobalWord.withRestrictedUntil(_global, until);
        if (until > block.timestamp) _timeline.freeze(today, throughDay);
        else _timeline.thaw(today);
        _storeHistoryDay();
    }

    function _revertInsufficient(address from, uint256 word, uint256 value) private pure {
        revert ERC20InsufficientBalance(from, AccountWord.balance(word), value);
    }
}
