// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Tier, TierSchedule} from "../../types/Tier.sol";

/// @notice Stands in for the token, the vault and the pool of a registry, and writes down what each was told. The pool pays
/// `value` and owes a third of it, so that both are seen to come back.
contract Counterparts {
    event TokenTold(
        address indexed account, TierSchedule schedule, uint256 capacityAdded, uint256 capacityLimit, uint256 graceUntil
    );
    event VaultTold(address indexed account, TierSchedule schedule, uint256 commitmentDays, uint256 cover);
    event PoolTold(address indexed account, uint8 kind, uint256 value, Tier tier);

    error VaultFails();

    bool public vaultFails;

    function setTierSchedule(
        address account,
        TierSchedule calldata schedule,
        uint256 capacityAdded,
        uint256 capacityLimit,
        uint256 graceUntil
    ) external {
        emit TokenTold(account, schedule, capacityAdded, capacityLimit, graceUntil);
    }

    function setStanding(address account, TierSchedule calldata schedule, uint256 commitmentDays, uint256 cover)
        external
    {
        if (vaultFails) revert VaultFails();
        emit VaultTold(account, schedule, commitmentDays, cover);
    }

    function reward(address account, uint8 kind, uint256 value, Tier tier)
        external
        returns (uint256 earned, uint256 deferred, uint256 vesting)
    {
        emit PoolTold(account, kind, value, tier);
        return (value, value / 3, 0);
    }

    function restrictedSeconds() external pure returns (uint256) {
        return 0;
    }

    function setVaultFails(bool fails) external {
        vaultFails = fails;
    }
}
