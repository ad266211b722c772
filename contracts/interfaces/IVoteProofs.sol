// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Outcome} from "../types/ContributionOutcome.sol";

/// @title IVoteProofs
/// @notice Turns votes in the ordinary governor into GOVERNANCE contributions. No verifier is needed, because the governor
/// itself is asked; so it must not be possible to make what counts:
///   - a vote counts once, when its ballot is over and 5 % of the voting supply took part in it;
///   - it is worth 0.1 % of the votes cast with it, and at most the base rate (2 FTNS), so a stake that is split or passed from
///     delegate to delegate is worth no more in one ballot than it is whole;
///   - it is worth at most a tenth of what the voter proved in 30 days, so votes never stand for work that nobody did;
///   - at most four votes of an account count in 30 days, however many ballots there are;
///   - the voter is a contributor already: a crowd of wallets gets nothing.
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
    /// @notice Fewer than 5 % of the voting supply took part.
    /// @param cast votes for, against and abstaining (FTNS, 18 decimals)
    /// @param votingSupply at the proposal's snapshot (FTNS, 18 decimals)
    error TurnoutTooLow(uint256 proposalId, uint256 cast, uint256 votingSupply);
    /// @notice The vote is worth less than 1 wei.
    /// @param votes cast with it (wei), as `min`
    error TooFewVotes(address voter, uint256 votes, uint256 min);
    /// @notice `voter` has a tier, but has proven nothing in the last 30 days that a vote could be a part of.
    error NothingProvenLately(address voter);
    /// @notice The vote would lower the cover of the stake of `voter`, or what it may vouch for (FTNS, 18 decimals): only `voter` may
    /// present it.
    error OnlyTheVoter(
        address voter, uint256 coverBefore, uint256 coverAfter, uint256 capacityBefore, uint256 capacityAfter
    );
    /// @notice `voter` has no tier today.
    error VoterBelowBasic(address voter);
    /// @notice Four votes of `voter` counted in the last 30 days; the next can on day `againOn`.
    error VoteLimitReached(address voter, uint256 againOn);

    /// @notice Counts the vote of `voter` on `proposalId` as a GOVERNANCE contribution, worth
    /// `min(baseRate, votes / 1000, a tenth of the value times quality proven in 30 days)`. Anyone may present it, once, until as long after the end as a proof may be old; the reward
    /// goes to the voter.
    /// @dev Reverts with one of the errors above, or with an error of the registry or the pool. Warning: whoever presents votes
    /// of others chooses when, and which four of more. A vote is a proof like any: from then on the voter's stake cover and what
    /// it may still vouch for follow the 30 days up to it. Where that lowers one of them, only the voter may present
    /// it.
    /// @param proposalId of the ordinary governor
    /// @param voter who is paid
    /// @return what it was worth and what it changed
    function submitVote(uint256 proposalId, address voter) external returns (Outcome memory);

    /// @notice The protocol day on which the next vote of `voter` can count.
    /// @param voter the voter
    /// @return protocol day, perhaps in the past; 0 before four votes counted
    function nextVoteOn(address voter) external view returns (uint256);

    /// @notice The hash under which the registry knows a vote.
    /// @param proposalId of the ordinary governor
    /// @param voter the voter
    /// @return keccak256 of governor, proposal and voter
    function proofHashOf(uint256 proposalId, address voter) external view returns (bytes32);
}
