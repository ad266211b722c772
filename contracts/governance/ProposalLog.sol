// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {IFTNSGovernor, LastVotes} from "../interfaces/IFTNSGovernor.sol";
import {IProposalDeposits} from "../interfaces/IProposalDeposits.sol";

/// @title ProposalLog
/// @notice Remembers which proposals were made, to tell the turnout of votes. Casting a vote costs no gas for it.
abstract contract ProposalLog is GovernorCountingSimple, IFTNSGovernor {
    // Constants

    /// @dev Proposals that `lastVotes` looks at. Where more may be among the last three that ended, the answer is incomplete:
    /// whoever pays 64 deposits can only keep the deadlock trigger from being pulled.
    uint256 public constant MAX_LOOK_BACK = 64;
    /// @dev Votes that tell a deadlock.
    uint256 private constant LAST = 3;

    // Immutables

    /// @inheritdoc IFTNSGovernor
    IProposalDeposits public immutable DEPOSITS;

    // Storage

    uint256[] private _proposalIds;

    // Constructor

    constructor(IProposalDeposits deposits) {
        DEPOSITS = deposits;
    }

    // Views

    /// @inheritdoc IFTNSGovernor
    function votingSupply(uint256 timepoint) public view virtual returns (uint256);

    /// @inheritdoc IFTNSGovernor
    function proposalCount() external view returns (uint256) {
        return _proposalIds.length;
    }

    /// @inheritdoc IFTNSGovernor
    function proposalIdAt(uint256 index) external view returns (uint256) {
        return _proposalIds[index];
    }

    /// @inheritdoc IFTNSGovernor
    function votesCast(uint256 proposalId) public view returns (uint256) {
        (uint256 against, uint256 inFavour, uint256 abstained) = proposalVotes(proposalId);
        return against + inFavour + abstained;
    }

    /// @inheritdoc IFTNSGovernor
    function lastVotes(uint256 to) external view returns (LastVotes memory result) {
        // What is still open has not ended, whatever time is asked for.
        if (to > block.timestamp) to = block.timestamp;
        (uint256[LAST] memory ids, uint256[LAST] memory ends, uint256 count, bool complete) = _lastEnded(to);
        result.complete = complete;
        result.count = count;
        result.latestEnd = ends[0];
        result.differentProposers = true;
        for (uint256 i = 0; i < count; ++i) {
            uint256 share = votesCast(ids[i]) * 1e18 / votingSupply(proposalSnapshot(ids[i]));
            if (share > result.highestShare) result.highestShare = share;
            if (_quorumReached(ids[i]) && _voteSucceeded(ids[i])) result.passed = true;
            for (uint256 j = 0; j < i; ++j) {
                if (proposalProposer(ids[i]) == proposalProposer(ids[j])) result.differentProposers = false;
            }
        }
    }

    // Internals

    /// @dev Longest time from the snapshot of a proposal to the deadline of any proposal made before it (seconds).
    function _longestVoteTime() internal view virtual returns (uint256);

    /// @inheritdoc Governor
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal virtual override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        _proposalIds.push(proposalId);
        DEPOSITS.hold(proposer, _proposalIds.length - 1);
    }

    /// @dev What was queued had passed, and was not withdrawn, whoever stopped it afterwards.
    function _isWithdrawn(uint256 proposalId) private view returns (bool) {
        return proposalEta(proposalId) == 0 && state(proposalId) == ProposalState.Canceled;
    }

    /// @dev The latest first; of votes that ended at the same time, the one proposed later.
    function _lastEnded(uint256 to)
        private
        view
        returns (uint256[LAST] memory ids, uint256[LAST] memory ends, uint256 count, bool complete)
    {
        uint256 length = _proposalIds.length;
        for (uint256 inspected = 0; inspected < length; ++inspected) {
            uint256 id = _proposalIds[length - 1 - inspected];
            // A proposal made before this one started to be voted on at most the longest delay after this one.
            if (count == LAST && proposalSnapshot(id) + _longestVoteTime() <= ends[LAST - 1]) break;
            // This one may be among the last, too, and is one more than is looked at.
            if (inspected == MAX_LOOK_BACK) return (ids, ends, count, false);
            // A vote is over after its deadline's last second.
            uint256 end = proposalDeadline(id);
            if (end >= to || _isWithdrawn(id)) continue;
            // At most three places.
            uint256 place = count;
            while (place != 0 && ends[place - 1] < end) --place;
            if (place == LAST) continue;
            for (uint256 i = LAST - 1; i > place; --i) {
                (ids[i], ends[i]) = (ids[i - 1], ends[i - 1]);
            }
            (ids[place], ends[place]) = (id, end);
            if (count < LAST) ++count;
        }
        complete = true;
    }
}
