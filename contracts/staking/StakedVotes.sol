// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {Trace} from "../libraries/Trace.sol";
import {VoteTrace} from "../libraries/VoteTrace.sol";

/// @title StakedVotes
/// @notice OpenZeppelin's votes by timestamps, with two changes:
///
/// 1. An account that never chose a delegate is its own delegate. Stakers expect their stake to vote, and stakes without a
///    delegate would be missing from the quorum. Delegating to the zero address goes back to this.
/// 2. Histories are kept as `VoteTrace`: a first stake writes two slots less than it would, later changes one less on
///    average, and a vote reads one less.
///
/// Signatures, nonces, events and the rule that only the past can be asked for are OpenZeppelin's.
abstract contract StakedVotes is Votes {
    using Trace for uint256;
    using VoteTrace for Trace.History;

    // Storage

    mapping(address delegatee => Trace.History) private _votes;
    Trace.History private _totalVotes;

    // Views

    /// @inheritdoc IERC6372
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc IVotes
    function getVotes(address account) public view override returns (uint256) {
        return _votes[account].newest.valueOf();
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) public view override returns (uint256) {
        return _votes[account].entryAt(_validateTimepoint(timepoint)).valueOf();
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) public view override returns (uint256) {
        return _totalVotes.entryAt(_validateTimepoint(timepoint)).valueOf();
    }

    /// @inheritdoc IVotes
    function delegates(address account) public view override returns (address delegatee) {
        delegatee = super.delegates(account);
        if (delegatee == address(0)) delegatee = account;
    }

    // Internals

    function _getTotalSupply() internal view override returns (uint256) {
        return _totalVotes.newest.valueOf();
    }

    function _delegate(address account, address delegatee) internal virtual override {
        super._delegate(account, delegatee == address(0) ? account : delegatee);
    }

    /// @dev `amount` more votes, those of `delegatee`. Used in place of `_transferVotingUnits`, which would look up the delegate.
    function _addVotes(address delegatee, uint256 amount) internal {
        _add(_totalVotes, amount);
        _moveDelegateVotes(address(0), delegatee, amount);
    }

    /// @dev `amount` fewer votes, those of `delegatee`.
    function _takeVotes(address delegatee, uint256 amount) internal {
        _subtract(_totalVotes, amount);
        _moveDelegateVotes(delegatee, address(0), amount);
    }

    function _moveDelegateVotes(address from, address to, uint256 amount) internal override {
        if (from == to || amount == 0) return;
        if (from != address(0)) {
            (uint256 old, uint256 votes) = _subtract(_votes[from], amount);
            emit DelegateVotesChanged(from, old, votes);
        }
        if (to != address(0)) {
            (uint256 old, uint256 votes) = _add(_votes[to], amount);
            emit DelegateVotesChanged(to, old, votes);
        }
    }

    function _add(Trace.History storage history, uint256 amount) private returns (uint256 old, uint256 votes) {
        old = history.newest.valueOf();
        history.push(block.timestamp, votes = old + amount);
    }

    function _subtract(Trace.History storage history, uint256 amount) private returns (uint256 old, uint256 votes) {
        old = history.newest.valueOf();
        history.push(block.timestamp, votes = old - amount);
    }
}
