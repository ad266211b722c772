// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Stands in for the reward pool and pays of each yield as much as it is told, out of what it holds.
contract MeteredPool {
    IERC20 private immutable TOKEN;
    uint256 private _earnedMeans;
    uint256 private _recycledMeans;

    event Asked(address account, uint256 earned, uint256 recycled);

    constructor(IERC20 token) {
        TOKEN = token;
    }

    function setMeans(uint256 earned, uint256 recycled) external {
        (_earnedMeans, _recycledMeans) = (earned, recycled);
    }

    function payYield(address account, uint256 earned, uint256 recycled)
        external
        returns (uint256 unpaidEarned, uint256 unpaidRecycled)
    {
        emit Asked(account, earned, recycled);
        (uint256 fromEarned, uint256 fromRecycled) =
            (Math.min(earned, _earnedMeans), Math.min(recycled, _recycledMeans));
        TOKEN.transfer(account, fromEarned + fromRecycled);
        return (earned - fromEarned, recycled - fromRecycled);
    }
}
