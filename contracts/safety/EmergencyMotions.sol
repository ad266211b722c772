// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {Motion, Outcome, VoteTerms} from "../interfaces/IEmergencyGovernor.sol";
import {Action, Trigger} from "../types/Emergency.sol";
import {ActionEffects} from "./ActionEffects.sol";
import {ActionTerms} from "./ActionTerms.sol";
import {EffectRecord, Effects} from "./EffectRecord.sol";
import {MotionWord} from "./MotionWord.sol";
import {TriggerBonds} from "./TriggerBonds.sol";

/// @title EmergencyMotions
/// @notice The emergency that is open, and what is put to the vote: to start an action because of a trigger, or to end it. There is
/// one motion of each kind about an action that counts: the last one.
abstract contract EmergencyMotions is TriggerBonds, ActionEffects {
    using ActionTerms for uint256;
    using Effects for EffectRecord;
    using MotionWord for uint256;

    // Storage

    /// @dev One slot.
    struct OpenEmergency {
        uint32 id;
        uint40 openedAt; // seconds
        uint40 openUntil; // seconds
        uint40 suspendUntil; // seconds
        uint40 noiseUntil; // seconds: what of `suspendUntil` needs no vote that passed
        uint40 haltVoteUntil; // seconds
        uint8 triggers; // bit by Trigger
        uint8 actions; // bit by Action
        uint8 passed; // bit by Action: whose vote passed and was not said to be stopped (`endOpposed`)
    }

    OpenEmergency internal _open;
    /// @dev By action, the last motion to start it, and when that can no longer be executed.
    uint256 internal _starts;
    /// @dev By action, the last motion to end it, and when that was made.
    uint256 internal _ends;

    // Views

    /// @inheritdoc ICircuitBreaker
    function isOpen() public view returns (bool) {
        return block.timestamp < _open.openUntil;
    }

    /// @inheritdoc ICircuitBreaker
    function canCarryOut(Motion calldata motion) external view returns (bool) {
        uint256 current = effectUntil(motion.action);
        if (motion.ending) return current > block.timestamp && motion.id == _lastEnd(motion.action);
        if (motion.action == Action.RATE_RESET) return true;
        return _effects[motion.action].mayGrant(current, block.timestamp + ActionTerms.limitOf(motion.action));
    }

    /// @inheritdoc ICircuitBreaker
    function voteOn(Action action) external view returns (uint256) {
        (uint256 motion, uint256 until) = _starts.last(action);
        bool ofOpen = isOpen() && uint256(_open.actions).has(action);
        return ofOpen || until > block.timestamp ? emergencyGovernor.proposalIdOf(Motion(motion, action, false)) : 0;
    }

    /// @inheritdoc ICircuitBreaker
    function endVoteOn(Action action) external view returns (uint256) {
        uint256 motion = _lastEnd(action);
        return _isPending(motion, action, true) ? emergencyGovernor.proposalIdOf(Motion(motion, action, true)) : 0;
    }

    // Writes

    /// @inheritdoc ICircuitBreaker
    function proposeEnd(Action action) external returns (uint256 proposalId) {
        // Check
        if (effectUntil(action) <= block.timestamp) revert NotInEffect(action);
        if (_isPending(_lastEnd(action), action, true)) {
            (, uint256 madeAt) = _ends.last(action);
            revert EndAlreadyProposed(action, madeAt + ActionTerms.lifeOf(action, false));
        }

        // Effect
        uint256 motion = ++_settings.motions;
        _ends = _ends.with(action, motion, block.timestamp);

        // Interaction
        proposalId = _putToVote(Motion(motion, action, true), block.timestamp - 1, false);
    }

    // Internals

    /// @dev Whether `motion`, if there is one, passed, and then those against it were more than those for it.
    function _isStopped(uint256 motion, Action action) internal view returns (bool) {
        return motion != 0 && _outcomeOf(motion, action, false) == Outcome.STOPPED;
    }

    /// @dev The last motion to end `action`; 0 where it was made before what is in effect, which it can't end. Otherwise whoever is
    /// about to start or renew something would keep everybody from ending it, by a motion made the second before.
    function _lastEnd(Action action) internal view returns (uint256 motion) {
        uint256 madeAt;
        (motion, madeAt) = _ends.last(action);
        if (_effects[action].startedAt > madeAt) motion = 0;
    }

    /// @dev In one place, because the call takes much code. The motion must have been made.
    function _outcomeOf(uint256 motion, Action action, bool ending) internal view returns (Outcome) {
        return emergencyGovernor.outcomeOf(Motion(motion, action, ending));
    }

    /// @dev In one place, because unpacking takes much code.
    function _current() internal view returns (OpenEmergency memory) {
        return _open;
    }

    /// @dev Puts the actions in the set `added` to the vote, on the votes of the second before the emergency opened.
    function _openVotes(Trigger kind, OpenEmergency memory open, uint256 added) internal {
        bool unlessOpposed = ActionTerms.passesUnlessOpposed(kind);
        for (uint256 i = 0; i < ActionTerms.COUNT; ++i) {
            Action action = Action(i);
            if (!added.has(action)) continue;
            uint256 motion = ++_settings.motions;
            _starts = _starts.with(action, motion, block.timestamp + ActionTerms.lifeOf(action, unlessOpposed));
            _putToVote(Motion(motion, action, false), open.openedAt - 1, unlessOpposed);
        }
    }

    /// @dev Whether a motion was made, and its vote runs or can be executed.
    function _isPending(uint256 motion, Action action, bool ending) internal view returns (bool) {
        return motion != 0 && _outcomeOf(motion, action, ending) == Outcome.OPEN;
    }

    function _putToVote(Motion memory motion, uint256 snapshot, bool unlessOpposed)
        private
        returns (uint256 proposalId)
    {
        uint256 emergencyId = _open.id;
        VoteTerms memory terms = VoteTerms({
            supportShare: supportShare(motion.action),
            delaySec: ActionTerms.delayOf(motion.action),
            minSupporters: _settings.minSupporters,
            unlessOpposed: unlessOpposed,
            snapshot: snapshot,
            emergency: emergencyId
        });
        proposalId = emergencyGovernor.open(motion, terms);
        emit MotionMade(motion.id, emergencyId, motion.action, motion.ending, proposalId);
    }
}
