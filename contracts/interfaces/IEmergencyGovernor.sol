// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Action} from "../types/Emergency.sol";

/// @notice What is voted on: whether `action` starts, or whether what it started ends.
struct Motion {
    /// The breaker's number for it.
    uint256 id;
    Action action;
    bool ending;
}

/// @notice What it takes, fixed when the vote opens.
struct VoteTerms {
    /// Share of the voting supply that must be for it (WAD).
    uint256 supportShare;
    /// Time from passing to execution (seconds).
    uint256 delaySec;
    /// First second in which it can no longer be executed.
    uint256 executeBefore;
    /// Distinct supporters of tier BASIC or higher that it needs.
    uint256 minSupporters;
    /// It passes at the end also without support, unless the opposition reaches `OPPOSITION_SHARE`.
    bool unlessOpposed;
}

/// @notice Where a vote stands (FTNS, seconds).
struct VoteStanding {
    Motion motion;
    /// Support needed.
    uint256 needed;
    /// Support that counts: of each supporter at most half of what is needed.
    uint256 support;
    /// Votes against, in full.
    uint256 opposition;
    uint256 minSupporters;
    /// Supporters of tier BASIC or higher so far.
    uint256 supporters;
    /// When it passed; 0 = not (yet).
    uint256 passedAt;
    /// From when on it can be executed; 0 = it has not passed.
    uint256 executableAt;
    uint256 executeBefore;
    bool unlessOpposed;
}

/// @title IEmergencyGovernor
/// @notice Votes of six hours on what the circuit breaker puts to them: an OpenZeppelin governor (IGovernor) whose only
/// proposer is the breaker.
///
/// The votes are those of the second before the motion was made, so nothing staked, bought or borrowed because of it counts.
/// A motion passes as soon as
/// 1. its support reaches what is needed, where no supporter counts for more than half of that,
/// 2. the support exceeds the votes against, which count in full, and
/// 3. enough distinct supporters are contributors of tier BASIC or higher.
/// Passing is final; it is executed after its delay, by anyone, and expires when nobody does so in time.
interface IEmergencyGovernor {
    /// @param needed support that it takes (FTNS, 18 decimals)
    event MotionOpened(uint256 indexed proposalId, Motion motion, VoteTerms terms, uint256 needed);
    /// @param executableAt from when on it can be executed (seconds)
    event MotionPassed(uint256 indexed proposalId, uint256 executableAt);

    /// @notice Only the circuit breaker makes motions.
    error OnlyBreaker(address caller);
    /// @notice It has passed, and its delay runs.
    error NotExecutableYet(uint256 proposalId, uint256 executableAt);

    /// @notice Puts `motion` to the vote. Only for the breaker.
    /// @dev Reverts with `OnlyBreaker`.
    /// @param motion what is voted on
    /// @param terms what it takes; fixed from here on
    /// @return proposalId of IGovernor
    function open(Motion calldata motion, VoteTerms calldata terms) external returns (uint256 proposalId);

    /// @notice Executes what has passed. Anyone may call it.
    /// @dev Reverts with `NotExecutableYet` while the delay runs, with the governor's own errors when it has not passed or
    /// has expired.
    /// @param proposalId of IGovernor
    function execute(uint256 proposalId) external;

    /// @notice Where a vote stands now.
    /// @dev Warning: `support` is capped for each supporter, so it can be less than the votes for; `proposalVotes` gives
    /// those.
    /// @param proposalId of IGovernor; all zero for an unknown one
    /// @return FTNS (18 decimals) and seconds
    function standingOf(uint256 proposalId) external view returns (VoteStanding memory);

    /// @notice The arguments with which `execute` and `hashProposal` know a motion.
    /// @param proposalId of IGovernor
    /// @return targets the breaker, once
    /// @return values zero, once
    /// @return calldatas the call of `carryOut`, once
    /// @return descriptionHash keccak256 of the motion's description
    function proposalDetails(uint256 proposalId)
        external
        view
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 descriptionHash);
}
