// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {AccessControlEnumerable} from "@openzeppelin/contracts/access/extensions/AccessControlEnumerable.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title FTNSTimelock
/// @notice OpenZeppelin's TimelockController, which executes what the voters decided and holds the treasury, with two limits
/// that hold whoever asks, the voters too.
///
/// 1. The delay stays between 1 and 30 days: no vote makes the next one immediate, or puts it off for ever.
/// 2. No role loses its last member, and none is everybody's: without a proposer, executor or administrator there would be no
///    next vote, and with an open executor no check of what is executed.
contract FTNSTimelock is TimelockController, AccessControlEnumerable {
    // Constants

    /// @notice Seconds.
    uint256 public constant MIN_DELAY = 1 days;
    /// @notice Seconds.
    uint256 public constant MAX_DELAY = 30 days;

    // Errors

    /// @notice The delay must be between `min` and `max` seconds.
    error DelayOutOfBounds(uint256 delaySec, uint256 min, uint256 max);
    /// @notice `account` is the last one that has `role`. Give the role to somebody else first.
    error LastMember(bytes32 role, address account);
    /// @notice `role` can't be everybody's: anyone could execute past the governor's checks.
    error OpenRole(bytes32 role);

    // Constructor

    /// @param delaySec from a decision to its effect (seconds)
    /// @param admin makes the governor proposer, executor and canceller, and then renounces
    /// @param token FTNS
    /// @param spender takes FTNS only when the timelock itself asks it to: the wrapper. An ordinary vote can't approve anybody, and
    /// could else not wrap what it gives.
    constructor(uint256 delaySec, address admin, IERC20 token, address spender)
        TimelockController(delaySec, new address[](0), new address[](0), admin)
    {
        _checkDelay(delaySec);
        token.approve(spender, type(uint256).max);
    }

    // Views

    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(TimelockController, AccessControlEnumerable)
        returns (bool)
    {
        return super.supportsInterface(interfaceId);
    }

    // Writes

    /// @notice Changes the delay of what is scheduled from now on. Only the timelock itself can.
    /// @param delaySec 1 to 30 days (seconds)
    function updateDelay(uint256 delaySec) public override {
        _checkDelay(delaySec);
        super.updateDelay(delaySec);
    }

    /// @notice Cancels what is scheduled. A canceller alone cannot: it could forbid every decision, its own removal too.
    /// @param id of the operation
    function cancel(bytes32 id) public override onlyRole(PROPOSER_ROLE) {
        super.cancel(id);
    }

    // Internals

    function _grantRole(bytes32 role, address account)
        internal
        override(AccessControl, AccessControlEnumerable)
        returns (bool)
    {
        if (account == address(0)) revert OpenRole(role);
        return super._grantRole(role, account);
    }

    function _revokeRole(bytes32 role, address account)
        internal
        override(AccessControl, AccessControlEnumerable)
        returns (bool revoked)
    {
        revoked = super._revokeRole(role, account);
        if (revoked && getRoleMemberCount(role) == 0) revert LastMember(role, account);
    }

    function _checkDelay(uint256 delaySec) private pure {
        if (delaySec < MIN_DELAY || delaySec > MAX_DELAY) revert DelayOutOfBounds(delaySec, MIN_DELAY, MAX_DELAY);
    }
}
