// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmergencyGovernor} from "./IEmergencyGovernor.sol";
import {IMedianFeed} from "./IMedianFeed.sol";
import {Action, Trigger} from "../types/Emergency.sol";

/// @notice What the chain says about a trigger now.
struct Finding {
    /// The data is present, fresh, complete and of enough confidence. Otherwise the trigger is not met, whatever the rest says.
    bool known;
    bool met;
    /// The ratio that the condition is about (WAD): the hourly price to that of a day before; the 6-hour volume to its mean;
    /// failed to all transactions; the best attendance of a vote. Rounded down, for people; the condition compares exactly.
    uint256 measured;
    /// Confidence of the reporters (WAD).
    uint256 confidence;
}

/// @notice The emergency that is open, or the last one.
struct Emergency {
    /// Counts from 1.
    uint256 id;
    uint256 openedAt;
    /// When it ends by itself.
    uint256 openUntil;
    /// Bit t: Trigger t was pulled in it.
    uint256 triggers;
    /// Bit a: Action a was put to the vote in it.
    uint256 actions;
    /// Until when the vote on a halt runs; 0 = none. The guardian can bridge the time until then.
    uint256 haltVoteUntil;
}

/// @title ICircuitBreaker
/// @notice Opens an emergency when the chain itself shows one, lets those who had staked before decide what to do about it,
/// and does it. Everything it starts ends by itself.
///
/// An emergency is open for its votes, the longest delay of their actions and six hours to execute them; adjustments are
/// suspended for that time. There is one at a time: a second trigger is recorded on it and adds the votes that are not in it
/// yet, at most once each.
///
/// What starts here ends by time, by the same kind of vote (`proposeEnd`), or by the ordinary governor (`end`); it starts
/// again by a new trigger or by the ordinary governor (`impose`).
interface ICircuitBreaker {
    /// @notice An emergency was opened.
    /// @param id counts from 1
    /// @param finding what the chain showed at that moment
    event EmergencyOpened(uint256 indexed id, Trigger indexed trigger, Finding finding);
    /// @notice Another trigger in an emergency that is open.
    event TriggerRecorded(uint256 indexed id, Trigger indexed trigger, Finding finding);
    /// @notice A motion was put to the vote.
    /// @param motion number of the motion, counts from 1
    /// @param emergency id of the emergency that is open, or of the last one
    /// @param ending true to end `action`, false to start it
    /// @param proposalId id of the vote in the emergency governor
    event MotionMade(
        uint256 indexed motion, uint256 indexed emergency, Action indexed action, bool ending, uint256 proposalId
    );
    /// @notice `action` took effect until `until` (seconds; 0 for a reset, which is done at once).
    event ActionTaken(Action indexed action, uint256 until);
    /// @notice `action` was ended before its time.
    event ActionEnded(Action indexed action);
    /// @notice The guardian halted transfers until `until` (seconds).
    event GuardianHalted(address indexed guardian, uint256 until);
    /// @notice The guardian may halt once more.
    event GuardianRearmed();
    /// @notice The market feed was replaced; zero for none.
    event MarketFeedSet(IMedianFeed feed);
    /// @param share WAD of the voting supply
    event SupportShareSet(Action indexed action, uint256 share);
    event MinSupportersSet(uint256 supporters);

    error AlreadyInitialized();
    /// @notice `target` has no code, so it cannot be the contract it is said to be.
    error NotAContract(address target);
    /// @notice The chain does not show what `trigger` claims.
    error TriggerNotMet(Trigger trigger, Finding finding);
    /// @notice `trigger` is part of the open emergency `emergency` already.
    error TriggerAlreadyRecorded(Trigger trigger, uint256 emergency);
    /// @notice `action` is not in effect, so it cannot be ended.
    error NotInEffect(Action action);
    /// @param until when it ends (seconds)
    error AlreadyInEffect(Action action, uint256 until);
    /// @param until when the present vote on the end can no longer be executed (seconds)
    error EndAlreadyProposed(Action action, uint256 until);
    /// @notice The guardian has used its halt.
    error GuardianNotArmed();
    /// @notice No vote on a halt is running that the guardian could bridge the time to.
    error NothingToBridge();
    /// @param share WAD, as `min` and `max`
    error ShareOutOfBounds(uint256 share, uint256 min, uint256 max);
    error SupportersOutOfBounds(uint256 supporters, uint256 min, uint256 max);

    // Views

    /// @notice What the chain says about `trigger` now. `trigger(kind)` works when it is met.
    /// @param kind the trigger
    /// @return what was measured (WAD), whether it is known, and whether it meets the condition
    function find(Trigger kind) external view returns (Finding memory);

