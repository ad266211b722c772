// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {IVoteProofs} from "../interfaces/IVoteProofs.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {ContributionKind} from "../types/ContributionKind.sol";
import {Outcome} from "../types/ContributionOutcome.sol";
import {Tier} from "../types/Tier.sol";

/// @title VoteProofs
/// @notice See IVoteProofs.
contract VoteProofs is IVoteProofs {
    // Constants

    /// @notice A vote is worth an FTNS for each thousand FTNS of votes cast with it, up to the base rate.
    uint256 public constant VOTES_PER_VALUE = 1_000;
    /// @notice Part of the voting supply that must have taken part in a ballot: one in twenty, 5 %.
    uint256 public constant TURNOUT_DIVISOR = 20;
    /// @notice A vote is worth a tenth of what the voter proved in 30 days at most, earlier votes included. So four bring less than
    /// half of it (1.1^4 - 1 = 0.4641), and a stake that is delegated in turns earns nothing that others' work does not bear.
    uint256 public constant WORK_PER_VOTE = 10;
    /// @notice Votes of an account that count in 30 days.
    uint256 public constant MONTHLY_VOTES = 4;
    uint256 private constant MONTH_DAYS = 30;

    // Bits of `_voteDays`
    uint256 private constant DAY_BITS = 16;
    uint256 private constant OLDEST_SHIFT = DAY_BITS * (MONTHLY_VOTES - 1);

    // Immutables

    IGovernor public immutable GOVERNOR;
    IContributorRegistry public immutable REGISTRY;
    IFTNSToken private immutable TOKEN;

    // Storage

    /// @dev The days on which the last four votes of an account counted, 16 bits each, the latest lowest. The window of 30 days
    /// is exact: the four are used up as long as the oldest lies in it.
    mapping(address voter => uint64) private _voteDays;

    // Constructor

    constructor(IGovernor governor, IContributorRegistry registry) {
        if (address(governor).code.length == 0) revert NotAContract(address(governor));
        if (address(registry).code.length == 0) revert NotAContract(address(registry));
        GOVERNOR = governor;
        REGISTRY = registry;
        TOKEN = registry.TOKEN();
    }

    // Views

    /// @inheritdoc IVoteProofs
    function proofHashOf(uint256 proposalId, address voter) public view returns (bytes32) {
        return keccak256(abi.encode(GOVERNOR, proposalId, voter));
    }

    /// @inheritdoc IVoteProofs
    function nextVoteOn(address voter) public view returns (uint256) {
        uint256 oldest = _voteDays[voter] >> OLDEST_SHIFT;
        return oldest == 0 ? 0 : oldest + MONTH_DAYS;
    }

    // Writes

    /// @inheritdoc IVoteProofs
    function submitVote(uint256 proposalId, address voter) external returns (Outcome memory outcome) {
        // Check
        uint256 today = ProtocolTime.today();
        uint256 value = _checkVote(proposalId, voter, today);

        // Effect: the oldest of the four days falls out at the top.
        _voteDays[voter] = (_voteDays[voter] << uint64(DAY_BITS)) | uint64(today);

        // Interaction: the registry refuses a vote that counted before, which undoes everything above.
        bytes32 proofHash = proofHashOf(proposalId, voter);
        (uint256 coverBefore, uint256 capacityBefore) = _coverAndCapacity(voter);
        outcome = REGISTRY.countVote(voter, proofHash, value);
        // From then on both follow the 30 days up to this vote. Where one is less, it is the voter's choice.
        (uint256 cover, uint256 capacity) = _coverAndCapacity(voter);
        if (msg.sender != voter && (cover < coverBefore || capacity < capacityBefore)) {
            revert OnlyTheVoter(voter, coverBefore, cover, capacityBefore, capacity);
        }
        emit VoteAccepted(proposalId, voter, proofHash, outcome);
    }

    // Internals

    /// @dev Returns what the vote is worth, rounded down (the pool gains less than a wei).
    function _checkVote(uint256 proposalId, address voter, uint256 today) private view returns (uint256 value) {
        if (!GOVERNOR.hasVoted(proposalId, voter)) revert HasNotVoted(proposalId, voter);
        uint256 endedAt = GOVERNOR.proposalDeadline(proposalId);
        if (block.timestamp <= endedAt) revert VoteStillOpen(proposalId, endedAt);
        uint256 earliest = block.timestamp - REGISTRY.proofRules().maxAgeSec;
        if (endedAt < earliest) revert VoteTooLongAgo(endedAt, earliest);
        uint256 snapshot = GOVERNOR.proposalSnapshot(proposalId);
        _checkTurnout(proposalId, snapshot);

        uint256 weight = GOVERNOR.getVotes(voter, snapshot);
        value = Math.min(weight / VOTES_PER_VALUE, REGISTRY.baseRate(uint8(ContributionKind.GOVERNANCE)));
        if (value == 0) revert TooFewVotes(voter, weight, VOTES_PER_VALUE);
        if (REGISTRY.tierOn(voter, today) == Tier.NONE) revert VoterBelowBasic(voter);
        value = Math.min(value, REGISTRY.statusOf(voter).weightedValue / WORK_PER_VOTE);
        // A tier may outlive the work that it was proven by.
        if (value == 0) revert NothingProvenLately(voter);
        uint256 againOn = nextVoteOn(voter);
        if (today < againOn) revert VoteLimitReached(voter, againOn);
    }

    /// @dev How far the stake of `voter` earns by its tier, and what it may still lend to others' activity.
    function _coverAndCapacity(address voter) private view returns (uint256 cover, uint256 capacity) {
        (,, cover) = REGISTRY.standingOf(voter);
        capacity = TOKEN.accountOf(voter).capacity;
    }

    /// @dev For, against and abstaining count alike.
    function _checkTurnout(uint256 proposalId, uint256 snapshot) private view {
        IFTNSGovernor ballots = IFTNSGovernor(address(GOVERNOR));
        (uint256 cast, uint256 supply) = (ballots.votesCast(proposalId), ballots.votingSupply(snapshot));
        if (cast * TURNOUT_DIVISOR < supply) revert TurnoutTooLow(proposalId, cast, supply);
    }
}
