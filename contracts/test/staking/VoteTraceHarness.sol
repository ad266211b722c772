// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trace} from "../../libraries/Trace.sol";
import {VoteTrace} from "../../libraries/VoteTrace.sol";

/// @notice Lets tests write and ask a VoteTrace at made-up times.
contract VoteTraceHarness {
    using Trace for uint256;
    using VoteTrace for Trace.History;

    Trace.History private _history;

    function push(uint256[] calldata times, uint256[] calldata values) external {
        for (uint256 i; i < times.length; ++i) {
            _history.push(times[i], values[i]);
        }
    }

    function latest() external view returns (uint256) {
        return _history.newest.valueOf();
    }

    function entryAt(uint256 time) external view returns (uint256 value, uint256 since, uint256 index) {
        uint256 entry = _history.entryAt(time);
        return (entry.valueOf(), entry.timeOf(), entry.indexOf());
    }
}
