// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Votes that count blocks.
contract BlockClock {
    function clock() external view returns (uint48) {
        return uint48(block.number);
    }
}