    /// @notice The emergency that is open, or the last one.
    /// @return all zero before the first one
    function emergency() external view returns (Emergency memory);

    /// @notice Whether an emergency is open. Adjustments are suspended while it is.
    /// @return true before `emergency().openUntil`
    function isOpen() external view returns (bool);

    /// @notice Until when `action` is in effect (seconds); in the past or zero when it is not.
    /// @param action the action
    /// @return seconds; always zero for RATE_RESET, which is done at once
    function effectUntil(Action action) external view returns (uint256);

    /// @notice The vote on `action` in the emergency that is open, or 0.
    /// @param action the action to start
    /// @return proposalId id in the emergency governor
    function voteOn(Action action) external view returns (uint256 proposalId);

    /// @notice The vote on the end of `action` that runs or can still be executed, or 0.
    /// @param action the action to end
    /// @return proposalId id in the emergency governor
    function endVoteOn(Action action) external view returns (uint256 proposalId);

    /// @notice Whether the guardian may still halt.
    /// @return false from a halt by the guardian until it is re-armed
    function guardianArmed() external view returns (bool);

    /// @notice Support that `action` needs (WAD of the voting supply).
    /// @param action the action
    /// @return WAD, 0.05e18 to 0.5e18
    function supportShare(Action action) external view returns (uint256);

    /// @notice Distinct supporters of tier BASIC or higher that every action needs.
    /// @return 3 to 25
    function minSupporters() external view returns (uint256);

    /// @notice Where emergency votes are held.
    /// @return zero before `initialize`
    function emergencyGovernor() external view returns (IEmergencyGovernor);

    /// @notice Where confidence, volumes and transaction counts come from. Without one, no trigger about the market can be met.
    /// @return zero for none
    function marketFeed() external view returns (IMedianFeed);

    // Writes

    /// @notice Opens an emergency, or records a second trigger on the one that is open. Anyone may call it.
    /// @dev Reverts with `TriggerNotMet` or `TriggerAlreadyRecorded`. Warning: `find` may change with any new price or
    /// report, so a transaction that was simulated can still revert.
    /// @param kind the trigger
    /// @return emergencyId id of the open emergency
    function trigger(Trigger kind) external returns (uint256 emergencyId);

    /// @notice Puts the end of `action`, which is in effect, to a vote like the one it takes to start it. Anyone may call it.
    /// @dev Reverts with `NotInEffect` or `EndAlreadyProposed`.
    /// @param action the action to end
    /// @return proposalId id of the vote in the emergency governor
    function proposeEnd(Action action) external returns (uint256 proposalId);

    /// @notice Executes motion `motion`. Restricted to the emergency governor, which has asked the voters.
    /// @param motion number of the motion; it only makes the call unique
    /// @param action the action
    /// @param ending true to end it, false to start it
    function carryOut(uint256 motion, Action action, bool ending) external;

    /// @notice Halts transfers until the vote on a halt is over, at most six hours; once, until the ordinary governor re-arms
    /// it. Restricted to the guardian.
    /// @dev Reverts with `GuardianNotArmed`, `NothingToBridge` or `AlreadyInEffect`.
    function guardianHalt() external;

    // Governance (restricted)

    /// @notice Names the emergency governor, once and for ever.
    /// @param emergencyGovernor_ must have code; reverts with `AlreadyInitialized` the second time
    function initialize(IEmergencyGovernor emergencyGovernor_) external;

    /// @notice Starts `action` for its full time, or once more. Restricted to the ordinary governor.
    /// @dev Warning: the full time counts from now, so a second call lengthens what is in effect.
    /// @param action the action
    function impose(Action action) external;

    /// @notice Ends `action`. Restricted to the ordinary governor.
    /// @param action must be in effect, else `NotInEffect`
    function end(Action action) external;

    /// @notice Lets the guardian halt once more. Restricted to the ordinary governor.
    function rearmGuardian() external;

    /// @notice Replaces the market feed. Restricted to the ordinary governor.
    /// @dev Warning: with zero no trigger about the market can be met.
    /// @param feed a MedianFeed, or zero
    function setMarketFeed(IMedianFeed feed) external;

    /// @notice 5 % to 50 %. Votes that are open keep theirs.
    /// @param action the action
    /// @param share WAD of the voting supply; else `ShareOutOfBounds`
    function setSupportShare(Action action, uint256 share) external;

    /// @notice 3 to 25. Votes that are open keep theirs.
    /// @param supporters else `SupportersOutOfBounds`
    function setMinSupporters(uint256 supporters) external;
}
