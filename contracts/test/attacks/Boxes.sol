// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStakingVault} from "../../interfaces/IStakingVault.sol";

/// @notice An account of its own, so that it has an exit of its own: the vault keeps one for each account.
contract Box {
    IERC20 private immutable TOKEN;
    IStakingVault private immutable VAULT;
    address private immutable OWNER;

    error NotOwner(address caller);

    constructor(IERC20 token, IStakingVault vault) {
        (TOKEN, VAULT, OWNER) = (token, vault, msg.sender);
        token.approve(address(vault), type(uint256).max);
    }

    modifier onlyOwner() {
        if (msg.sender != OWNER) revert NotOwner(msg.sender);
        _;
    }

    /// @notice Sends all it has towards the exit.
    function sendOut() external onlyOwner {
        uint256 amount = TOKEN.balanceOf(address(this));
        VAULT.stake(amount);
        VAULT.requestUnstake(amount);
    }

    /// @notice Takes out what is ready, and sends it towards the exit again.
    function turn() external onlyOwner {
        uint256 amount = VAULT.withdraw();
        VAULT.stake(amount);
        VAULT.requestUnstake(amount);
    }

    function empty(address to) external onlyOwner {
        TOKEN.transfer(to, VAULT.withdraw());
    }
}

/// @title Boxes
/// @notice A hoarder's boxes, each of which holds coins that are on their way out of the staking vault, or could be had.
contract Boxes {
    IERC20 private immutable TOKEN;
    IStakingVault private immutable VAULT;
    Box[] private _boxes;

    constructor(IERC20 token, IStakingVault vault) {
        (TOKEN, VAULT) = (token, vault);
    }

    /// @notice Puts `each` of the caller's coins into each of `count` more boxes.
    function fill(uint256 count, uint256 each) external {
        for (uint256 i; i < count; ++i) {
            Box box = new Box(TOKEN, VAULT);
            _boxes.push(box);
            TOKEN.transferFrom(msg.sender, address(box), each);
            box.sendOut();
        }
    }

    function turn(uint256 index) external {
        _boxes[index].turn();
    }

    function empty(uint256 from, uint256 to) external {
        for (uint256 i = from; i < to; ++i) {
            _boxes[i].empty(msg.sender);
        }
    }
}
