// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IStakingVault} from "../../interfaces/IStakingVault.sol";

/// @notice Tries in one transaction what took Beanstalk: stakes what was lent to it and makes whatever calls are given.
/// Kinder than reality: the lender waits for the week that leaving takes.
contract FlashVoter {
    function attack(IERC20 token, IStakingVault vault, address[] calldata targets, bytes[] calldata calls) external {
        uint256 loan = token.balanceOf(address(this));
        token.approve(address(vault), loan);
        vault.stake(loan);
        IVotes(address(vault)).delegate(address(this));
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, bytes memory answer) = targets[i].call(calls[i]);
            if (!success) {
                assembly ("memory-safe") {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
        }
        vault.requestUnstake(loan);
    }
}
