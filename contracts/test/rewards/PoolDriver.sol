// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRewardPool} from "../../interfaces/IRewardPool.sol";
import {Purpose} from "../../types/Purpose.sol";
import {Tier} from "../../types/Tier.sol";

/// @notice Makes many payments in one transaction, as the registry, the vault and the keepers' jobs in one; claims for itself; and
/// accepts any signature that is `SIGNED`.
contract PoolDriver {
    bytes public constant SIGNED = "as you say";

    struct Payment {
        Purpose purpose;
        address account;
        uint8 kind;
        Tier tier;
        uint256 amount; // value, earned yield, or service
        uint256 recycled;
    }

    function pay(IRewardPool pool, Payment[] calldata payments) external {
        for (uint256 i; i < payments.length; ++i) {
            Payment calldata p = payments[i];
            if (p.purpose == Purpose.CONTRIBUTIONS) pool.reward(p.account, p.kind, p.amount, p.tier);
            else if (p.purpose == Purpose.YIELD) pool.payYield(p.account, p.amount, p.recycled);
            else if (p.purpose == Purpose.SERVICES) pool.payKeeper(p.account, p.amount);
        }
    }

    function claim(IRewardPool pool) external {
        pool.claim();
    }

    function isValidSignature(bytes32, bytes calldata signature) external pure returns (bytes4) {
        return keccak256(signature) == keccak256(SIGNED) ? this.isValidSignature.selector : bytes4(0);
    }
}
