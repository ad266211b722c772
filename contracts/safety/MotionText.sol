// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {Motion} from "../interfaces/IEmergencyGovernor.sol";
import {Action} from "../types/Emergency.sol";

/// @title MotionText
/// @notice A motion as the call and the words that OpenZeppelin's governor knows it by.
library MotionText {
    function callsOf(Motion memory motion, address breaker)
        internal
        pure
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas)
    {
        targets = new address[](1);
        values = new uint256[](1);
        calldatas = new bytes[](1);
        targets[0] = breaker;
        calldatas[0] = abi.encodeCall(ICircuitBreaker.carryOut, (motion.id, motion.action, motion.ending));
    }

    function describe(Motion memory motion) internal pure returns (string memory) {
        return string.concat(
            "Emergency motion ", Strings.toString(motion.id), motion.ending ? ": end of " : ": ", nameOf(motion.action)
        );
    }

    function nameOf(Action action) internal pure returns (string memory) {
        if (action == Action.PAUSE_ADJUSTMENTS) return "pause adjustments";
        if (action == Action.HALT_TRANSACTIONS) return "halt transactions";
        if (action == Action.RATE_RESET) return "rate reset";
        return "recovery mode";
    }
}
