// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStakingVault} from "../interfaces/IStakingVault.sol";
import {DirectCaller} from "../access/DirectCaller.sol";
import {PendingExits} from "./PendingExits.sol";

/// @title StakeLocks
/// @notice Parts of stakes that answer for something: deposits, bonds, stakes of verifiers and operators.
///
/// THE LAW OF THE LOCKS
/// 1. Only its owner locks a part of a stake, towards a contract (the holder) that governance admitted.
/// 2. Locks never overlap: for each owner the sum over all holders, kept as one number, is at most the stake. So what a holder
///    may slash is there, whatever the other holders do.
/// 3. Only the holder releases or slashes, each its own locks and no more than they are. It is never called from here, so one
///    that fails or means harm can do nothing but that.
/// 4. A locked part earns and votes; it can't leave.
/// 5. A holder that lost its admission has 14 days to release and slash; then it can slash no more, and owners free themselves.
abstract contract StakeLocks is DirectCaller, PendingExits {
    // Constants

    /// @inheritdoc IStakingVault
    uint256 public constant ABANDON_DELAY = 14 days;

    // Storage

    /// @dev One slot.
    struct LockHolder {
        bool admitted;
        uint40 freeableAt; // seconds; from then on a holder without admission has no more power; 0 = never admitted
    }

    mapping(address owner => mapping(address holder => uint256)) private _locks;
    /// @inheritdoc IStakingVault
    mapping(address owner => uint256) public lockedOf;
    mapping(address holder => LockHolder) private _lockHolders;

    // Views

    /// @inheritdoc IStakingVault
    function lockOf(address owner, address holder) external view returns (uint256) {
        return _locks[owner][holder];
    }

    /// @inheritdoc IStakingVault
    function lockHolderOf(address holder) external view returns (bool admitted, uint256 freeableAt) {
        LockHolder memory state = _lockHolders[holder];
        return (state.admitted, state.freeableAt);
    }

    // Writes

    /// @inheritdoc IStakingVault
    function lock(address holder, uint256 amount) external {
        // Check
        if (amount == 0) revert ZeroAmount();
        if (!_lockHolders[holder].admitted) revert LockHolderNotAdmitted(holder);
        _checkUnlocked(msg.sender, amount);

        // Effect
        uint256 locked = _locks[msg.sender][holder] + amount;
        _locks[msg.sender][holder] = locked;
        lockedOf[msg.sender] += amount;
        emit Locked(msg.sender, holder, amount, locked);
    }

    /// @inheritdoc IStakingVault
    function release(address owner, uint256 amount) external {
        uint256 left = _reduceLock(owner, msg.sender, amount);
        emit Released(owner, msg.sender, amount, left);
    }

    /// @inheritdoc IStakingVault
    function slash(address owner, uint256 amount, address to) external {
        // Check
        LockHolder memory state = _lockHolders[msg.sender];
        if (!state.admitted && block.timestamp >= state.freeableAt) revert LockHolderNotAdmitted(msg.sender);
        if (to == address(0) || to == owner || to == address(this)) revert InvalidRecipient(to);

        // Effect
        uint256 left = _reduceLock(owner, msg.sender, amount);
        _removeStake(owner, amount);
        emit Slashed(owner, msg.sender, to, amount, left);

        // Interaction
        _sendOrSetAside(to, amount);
    }

    /// @inheritdoc IStakingVault
    function freeAbandoned(address holder) external returns (uint256 amount) {
        // Check
        LockHolder memory state = _lockHolders[holder];
        if (state.admitted) revert LockHolderAdmitted(holder);
        if (block.timestamp < state.freeableAt) revert NotReady(state.freeableAt, block.timestamp);

        // Effect
        amount = _locks[msg.sender][holder];
        if (amount == 0) revert NothingLocked(msg.sender, holder);
        _reduceLock(msg.sender, holder, amount);
        emit Released(msg.sender, holder, amount, 0);
    }

    // Governance

    /// @inheritdoc IStakingVault
    function setLockHolder(address holder, bool admitted) external restricted {
        if (admitted) {
            if (holder.code.length == 0) revert NotAContract(holder);
            _lockHolders[holder] = LockHolder(true, 0);
        } else {
            // Taking it away twice would start the 14 days anew.
            if (!_lockHolders[holder].admitted) revert LockHolderNotAdmitted(holder);
            _lockHolders[holder] = LockHolder(false, uint40(block.timestamp + ABANDON_DELAY));
        }
        emit LockHolderSet(holder, admitted);
    }

    // Internals

    /// @dev `amount` of the stake of `owner` can leave or be locked.
    function _checkUnlocked(address owner, uint256 amount) internal view {
        uint256 staked = _stakedBy(owner);
        if (amount > staked) revert InsufficientStake(owner, staked, amount);
        uint256 unlocked = staked - lockedOf[owner];
        if (amount > unlocked) revert StakeLocked(owner, unlocked, amount);
    }

    /// @dev What `owner` has staked.
    function _stakedBy(address owner) internal view virtual returns (uint256);

    /// @dev Takes `amount` of the stake of `owner` and of its votes, for good. It must work whatever else fails.
    function _removeStake(address owner, uint256 amount) internal virtual;

    function _reduceLock(address owner, address holder, uint256 amount) private returns (uint256 left) {
        if (amount == 0) revert ZeroAmount();
        uint256 locked = _locks[owner][holder];
        if (amount > locked) revert InsufficientLock(owner, holder, locked, amount);
        left = locked - amount;
        _locks[owner][holder] = left;
        lockedOf[owner] -= amount;
    }
}
