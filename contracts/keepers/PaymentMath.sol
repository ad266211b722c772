// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title PaymentMath
/// @notice What a job is paid, before the pool's funds. All roundings are down: against the executor.
library PaymentMath {
    uint256 private constant WAD = 1e18;
    /// @dev A tip is paid back up to this part of the base fee: a fifth.
    uint256 internal constant TIP_DIVISOR = 5;

    /// @notice What is paid for a unit of gas (wei): the base fee, which is burned, with the premium; the tip, which whoever
    /// builds the block may pay to itself, without.
    /// @return base at most `maxGasPrice`
    /// @return tip at most a fifth of it, and with it at most `maxGasPrice`
    function paidGasPrice(uint256 gasPrice, uint256 baseFee, uint256 maxGasPrice)
        internal
        pure
        returns (uint256 base, uint256 tip)
    {
        uint256 price = Math.min(gasPrice, maxGasPrice);
        base = Math.min(price, baseFee);
        tip = Math.min(price - base, base / TIP_DIVISOR);
    }

    /// @notice Rises linearly from `basePremium` to `maxPremium` in `riseSec`, and then no more (WAD).
    function premium(uint256 lateSec, uint256 basePremium, uint256 maxPremium, uint256 riseSec)
        internal
        pure
        returns (uint256)
    {
        return basePremium + (maxPremium - basePremium) * Math.min(lateSec, riseSec) / riseSec;
    }

    /// @notice FTNS for `gas` units at `base` and `tip` wei, and for a data fee of `dataFee` wei. The premium comes on the base
    /// fee alone. The bounds of the settings keep the product below 2^256: (1e7 * 1e13 * 3e18 + 1e17 * 1e18) * 1e27 < 4e65.
    function amount(uint256 gas, uint256 base, uint256 tip, uint256 dataFee, uint256 premium_, uint256 rate)
        internal
        pure
        returns (uint256)
    {
        return (gas * base * (WAD + premium_) + (gas * tip + dataFee) * WAD) * rate / (WAD * WAD);
    }

    /// @notice FTNS per coin (WAD) from `coinPrice` (USD with `decimals` decimals, at most 18) and `ftnsPrice` (USD, 18 decimals).
    function rateOf(uint256 coinPrice, uint256 decimals, uint256 ftnsPrice) internal pure returns (uint256) {
        return coinPrice * 10 ** (18 - decimals) * WAD / ftnsPrice;
    }
}
