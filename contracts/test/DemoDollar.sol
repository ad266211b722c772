// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice Play money with 18 decimals that anyone may print: the other side of the demo's pool.
contract DemoDollar is ERC20 {
    constructor() ERC20("Demo Dollar", "dUSD") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
