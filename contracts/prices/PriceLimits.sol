// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title PriceLimits
/// @notice What every price in the protocol obeys: USD with 8 decimals, above zero, at most ten billion dollars.
library PriceLimits {
    uint8 internal constant DECIMALS = 8;

    /// @dev USD, 8 decimals. Fits 64 bits; no honest price of a token of which 100 million exist comes near it.
    uint256 internal constant MAX_PRICE = 1e18;

    /// @dev From 8 decimals to WAD.
    uint256 internal constant TO_WAD = 1e10;
}
