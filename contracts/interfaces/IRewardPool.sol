// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Tier} from "../types/Tier.sol";

/// @title IRewardPool
/// @notice Pays contributors: first from the fees it holds, then by minting within the cap and a daily budget.
interface IRewardPool {
    /// @notice Pays `account` for a contribution. Restricted to the contributor registry.
    /// @param account who earned it
    /// @param value worth of the contribution before multipliers (FTNS, 18 decimals)
    /// @param tier the account's tier once this contribution counts; NONE earns nothing
    /// @return earned `value * M * tierMultiplier`, rounded down (the pool gains)
    /// @return deferred the part of `earned` that did not fit today and became claimable
    function reward(address account, uint256 value, Tier tier) external returns (uint256 earned, uint256 deferred);
}
