// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IOrdinaryCalls} from "../interfaces/IOrdinaryCalls.sol";
import {ProposalLog} from "./ProposalLog.sol";

/// @title ConstitutionalVotes
/// @notice What is not on the list of ordinary calls needs many votes and much time; but what the list names as SOON only many votes, because
/// whoever it stops goes on until then.
///
/// The seven days are kept here: the timelock knows one delay for all, and this governor, its only executor, executes a
/// constitutional proposal at its own time. `proposalEta` tells it.
abstract contract ConstitutionalVotes is ProposalLog {
    // Constants

    /// @notice From a constitutional decision to its effect, at least (seconds).
    uint256 public constant CONSTITUTIONAL_DELAY = 7 days;
    /// @dev 20 % of the voting supply in favour, as a divisor.
    uint256 private constant SUPPORT_DIVISOR = 5;
    /// @dev 2 % of the total supply taking part, as a divisor ...
    uint256 private constant TURNOUT_DIVISOR = 50;
    /// @dev ... or half of the voting supply, which counts as at least a million FTNS.
    uint256 private constant STAKED_DIVISOR = 2;

    // Immutables

    /// @notice The list of what an ordinary vote may do.
    IOrdinaryCalls public immutable ORDINARY_CALLS;
    IFTNSToken private immutable TOKEN;

    // Storage

    /// @dev Turnout that is enough whatever is staked (FTNS, 18 decimals); not zero: constitutional.
    mapping(uint256 proposalId => uint256) private _turnout;

    // Constructor

    constructor(IOrdinaryCalls ordinaryCalls, IFTNSToken token_) {
        ORDINARY_CALLS = ordinaryCalls;
        TOKEN = token_;
    }

    // Views

    /// @inheritdoc IFTNSGovernor
    function isConstitutional(uint256 proposalId) external view returns (bool) {
        return _turnout[proposalId] != 0;
    }

    /// @inheritdoc IFTNSGovernor
    function turnoutNeeded(uint256 proposalId) public view returns (uint256) {
        uint256 ofAll = _turnout[proposalId];
        if (ofAll == 0) return 0;
        // Rounded up: never fewer than half.
        uint256 half = (votingSupply(proposalSnapshot(proposalId)) + STAKED_DIVISOR - 1) / STAKED_DIVISOR;
        return half < ofAll ? half : ofAll;
    }

    // Internals

    /// @inheritdoc Governor
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal virtual override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        if (ORDINARY_CALLS.areOrdinary(targets, values, calldatas)) return proposalId;
        // Rounded up, and never zero while there are tokens.
        uint256 turnout = (TOKEN.totalSupply() + TURNOUT_DIVISOR - 1) / TURNOUT_DIVISOR;
        _turnout[proposalId] = turnout;
        emit ConstitutionalVote(proposalId, turnout);
    }

    /// @inheritdoc GovernorCountingSimple
    function _quorumReached(uint256 proposalId) internal view virtual override returns (bool) {
        return super._quorumReached(proposalId) && votesCast(proposalId) >= turnoutNeeded(proposalId)
            && _supported(proposalId);
    }

    /// @inheritdoc GovernorCountingSimple
    function _voteSucceeded(uint256 proposalId) internal view virtual override returns (bool) {
        return super._voteSucceeded(proposalId) && _supported(proposalId);
    }

    /// @dev Part of the quorum, too: whoever reaches it late leaves a day to answer.
    function _supported(uint256 proposalId) private view returns (bool) {
        if (_turnout[proposalId] == 0) return true;
        (, uint256 inFavour,) = proposalVotes(proposalId);
        return inFavour * SUPPORT_DIVISOR >= votingSupply(proposalSnapshot(proposalId));
    }

    /// @inheritdoc Governor
    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal virtual override returns (uint48 eta) {
        eta = super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
        uint256 least = block.timestamp + CONSTITUTIONAL_DELAY;
        if (_turnout[proposalId] == 0 || eta >= least || ORDINARY_CALLS.maySoon(targets, values, calldatas)) {
            return eta;
        }
        // forge-lint: disable-next-line(unsafe-typecast)
        eta = uint48(least);
    }

    /// @inheritdoc Governor
    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal virtual override {
        if (_turnout[proposalId] != 0) {
            uint256 eta = proposalEta(proposalId);
            if (block.timestamp < eta) revert ProposalWaits(proposalId, eta);
        } else {
            ORDINARY_CALLS.count(targets, values, calldatas);
        }
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }
}
