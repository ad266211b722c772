// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PaymentRules} from "../../interfaces/IKeeperJobs.sol";
import {PaymentMath} from "../../keepers/PaymentMath.sol";

/// @notice The library's functions, callable.
contract PaymentHarness {
    function paidGasPrice(uint256 gasPrice, uint256 baseFee, PaymentRules memory rules)
        external
        pure
        returns (uint256)
    {
        return PaymentMath.paidGasPrice(gasPrice, baseFee, rules);
    }

    function premium(uint256 lateSec, PaymentRules memory rules) external pure returns (uint256) {
        return PaymentMath.premium(lateSec, rules);
    }

    function amount(uint256 gas, uint256 gasPrice, uint256 premium_, uint256 rate) external pure returns (uint256) {
        return PaymentMath.amount(gas, gasPrice, premium_, rate);
    }

    function rateOf(uint256 coinPrice, uint256 decimals, uint256 ftnsPrice) external pure returns (uint256) {
        return PaymentMath.rateOf(coinPrice, decimals, ftnsPrice);
    }
}
