// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Outcome} from "./IContributorRegistry.sol";

/// @title IVoteProofs
/// @notice Turns votes in the ordinary governor into GOVERNANCE contributions. No verifier is needed, because the governor
/// itself is asked; so what counts must not be for sale. A vote counts once, with at least 100 FTNS behind it, on a proposal
/// that is over and reached its quorum, for a voter who is a contributor already: a crowd of wallets that vote on proposals of
/// their own gets nothing.
interface IVoteProofs {
    event VoteAccepted(uint256 indexed proposalId, address indexed voter, bytes32 proofHash, Outcome outcome);

    error NotAContract(address target);
    error HasNotVoted(uint256 proposalId, address voter);
    error VoteStillOpen(uint256 proposalId, uint256 deadline);
    error VoteTooLongAgo(uint256 endedAt, uint256 earliest);
    error VoteWithoutQuorum(uint256 proposalId);
    error TooFewVotes(address voter, uint256 votes, uint256 min);
    error VoterBelowBasic(address voter);

    /// @notice Counts the vote of `voter` on `proposalId` as one unit of GOVERNANCE. Anyone may present it, once, until as long
    /// after the end as a proof may be old; the reward goes to the voter.
    function submitVote(uint256 proposalId, address voter) external returns (Outcome memory);

    /// @notice The hash under which the registry knows a vote.
    function proofHashOf(uint256 proposalId, address voter) external view returns (bytes32);
}
