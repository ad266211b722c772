// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What voters read.
contract HonestTarget {
    bool public paid;

    function pay() external {
        paid = true;
    }
}

/// @notice What they would get.
contract EvilTarget {
    bool public stolen;

    function pay() external {
        stolen = true;
    }
}
