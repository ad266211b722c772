// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {VotingSupply} from "../governance/VotingSupply.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IEmergencyGovernor, Motion, VoteStanding, VoteTerms} from "../interfaces/IEmergencyGovernor.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Action} from "../types/Emergency.sol";
import {Tier} from "../types/Tier.sol";

/// @title EmergencyGovernor
/// @notice See IEmergencyGovernor. What OpenZeppelin's governor and simple counting lack is here: passing as soon as the
/// support is there, what is needed and how long it waits by motion, and the guards against few voters.
contract EmergencyGovernor is IEmergencyGovernor, GovernorCountingSimple, GovernorVotes {
    using SafeCast for uint256;

    // Constants

    uint256 private constant WAD = 1e18;
    uint256 public constant VOTING_PERIOD = 6 hours;
    /// @notice Votes against that stop a motion which passes unless opposed (WAD of the voting supply).
    uint256 public constant OPPOSITION_SHARE = 0.05e18;
    /// @notice Least support that any motion needs: what `quorum` tells (WAD of the voting supply).
    uint256 public constant LEAST_SUPPORT_SHARE = 0.05e18;

    // Immutables

    ICircuitBreaker public immutable BREAKER;
    IFTNSToken public immutable TOKEN;

    // Storage

    /// @dev Three slots, of which a vote writes one or two. Amounts stay below the supply cap of 2^90.
    struct Vote {
        uint96 needed; // FTNS
        uint96 support; // FTNS, each supporter at most half of `needed`
        uint16 supporters; // of tier BASIC or higher
        uint48 passedAt; // seconds; 0 = not
        uint96 oppositionLimit; // FTNS against that stop what passes unless opposed; 0 = it does not
        uint48 executeBefore; // seconds
        uint32 delaySec;
        uint16 minSupporters;
        Action action;
        bool ending;
        uint256 motion;
    }

    mapping(uint256 proposalId => Vote) private _votes;

    // Constructor

    constructor(IVotes votes, ICircuitBreaker breaker, IFTNSToken token_)
        Governor("FTNS Emergency Governor")
        GovernorVotes(votes)
    {
        BREAKER = breaker;
        TOKEN = token_;
    }

    /// @dev Ether is refused.
    receive() external payable override {
        revert GovernorDisabledDeposit();
    }

    // Views

    /// @inheritdoc Governor
    function state(uint256 proposalId) public view override returns (ProposalState current) {
        Vote storage vote = _votes[proposalId];
        current = super.state(proposalId);
        if (current == ProposalState.Active && vote.passedAt != 0) {
            current = vote.delaySec == 0 ? ProposalState.Succeeded : ProposalState.Queued;
        }
        bool waits = current == ProposalState.Succeeded || current == ProposalState.Queued;
        if (waits && clock() >= vote.executeBefore) current = ProposalState.Expired;
    }

    /// @notice The second before the motion was made: votes are those of before anybody knew of it.
    function proposalSnapshot(uint256 proposalId) public view override returns (uint256) {
        return Math.saturatingSub(super.proposalSnapshot(proposalId), 1);
    }

    /// @notice When it can be executed, if it passed and its action has a delay. Nobody has to queue it.
    function proposalEta(uint256 proposalId) public view override returns (uint256) {
        Vote storage vote = _votes[proposalId];
        if (vote.delaySec == 0) return 0;
        if (vote.passedAt != 0) return uint256(vote.passedAt) + vote.delaySec;
        return _passesUnopposed(proposalId) ? proposalDeadline(proposalId) + vote.delaySec : 0;
    }

    /// @inheritdoc Governor
    function proposalNeedsQueuing(uint256 proposalId) public view override returns (bool) {
        return _votes[proposalId].delaySec != 0;
    }

    /// @inheritdoc Governor
    function votingDelay() public pure override returns (uint256) {
        return 0;
    }

    /// @inheritdoc Governor
    function votingPeriod() public pure override returns (uint256) {
        return VOTING_PERIOD;
    }

    /// @notice The least that any motion needs. What each needs is in `standingOf`.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return Math.mulDiv(VotingSupply.pastOf(token(), timepoint), LEAST_SUPPORT_SHARE, WAD, Math.Rounding.Ceil);
    }

    /// @notice For wallets: abstentions are counted and change nothing.
    function COUNTING_MODE() public pure override(IGovernor, GovernorCountingSimple) returns (string memory) {
        return "support=bravo&quorum=for";
    }

    /// @inheritdoc IEmergencyGovernor
    function standingOf(uint256 proposalId) external view returns (VoteStanding memory standing) {
        Vote storage vote = _votes[proposalId];
        (standing.opposition,,) = proposalVotes(proposalId);
        standing.motion = Motion(vote.motion, vote.action, vote.ending);
        (standing.needed, standing.support) = (vote.needed, vote.support);
        (standing.minSupporters, standing.supporters) = (vote.minSupporters, vote.supporters);
        (standing.passedAt, standing.executeBefore) = (vote.passedAt, vote.executeBefore);
        standing.unlessOpposed = vote.oppositionLimit != 0;
        if (vote.passedAt == 0 && _passesUnopposed(proposalId)) standing.passedAt = proposalDeadline(proposalId);
        if (standing.passedAt != 0) standing.executableAt = standing.passedAt + vote.delaySec;
    }

    /// @inheritdoc IEmergencyGovernor
    function proposalDetails(uint256 proposalId)
        public
        view
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 descriptionHash)
    {
        Vote storage vote = _votes[proposalId];
        if (vote.motion == 0) revert GovernorNonexistentProposal(proposalId);
        Motion memory motion = Motion(vote.motion, vote.action, vote.ending);
        (targets, values, calldatas) = _callsOf(motion);
        descriptionHash = keccak256(bytes(_describe(motion)));
    }

    // Writes

    /// @inheritdoc IEmergencyGovernor
    function open(Motion calldata motion, VoteTerms calldata terms) external returns (uint256 proposalId) {
        // Check
        if (msg.sender != address(BREAKER)) revert OnlyBreaker(msg.sender);

        // Effect
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _callsOf(motion);
        proposalId = _propose(targets, values, calldatas, _describe(motion), msg.sender);
        uint256 supply = VotingSupply.pastOf(token(), proposalSnapshot(proposalId));
        uint256 needed = Math.mulDiv(supply, terms.supportShare, WAD, Math.Rounding.Ceil);
        uint256 oppositionLimit =
            terms.unlessOpposed ? Math.mulDiv(supply, OPPOSITION_SHARE, WAD, Math.Rounding.Ceil) : 0;
        _votes[proposalId] = Vote({
            needed: needed.toUint96(),
            support: 0,
            supporters: 0,
            passedAt: 0,
            oppositionLimit: oppositionLimit.toUint96(),
            executeBefore: terms.executeBefore.toUint48(),
            delaySec: terms.delaySec.toUint32(),
            minSupporters: terms.minSupporters.toUint16(),
            action: motion.action,
            ending: motion.ending,
            motion: motion.id
        });
        emit MotionOpened(proposalId, motion, terms, needed);
    }

    /// @inheritdoc IEmergencyGovernor
    function execute(uint256 proposalId) external {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 descriptionHash) =
            proposalDetails(proposalId);
        execute(targets, values, calldatas, descriptionHash);
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

    // Internals: counting

    /// @dev Beside OpenZeppelin's tally: what counts as support, and how many stand behind it.
    function _countVote(uint256 proposalId, address account, uint8 support, uint256 weight, bytes memory params)
        internal
        override(Governor, GovernorCountingSimple)
        returns (uint256)
    {
        super._countVote(proposalId, account, support, weight, params);
        if (support == uint8(VoteType.For) && weight != 0) {
            Vote storage vote = _votes[proposalId];
            vote.support += uint96(Math.min(weight, vote.needed / 2));
            if (TOKEN.tierOn(account, ProtocolTime.today()) != Tier.NONE) ++vote.supporters;
        }
        return weight;
    }

    /// @dev After every vote, and a vote can only be cast while it has not passed.
    function _tallyUpdated(uint256 proposalId) internal override {
        Vote storage vote = _votes[proposalId];
        (uint256 opposition,,) = proposalVotes(proposalId);
        if (vote.support < vote.needed || vote.support <= opposition || vote.supporters < vote.minSupporters) return;
        vote.passedAt = uint48(block.timestamp);
        uint256 executableAt = block.timestamp + vote.delaySec;
        if (vote.delaySec != 0) emit ProposalQueued(proposalId, executableAt);
        emit MotionPassed(proposalId, executableAt);
    }

    function _quorumReached(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple)
        returns (bool)
    {
        return _votes[proposalId].passedAt != 0 || _passesUnopposed(proposalId);
    }

    function _voteSucceeded(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple)
        returns (bool)
    {
        return _quorumReached(proposalId);
    }

    /// @dev Whether the vote is over, needed no support, and too few opposed it.
    function _passesUnopposed(uint256 proposalId) private view returns (bool) {
        (uint256 opposition,,) = proposalVotes(proposalId);
        return opposition < _votes[proposalId].oppositionLimit && clock() > proposalDeadline(proposalId);
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
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    // Internals: motions

    function _callsOf(Motion memory motion)
        private
        view
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas)
    {
        targets = new address[](1);
        values = new uint256[](1);
        calldatas = new bytes[](1);
        targets[0] = address(BREAKER);
        calldatas[0] = abi.encodeCall(ICircuitBreaker.carryOut, (motion.id, motion.action, motion.ending));
    }

    function _describe(Motion memory motion) private pure returns (string memory) {
        return string.concat(
            "Emergency motion ", Strings.toString(motion.id), motion.ending ? ": end of " : ": ", _nameOf(motion.action)
        );
    }

    function _nameOf(Action action) private pure returns (string memory) {
        if (action == Action.PAUSE_ADJUSTMENTS) return "pause adjustments";
        if (action == Action.HALT_TRANSACTIONS) return "halt transactions";
        if (action == Action.RATE_RESET) return "rate reset";
        return "recovery mode";
    }
}
