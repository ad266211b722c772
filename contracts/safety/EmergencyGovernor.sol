// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {VotingSupply} from "../governance/VotingSupply.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IEmergencyGovernor, Motion, Outcome, VoteStanding, VoteTerms} from "../interfaces/IEmergencyGovernor.sol";
import {IPriceHistory} from "../interfaces/IPriceHistory.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {ActionTerms} from "./ActionTerms.sol";
import {HoursToObject} from "./HoursToObject.sol";
import {MotionText} from "./MotionText.sol";
import {EmergencyVote, VoteCount} from "./VoteCount.sol";

/// @title EmergencyGovernor
/// @notice See IEmergencyGovernor. What OpenZeppelin's governor and simple counting lack is here: passing as soon as the
/// support is there, what is needed and how long it waits by motion, ballots after it passed, and the guards against few voters;
/// that against a chain that stands still is in HoursToObject.
contract EmergencyGovernor is HoursToObject, GovernorCountingSimple, GovernorVotes {
    using SafeCast for uint256;
    using VoteCount for EmergencyVote;

    // Constants

    /// @notice Least support that any motion needs: what `quorum` tells (WAD of the voting supply).
    uint256 public constant LEAST_SUPPORT_SHARE = 0.05e18;

    // Immutables

    ICircuitBreaker public immutable BREAKER;
    IContributorRegistry public immutable REGISTRY;

    // Storage

    mapping(uint256 proposalId => EmergencyVote) private _votes;
    /// @dev Set while a vote opens that passes unless it is opposed, for `votingPeriod`.
    bool private transient _opensObjection;

    // Constructor

    constructor(IVotes votes, ICircuitBreaker breaker, IContributorRegistry registry, IPriceHistory history)
        Governor("FTNS Emergency Governor")
        GovernorVotes(votes)
        HoursToObject(history)
    {
        if (address(registry).code.length == 0) revert NotAContract(address(registry));
        BREAKER = breaker;
        REGISTRY = registry;
    }

    /// @dev Ether is refused.
    receive() external payable override {
        revert GovernorDisabledDeposit();
    }

    // Views: OpenZeppelin's governor

    /// @notice As OpenZeppelin names it. What passed is Succeeded (or Queued, if it has a delay) although its six hours still run,
    /// and takes ballots until they are over. What was stopped is Defeated; Pending is what can start anew.
    function state(uint256 proposalId) public view override returns (ProposalState current) {
        current = super.state(proposalId);
        EmergencyVote memory vote = _voteOf(proposalId);
        if (current == ProposalState.Active && vote.passedAt != 0) {
            if (vote.isStopped(proposalDeadline(proposalId))) return ProposalState.Defeated;
            current = vote.delaySec == 0 ? ProposalState.Succeeded : ProposalState.Queued;
        }
        if (current == ProposalState.Defeated && _canStartAnew(proposalId, vote)) return ProposalState.Pending;
        bool waits = current == ProposalState.Succeeded || current == ProposalState.Queued;
        if (waits && clock() >= vote.executeBefore(_periodEnd(proposalId))) current = ProposalState.Expired;
    }

    /// @notice The second before the emergency's first trigger: votes are those of before anybody knew of it.
    function proposalSnapshot(uint256 proposalId) public view override returns (uint256) {
        return _votes[proposalId].snapshot;
    }

    /// @notice Last second in which ballots are taken: of the six hours, or of the hour after it passed or found more for it than
    /// against it again, so that what turns late can be opposed, too.
    function proposalDeadline(uint256 proposalId) public view override returns (uint256) {
        return _periodEnd(proposalId) + _votes[proposalId].addedSec;
    }

    /// @notice When it can be executed, if it passed and its action has a delay. Nobody has to queue it.
    function proposalEta(uint256 proposalId) public view override returns (uint256) {
        EmergencyVote memory vote = _voteOf(proposalId);
        if (vote.delaySec == 0) return 0;
        uint256 passedAt = _passedAt(proposalId, vote);
        return passedAt == 0 ? 0 : passedAt + vote.delaySec;
    }

    /// @inheritdoc Governor
    function proposalNeedsQueuing(uint256 proposalId) public view override returns (bool) {
        return _votes[proposalId].delaySec != 0;
    }

    /// @inheritdoc Governor
    function votingDelay() public pure override returns (uint256) {
        return 0;
    }

    /// @notice Six hours. The hours to object are 48: `proposalDeadline` tells of each.
    function votingPeriod() public view override returns (uint256) {
        return ActionTerms.votingPeriod(_opensObjection);
    }

    /// @notice The least that any motion needs. What each needs is in `standingOf`.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return VoteCount.shareOf(VotingSupply.pastOf(token(), timepoint), LEAST_SUPPORT_SHARE);
    }

    /// @notice For wallets: abstentions are counted and change nothing.
    function COUNTING_MODE() public pure override(IGovernor, GovernorCountingSimple) returns (string memory) {
        return "support=bravo&quorum=for";
    }

    // Views

    /// @inheritdoc IEmergencyGovernor
    function standingOf(uint256 proposalId) external view returns (VoteStanding memory standing) {
        EmergencyVote memory vote = _voteOf(proposalId);
        if (vote.motion == 0) return standing;
        uint256 deadline = proposalDeadline(proposalId);
        standing.motion = _motionOf(vote);
        standing.needed = vote.needed();
        standing.support = vote.support;
        (standing.opposition,,) = proposalVotes(proposalId);
        standing.minSupporters = vote.minSupporters;
        standing.supporters = vote.supporters;
        standing.passedAt = _passedAt(proposalId, vote);
        if (standing.passedAt != 0) standing.executableAt = standing.passedAt + vote.delaySec;
        standing.executeBefore = vote.executeBefore(_periodEnd(proposalId));
        standing.unlessOpposed = vote.unlessOpposed;
        standing.supporterStake = vote.supporterStake();
        standing.opposedSince = vote.opposedSince;
        standing.stopped = vote.isStopped(deadline);
        standing.restarts = _hours[proposalId].restarts;
        standing.emergency = vote.emergency;
    }

    /// @inheritdoc IEmergencyGovernor
    function outcomeOf(Motion calldata motion) external view returns (Outcome) {
        uint256 proposalId = proposalIdOf(motion);
        ProposalState current = state(proposalId);
        if (_voteOf(proposalId).isStopped(proposalDeadline(proposalId))) return Outcome.STOPPED;
        if (current == ProposalState.Executed) return Outcome.EXECUTED;
        bool over = current == ProposalState.Defeated || current == ProposalState.Expired;
        return over ? Outcome.LAPSED : Outcome.OPEN;
    }

    /// @inheritdoc IEmergencyGovernor
    function stands(Motion calldata motion, bool forGood) external view returns (bool) {
        uint256 proposalId = proposalIdOf(motion);
        uint256 deadline = proposalDeadline(proposalId);
        return !_voteOf(proposalId).isStopped(deadline) && !(forGood && clock() <= deadline);
    }

    /// @inheritdoc IEmergencyGovernor
    function foundSupport(Motion calldata motion) external view returns (bool) {
        uint256 proposalId = proposalIdOf(motion);
        EmergencyVote memory vote = _voteOf(proposalId);
        if (vote.motion == 0) return false;
        if (_passedAt(proposalId, vote) != 0) return true;
        (, uint256 inFavour,) = proposalVotes(proposalId);
        // Where nothing is needed nothing is capped either.
        uint256 support = vote.unlessOpposed ? inFavour : vote.support;
        return support >= VoteCount.shareOf(vote.supply, LEAST_SUPPORT_SHARE);
    }

    /// @inheritdoc IEmergencyGovernor
    function proposalIdOf(Motion memory motion) public view returns (uint256) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) =
            MotionText.callsOf(motion, address(BREAKER));
        return getProposalId(targets, values, calldatas, keccak256(bytes(MotionText.describe(motion))));
    }

    /// @inheritdoc IEmergencyGovernor
    function proposalDetails(uint256 proposalId)
        public
        view
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 descriptionHash)
    {
        EmergencyVote memory vote = _voteOf(proposalId);
        if (vote.motion == 0) revert GovernorNonexistentProposal(proposalId);
        (targets, values, calldatas) = MotionText.callsOf(_motionOf(vote), address(BREAKER));
        descriptionHash = keccak256(bytes(MotionText.describe(_motionOf(vote))));
    }

    // Writes

    /// @inheritdoc IEmergencyGovernor
    function open(Motion calldata motion, VoteTerms calldata terms) external returns (uint256 proposalId) {
        // Check
        if (msg.sender != address(BREAKER)) revert OnlyBreaker(msg.sender);

        // Effect
        _opensObjection = terms.unlessOpposed;
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) =
            MotionText.callsOf(motion, address(BREAKER));
        proposalId = _propose(targets, values, calldatas, MotionText.describe(motion), msg.sender);
        _opensObjection = false;
        EmergencyVote memory vote;
        vote.minSupporters = terms.minSupporters.toUint8();
        vote.emergency = terms.emergency.toUint24();
        (vote.action, vote.ending, vote.unlessOpposed) = (motion.action, motion.ending, terms.unlessOpposed);
        vote.supply = VotingSupply.pastOf(token(), terms.snapshot).toUint96();
        vote.supportShare = terms.supportShare.toUint64();
        vote.motion = motion.id.toUint32();
        vote.snapshot = terms.snapshot.toUint40();
        vote.delaySec = terms.delaySec.toUint24();
        _votes[proposalId] = vote;
        if (terms.unlessOpposed) _startHours(proposalId, 0);
        emit MotionOpened(proposalId, motion, terms, vote.needed());
    }

    /// @inheritdoc IEmergencyGovernor
    function execute(uint256 proposalId) external {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 descriptionHash) =
            proposalDetails(proposalId);
        execute(targets, values, calldatas, descriptionHash);
    }

    /// @inheritdoc IEmergencyGovernor
    function startAnew(uint256 proposalId) external {
        // Check
        if (state(proposalId) != ProposalState.Pending) revert NotToStartAnew(proposalId);
        EmergencyVote memory vote = _voteOf(proposalId);

        // Effect
        uint8 restarts = _hours[proposalId].restarts + 1;
        _startHours(proposalId, restarts);
        uint256 deadline = proposalDeadline(proposalId);
        emit HoursStartedAnew(proposalId, restarts, deadline);

        // Interaction
        BREAKER.prolong(vote.motion, vote.executeBefore(deadline));
    }

    /// @notice Always reverts: the breaker alone makes motions, by `open`.
    function propose(address[] memory, uint256[] memory, bytes[] memory, string memory)
        public
        view
        override
        returns (uint256)
    {
        revert OnlyBreaker(msg.sender);
    }

    // Internals: time

    /// @dev Until when it may pass; the time to execute it counts from there.
    function _periodEnd(uint256 proposalId) private view returns (uint256) {
        return _votes[proposalId].unlessOpposed ? _hoursEnd(proposalId) : super.proposalDeadline(proposalId);
    }

    // Internals: counting

    /// @dev Like OpenZeppelin's, but ballots are taken until the deadline whatever the vote has led to meanwhile.
    function _castVote(uint256 proposalId, address account, uint8 support, string memory reason, bytes memory params)
        internal
        override
        returns (uint256 weight)
    {
        if (_votes[proposalId].motion == 0 || clock() > proposalDeadline(proposalId)) {
            revert GovernorUnexpectedProposalState(
                proposalId, state(proposalId), _encodeStateBitmap(ProposalState.Active)
            );
        }
        weight =
            _countVote(proposalId, account, support, _getVotes(account, proposalSnapshot(proposalId), params), params);
        if (params.length == 0) emit VoteCast(account, proposalId, support, weight, reason);
        else emit VoteCastWithParams(account, proposalId, support, weight, reason, params);
        _tallyUpdated(proposalId);
    }

    /// @dev Beside OpenZeppelin's tally: what counts as support, and how many stand behind it who may decide.
    function _countVote(uint256 proposalId, address account, uint8 support, uint256 weight, bytes memory params)
        internal
        override(Governor, GovernorCountingSimple)
        returns (uint256)
    {
        super._countVote(proposalId, account, support, weight, params);
        EmergencyVote memory vote = _voteOf(proposalId);
        if (support == uint8(VoteType.For) && weight != 0 && !vote.unlessOpposed) {
            _votes[proposalId].support = vote.support + uint96(Math.min(weight, vote.needed() / 2));
            bool decides = weight >= vote.supporterStake() && _contributesSince(account, vote.snapshot + 1);
            if (decides && vote.supporters < type(uint8).max) ++_votes[proposalId].supporters;
        }
        return weight;
    }

    /// @dev `account` is of tier BASIC or higher today, and was so without interruption before the day of `triggeredAt`. Day 0 says
    /// that it is not.
    function _contributesSince(address account, uint256 triggeredAt) private view returns (bool) {
        uint256 since = REGISTRY.basicSince(account);
        return since != 0 && since < ProtocolTime.dayOf(triggeredAt);
    }

    /// @dev After every ballot.
    function _tallyUpdated(uint256 proposalId) internal override {
        EmergencyVote memory vote = _voteOf(proposalId);
        if (vote.unlessOpposed) return;
        (uint256 opposition,,) = proposalVotes(proposalId);
        if (vote.passedAt != 0) {
            uint256 since = vote.sinceOpposed(opposition);
            if (since == vote.opposedSince) return;
            _votes[proposalId].opposedSince = uint40(since);
            if (since == 0) _addTime(proposalId);
            emit MotionOpposed(proposalId, since);
        } else if (vote.isEnough(opposition)) {
            _votes[proposalId].passedAt = uint40(block.timestamp);
            _addTime(proposalId);
            uint256 executableAt = block.timestamp + vote.delaySec;
            if (vote.delaySec != 0) emit ProposalQueued(proposalId, executableAt);
            emit MotionPassed(proposalId, executableAt);
            if (!vote.ending) _notePassed(vote);
        }
    }

    /// @dev From now on there is an hour to be against it.
    function _addTime(uint256 proposalId) private {
        _votes[proposalId].addedSec = uint16(VoteCount.addedFrom(_periodEnd(proposalId)));
    }

    function _quorumReached(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple)
        returns (bool)
    {
        EmergencyVote memory vote = _voteOf(proposalId);
        return _passedAt(proposalId, vote) != 0 && !vote.isStopped(proposalDeadline(proposalId));
    }

    function _voteSucceeded(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple)
        returns (bool)
    {
        return _quorumReached(proposalId);
    }

    /// @dev When it passed (seconds); 0 = it has not. What passes unless it is opposed does so at its deadline.
    function _passedAt(uint256 proposalId, EmergencyVote memory vote) private view returns (uint256) {
        if (!vote.unlessOpposed) return vote.passedAt;
        uint256 deadline = proposalDeadline(proposalId);
        if (clock() <= deadline || _isOpposed(proposalId, vote)) return 0;
        return _stoodStill(proposalId) ? 0 : deadline;
    }

    /// @dev Whether enough object to what passes unless it is opposed.
    function _isOpposed(uint256 proposalId, EmergencyVote memory vote) private view returns (bool) {
        (uint256 opposition,,) = proposalVotes(proposalId);
        return opposition >= vote.oppositionLimit();
    }

    /// @dev The hours are over without enough opposition, and they do not count.
    function _canStartAnew(uint256 proposalId, EmergencyVote memory vote) private view returns (bool) {
        uint256 end = _periodEnd(proposalId);
        bool isOver = vote.unlessOpposed && clock() > end && !_isOpposed(proposalId, vote);
        return isOver && _mayStartAnew(proposalId, vote.executeBefore(end));
    }

    // Internals: executing

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override {
        uint256 executableAt = proposalEta(proposalId);
        if (block.timestamp < executableAt) revert NotExecutableYet(proposalId, executableAt);
        // What passes unless it is opposed has no deciding ballot that could say so.
        EmergencyVote memory vote = _voteOf(proposalId);
        if (vote.unlessOpposed) _notePassed(vote);
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _notePassed(EmergencyVote memory vote) private {
        BREAKER.notePassed(vote.emergency, vote.motion, vote.action);
    }

    /// @dev In one place, because unpacking takes much code.
    function _voteOf(uint256 proposalId) private view returns (EmergencyVote memory) {
        return _votes[proposalId];
    }

    function _motionOf(EmergencyVote memory vote) private pure returns (Motion memory) {
        return Motion(vote.motion, vote.action, vote.ending);
    }
}
