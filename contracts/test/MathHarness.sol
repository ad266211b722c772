// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @notice Shows the library's functions to tests, many inputs a call.
contract MathHarness {
    function expWad(int256[] calldata xs) external pure returns (int256[] memory results) {
        results = new int256[](xs.length);
        for (uint256 i = 0; i < xs.length; i++) {
            results[i] = FixedPointMathLib.expWad(xs[i]);
        }
    }

    function lnWad(int256[] calldata xs) external pure returns (int256[] memory results) {
        results = new int256[](xs.length);
        for (uint256 i = 0; i < xs.length; i++) {
            results[i] = FixedPointMathLib.lnWad(xs[i]);
        }
    }

    function sqrt(uint256[] calldata xs) external pure returns (uint256[] memory results) {
        results = new uint256[](xs.length);
        for (uint256 i = 0; i < xs.length; i++) {
            results[i] = FixedPointMathLib.sqrt(xs[i]);
        }
    }

    function fullMulDiv(uint256 a, uint256 b, uint256 divisor) external pure returns (uint256 down, uint256 up) {
        return (FixedPointMathLib.fullMulDiv(a, b, divisor), FixedPointMathLib.fullMulDivUp(a, b, divisor));
    }

    function mulWad(uint256 a, uint256 b) external pure returns (uint256 down, uint256 up) {
        return (FixedPointMathLib.mulWad(a, b), FixedPointMathLib.mulWadUp(a, b));
    }
}
