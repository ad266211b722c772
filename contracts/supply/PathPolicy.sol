// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Decision, IAdjustmentPolicy, MarketWindow} from "../interfaces/IAdjustmentPolicy.sol";
import {IPriceHistory, PriceAverage} from "../interfaces/IPriceHistory.sol";
import {IPricePath} from "../interfaces/IPricePath.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {TargetPath} from "./TargetPath.sol";

/// @title PathPolicy
/// @notice Steers the level of the price along the target path, and never cuts a contributor's income in dollars while the price is
/// down.
///
/// With `P` the mean of the 7 latest daily averages, `L` the launch price, `A(d)` the path in logarithms (TargetPath), and `M` the
/// supply multiplier:
///
///     price     p = ln(P / L)
///     distance  x = p - A(d - 4)           the mean of 7 days is as old as its middle day
///     floor       = clamp(ln 0.7 - p, ln 0.7, ln 2)
///     wanted      = clamp(8 x, floor, ln 4)
///     factor      = exp(clamp(wanted - ln M, ln 0.97, ln 1.03))
///
/// It remembers nothing but `M` and the launch price, which is the mean of the first 30 usable daily averages: nobody's choice.
/// Until that is known the factor is 1. Nobody changes it afterwards: to move the path, governance sets another PathPolicy, made with the
/// price that its path starts from.
/// @dev A dearer coin asks for a larger `M` where the path decides, and for a smaller one where the floor does: there `M` times the
/// price is what stays. All factors and logarithms are WAD; the library's results are within 1e-17 of the real ones, and
/// factors are exact at both limits.
contract PathPolicy is IAdjustmentPolicy, IPricePath {
    /// @notice `price` is the launch price from now on: the mean of the first 30 usable days, or what the contract was made with.
    /// @param price USD, 18 decimals
    event LaunchPriceSet(uint256 price);
    /// @notice Daily averages up to `day` were looked at; `usable` of them count so far.
    /// @param day protocol day
    event DaysNoted(uint256 day, uint256 usable);

    /// @notice The launch lies further back than the curve is defined for.
    error DaysOutOfBounds(uint256 daysSinceLaunch, uint256 max);
    /// @notice Average number `index` of the 8 (or 8 itself: that of the month before) is out of bounds.
    error AverageOutOfBounds(uint256 index, uint256 average, uint256 min, uint256 max);
    error MultiplierOutOfBounds(uint256 multiplier, uint256 min, uint256 max);
    error LaunchPriceOutOfBounds(uint256 price, uint256 min, uint256 max);
    /// @notice The launch price is known: there is nothing to note any more.
    error LaunchPriceKnown(uint256 price);
    /// @notice No further day is final: the one after it is not over, by the rounds. `nextDay` is the next to be noted.
    error NoDayFinal(uint256 nextDay, uint256 knownUntil);
    error NotAContract(address target);

    // Constants

    /// @notice So many usable days make the launch price.
    uint256 public constant LAUNCH_DAYS = 30;
    /// @notice The mean of 7 days is that of the day 4 days before the adjustment.
    uint256 public constant LAG_DAYS = 4;
    uint256 public constant MIN_FACTOR = 0.97e18;
    uint256 public constant MAX_FACTOR = 1.03e18;
    /// @dev Bounds of a daily average (USD, 18 decimals): the smallest and largest price a feed may give.
    uint256 public constant MIN_AVERAGE = 1e10;
    uint256 public constant MAX_AVERAGE = 1e28;
    uint256 public constant MIN_MULTIPLIER = 0.1e18;
    uint256 public constant MAX_MULTIPLIER = 10e18;

    /// @dev Days noted in one call: as many as the history keeps.
    uint256 private constant DAYS_A_CALL = 64;
    uint256 private constant WAD = 1e18;
    int256 private constant GAIN = 8;
    // Natural logarithms (WAD), rounded towards zero.
    int256 private constant LN_070 = -0.356674943938732378e18;
    int256 private constant LN_2 = 0.693147180559945309e18;
    int256 private constant LN_4 = 1.386294361119890618e18;
    int256 private constant LN_097 = -0.030459207484708545e18;
    int256 private constant LN_103 = 0.029558802241544402e18;

    // Immutables

    /// @notice Where the first days' averages are read.
    IPriceHistory public immutable HISTORY;
    /// @inheritdoc IPricePath
    /// @dev The first that may count for the launch price.
    uint256 public immutable LAUNCH_DAY;

    // Storage

    /// @dev Two slots, of which `decide` reads the first.
    struct Launch {
        uint128 price; // USD, 18 decimals; zero until it is known
        uint32 nextDay;
        uint8 usableDays;
        uint256 sum; // of the usable averages so far
    }

    Launch private _launch;

    // Constructor

    /// @param history whose daily averages make the launch price
    /// @param launchDay the controller's; the first day that may count
    /// @param anchor the path's price on the day of the launch (USD, 18 decimals), 1e-8 to 1e10 dollars; zero to take it from the history
    constructor(IPriceHistory history, uint32 launchDay, uint256 anchor) {
        if (address(history).code.length == 0) revert NotAContract(address(history));
        (HISTORY, LAUNCH_DAY) = (history, launchDay);
        _launch.nextDay = launchDay;
        if (anchor != 0) _setLaunchPrice(anchor);
    }

    // Views

    /// @notice What the path starts from.
    /// @return price USD, 18 decimals; zero until it is known
    /// @return usableDays counted so far, of LAUNCH_DAYS
    /// @return nextDay the protocol day that `noteDays` looks at next
    function launchPrice() external view returns (uint256 price, uint256 usableDays, uint256 nextDay) {
        return (_launch.price, _launch.usableDays, _launch.nextDay);
    }

    /// @inheritdoc IPricePath
    function pathPrice(uint256 daysSinceLaunch) external view returns (uint256) {
        _requireDays(daysSinceLaunch);
        // The path grows to 4.1 in logarithms at most within MAX_DAYS, and e^4.1 times 1e28 is far from the limit.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint256 growth = uint256(FixedPointMathLib.expWad(int256(TargetPath.logGrowth(daysSinceLaunch))));
        return _launch.price * growth / WAD;
    }

    /// @inheritdoc IAdjustmentPolicy
    /// @dev `baseFactor` is the step to what is wanted, before the limits of a day. Velocity and volatility aren't looked at: zero.
    function decide(MarketWindow calldata window) external view returns (Decision memory decision) {
        uint256 sum;
        // An average is at most 1e28.
        unchecked {
            for (uint256 i = 0; i < 8; ++i) {
                uint256 average = window.dailyAverages[i];
                _requireSane(i, average);
                sum += average;
            }
            sum -= window.dailyAverages[0];
        }
        _requireSane(8, window.averageMonthBefore);
        _requireDays(window.daysSinceLaunch);
        if (window.multiplier < MIN_MULTIPLIER || window.multiplier > MAX_MULTIPLIER) {
            revert MultiplierOutOfBounds(window.multiplier, MIN_MULTIPLIER, MAX_MULTIPLIER);
        }

        decision.target = TargetPath.rate(window.daysSinceLaunch);
        decision.damping = WAD;
        (decision.baseFactor, decision.factor) = (WAD, WAD);
        uint256 launch = _launch.price;
        if (launch == 0) return decision;

        // Both prices are within [1e10, 1e28], so the ratio is within [1, 1e36] and the casts keep their values.
        // forge-lint: disable-start(unsafe-typecast)
        int256 price = FixedPointMathLib.lnWad(int256(sum * WAD / (7 * launch)));
        int256 step = _wanted(price, window.daysSinceLaunch) - FixedPointMathLib.lnWad(int256(window.multiplier));
        decision.baseFactor = uint256(FixedPointMathLib.expWad(step)); // step is within [-2.7, 3.7]
        // forge-lint: disable-end(unsafe-typecast)
        decision.factor = step >= LN_103
            ? MAX_FACTOR
            : step <= LN_097 ? MIN_FACTOR : FixedPointMathLib.clamp(decision.baseFactor, MIN_FACTOR, MAX_FACTOR);
    }

    // Writes

    /// @notice Counts days towards the launch price, in their order, whoever calls and whenever. A day that is not usable, or
    /// that the history has forgotten, is passed over. At most 64 days a call: call again for more.
    /// @dev A day is looked at once the day after it is over, too, by a round: a fuller round may still replace the last one, and with it
    /// what closed the day before. The history keeps 64 days, so only who keeps everyone from calling for
    /// more than a month after the 30th day could make other days count.
    /// @return noted days that were looked at
    function noteDays() external returns (uint256 noted) {
        // Check
        Launch memory launch = _launch;
        if (launch.price != 0) revert LaunchPriceKnown(launch.price);
        uint256 knownUntil = HISTORY.lastRecord().knownUntil;
        // Before the first round nothing is known, and no day has a number below 1970's.
        uint256 end = knownUntil == 0 ? 0 : ProtocolTime.dayOf(knownUntil) - 1;
        if (end <= launch.nextDay) revert NoDayFinal(launch.nextDay, knownUntil);
        noted = FixedPointMathLib.min(end - launch.nextDay, DAYS_A_CALL);

        // Effect
        uint256[] memory dayIndexes = new uint256[](noted);
        for (uint256 i = 0; i < noted; ++i) {
            dayIndexes[i] = launch.nextDay + i;
        }
        PriceAverage[] memory averages = HISTORY.dayAverages(dayIndexes);
        for (uint256 i = 0; i < noted; ++i) {
            ++launch.nextDay;
            if (!averages[i].usable) continue;
            launch.sum += averages[i].averageWad;
            if (++launch.usableDays == LAUNCH_DAYS) {
                noted = i + 1;
                break;
            }
        }
        _launch = launch;
        emit DaysNoted(launch.nextDay - 1, launch.usableDays);
        if (launch.usableDays == LAUNCH_DAYS) _setLaunchPrice(launch.sum / LAUNCH_DAYS);
    }

    // Internals

    function _setLaunchPrice(uint256 price) private {
        if (price < MIN_AVERAGE || price > MAX_AVERAGE) revert LaunchPriceOutOfBounds(price, MIN_AVERAGE, MAX_AVERAGE);
        // forge-lint: disable-next-line(unsafe-typecast)
        _launch.price = uint128(price); // bounded above
        emit LaunchPriceSet(price);
    }

    /// @dev What `ln M` should be. `price` is `ln(P / L)`, at most 42 in size.
    function _wanted(int256 price, uint256 daysSinceLaunch) private pure returns (int256) {
        // forge-lint: disable-next-line(unsafe-typecast)
        int256 path = int256(TargetPath.logGrowth(FixedPointMathLib.zeroFloorSub(daysSinceLaunch, LAG_DAYS)));
        int256 floor = FixedPointMathLib.clamp(LN_070 - price, LN_070, LN_2);
        return FixedPointMathLib.clamp(GAIN * (price - path), floor, LN_4);
    }

    function _requireSane(uint256 index, uint256 average) private pure {
        if (average < MIN_AVERAGE || average > MAX_AVERAGE) {
            revert AverageOutOfBounds(index, average, MIN_AVERAGE, MAX_AVERAGE);
        }
    }

    function _requireDays(uint256 daysSinceLaunch) private pure {
        if (daysSinceLaunch > TargetPath.MAX_DAYS) revert DaysOutOfBounds(daysSinceLaunch, TargetPath.MAX_DAYS);
    }
}
