// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmergencyGovernor} from "./IEmergencyGovernor.sol";
import {IMedianFeed} from "./IMedianFeed.sol";
import {Action, Trigger} from "../types/Emergency.sol";

/// @notice What the chain says about a trigger now.
struct Finding {
    /// The data is there, fresh, complete and sure enough. Otherwise the trigger is not met, whatever the rest says.
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
/// What starts here is ended by time, by the same kind of vote (`proposeEnd`), or by the ordinary governor (`end`); it starts
/// again by a new trigger or by the ordinary governor (`impose`).
interface ICircuitBreaker {
    event EmergencyOpened(uint256 indexed id, Trigger indexed trigger, Finding finding);
    /// @notice Another trigger in an emergency that is open.
    event TriggerRecorded(uint256 indexed id, Trigger indexed trigger, Finding finding);
    event MotionMade(uint256 indexed motion, uint256 indexed emergency, Action indexed action, bool ending, uint256 proposalId);
    /// @notice `action` took effect until `until` (seconds; 0 for a reset, which is done at once).
    event ActionTaken(Action indexed action, uint256 until);
    event ActionEnded(Action indexed action);
    event GuardianHalted(address indexed guardian, uint256 until);
    event GuardianRearmed();
    event MarketFeedSet(IMedianFeed feed);
    event SupportShareSet(Action indexed action, uint256 share);
    event MinSupportersSet(uint256 supporters);

    error AlreadyInitialized();
    error NotAContract(address target);
    /// @notice The chain does not show what `trigger` claims.
    error TriggerNotMet(Trigger trigger, Finding finding);
    error TriggerAlreadyRecorded(Trigger trigger, uint256 emergency);
    error NotInEffect(Action action);
    error AlreadyInEffect(Action action, uint256 until);
    error EndAlreadyProposed(Action action, uint256 until);
    error GuardianNotArmed();
    /// @notice No vote on a halt is running that the guardian could bridge the time to.
    error NothingToBridge();
    error ShareOutOfBounds(uint256 share, uint256 min, uint256 max);
    error SupportersOutOfBounds(uint256 supporters, uint256 min, uint256 max);

    // Views

    /// @notice What the chain says about `trigger` now. `trigger(kind)` works when it is met.
    function find(Trigger kind) external view returns (Finding memory);

    /// @notice The emergency that is open, or the last one.
    function emergency() external view returns (Emergency memory);

    function isOpen() external view returns (bool);

    /// @notice Until when `action` is in effect (seconds); in the past or zero when it is not.
    function effectUntil(Action action) external view returns (uint256);

    /// @notice The vote on `action` in the emergency that is open, or 0.
    function voteOn(Action action) external view returns (uint256 proposalId);

    /// @notice The vote on the end of `action` that runs or can still be executed, or 0.
    function endVoteOn(Action action) external view returns (uint256 proposalId);

    /// @notice Whether the guardian may still halt.
    function guardianArmed() external view returns (bool);

    /// @notice Support that `action` needs (WAD of the voting supply).
    function supportShare(Action action) external view returns (uint256);

    /// @notice Distinct supporters of tier BASIC or higher that every action needs.
    function minSupporters() external view returns (uint256);

    function emergencyGovernor() external view returns (IEmergencyGovernor);

    /// @notice Where confidence, volumes and transaction counts come from. Without one, no trigger about the market can be met.
    function marketFeed() external view returns (IMedianFeed);

    // Writes

    /// @notice Opens an emergency, or records a second trigger on the one that is open. Anyone may call it.
    function trigger(Trigger kind) external returns (uint256 emergencyId);

    /// @notice Puts the end of `action`, which is in effect, to a vote like the one it takes to start it. Anyone may call it.
    function proposeEnd(Action action) external returns (uint256 proposalId);

    /// @notice Does what motion `motion` said. Restricted to the emergency governor, which has asked the voters.
    function carryOut(uint256 motion, Action action, bool ending) external;

    /// @notice Halts transfers until the vote on a halt is over, at most six hours; once, until the ordinary governor re-arms
    /// it. Restricted to the guardian.
    function guardianHalt() external;

    // Governance (restricted)

    /// @notice Names the emergency governor, once and for ever.
    function initialize(IEmergencyGovernor emergencyGovernor_) external;

    /// @notice Starts `action` for its full time, or once more. Restricted to the ordinary governor.
    function impose(Action action) external;

    /// @notice Ends `action`. Restricted to the ordinary governor.
    function end(Action action) external;

    function rearmGuardian() external;

    function setMarketFeed(IMedianFeed feed) external;

    /// @notice 5 % to 50 %. Votes that are open keep theirs.
    function setSupportShare(Action action, uint256 share) external;

    /// @notice 3 to 25. Votes that are open keep theirs.
    function setMinSupporters(uint256 supporters) external;
}
