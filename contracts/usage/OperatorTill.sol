// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {WrappedFTNS} from "../token/WrappedFTNS.sol";

/// @title OperatorTill
/// @notice Holds what was paid to one operator in single payments, until the router fetches it. Each till is a clone at an address that
/// is known beforehand, so that a payment tells by its receiver whom it is for, and a till costs nothing before it is used.
contract OperatorTill {
    using SafeERC20 for WrappedFTNS;

    error NotTheRouter(address caller);

    // Immutables

    /// @notice Who made it, and who alone empties it.
    address public immutable ROUTER;
    WrappedFTNS public immutable WRAPPER;

    // Constructor

    constructor(WrappedFTNS wrapper) {
        (ROUTER, WRAPPER) = (msg.sender, wrapper);
    }

    // Writes

    /// @notice Sends the router all that may be moved now: nothing in a halt, a tenth a day in recovery mode.
    /// @return amount wFTNS, 24 decimals
    function empty() external returns (uint256 amount) {
        if (msg.sender != ROUTER) revert NotTheRouter(msg.sender);
        amount = WRAPPER.movable(address(this));
        if (amount != 0) WRAPPER.safeTransfer(ROUTER, amount);
    }
}
