// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {IFTNSGovernor} from "../interfaces/IFTNSGovernor.sol";

/// @title PinnedCode
/// @notice Voters read the code of a proposal's targets; what runs in the end must be that code. In May 2023 the code behind
/// an accepted proposal of Tornado Cash was replaced between vote and execution.
///
/// The check is at the execution itself. So the governor must be the timelock's only executor: `execute` is open to anyone,
/// while an open executor role on the timelock would be a way around the check. What a target calls in turn is not pinned:
/// our own contracts have no code that can be replaced, and the timelock makes no delegatecalls.
abstract contract PinnedCode is GovernorTimelockControl, IFTNSGovernor {
    // Storage

    /// @inheritdoc IFTNSGovernor
    mapping(uint256 proposalId => bytes32) public codeOf;

    // Internals

    /// @inheritdoc Governor
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal virtual override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        for (uint256 i = 0; i < targets.length; ++i) {
            _checkTarget(targets[i]);
        }
        codeOf[proposalId] = _codeHash(targets);
    }

    /// @inheritdoc Governor
    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal virtual override returns (uint48) {
        _checkCode(proposalId, targets);
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    /// @inheritdoc Governor
    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal virtual override {
        _checkCode(proposalId, targets);
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    /// @dev EIP-7702: the code of a delegated account is the three bytes 0xef0100 and an address. No contract's code starts so.
    function _checkTarget(address target) private view {
        uint256 length = target.code.length;
        if (length == 0) revert TargetWithoutCode(target);
        if (length == 23 && bytes3(target.code) == 0xef0100) revert DelegatedTarget(target);
    }

    function _checkCode(uint256 proposalId, address[] memory targets) private view {
        bytes32 recorded = codeOf[proposalId];
        bytes32 actual = _codeHash(targets);
        if (actual != recorded) revert TargetCodeChanged(proposalId, recorded, actual);
    }

    /// @dev As long as the list of targets, which the proposer pays for.
    function _codeHash(address[] memory targets) private view returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](targets.length);
        for (uint256 i = 0; i < targets.length; ++i) {
            hashes[i] = targets[i].codehash;
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
