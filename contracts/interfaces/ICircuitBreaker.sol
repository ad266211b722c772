// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmergencyGovernor, Motion} from "./IEmergencyGovernor.sol";
import {IMedianFeed} from "./IMedianFeed.sol";
import {IRewardPool} from "./IRewardPool.sol";
import {IStakingVault} from "./IStakingVault.sol";
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
    /// Until when it suspends adjustments; in the past when it does not.
    uint256 suspendUntil;
}

/// @notice How often a trigger was pulled for nothing: triggers of one kind that led to no passed vote.
struct Noise {
    /// When the first of them was pulled; 0 = there is none. They count for 14 days from then (seconds).
    uint256 since;
    uint256 triggers;
    /// For how long they suspended adjustments, at most 24 hours (seconds).
    uint256 suspendedSec;
}

/// @notice What stands behind a trigger that was pulled again.
struct Bond {
    /// Zero when it is settled, or there is no such bond.
    address owner;
    /// FTNS, 18 decimals.
    uint256 amount;
    Trigger kind;
    uint256 postedAt;
    /// When the votes of its trigger are over (seconds).
    uint256 dueAt;
}

/// @notice How votes have used an action.
struct EffectUse {
    /// Begin of the 60 days; 0 = none run (seconds).
    uint256 since;
    /// Of the 30 days that may be used in them (seconds).
    uint256 usedSec;
    /// The motion that started or renewed what is in effect, or to which the guardian bridges the time; 0 = none: the ordinary
    /// governor. What the guardian only lengthened is still the motion's.
    uint256 startedBy;
}

