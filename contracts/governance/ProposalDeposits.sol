// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {Deposit, IProposalDeposits} from "../interfaces/IProposalDeposits.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";

/// @title ProposalDeposits
/// @notice See IProposalDeposits. So nobody makes proposals to farm votes, to fill the log, or to stage a deadlock.
///
/// A deposit is held for one proposal of a proposer at a time: the governor lets a proposer have one vote open, and a next
/// proposal settles the deposit of the last one. So what is locked here by a proposer is at least what is held.
contract ProposalDeposits is AccessManaged, IProposalDeposits {
    // Constants

    uint256 public constant MIN_DEPOSIT = 100e18;
    uint256 public constant MAX_DEPOSIT = 10_000e18;
    /// @dev 5 % of the voting supply, as a divisor: so many take part in a vote that was worth it.
    uint256 private constant ATTENDED_DIVISOR = 20;

    // Immutables

    /// @inheritdoc IProposalDeposits
    IStakingVault public immutable VAULT;

    // Storage

    /// @dev One slot: a proposer has one deposit at a time.
    struct Held {
        uint128 amount;
        uint64 index; // of the proposal
        Deposit state;
    }

    /// @inheritdoc IProposalDeposits
    IFTNSGovernor public governor;
    /// @inheritdoc IProposalDeposits
    uint256 public deposit = 1_000e18;
    mapping(address proposer => Held) private _deposits;

    // Constructor

    /// @param authority the AccessManager
    /// @param vault where deposits are locked
    constructor(address authority, IStakingVault vault) AccessManaged(authority) {
        if (address(vault).code.length == 0) revert NotAContract(address(vault));
        VAULT = vault;
    }

    // Views

    /// @inheritdoc IProposalDeposits
    function depositOf(address proposer) external view returns (uint256 proposalId, uint256 amount, Deposit state) {
        Held memory held = _deposits[proposer];
        if (held.state != Deposit.NONE) proposalId = _idOf(held);
        return (proposalId, held.amount, held.state);
    }

    // Writes

    /// @inheritdoc IProposalDeposits
    function hold(address proposer, uint256 index) external {
        if (msg.sender != address(governor)) revert NotTheGovernor(msg.sender);
        Held memory held = _deposits[proposer];
        if (held.state == Deposit.HELD) _decide(proposer, held);

        uint256 needed = deposit;
        uint256 locked = VAULT.lockOf(proposer, address(this));
        if (locked < needed) {
            // Nobody can lock towards a holder that is not admitted. Then proposals are free, so that one can admit it again.
            (bool admitted,) = VAULT.lockHolderOf(address(this));
            if (admitted) revert DepositMissing(proposer, locked, needed);
            needed = 0;
        }
        // At most MAX_DEPOSIT; nobody makes 2^64 proposals.
        // forge-lint: disable-next-line(unsafe-typecast)
        held = Held(uint128(needed), uint64(index), Deposit.HELD);
        _deposits[proposer] = held;
        emit DepositHeld(_idOf(held), proposer, needed);
    }

    /// @inheritdoc IProposalDeposits
    function settle(address proposer) external {
        Held memory held = _deposits[proposer];
        if (held.state != Deposit.HELD) revert DepositNotHeld(proposer, held.state);
        if (_decide(proposer, held) == Deposit.SLASHED) return;
        uint256 left = _atMostLocked(proposer, held.amount);
        if (left != 0) VAULT.release(proposer, left);
    }

    /// @inheritdoc IProposalDeposits
    function releaseUnused() external returns (uint256 amount) {
        Held memory held = _deposits[msg.sender];
        uint256 kept = held.state == Deposit.HELD ? held.amount : 0;
        uint256 locked = VAULT.lockOf(msg.sender, address(this));
        if (locked <= kept) revert NothingUnused(msg.sender);
        amount = locked - kept;
        VAULT.release(msg.sender, amount);
    }

    // Governance

    /// @inheritdoc IProposalDeposits
    function initialize(IFTNSGovernor governor_) external restricted {
        if (address(governor) != address(0)) revert GovernorIsFixed(governor);
        if (address(governor_).code.length == 0) revert NotAContract(address(governor_));
        governor = governor_;
        emit GovernorSet(governor_);
    }

    /// @inheritdoc IProposalDeposits
    function setDeposit(uint256 deposit_) external restricted {
        if (deposit_ < MIN_DEPOSIT || deposit_ > MAX_DEPOSIT) {
            revert DepositOutOfBounds(deposit_, MIN_DEPOSIT, MAX_DEPOSIT);
        }
        emit DepositSet(deposit, deposit_);
        deposit = deposit_;
    }

    // Internals

    /// @dev Decides over a deposit that is held. What is freed is not released here.
    function _decide(address proposer, Held memory held) private returns (Deposit outcome) {
        uint256 proposalId = _idOf(held);
        outcome = _isWorthIt(proposalId) ? Deposit.FREED : Deposit.SLASHED;
        _deposits[proposer].state = outcome;
        if (outcome == Deposit.FREED) {
            emit DepositFreed(proposalId, proposer, held.amount);
        } else {
            // Less is there only where governance took this contract's admission away, and the owner freed the lock.
            uint256 left = _atMostLocked(proposer, held.amount);
            emit DepositSlashed(proposalId, proposer, left);
            if (left != 0) VAULT.slash(proposer, left, address(VAULT.REWARD_POOL()));
        }
    }

    function _idOf(Held memory held) private view returns (uint256) {
        return governor.proposalIdAt(held.index);
    }

    function _atMostLocked(address proposer, uint256 amount) private view returns (uint256) {
        uint256 locked = VAULT.lockOf(proposer, address(this));
        return locked < amount ? locked : amount;
    }

    /// @dev Reverts while the vote is to come or going on.
    function _isWorthIt(uint256 proposalId) private view returns (bool) {
        IGovernor votes = IGovernor(address(governor));
        IGovernor.ProposalState outcome = votes.state(proposalId);
        if (outcome == IGovernor.ProposalState.Pending || outcome == IGovernor.ProposalState.Active) {
            revert VoteStillOpen(proposalId);
        }
        // What was queued had succeeded, whoever stopped it afterwards.
        if (outcome == IGovernor.ProposalState.Canceled) return votes.proposalEta(proposalId) != 0;
        if (outcome != IGovernor.ProposalState.Defeated) return true;
        uint256 supply = governor.votingSupply(votes.proposalSnapshot(proposalId));
        return governor.votesCast(proposalId) * ATTENDED_DIVISOR >= supply;
    }
}
