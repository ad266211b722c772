// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @title DirectCaller
/// @notice Functions that one contract of the protocol calls all the time know it by a stored address beside them. Everybody
/// else is asked of the access manager, as for any restricted function: a proof costs 25,000 gas less that way.
/// @dev Whoever sets such an address gives away what the function does, so its setter is `restricted`, and refuses an
/// address without code.
abstract contract DirectCaller is AccessManaged {
    /// @notice A direct caller must be a contract.
    error CallerWithoutCode(address caller);

    /// @dev `direct` passes; any other caller needs a role, as with `restricted`.
    modifier onlyDirect(address direct) {
        if (msg.sender != direct) _checkRole();
        _;
    }

    // Internals

    /// @dev Once in the code, however many functions ask.
    function _checkRole() private {
        _checkCanCall(_msgSender(), _msgData());
    }

    function _requireCode(address caller) internal view {
        if (caller.code.length == 0) revert CallerWithoutCode(caller);
    }
}
