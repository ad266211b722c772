// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {ChallengeView, IRewardVesting} from "../interfaces/IRewardVesting.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";

/// @title ChallengeBonds
/// @notice Open challenges, and the parts of stakes that answer for them: locked towards this contract before, free again or slashed
/// once there is a decision.
///
/// THE LAW OF THE BONDS
/// 1. A subject has one open challenge at a time, and it ends in 21 days at the latest, whatever the voters do.
/// 2. What an owner has behind challenges is never more than what it has locked here, as long as the vault admits this contract.
/// 3. A right challenger loses nothing; a wrong one the whole bond: half to whom it kept waiting, half to the pool (rounded for it).
abstract contract ChallengeBonds is IRewardVesting {
    // Constants

    /// @notice In which the voters uphold a challenge. A vote that is wanted takes nine days.
    uint256 public constant DECISION_TIME = 21 days;
    uint256 public constant MIN_BOND = 100e18;
    uint256 public constant MAX_BOND = 10_000e18;

    // Immutables

    /// @inheritdoc IRewardVesting
    IStakingVault public immutable VAULT;
    IRewardPool internal immutable REWARD_POOL;

    // Storage

    /// @dev Two slots.
    struct StoredChallenge {
        address challenger; // zero = there is none
        uint96 bond; // FTNS
        uint40 raisedAt; // seconds
        uint40 opensAt; // of a batch: when it would have opened, in seconds of time in which transfers are not restricted
    }

    /// @inheritdoc IRewardVesting
    uint256 public bond;
    mapping(bytes32 subject => StoredChallenge) private _challenges;
    /// @inheritdoc IRewardVesting
    mapping(address owner => uint256) public bondedOf;

    // Constructor

    constructor(IStakingVault vault) {
        if (address(vault).code.length == 0) revert NotAContract(address(vault));
        VAULT = vault;
        REWARD_POOL = vault.REWARD_POOL();
        _setBond(500e18);
    }

    // Views

    /// @inheritdoc IRewardVesting
    function challengeOf(bytes32 subject) external view returns (ChallengeView memory) {
        StoredChallenge memory stored = _challenges[subject];
        if (stored.challenger == address(0)) return ChallengeView(address(0), 0, 0, 0);
        return ChallengeView(stored.challenger, stored.bond, stored.raisedAt, stored.raisedAt + DECISION_TIME);
    }

    // Writes

    /// @inheritdoc IRewardVesting
    function releaseUnbonded() external returns (uint256 amount) {
        amount = _freeOf(msg.sender);
        if (amount == 0) revert NothingUnbonded(msg.sender);
        VAULT.release(msg.sender, amount);
    }

    // Internals

    function _requireNone(bytes32 subject) internal view {
        if (_challenges[subject].challenger != address(0)) revert ChallengeOpen(subject);
    }

    /// @dev The sender stands behind a challenge of `subject`, of which there is none, with the bond of now.
    function _raise(bytes32 subject, uint256 opensAt) internal returns (uint256 amount, uint256 lapsesAt) {
        amount = bond;
        uint256 free = _freeOf(msg.sender);
        if (free < amount) revert ChallengeBondNeeded(amount, free);
        bondedOf[msg.sender] += amount;
        // The bond fits by its bounds, and times by the calendar.
        // forge-lint: disable-next-line(unsafe-typecast)
        _challenges[subject] = StoredChallenge(msg.sender, uint96(amount), uint40(block.timestamp), uint40(opensAt));
        lapsesAt = block.timestamp + DECISION_TIME;
    }

    /// @dev Takes the challenge of `subject`, which the voters may still decide.
    function _takeDecidable(bytes32 subject) internal returns (StoredChallenge memory taken) {
        taken = _take(subject);
        uint256 lapsesAt = taken.raisedAt + DECISION_TIME;
        if (block.timestamp >= lapsesAt) revert ChallengeLapsed(subject, lapsesAt);
    }

    /// @dev Takes the challenge of `subject`, which the voters have left too long.
    function _takeLapsed(bytes32 subject) internal returns (StoredChallenge memory taken) {
        taken = _take(subject);
        uint256 lapsesAt = taken.raisedAt + DECISION_TIME;
        if (block.timestamp < lapsesAt) revert ChallengePending(subject, lapsesAt);
    }

    /// @dev The bond of a right challenger, already taken, leaves its stake free.
    function _giveBack(StoredChallenge memory taken) internal {
        uint256 locked = _lockedOf(taken);
        if (locked != 0) VAULT.release(taken.challenger, locked);
    }

    /// @dev The bond of a wrong challenger, already taken, goes half to `contributor`, or all of it to the pool where that is zero. Where this
    /// contract has no power over locks any more, nothing moves: that must not keep a reward frozen.
    function _slashBond(bytes32 subject, StoredChallenge memory taken, address contributor) internal {
        emit ChallengeRejected(subject, taken.challenger, contributor, taken.bond);
        (bool admitted, uint256 freeableAt) = VAULT.lockHolderOf(address(this));
        uint256 locked = _lockedOf(taken);
        if (locked == 0 || (!admitted && block.timestamp >= freeableAt)) return;
        uint256 half = contributor == address(0) ? 0 : locked / 2;
        if (half != 0) VAULT.slash(taken.challenger, half, contributor);
        VAULT.slash(taken.challenger, locked - half, address(REWARD_POOL));
    }

    function _setBond(uint256 bond_) internal {
        if (bond_ < MIN_BOND || bond_ > MAX_BOND) revert BondOutOfBounds(bond_, MIN_BOND, MAX_BOND);
        bond = bond_;
        emit BondSet(bond_);
    }

    function _take(bytes32 subject) private returns (StoredChallenge memory taken) {
        taken = _challenges[subject];
        if (taken.challenger == address(0)) revert NoChallenge(subject);
        delete _challenges[subject];
        bondedOf[taken.challenger] -= taken.bond;
    }

    /// @dev Two weeks after this contract lost its admission owners may have freed their locks.
    function _lockedOf(StoredChallenge memory taken) private view returns (uint256) {
        return Math.min(taken.bond, VAULT.lockOf(taken.challenger, address(this)));
    }

    function _freeOf(address owner) private view returns (uint256) {
        return Math.saturatingSub(VAULT.lockOf(owner, address(this)), bondedOf[owner]);
    }
}
