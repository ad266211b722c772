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
    /// Distinct supporters who may decide that it needs.
    uint256 minSupporters;
    /// It takes no support, and passes after 48 hours unless the opposition reaches 1 %.
    bool unlessOpposed;
    /// Votes, and contributors' tiers, are those of before the second after this one (seconds).
    uint256 snapshot;
    /// The emergency in which it is put to the vote.
    uint256 emergency;
}

/// @notice Where a vote stands (FTNS, seconds).
struct VoteStanding {
    Motion motion;
    /// Support needed; zero for what passes unless it is opposed.
    uint256 needed;
    /// Support that counts: of each voter at most half of what is needed.
    uint256 support;
    /// Votes against, in full.
    uint256 opposition;
    uint256 minSupporters;
    /// Supporters who may decide, so far: contributors since before the trigger's day with `supporterStake` votes.
    uint256 supporters;
    /// When it passed; 0 = not (yet).
    uint256 passedAt;
    /// From when on it can be executed; 0 = it has not passed.
    uint256 executableAt;
    uint256 executeBefore;
    bool unlessOpposed;
    /// Votes that a supporter needs who may decide.
    uint256 supporterStake;
    /// Since when more are against it than for it, after it passed; 0 = they are not.
    uint256 opposedSince;
    /// More were against it for a whole hour, or at the close: it can't be executed, and what it started can be ended.
    bool stopped;
    /// How often the hours to object started anew.
    uint256 restarts;
    /// The emergency in which it was put to the vote.
    uint256 emergency;
}

/// @notice What has become of a vote.
enum Outcome {
    /// It runs, or it has passed and waits for its execution, or its hours to object can start anew.
    OPEN,
    /// It ended without effect, and nobody stopped it.
    LAPSED,
    /// It passed, and then those against it were more than those for it.
    STOPPED,
    EXECUTED
}

/// @title IEmergencyGovernor
/// @notice Votes of six hours on what the circuit breaker puts to them: an OpenZeppelin governor (IGovernor) whose only
/// proposer is the breaker.
///
/// The votes are those of the second before the emergency's first trigger (of a motion to end something: before the motion), so
/// nothing staked, bought or borrowed because of it counts. A motion passes as soon as
/// 1. its support reaches what is needed, where no voter counts for more than half of that,
/// 2. the support exceeds the votes against, which count in full, and
/// 3. enough distinct supporters are such as may decide: of tier BASIC or higher today and without interruption since before
///    the trigger's day, with at least 0.1 % of the voting supply.
/// It is executed after its delay, by anyone, and expires when nobody does so in time. Its six hours go on, and an hour at least
/// from when it passed: when the votes against have exceeded the support for a whole hour, or do so at the close, it can no longer
/// be executed, and the breaker ends what it started.
///
/// The reset after a deadlock takes no support. It passes after 48 hours unless 1 % object, and only if prices were known in at
/// least 40 of them; otherwise the chain or its feed stood still, and anyone starts the hours anew, at most three times.
interface IEmergencyGovernor {
    /// @param needed support that it takes (FTNS, 18 decimals)
    event MotionOpened(uint256 indexed proposalId, Motion motion, VoteTerms terms, uint256 needed);
    /// @param executableAt from when on it can be executed (seconds)
    event MotionPassed(uint256 indexed proposalId, uint256 executableAt);
    /// @notice More are against what passed than for it since `since` (seconds); 0 = no longer.
    event MotionOpposed(uint256 indexed proposalId, uint256 since);
    /// @notice The hours to object start anew, for the `restarts`th time, until `deadline` (seconds).
    event HoursStartedAnew(uint256 indexed proposalId, uint256 restarts, uint256 deadline);

    /// @notice Only the circuit breaker makes motions.
    error OnlyBreaker(address caller);
    /// @notice It has passed, and its delay runs.
    error NotExecutableYet(uint256 proposalId, uint256 executableAt);
    /// @notice Its hours to object still run, or prices were known in them, or they started anew often enough.
    error NotToStartAnew(uint256 proposalId);
    /// @notice `target` has no code, so it cannot be the contract it is said to be.
    error NotAContract(address target);

    /// @notice Puts `motion` to the vote. Only for the breaker.
    /// @dev Reverts with `OnlyBreaker`.
    /// @param motion what is voted on
    /// @param terms what it takes; fixed from here on
    /// @return proposalId of IGovernor
    function open(Motion calldata motion, VoteTerms calldata terms) external returns (uint256 proposalId);

    /// @notice Executes what has passed. Anyone may call it.
    /// @dev Reverts with `NotExecutableYet` while the delay runs, with the governor's own errors when it has not passed, was
    /// stopped or has expired.
    /// @param proposalId of IGovernor
    function execute(uint256 proposalId) external;

    /// @notice Starts the 48 hours to object anew, because in more than eight hours since they began no price was known. Votes
    /// that were cast stay. Anyone may call it, once the 48 hours are over.
    /// @dev Reverts with `NotToStartAnew`.
    /// @param proposalId of IGovernor
    function startAnew(uint256 proposalId) external;

    /// @notice Where a vote stands now.
    /// @dev Warning: `support` is capped for each voter, so it can be less than the votes for; `proposalVotes` gives those.
    /// @param proposalId of IGovernor; all zero for an unknown one
    /// @return FTNS (18 decimals) and seconds
    function standingOf(uint256 proposalId) external view returns (VoteStanding memory);

    /// @notice What has become of the vote on `motion`.
    /// @dev Reverts with `GovernorNonexistentProposal`.
    /// @param motion as it was made
    /// @return STOPPED also when it was executed before
    function outcomeOf(Motion calldata motion) external view returns (Outcome);

    /// @notice Whether `motion`, which passed, was not stopped.
    /// @param motion as it was made, and passed
    /// @param forGood whether to count it only when it can't be stopped any more, since no ballots are taken
    /// @return as asked; for a motion that did not pass it says nothing
    function stands(Motion calldata motion, bool forGood) external view returns (bool);

    /// @notice Whether the vote on `motion` was worth calling: it reached 5 % support, or it passed.
    /// @param motion as it was made
    /// @return false for one that was not made
    function foundSupport(Motion calldata motion) external view returns (bool);

    /// @notice The number under which IGovernor knows `motion`.
    /// @param motion as it was made, or would be
    /// @return hash of its content
    function proposalIdOf(Motion calldata motion) external view returns (uint256);

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
