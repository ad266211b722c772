// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

/// @notice A wallet that agrees to everything and votes once more while it is asked.
contract HostileWallet is IERC1271 {
    IGovernor private immutable GOVERNOR;
    uint256 private _proposal;

    constructor(IGovernor governor) {
        GOVERNOR = governor;
    }

    function aimAt(uint256 proposalId) external {
        _proposal = proposalId;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        (bool success,) = address(GOVERNOR).staticcall(abi.encodeCall(IGovernor.castVote, (_proposal, 1)));
        return success ? bytes4(0) : this.isValidSignature.selector;
    }
}
