// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @notice The voting side of a staking vault and nothing else: whoever stakes first delegates to himself.
contract StakedVotes is Votes {
    IERC20 public immutable ASSET;
    mapping(address account => uint256) public staked;

    constructor(IERC20 asset) EIP712("StakedVotes", "1") {
        ASSET = asset;
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function stake(uint256 amount) external {
        ASSET.transferFrom(msg.sender, address(this), amount);
        if (delegates(msg.sender) == address(0)) _delegate(msg.sender, msg.sender);
        staked[msg.sender] += amount;
        _transferVotingUnits(address(0), msg.sender, amount);
    }

    function unstake(uint256 amount) external {
        staked[msg.sender] -= amount;
        _transferVotingUnits(msg.sender, address(0), amount);
        ASSET.transfer(msg.sender, amount);
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return staked[account];
    }
}
