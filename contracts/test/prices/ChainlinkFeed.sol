// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol";

/// @notice Chainlink's own mock of its aggregator, compiled as it is: the foreign feed that stands in by address alone.
contract ChainlinkFeed is MockV3Aggregator {
    constructor(uint8 decimals_, int256 answer) MockV3Aggregator(decimals_, answer) {}
}
