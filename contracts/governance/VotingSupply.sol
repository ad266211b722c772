// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @title VotingSupply
/// @notice What a share of the votes is a share of, in ordinary and emergency votes alike.
library VotingSupply {
    /// @dev 1 % of the supply at launch. While next to nothing is staked, shares of it would hand the protocol to whoever
    /// stakes first.
    uint256 internal constant FLOOR = 1_000_000e18;

    /// @notice Staked FTNS at `timepoint` (seconds, past), or the floor if that is more.
    function pastOf(IVotes votes, uint256 timepoint) internal view returns (uint256) {
        return FixedPointMathLib.max(votes.getPastTotalSupply(timepoint), FLOOR);
    }
}
