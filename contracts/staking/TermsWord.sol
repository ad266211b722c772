// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMultiplierHistory} from "../interfaces/IMultiplierHistory.sol";
import {IStakingVault, YieldTerms} from "../interfaces/IStakingVault.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier} from "../types/Tier.sol";

/// @title TermsWord
/// @notice The terms of yield in one word, and their bounds:
///
///     | startDay 16 | maxRate 16 | commitmentRate 12 | baseRate 12 | tierMultiplier 4 x 10 | multiplierSource 160 |
///
/// Rates in basis points, multipliers in hundredths: their product is a whole number of WAD, so a rate is never rounded.
library TermsWord {
    uint256 internal constant MAX_BASE_RATE = 0.2e18;
    uint256 internal constant MAX_COMMITMENT_RATE = 0.05e18;
    uint256 internal constant MIN_MAX_RATE = 0.01e18;
    uint256 internal constant MAX_MAX_RATE = 0.5e18;
    uint256 internal constant MAX_TIER_MULTIPLIER = 3e18;

    uint256 private constant BASIS_POINT = 0.0001e18;
    uint256 private constant HUNDREDTH = 0.01e18;
    uint256 private constant MULTIPLIERS_SHIFT = 160;
    uint256 private constant BASE_SHIFT = 200;
    uint256 private constant COMMITMENT_SHIFT = 212;
    uint256 private constant MAX_SHIFT = 224;
    uint256 private constant START_SHIFT = 240;
    uint256 private constant RATE_MASK = (1 << 12) - 1;
    uint256 private constant MULTIPLIER_BITS = 10;
    uint256 private constant MULTIPLIER_MASK = (1 << MULTIPLIER_BITS) - 1;

    /// @notice The word of `terms` from day `startDay` on. Refuses what is out of bounds, and what the word cannot hold.
    function pack(YieldTerms memory terms, uint256 startDay) internal pure returns (uint256 word) {
        word = (startDay << START_SHIFT) | uint160(address(terms.multiplierSource));
        word |= _steps("maxRate", terms.maxRate, MIN_MAX_RATE, MAX_MAX_RATE, BASIS_POINT) << MAX_SHIFT;
        word |= _steps("baseRate", terms.baseRate, 0, MAX_BASE_RATE, BASIS_POINT) << BASE_SHIFT;
        word |= _steps("commitmentRate", terms.commitmentRate, 0, MAX_COMMITMENT_RATE, BASIS_POINT) << COMMITMENT_SHIFT;
        uint256 below;
        for (uint256 tier; tier < 4; ++tier) {
            uint256 multiplier = terms.tierMultiplier[tier];
            if (multiplier < below) revert IStakingVault.TierMultipliersNotAscending(Tier(tier));
            below = multiplier;
            uint256 steps = _steps("tierMultiplier", multiplier, 0, MAX_TIER_MULTIPLIER, HUNDREDTH);
            word |= steps << (MULTIPLIERS_SHIFT + tier * MULTIPLIER_BITS);
        }
    }

    function unpack(uint256 word) internal pure returns (YieldTerms memory terms) {
        terms.multiplierSource = sourceOf(word);
        terms.baseRate = ((word >> BASE_SHIFT) & RATE_MASK) * BASIS_POINT;
        terms.commitmentRate = ((word >> COMMITMENT_SHIFT) & RATE_MASK) * BASIS_POINT;
        terms.maxRate = maxRateOf(word);
        for (uint256 tier; tier < 4; ++tier) {
            terms.tierMultiplier[tier] = _multiplier(word, tier) * HUNDREDTH;
        }
    }

    function startDayOf(uint256 word) internal pure returns (uint256) {
        return word >> START_SHIFT;
    }

    /// @notice First second of the terms. Those at launch begin with the epoch, as day 0 does.
    function startOf(uint256 word) internal pure returns (uint256) {
        uint256 day = startDayOf(word);
        return day == 0 ? 0 : ProtocolTime.startOf(day);
    }

    function sourceOf(uint256 word) internal pure returns (IMultiplierHistory) {
        return IMultiplierHistory(address(uint160(word)));
    }

    /// @notice Upper limit of the rate (WAD a year).
    function maxRateOf(uint256 word) internal pure returns (uint256) {
        return ((word >> MAX_SHIFT) & type(uint16).max) * BASIS_POINT;
    }

    /// @notice `(baseRate + commitmentRate * commitments) * tierMultiplier` (WAD a year), exact.
    function rateOf(uint256 word, uint256 tier, uint256 commitments) internal pure returns (uint256) {
        unchecked {
            uint256 rate = ((word >> BASE_SHIFT) & RATE_MASK) + ((word >> COMMITMENT_SHIFT) & RATE_MASK) * commitments;
            return rate * _multiplier(word, tier) * (BASIS_POINT * HUNDREDTH / 1e18);
        }
    }

    function _multiplier(uint256 word, uint256 tier) private pure returns (uint256) {
        return (word >> (MULTIPLIERS_SHIFT + tier * MULTIPLIER_BITS)) & MULTIPLIER_MASK;
    }

    function _steps(bytes32 term, uint256 value, uint256 min, uint256 max, uint256 step)
        private
        pure
        returns (uint256)
    {
        if (value < min || value > max) revert IStakingVault.TermOutOfBounds(term, value, min, max);
        if (value % step != 0) revert IStakingVault.TermTooFine(term, value, step);
        return value / step;
    }
}
