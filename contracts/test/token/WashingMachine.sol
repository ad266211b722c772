// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title WashingMachine
/// @notice An accomplice that takes a hoarder's coins and gives them back, round after round in one transaction.
contract WashingMachine {
    function wash(IERC20 token, address hoarder, uint256 amount, uint256 rounds) external {
        for (uint256 i = 0; i < rounds; ++i) {
            token.transferFrom(hoarder, address(this), amount);
            token.transfer(hoarder, amount);
        }
    }
}
