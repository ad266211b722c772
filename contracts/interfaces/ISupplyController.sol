// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Decision, IAdjustmentPolicy, MarketWindow} from "./IAdjustmentPolicy.sol";
import {IMultiplierHistory} from "./IMultiplierHistory.sol";
import {IMultiplierSource} from "./IMultiplierSource.sol";
import {IPriceHistory} from "./IPriceHistory.sol";

/// @notice Why `adjust` would refuse. They are checked in this order and the first that holds is named.
enum Refusal {
    NONE,
    /// Adjustments are suspended until `Preview.availableAt`.
    SUSPENDED,
    /// This protocol day has had its adjustment; the next may come at `Preview.availableAt`.
    ALREADY_ADJUSTED,
    /// Less than a full window has passed since launch; the first adjustment may come at `Preview.availableAt`.
    TOO_EARLY,
    /// The last round of the price feed is too old to stand.
    RECORD_STALE,
    /// No round has closed yesterday yet: its average may still move.
    DAY_NOT_CLOSED,
    /// The price history began less than a full window ago; it is long enough at `Preview.availableAt`, if not thin.
    HISTORY_TOO_SHORT,
    /// Day `Preview.thinDay` has too little coverage.
    DAY_TOO_THIN,
    /// The 30 days as a whole have too little coverage.
    WINDOW_TOO_THIN,
    /// The policy reverted, ran out of gas, or returned something that is no decision.
    POLICY_FAILED
}

/// @notice What `adjust` would do in the same state, or why it would not. Fields that a refusal left unread are zero.
struct Preview {
    /// `adjust(factor)` would succeed.
    bool ok;
    Refusal refusal;
    /// Protocol day of the adjustment.
    uint256 day;
    /// For the refusals that end by themselves: when (seconds).
    uint256 availableAt;
    /// For DAY_TOO_THIN: which day.
    uint256 thinDay;
    /// For DAY_TOO_THIN and WINDOW_TOO_THIN: covered and needed seconds.
    uint256 coveredSec;
    uint256 neededSec;
    MarketWindow window;
    Decision decision;
    /// `decision.factor` within the controller's own limits (WAD): the number to pass to `adjust`.
    uint256 factor;
    /// `M` afterwards (WAD).
    uint256 newMultiplier;
}

/// @title ISupplyController
/// @notice Holds the supply multiplier `M` and adjusts it once a day by what the policy decides from the recorded prices.
///
/// Whatever the policy says, a day changes `M` by at most 10 % and `M` stays within 0.1 and 10. Missing or thin prices never
/// count as "no growth": they refuse the adjustment. Missed days are not made up.
interface ISupplyController is IMultiplierSource, IMultiplierHistory {
    /// @notice `M` changed from `window.multiplier` to `newMultiplier` by `factor`, with every input and output of the policy.
    /// @param day protocol day
    /// @param factor WAD, within the controller's limits
    /// @param policy the policy that decided
    /// @param shadow the other policy that was asked; zero: none is set
    /// @param shadowFactor what `factor` would have been by the shadow (WAD); zero: it couldn't know
    event Adjusted(
        uint256 indexed day,
        MarketWindow window,
        Decision decision,
        uint256 factor,
        uint256 newMultiplier,
        address policy,
        address shadow,
        uint256 shadowFactor
    );
    /// @param previous WAD, as `multiplier`
    event MultiplierReset(uint256 previous, uint256 multiplier);
    /// @param until seconds
    event AdjustmentsSuspended(uint256 until);
    event SuspensionEnded();
    event PolicySet(IAdjustmentPolicy policy);
    /// @param shadow zero for none
    event ShadowSet(IAdjustmentPolicy shadow);
    /// @notice Which rates follow `M` from now on.
    /// @param flags bit `rate` of each, see `IMultiplierSource.multiplierFor`
    event RateFlagsSet(uint256 flags);

    error Suspended(uint256 until);
    /// @param nextAt seconds
    error AlreadyAdjusted(uint256 day, uint256 nextAt);
    /// @param firstAt seconds
    error TooEarly(uint256 firstAt);
    /// @param staleAt when the last round became too old to stand (seconds)
    error RecordStale(uint256 staleAt);
    /// @param knownUntil time of the last round (seconds)
    /// @param dayStart of today (seconds): a round from then on closes yesterday
    error DayNotClosed(uint256 knownUntil, uint256 dayStart);
    /// @param longEnoughAt seconds
    error HistoryTooShort(uint256 longEnoughAt);
    error DayTooThin(uint256 day, uint256 coveredSec, uint256 neededSec);
    error WindowTooThin(uint256 coveredSec, uint256 neededSec);
    /// @notice The policy reverted, ran out of gas, or returned something that is no decision.
    error PolicyFailed(IAdjustmentPolicy policy);
    /// @notice The shadow couldn't be given all of its gas: an event would say that it couldn't know because the caller wanted it so.
    /// @param gas what is left, as `needed`
    error TooLittleGas(uint256 gas, uint256 needed);
    /// @notice The caller computed another factor than the chain: one of the two is wrong, so nothing happens.
    /// @param expected WAD, as `actual`
    error FactorMismatch(uint256 expected, uint256 actual);
    /// @notice `account` has no code.
    error NotContract(address account);
    /// @param launchDay protocol day, as `min` and `max`
    error LaunchDayOutOfBounds(uint256 launchDay, uint256 min, uint256 max);
    /// @param until seconds, as `earliest` and `latest`
    error SuspensionOutOfBounds(uint256 until, uint256 earliest, uint256 latest);
    error NotSuspended();
    /// @param flags has bits beyond `known`
    error UnknownRateFlags(uint256 flags, uint256 known);

