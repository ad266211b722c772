// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IBatchRewards} from "../interfaces/IBatchRewards.sol";

/// @title BatchLeaves
/// @notice How a leaf stands in the tree of a batch, and a proof in the digest of a leaf: both in OpenZeppelin's standard, hashed twice.
library BatchLeaves {
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
