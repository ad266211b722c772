// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bond, ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IEmergencyGovernor, Motion} from "../interfaces/IEmergencyGovernor.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";
import {Action, Trigger} from "../types/Emergency.sol";
import {ActionTerms} from "./ActionTerms.sol";
import {TriggerSources} from "./TriggerSources.sol";

/// @title TriggerBonds
/// @notice Who pulls a trigger again that was pulled for nothing answers for it with a part of the own stake: locked towards this
/// contract before, given back when there was a cause, slashed to the pool otherwise.
abstract contract TriggerBonds is TriggerSources {
    // Constants

    /// @notice The condition must hold an hour after the trigger; there is an hour to say so.
    uint256 public constant CONFIRM_AFTER = 1 hours;
    uint256 public constant CONFIRM_BEFORE = 2 hours;

    // Immutables

    /// @inheritdoc ICircuitBreaker
    IStakingVault public immutable VAULT;
    /// @inheritdoc ICircuitBreaker
    IRewardPool public immutable REWARD_POOL;

    // Storage

    /// @dev Two slots.
    struct StoredBond {
        address owner; // zero = settled, or none
        uint96 amount; // FTNS
        uint40 postedAt; // seconds
        uint40 dueAt; // seconds
        uint40 deadlockBefore; // seconds: when a deadlock had last been found
        uint24 firstMotion; // on the first action of its trigger
        uint24 secondMotion; // on the second; 0 = there is none
        Trigger kind;
    }

    /// @inheritdoc ICircuitBreaker
    IEmergencyGovernor public emergencyGovernor;
    /// @inheritdoc ICircuitBreaker
    uint256 public bondCount;
    mapping(uint256 bond => StoredBond) private _bonds;
    /// @inheritdoc ICircuitBreaker
    mapping(address owner => uint256) public bondedOf;

    // Constructor

    constructor(IStakingVault vault) {
        if (address(vault).code.length == 0) revert NotAContract(address(vault));
        VAULT = vault;
        REWARD_POOL = vault.REWARD_POOL();
    }

    // Views

    /// @inheritdoc ICircuitBreaker
    function bondAt(uint256 bond) external view returns (Bond memory) {
        StoredBond memory stored = _bonds[bond];
        return Bond(stored.owner, stored.amount, stored.kind, stored.postedAt, stored.dueAt);
    }

    // Writes

    /// @inheritdoc ICircuitBreaker
    function settleBond(uint256 bond) external {
        // Check
        StoredBond memory stored = _bonds[bond];
        if (stored.owner == address(0)) revert UnknownBond(bond);
        if (block.timestamp < stored.postedAt + CONFIRM_AFTER) {
            revert BondNotDue(bond, stored.postedAt + CONFIRM_AFTER);
        }
        bool confirmed = block.timestamp < stored.postedAt + CONFIRM_BEFORE && _stillHolds(stored);
        bool justified = confirmed || _foundSupport(stored);
        if (!justified && block.timestamp <= stored.dueAt) revert BondNotDue(bond, stored.dueAt + 1);

        // Effect
        delete _bonds[bond];
        bondedOf[stored.owner] -= stored.amount;
        emit BondSettled(bond, stored.owner, stored.amount, !justified);

        // Interaction
        // Two weeks after this contract lost its admission owners may have freed their locks.
        uint256 locked = Math.min(stored.amount, VAULT.lockOf(stored.owner, address(this)));
        if (locked == 0) return;
        if (justified) VAULT.release(stored.owner, locked);
        else VAULT.slash(stored.owner, locked, address(REWARD_POOL));
    }

    /// @inheritdoc ICircuitBreaker
    function releaseUnbonded() external returns (uint256 amount) {
        amount = _unbondedOf(msg.sender);
        if (amount == 0) revert NothingUnbonded(msg.sender);
        VAULT.release(msg.sender, amount);
    }

    // Internals

    /// @dev `owner` has locked `amount` towards this contract that stands behind no other trigger.
    function _checkBond(address owner, Trigger kind, uint256 amount) internal view {
        uint256 free = _unbondedOf(owner);
        if (free < amount) revert BondNeeded(kind, amount, free);
    }

    /// @dev `owner` stands behind a trigger of `kind`, whose motions are `motions`, with `amount`. `deadlockBefore` is what
    /// `lastDeadlockAt` was before it.
    function _postBond(
        address owner,
        Trigger kind,
        uint256 amount,
        uint256 periodSec,
        uint256[2] memory motions,
        uint256 deadlockBefore
    ) internal {
        bondedOf[owner] += amount;
        uint256 bond = ++bondCount;
        uint256 dueAt = block.timestamp + periodSec;
        _bonds[bond] = StoredBond({
            owner: owner,
            amount: uint96(amount),
            postedAt: uint40(block.timestamp),
            dueAt: uint40(dueAt),
            deadlockBefore: uint40(deadlockBefore),
            firstMotion: uint24(motions[0]),
            secondMotion: uint24(motions[1]),
            kind: kind
        });
        emit BondPosted(bond, owner, kind, amount, dueAt);
    }

    /// @dev What `owner` has locked towards this contract and not behind a trigger.
    function _unbondedOf(address owner) private view returns (uint256) {
        return Math.saturatingSub(VAULT.lockOf(owner, address(this)), bondedOf[owner]);
    }

    /// @dev Whether the condition of `stored` holds now as it did then. A deadlock is found once on the same votes, so it is asked
    /// as if this one had not been.
    function _stillHolds(StoredBond memory stored) private returns (bool met) {
        if (stored.kind != Trigger.GOVERNANCE_DEADLOCK) return find(stored.kind).met;
        uint48 last = lastDeadlockAt;
        lastDeadlockAt = stored.deadlockBefore;
        met = find(stored.kind).met;
        lastDeadlockAt = last;
    }

    function _foundSupport(StoredBond memory stored) private view returns (bool) {
        (Action first, Action second) = ActionTerms.pairOf(stored.kind);
        if (emergencyGovernor.foundSupport(Motion(stored.firstMotion, first, false))) return true;
        return stored.secondMotion != 0 && emergencyGovernor.foundSupport(Motion(stored.secondMotion, second, false));
    }
}
