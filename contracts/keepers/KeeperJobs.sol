// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReceiver} from "@chainlink/contracts/src/v0.8/keystone/interfaces/IReceiver.sol";
import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IKeeperJobs, JobStatus} from "../interfaces/IKeeperJobs.sol";
import {IPriceHistory} from "../interfaces/IPriceHistory.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {ISupplyController} from "../interfaces/ISupplyController.sol";
import {Trigger} from "../types/Emergency.sol";
import {Job} from "../types/Job.sol";
import {JobConditions} from "./JobConditions.sol";
import {JobWork} from "./JobWork.sol";
import {KeeperPayments} from "./KeeperPayments.sol";

/// @title KeeperJobs
/// @notice See IKeeperJobs. What each entry point does, in numbered steps:
/// 1. What the call itself would not check is asked (JobWork), and the call is made that anyone could make; what it reverts
///    with is passed on. Nothing is paid for that was not done.
/// 2. Whom the call's data name is paid. From here on a missing price or missing funds revert nothing.
/// No step can be entered a second time before the last one is over.
contract KeeperJobs is JobWork, KeeperPayments, ReentrancyGuardTransient {
    // Constants

    /// @dev Gas for one look at a trigger, an adjustment or proposals: above the supply policy's million; and for one at any other
    /// job. All looks of `jobs` together stay below what one transaction may use on Ethereum (2^24), however much the contracts
    /// they concern burn. A deadlock among more than fifty votes that ended lately takes more, and is done by `work` all the same.
    uint256 public constant CHECK_GAS = 1_500_000;
    uint256 public constant QUICK_CHECK_GAS = 750_000;
    uint256 private constant JOBS = uint256(type(Job).max) + 1;
    uint256 private constant TRIGGERS = uint256(type(Trigger).max) + 1;
    /// @dev Of `abi.encode(Job job, bytes args, address payee)`: where the arguments' length stands, and where they begin.
    uint256 private constant LENGTH_FROM = 96;
    uint256 private constant ARGS_FROM = 128;
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
                try this.check{gas: CHECK_GAS}(job, args) returns (bool due, uint256) {
                    if (due) (status.due, status.args) = (true, args);
                } catch {}
            }
        } else {
            try this.find{gas: _lookGas(job)}(job) returns (bool due, bytes memory args, uint256 dueSince) {
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

    /// @notice ICronJob: the most urgent job that is due and whose arguments the chain knows. Its task names no payee: the caller of
    /// `work` is paid, unless it puts one in.
    function workable(bytes32) external view returns (bool canWork, bytes memory args) {
        return _firstTaskDue(address(0));
    }

    /// @notice Chainlink Automation. `checkData` names who is paid, 20 bytes, for the most urgent job that is due and whose
    /// arguments the chain knows; with one byte more, the number of a job, for that job alone; or it is empty, for work that
    /// nobody is paid for. Never reverts.
    function checkUpkeep(bytes calldata checkData) external view returns (bool upkeepNeeded, bytes memory performData) {
        if (checkData.length == 0) return _firstTaskDue(address(0));
        if (checkData.length != 20 && checkData.length != 21) return (false, "");
        address payee = address(bytes20(checkData));
        if (checkData.length == 20) return _firstTaskDue(payee);
        uint256 job = uint8(checkData[20]);
        return job < JOBS ? _taskIfDue(Job(job), payee) : (false, bytes(""));
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
    function work(Job job, bytes calldata args, address payee) external returns (uint256 paid) {
        return _work(job, args, payee == address(0) ? msg.sender : payee);
    }

    /// @notice ICronJob: `args` is `abi.encode(Job job, bytes args, address payee)`. Where it names nobody the caller is paid.
    function work(bytes32, bytes calldata args) external {
        (Job job, bytes calldata jobArgs, address payee) = _readTask(args);
        _work(job, jobArgs, payee == address(0) ? msg.sender : payee);
    }

    /// @notice Chainlink Automation: `performData` is `abi.encode(Job job, bytes args, address payee)`. Anyone may call it. Where it
    /// names nobody, nobody is paid: the caller is a forwarder, which could not move what it got.
    function performUpkeep(bytes calldata performData) external {
        (Job job, bytes calldata args, address payee) = _readTask(performData);
        _work(job, args, payee);
    }

    /// @notice Chainlink Runtime Environment: `report` is `abi.encode(Job job, bytes args, address payee)`, from our own workflows
    /// only. Where it names nobody, nobody is paid.
    function onReport(bytes calldata metadata, bytes calldata report) external {
        if (msg.sender != forwarder) revert UnknownForwarder(msg.sender);
        address owner = metadata.length < OWNER_TO ? address(0) : address(bytes20(metadata[OWNER_FROM:OWNER_TO]));
        if (owner != workflowOwner) revert UnknownWorkflowOwner(owner);
        (Job job, bytes calldata args, address payee) = _readTask(report);
        _work(job, args, payee);
    }

    // Governance

    /// @inheritdoc IKeeperJobs
    function setForwarder(address forwarder_, address workflowOwner_) external restricted {
        if ((forwarder_ == address(0)) != (workflowOwner_ == address(0))) revert IncompleteForwarder();
        forwarder = forwarder_;
        workflowOwner = workflowOwner_;
        emit ForwarderSet(forwarder_, workflowOwner_);
    }

    // Internals

    /// @inheritdoc KeeperPayments
    function _prices() internal view override returns (IPriceHistory) {
        return HISTORY;
    }

    function _work(Job job, bytes calldata args, address payee) private nonReentrant returns (uint256 paid) {
        uint256 gasBefore = gasleft();
        uint256 dueSince = _perform(job, args);
        uint256 lateSec = dueSince == 0 ? 0 : Math.saturatingSub(block.timestamp, dueSince);
        return _payFor(job, payee, args.length, gasBefore, lateSec);
    }

    /// @dev Strictly `abi.encode(Job job, bytes args, address payee)`, so that no other encoding is read as a payee.
    function _readTask(bytes calldata task) private pure returns (Job job, bytes calldata args, address payee) {
        if (task.length < ARGS_FROM) revert MalformedTask();
        uint256 number = uint256(bytes32(task));
        uint256 word = uint256(bytes32(task[64:]));
        uint256 length = uint256(bytes32(task[LENGTH_FROM:]));
        if (
            number >= JOBS || uint256(bytes32(task[32:])) != LENGTH_FROM || word > type(uint160).max
                || length > task.length - ARGS_FROM
        ) revert MalformedTask();
        return (Job(number), task[ARGS_FROM:ARGS_FROM + length], address(uint160(word)));
    }

    function _firstTaskDue(address payee) private view returns (bool canWork, bytes memory task) {
        for (uint256 i = 0; i < JOBS && !canWork; ++i) {
            (canWork, task) = _taskIfDue(Job(i), payee);
        }
    }

    function _taskIfDue(Job job, address payee) private view returns (bool canWork, bytes memory task) {
        if (!_isComplete(job)) return (false, "");
        JobStatus memory status = workable(job);
        if (status.due) return (true, abi.encode(job, status.args, payee));
    }

    function _lookGas(Job job) private pure returns (uint256) {
        bool long = job == Job.ADJUST_SUPPLY || job == Job.QUEUE_PROPOSAL || job == Job.EXECUTE_PROPOSAL;
        return long ? CHECK_GAS : QUICK_CHECK_GAS;
    }

    /// @dev Whether the chain knows all arguments of `job`.
    function _isComplete(Job job) private pure returns (bool) {
        return job != Job.REPORT_PRICE && job != Job.QUEUE_PROPOSAL && job != Job.EXECUTE_PROPOSAL;
    }
}
