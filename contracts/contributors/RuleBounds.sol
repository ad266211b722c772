// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";

/// @title RuleBounds
/// @notice Refuses a rule outside its bounds, by name.
library RuleBounds {
    function check(bytes32 rule, uint256 value, uint256 min, uint256 max) internal pure {
        if (value < min || value > max) revert IContributorRegistry.RuleOutOfBounds(rule, value, min, max);
    }

    /// @notice `value` in whole steps. Refuses what is none, so that nothing is rounded where it is stored.
    function steps(bytes32 rule, uint256 value, uint256 step) internal pure returns (uint256) {
        if (value % step != 0) revert IContributorRegistry.RuleTooFine(rule, value, step);
        return value / step;
    }
}
