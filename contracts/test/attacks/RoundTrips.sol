// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title RoundTrips
/// @notice Sends a hoarder's coins to each of its accomplices and back, all in one transaction. All have given it an allowance.
contract RoundTrips {
    function make(IERC20 token, address hoarder, address[] calldata accomplices, uint256 amount) external {
        for (uint256 i; i < accomplices.length; ++i) {
            token.transferFrom(hoarder, accomplices[i], amount);
            token.transferFrom(accomplices[i], hoarder, amount);
        }
    }
}
