// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title DemoPool
/// @notice A constant-product pool as integrators write them: it keeps its reserves in storage and trusts that its token
/// balances move only when it moves them. It stands for every contract that wants wFTNS and must not be given FTNS.
/// @dev For the demo and for tests. One owner's liquidity, no shares, no flash loans.
contract DemoPool {
    using SafeERC20 for IERC20;

    /// @dev Share of what comes in that stays in the pool: 0.3 %.
    uint256 public constant FEE_PER_MILLE = 3;

    IERC20 public immutable TOKEN;
    IERC20 public immutable DOLLAR;

    /// @notice Reserves as the pool remembers them (18 decimals).
    uint256 public tokenReserve;
    uint256 public dollarReserve;

    event LiquidityAdded(address indexed from, uint256 tokens, uint256 dollars);
    event Swapped(address indexed trader, bool tokenIn, uint256 amountIn, uint256 amountOut);

    error ZeroAmount();
    error TooLittleOut(uint256 amountOut, uint256 minOut);

    constructor(IERC20 token, IERC20 dollar) {
        TOKEN = token;
        DOLLAR = dollar;
    }

    /// @notice Whether the pool holds what it remembers. A balance that decays by itself would break this.
    function isSolvent() external view returns (bool) {
        return TOKEN.balanceOf(address(this)) >= tokenReserve && DOLLAR.balanceOf(address(this)) >= dollarReserve;
    }

    /// @notice What `amountIn` buys, rounded down (the pool gains).
    function quote(bool tokenIn, uint256 amountIn) public view returns (uint256 amountOut) {
        (uint256 reserveIn, uint256 reserveOut) =
            tokenIn ? (tokenReserve, dollarReserve) : (dollarReserve, tokenReserve);
        uint256 afterFee = amountIn * (1000 - FEE_PER_MILLE);
        return (afterFee * reserveOut) / (reserveIn * 1000 + afterFee);
    }

    function addLiquidity(uint256 tokens, uint256 dollars) external {
        // Check
        if (tokens == 0 || dollars == 0) revert ZeroAmount();
        // Effect
        tokenReserve += tokens;
        dollarReserve += dollars;
        emit LiquidityAdded(msg.sender, tokens, dollars);
        // Interaction
        TOKEN.safeTransferFrom(msg.sender, address(this), tokens);
        DOLLAR.safeTransferFrom(msg.sender, address(this), dollars);
    }

    /// @notice Swaps `amountIn` of the token (or of the dollar) for at least `minOut` of the other.
    function swap(bool tokenIn, uint256 amountIn, uint256 minOut) external returns (uint256 amountOut) {
        // Check
        if (amountIn == 0) revert ZeroAmount();
        amountOut = quote(tokenIn, amountIn);
        if (amountOut < minOut || amountOut == 0) revert TooLittleOut(amountOut, minOut);
        // Effect
        if (tokenIn) {
            tokenReserve += amountIn;
            dollarReserve -= amountOut;
        } else {
            dollarReserve += amountIn;
            tokenReserve -= amountOut;
        }
        emit Swapped(msg.sender, tokenIn, amountIn, amountOut);
        // Interaction
        (IERC20 paid, IERC20 bought) = tokenIn ? (TOKEN, DOLLAR) : (DOLLAR, TOKEN);
        paid.safeTransferFrom(msg.sender, address(this), amountIn);
        bought.safeTransfer(msg.sender, amountOut);
    }
}
