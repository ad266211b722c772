// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IBatchRewards} from "../interfaces/IBatchRewards.sol";
import {LeafClaim} from "../types/Batch.sol";

/// @title BatchLeaves
/// @notice What a leaf must look like, how a leaf stands in the tree of a batch, and a proof in the digest of a leaf: both in OpenZeppelin's standard, hashed twice.
library BatchLeaves {
    uint256 private constant WAD = 1e18;
    uint256 private constant QUALITY_UNIT = 1e15;
    uint256 private constant KINDS = 8;

    /// @notice Reverts unless `leaf` is one that the registry can count, worth at most `maxValue` (FTNS, 18 decimals).
    function check(LeafClaim calldata leaf, uint256 maxValue) internal pure {
        if (
            leaf.kind >= KINDS || leaf.value == 0 || leaf.value > maxValue || leaf.quality > WAD
                || leaf.quality % QUALITY_UNIT != 0
        ) revert IBatchRewards.InvalidLeaf(leaf.number, leaf.kind, leaf.value, leaf.quality);
    }

    /// @notice Hash of a leaf as it stands in the tree.
    function hash(address account, uint8 kind, uint256 value, uint256 quality, bytes32 digest)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(bytes.concat(keccak256(abi.encode(account, kind, value, quality, digest))));
    }

    /// @notice Reverts unless the leaf `leafHash` stands under `root`, and the proof `proofHash` in its `digest`.
    function requireProofIn(
        bytes32 root,
        bytes32 leafHash,
        bytes32[] calldata pathToRoot,
        bytes32 digest,
        bytes32[] calldata pathToDigest,
        bytes32 proofHash
    ) internal pure {
        if (!MerkleProof.verifyCalldata(pathToRoot, root, leafHash)) {
            revert IBatchRewards.NotInBatch(0, leafHash);
        }
        bytes32 inDigest = keccak256(bytes.concat(keccak256(abi.encode(proofHash))));
        if (!MerkleProof.verifyCalldata(pathToDigest, digest, inDigest)) revert IBatchRewards.NotInDigest(proofHash);
    }
}
