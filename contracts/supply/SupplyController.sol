// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Decision, IAdjustmentPolicy, MarketWindow} from "../interfaces/IAdjustmentPolicy.sol";
import {IMultiplierHistory} from "../interfaces/IMultiplierHistory.sol";
import {IMultiplierSource} from "../interfaces/IMultiplierSource.sol";
import {IPriceHistory, PriceRecord, PriceWindow} from "../interfaces/IPriceHistory.sol";
import {ISupplyController, Preview, Refusal} from "../interfaces/ISupplyController.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Trace} from "../libraries/Trace.sol";
import {MultiplierTrace} from "./MultiplierTrace.sol";
import {RateFlags} from "./RateFlags.sol";

/// @title SupplyController
/// @notice See ISupplyController. `preview` and `adjust` run the same `_assess`, so one works exactly when the other says so.
contract SupplyController is ISupplyController, AccessManaged {
    using MultiplierTrace for Trace.History;
    using Trace for Trace.History;
    using Trace for uint256;

    // Constants

    uint256 private constant WAD = 1e18;

    uint256 public constant MIN_MULTIPLIER = 0.1e18;
    uint256 public constant MAX_MULTIPLIER = 10e18;
    uint256 public constant MIN_FACTOR = 0.9e18;
    uint256 public constant MAX_FACTOR = 1.1e18;
    uint256 public constant MAX_SUSPENSION = 14 days;

    /// @dev Days from the first average that a window needs to the last.
    uint256 public constant WINDOW_DAYS = 30;
    uint256 private constant LATEST_DAYS = 8;
    uint256 private constant DECISION_WORDS = 6;

    /// @dev Gas that a policy may use, so that a bad one fails by itself instead of taking the caller with it.
    uint256 public constant POLICY_GAS = 1_000_000;

    /// @dev A launch may lie ten years back (a later controller) and one year ahead.
    uint256 public constant MAX_LAUNCH_AGE_DAYS = 3_650;
    uint256 public constant MAX_LAUNCH_AHEAD_DAYS = 365;

    // Immutables

    IPriceHistory private immutable HISTORY;
    uint256 private immutable LAUNCH_DAY;

    // Storage

    /// @inheritdoc ISupplyController
    IAdjustmentPolicy public policy;
    uint16 private _lastAdjustedDay;
    uint40 private _suspendedUntil;
    /// @dev `M` by the second from which it holds, and which rates follow it; see MultiplierTrace and RateFlags.
    Trace.History private _multipliers;

    // Constructor

    /// @param authority the AccessManager that decides who may suspend, reset and replace the policy
    /// @param history_ where prices are read from
    /// @param policy_ the rule
    /// @param launchDay_ protocol day 0 of the target curve
    constructor(address authority, IPriceHistory history_, IAdjustmentPolicy policy_, uint256 launchDay_)
        AccessManaged(authority)
    {
        if (address(history_).code.length == 0) revert NotContract(address(history_));
        uint256 today = ProtocolTime.today();
        uint256 earliest = today > MAX_LAUNCH_AGE_DAYS ? today - MAX_LAUNCH_AGE_DAYS : 0;
        uint256 latest = today + MAX_LAUNCH_AHEAD_DAYS;
        if (launchDay_ < earliest || launchDay_ > latest) revert LaunchDayOutOfBounds(launchDay_, earliest, latest);
        HISTORY = history_;
        LAUNCH_DAY = launchDay_;
        _setPolicy(policy_);
        _setMultiplier(WAD);
        _setRateFlags(RateFlags.AT_LAUNCH);
    }

    // Views

    /// @inheritdoc IMultiplierSource
    function multiplier() public view returns (uint256) {
        return MultiplierTrace.multiplierOf(_multipliers.newest);
    }

    /// @inheritdoc IMultiplierSource
    function multiplierFor(uint8 rate) external view returns (uint256) {
        uint256 newest = _multipliers.newest;
        return _follows(newest, rate) ? MultiplierTrace.multiplierOf(newest) : WAD;
    }

    /// @inheritdoc ISupplyController
    function rateFlags() external view returns (uint256) {
        return _multipliers.newest.noteOf();
    }

    /// @inheritdoc ISupplyController
    function followsMultiplier(uint8 rate) external view returns (bool) {
        return _follows(_multipliers.newest, rate);
    }

    /// @inheritdoc ISupplyController
    function multiplierAt(uint256 timestamp) external view returns (uint256) {
        if (timestamp > block.timestamp) revert FutureTime(timestamp, block.timestamp);
        return MultiplierTrace.multiplierOf(_multipliers.entryAt(timestamp));
    }

    /// @inheritdoc IMultiplierHistory
    function multiplierIntegral(uint256 from, uint256 to, uint256 ceiling) external view returns (uint256, uint256) {
        if (from > to) revert PeriodReversed(from, to);
        if (to > block.timestamp) revert FutureTime(to, block.timestamp);
        return ceiling >= MAX_MULTIPLIER
            ? (_multipliers.integral(from, to), 0)
            : _multipliers.integralBelow(from, to, ceiling);
    }

    /// @inheritdoc ISupplyController
    function history() external view returns (IPriceHistory) {
        return HISTORY;
    }

    /// @inheritdoc ISupplyController
    function launchDay() external view returns (uint256) {
        return LAUNCH_DAY;
    }

    /// @inheritdoc ISupplyController
    function preview() external view returns (Preview memory) {
        return _assess();
    }

    /// @inheritdoc ISupplyController
    function lastAdjustedDay() external view returns (uint256) {
        return _lastAdjustedDay;
    }

    /// @inheritdoc ISupplyController
    function suspendedUntil() external view returns (uint256) {
        return _suspendedUntil;
    }

    // Writes

    /// @inheritdoc ISupplyController
    function adjust(uint256 expectedFactor) external returns (uint256) {
        // Check
        Preview memory outcome = _assess();
        if (!outcome.ok) _refuse(outcome);
        if (outcome.factor != expectedFactor) revert FactorMismatch(expectedFactor, outcome.factor);

        // Effect
        _lastAdjustedDay = uint16(outcome.day);
        _setMultiplier(outcome.newMultiplier);
        emit Adjusted(
            outcome.day, outcome.window, outcome.decision, outcome.factor, outcome.newMultiplier, address(policy)
        );
        return outcome.newMultiplier;
    }

    // Governance

    /// @inheritdoc ISupplyController
    function suspend(uint256 until) external restricted {
        uint256 latest = block.timestamp + MAX_SUSPENSION;
        if (until <= block.timestamp || until > latest) {
            revert SuspensionOutOfBounds(until, block.timestamp + 1, latest);
        }
        _suspendedUntil = uint40(until);
        emit AdjustmentsSuspended(until);
    }

    /// @inheritdoc ISupplyController
    function endSuspension() external restricted {
        if (_suspendedUntil <= block.timestamp) revert NotSuspended();
        _suspendedUntil = 0;
        emit SuspensionEnded();
    }

    /// @inheritdoc ISupplyController
    function resetMultiplier() external restricted {
        uint256 previous = multiplier();
        _setMultiplier(WAD);
        emit MultiplierReset(previous, WAD);
    }

    /// @inheritdoc ISupplyController
    function setPolicy(IAdjustmentPolicy policy_) external restricted {
        _setPolicy(policy_);
    }

    /// @inheritdoc ISupplyController
    function setRateFlags(uint256 flags) external restricted {
        _setRateFlags(flags);
    }

    // Internals

    /// @dev What an adjustment would do now. Each step fills its part of `outcome` and names the first refusal it meets.
    function _assess() private view returns (Preview memory outcome) {
        outcome.day = ProtocolTime.today();
        _checkTime(outcome);
        if (outcome.refusal == Refusal.NONE) _readPrices(outcome);
        if (outcome.refusal == Refusal.NONE) _decide(outcome);
        outcome.ok = outcome.refusal == Refusal.NONE;
    }

    function _checkTime(Preview memory outcome) private view {
        uint256 firstDay = LAUNCH_DAY + WINDOW_DAYS + 1;
        if (block.timestamp < _suspendedUntil) {
            (outcome.refusal, outcome.availableAt) = (Refusal.SUSPENDED, _suspendedUntil);
        } else if (outcome.day <= _lastAdjustedDay) {
            (outcome.refusal, outcome.availableAt) = (Refusal.ALREADY_ADJUSTED, ProtocolTime.startOf(outcome.day + 1));
        } else if (outcome.day < firstDay) {
            (outcome.refusal, outcome.availableAt) = (Refusal.TOO_EARLY, ProtocolTime.startOf(firstDay));
        } else {
            PriceRecord memory last = HISTORY.lastRecord();
            if (block.timestamp >= last.staleAt) outcome.refusal = Refusal.RECORD_STALE;
            else if (last.knownUntil < ProtocolTime.startOf(outcome.day)) outcome.refusal = Refusal.DAY_NOT_CLOSED;
        }
    }

    /// @dev Reads the window that ends with the latest complete day.
    function _readPrices(Preview memory outcome) private view {
        PriceWindow memory prices = HISTORY.window(outcome.day - 1);
        if (!prices.usable) return _refuseThinWindow(outcome, prices);

        MarketWindow memory window = outcome.window;
        window.day = outcome.day;
        window.daysSinceLaunch = outcome.day - LAUNCH_DAY;
        window.multiplier = multiplier();
        window.averageMonthBefore = prices.averageMonthBefore;
        window.dailyAverages = prices.dailyAverages;
    }

    function _refuseThinWindow(Preview memory outcome, PriceWindow memory prices) private view {
        uint256 startedDay = ProtocolTime.dayOf(HISTORY.startedAt());
        uint256 longEnoughDay = startedDay + WINDOW_DAYS + 1;
        if (outcome.day < longEnoughDay) {
            outcome.refusal = Refusal.HISTORY_TOO_SHORT;
            outcome.availableAt = ProtocolTime.startOf(longEnoughDay);
        } else {
            outcome.refusal = prices.thinDay == 0 ? Refusal.WINDOW_TOO_THIN : Refusal.DAY_TOO_THIN;
            outcome.thinDay = prices.thinDay;
            (outcome.coveredSec, outcome.neededSec) = (prices.coveredSec, prices.neededSec);
        }
    }

    function _decide(Preview memory outcome) private view {
        (bool decided, Decision memory decision) = _callPolicy(policy, outcome.window);
        if (!decided) {
            outcome.refusal = Refusal.POLICY_FAILED;
            return;
        }
        outcome.decision = decision;
        outcome.factor = FixedPointMathLib.clamp(decision.factor, MIN_FACTOR, MAX_FACTOR);
        outcome.newMultiplier = _applyFactor(outcome.window.multiplier, outcome.factor);
    }

    /// @dev Asks the policy without trusting it: limited gas, no state, any answer that is not a decision's six words is none.
    function _callPolicy(IAdjustmentPolicy policy_, MarketWindow memory window)
        private
        view
        returns (bool decided, Decision memory decision)
    {
        (bool success, bytes memory answer) =
            address(policy_).staticcall{gas: POLICY_GAS}(abi.encodeCall(IAdjustmentPolicy.decide, (window)));
        decided = success && answer.length == DECISION_WORDS * 32;
        if (decided) decision = abi.decode(answer, (Decision));
    }

    /// @dev Rounded towards the old `M`, so that no day moves it by more than 10 %.
    function _applyFactor(uint256 old, uint256 factor) private pure returns (uint256) {
        uint256 moved = factor >= WAD ? FixedPointMathLib.mulWad(old, factor) : FixedPointMathLib.mulWadUp(old, factor);
        return FixedPointMathLib.clamp(moved, MIN_MULTIPLIER, MAX_MULTIPLIER);
    }

    /// @dev Turns a refusal into its error.
    function _refuse(Preview memory outcome) private view {
        Refusal refusal = outcome.refusal;
        if (refusal == Refusal.SUSPENDED) revert Suspended(outcome.availableAt);
        if (refusal == Refusal.ALREADY_ADJUSTED) revert AlreadyAdjusted(outcome.day, outcome.availableAt);
        if (refusal == Refusal.TOO_EARLY) revert TooEarly(outcome.availableAt);
        if (refusal == Refusal.RECORD_STALE) revert RecordStale(HISTORY.lastRecord().staleAt);
        if (refusal == Refusal.DAY_NOT_CLOSED) {
            revert DayNotClosed(HISTORY.lastRecord().knownUntil, ProtocolTime.startOf(outcome.day));
        }
        if (refusal == Refusal.HISTORY_TOO_SHORT) revert HistoryTooShort(outcome.availableAt);
        if (refusal == Refusal.DAY_TOO_THIN) revert DayTooThin(outcome.thinDay, outcome.coveredSec, outcome.neededSec);
        if (refusal == Refusal.WINDOW_TOO_THIN) revert WindowTooThin(outcome.coveredSec, outcome.neededSec);
        revert PolicyFailed(policy);
    }

    function _setMultiplier(uint256 multiplier_) private {
        MultiplierTrace.push(_multipliers, block.timestamp, multiplier_);
    }

    function _follows(uint256 newest, uint256 rate) private pure returns (bool) {
        if (rate >= RateFlags.RATES) revert UnknownRate(rate, RateFlags.RATES);
        return RateFlags.follows(newest.noteOf(), rate);
    }

    function _setRateFlags(uint256 flags) private {
        if (flags > RateFlags.ALL) revert UnknownRateFlags(flags, RateFlags.ALL);
        _multipliers.setNote(flags);
        emit RateFlagsSet(flags);
    }

    /// @dev A policy must at least judge a market of constant prices a month after launch.
    function _setPolicy(IAdjustmentPolicy policy_) private {
        if (address(policy_).code.length == 0) revert NotContract(address(policy_));
        MarketWindow memory flatMarket;
        (flatMarket.day, flatMarket.daysSinceLaunch) = (LAUNCH_DAY + WINDOW_DAYS + 1, WINDOW_DAYS + 1);
        (flatMarket.multiplier, flatMarket.averageMonthBefore) = (WAD, WAD);
        for (uint256 i = 0; i < LATEST_DAYS; ++i) {
            flatMarket.dailyAverages[i] = WAD;
        }
        (bool decided,) = _callPolicy(policy_, flatMarket);
        if (!decided) revert PolicyFailed(policy_);
        policy = policy_;
        emit PolicySet(policy_);
    }
}
