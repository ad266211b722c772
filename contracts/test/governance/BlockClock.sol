// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Votes that count blocks.
contract BlockClock {
    /// @dev A staking vault has one.
    function TOKEN() external view returns (address) {
        return address(this);
    }

    function clock() external view returns (uint48) {
        return uint48(block.number);
    }
}
