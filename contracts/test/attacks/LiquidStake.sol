// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStakingVault} from "../../interfaces/IStakingVault.sol";

/// @title LiquidStake
/// @notice A third party's shares of one large stake. A share can be paid with at any time, and never shrinks by demurrage,
/// because the coins behind it stay staked. Only who wants the coins themselves has to leave, for everybody's seven days: the
/// vault knows one exit of this contract.
/// @dev The least that makes the point: no fee, no queue, and what it earns is only shared by those who leave last.
contract LiquidStake is ERC20 {
    IERC20 private immutable TOKEN;
    IStakingVault private immutable VAULT;
    mapping(address account => uint256) private _leaving;
    uint256 private _allLeaving;

    constructor(IERC20 token, IStakingVault vault) ERC20("Liquid stake", "lFTNS") {
        (TOKEN, VAULT) = (token, vault);
        token.approve(address(vault), type(uint256).max);
    }

    /// @notice Stakes `amount` and gives as much of the shares as it is of the stake.
    function deposit(uint256 amount) external {
        uint256 staked = VAULT.stakedOf(address(this));
        TOKEN.transferFrom(msg.sender, address(this), amount);
        VAULT.stake(amount);
        _mint(msg.sender, staked == 0 ? amount : amount * totalSupply() / staked);
    }

    /// @notice Stakes what the stake has earned, for all.
    function compound() external {
        VAULT.claim();
        VAULT.stake(TOKEN.balanceOf(address(this)));
    }

    function requestOut(uint256 shares) external {
        uint256 amount = shares * VAULT.stakedOf(address(this)) / totalSupply();
        _burn(msg.sender, shares);
        _leaving[msg.sender] += amount;
        _allLeaving += amount;
        VAULT.requestUnstake(amount);
    }

    /// @notice Pays the caller its part of what has come out.
    function takeOut() external {
        VAULT.withdraw();
        uint256 part = TOKEN.balanceOf(address(this)) * _leaving[msg.sender] / _allLeaving;
        _allLeaving -= _leaving[msg.sender];
        _leaving[msg.sender] = 0;
        TOKEN.transfer(msg.sender, part);
    }
}
