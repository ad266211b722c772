// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {IOrdinaryCalls} from "../interfaces/IOrdinaryCalls.sol";
import {IProposalDeposits} from "../interfaces/IProposalDeposits.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";
import {ConstitutionalVotes} from "./ConstitutionalVotes.sol";
import {PinnedCode} from "./PinnedCode.sol";
import {ProposalLog} from "./ProposalLog.sol";
import {VotingSupply} from "./VotingSupply.sol";

/// @title FTNSGovernor
/// @notice See IFTNSGovernor. Wallets and explorers know it as any OpenZeppelin governor; times are seconds.
contract FTNSGovernor is
    GovernorSettings,
    GovernorVotesQuorumFraction,
    GovernorPreventLateQuorum,
    ProposalLog,
    ConstitutionalVotes,
    PinnedCode
{
    // Constants

    uint256 public constant MIN_VOTING_DELAY = 1 hours;
    uint256 public constant MAX_VOTING_DELAY = 7 days;
    uint256 public constant MIN_VOTING_PERIOD = 2 days;
    uint256 public constant MAX_VOTING_PERIOD = 14 days;
    uint256 public constant MIN_THRESHOLD_SHARE = 0.0001e18;
    uint256 public constant MAX_THRESHOLD_SHARE = 0.02e18;
    uint256 public constant MIN_QUORUM_PERCENT = 1;
    uint256 public constant MAX_QUORUM_PERCENT = 20;
    uint256 public constant MIN_LATE_EXTENSION = 6 hours;
    uint256 public constant MAX_LATE_EXTENSION = 3 days;
    /// @notice So long a proposal can be executed, from its `proposalEta` on; then it expires (seconds). A decision of long ago, or
    /// one that only its maker can carry out, would act on a day that no voter chose.
    uint256 public constant EXECUTION_WINDOW = 30 days;

    // Constructor

    /// @param vault staked FTNS: the votes (ERC-5805 with a clock of seconds)
    /// @param timelock_ the executor; this governor must be its only proposer, canceller and executor
    /// @param ordinaryCalls what an ordinary vote may do
    /// @param deposits of proposals; they must be told of this governor before the first one
    constructor(
        IStakingVault vault,
        TimelockController timelock_,
        IOrdinaryCalls ordinaryCalls,
        IProposalDeposits deposits
    )
        Governor("FTNS Governor")
        GovernorVotes(IVotes(address(vault)))
        ProposalLog(deposits)
        ConstitutionalVotes(ordinaryCalls, vault.TOKEN())
        GovernorSettings(1 days, 5 days, 0.001e18)
        GovernorVotesQuorumFraction(4)
        GovernorPreventLateQuorum(1 days)
        GovernorTimelockControl(timelock_)
    {
        uint256 votesClock = token().clock();
        if (votesClock != block.timestamp) revert VotesOnAnotherClock(votesClock, block.timestamp);
    }

    // Views

    /// @notice Seconds, as the votes count them. Not asked of them each time, which makes every vote cheaper.
    function clock() public view override(Governor, GovernorVotes) returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice ERC-6372.
    function CLOCK_MODE() public pure override(Governor, GovernorVotes) returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc IFTNSGovernor
    function votingSupply(uint256 timepoint) public view override(IFTNSGovernor, ProposalLog) returns (uint256) {
        return VotingSupply.pastOf(token(), timepoint);
    }

    /// @inheritdoc IFTNSGovernor
    function proposalThresholdShare() public view returns (uint256) {
        return GovernorSettings.proposalThreshold();
    }

    /// @notice Votes that a proposer needs now. Rounded up: a proposer never needs less than the share.
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return (votingSupply(clock() - 1) * proposalThresholdShare() + 1e18 - 1) / 1e18;
    }

    /// @inheritdoc Governor
    function quorum(uint256 timepoint) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256) {
        return votingSupply(timepoint) * quorumNumerator(timepoint) / quorumDenominator();
    }

    /// @inheritdoc IFTNSGovernor
    function quorumReached(uint256 proposalId) external view returns (bool) {
        return _quorumReached(proposalId);
    }

    /// @notice OpenZeppelin's, but a queued proposal expires.
    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        ProposalState current = super.state(proposalId);
        bool late = current == ProposalState.Queued && block.timestamp > proposalEta(proposalId) + EXECUTION_WINDOW;
        return late ? ProposalState.Expired : current;
    }

    /// @inheritdoc Governor
    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    /// @inheritdoc Governor
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    // Writes

    /// @notice Always refused: see `TimelockIsFixed`.
    function updateTimelock(TimelockController) public pure override {
        revert TimelockIsFixed();
    }

    /// @notice Calls `target` in this governor's place, by a vote. Never the timelock, where this governor may execute what is
    /// scheduled before its seven days, and other code than was voted on.
    function relay(address target, uint256 value, bytes calldata data) public payable override {
        if (target == timelock()) revert RelayToTimelock();
        super.relay(target, value, data);
    }

    // Internals: settings within their bounds

    function _setVotingDelay(uint48 delay) internal override {
        _checkSetting("votingDelay", delay, MIN_VOTING_DELAY, MAX_VOTING_DELAY);
        super._setVotingDelay(delay);
    }

    function _setVotingPeriod(uint32 period) internal override {
        _checkSetting("votingPeriod", period, MIN_VOTING_PERIOD, MAX_VOTING_PERIOD);
        super._setVotingPeriod(period);
    }

    /// @dev `share` is of the voting supply (WAD).
    function _setProposalThreshold(uint256 share) internal override {
        _checkSetting("proposalThreshold", share, MIN_THRESHOLD_SHARE, MAX_THRESHOLD_SHARE);
        emit ProposalThresholdShareSet(proposalThresholdShare(), share);
        super._setProposalThreshold(share);
    }

    function _updateQuorumNumerator(uint256 percent) internal override {
        _checkSetting("quorumNumerator", percent, MIN_QUORUM_PERCENT, MAX_QUORUM_PERCENT);
        super._updateQuorumNumerator(percent);
    }

    function _setLateQuorumVoteExtension(uint48 extension) internal override {
        _checkSetting("lateQuorumVoteExtension", extension, MIN_LATE_EXTENSION, MAX_LATE_EXTENSION);
        super._setLateQuorumVoteExtension(extension);
    }

    function _checkSetting(bytes32 setting, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert SettingOutOfBounds(setting, value, min, max);
    }

    // Internals: the modules together

    /// @inheritdoc ProposalLog
    function _longestVoteTime() internal pure override returns (uint256) {
        return MAX_VOTING_DELAY + MAX_VOTING_PERIOD + MAX_LATE_EXTENSION;
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(Governor, ProposalLog, ConstitutionalVotes, PinnedCode) returns (uint256) {
        return super._propose(targets, values, calldatas, description, proposer);
    }

    function _quorumReached(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple, ConstitutionalVotes)
        returns (bool)
    {
        return super._quorumReached(proposalId);
    }

    function _voteSucceeded(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple, ConstitutionalVotes)
        returns (bool)
    {
        return super._voteSucceeded(proposalId);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, ConstitutionalVotes, PinnedCode) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, ConstitutionalVotes, PinnedCode) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
