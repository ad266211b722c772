// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {LibCall} from "solady/src/utils/LibCall.sol";
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
    uint256 private constant DECISION_LENGTH = 6 * 32;

    /// @dev Gas that a policy may use, so that a bad one fails by itself instead of taking the caller with it.
    uint256 public constant POLICY_GAS = 1_000_000;
    /// @dev Gas that the shadow always gets, whatever the caller sends: several times what either of our rules takes.
    uint256 public constant SHADOW_GAS = 60_000;
    /// @dev A call keeps a 64th for its caller, and the first look at an account costs 2,600: 60,953 + 2,600, rounded up.
    uint256 public constant GAS_BEFORE_SHADOW = 64_000;

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
    /// @inheritdoc ISupplyController
    IAdjustmentPolicy public shadow;
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
        (Preview memory outcome,) = _assess();
        return outcome;
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
        (Preview memory outcome, bytes memory question) = _assess();
        if (!outcome.ok) _refuse(outcome);
        if (outcome.factor != expectedFactor) revert FactorMismatch(expectedFactor, outcome.factor);
        (address shadow_, uint256 shadowFactor) = _askShadow(question);

        // Effect
        _lastAdjustedDay = uint16(outcome.day);
        _setMultiplier(outcome.newMultiplier);
        emit Adjusted(
            outcome.day,
            outcome.window,
            outcome.decision,
            outcome.factor,
            outcome.newMultiplier,
            address(policy),
            shadow_,
            shadowFactor
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
    function setShadow(IAdjustmentPolicy shadow_) external restricted {
        if (address(shadow_) != address(0)) _requireJudgement(shadow_, SHADOW_GAS);
        shadow = shadow_;
        emit ShadowSet(shadow_);
    }

    /// @inheritdoc ISupplyController
    function setRateFlags(uint256 flags) external restricted {
        _setRateFlags(flags);
    }

    // Internals

    /// @dev What an adjustment would do now, and what policies are asked. Each step fills its part of `outcome` and names the first
    /// refusal it meets.
    function _assess() private view returns (Preview memory outcome, bytes memory question) {
        outcome.day = ProtocolTime.today();
        _checkTime(outcome);
        if (outcome.refusal == Refusal.NONE) _readPrices(outcome);
        if (outcome.refusal == Refusal.NONE) {
            question = _questionOf(outcome.window);
            _decide(outcome, question);
        }
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

    function _decide(Preview memory outcome, bytes memory question) private view {
        (bool decided, bytes memory answer) = _ask(policy, POLICY_GAS, question);
        if (!decided) {
            outcome.refusal = Refusal.POLICY_FAILED;
            return;
        }
        outcome.decision = abi.decode(answer, (Decision));
        outcome.factor = FixedPointMathLib.clamp(outcome.decision.factor, MIN_FACTOR, MAX_FACTOR);
        outcome.newMultiplier = _applyFactor(outcome.window.multiplier, outcome.factor);
    }

    /// @dev What the other rule would have done; zero: it couldn't know. Whatever the shadow does, it costs SHADOW_GAS at most and stops
    /// nothing; and whoever calls can't keep the gas from it.
    function _askShadow(bytes memory question) private view returns (address, uint256 factor) {
        IAdjustmentPolicy shadow_ = shadow;
        if (address(shadow_) == address(0)) return (address(0), 0);
        if (gasleft() < GAS_BEFORE_SHADOW) revert TooLittleGas(gasleft(), GAS_BEFORE_SHADOW);
        (bool decided, bytes memory answer) = _ask(shadow_, SHADOW_GAS, question);
        if (!decided) return (address(shadow_), 0);
        // The last word of a decision.
        assembly ("memory-safe") {
            factor := mload(add(answer, DECISION_LENGTH))
        }
        return (address(shadow_), FixedPointMathLib.clamp(factor, MIN_FACTOR, MAX_FACTOR));
    }

    function _questionOf(MarketWindow memory window) private pure returns (bytes memory) {
        return abi.encodeCall(IAdjustmentPolicy.decide, (window));
    }

    /// @dev Asks a policy without trusting it: limited gas, no state, no more of the answer than a decision takes; any other answer is
    /// none.
    function _ask(IAdjustmentPolicy policy_, uint256 stipend, bytes memory question)
        private
        view
        returns (bool decided, bytes memory answer)
    {
        bool tooLong;
        (decided, tooLong, answer) = LibCall.tryStaticCall(address(policy_), stipend, uint16(DECISION_LENGTH), question);
        decided = decided && !tooLong && answer.length == DECISION_LENGTH;
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

    function _setPolicy(IAdjustmentPolicy policy_) private {
        _requireJudgement(policy_, POLICY_GAS);
        policy = policy_;
        emit PolicySet(policy_);
    }

    /// @dev A policy must at least judge a market of constant prices a month after launch.
    function _requireJudgement(IAdjustmentPolicy policy_, uint256 stipend) private view {
        if (address(policy_).code.length == 0) revert NotContract(address(policy_));
        MarketWindow memory flatMarket;
        (flatMarket.day, flatMarket.daysSinceLaunch) = (LAUNCH_DAY + WINDOW_DAYS + 1, WINDOW_DAYS + 1);
        (flatMarket.multiplier, flatMarket.averageMonthBefore) = (WAD, WAD);
        for (uint256 i = 0; i < LATEST_DAYS; ++i) {
            flatMarket.dailyAverages[i] = WAD;
        }
        (bool decided,) = _ask(policy_, stipend, _questionOf(flatMarket));
        if (!decided) revert PolicyFailed(policy_);
    }
}
