// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice OpenZeppelin's token as it comes, to measure gas against.
contract PlainERC20 is ERC20, ERC20Permit {
    constructor(address holder, uint256 supply) ERC20("Plain", "PLAIN") ERC20Permit("Plain") {
        _mint(holder, supply);
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
