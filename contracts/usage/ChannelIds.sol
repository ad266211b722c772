// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChannelTerms} from "../types/Channel.sol";

/// @title ChannelIds
/// @notice How a channel is named. The contract and the chain stand in the domain of what is signed about it.
library ChannelIds {
    function idOf(ChannelTerms calldata terms) internal pure returns (bytes32) {
        return idOf(terms.payer, terms.operator, terms.voucherKey, terms.salt);
    }

    function idOf(address payer, address operator, address voucherKey, uint256 salt) internal pure returns (bytes32) {
        return keccak256(abi.encode(payer, operator, voucherKey, salt));
    }
}