    /// @notice Multiplies `M` by the policy's factor. Anyone may call it, once per protocol day.
    /// @dev Reverts with the error of the first `Refusal` that holds, with `FactorMismatch`, or with `TooLittleGas` where a shadow is
    /// set. Warning: of two callers on one day the second reverts with `AlreadyAdjusted`.
    /// @param expectedFactor the factor that the caller worked out (WAD, after the controller's limits; see `preview`)
    /// @return newMultiplier `M` from now on (WAD), rounded towards its old value
    function adjust(uint256 expectedFactor) external returns (uint256 newMultiplier);

    /// @notice Everything `adjust` would use, or the reason why it would refuse. Never reverts on a market condition.
    /// @return look at `ok` first; units: see Preview
    function preview() external view returns (Preview memory);

    /// @notice `M` as it was at `timestamp` (seconds, not in the future); 1 before the controller existed.
    /// @dev Reverts with `FutureTime`.
    /// @param timestamp seconds
    /// @return WAD
    function multiplierAt(uint256 timestamp) external view returns (uint256);

    /// @notice Which rates follow `M`: bit `rate` of each, see `multiplierFor`. At launch the eight rewards do.
    /// @return flags eleven bits
    function rateFlags() external view returns (uint256 flags);

    /// @notice Whether a rate follows `M`.
    /// @dev Reverts with `UnknownRate`.
    /// @param rate as of `multiplierFor`
    /// @return whether it does
    function followsMultiplier(uint8 rate) external view returns (bool);

    /// @notice Protocol day of the last adjustment; zero before the first.
    /// @return protocol day
    function lastAdjustedDay() external view returns (uint256);

    /// @notice Protocol day from which the target curve counts.
    /// @return protocol day; never changes
    function launchDay() external view returns (uint256);

    /// @notice Where prices are read from.
    /// @return never changes
    function history() external view returns (IPriceHistory);

    /// @notice The policy that decides the factor.
    /// @return never zero
    function policy() external view returns (IAdjustmentPolicy);

    /// @notice The policy that is asked beside the one that decides, for the event alone; zero for none.
    /// @return zero for none
    function shadow() external view returns (IAdjustmentPolicy);

    /// @notice Adjustments are refused before this time (seconds); in the past or zero when they are not suspended.
    /// @return seconds
    function suspendedUntil() external view returns (uint256);

    /// @notice Refuses adjustments until `until` (seconds, at most 14 days away). Restricted to the breaker.
    /// @dev Warning: it replaces a suspension that is running, so it can also shorten it.
    /// @param until seconds; else `SuspensionOutOfBounds`
    function suspend(uint256 until) external;

    /// @notice Ends a suspension before its time. Restricted to the breaker.
    /// @dev Reverts with `NotSuspended`.
    function endSuspension() external;

    /// @notice Sets `M` back to 1 and leaves the rate flags as they are. Restricted to the breaker.
    /// @dev Warning: rewards and yields change at once. The emission budget of the day, where a payment has fixed it, does not.
    function resetMultiplier() external;

    /// @notice Replaces the rule. It must be a contract that can judge a market of constant prices. Restricted to governance.
    /// @dev Reverts with `NotContract` or `PolicyFailed`.
    /// @param policy_ the new policy
    function setPolicy(IAdjustmentPolicy policy_) external;

    /// @notice Names the policy whose factor every adjustment's event tells beside the one that holds; zero takes it away. It must be
    /// able to judge a market of constant prices within 60,000 gas. Restricted to governance.
    /// @dev Reverts with `NotContract` or `PolicyFailed`. It can neither change nor stop an adjustment.
    /// @param shadow_ the other policy
    function setShadow(IAdjustmentPolicy shadow_) external;

    /// @notice Says which rates follow `M`. Restricted to governance.
    /// @dev Reverts with `UnknownRateFlags`. Warning: rewards of the kinds concerned change at once.
    /// @param flags bit `rate` of each, see `multiplierFor`
    function setRateFlags(uint256 flags) external;
}
