// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AutomationCompatibleInterface
} from "@chainlink/contracts/src/v0.8/automation/interfaces/AutomationCompatibleInterface.sol";
import {IReceiver} from "@chainlink/contracts/src/v0.8/keystone/interfaces/IReceiver.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {IKeeperJobs} from "../../interfaces/IKeeperJobs.sol";
import {Job} from "../../types/Job.sol";

/// @notice Calls an upkeep as the forwarder of a Chainlink Automation registry does: with a limit of gas, telling how it went.
contract UpkeepForwarder {
    event Forwarded(bool success, uint256 gasUsed);

    function forward(address target, uint256 gasLimit, bytes calldata performData) external returns (bool success) {
        uint256 before = gasleft();
        (success,) =
            target.call{gas: gasLimit}(abi.encodeCall(AutomationCompatibleInterface.performUpkeep, (performData)));
        emit Forwarded(success, before - gasleft());
    }
}

/// @notice Delivers a report as the Chainlink Runtime Environment's forwarder does.
contract ReportForwarder {
    function deliver(address receiver, bytes calldata metadata, bytes calldata report) external {
        require(ERC165Checker.supportsInterface(receiver, type(IReceiver).interfaceId), "no receiver");
        IReceiver(receiver).onReport(metadata, report);
    }
}

/// @notice Does two jobs in one transaction.
contract Batcher {
    function both(IKeeperJobs jobs, Job first, bytes calldata firstArgs, Job second, bytes calldata secondArgs)
        external
    {
        jobs.work(first, firstArgs);
        jobs.work(second, secondArgs);
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
        try _JOBS.work(Job.RECORD_PRICE, "") {}
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
