// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A wallet with code (ERC-1271) that accepts its owner's signatures, and can be made to misbehave.
contract WalletMock is IERC1271 {
    enum Mood {
        HONEST,
        REFUSING,
        REVERTING,
        /// Answers with a single zero byte.
        MUMBLING,
        /// Calls back before it accepts whatever it is shown.
        REENTERING
    }

    error CallFailed(bytes reason);

    address public immutable OWNER;
    Mood public mood;
    address private _target;
    bytes private _callback;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (mood == Mood.REVERTING) revert("no");
        if (mood == Mood.REFUSING) return 0xffffffff;
        if (mood == Mood.MUMBLING) {
            assembly ("memory-safe") {
                mstore(0, 0)
                return(0, 1)
            }
        }
        if (mood == Mood.REENTERING) {
            // The declared view is no obstacle: a wallet may compile to anything.
            _asIfWritable(_reenter)();
            return IERC1271.isValidSignature.selector;
        }
        (address recovered,,) = ECDSA.tryRecover(hash, signature);
        return recovered == OWNER ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    function setMood(Mood mood_) external {
        mood = mood_;
    }

    /// @notice What a REENTERING wallet calls.
    function setCallback(address target, bytes calldata data) external {
        _target = target;
        _callback = data;
    }

    /// @notice Lets the wallet act as a contributor of its own.
    function execute(address target, bytes calldata data) external returns (bytes memory result) {
        bool success;
        (success, result) = target.call(data);
        if (!success) revert CallFailed(result);
    }

    function _reenter() private {
        (bool success, bytes memory reason) = _target.call(_callback);
        if (!success) revert CallFailed(reason);
    }

    function _asIfWritable(function() internal f) private pure returns (function() internal view g) {
        assembly ("memory-safe") {
            g := f
        }
    }
}
