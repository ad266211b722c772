// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Emergency, Finding, ICircuitBreaker, Noise} from "../interfaces/ICircuitBreaker.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IEmergencyGovernor, Motion, Outcome} from "../interfaces/IEmergencyGovernor.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IMedianFeed, Market} from "../interfaces/IMedianFeed.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";
import {ISupplyController} from "../interfaces/ISupplyController.sol";
import {Action, Trigger} from "../types/Emergency.sol";
import {ActionEffects} from "./ActionEffects.sol";
import {ActionTerms} from "./ActionTerms.sol";
import {BreakerSettings} from "./BreakerSettings.sol";
import {EmergencyMotions} from "./EmergencyMotions.sol";
import {MotionWord} from "./MotionWord.sol";
import {Repetition, Repetitions} from "./Repetition.sol";
import {TriggerBonds} from "./TriggerBonds.sol";
import {TriggerSources} from "./TriggerSources.sol";

/// @title CircuitBreaker
/// @notice See ICircuitBreaker. From a trigger to the end, in numbered steps:
/// 1. Anyone calls `trigger`; the chain shows that the condition holds, or nothing happens. Where the kind was pulled for
///    nothing before, the caller's stake answers for it (TriggerBonds).
/// 2. The emergency opens: it suspends adjustments (Repetitions bounds that), and each action of the trigger goes to a vote of
///    six hours.
/// 3. Meanwhile the guardian may halt transfers, once, until the vote on a halt is over.
/// 4. What passes waits for its delay, then anyone executes it, then it ends by itself: a halt after 72 hours, recovery mode
///    after 7 days, a pause after 14 (Effects bounds what renewals come to). When more are against it than for it for an hour,
///    anyone ends it.
/// 5. A later trigger opens anew what ended without effect. Whatever was not executed in its time is not executed any more.
contract CircuitBreaker is EmergencyMotions, AccessManaged {
    using ActionTerms for uint256;
    using MotionWord for uint256;
    using Repetitions for Repetition;

    // Constants

    /// @notice After this time a trigger opens a new emergency: votes of that long ago say too little about today.
    uint256 public constant SNAPSHOT_AGE = 48 hours;
    /// @dev The time over which failures are counted.
    uint256 private constant COUNTED_TIME = 1 hours;
    uint256 private constant TRIGGERS = 4;

    // Storage

    mapping(Trigger => Repetition) private _repetitions;

    // Constructor

    constructor(
        address authority_,
        IFTNSToken token,
        ISupplyController controller,
        IContributorRegistry registry,
        IFTNSGovernor governor,
        IMedianFeed feed,
        IStakingVault vault,
        uint256 minSupporters_
    )
        AccessManaged(authority_)
        TriggerSources(controller.history(), governor)
        TriggerBonds(vault)
        BreakerSettings(minSupporters_)
        ActionEffects(token, controller, registry)
    {
        _setMarketFeed(feed);
    }

    // Views

    /// @inheritdoc ICircuitBreaker
    function emergency() external view returns (Emergency memory) {
        OpenEmergency memory open = _current();
        return Emergency({
            id: open.id,
            openedAt: open.openedAt,
            openUntil: open.openUntil,
            triggers: open.triggers,
            actions: open.actions,
            haltVoteUntil: open.haltVoteUntil,
            suspendUntil: open.suspendUntil
        });
    }

    /// @inheritdoc ICircuitBreaker
    function canTrigger(Trigger kind) external view returns (bool taken, uint256 bond) {
        OpenEmergency memory open = _current();
        bool opens = _opensNew(open);
        bool changes = _toOpen(kind, open, opens) != 0 || !(opens || _isRecorded(kind, open));
        taken = changes && !(kind == Trigger.NETWORK_ATTACK && _mayBeOfHalt());
        bond = _counted(kind, opens ? open.id + 1 : open.id).bondFor();
    }

    /// @inheritdoc ICircuitBreaker
    function noiseOf(Trigger kind) external view returns (Noise memory noise) {
        Repetition memory past = _counted(kind, _repetitions[kind].emergency);
        if (past.windowStart == 0 || block.timestamp >= past.windowStart + Repetitions.WINDOW) return noise;
        return Noise(past.windowStart, past.triggers, past.suspendedSec);
    }

    /// @notice Time from passing to execution (seconds): stopping is fast, everything else is slow.
    function delayOf(Action action) external pure returns (uint256) {
        return ActionTerms.delayOf(action);
    }

    /// @inheritdoc ICircuitBreaker
    function opposedMotion(Action action) external view returns (uint256 motion) {
        (motion,,) = _opposed(action);
    }

    // Writes

    /// @inheritdoc ICircuitBreaker
    function trigger(Trigger kind) external returns (uint256 id) {
        // Check
        Finding memory finding = find(kind);
        if (!finding.met) revert TriggerNotMet(kind, finding);
        if (kind == Trigger.NETWORK_ATTACK && _mayBeOfHalt()) revert FailuresOfHalt(TOKEN.haltedUntil());
        OpenEmergency memory open = _current();
        bool opens = _opensNew(open);
        uint256 added = _toOpen(kind, open, opens);
        if (added == 0 && (opens || _isRecorded(kind, open))) revert TriggerAlreadyRecorded(kind, open.id);
        if (opens) open.id += 1;
        Repetition memory past = _counted(kind, open.id);
        uint256 bond = past.bondFor();
        if (bond != 0) _checkBond(msg.sender, kind, bond);

        // Effect
        if (opens) {
            // Hours to object that go on keep the emergency open, too. What votes of the last one suspend ends with it.
            open.openedAt = uint40(block.timestamp);
            (open.haltVoteUntil, open.triggers, open.actions, open.passed) = (0, 0, 0, 0);
            open.suspendUntil = open.noiseUntil;
        }
        id = open.id;
        open.triggers |= uint8(1 << uint256(kind));
        open.actions |= uint8(added);
        _note(kind, open, added, past);
        _open = open;
        uint256 deadlockBefore = lastDeadlockAt;
        if (kind == Trigger.GOVERNANCE_DEADLOCK) lastDeadlockAt = uint48(block.timestamp);
        if (opens) emit EmergencyOpened(id, kind, finding);
        else emit TriggerRecorded(id, kind, finding);

        // Interaction
        _openVotes(kind, open, added);
        if (bond != 0) _takeBond(kind, bond, deadlockBefore);
        _syncSuspension();
    }

    /// @inheritdoc ICircuitBreaker
    function endOpposed(Action action) external {
        // Check
        (uint256 motion, bool started, bool suspends) = _opposed(action);
        if (motion == 0) revert NotOpposed(action);

        // Effect
        if (suspends) {
            uint256 left = uint256(_open.passed) & ~ActionTerms.bit(action);
            _open.passed = uint8(left);
            if (left == 0) _open.suspendUntil = _open.noiseUntil;
            emit VindicationLost(_open.id, action);
        }

        // Effect, Interaction
        if (started) _endForVoters(action);
        else _syncSuspension();
    }

    /// @inheritdoc ICircuitBreaker
    function carryOut(uint256 motion, Action action, bool ending) external restricted {
        if (!ending) return _startForVoters(action, motion);
        // One that was made before what is in effect ends nothing, also where the next one has been made.
        if (motion != _lastEnd(action)) revert EffectRenewed(action, _effects[action].startedAt);
        _endForVoters(action);
    }

    /// @inheritdoc ICircuitBreaker
    function notePassed(uint256 emergency_, uint256 motion, Action action) external restricted {
        emit TriggersVindicated(emergency_, action);
        for (uint256 i = 0; i < TRIGGERS; ++i) {
            (Action first, Action second) = ActionTerms.pairOf(Trigger(i));
            if (action == first || action == second) {
                _repetitions[Trigger(i)].notePassed(emergency_, motion, action != first);
            }
        }
        if (_open.id != emergency_ || !isOpen()) return;
        _open.passed |= uint8(ActionTerms.bit(action));
        _open.suspendUntil = _open.openUntil;
        _syncSuspension();
    }

    /// @inheritdoc ICircuitBreaker
    function prolong(uint256 motion, uint256 until) external restricted {
        (uint256 current,) = _starts.last(Action.RATE_RESET);
        if (motion != current) revert MotionSuperseded(motion);
        _starts = _starts.with(Action.RATE_RESET, motion, until);
        if (_open.openUntil < until) _open.openUntil = uint40(until);
    }

    /// @inheritdoc ICircuitBreaker
    function guardianHalt() external restricted {
        // Check
        if (!_settings.guardianArmed) revert GuardianNotArmed();
        uint256 until = _open.haltVoteUntil;
        (uint256 motion,) = _starts.last(Action.HALT_TRANSACTIONS);
        bool runs = isOpen() && until > block.timestamp && _isPending(motion, Action.HALT_TRANSACTIONS, false);
        if (!runs) revert NothingToBridge();
        uint256 halted = TOKEN.haltedUntil();
        if (halted >= until) revert AlreadyInEffect(Action.HALT_TRANSACTIONS, halted);

        // Effect
        _settings.guardianArmed = false;
        // A halt of its own is the vote's that it bridges the time to: those who stop that vote end it.
        until = _grant(Action.HALT_TRANSACTIONS, halted > block.timestamp ? 0 : motion, until);
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
        _impose(action);
    }

    /// @inheritdoc ICircuitBreaker
    function end(Action action) external restricted {
        _end(action);
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

    // Internals: triggers

    function _opensNew(OpenEmergency memory open) private view returns (bool) {
        return block.timestamp >= open.openUntil || block.timestamp > open.openedAt + SNAPSHOT_AGE;
    }

    function _isRecorded(Trigger kind, OpenEmergency memory open) private pure returns (bool) {
        return open.triggers & (1 << uint256(kind)) != 0;
    }

    /// @dev The actions of `kind` that go to the vote now: those that are not in the emergency yet, unless hours to object to them
    /// go on, and those whose vote ended without effect.
    function _toOpen(Trigger kind, OpenEmergency memory open, bool opens) private view returns (uint256 added) {
        added = ActionTerms.ofTrigger(kind);
        for (uint256 i = 0; i < ActionTerms.COUNT; ++i) {
            Action action = Action(i);
            if (!added.has(action)) continue;
            (uint256 motion, uint256 until) = _starts.last(action);
            bool isIn = !opens && uint256(open.actions).has(action);
            bool objecting = action == Action.RATE_RESET && until > block.timestamp;
            if (!isIn && !objecting) continue;
            Outcome outcome = _outcomeOf(motion, action, false);
            if (isIn ? outcome != Outcome.LAPSED : outcome == Outcome.OPEN) added &= ~ActionTerms.bit(action);
        }
    }

    /// @dev The triggers of `kind` that led to no passed vote, for one in emergency `emergency_`. Within the emergency of the last
    /// of them a vote that passed counts until it is stopped; later only if it can't be stopped any more, because the
    /// count is then settled.
    function _counted(Trigger kind, uint256 emergency_) private view returns (Repetition memory past) {
        past = _pastOf(kind);
        bool forGood = past.emergency != emergency_;
        (Action first, Action second) = ActionTerms.pairOf(kind);
        if (_stands(past.firstMotion, first, forGood) || _stands(past.secondMotion, second, forGood)) past.clear();
    }

    function _stands(uint256 motion, Action action, bool forGood) private view returns (bool) {
        return motion != 0 && emergencyGovernor.stands(Motion(motion, action, false), forGood);
    }

    /// @dev In one place, because unpacking takes much code.
    function _pastOf(Trigger kind) private view returns (Repetition memory) {
        return _repetitions[kind];
    }

    /// @dev Notes the trigger in `open`: until when the emergency is open and suspends adjustments. `past` is what counted before.
    function _note(Trigger kind, OpenEmergency memory open, uint256 added, Repetition memory past) private {
        uint256 lifeSec;
        bool unlessOpposed = ActionTerms.passesUnlessOpposed(kind);
        for (uint256 i = 0; i < ActionTerms.COUNT; ++i) {
            if (added.has(Action(i))) lifeSec = Math.max(lifeSec, ActionTerms.lifeOf(Action(i), unlessOpposed));
        }
        // In the same emergency it counts with those before it, in case that what passed is stopped.
        if (past.emergency == open.id) past = _pastOf(kind);
        open.noiseUntil = uint40(Math.max(open.noiseUntil, past.withTrigger(open.id, lifeSec)));
        _repetitions[kind] = past;

        open.openUntil = uint40(Math.max(open.openUntil, block.timestamp + lifeSec));
        bool vindicated = uint256(open.passed) & ActionTerms.ofTrigger(kind) != 0;
        open.suspendUntil = uint40(Math.max(open.suspendUntil, vindicated ? open.openUntil : open.noiseUntil));
        if (added.has(Action.HALT_TRANSACTIONS)) {
            open.haltVoteUntil = uint40(block.timestamp + ActionTerms.VOTING_PERIOD);
        }
    }

    function _takeBond(Trigger kind, uint256 bond, uint256 deadlockBefore) private {
        (Action first, Action second) = ActionTerms.pairOf(kind);
        uint256[2] memory motions;
        (motions[0],) = _starts.last(first);
        if (second != first) (motions[1],) = _starts.last(second);
        uint256 periodSec = ActionTerms.votingPeriod(ActionTerms.passesUnlessOpposed(kind));
        _postBond(msg.sender, kind, bond, periodSec, motions, deadlockBefore);
    }

    /// @dev Whether the hour in which failures were counted may have seen a halt.
    function _mayBeOfHalt() private view returns (bool) {
        uint256 clearFrom = TOKEN.haltedUntil() + COUNTED_TIME;
        if (block.timestamp >= clearFrom + MAX_MARKET_AGE) return false;
        // Without a market nothing was observed.
        (Market memory market,) = _market();
        return block.timestamp < clearFrom || market.observedAt < clearFrom;
    }

    // Internals: effects

    /// @dev A motion that voters stopped, of which something lasts: what it started, or the time for which it suspends adjustments.
    function _opposed(Action action) private view returns (uint256 motion, bool started, bool suspends) {
        (uint256 last,) = _starts.last(action);
        motion = _effects[action].startedBy;
        started = effectUntil(action) > block.timestamp && _isStopped(motion, action);
        if (!started) motion = last;
        suspends = motion == last && isOpen() && uint256(_open.passed).has(action);
        if (!started && !(suspends && _isStopped(motion, action))) motion = 0;
    }

    /// @dev When voters end a halt, the guardian has no say about halts until the ordinary governor gives it back.
    function _endForVoters(Action action) private {
        if (action == Action.HALT_TRANSACTIONS) _settings.guardianArmed = false;
        _end(action);
    }

    function _emergencySuspendsUntil() internal view override returns (uint256) {
        return _open.suspendUntil;
    }
}
