// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountWord} from "../token/AccountWord.sol";
import {Demurrage} from "../token/Demurrage.sol";
import {DemurrageRates} from "../token/DemurrageRates.sol";
import {GlobalWord} from "../token/GlobalWord.sol";
import {ParameterTimeline} from "../token/ParameterTimeline.sol";
import {Vouching} from "../token/Vouching.sol";

/// @title DemurrageHarness
/// @notice Settles many account words in one call, so that tests can compare thousands of cases. Never deployed but by tests.
contract DemurrageHarness {
    // Storage

    uint256[] private _timeline;

    // Writes

    /// @notice Each of `words` settled through `day` under the rates of `terms`; meant for `eth_call`.
    /// @param terms as in ParameterTimeline, oldest first
    function settleAll(uint256[] calldata terms, uint256 day, uint256[] calldata words)
        external
        returns (uint256[] memory settled, uint256[] memory fees)
    {
        _timeline = terms;
        uint256 globalWord = _globalWord();
        settled = new uint256[](words.length);
        fees = new uint256[](words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            (settled[i], fees[i]) = Demurrage.settle(words[i], day, globalWord, _timeline);
        }
    }

    /// @notice `word` settled through each of `stops` in turn, the last of which is the end of the way.
    function settleInSteps(uint256[] calldata terms, uint256[] calldata words, uint256[][] calldata stops)
        external
        returns (uint256[] memory settled, uint256[] memory fees)
    {
        _timeline = terms;
        uint256 globalWord = _globalWord();
        settled = new uint256[](words.length);
        fees = new uint256[](words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            settled[i] = words[i];
            for (uint256 j = 0; j < stops[i].length; ++j) {
                uint256 fee;
                (settled[i], fee) = Demurrage.settle(settled[i], stops[i][j], globalWord, _timeline);
                fees[i] += fee;
            }
        }
    }

    // Views

    /// @notice The fee of each of `words`, settled the day before, by the path for one day and by the walk.
    function bothWays(uint256 rates, uint256[] calldata words)
        external
        pure
        returns (uint256[] memory quick, uint256[] memory walked)
    {
        quick = new uint256[](words.length);
        walked = new uint256[](words.length);
        uint256[] memory terms = new uint256[](1);
        terms[0] = rates;
        for (uint256 i = 0; i < words.length; ++i) {
            (, quick[i]) = Demurrage.oneDay(words[i], rates);
            walked[i] = Demurrage.feeUnder(words[i], AccountWord.settledDay(words[i]) + 1, terms);
        }
    }

    /// @notice Both words of each pair after each of `values`, by the way in place and by the way for any account.
    function exchangeBothWays(uint256[2][] calldata pairs, uint256[] calldata values, uint256 today)
        external
        pure
        returns (bool[] memory usual, uint256[2][] memory inPlace, uint256[2][] memory anyWay)
    {
        usual = new bool[](pairs.length);
        inPlace = new uint256[2][](pairs.length);
        anyWay = new uint256[2][](pairs.length);
        for (uint256 i = 0; i < pairs.length; ++i) {
            (uint256 from, uint256 to) = (pairs[i][0], pairs[i][1]);
            usual[i] = (from | to) & Vouching.UNUSUAL == 0;
            (inPlace[i][0], inPlace[i][1]) = Vouching.lendInPlace(from, to, values[i], today);
            (anyWay[i][0], anyWay[i][1]) = Vouching.exchange(from, to, values[i], today);
        }
    }

    /// @notice The band that the token shows for a velocity (WAD).
    function bandOfVelocity(uint256 velocity) external pure returns (uint256) {
        return DemurrageRates.bandOfVelocity(velocity);
    }

    // Internals

    /// @dev As the token keeps it: the rates of the latest term, and the day before that term starts.
    function _globalWord() private view returns (uint256) {
        uint256 latest = ParameterTimeline.latest(_timeline);
        uint256 start = ParameterTimeline.startOf(latest);
        uint256 historyDay = start == 0 ? 0 : start - 1;
        return (ParameterTimeline.ratesOf(latest) << GlobalWord.RATES_SHIFT) | (historyDay << GlobalWord.HISTORY_SHIFT);
    }
}
