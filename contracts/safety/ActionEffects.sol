// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EffectUse, ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {ISupplyController} from "../interfaces/ISupplyController.sol";
import {Action} from "../types/Emergency.sol";
import {ActionTerms} from "./ActionTerms.sol";
import {BreakerSettings} from "./BreakerSettings.sol";
import {EffectRecord, Effects} from "./EffectRecord.sol";

/// @title ActionEffects
/// @notice Does what was decided, and ends it: a pause here, a halt and recovery mode at the token, a reset at once.
abstract contract ActionEffects is BreakerSettings {
    using Effects for EffectRecord;

    // Immutables

    IFTNSToken public immutable TOKEN;
    ISupplyController public immutable CONTROLLER;
    IContributorRegistry public immutable REGISTRY;

    // Storage

    mapping(Action => EffectRecord) internal _effects;

    // Constructor

    constructor(IFTNSToken token, ISupplyController controller, IContributorRegistry registry) {
        TOKEN = token;
        CONTROLLER = controller;
        REGISTRY = registry;
    }

    // Views

    /// @inheritdoc ICircuitBreaker
    function effectUntil(Action action) public view returns (uint256) {
        if (action == Action.PAUSE_ADJUSTMENTS) return _settings.pausedUntil;
        if (action == Action.HALT_TRANSACTIONS) return TOKEN.haltedUntil();
        return action == Action.RECOVERY_MODE ? TOKEN.recoveryUntil() : 0;
    }

    /// @inheritdoc ICircuitBreaker
    function useOf(Action action) external view returns (EffectUse memory) {
        EffectRecord memory record = _effects[action];
        bool runs = record.windowStart != 0 && block.timestamp < record.windowStart + Effects.WINDOW;
        return
            runs ? EffectUse(record.windowStart, record.usedSec, record.startedBy) : EffectUse(0, 0, record.startedBy);
    }

    // Internals

    function _startForVoters(Action action, uint256 motion) internal {
        uint256 wanted = block.timestamp + ActionTerms.limitOf(action);
        _start(action, action == Action.RATE_RESET ? 0 : _grant(action, motion, wanted));
    }

    /// @dev Until when `action` may last that should until `wanted` (seconds). `motion` starts it; 0 = the guardian lengthens it.
    function _grant(Action action, uint256 motion, uint256 wanted) internal returns (uint256 until) {
        uint256 current = effectUntil(action);
        EffectRecord storage record = _effects[action];
        until = record.grant(motion, current, wanted);
        if (until <= block.timestamp || until <= current) revert EffectUsedUp(action, record.windowEnd());
    }

    function _impose(Action action) internal {
        _effects[action].restart();
        _start(action, block.timestamp + ActionTerms.limitOf(action));
    }

    function _end(Action action) internal {
        uint256 until = effectUntil(action);
        if (until <= block.timestamp) revert NotInEffect(action);
        _effects[action].giveBack(until);
        if (action == Action.PAUSE_ADJUSTMENTS) _settings.pausedUntil = uint40(block.timestamp);
        else if (action == Action.HALT_TRANSACTIONS) TOKEN.endHalt();
        else TOKEN.endRecovery();
        emit ActionEnded(action);
        _syncSuspension();
    }

    /// @dev Until when the emergency suspends adjustments (seconds).
    function _emergencySuspendsUntil() internal view virtual returns (uint256);

    /// @dev Adjustments are suspended while an emergency suspends them, a pause runs or recovery mode holds, whichever lasts
    /// longest.
    function _syncSuspension() internal {
        uint256 until = Math.max(_emergencySuspendsUntil(), Math.max(_settings.pausedUntil, TOKEN.recoveryUntil()));
        uint256 suspended = CONTROLLER.suspendedUntil();
        if (until > block.timestamp) {
            if (suspended != until) CONTROLLER.suspend(until);
        } else if (suspended > block.timestamp) {
            CONTROLLER.endSuspension();
        }
    }

    function _start(Action action, uint256 until) private {
        if (action == Action.PAUSE_ADJUSTMENTS) {
            _settings.pausedUntil = uint40(until);
        } else if (action == Action.HALT_TRANSACTIONS) {
            TOKEN.halt(until);
        } else if (action == Action.RATE_RESET) {
            until = 0;
            CONTROLLER.resetMultiplier();
            REGISTRY.resetBaseRates();
        } else {
            TOKEN.startRecovery(until);
        }
        emit ActionTaken(action, until);
        _syncSuspension();
    }
}
