// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bond, ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IEmergencyGovernor, Motion, VoteStanding} from "../interfaces/IEmergencyGovernor.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";
import {IKeeperJobs} from "../interfaces/IKeeperJobs.sol";
import {IMedianFeed} from "../interfaces/IMedianFeed.sol";
import {IPriceHistory} from "../interfaces/IPriceHistory.sol";
import {ISupplyController, Preview} from "../interfaces/ISupplyController.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {VoteCount} from "../safety/VoteCount.sol";
import {Action, Trigger} from "../types/Emergency.sol";
import {Job} from "../types/Job.sol";

/// @title JobConditions
/// @notice When each job is due (`_check`), and how the chain finds its arguments (`_find`). No rule of another contract is
/// repeated here: each contract is asked.
///
/// Nothing here guards against contracts that fail. Whoever must not fail calls `check` and `find` from outside, with a bound
/// on gas (KeeperJobs).
abstract contract JobConditions is IKeeperJobs {
    // Constants

    uint256 public constant REPORT_INTERVAL = 1 hours;
    uint256 public constant RECORD_INTERVAL = 1 hours;
    /// @dev Proposals and bonds that `find` looks at, the latest ones. At most a few are open or waiting at a time, since each
    /// took a deposit or a bond. Whoever floods the log hides older ones from `find` only: `work` takes any that is due.
    uint256 public constant LOOK_BACK = 32;
    /// @dev Reports are an array of 128 bytes each behind two words, at most 32. Anything else would be padding that is paid for.
    uint256 public constant MAX_REPORTS_LENGTH = 4_160;
    uint256 private constant REPORT_LENGTH = 128;
    uint256 private constant REPORTS_FROM = 64;
    uint256 internal constant ACTIONS = uint256(type(Action).max) + 1;

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
        if (job == Job.REPORT_PRICE) {
            if (!_areReports(args)) return (false, 0);
            (, due, dueSince) = _reportDue();
            return (due, dueSince);
        }
        if (job == Job.RECORD_PRICE) return args.length != 0 ? (false, 0) : _recordDue();
        // A proposal's id is the hash of its content, encoded exactly as `args` has to be.
        if (job == Job.QUEUE_PROPOSAL || job == Job.EXECUTE_PROPOSAL) {
            return _proposalDue(job, uint256(keccak256(args)));
        }

        // The others take one word; more would be padding that is paid for.
        if (args.length != 32) return (false, 0);
        uint256 word = uint256(bytes32(args));
        if (job == Job.EXECUTE_EMERGENCY) return _motionDue(word);
        if (job == Job.TRIGGER_EMERGENCY) return (word <= uint256(type(Trigger).max) && _triggerDue(Trigger(word)), 0);
        if (job == Job.END_OPPOSED) return word < ACTIONS ? _oppositionDue(Action(word)) : (false, 0);
        if (job == Job.START_HOURS_ANEW) return _hoursDue(word);
        if (job == Job.SETTLE_BOND) return _bondDue(word);
        uint256 factor;
        (due, factor, dueSince) = _adjustmentDue();
        due = due && factor == word;
    }

    /// @dev The arguments of `job` as far as the chain knows them. Not for TRIGGER_EMERGENCY, whose four kinds are checked one by
    /// one, so that one that cannot be judged does not hide the others.
    function _find(Job job) internal view returns (bool due, bytes memory args, uint256 dueSince) {
        if (job == Job.EXECUTE_EMERGENCY) return _findMotion();
        if (job == Job.QUEUE_PROPOSAL || job == Job.EXECUTE_PROPOSAL) return _findProposals(job);
        if (job == Job.END_OPPOSED) return _findOpposed();
        if (job == Job.START_HOURS_ANEW) return _findHours();
        if (job == Job.SETTLE_BOND) return _findBond();
        if (job == Job.ADJUST_SUPPLY) {
            uint256 factor;
            (due, factor, dueSince) = _adjustmentDue();
            if (due) args = abi.encode(factor);
        } else if (job == Job.REPORT_PRICE) {
            (, due, dueSince) = _reportDue();
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
        IGovernor.ProposalState state = _stateOf(proposalId);
        if (state != IGovernor.ProposalState.Succeeded && state != IGovernor.ProposalState.Queued) return (false, 0);
        VoteStanding memory standing = _standingOf(proposalId);
        dueSince = standing.executableAt;
        due = dueSince != 0 && dueSince <= block.timestamp && BREAKER.canCarryOut(standing.motion);
    }

    /// @dev More came to be against it than for it, for an hour or at the close.
    function _oppositionDue(Action action) internal view returns (bool due, uint256 dueSince) {
        uint256 motion = BREAKER.opposedMotion(action);
        if (motion == 0) return (false, 0);
        uint256 proposalId = EMERGENCY_GOVERNOR.proposalIdOf(Motion(motion, action, false));
        return (true, _stoppedSince(proposalId, _standingOf(proposalId)));
    }

    /// @dev In one place, because unpacking takes much code.
    function _standingOf(uint256 proposalId) internal view returns (VoteStanding memory) {
        return EMERGENCY_GOVERNOR.standingOf(proposalId);
    }

    function _stateOf(uint256 proposalId) private view returns (IGovernor.ProposalState) {
        return IGovernor(address(EMERGENCY_GOVERNOR)).state(proposalId);
    }

    function _deadlineOf(uint256 proposalId) internal view returns (uint256) {
        return IGovernor(address(EMERGENCY_GOVERNOR)).proposalDeadline(proposalId);
    }

    /// @dev The earlier of an hour of opposition, and the close of the vote.
    function _stoppedSince(uint256 proposalId, VoteStanding memory standing) private view returns (uint256) {
        uint256 closed = _deadlineOf(proposalId) + 1;
        return Math.min(standing.opposedSince + VoteCount.OPPOSITION_TIME, closed);
    }

    /// @dev Pending is what can start anew.
    function _hoursDue(uint256 proposalId) private view returns (bool due, uint256 dueSince) {
        if (_stateOf(proposalId) != IGovernor.ProposalState.Pending) return (false, 0);
        return (true, _deadlineOf(proposalId) + 1);
    }

    /// @dev The votes of its trigger are over. Earlier it may be given back, which is its owner's business.
    function _bondDue(uint256 bond) internal view returns (bool due, uint256 dueSince) {
        Bond memory bond_ = BREAKER.bondAt(bond);
        if (bond_.owner == address(0)) return (false, 0);
        dueSince = bond_.dueAt + 1;
        due = dueSince <= block.timestamp;
    }

    /// @dev The latest round of the median feed is an hour old, or there is no round. A deployment on a Chainlink feed has no
    /// median feed.
    function _reportDue() internal view returns (IMedianFeed feed, bool due, uint256 dueSince) {
        feed = BREAKER.marketFeed();
        if (address(feed) == address(0)) return (feed, false, 0);
        try feed.latestRoundData() returns (uint80, int256, uint256, uint256 updatedAt, uint80) {
            (due, dueSince) = _dueAfter(updatedAt, REPORT_INTERVAL);
        } catch (bytes memory reason) {
            if (bytes4(reason) != IMedianFeed.NoRounds.selector) LowLevelCall.bubbleRevert(reason);
            due = true;
        }
    }

    /// @dev Whether `args` are `abi.encode(PackedReport[])` and nothing else.
    function _areReports(bytes calldata args) internal pure returns (bool) {
        if (args.length < REPORTS_FROM || args.length > MAX_REPORTS_LENGTH) return false;
        uint256 length = args.length - REPORTS_FROM;
        return uint256(bytes32(args)) == 32 && length % REPORT_LENGTH == 0
            && uint256(bytes32(args[32:])) == length / REPORT_LENGTH;
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
        return (true, preview.factor, _adjustmentDueSince(preview.day));
    }

    function _adjustmentDueSince(uint256 day) internal view returns (uint256) {
        return Math.max(CONTROLLER.suspendedUntil(), ProtocolTime.startOf(day));
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

    function _findOpposed() private view returns (bool, bytes memory, uint256) {
        for (uint256 i = 0; i < ACTIONS; ++i) {
            (bool due, uint256 dueSince) = _oppositionDue(Action(i));
            if (due) return (true, abi.encode(i), dueSince);
        }
        return (false, "", 0);
    }

    /// @dev Only a reset has hours to object. Once the breaker no longer names its vote, `work` still takes it.
    function _findHours() private view returns (bool, bytes memory, uint256) {
        uint256 proposalId = BREAKER.voteOn(Action.RATE_RESET);
        if (proposalId == 0) return (false, "", 0);
        (bool due, uint256 dueSince) = _hoursDue(proposalId);
        return due ? (true, abi.encode(proposalId), dueSince) : (false, bytes(""), 0);
    }

    /// @dev The oldest that is due among the latest `LOOK_BACK` bonds.
    function _findBond() private view returns (bool, bytes memory, uint256) {
        uint256 last = BREAKER.bondCount();
        for (uint256 bond = last < LOOK_BACK ? 1 : last - LOOK_BACK + 1; bond <= last; ++bond) {
            (bool due, uint256 dueSince) = _bondDue(bond);
            if (due) return (true, abi.encode(bond), dueSince);
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
    function _dueAfter(uint256 last, uint256 interval) internal view returns (bool due, uint256 dueSince) {
        if (last == 0) return (true, 0);
        dueSince = last + interval;
        due = dueSince <= block.timestamp;
    }
}
