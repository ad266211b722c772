// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMultiplierHistory} from "../../interfaces/IMultiplierHistory.sol";
import {Trace} from "../../libraries/Trace.sol";
import {MultiplierTrace} from "../../supply/MultiplierTrace.sol";

/// @notice A past of `M` as the controller keeps it, written at will; or a source that fails or exaggerates.
contract MultiplierStore is IMultiplierHistory {
    using MultiplierTrace for Trace.History;

    error SwitchedOff();

    Trace.History private _multipliers;
    bool private _off;
    bool private _exaggerates;

    function set(uint256 multiplier) external {
        MultiplierTrace.push(_multipliers, block.timestamp, multiplier);
    }

    function switchOff(bool off) external {
        _off = off;
    }

    function exaggerate(bool on) external {
        _exaggerates = on;
    }

    function multiplierIntegral(uint256 from, uint256 to, uint256 ceiling) external view returns (uint256, uint256) {
        if (_off) revert SwitchedOff();
        if (_exaggerates) return (0, to - from + 1);
        return ceiling >= 10e18 ? (_multipliers.integral(from, to), 0) : _multipliers.integralBelow(from, to, ceiling);
    }

    /// @notice Both ways to the integral without a ceiling.
    function integrals(uint256 from, uint256 to) external view returns (uint256 byTotals, uint256 byWalk) {
        byTotals = _multipliers.integral(from, to);
        (byWalk,) = _multipliers.integralBelow(from, to, type(uint256).max);
    }
}
