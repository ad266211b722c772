// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trace} from "../../libraries/Trace.sol";

/// @notice Lets tests write and ask a Trace at made-up times.
contract TraceHarness {
    using Trace for Trace.History;
    using Trace for uint256;

    Trace.History private _history;

    function push(uint256[] calldata times, uint256[] calldata values) external {
        for (uint256 i; i < times.length; ++i) {
            _history.push(times[i], values[i]);
        }
    }

    function latest() external view returns (uint256) {
        return _history.latest();
    }

    function entryAt(uint256 time) external view returns (uint256 value, uint256 since, uint256 index) {
        uint256 entry = _history.entryAt(time);
        return (entry.valueOf(), entry.timeOf(), entry.indexOf());
    }

    /// @notice Values from the newest to the first, walked backwards.
    function walk() external view returns (uint256[] memory values) {
        uint256 entry = _history.newest;
        values = new uint256[](entry == 0 ? 0 : entry.indexOf() + 1);
        for (uint256 i; entry != 0; ++i) {
            values[i] = entry.valueOf();
            entry = _history.before(entry);
        }
    }
}
