// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Emergency, Finding, ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IEmergencyGovernor, Motion, VoteTerms} from "../interfaces/IEmergencyGovernor.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IMedianFeed} from "../interfaces/IMedianFeed.sol";
import {ISupplyController} from "../interfaces/ISupplyController.sol";
import {Action, Trigger} from "../types/Emergency.sol";
import {TriggerSources} from "./TriggerSources.sol";

/// @title CircuitBreaker
/// @notice See ICircuitBreaker. From a trigger to the end, in numbered steps:
/// 1. Anyone calls `trigger`; the chain shows that the condition holds, or nothing happens.
/// 2. The emergency opens: adjustments are suspended while it lasts, each action of the trigger goes to a vote of six hours.
/// 3. Meanwhile the guardian may halt transfers, once, until the vote on a halt is over.
/// 4. What passes waits for its delay, then anyone executes it, then it ends by itself: a halt after 72 hours, recovery mode
///    after 7 days, a pause after 14.
/// 5. Whatever was not executed when the emergency is over is not executed any more.
contract CircuitBreaker is TriggerSources, AccessManaged {
    // Constants

    uint256 public constant VOTING_PERIOD = 6 hours;
    uint256 public constant EXECUTION_WINDOW = 6 hours;
    uint256 public constant HALT_TIME = 72 hours;
    uint256 public constant PAUSE_TIME = 14 days;
    uint256 public constant RECOVERY_TIME = 7 days;
    uint256 public constant MIN_SUPPORT_SHARE = 0.05e18;
    uint256 public constant MAX_SUPPORT_SHARE = 0.5e18;
    uint256 public constant FEWEST_SUPPORTERS = 3;
    uint256 public constant MOST_SUPPORTERS = 25;
    uint256 private constant ACTIONS = 4;

    // Immutables

    IFTNSToken public immutable TOKEN;
    ISupplyController public immutable CONTROLLER;
    IContributorRegistry public immutable REGISTRY;

    // Storage

    /// @dev One slot.
    struct OpenEmergency {
        uint64 id;
        uint48 openedAt; // seconds
        uint48 openUntil; // seconds
        uint48 haltVoteUntil; // seconds
        uint8 triggers; // bit by Trigger
        uint8 actions; // bit by Action
    }

    /// @dev One slot.
    struct Settings {
        uint64 motions; // made so far
        uint40 pausedUntil; // seconds
        uint8 minSupporters;
        bool guardianArmed;
    }

    /// @inheritdoc ICircuitBreaker
    IEmergencyGovernor public emergencyGovernor;
    OpenEmergency private _open;
    Settings private _settings;
    uint64[ACTIONS] private _supportShares; // WAD, by Action
    mapping(uint256 emergency => mapping(Action => uint256 proposalId)) private _votes;
    /// @dev The last vote on the end of an action, and until when it runs or can be executed (seconds).
    mapping(Action => uint256 proposalId) private _endVotes;
    mapping(Action => uint256) private _endVoteUntil;

    // Constructor

    constructor(
        address authority_,
        IFTNSToken token,
        ISupplyController controller,
        IContributorRegistry registry,
        IFTNSGovernor governor,
        IMedianFeed feed
    ) AccessManaged(authority_) TriggerSources(controller.history(), governor) {
        TOKEN = token;
        CONTROLLER = controller;
        REGISTRY = registry;
        _setMarketFeed(feed);
        _setSupportShare(Action.PAUSE_ADJUSTMENTS, 0.1e18);
        _setSupportShare(Action.HALT_TRANSACTIONS, 0.15e18);
        _setSupportShare(Action.RATE_RESET, 0.2e18);
        _setSupportShare(Action.RECOVERY_MODE, 0.25e18);
        _setMinSupporters(5);
        _settings.guardianArmed = true;
    }

    // Views

    /// @inheritdoc ICircuitBreaker
    function emergency() external view returns (Emergency memory) {
        OpenEmergency memory open = _open;
        return Emergency(open.id, open.openedAt, open.openUntil, open.triggers, open.actions, open.haltVoteUntil);
    }

    /// @inheritdoc ICircuitBreaker
    function isOpen() public view returns (bool) {
        return block.timestamp < _open.openUntil;
    }

    /// @inheritdoc ICircuitBreaker
    function effectUntil(Action action) public view returns (uint256) {
        if (action == Action.PAUSE_ADJUSTMENTS) return _settings.pausedUntil;
        if (action == Action.HALT_TRANSACTIONS) return TOKEN.haltedUntil();
        return action == Action.RECOVERY_MODE ? TOKEN.recoveryUntil() : 0;
    }

    /// @inheritdoc ICircuitBreaker
    function voteOn(Action action) external view returns (uint256) {
        return isOpen() ? _votes[_open.id][action] : 0;
    }

    /// @inheritdoc ICircuitBreaker
    function endVoteOn(Action action) external view returns (uint256) {
        return _endVoteUntil[action] > block.timestamp ? _endVotes[action] : 0;
    }

    /// @inheritdoc ICircuitBreaker
    function guardianArmed() external view returns (bool) {
        return _settings.guardianArmed;
    }

    /// @inheritdoc ICircuitBreaker
    function supportShare(Action action) external view returns (uint256) {
        return _supportShares[uint256(action)];
    }

    /// @inheritdoc ICircuitBreaker
    function minSupporters() external view returns (uint256) {
        return _settings.minSupporters;
    }

    /// @notice Time from passing to execution (seconds): stopping is fast, everything else is slow.
    function delayOf(Action action) public pure returns (uint256) {
        if (action == Action.RATE_RESET) return 6 hours;
        return action == Action.RECOVERY_MODE ? 12 hours : 0;
    }

    // Writes

    /// @inheritdoc ICircuitBreaker
    function trigger(Trigger kind) external returns (uint256 id) {
        // Check
        Finding memory finding = find(kind);
        if (!finding.met) revert TriggerNotMet(kind, finding);
        OpenEmergency memory open = _open;
        bool opens = block.timestamp >= open.openUntil;
        if (!opens && open.triggers & _bit(uint256(kind)) != 0) revert TriggerAlreadyRecorded(kind, open.id);

        // Effect
        if (opens) open = OpenEmergency(open.id + 1, uint48(block.timestamp), 0, 0, 0, 0);
        id = open.id;
        open.triggers |= uint8(_bit(uint256(kind)));
        uint256 added = _actionsOf(kind) & ~uint256(open.actions);
        open.actions |= uint8(added);
        open.openUntil = uint48(Math.max(open.openUntil, block.timestamp + _longestVoteTime(_actionsOf(kind))));
        if (added & _bit(uint256(Action.HALT_TRANSACTIONS)) != 0) {
            open.haltVoteUntil = uint48(block.timestamp + VOTING_PERIOD);
        }
        _open = open;
        if (kind == Trigger.GOVERNANCE_DEADLOCK) lastDeadlockAt = uint48(block.timestamp);
        if (opens) emit EmergencyOpened(id, kind, finding);
        else emit TriggerRecorded(id, kind, finding);

        // Interaction
        for (uint256 i = 0; i < ACTIONS; ++i) {
            if (added & _bit(i) != 0) {
                _votes[id][Action(i)] = _openMotion(Action(i), false, kind == Trigger.GOVERNANCE_DEADLOCK);
            }
        }
        _syncSuspension();
    }

    /// @inheritdoc ICircuitBreaker
    function proposeEnd(Action action) external returns (uint256 proposalId) {
        // Check
        if (effectUntil(action) <= block.timestamp) revert NotInEffect(action);
        if (_endVoteUntil[action] > block.timestamp) revert EndAlreadyProposed(action, _endVoteUntil[action]);

        // Effect
        _endVoteUntil[action] = block.timestamp + _longestVoteTime(_bit(uint256(action)));

        // Interaction
        proposalId = _openMotion(action, true, false);
        _endVotes[action] = proposalId;
    }

    /// @inheritdoc ICircuitBreaker
    function carryOut(uint256, Action action, bool ending) external restricted {
        if (ending) _endAction(action);
        else _startAction(action);
    }

    /// @inheritdoc ICircuitBreaker
    function guardianHalt() external restricted {
        // Check
        if (!_settings.guardianArmed) revert GuardianNotArmed();
        uint256 until = _open.haltVoteUntil;
        if (!isOpen() || until <= block.timestamp) revert NothingToBridge();
        uint256 halted = TOKEN.haltedUntil();
        if (halted >= until) revert AlreadyInEffect(Action.HALT_TRANSACTIONS, halted);

        // Effect
        _settings.guardianArmed = false;
        emit GuardianHalted(msg.sender, until);

        // Interaction
        TOKEN.halt(until);
    }

    // Governance

    /// @inheritdoc ICircuitBreaker
    function initialize(IEmergencyGovernor emergencyGovernor_) external restricted {
        if (address(emergencyGovernor) != address(0)) revert AlreadyInitialized();
        if (address(emergencyGovernor_).code.length == 0) revert NotAContract(address(emergencyGovernor_));
        emergencyGovernor = emergencyGovernor_;
    }

    /// @inheritdoc ICircuitBreaker
    function impose(Action action) external restricted {
        _startAction(action);
    }

    /// @inheritdoc ICircuitBreaker
    function end(Action action) external restricted {
        _endAction(action);
    }

    /// @inheritdoc ICircuitBreaker
    function rearmGuardian() external restricted {
        _settings.guardianArmed = true;
        emit GuardianRearmed();
    }

    /// @inheritdoc ICircuitBreaker
    function setMarketFeed(IMedianFeed feed) external restricted {
        _setMarketFeed(feed);
    }

    /// @inheritdoc ICircuitBreaker
    function setSupportShare(Action action, uint256 share) external restricted {
        _setSupportShare(action, share);
    }

    /// @inheritdoc ICircuitBreaker
    function setMinSupporters(uint256 supporters) external restricted {
        _setMinSupporters(supporters);
    }

    // Internals: votes

    function _actionsOf(Trigger kind) private pure returns (uint256) {
        uint256 pause = _bit(uint256(Action.PAUSE_ADJUSTMENTS));
        uint256 halt = _bit(uint256(Action.HALT_TRANSACTIONS));
        if (kind == Trigger.PRICE_CRASH) return pause | halt;
        if (kind == Trigger.LIQUIDITY_CRISIS) return pause;
        if (kind == Trigger.NETWORK_ATTACK) return halt | _bit(uint256(Action.RECOVERY_MODE));
        return _bit(uint256(Action.RATE_RESET));
    }

    /// @dev From a vote's beginning to the last moment of its execution, for the slowest of `actions`.
    function _longestVoteTime(uint256 actions) private pure returns (uint256 time) {
        for (uint256 i = 0; i < ACTIONS; ++i) {
            if (actions & _bit(i) != 0) time = Math.max(time, VOTING_PERIOD + delayOf(Action(i)) + EXECUTION_WINDOW);
        }
    }

    function _openMotion(Action action, bool ending, bool unlessOpposed) private returns (uint256 proposalId) {
        uint256 motion = ++_settings.motions;
        VoteTerms memory terms = VoteTerms({
            supportShare: _supportShares[uint256(action)],
            delaySec: delayOf(action),
            executeBefore: block.timestamp + _longestVoteTime(_bit(uint256(action))),
            minSupporters: _settings.minSupporters,
            unlessOpposed: unlessOpposed
        });
        proposalId = emergencyGovernor.open(Motion(motion, action, ending), terms);
        emit MotionMade(motion, _open.id, action, ending, proposalId);
    }

    // Internals: effects

    function _startAction(Action action) private {
        uint256 until;
        if (action == Action.PAUSE_ADJUSTMENTS) {
            until = block.timestamp + PAUSE_TIME;
            _settings.pausedUntil = uint40(until);
        } else if (action == Action.HALT_TRANSACTIONS) {
            until = block.timestamp + HALT_TIME;
            TOKEN.halt(until);
        } else if (action == Action.RATE_RESET) {
            CONTROLLER.resetMultiplier();
            REGISTRY.resetBaseRates();
        } else {
            until = block.timestamp + RECOVERY_TIME;
            TOKEN.startRecovery(until);
        }
        emit ActionTaken(action, until);
        _syncSuspension();
    }

    function _endAction(Action action) private {
        if (effectUntil(action) <= block.timestamp) revert NotInEffect(action);
        if (action == Action.PAUSE_ADJUSTMENTS) _settings.pausedUntil = uint40(block.timestamp);
        else if (action == Action.HALT_TRANSACTIONS) TOKEN.endHalt();
        else TOKEN.endRecovery();
        emit ActionEnded(action);
        _syncSuspension();
    }

    /// @dev Adjustments are suspended while an emergency is open, a pause runs or recovery mode holds, whichever lasts longest.
    function _syncSuspension() private {
        uint256 until = Math.max(_open.openUntil, Math.max(_settings.pausedUntil, TOKEN.recoveryUntil()));
        uint256 suspended = CONTROLLER.suspendedUntil();
        if (until > block.timestamp) {
            if (suspended != until) CONTROLLER.suspend(until);
        } else if (suspended > block.timestamp) {
            CONTROLLER.endSuspension();
        }
    }

    // Internals: settings

    function _setSupportShare(Action action, uint256 share) private {
        if (share < MIN_SUPPORT_SHARE || share > MAX_SUPPORT_SHARE) {
            revert ShareOutOfBounds(share, MIN_SUPPORT_SHARE, MAX_SUPPORT_SHARE);
        }
        _supportShares[uint256(action)] = uint64(share);
        emit SupportShareSet(action, share);
    }

    function _setMinSupporters(uint256 supporters) private {
        if (supporters < FEWEST_SUPPORTERS || supporters > MOST_SUPPORTERS) {
            revert SupportersOutOfBounds(supporters, FEWEST_SUPPORTERS, MOST_SUPPORTERS);
        }
        _settings.minSupporters = uint8(supporters);
        emit MinSupportersSet(supporters);
    }

    function _bit(uint256 index) private pure returns (uint256) {
        return 1 << index;
    }
}
