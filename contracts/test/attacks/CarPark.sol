// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title CarPark
/// @notice Holds anybody's coins in an account of its own, which is in a newcomer's grace. Whoever leaves gets its part of what
/// is there.
contract CarPark {
    IERC20 private immutable TOKEN;
    mapping(address account => uint256) public sharesOf;
    uint256 public totalShares;

    constructor(IERC20 token) {
        TOKEN = token;
    }

    function park(uint256 amount) external {
        uint256 held = TOKEN.balanceOf(address(this));
        uint256 shares = totalShares == 0 ? amount : amount * totalShares / held;
        sharesOf[msg.sender] += shares;
        totalShares += shares;
        TOKEN.transferFrom(msg.sender, address(this), amount);
    }

    function unpark() external {
        uint256 shares = sharesOf[msg.sender];
        uint256 amount = shares * TOKEN.balanceOf(address(this)) / totalShares;
        totalShares -= shares;
        sharesOf[msg.sender] = 0;
        TOKEN.transfer(msg.sender, amount);
    }
}
