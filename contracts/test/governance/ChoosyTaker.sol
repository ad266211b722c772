// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Takes coins only when its owner wants, and burns gas then.
contract ChoosyTaker {
    error NotNow();

    uint256 private immutable BURNT;
    bool public isWilling;

    /// @param burnt gas that taking coins costs, about
    constructor(uint256 burnt) {
        BURNT = burnt;
    }

    function setWilling(bool willing) external {
        isWilling = willing;
    }

    receive() external payable {
        if (!isWilling) revert NotNow();
        if (BURNT == 0) return;
        uint256 until = gasleft() - BURNT;
        uint256 x;
        while (gasleft() > until) {
            x = uint256(keccak256(abi.encode(x)));
        }
    }
}
