// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReceiver} from "@chainlink/contracts/src/v0.8/keystone/interfaces/IReceiver.sol";
import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IKeeperJobs, JobStatus} from "../interfaces/IKeeperJobs.sol";
import {IPriceHistory} from "../interfaces/IPriceHistory.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {ISupplyController} from "../interfaces/ISupplyController.sol";
import {Trigger} from "../types/Emergency.sol";
import {Job} from "../types/Job.sol";
import {JobConditions} from "./JobConditions.sol";
import {KeeperPayments} from "./KeeperPayments.sol";

/// @title KeeperJobs
/// @notice See IKeeperJobs. What each entry point does, in numbered steps:
/// 1. The job is due with these arguments, as `check` says within `CHECK_GAS`, or nothing happens.
/// 2. The call is made that anyone could make; what it reverts with is passed on.
/// 3. The job is no longer due (or at least a round was recorded), or everything is undone: nothing is paid for that was not
///    done.
/// 4. The caller's payee is paid. From here on a missing price or missing funds revert nothing.
/// No step can be entered a second time before the last one is over.
contract KeeperJobs is JobConditions, KeeperPayments, ReentrancyGuardTransient {
    // Constants

    /// @dev Gas for one look at a job: above the supply policy's million. All ten looks of `jobs` together stay below what one
    /// transaction may use on Ethereum (2^24), however much the contracts they concern burn. A deadlock among more than fifty
    /// votes that ended lately takes more; it can be triggered directly, and with more than 64 not at all.
    uint256 public constant CHECK_GAS = 1_500_000;
    uint256 private constant JOBS = uint256(type(Job).max) + 1;
    uint256 private constant TRIGGERS = uint256(type(Trigger).max) + 1;
    /// @dev What the Chainlink Runtime Environment tells of a workflow: id (32 bytes), name (10), owner (20), report's name (2).
    uint256 private constant OWNER_FROM = 42;
    uint256 private constant OWNER_TO = 62;

    // Storage

    /// @inheritdoc IKeeperJobs
    address public forwarder;
    /// @inheritdoc IKeeperJobs
    address public workflowOwner;

    // Constructor

    /// @param authority the AccessManager that decides who may change settings
    /// @param coinFeed Chainlink feed of the chain's coin in USD, or zero
    /// @param fallbackRate FTNS per coin (WAD) while there is no price
    constructor(
        address authority,
        IRewardPool pool,
        ICircuitBreaker breaker,
        IGovernor governor,
        ISupplyController controller,
        AggregatorV3Interface coinFeed,
        uint256 fallbackRate
    )
        AccessManaged(authority)
        JobConditions(breaker, governor, controller)
        KeeperPayments(pool, coinFeed, fallbackRate)
    {}

    // Views

    /// @inheritdoc IKeeperJobs
    function workable(Job job) public view returns (JobStatus memory status) {
        status.job = job;
        status.complete = _isComplete(job);
        if (job == Job.TRIGGER_EMERGENCY) {
            for (uint256 kind = 0; kind < TRIGGERS && !status.due; ++kind) {
                bytes memory args = abi.encode(kind);
                (, status.due,) = _tryCheck(job, args);
                if (status.due) status.args = args;
            }
        } else {
            try this.find{gas: CHECK_GAS}(job) returns (bool due, bytes memory args, uint256 dueSince) {
                (status.due, status.args, status.dueSince) = (due, args, dueSince);
            } catch {}
        }
    }

    /// @inheritdoc IKeeperJobs
    function jobs() external view returns (JobStatus[] memory statuses) {
        statuses = new JobStatus[](JOBS);
        for (uint256 i = 0; i < JOBS; ++i) {
            statuses[i] = workable(Job(i));
        }
    }

    /// @notice ICronJob: the most urgent job that is due and whose arguments the chain knows.
    function workable(bytes32) external view returns (bool canWork, bytes memory args) {
        return _firstTaskDue();
    }

    /// @notice Chainlink Automation. `checkData` is empty, for the most urgent job that is due and whose arguments the chain
    /// knows, or `abi.encode(Job)` for that job alone. Never reverts.
    function checkUpkeep(bytes calldata checkData) external view returns (bool upkeepNeeded, bytes memory performData) {
        if (checkData.length == 0) return _firstTaskDue();
        if (checkData.length != 32) return (false, "");
        uint256 job = uint256(bytes32(checkData));
        if (job >= JOBS) return (false, "");
        return _taskIfDue(Job(job));
    }

    /// @inheritdoc IKeeperJobs
    function check(Job job, bytes calldata args) external view returns (bool due, uint256 dueSince) {
        return _check(job, args);
    }

    /// @inheritdoc IKeeperJobs
    function find(Job job) external view returns (bool due, bytes memory args, uint256 dueSince) {
        return _find(job);
    }

    /// @notice ERC-165, by which the Chainlink Runtime Environment recognises a receiver.
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        // ERC-165's own id, 0x01ffc9a7, is the selector of this function.
        return interfaceId == type(IReceiver).interfaceId || interfaceId == this.supportsInterface.selector;
    }

    // Writes

    /// @inheritdoc IKeeperJobs
    function work(Job job, bytes calldata args) external returns (uint256 paid) {
        return _work(job, args);
    }

    /// @notice ICronJob: `args` is `abi.encode(Job job, bytes args)`.
    function work(bytes32, bytes calldata args) external {
        _workTask(args);
    }

    /// @notice Chainlink Automation: `performData` is `abi.encode(Job job, bytes args)`. Anyone may call it.
    function performUpkeep(bytes calldata performData) external {
        _workTask(performData);
    }

    /// @notice Chainlink Runtime Environment: `report` is `abi.encode(Job job, bytes args)`, from our own workflows only.
    function onReport(bytes calldata metadata, bytes calldata report) external {
        if (msg.sender != forwarder) revert UnknownForwarder(msg.sender);
        address owner = metadata.length < OWNER_TO ? address(0) : address(bytes20(metadata[OWNER_FROM:OWNER_TO]));
        if (owner != workflowOwner) revert UnknownWorkflowOwner(owner);
        _workTask(report);
    }

    // Governance

    /// @inheritdoc IKeeperJobs
    function setForwarder(address forwarder_, address workflowOwner_, address payee) external restricted {
        bool none = forwarder_ == address(0);
        if ((workflowOwner_ == address(0)) != none || (payee == address(0)) != none) revert IncompleteForwarder();
        forwarder = forwarder_;
        workflowOwner = workflowOwner_;
        emit ForwarderSet(forwarder_, workflowOwner_, payee);
        if (!none) _setPayee(forwarder_, payee);
    }

    // Internals

    /// @inheritdoc KeeperPayments
    function _prices() internal view override returns (IPriceHistory) {
        return HISTORY;
    }

    function _workTask(bytes calldata task) private {
        // A job, and where and how long its arguments are.
        if (task.length < 3 * 32 || uint256(bytes32(task)) >= JOBS) revert MalformedTask();
        (Job job, bytes memory args) = abi.decode(task, (Job, bytes));
        _work(job, args);
    }

    function _work(Job job, bytes memory args) private nonReentrant returns (uint256 paid) {
        uint256 gasBefore = gasleft();

        // Check
        (, bool due, uint256 dueSince) = _tryCheck(job, args);
        if (!due) revert NotWorkable(job);

        // Interaction
        _perform(job, args);
        if (job != Job.RECORD_PRICE) {
            (bool known, bool stillDue,) = _tryCheck(job, args);
            if (!known || stillDue) revert NothingDone(job);
        }
        return _payFor(job, gasBefore, dueSince == 0 ? 0 : block.timestamp - dueSince);
    }

    /// @dev `check` within bounds. What fails or takes more gas is not `known`, and therefore not due.
    function _tryCheck(Job job, bytes memory args) private view returns (bool known, bool due, uint256 dueSince) {
        try this.check{gas: CHECK_GAS}(job, args) returns (bool found, uint256 since) {
            return (true, found, since);
        } catch {}
    }

    function _firstTaskDue() private view returns (bool canWork, bytes memory task) {
        for (uint256 i = 0; i < JOBS && !canWork; ++i) {
            (canWork, task) = _taskIfDue(Job(i));
        }
    }

    function _taskIfDue(Job job) private view returns (bool canWork, bytes memory task) {
        if (!_isComplete(job)) return (false, "");
        JobStatus memory status = workable(job);
        if (status.due) return (true, abi.encode(job, status.args));
    }

    /// @dev Whether the chain knows all arguments of `job`.
    function _isComplete(Job job) private pure returns (bool) {
        return job != Job.REPORT_PRICE && job != Job.QUEUE_PROPOSAL && job != Job.EXECUTE_PROPOSAL;
    }
}
