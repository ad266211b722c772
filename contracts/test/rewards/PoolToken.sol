// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice What the pool sees of the token, without demurrage: funds, supply and recovery mode are what a test makes them.
contract PoolToken is ERC20 {
    /// @notice A payment that counts as activity.
    event RewardCounted(address indexed to, uint256 fromFunds, uint256 minted);

    error MintingStopped(uint256 until);
    error SupplyCapExceeded(uint256 supplyAfter, uint256 cap);

    uint256 public constant MAX_SUPPLY = 1_000_000_000e18;
    address public immutable REWARD_POOL;
    uint256 public recoveryUntil;

    constructor(address pool, uint256 supply) ERC20("FTNS", "FTNS") {
        REWARD_POOL = pool;
        _mint(msg.sender, supply);
    }

    function setRecovery(uint256 until) external {
        recoveryUntil = until;
    }

    /// @notice Makes the supply outside the pool this much larger or smaller.
    function changeSupply(int256 change) external {
        if (change > 0) _mint(msg.sender, uint256(change));
        else _burn(msg.sender, uint256(-change));
    }

    function mint(address to, uint256 amount) public {
        if (recoveryUntil > block.timestamp) revert MintingStopped(recoveryUntil);
        if (totalSupply() + amount > MAX_SUPPLY) revert SupplyCapExceeded(totalSupply() + amount, MAX_SUPPLY);
        _mint(to, amount);
    }

    function payReward(address to, uint256 fromFunds, uint256 minted) external {
        emit RewardCounted(to, fromFunds, minted);
        if (fromFunds != 0) _transfer(msg.sender, to, fromFunds);
        if (minted != 0) mint(to, minted);
    }
}
