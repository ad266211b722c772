// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";

/// @title FTNSAccessManager
/// @notice OpenZeppelin's AccessManager with two limits that hold whoever asks, the voters too.
///
/// 1. No delay is longer than 30 days: a longer one would let one vote forbid all later ones.
/// 2. A role of power never loses its last effective member: nobody could give it back.
contract FTNSAccessManager is AccessManager {
    using EnumerableSet for EnumerableSet.AddressSet;

    // Constants

    /// @notice Longest execution, grant and admin delay (seconds).
    uint32 public constant MAX_DELAY = 30 days;
    /// @notice Members that a role of power may have. So looking for a successor has a bound.
    uint256 public constant MAX_MEMBERS = 16;
    /// @notice The roles of power: ADMIN, BREAKER, GOVERNOR and EMERGENCY, by their numbers in deploy/wiring.ts, as bits.
    uint256 public constant ROLES_OF_POWER = 1 << 0 | 1 << 4 | 1 << 5 | 1 << 7;

    // Storage

    mapping(uint64 roleId => EnumerableSet.AddressSet) private _members;

    // Errors

    /// @notice A delay of `delaySec` seconds is longer than `max`.
    error DelayTooLong(uint32 delaySec, uint32 max);
    /// @notice `account` is the last one that has role `roleId` now. Give the role to somebody else first.
    error LastMember(uint64 roleId, address account);
    /// @notice Role `roleId` has as many members as it may have.
    error TooManyMembers(uint64 roleId, uint256 max);

    // Constructor

    /// @param initialAdmin holds every power until it hands it over
    constructor(address initialAdmin) AccessManager(initialAdmin) {}

    // Views

    /// @notice Who has, or will have after a grant delay, the role of power `roleId`.
    /// @param roleId a role of power; others are not recorded
    /// @return at most `MAX_MEMBERS`
    function membersOf(uint64 roleId) external view returns (address[] memory) {
        return _members[roleId].values();
    }

    // Internals

    function _grantRole(uint64 roleId, address account, uint32 grantDelay, uint32 executionDelay)
        internal
        override
        returns (bool)
    {
        _checkDelay(executionDelay);
        if (_isOfPower(roleId) && _members[roleId].add(account) && _members[roleId].length() > MAX_MEMBERS) {
            revert TooManyMembers(roleId, MAX_MEMBERS);
        }
        return super._grantRole(roleId, account, grantDelay, executionDelay);
    }

    function _revokeRole(uint64 roleId, address account) internal override returns (bool revoked) {
        revoked = super._revokeRole(roleId, account);
        if (!revoked || !_isOfPower(roleId)) return revoked;
        _members[roleId].remove(account);
        // At most MAX_MEMBERS. A member whose grant is not in effect yet is no successor.
        uint256 left = _members[roleId].length();
        for (uint256 i = 0; i < left; ++i) {
            (bool isMember,) = hasRole(roleId, _members[roleId].at(i));
            if (isMember) return revoked;
        }
        revert LastMember(roleId, account);
    }

    function _setGrantDelay(uint64 roleId, uint32 newDelay) internal override {
        _checkDelay(newDelay);
        super._setGrantDelay(roleId, newDelay);
    }

    function _setTargetAdminDelay(address target, uint32 newDelay) internal override {
        _checkDelay(newDelay);
        super._setTargetAdminDelay(target, newDelay);
    }

    function _isOfPower(uint64 roleId) private pure returns (bool) {
        return roleId < 256 && ROLES_OF_POWER >> roleId & 1 == 1;
    }

    function _checkDelay(uint32 delaySec) private pure {
        if (delaySec > MAX_DELAY) revert DelayTooLong(delaySec, MAX_DELAY);
    }
}
