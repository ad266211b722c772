// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {Attendance, IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";

/// @title ProposalLog
/// @notice Remembers which proposals were made, to tell the turnout of votes. Casting a vote costs no gas for it.
abstract contract ProposalLog is GovernorCountingSimple, IFTNSGovernor {
    // Constants

    /// @dev Proposals that `attendance` looks at. More than 64 within the longest vote and the stretch asked for leave the
    /// answer incomplete: whoever floods the log can only keep the deadlock trigger from being pulled.
    uint256 public constant MAX_LOOK_BACK = 64;

    // Storage

    uint256[] private _proposalIds;
    mapping(address proposer => uint256 proposalId) private _latestOf;

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
    function attendance(uint256 from, uint256 to) external view returns (Attendance memory result) {
        uint256 length = _proposalIds.length;
        for (uint256 inspected = 0; inspected < length; ++inspected) {
            uint256 proposalId = _proposalIds[length - 1 - inspected];
            uint256 snapshot = proposalSnapshot(proposalId);
            // A proposal made before this one started to be voted on at most the longest delay after this one.
            if (snapshot + _longestVoteTime() < from) break;
            // This one may have ended then, too, and is one more than is looked at.
            if (inspected == MAX_LOOK_BACK) return result;
            // A vote is over after its deadline's last second.
            uint256 deadline = proposalDeadline(proposalId);
            if (deadline < from || deadline >= to || state(proposalId) == ProposalState.Canceled) continue;
            ++result.ended;
            uint256 share = _votesCast(proposalId) * 1e18 / votingSupply(snapshot);
            if (share > result.highestShare) result.highestShare = share;
        }
        result.complete = true;
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
        uint256 latest = _latestOf[proposer];
        if (latest != 0) {
            ProposalState latestState = state(latest);
            if (latestState == ProposalState.Pending || latestState == ProposalState.Active) {
                revert ProposalStillOpen(proposer, latest);
            }
        }
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        _latestOf[proposer] = proposalId;
        _proposalIds.push(proposalId);
    }

    function _votesCast(uint256 proposalId) private view returns (uint256) {
        (uint256 against, uint256 inFavour, uint256 abstained) = proposalVotes(proposalId);
        return against + inFavour + abstained;
    }
}
