// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the votes that ended in a stretch of time came to.
struct Attendance {
    /// Every vote that may have ended then was looked at. Otherwise nothing follows from the rest.
    bool complete;
    /// How many votes ended.
    uint256 ended;
    /// Highest share of the voting supply that took part in one of them, for, against or abstaining (WAD, rounded down).
    uint256 highestShare;
}

/// @title IFTNSGovernor
/// @notice What the ordinary governor adds to OpenZeppelin's, whose functions (IGovernor) it has as they are.
///
/// 1. Code is pinned. The code hashes of all targets are recorded when a proposal is made, and the proposal can be queued and
///    executed only while they are the same. A target without code is refused: its code could come later.
/// 2. Shares are of the voting supply, which never counts as less than a million FTNS: whoever stakes first does not rule alone.
/// 3. A proposer has one vote open at a time. No list of proposals can be filled: nothing but `attendance` walks over them, and
///    it stops after 64.
/// 4. Attendance can be read, for the deadlock trigger of the circuit breaker.
interface IFTNSGovernor {
    event ProposalThresholdShareSet(uint256 oldShare, uint256 newShare);

    error TargetWithoutCode(address target);
    /// @notice The code of at least one target is not what it was when the proposal was made.
    error TargetCodeChanged(uint256 proposalId, bytes32 recorded, bytes32 actual);
    error ProposalStillOpen(address proposer, uint256 proposalId);
    /// @notice The votes do not count time in seconds.
    error VotesOnAnotherClock(uint256 theirs, uint256 ours);
    /// @notice A setting named `setting` was given a value outside its bounds.
    error SettingOutOfBounds(bytes32 setting, uint256 value, uint256 min, uint256 max);

    /// @notice Staked FTNS at `timepoint` (seconds, past), or one million if fewer: what every share is a share of.
    function votingSupply(uint256 timepoint) external view returns (uint256);

    /// @notice Share of the voting supply that a proposer needs (WAD, default 0.001).
    function proposalThresholdShare() external view returns (uint256);

    /// @notice Whether enough votes for and abstentions have come for `proposalId` to be decided.
    function quorumReached(uint256 proposalId) external view returns (bool);

    /// @notice What the votes that ended at or after `from` and before `to` (seconds, at most now) came to.
    function attendance(uint256 from, uint256 to) external view returns (Attendance memory);

    /// @notice Proposals ever made.
    function proposalCount() external view returns (uint256);

    /// @notice Proposal number `index`, from 0.
    function proposalIdAt(uint256 index) external view returns (uint256);

    /// @notice keccak256 of the code hashes of the targets of `proposalId`, in order, when it was made.
    function codeOf(uint256 proposalId) external view returns (bytes32);
}
