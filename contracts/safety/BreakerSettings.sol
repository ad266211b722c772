// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {Action} from "../types/Emergency.sol";

/// @title BreakerSettings
/// @notice What governance sets: the support that each action needs, and how many must stand behind it.
abstract contract BreakerSettings is ICircuitBreaker {
    // Constants

    uint256 public constant MIN_SUPPORT_SHARE = 0.05e18;
    uint256 public constant MAX_SUPPORT_SHARE = 0.5e18;
    uint256 public constant FEWEST_SUPPORTERS = 3;
    uint256 public constant MOST_SUPPORTERS = 25;

    // Storage

    /// @dev One slot.
    struct Settings {
        uint24 motions; // made so far
        uint40 pausedUntil; // seconds
        uint8 minSupporters;
        bool guardianArmed;
    }

    Settings internal _settings;
    uint64[4] private _supportShares; // WAD, by Action

    // Constructor

    constructor(uint256 minSupporters_) {
        _setSupportShare(Action.PAUSE_ADJUSTMENTS, 0.1e18);
        _setSupportShare(Action.HALT_TRANSACTIONS, 0.15e18);
        _setSupportShare(Action.RATE_RESET, 0.2e18);
        _setSupportShare(Action.RECOVERY_MODE, 0.25e18);
        _setMinSupporters(minSupporters_);
        _settings.guardianArmed = true;
    }

    // Views

    /// @inheritdoc ICircuitBreaker
    function guardianArmed() external view returns (bool) {
        return _settings.guardianArmed;
    }

    /// @inheritdoc ICircuitBreaker
    function supportShare(Action action) public view returns (uint256) {
        return _supportShares[uint256(action)];
    }

    /// @inheritdoc ICircuitBreaker
    function minSupporters() external view returns (uint256) {
        return _settings.minSupporters;
    }

    // Internals

    function _setSupportShare(Action action, uint256 share) internal {
        if (share < MIN_SUPPORT_SHARE || share > MAX_SUPPORT_SHARE) {
            revert ShareOutOfBounds(share, MIN_SUPPORT_SHARE, MAX_SUPPORT_SHARE);
        }
        _supportShares[uint256(action)] = uint64(share);
        emit SupportShareSet(action, share);
    }

    function _setMinSupporters(uint256 supporters) internal {
        if (supporters < FEWEST_SUPPORTERS || supporters > MOST_SUPPORTERS) {
            revert SupportersOutOfBounds(supporters, FEWEST_SUPPORTERS, MOST_SUPPORTERS);
        }
        _settings.minSupporters = uint8(supporters);
        emit MinSupportersSet(supporters);
    }
}
