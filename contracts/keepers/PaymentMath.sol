// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PaymentRules} from "../interfaces/IKeeperJobs.sol";

/// @title PaymentMath
/// @notice What a job is paid, before the day's cap and the pool's funds. All roundings are down: against the executor.
library PaymentMath {
    uint256 private constant WAD = 1e18;

    /// @notice The price of a unit of gas that is paid for (wei).
    function paidGasPrice(uint256 gasPrice, uint256 baseFee, PaymentRules memory rules)
        internal
        pure
        returns (uint256)
    {
        return Math.min(Math.min(gasPrice, baseFee + rules.maxTip), rules.maxGasPrice);
    }

    /// @notice Rises linearly from `basePremium` to `maxPremium` in `riseSec`, and then no more (WAD).
    function premium(uint256 lateSec, PaymentRules memory rules) internal pure returns (uint256) {
        uint256 counted = Math.min(lateSec, rules.riseSec);
        return rules.basePremium + (rules.maxPremium - rules.basePremium) * counted / rules.riseSec;
    }

    /// @notice FTNS for `gas` units at `gasPrice` wei. The bounds of the settings keep the product below 2^256:
    /// 1e7 * 1e13 * 3e18 * 1e27 = 3e65.
    function amount(uint256 gas, uint256 gasPrice, uint256 premium_, uint256 rate) internal pure returns (uint256) {
        return gas * gasPrice * (WAD + premium_) * rate / (WAD * WAD);
    }

    /// @notice FTNS per coin (WAD) from `coinPrice` (USD with `decimals` decimals, at most 18) and `ftnsPrice` (USD, 18 decimals).
    function rateOf(uint256 coinPrice, uint256 decimals, uint256 ftnsPrice) internal pure returns (uint256) {
        return coinPrice * 10 ** (18 - decimals) * WAD / ftnsPrice;
    }
}
