// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IMedianFeed} from "../interfaces/IMedianFeed.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Action, Trigger} from "../types/Emergency.sol";
import {Job} from "../types/Job.sol";
import {JobConditions} from "./JobConditions.sol";

/// @title JobWork
/// @notice The call that does each job: the same that anyone may make directly. What it reverts with is passed on.
///
/// Only what the call itself does not check is asked: the hour between two prices, which the feed and the history do not ask
/// for; the end of a bond's votes; and that arguments hold nothing but what the job needs. All else (is it due, is it so, was it done
/// already) the called contract refuses by itself, so that asking it twice would be paid for twice. Each call leaves a trace that no
/// second call can leave: a round, a day's adjustment, an executed vote; where it might not, it is looked for (`NothingDone`).
abstract contract JobWork is JobConditions {
    using Address for address;

    /// @dev Does `job`, or reverts. `dueSince` (seconds) is when it was to be done; 0 = unknown, or never late.
    function _perform(Job job, bytes calldata args) internal returns (uint256 dueSince) {
        if (job == Job.REPORT_PRICE) return _report(args);
        if (job == Job.RECORD_PRICE) return _record(args);
        if (job == Job.QUEUE_PROPOSAL) return _queue(args);
        if (job == Job.EXECUTE_PROPOSAL) return _execute(args);

        if (args.length != 32) revert NotWorkable(job);
        uint256 word = uint256(bytes32(args));
        if (job == Job.ADJUST_SUPPLY) return _adjust(word);
        if (job == Job.TRIGGER_EMERGENCY) return _trigger(word);
        if (job == Job.EXECUTE_EMERGENCY) return _executeMotion(word);
        if (job == Job.END_OPPOSED) return _endOpposed(word);
        if (job == Job.START_HOURS_ANEW) return _startAnew(word);
        return _settleBond(word);
    }

    /// @dev The feed takes a round every five minutes; one an hour is paid for.
    function _report(bytes calldata args) private returns (uint256 dueSince) {
        IMedianFeed feed;
        bool due;
        (feed, due, dueSince) = _reportDue();
        if (!due || !_areReports(args)) revert NotWorkable(Job.REPORT_PRICE);
        bytes memory answer = _forward(address(feed), IMedianFeed.submit.selector, args);
        // The round's number.
        if (answer.length < 32 || bytes32(answer) == 0) revert NothingDone(Job.REPORT_PRICE);
    }

    /// @dev The history walks whatever rounds there are; one call an hour is paid for, and only if it brought the known time
    /// forward: a feed whose rounds cannot be read would otherwise be walked for pay with every round. Many rounds take several
    /// calls.
    function _record(bytes calldata args) private returns (uint256 dueSince) {
        uint256 known = HISTORY.lastRecord().knownUntil;
        bool due;
        (due, dueSince) = _dueAfter(known, RECORD_INTERVAL);
        if (!due || args.length != 0) revert NotWorkable(Job.RECORD_PRICE);
        HISTORY.record();
        if (HISTORY.lastRecord().knownUntil <= known) revert NothingDone(Job.RECORD_PRICE);
    }

    /// @dev Once a day, with the very factor.
    function _adjust(uint256 factor) private returns (uint256) {
        CONTROLLER.adjust(factor);
        return _adjustmentDueSince(ProtocolTime.today());
    }

    /// @dev Nobody knows since when the condition holds. Where the breaker wants a bond it refuses, as this contract has no stake.
    function _trigger(uint256 kind) private returns (uint256) {
        if (kind > uint256(type(Trigger).max)) revert NotWorkable(Job.TRIGGER_EMERGENCY);
        BREAKER.trigger(Trigger(kind));
        return 0;
    }

    function _executeMotion(uint256 proposalId) private returns (uint256) {
        EMERGENCY_GOVERNOR.execute(proposalId);
        return _standingOf(proposalId).executableAt;
    }

    function _endOpposed(uint256 action) private returns (uint256 dueSince) {
        if (action >= ACTIONS) revert NotWorkable(Job.END_OPPOSED);
        bool due;
        (due, dueSince) = _oppositionDue(Action(action));
        if (!due) revert NotWorkable(Job.END_OPPOSED);
        BREAKER.endOpposed(Action(action));
    }

    /// @dev Starting anew moves the deadline.
    function _startAnew(uint256 proposalId) private returns (uint256) {
        uint256 closedAt = _deadlineOf(proposalId);
        EMERGENCY_GOVERNOR.startAnew(proposalId);
        return closedAt + 1;
    }

    function _settleBond(uint256 bond) private returns (uint256 dueSince) {
        bool due;
        (due, dueSince) = _bondDue(bond);
        if (!due) revert NotWorkable(Job.SETTLE_BOND);
        BREAKER.settleBond(bond);
    }

    /// @dev A vote is over after its deadline's last second.
    function _queue(bytes calldata args) private returns (uint256) {
        uint256 proposalId = _forwardProposal(Job.QUEUE_PROPOSAL, IGovernor.queue.selector, args);
        return GOVERNOR.proposalDeadline(proposalId) + 1;
    }

    /// @dev Never late: whoever made a proposal that only its maker can execute would wait for the highest premium.
    function _execute(bytes calldata args) private returns (uint256) {
        _forwardProposal(Job.EXECUTE_PROPOSAL, IGovernor.execute.selector, args);
        return 0;
    }

    /// @dev The governor names the proposal. Were it encoded in any other way than by that name, there would be padding.
    function _forwardProposal(Job job, bytes4 selector, bytes calldata args) private returns (uint256 proposalId) {
        bytes memory answer = _forward(address(GOVERNOR), selector, args);
        proposalId = uint256(keccak256(args));
        if (answer.length < 32 || uint256(bytes32(answer)) != proposalId) revert NotWorkable(job);
    }

    /// @dev `args` are the encoded arguments of the function already.
    function _forward(address target, bytes4 selector, bytes calldata args) private returns (bytes memory) {
        return target.functionCall(bytes.concat(selector, args));
    }
}
