// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMultiplierSource} from "../../interfaces/IMultiplierSource.sol";

/// @notice A source of `M` that says what it is told to, or fails.
contract MultiplierSwitch is IMultiplierSource {
    error SwitchedOff();

    bool private _off;
    uint256 private _multiplier = 1e18;

    function multiplier() external view returns (uint256) {
        if (_off) revert SwitchedOff();
        return _multiplier;
    }

    function set(uint256 multiplier_) external {
        _multiplier = multiplier_;
    }

    function switchOff() external {
        _off = true;
    }
}
