// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Side} from "../interfaces/IMarketDesk.sol";

/// @title DeskMath
/// @notice The desk's numbers. Prices are USD with 18 decimals, at most 2e28; shares are WAD. Every rounding is for the desk.
library DeskMath {
    /// @notice How far the market must be from the path.
    uint256 internal constant BAND = 0.08e18;
    /// @notice How far on the desk's side of the market an offer starts.
    uint256 internal constant START = 0.03e18;
    /// @notice How far beyond the market it goes at most.
    uint256 internal constant BEYOND = 0.003e18;
    /// @notice What it moves towards the taker in a minute.
    uint256 internal constant STEP_A_MINUTE = 0.001e18;
    /// @notice In this time it moves by START: what filling a whole day's share takes it back.
    uint256 internal constant START_TIME = 30 minutes;

    uint256 private constant WAD = 1e18;

    /// @notice Where a side begins, and what no price passes: rounded away from the path.
    function line(Side side, uint256 path) internal pure returns (uint256) {
        return
            side == Side.SELL
                ? FixedPointMathLib.mulWadUp(path, WAD + BAND)
                : FixedPointMathLib.mulWad(path, WAD - BAND);
    }

    /// @notice Whether `market` is beyond the line.
    function isBeyond(Side side, uint256 market, uint256 line_) internal pure returns (bool) {
        return side == Side.SELL ? market > line_ : market < line_;
    }

    /// @notice The price of a whole FTNS, in an offer that started at `startedAt`, which may lie ahead (seconds).
    function price(Side side, uint256 market, uint256 line_, uint256 startedAt, uint256 time)
        internal
        pure
        returns (uint256)
    {
        if (side == Side.SELL) {
            // 1 + o
            uint256 share = startedAt > time
                ? WAD + START + _moved(startedAt - time, true)
                : FixedPointMathLib.max(WAD + START - _moved(time - startedAt, false), WAD - BEYOND);
            return FixedPointMathLib.max(FixedPointMathLib.mulWadUp(market, share), line_);
        }
        // 1 - o; what was filled moves an offer back by 3 % a day at most, so that this stays above 0.9.
        uint256 part = startedAt > time
            ? WAD - START - _moved(startedAt - time, true)
            : FixedPointMathLib.min(WAD - START + _moved(time - startedAt, false), WAD + BEYOND);
        return FixedPointMathLib.min(FixedPointMathLib.mulWad(market, part), line_);
    }

    /// @notice What an offer has moved in `time` seconds.
    function _moved(uint256 time, bool roundUp) private pure returns (uint256) {
        return roundUp ? FixedPointMathLib.mulDivUp(time, STEP_A_MINUTE, 1 minutes) : time * STEP_A_MINUTE / 1 minutes;
    }

    /// @notice How much later an offer began once `filled` of the day's `share` is taken (seconds, rounded up).
    function setBack(uint256 filled, uint256 share) internal pure returns (uint256) {
        return FixedPointMathLib.mulDivUp(filled, START_TIME, share);
    }

    /// @notice Reporters that agree with the median, from a round's `confidence = 1 - 2^-(a - d)`, rounded down, and its
    /// `a + d` reports.
    function agreeing(uint256 confidence, uint256 reports) internal pure returns (uint256) {
        if (confidence == 0) return 0;
        // (1 - confidence) is 2^-lead, rounded up by less than a thousandth, so that 1.5 of it is safely between two powers.
        uint256 lead = FixedPointMathLib.log2(3 * WAD / 2 / (WAD - confidence));
        return (reports + lead) / 2;
    }
}