/// @title ICircuitBreaker
/// @notice Opens an emergency when the chain itself shows one, lets those who had staked before decide what to do about it,
/// and does it. Everything it starts ends by itself.
///
/// An emergency is open until its last vote and the time to execute it are over. There is one at a time: a second trigger is
/// recorded on it, adds the votes that are not in it yet, and opens anew those that ended without effect, on the votes of
/// before the first trigger. After 48 hours a new emergency opens instead; hours to object go on.
///
/// It suspends adjustments while it is open, but triggers of one kind that led to no passed vote do so for at most 24 hours in
/// the 14 days that begin with the first; each further one in these days needs a bond, twice the last one's.
///
/// What starts here ends by time, by the same kind of vote (`proposeEnd`), when more voters come to be against it than for it
/// (`endOpposed`), or by the ordinary governor (`end`); it starts again by a new vote, for at most 30 of 60 days in all, or
/// by the ordinary governor (`impose`).
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
    /// @notice An action of emergency `emergency` passed its vote: its triggers were no noise.
    event TriggersVindicated(uint256 indexed emergency, Action indexed action);
    /// @notice What passed on `action` in emergency `emergency` was stopped: its triggers are noise, and suspend adjustments no longer
    /// than noise does, unless another vote of the emergency stands.
    event VindicationLost(uint256 indexed emergency, Action indexed action);
    /// @notice `owner` stands behind a trigger of `kind` with `amount` (FTNS, 18 decimals) of its stake.
    /// @param dueAt when it can be slashed (seconds)
    event BondPosted(uint256 indexed bond, address indexed owner, Trigger indexed kind, uint256 amount, uint256 dueAt);
    /// @notice It was given back, or slashed to the pool.
    event BondSettled(uint256 indexed bond, address indexed owner, uint256 amount, bool slashed);
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
    /// @notice `trigger` is part of the open emergency `emergency` already, and no vote of its actions has ended without effect.
    error TriggerAlreadyRecorded(Trigger trigger, uint256 emergency);
    /// @notice Transfers were halted in the hour that was counted: what failed may have failed because of that.
    /// @param haltedUntil end of the halt (seconds)
    error FailuresOfHalt(uint256 haltedUntil);
    /// @notice The kind was pulled for nothing before, so that the caller must have locked `needed` FTNS of its stake towards
    /// this contract; it has `free`, beside other bonds (18 decimals).
    error BondNeeded(Trigger trigger, uint256 needed, uint256 free);
    /// @notice The votes of the bond's trigger still run, or its first hour does.
    /// @param dueAt seconds
    error BondNotDue(uint256 bond, uint256 dueAt);
    /// @notice There is no such bond, or it is settled.
    error UnknownBond(uint256 bond);
    /// @notice All that `owner` has locked towards this contract stands behind triggers.
    error NothingUnbonded(address owner);
    /// @notice Votes have used `action` for 30 days, and can use it again from `usableAt` on (seconds).
    error EffectUsedUp(Action action, uint256 usableAt);
    /// @notice `action` was started or renewed after the motion to end it was made, at `renewedAt` (seconds).
    error EffectRenewed(Action action, uint256 renewedAt);
    /// @notice Those against what is in effect have not exceeded those for it for long enough, or no vote started it.
    error NotOpposed(Action action);
    /// @notice Another motion has taken the place of motion `motion`.
    error MotionSuperseded(uint256 motion);
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

    /// @notice Whether `trigger(kind)` would be taken now if its condition is met, and the bond that it takes.
    /// @param kind the trigger
    /// @return taken false while it would change nothing, or while a halt may have caused what failed
    /// @return bond FTNS that the caller must have locked (18 decimals); mostly zero
    function canTrigger(Trigger kind) external view returns (bool taken, uint256 bond);

    /// @notice How often a trigger was pulled for nothing.
    /// @param kind the trigger
    /// @return all zero when its 14 days are over
    function noiseOf(Trigger kind) external view returns (Noise memory);

    /// @notice Bond number `bond`, from 1 on.
    /// @param bond number of the bond
    /// @return all zero when it is settled
    function bondAt(uint256 bond) external view returns (Bond memory);

    /// @notice Bonds posted so far.
    /// @return number of the last one
    function bondCount() external view returns (uint256);

    /// @notice What `owner` has locked behind triggers whose bonds are not settled.
    /// @param owner any address
    /// @return FTNS, 18 decimals
    function bondedOf(address owner) external view returns (uint256);

    /// @notice The motion that started `action`, or passed for it, and that more voters came to be against than for: what
    /// `endOpposed` would act on now.
    /// @param action the action
    /// @return motion number of the motion; 0 = none, or neither the action nor its emergency has an effect any more
    function opposedMotion(Action action) external view returns (uint256 motion);

    /// @notice How votes have used `action`.
    /// @param action the action
    /// @return seconds
    function useOf(Action action) external view returns (EffectUse memory);

    /// @notice Whether `motion` could be carried out now if its vote passed: what it ends is in effect and was not renewed since,
    /// or votes may use more of what it starts.
    /// @param motion as it was made
    /// @return false when `carryOut` would revert
    function canCarryOut(Motion calldata motion) external view returns (bool);

    /// @notice The vote on `action` in the emergency that is open, or hours to object that go on; or 0.
    /// @param action the action to start
    /// @return proposalId id in the emergency governor
    function voteOn(Action action) external view returns (uint256 proposalId);

    /// @notice The vote on the end of `action` that runs or can be executed, or 0. One that was made before the present effect is none.
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

    /// @notice Distinct supporters that every action needs: see IEmergencyGovernor on who they may be.
    /// @return 3 to 25
    function minSupporters() external view returns (uint256);

    /// @notice The vault in which bonds are locked, towards this contract.
    /// @return StakingVault
    function VAULT() external view returns (IStakingVault);

    /// @notice The pool that gets bonds that are slashed.
    /// @return RewardPool
    function REWARD_POOL() external view returns (IRewardPool);

    /// @notice Where emergency votes are held.
    /// @return zero before `initialize`
    function emergencyGovernor() external view returns (IEmergencyGovernor);

    /// @notice Where confidence, volumes and transaction counts come from. Without one, no trigger about the market can be met.
    /// @return zero for none
    function marketFeed() external view returns (IMedianFeed);

    // Writes

    /// @notice Opens an emergency, or records a second trigger on the one that is open. Anyone may call it; where the kind was
    /// pulled for nothing before, with a bond.
    /// @dev Reverts with `TriggerNotMet`, `TriggerAlreadyRecorded`, `FailuresOfHalt` or `BondNeeded`. Warning: `find` may change
    /// with any new price or report, so a transaction that was simulated can still revert.
    /// @param kind the trigger
    /// @return emergencyId id of the open emergency
    function trigger(Trigger kind) external returns (uint256 emergencyId);

    /// @notice Puts the end of `action`, which is in effect, to a vote like the one it takes to start it. Anyone may call it.
    /// @dev Reverts with `NotInEffect` or `EndAlreadyProposed`.
    /// @param action the action to end
    /// @return proposalId id of the vote in the emergency governor
    function proposeEnd(Action action) external returns (uint256 proposalId);

    /// @notice Ends `action` because more voters came to be against it than for it, and with it the time for which its vote
    /// suspended adjustments; the latter also where it is not in effect. Anyone may call it. It is not renewed in the same emergency.
    /// @dev Reverts with `NotOpposed` when `opposedMotion` names none.
    /// @param action the action to end
    function endOpposed(Action action) external;

    /// @notice Gives a bond back, if the condition holds between one and two hours later or a vote reached 5 % support; or
    /// slashes it to the pool, once its votes are over. Anyone may call it.
    /// @dev Reverts with `UnknownBond` or `BondNotDue`.
    /// @param bond number of the bond
    function settleBond(uint256 bond) external;

    /// @notice Gives the caller back what it has locked towards this contract and what stands behind no trigger.
    /// @dev Reverts with `NothingUnbonded`.
    /// @return amount FTNS, 18 decimals
    function releaseUnbonded() external returns (uint256 amount);

    /// @notice Executes motion `motion`. Restricted to the emergency governor, which has asked the voters.
    /// @dev Reverts with `EffectUsedUp`, or (to end it) with `NotInEffect` or `EffectRenewed`.
    /// @param motion number of the motion
    /// @param action the action
    /// @param ending true to end it, false to start it
    function carryOut(uint256 motion, Action action, bool ending) external;

    /// @notice A vote on `action` passed in emergency `emergency`: its triggers were no noise, and it suspends adjustments while it
    /// is open. Restricted to the emergency governor.
    /// @param emergency id of the emergency
    /// @param motion number of the motion
    /// @param action the action
    function notePassed(uint256 emergency, uint256 motion, Action action) external;

    /// @notice The hours to object to motion `motion` started anew. Restricted to the emergency governor.
    /// @dev Reverts with `MotionSuperseded`.
    /// @param motion number of the motion
    /// @param until when it can no longer be executed (seconds)
    function prolong(uint256 motion, uint256 until) external;

    /// @notice Halts transfers until the vote on a halt is over, at most six hours; once, until the ordinary governor re-arms
    /// it, and no more after voters ended a halt, until then. Restricted to the guardian.
    /// @dev Reverts with `GuardianNotArmed`, `NothingToBridge` or `AlreadyInEffect`.
    function guardianHalt() external;

    // Governance (restricted)

    /// @notice Names the emergency governor, once and for ever.
    /// @param emergencyGovernor_ must have code; reverts with `AlreadyInitialized` the second time
    function initialize(IEmergencyGovernor emergencyGovernor_) external;

    /// @notice Starts `action` for its full time, or once more. Restricted to the ordinary governor. What votes may use of it
    /// counts anew from there.
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
