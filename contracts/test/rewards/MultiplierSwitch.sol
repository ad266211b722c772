// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMultiplierSource} from "../../interfaces/IMultiplierSource.sol";

/// @notice A source of `M` that says what it is told to, or fails. Kinds told so do not follow it.
contract MultiplierSwitch is IMultiplierSource {
    error SwitchedOff();

    bool private _off;
    bool private _half;
    uint256 private _multiplier = 1e18;
    uint256 private _fixedRates;

    function multiplier() external view returns (uint256) {
        if (_off || _half) revert SwitchedOff();
        return _multiplier;
    }

    function multiplierFor(uint8 rate) external view returns (uint256) {
        if (_off) revert SwitchedOff();
        return (_fixedRates >> rate) & 1 == 0 ? _multiplier : 1e18;
    }

    function set(uint256 multiplier_) external {
        _multiplier = multiplier_;
    }

    /// @notice Rates, one bit each, that do not follow `M`.
    function fix(uint256 fixedRates) external {
        _fixedRates = fixedRates;
    }

    function switchOff() external {
        _off = true;
    }

    function switchOn() external {
        (_off, _half) = (false, false);
    }

    /// @notice Fails for `M` alone and answers for rates.
    function switchHalfOff() external {
        _half = true;
    }
}
