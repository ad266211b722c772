// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";

/// @title PendingExits
/// @notice What is on its way out of the vault: stakes that wait for their withdrawal, and what was slashed during a halt.
///
/// The vault is exempt from demurrage, so whatever could be had from it soon would be a free place to keep liquid coins.
/// Hence it pays here what a wallet of tier NONE without activity would pay, from the request on, worked out by the token's
/// own code. Nobody has to call anything: the fee is due when it is due, views tell the amount without it, and whoever
/// changes the amount writes the fee down and sends it to the reward pool. Each writing down rounds the fee down: the leaver
/// gains less than 1 wei.
abstract contract PendingExits is IStakingVault {
    using SafeERC20 for IFTNSToken;

    // Constants

    uint256 public constant MIN_UNSTAKE_DELAY = 1 days;
    uint256 public constant MAX_UNSTAKE_DELAY = 14 days;

    // Immutables

    /// @inheritdoc IStakingVault
    IFTNSToken public immutable TOKEN;
    /// @inheritdoc IStakingVault
    IRewardPool public immutable REWARD_POOL;

    // Storage

    /// @dev One slot. One amount for each account, whose time starts again with each request: so no list has to be walked, and
    /// only the account itself can delay its withdrawal.
    struct Exit {
        uint96 amount; // FTNS, before the fees of the days after `chargedThrough`
        uint40 readyAt; // seconds; unused for what was set aside
        uint16 chargedThrough; // protocol day
    }

    mapping(address account => Exit) private _exits;
    mapping(address account => Exit) private _setAside;
    /// @dev Sums of `amount` as they stand written.
    uint96 private _totalPending;
    uint96 private _totalSetAside;
    uint32 private _unstakeDelay; // seconds

    // Constructor

    constructor(IFTNSToken token, IRewardPool pool) {
        if (address(token).code.length == 0) revert NotAContract(address(token));
        if (address(pool).code.length == 0) revert NotAContract(address(pool));
        TOKEN = token;
        REWARD_POOL = pool;
        _setUnstakeDelay(7 days);
    }

    // Views

    /// @inheritdoc IStakingVault
    function totalPending() external view returns (uint256) {
        return _totalPending;
    }

    /// @inheritdoc IStakingVault
    function totalSetAside() external view returns (uint256) {
        return _totalSetAside;
    }

    /// @inheritdoc IStakingVault
    function setAsideFor(address account) external view returns (uint256) {
        Exit memory aside = _setAside[account];
        return aside.amount - _feeOf(aside, ProtocolTime.today());
    }

    /// @inheritdoc IStakingVault
    function unstakeDelay() external view returns (uint256) {
        return _unstakeDelay;
    }

    // Writes

    /// @inheritdoc IStakingVault
    function withdraw() external returns (uint256 amount) {
        // Check
        uint256 readyAt = _exits[msg.sender].readyAt;
        if (block.timestamp < readyAt) revert NotReady(readyAt, block.timestamp);

        // Effect
        uint256 fee;
        (amount, fee) = _takeExit(msg.sender);
        emit Withdrawn(msg.sender, amount);

        // Interaction
        _payFee(fee);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IStakingVault
    function settleExit(address account, uint256 throughDay) external returns (uint256 fee) {
        // Check
        Exit memory exit = _exits[account];
        if (exit.amount == 0) revert NothingPending(account);
        uint256 today = ProtocolTime.today();
        if (throughDay < exit.chargedThrough || throughDay > today) {
            revert ExitDayOutOfBounds(throughDay, exit.chargedThrough, today);
        }

        // Effect
        fee = _charge(exit, throughDay);
        _exits[account] = exit;
        _totalPending -= uint96(fee);
        _logCharge(account, fee, throughDay);

        // Interaction
        _payFee(fee);
    }

    /// @inheritdoc IStakingVault
    function collect(address to) external returns (uint256 amount) {
        // Check
        Exit memory aside = _setAside[to];
        if (aside.amount == 0) revert NothingSetAside(to);
        uint256 haltedUntil = TOKEN.haltedUntil();
        if (block.timestamp < haltedUntil) revert NotReady(haltedUntil, block.timestamp);

        // Effect
        uint256 written = aside.amount;
        uint256 fee = _charge(aside, ProtocolTime.today());
        amount = aside.amount;
        delete _setAside[to];
        _totalSetAside -= uint96(written);
        emit Collected(to, amount, fee);

        // Interaction
        _payFee(fee);
        TOKEN.safeTransfer(to, amount);
    }

    // Internals

    /// @dev What `account` has on its way out, as of now.
    function _exitOf(address account) internal view returns (Exit memory exit) {
        exit = _exits[account];
        exit.amount -= uint96(_feeOf(exit, ProtocolTime.today()));
    }

    /// @dev Adds `amount` to the exit of `account`, whose time starts anew. The caller pays the fee.
    function _addToExit(address account, uint256 amount) internal returns (uint256 fee) {
        Exit memory exit = _exits[account];
        uint256 today = ProtocolTime.today();
        fee = _charge(exit, today);
        exit.amount += uint96(amount);
        exit.readyAt = uint40(block.timestamp + _unstakeDelay);
        _exits[account] = exit;
        _totalPending = uint96(_totalPending + amount - fee);
        _logCharge(account, fee, today);
        emit UnstakeRequested(account, amount, exit.amount, exit.readyAt);
    }

    /// @dev Empties the exit of `account`; what is left of it is the caller's to place, and the fee to pay.
    function _takeExit(address account) internal returns (uint256 amount, uint256 fee) {
        Exit memory exit = _exits[account];
        uint256 written = exit.amount;
        if (written == 0) revert NothingPending(account);
        uint256 today = ProtocolTime.today();
        fee = _charge(exit, today);
        amount = exit.amount;
        delete _exits[account];
        _totalPending -= uint96(written);
        _logCharge(account, fee, today);
    }

    /// @dev Sends `amount`, which is nobody's stake any more, to `to`; or keeps it for `to` while transfers are halted.
    function _sendOrSetAside(address to, uint256 amount) internal {
        if (TOKEN.haltedUntil() <= block.timestamp) return TOKEN.safeTransfer(to, amount);
        Exit memory aside = _setAside[to];
        uint256 fee = _charge(aside, ProtocolTime.today());
        aside.amount += uint96(amount);
        _setAside[to] = aside;
        _totalSetAside = uint96(_totalSetAside + amount - fee);
        emit SetAside(to, amount, fee, aside.amount);
        _payFee(fee);
    }

    function _payFee(uint256 fee) internal {
        if (fee != 0) TOKEN.safeTransfer(address(REWARD_POOL), fee);
    }

    function _setUnstakeDelay(uint256 delaySec) internal {
        if (delaySec < MIN_UNSTAKE_DELAY || delaySec > MAX_UNSTAKE_DELAY) {
            revert UnstakeDelayOutOfBounds(delaySec, MIN_UNSTAKE_DELAY, MAX_UNSTAKE_DELAY);
        }
        _unstakeDelay = uint32(delaySec);
        emit UnstakeDelayChanged(delaySec);
    }

    /// @dev Takes the fee through `day` from `exit`, which is in memory.
    function _charge(Exit memory exit, uint256 day) private view returns (uint256 fee) {
        fee = _feeOf(exit, day);
        exit.amount -= uint96(fee);
        exit.chargedThrough = uint16(day);
    }

    function _logCharge(address account, uint256 fee, uint256 day) private {
        if (fee != 0) emit ExitCharged(account, fee, day);
    }

    function _feeOf(Exit memory exit, uint256 day) private view returns (uint256) {
        if (exit.amount == 0 || exit.chargedThrough == day) return 0;
        return TOKEN.demurrageOf(exit.amount, exit.chargedThrough, day);
    }
}
