// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IEmergencyGovernor, VoteStanding} from "../interfaces/IEmergencyGovernor.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {IKeeperJobs} from "../interfaces/IKeeperJobs.sol";
import {IMedianFeed, Market} from "../interfaces/IMedianFeed.sol";
import {IPriceHistory} from "../interfaces/IPriceHistory.sol";
import {ISupplyController, Preview} from "../interfaces/ISupplyController.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Action, Trigger} from "../types/Emergency.sol";
import {Job} from "../types/Job.sol";

/// @title JobConditions
/// @notice The one description of each job: when it is due (`_check`), how the chain finds its arguments (`_find`), and the
/// call that does it (`_perform`). No rule of another contract is repeated here: each contract is asked.
///
/// Nothing here guards against contracts that fail. Whoever must not fail calls `check` and `find` from outside, with a bound
/// on gas (KeeperJobs).
abstract contract JobConditions is IKeeperJobs {
    using Address for address;

    // Constants

    uint256 public constant REPORT_INTERVAL = 1 hours;
    uint256 public constant RECORD_INTERVAL = 1 hours;
    /// @dev Proposals that `find` looks at, the latest ones. At most a few are open or waiting at a time, since each took a
    /// proposer with 0.1 % of the votes. Whoever floods the log hides older ones from `find` only: `work` takes any that is due.
    uint256 public constant LOOK_BACK = 32;
    /// @dev Reports of 32 reporters, the most there can be, take 128 bytes each, behind two words. Longer arguments would be
    /// padding that is paid for.
    uint256 public constant MAX_REPORTS_LENGTH = 4_160;
    uint256 private constant ACTIONS = 4;

    // Immutables

    ICircuitBreaker public immutable BREAKER;
    IEmergencyGovernor public immutable EMERGENCY_GOVERNOR;
    IGovernor public immutable GOVERNOR;
    ISupplyController public immutable CONTROLLER;
    IPriceHistory public immutable HISTORY;

    // Constructor

    /// @dev The breaker's governor is named once and for ever, before this contract is made.
    constructor(ICircuitBreaker breaker, IGovernor governor, ISupplyController controller) {
        if (address(breaker).code.length == 0) revert NotAContract(address(breaker));
        if (address(governor).code.length == 0) revert NotAContract(address(governor));
        if (address(controller).code.length == 0) revert NotAContract(address(controller));
        IEmergencyGovernor emergencyGovernor = breaker.emergencyGovernor();
        if (address(emergencyGovernor).code.length == 0) revert NotAContract(address(emergencyGovernor));
        BREAKER = breaker;
        EMERGENCY_GOVERNOR = emergencyGovernor;
        GOVERNOR = governor;
        CONTROLLER = controller;
        HISTORY = controller.history();
    }

    // Internals: when a job is due

    /// @dev Whether `job` is due with `args`. For what is brought from outside: whether it is due at all.
    function _check(Job job, bytes calldata args) internal view returns (bool due, uint256 dueSince) {
        if (job == Job.REPORT_PRICE) return args.length > MAX_REPORTS_LENGTH ? (false, 0) : _reportDue();
        if (job == Job.RECORD_PRICE) return args.length != 0 ? (false, 0) : _recordDue();
        // A proposal's id is the hash of its content, encoded exactly as `args` has to be.
        if (job > Job.ADJUST_SUPPLY) return _proposalDue(job, uint256(keccak256(args)));

        // The other three take one word; more would be padding that is paid for.
        if (args.length != 32) return (false, 0);
        uint256 word = uint256(bytes32(args));
        if (job == Job.EXECUTE_EMERGENCY) return _motionDue(word);
        if (job == Job.TRIGGER_EMERGENCY) return (word <= uint256(type(Trigger).max) && _triggerDue(Trigger(word)), 0);
        uint256 factor;
        (due, factor, dueSince) = _adjustmentDue();
        due = due && factor == word;
    }

    /// @dev The arguments of `job` as far as the chain knows them. Not for TRIGGER_EMERGENCY, whose four kinds are checked one by
    /// one, so that one that cannot be judged does not hide the others.
    function _find(Job job) internal view returns (bool due, bytes memory args, uint256 dueSince) {
        if (job == Job.EXECUTE_EMERGENCY) return _findMotion();
        if (job == Job.QUEUE_PROPOSAL || job == Job.EXECUTE_PROPOSAL) return _findProposals(job);
        if (job == Job.ADJUST_SUPPLY) {
            uint256 factor;
            (due, factor, dueSince) = _adjustmentDue();
            if (due) args = abi.encode(factor);
        } else if (job == Job.REPORT_PRICE) {
            (due, dueSince) = _reportDue();
        } else if (job == Job.RECORD_PRICE) {
            (due, dueSince) = _recordDue();
        }
    }

    /// @dev The condition holds, and the breaker would take the trigger without a bond, which keepers don't post.
    function _triggerDue(Trigger kind) private view returns (bool) {
        (bool taken, uint256 bond) = BREAKER.canTrigger(kind);
        return taken && bond == 0 && BREAKER.find(kind).met;
    }

    /// @dev It has passed, its delay is over, it has not expired, and the breaker could carry it out.
    function _motionDue(uint256 proposalId) private view returns (bool due, uint256 dueSince) {
        IGovernor.ProposalState state = IGovernor(address(EMERGENCY_GOVERNOR)).state(proposalId);
        if (state != IGovernor.ProposalState.Succeeded && state != IGovernor.ProposalState.Queued) return (false, 0);
        VoteStanding memory standing = EMERGENCY_GOVERNOR.standingOf(proposalId);
        dueSince = standing.executableAt;
        due = dueSince != 0 && dueSince <= block.timestamp && BREAKER.canCarryOut(standing.motion);
    }

    /// @dev The latest round of the median feed is an hour old, or there is no round. A deployment on a Chainlink feed has no
    /// median feed.
    function _reportDue() private view returns (bool, uint256) {
        IMedianFeed feed = BREAKER.marketFeed();
        if (address(feed) == address(0)) return (false, 0);
        try feed.latestMarket() returns (Market memory market) {
            return _dueAfter(market.updatedAt, REPORT_INTERVAL);
        } catch (bytes memory reason) {
            if (bytes4(reason) != IMedianFeed.NoRounds.selector) LowLevelCall.bubbleRevert(reason);
            return _dueAfter(0, REPORT_INTERVAL);
        }
    }

    /// @dev The last round that was walked is an hour old, and the feed has a newer one. Never where the feed hands its rounds
    /// over.
    function _recordDue() private view returns (bool due, uint256 dueSince) {
        (due, dueSince) = _dueAfter(HISTORY.lastRecord().knownUntil, RECORD_INTERVAL);
        due = due && HISTORY.hasNewRound();
    }

    /// @dev Due since the start of the day, or since the end of a suspension on that day.
    function _adjustmentDue() private view returns (bool due, uint256 factor, uint256 dueSince) {
        Preview memory preview = CONTROLLER.preview();
        if (!preview.ok) return (false, 0, 0);
        uint256 dayStart = ProtocolTime.startOf(preview.day);
        uint256 suspendedUntil = CONTROLLER.suspendedUntil();
        return (true, preview.factor, suspendedUntil > dayStart ? suspendedUntil : dayStart);
    }

    /// @dev Passed and not queued, or queued and past its time in the timelock.
    function _proposalDue(Job job, uint256 proposalId) private view returns (bool due, uint256 dueSince) {
        IGovernor.ProposalState state = GOVERNOR.state(proposalId);
        if (job == Job.QUEUE_PROPOSAL) {
            if (state != IGovernor.ProposalState.Succeeded) return (false, 0);
            // A vote is over after its deadline's last second.
            return (true, GOVERNOR.proposalDeadline(proposalId) + 1);
        }
        if (state != IGovernor.ProposalState.Queued) return (false, 0);
        // Never late: whoever made a proposal that only its maker can execute would wait for the highest premium.
        return (GOVERNOR.proposalEta(proposalId) <= block.timestamp, block.timestamp);
    }

    /// @dev The first motion that is due: at most one to start each action, and one to end it.
    function _findMotion() private view returns (bool, bytes memory, uint256) {
        for (uint256 i = 0; i < 2 * ACTIONS; ++i) {
            Action action = Action(i % ACTIONS);
            uint256 proposalId = i < ACTIONS ? BREAKER.voteOn(action) : BREAKER.endVoteOn(action);
            if (proposalId == 0) continue;
            (bool due, uint256 dueSince) = _motionDue(proposalId);
            if (due) return (true, abi.encode(proposalId), dueSince);
        }
        return (false, "", 0);
    }

    /// @dev All that are due among the latest `LOOK_BACK` proposals, oldest first: one that fails must not hide the others.
    function _findProposals(Job job) private view returns (bool, bytes memory, uint256 dueSince) {
        uint256 count = IFTNSGovernor(address(GOVERNOR)).proposalCount();
        uint256 inspected = count < LOOK_BACK ? count : LOOK_BACK;
        uint256[] memory proposalIds = new uint256[](inspected);
        uint256 found;
        for (uint256 i = count - inspected; i < count; ++i) {
            uint256 proposalId = IFTNSGovernor(address(GOVERNOR)).proposalIdAt(i);
            (bool due, uint256 since) = _proposalDue(job, proposalId);
            if (!due) continue;
            proposalIds[found++] = proposalId;
            if (found == 1 || since < dueSince) dueSince = since;
        }
        if (found == 0) return (false, "", 0);
        // Only the length shrinks; the words behind it are left unused.
        assembly ("memory-safe") {
            mstore(proposalIds, found)
        }
        return (true, abi.encode(proposalIds), dueSince);
    }

    /// @dev Whether `interval` has passed since `last`. What was never done is due since an unknown time (0).
    function _dueAfter(uint256 last, uint256 interval) private view returns (bool due, uint256 dueSince) {
        if (last == 0) return (true, 0);
        dueSince = last + interval;
        due = dueSince <= block.timestamp;
    }

    // Internals: the work

    /// @dev The same call that anyone may make directly. Whatever it reverts with is passed on.
    function _perform(Job job, bytes memory args) internal {
        if (job == Job.TRIGGER_EMERGENCY) BREAKER.trigger(abi.decode(args, (Trigger)));
        else if (job == Job.EXECUTE_EMERGENCY) EMERGENCY_GOVERNOR.execute(abi.decode(args, (uint256)));
        else if (job == Job.RECORD_PRICE) _record();
        else if (job == Job.ADJUST_SUPPLY) CONTROLLER.adjust(abi.decode(args, (uint256)));
        else if (job == Job.REPORT_PRICE) _forward(address(BREAKER.marketFeed()), IMedianFeed.submit.selector, args);
        else if (job == Job.QUEUE_PROPOSAL) _forward(address(GOVERNOR), IGovernor.queue.selector, args);
        else _forward(address(GOVERNOR), IGovernor.execute.selector, args);
    }

    /// @dev Walks at least one round. It may still be due: many rounds take several calls.
    function _record() private {
        if (HISTORY.record() == 0) revert NothingDone(Job.RECORD_PRICE);
    }

    /// @dev `args` are the encoded arguments of the function already.
    function _forward(address target, bytes4 selector, bytes memory args) private {
        target.functionCall(bytes.concat(selector, args));
    }
}
