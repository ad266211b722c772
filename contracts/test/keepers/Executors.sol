// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IKeeperJobs} from "../../interfaces/IKeeperJobs.sol";
import {Job} from "../../types/Job.sol";

/// @notice Does two jobs in one transaction.
contract Batcher {
    function both(IKeeperJobs jobs, Job first, bytes calldata firstArgs, Job second, bytes calldata secondArgs)
        external
    {
        jobs.work(first, firstArgs, msg.sender);
        jobs.work(second, secondArgs, msg.sender);
    }
}

/// @notice A proposal's target that tries to have another job done and paid while its own is.
contract ReentrantTarget {
    IKeeperJobs private immutable _JOBS;
    bytes public reason;

    constructor(IKeeperJobs jobs) {
        _JOBS = jobs;
    }

    function reenter() external {
        try _JOBS.work(Job.RECORD_PRICE, "", address(0)) {}
        catch (bytes memory reason_) {
            reason = reason_;
        }
    }
}

/// @notice A proposal's target that uses much gas, or fails.
contract HungryTarget {
    bool public failing;

    function setFailing(bool failing_) external {
        failing = failing_;
    }

    function eat(uint256 gas) external view {
        require(!failing, "failing");
        try this.burn{gas: gas}() {} catch {}
    }

    function burn() external pure {
        assembly ("memory-safe") {
            invalid()
        }
    }
}
