// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @title VotingSupply
/// @notice The voting supply, to which every share of votes refers, in ordinary and emergency votes alike.
library VotingSupply {
    /// @dev 1 % of the supply at launch. While little is staked, shares of the stake alone would give control to whoever
    /// stakes first.
    uint256 internal constant FLOOR = 1_000_000e18;

    /// @notice Staked FTNS at `timepoint` (seconds, past), or the floor if that is more.
    function pastOf(IVotes votes, uint256 timepoint) internal view returns (uint256) {
        return FixedPointMathLib.max(votes.getPastTotalSupply(timepoint), FLOOR);
    }
}
