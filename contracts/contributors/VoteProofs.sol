// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IContributorRegistry, Outcome} from "../interfaces/IContributorRegistry.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {IVoteProofs} from "../interfaces/IVoteProofs.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier} from "../types/Tier.sol";

/// @title VoteProofs
/// @notice See IVoteProofs.
contract VoteProofs is IVoteProofs {
    // Constants

    /// @notice Least voting weight of a vote that counts (FTNS).
    uint256 public constant MIN_VOTES = 100e18;

    // Immutables

    IGovernor public immutable GOVERNOR;
    IContributorRegistry public immutable REGISTRY;

    // Constructor

    constructor(IGovernor governor, IContributorRegistry registry) {
        if (address(governor).code.length == 0) revert NotAContract(address(governor));
        if (address(registry).code.length == 0) revert NotAContract(address(registry));
        GOVERNOR = governor;
        REGISTRY = registry;
    }

    // Views

    /// @inheritdoc IVoteProofs
    function proofHashOf(uint256 proposalId, address voter) public view returns (bytes32) {
        return keccak256(abi.encode(GOVERNOR, proposalId, voter));
    }

    // Writes

    /// @inheritdoc IVoteProofs
    function submitVote(uint256 proposalId, address voter) external returns (Outcome memory outcome) {
        _checkVote(proposalId, voter);
        bytes32 proofHash = proofHashOf(proposalId, voter);
        outcome = REGISTRY.countVote(voter, proofHash);
        emit VoteAccepted(proposalId, voter, proofHash, outcome);
    }

    // Internals

    function _checkVote(uint256 proposalId, address voter) private view {
        if (!GOVERNOR.hasVoted(proposalId, voter)) revert HasNotVoted(proposalId, voter);
        uint256 endedAt = GOVERNOR.proposalDeadline(proposalId);
        if (block.timestamp <= endedAt) revert VoteStillOpen(proposalId, endedAt);
        uint256 earliest = block.timestamp - REGISTRY.proofRules().maxAgeSec;
        if (endedAt < earliest) revert VoteTooLongAgo(endedAt, earliest);
        if (!IFTNSGovernor(address(GOVERNOR)).quorumReached(proposalId)) revert VoteWithoutQuorum(proposalId);
        uint256 weight = GOVERNOR.getVotes(voter, GOVERNOR.proposalSnapshot(proposalId));
        if (weight < MIN_VOTES) revert TooFewVotes(voter, weight, MIN_VOTES);
        if (REGISTRY.tierOn(voter, ProtocolTime.today()) == Tier.NONE) revert VoterBelowBasic(voter);
    }
}
