// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PaymentMath} from "../../keepers/PaymentMath.sol";

/// @notice The library's functions, callable.
contract PaymentHarness {
    function paidGasPrice(uint256 gasPrice, uint256 baseFee, uint256 maxGasPrice)
        external
        pure
        returns (uint256 base, uint256 tip)
    {
        return PaymentMath.paidGasPrice(gasPrice, baseFee, maxGasPrice);
    }

    function premium(uint256 lateSec, uint256 basePremium, uint256 maxPremium, uint256 riseSec)
        external
        pure
        returns (uint256)
    {
        return PaymentMath.premium(lateSec, basePremium, maxPremium, riseSec);
    }

    function amount(uint256 gas, uint256 base, uint256 tip, uint256 dataFee, uint256 premium_, uint256 rate)
        external
        pure
        returns (uint256)
    {
        return PaymentMath.amount(gas, base, tip, dataFee, premium_, rate);
    }

    function rateOf(uint256 coinPrice, uint256 decimals, uint256 ftnsPrice) external pure returns (uint256) {
        return PaymentMath.rateOf(coinPrice, decimals, ftnsPrice);
    }
}
