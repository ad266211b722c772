// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Outcome} from "./IContributorRegistry.sol";

/// @title IVoteProofs
/// @notice Turns votes in the ordinary governor into GOVERNANCE contributions. No verifier is needed, because the governor
/// itself is asked; so it must not be possible to buy what counts. A vote counts once, with at least 100 FTNS behind it, on a
/// proposal that is over and reached its quorum, for a voter who is a contributor already: a crowd of wallets that vote on
/// proposals of their own gets nothing.
interface IVoteProofs {
    /// @notice A vote was counted as a contribution.
    /// @param proofHash the hash under which the registry knows it
    event VoteAccepted(uint256 indexed proposalId, address indexed voter, bytes32 proofHash, Outcome outcome);

    error NotAContract(address target);
    error HasNotVoted(uint256 proposalId, address voter);
    /// @param deadline last second of the vote
    error VoteStillOpen(uint256 proposalId, uint256 deadline);
    /// @param endedAt seconds, as `earliest`
    error VoteTooLongAgo(uint256 endedAt, uint256 earliest);
    /// @notice The proposal did not reach its quorum.
    error VoteWithoutQuorum(uint256 proposalId);
    /// @param votes FTNS at the proposal's snapshot (18 decimals), as `min`
    error TooFewVotes(address voter, uint256 votes, uint256 min);
    /// @notice `voter` has no tier today.
    error VoterBelowBasic(address voter);

    /// @notice Counts the vote of `voter` on `proposalId` as one unit of GOVERNANCE. Anyone may present it, once, until as long
    /// after the end as a proof may be old; the reward goes to the voter.
    /// @dev Reverts with one of the errors above, or with an error of the registry or the pool.
    /// @param proposalId of the ordinary governor
    /// @param voter who is paid
    /// @return what it was worth and what it changed
    function submitVote(uint256 proposalId, address voter) external returns (Outcome memory);

    /// @notice The hash under which the registry knows a vote.
    /// @param proposalId of the ordinary governor
    /// @param voter the voter
    /// @return keccak256 of governor, proposal and voter
    function proofHashOf(uint256 proposalId, address voter) external view returns (bytes32);
}
