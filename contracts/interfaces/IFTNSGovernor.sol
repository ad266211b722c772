// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Turnout of the votes that ended within a period.
struct Attendance {
    /// Every vote that may have ended then was looked at. Otherwise nothing follows from the rest.
    bool complete;
    /// How many votes ended.
    uint256 ended;
    /// Highest share of the voting supply that took part in one of them, for, against or abstaining (WAD, rounded down).
    uint256 highestShare;
}

/// @title IFTNSGovernor
/// @notice What the ordinary governor adds to OpenZeppelin's, whose functions (IGovernor) are unchanged.
///
/// 1. Code is pinned. The code hashes of all targets are recorded when a proposal is made, and the proposal can be queued and
///    executed only while they are the same. A target without code is refused: its code could come later.
/// 2. Shares are of the voting supply, which never counts as less than a million FTNS: whoever stakes first does not rule alone.
/// 3. A proposer has one vote open at a time. No list of proposals can be filled: nothing but `attendance` walks over them, and
///    it stops after 64.
/// 4. Attendance can be read, for the deadlock trigger of the circuit breaker.
interface IFTNSGovernor {
    /// @param oldShare WAD of the voting supply, as `newShare`
    event ProposalThresholdShareSet(uint256 oldShare, uint256 newShare);

    /// @notice `target` has no code yet, so nobody can read what would run.
    error TargetWithoutCode(address target);
    /// @notice The code of at least one target is not what it was when the proposal was made.
    error TargetCodeChanged(uint256 proposalId, bytes32 recorded, bytes32 actual);
    /// @notice `proposer` has a proposal that is pending or voted on.
    error ProposalStillOpen(address proposer, uint256 proposalId);
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

    /// @notice Turnout of the votes that ended at or after `from` and before `to` (seconds, at most now).
    /// @param from seconds, included
    /// @param to seconds, not included
    /// @return shares WAD; look at `complete` first
    function attendance(uint256 from, uint256 to) external view returns (Attendance memory);

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
