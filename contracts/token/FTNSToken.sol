// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {DirectCaller} from "../access/DirectCaller.sol";
import {AccountClass, AccountView, DemurrageParameters, IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";
import {AccountLedger} from "./AccountLedger.sol";
import {AccountWord} from "./AccountWord.sol";
import {Demurrage} from "./Demurrage.sol";
import {DemurrageMath} from "./DemurrageMath.sol";
import {DemurrageRates} from "./DemurrageRates.sol";
import {GlobalWord} from "./GlobalWord.sol";
import {ParameterTimeline} from "./ParameterTimeline.sol";
import {RestrictedLedger} from "./RestrictedLedger.sol";
import {Vouching} from "./Vouching.sol";

/// @title FTNSToken
/// @notice The token of the network: contribution earns it, movement keeps it, standing still costs.
///
/// THE LAW OF THE ACCOUNTING
/// 1. An account stores a balance `B`, an activity `V`, a capacity `C` to vouch for others, the last day of each tier, a day
///    of grace and the last settled day. Nothing else about it exists; nobody has to call anything for it.
/// 2. At each day boundary (02:00 UTC), for an account that is not exempt, in this order: V <- V e^(-1/30); the velocity
///    V / B gives a band; band and tier give a monthly rate; `B * rate / 30` moves to the reward pool, unless it is below
///    1e-9 FTNS or the day is frozen; in grace it takes no balance below 100 FTNS. V decays on every day, whatever else
///    holds.
/// 3. Settling writes down what the boundaries since the last settled day have taken, in O(1). `balanceOf` tells the same
///    number before anyone settles. So settling changes nobody's `balanceOf`, and how often an account is settled changes
///    what it owes by rounding only: at most 1 wei a settlement, or 1e-18 of the balance over many days at once.
/// 4. V grows by payments, as far as the other side vouches for them (see Vouching), and by rewards in full. C grows by
///    proofs alone. Settling touches neither.
/// 5. Fees are rounded down: the holder gains. Activity is rounded down to 2^30 wei, what is lent and capacity to 2^54 wei:
///    the pool gains.
/// 6. Sum of `balanceOf` + fees due and not settled = `totalSupply`; only mint and burn change `totalSupply`.
/// 7. Not promised: that a balance read today can be spent tomorrow. Contracts that remember balances use WrappedFTNS.
contract FTNSToken is RestrictedLedger, DirectCaller, ERC20Permit, ERC20Burnable {
    using ParameterTimeline for uint256[];

    // Constants

    /// @inheritdoc IFTNSToken
    uint256 public constant MAX_SUPPLY = 1_000_000_000e18;
    /// @inheritdoc IFTNSToken
    uint256 public constant GRACE_ALLOWANCE = DemurrageMath.GRACE_ALLOWANCE;
    /// @dev Longest grace from today [days].
    uint256 private constant MAX_GRACE_DAYS = 365;
    /// @dev How far ahead a tier may be granted: the 30-day window and the longest disconnection grace, with room [days].
    uint256 private constant MAX_SCHEDULE_DAYS = 120;

    // Storage

    /// @dev Both in one slot: whoever mints reads it once. The supply cap of 2^89.7 fits 96 bits.
    uint96 private _supply; // wei
    /// @inheritdoc IFTNSToken
    address public minter;
    /// @inheritdoc IFTNSToken
    address public registrar;

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
    function demurrageOf(uint256 amount, uint256 fromDay, uint256 throughDay) external view returns (uint256 fee) {
        uint256 today = ProtocolTime.today();
        if (throughDay > today || fromDay > throughDay) revert SettleDayOutOfBounds(throughDay, fromDay, today);
        if (amount > AccountWord.BALANCE_MASK) revert AmountTooLarge(amount, AccountWord.BALANCE_MASK);
        (, fee) = Demurrage.settle(amount | (fromDay << AccountWord.SETTLED_SHIFT), throughDay, _global, _timeline);
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
    function mint(address to, uint256 amount) external onlyDirect(minter) {
        _checkMinting();
        _mint(to, amount);
    }

    /// @inheritdoc IFTNSToken
    function payReward(address to, uint256 fromFunds, uint256 minted) external onlyDirect(minter) {
        if (to == address(0) || to == msg.sender) revert ERC20InvalidReceiver(to);
        if (minted != 0) {
            _checkMinting();
            _raiseSupply(minted);
        }
        uint256 today = ProtocolTime.today();
        if (fromFunds != 0) _take(msg.sender, fromFunds, today);
        uint256 word = _loadSettled(to, today);
        unchecked {
            // No more than the supply, which fits its field.
            uint256 value = fromFunds + minted;
            if (Vouching.earnsActivity(word)) word = AccountWord.credit(word, value >> AccountWord.ACTIVITY_UNIT_BITS);
            _accounts[to].word = word + value;
        }
        if (fromFunds != 0) emit Transfer(msg.sender, to, fromFunds);
        if (minted != 0) emit Transfer(address(0), to, minted);
    }

    /// @inheritdoc IFTNSToken
    function creditActivity(address account, uint256 amount) external restricted {
        uint256 word = _loadSettled(account, ProtocolTime.today());
        if (Vouching.earnsActivity(word)) word = AccountWord.credit(word, amount >> AccountWord.ACTIVITY_UNIT_BITS);
        _accounts[account].word = word;
    }

    /// @inheritdoc IFTNSToken
    function setTierSchedule(
        address account,
        TierSchedule calldata schedule,
        uint256 capacityAdded,
        uint256 capacityLimit,
        uint256 graceUntil
    ) external onlyDirect(registrar) {
        // Check
        uint256 today = ProtocolTime.today();
        if (account == address(0)) revert ZeroAccount();
        if (schedule.basicThrough < schedule.activeThrough || schedule.activeThrough < schedule.powerThrough) {
            revert ScheduleNotNested(schedule);
        }
        uint256 latest = today + MAX_SCHEDULE_DAYS;
        if (schedule.basicThrough > latest) revert ScheduleTooFar(schedule.basicThrough, latest);
        if (graceUntil != 0 && (graceUntil <= today || graceUntil > today + MAX_GRACE_DAYS)) {
            revert GraceOutOfBounds(graceUntil, today + 1, today + MAX_GRACE_DAYS);
        }

        // Effect
        uint256 old = _loadSettledStandard(account, today);
        uint256 word = AccountWord.withCapacity(AccountWord.withSchedule(old, schedule), capacityAdded, capacityLimit);
        if (graceUntil != 0) {
            word = (word & ~AccountWord.GRACE_FIELD) | (graceUntil << AccountWord.GRACE_SHIFT);
            emit GraceStarted(account, graceUntil);
        }
        _accounts[account].word = word;
        if ((word ^ old) & AccountWord.SCHEDULE_FIELD != 0) emit TierScheduleSet(account, schedule);
        if ((word ^ old) & AccountWord.CAPACITY_FIELD != 0) {
            emit CapacitySet(account, AccountWord.capacity(word) << AccountWord.CAPACITY_UNIT_BITS);
        }
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
    function setMinter(address minter_) external restricted {
        _requireCode(minter_);
        minter = minter_;
        emit MinterSet(minter_);
    }

    /// @inheritdoc IFTNSToken
    function setRegistrar(address registrar_) external restricted {
        _requireCode(registrar_);
        registrar = registrar_;
        emit RegistrarSet(registrar_);
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

            // Effect: it counts for each side as far as the other vouches.
            if ((wordFrom | wordTo) & Vouching.UNUSUAL == 0) {
                (wordFrom, wordTo) = Vouching.lendInPlace(wordFrom, wordTo, value, today);
            } else {
                (wordFrom, wordTo) = Vouching.exchange(wordFrom, wordTo, value, today);
                (wordFrom, globalWord) = _sweepFeesIfPool(from, wordFrom, globalWord);
            }

            // Check
            if (globalWord >> GlobalWord.RESTRICTED_SHIFT > block.timestamp) _checkRestrictions(from, wordFrom, value);
            if (wordFrom & AccountWord.BALANCE_MASK < value) _revertInsufficient(from, wordFrom, value);

            // Effect: it moves.
            accountFrom.word = wordFrom - value;
            accountTo.word = wordTo + value;
            emit Transfer(from, to, value);
        }
    }

    /// @dev Nothing moves and nothing counts, but it settles and is checked like any transfer.
    function _applySelfTransfer(address account, uint256 value) private {
        uint256 word = _loadPayer(account, 0, ProtocolTime.today());
        if (AccountWord.balance(word) < value) _revertInsufficient(account, word, value);
        _accounts[account].word = word;
        emit Transfer(account, account, value);
    }

    function _applyMint(address to, uint256 value) private {
        _raiseSupply(value);
        _accounts[to].word = _loadSettled(to, ProtocolTime.today()) + value;
        emit Transfer(address(0), to, value);
    }

    function _applyBurn(address from, uint256 value) private {
        _take(from, value, ProtocolTime.today());
        unchecked {
            _supply -= uint96(value);
        }
        emit Transfer(from, address(0), value);
    }

    /// @dev `value` leaves the balance of `from`, as far as halts, recovery mode and the balance allow.
    function _take(address from, uint256 value, uint256 today) private {
        uint256 word = _loadPayer(from, value, today);
        if (AccountWord.balance(word) < value) _revertInsufficient(from, word, value);
        unchecked {
            _accounts[from].word = word - value;
        }
    }

    /// @dev The word of `account`, which pays `value`, settled through today; the caller stores it.
    function _loadPayer(address account, uint256 value, uint256 today) private returns (uint256 word) {
        word = _loadSettled(account, today);
        uint256 globalWord = _global;
        if (GlobalWord.restrictedUntil(globalWord) > block.timestamp) _checkRestrictions(account, word, value);
        (word,) = _sweepFeesIfPool(account, word, globalWord);
    }

    function _raiseSupply(uint256 value) private {
        unchecked {
            uint256 supply = _supply + value;
            if (value > MAX_SUPPLY || supply > MAX_SUPPLY) revert SupplyCapExceeded(supply, MAX_SUPPLY);
            _supply = uint96(supply);
        }
    }

    function _revertInsufficient(address from, uint256 word, uint256 value) private pure {
        revert ERC20InsufficientBalance(from, AccountWord.balance(word), value);
    }
}
