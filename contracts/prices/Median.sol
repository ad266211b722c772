// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Median
/// @notice The middle of what a few reporters say, and how many of them stand near it. All values must ascend and be below 2^80;
/// there must be one. Unchecked, since nothing below 2^80 overflows here.
library Median {
    /// @dev A value agrees when it is off by at most one part in 50, which is 2 %.
    uint256 internal constant AGREEMENT_PARTS = 50;

    /// @notice Median of `values`; for an even count the mean of the two middle ones, rounded down (nobody gains: prices have
    /// eight decimals).
    function median(uint256[] memory values) internal pure returns (uint256) {
        unchecked {
            uint256 half = values.length / 2;
            return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
        }
    }

    /// @notice Median of `values`; for an even count the larger of the two middle ones.
    function upperMedian(uint256[] memory values) internal pure returns (uint256) {
        unchecked {
            return values[values.length / 2];
        }
    }

    /// @notice Median of `values`; for an even count the smaller of the two middle ones.
    function lowerMedian(uint256[] memory values) internal pure returns (uint256) {
        unchecked {
            return values[(values.length - 1) / 2];
        }
    }

    /// @notice How many of `values` lie within 2 % of `middle`, both ends included.
    /// @dev Mostly all do, and then the first and the last tell.
    function agreeing(uint256[] memory values, uint256 middle) internal pure returns (uint256 count) {
        unchecked {
            uint256 length = values.length;
            if (_agrees(values[0], middle) && _agrees(values[length - 1], middle)) return length;
            for (uint256 i = 0; i < length; ++i) {
                if (_agrees(values[i], middle)) ++count;
            }
        }
    }

    /// @dev 49 middle <= 50 value <= 51 middle, in one comparison: whatever is below wraps around to far above.
    function _agrees(uint256 value, uint256 middle) private pure returns (bool) {
        unchecked {
            return value * AGREEMENT_PARTS - middle * (AGREEMENT_PARTS - 1) <= 2 * middle;
        }
    }
}
