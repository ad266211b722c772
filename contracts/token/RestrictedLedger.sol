// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {AccountLedger} from "./AccountLedger.sol";
import {AccountWord} from "./AccountWord.sol";
import {GlobalWord} from "./GlobalWord.sol";
import {ParameterTimeline} from "./ParameterTimeline.sol";
import {Restrictions} from "./Restrictions.sol";

/// @title RestrictedLedger
/// @notice Halts and recovery mode: until when, whom they stop, and the days that they keep free of charge. Ordinary
/// transfers never come here: the global word says until when either holds.
abstract contract RestrictedLedger is AccessManaged, AccountLedger {
    using ParameterTimeline for uint256[];
    using Restrictions for Restrictions.Allowances;

    // Constants

    /// @dev Longest halt from the moment it is decided.
    uint256 private constant MAX_HALT = 72 hours;
    /// @dev Longest recovery mode from the moment it is decided.
    uint256 private constant MAX_RECOVERY = 7 days;

    // Storage

    uint40 private _haltedUntil; // seconds
    uint40 private _recoveryUntil; // seconds
    uint40 private _restrictedSec; // of all halts and recovery modes, those to come until `restrictedUntil` included
    Restrictions.Allowances private _allowances;

    // Views

    /// @inheritdoc IFTNSToken
    function haltedUntil() external view returns (uint256) {
        return _haltedUntil;
    }

    /// @inheritdoc IFTNSToken
    function recoveryUntil() external view returns (uint256) {
        return _recoveryUntil;
    }

    /// @inheritdoc IFTNSToken
    function restrictedUntil() external view returns (uint256) {
        return GlobalWord.restrictedUntil(_global);
    }

    /// @inheritdoc IFTNSToken
    function restrictedSeconds() external view returns (uint256) {
        uint256 until = GlobalWord.restrictedUntil(_global);
        return until > block.timestamp ? _restrictedSec - (until - block.timestamp) : _restrictedSec;
    }

    /// @inheritdoc IFTNSToken
    function movable(address account) external view returns (uint256) {
        uint256 balance = _netBalance(account);
        uint256 grace = AccountWord.graceUntil(_accounts[account].word);
        if (GlobalWord.restrictedUntil(_global) <= block.timestamp || grace == AccountWord.EXEMPT) return balance;
        if (_haltedUntil > block.timestamp) return 0;
        return grace == AccountWord.POOLED ? balance : _allowances.left(account, balance);
    }

    // Governance

    /// @inheritdoc IFTNSToken
    function halt(uint256 until) external restricted {
        if (until <= block.timestamp || until > block.timestamp + MAX_HALT) {
            revert HaltOutOfBounds(until, block.timestamp + 1, block.timestamp + MAX_HALT);
        }
        _haltedUntil = uint40(until);
        (uint256 fromDay, uint256 throughDay) = _syncRestrictions();
        emit Halted(until, fromDay, throughDay);
    }

    /// @inheritdoc IFTNSToken
    function endHalt() external restricted {
        if (_haltedUntil <= block.timestamp) revert NotHalted();
        _haltedUntil = uint40(block.timestamp);
        _syncRestrictions();
        emit HaltEnded();
    }

    /// @inheritdoc IFTNSToken
    function startRecovery(uint256 until) external restricted {
        if (until <= block.timestamp || until > block.timestamp + MAX_RECOVERY) {
            revert RecoveryOutOfBounds(until, block.timestamp + 1, block.timestamp + MAX_RECOVERY);
        }
        _recoveryUntil = uint40(until);
        (uint256 fromDay, uint256 throughDay) = _syncRestrictions();
        emit RecoveryStarted(until, fromDay, throughDay);
    }

    /// @inheritdoc IFTNSToken
    function endRecovery() external restricted {
        if (_recoveryUntil <= block.timestamp) revert NotInRecovery();
        _recoveryUntil = uint40(block.timestamp);
        _syncRestrictions();
        emit RecoveryEnded();
    }

    // Internals

    /// @dev While a halt or recovery mode holds: counts a payment of `value` by `from`, or refuses it. A halt stops all but
    /// the protocol's own exempt contracts; recovery mode limits neither them nor pooled accounts, which limit their users
    /// themselves.
    function _checkRestrictions(address from, uint256 wordFrom, uint256 value) internal {
        uint256 grace = AccountWord.graceUntil(wordFrom);
        if (grace == AccountWord.EXEMPT) return;
        if (_haltedUntil > block.timestamp) revert TransfersHalted(_haltedUntil);
        if (grace != AccountWord.POOLED) _allowances.count(from, AccountWord.balance(wordFrom), value);
    }

    /// @dev Nothing is minted in recovery mode. The global word is asked first, because whoever mints has read it anyway.
    function _checkMinting() internal view {
        if (GlobalWord.restrictedUntil(_global) <= block.timestamp) return;
        if (_recoveryUntil > block.timestamp) revert MintingStopped(_recoveryUntil);
    }

    /// @dev Brings the global word, the free days and the restricted time in line with the halt and the recovery mode, whichever lasts
    /// longer.
    function _syncRestrictions() private returns (uint256 fromDay, uint256 throughDay) {
        (uint256 halted, uint256 recovery) = (_haltedUntil, _recoveryUntil);
        uint256 until = halted > recovery ? halted : recovery;
        uint256 today = ProtocolTime.today();
        (fromDay, throughDay) = (today + 1, ProtocolTime.dayOf(until));
        uint256 before = GlobalWord.restrictedUntil(_global);
        if (before < block.timestamp) before = block.timestamp;
        _restrictedSec = uint40(_restrictedSec + (until > block.timestamp ? until : block.timestamp) - before);
        _global = GlobalWord.withRestrictedUntil(_global, until);
        if (until > block.timestamp) _timeline.freeze(today, throughDay);
        else _timeline.thaw(today);
        _storeHistoryDay();
    }
}
