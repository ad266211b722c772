// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProposalDeposits} from "./IProposalDeposits.sol";

/// @notice The last three votes that ended, withdrawn ones left out.
struct LastVotes {
    /// Every vote that may be one of them was looked at. Otherwise nothing follows from the rest.
    bool complete;
    /// How many there are: three, or fewer where fewer ever ended.
    uint256 count;
    /// Deadline of the latest (seconds; 0 = none).
    uint256 latestEnd;
    /// Whether no two of them are of the same proposer.
    bool differentProposers;
    /// Highest share of the voting supply that took part in one of them, for, against or abstaining (WAD, rounded down).
    uint256 highestShare;
    /// Whether one of them passed.
    bool passed;
}

/// @title IFTNSGovernor
/// @notice What the ordinary governor adds to OpenZeppelin's, whose functions (IGovernor) are unchanged.
///
/// 1. Code is pinned. The code hashes of all targets are recorded when a proposal is made, and the proposal can be queued and
///    executed only while they are the same. Refused are a target without code, whose code could come later, and an account
///    with delegated code (EIP-7702), which its owner can exchange under the same hash.
/// 2. Shares are of the voting supply, which never counts as less than a million FTNS: whoever stakes first does not rule alone.
/// 3. A proposal costs a deposit (see IProposalDeposits), and a proposer has one vote open at a time.
/// 4. What IOrdinaryCalls does not name takes a constitutional vote: 20 % of the voting supply in favour; 2 % of the total
///    supply taking part, or half of the voting supply where that is less; and seven days in the timelock.
/// 5. What was decided is carried out within 30 days from its time in the timelock on, or expires.
/// 6. The last votes can be read, for the deadlock trigger of the circuit breaker.
interface IFTNSGovernor {
    /// @param oldShare WAD of the voting supply, as `newShare`
    event ProposalThresholdShareSet(uint256 oldShare, uint256 newShare);

    /// @notice Proposal `proposalId` takes a constitutional vote.
    /// @param turnout votes that must take part, at most (FTNS, 18 decimals): 2 % of the total supply
    event ConstitutionalVote(uint256 indexed proposalId, uint256 turnout);

    /// @notice Proposal `proposalId` can be executed from `eta` on (seconds).
    error ProposalWaits(uint256 proposalId, uint256 eta);
    /// @notice The timelock is the same for ever; a new governor can have a new one.
    error TimelockIsFixed();
    /// @notice The governor acts in the timelock by queueing and executing proposals only.
    error RelayToTimelock();
    /// @notice `target` is an account with delegated code, which its owner can exchange at any time.
    error DelegatedTarget(address target);
    /// @notice `target` has no code yet, so nobody can read what would run.
    error TargetWithoutCode(address target);
    /// @notice The code of at least one target is not what it was when the proposal was made.
    error TargetCodeChanged(uint256 proposalId, bytes32 recorded, bytes32 actual);
    /// @notice The clock of the votes is not the time in seconds.
    error VotesOnAnotherClock(uint256 theirs, uint256 ours);
    /// @notice A setting named `setting` was given a value outside its bounds.
    error SettingOutOfBounds(bytes32 setting, uint256 value, uint256 min, uint256 max);

    /// @notice Staked FTNS at `timepoint` (seconds, past), or one million if fewer: what every share is a share of.
    /// @dev Reverts when `timepoint` is not in the past.
    /// @param timepoint seconds
    /// @return FTNS, 18 decimals; at least 1,000,000e18
    function votingSupply(uint256 timepoint) external view returns (uint256);

    /// @notice Share of the voting supply that a proposer needs (WAD, default 0.001).
    /// @return WAD
    function proposalThresholdShare() external view returns (uint256);

    /// @notice Whether enough votes for and abstentions have come for `proposalId` to be decided.
    /// @param proposalId of IGovernor
    /// @return can still become true while votes are cast, and never false again
    function quorumReached(uint256 proposalId) external view returns (bool);

    /// @notice The last three votes that ended before `to`.
    /// @param to seconds, at most now
    /// @return look at `complete` first
    function lastVotes(uint256 to) external view returns (LastVotes memory);

    /// @notice Whether `proposalId` takes a constitutional vote.
    /// @param proposalId of IGovernor
    /// @return false also for an unknown proposal
    function isConstitutional(uint256 proposalId) external view returns (bool);

    /// @notice Votes that must take part in `proposalId` besides the quorum, for, against or abstaining.
    /// @dev Reverts before the vote opens, when nobody knows what is staked.
    /// @param proposalId of IGovernor
    /// @return FTNS, 18 decimals; zero for an ordinary proposal
    function turnoutNeeded(uint256 proposalId) external view returns (uint256);

    /// @notice Votes cast on `proposalId` so far: for, against and abstaining.
    /// @param proposalId of IGovernor
    /// @return FTNS, 18 decimals
    function votesCast(uint256 proposalId) external view returns (uint256);

    /// @notice Who holds the deposits of proposals.
    /// @return ProposalDeposits
    function DEPOSITS() external view returns (IProposalDeposits);

    /// @notice Proposals ever made.
    /// @return never falls
    function proposalCount() external view returns (uint256);

    /// @notice Proposal number `index`, from 0.
    /// @param index below `proposalCount`, else it reverts
    /// @return id in IGovernor
    function proposalIdAt(uint256 index) external view returns (uint256);

    /// @notice keccak256 of the code hashes of the targets of `proposalId`, in order, when it was made.
    /// @param proposalId of IGovernor
    /// @return zero for an unknown proposal
    function codeOf(uint256 proposalId) external view returns (bytes32);
}
