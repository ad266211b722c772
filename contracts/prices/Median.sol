// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibSort} from "solady/src/utils/LibSort.sol";

/// @title Median
/// @notice The middle of what a few reporters say, and how many of them stand near it.
library Median {
    /// @dev A value agrees when it is off by at most one part in 50, which is 2 %.
    uint256 internal constant AGREEMENT_PARTS = 50;

    /// @notice Median of `values`; for an even count the mean of the two middle ones, rounded down (nobody gains: prices have
    /// eight decimals).
    /// @dev Sorts `values` in place, which takes at most 32 * 31 / 2 steps. Unchecked: every value is below 2^80.
    function median(uint256[] memory values) internal pure returns (uint256) {
        LibSort.insertionSort(values);
        unchecked {
            uint256 half = values.length / 2;
            return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
        }
    }

    /// @notice Median of `values`; for an even count the larger of the two middle ones. Sorts `values` in place.
    function upperMedian(uint256[] memory values) internal pure returns (uint256) {
        LibSort.insertionSort(values);
        unchecked {
            return values[values.length / 2];
        }
    }

    /// @notice Median of `values`; for an even count the smaller of the two middle ones. Sorts `values` in place.
    function lowerMedian(uint256[] memory values) internal pure returns (uint256) {
        LibSort.insertionSort(values);
        unchecked {
            return values[(values.length - 1) / 2];
        }
    }

    /// @notice How many of `values` lie within 2 % of `middle`, both ends included.
    /// @dev Unchecked: every value is below 2^80.
    function agreeing(uint256[] memory values, uint256 middle) internal pure returns (uint256 count) {
        unchecked {
            for (uint256 i = 0; i < values.length; ++i) {
                uint256 distance = values[i] > middle ? values[i] - middle : middle - values[i];
                if (distance * AGREEMENT_PARTS <= middle) ++count;
            }
        }
    }
}
