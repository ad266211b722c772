// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What verifiers say of a week's work of many.
/// @dev EIP-712 type: Batch(bytes32 root,uint256 total,uint256 week,uint256 leaves,uint256 expiresAt,string evidenceURI)
struct Batch {
    /// Root of the Merkle tree over the leaves (OpenZeppelin's standard: double-hashed leaves, sorted pairs).
    bytes32 root;
    /// What may be drawn in all: the sum of the larger of value and reward of each leaf at most (FTNS, 18 decimals).
    uint256 total;
    /// The week of the work: protocol day / 7.
    uint256 week;
    /// How many leaves there are. For readers alone.
    uint256 leaves;
    /// Last second in which the statement may be handed in.
    uint256 expiresAt;
    /// Where the leaves can be read.
    string evidenceURI;
}

/// @notice The work of one kind by one account in a batch. An account has one leaf for each kind in a batch at most.
/// @dev Hashed as (address account, uint8 kind, uint256 value, uint256 quality, bytes32 digest).
struct Leaf {
    address account;
    /// ContributionKind as a number.
    uint8 kind;
    /// FTNS, 18 decimals.
    uint256 value;
    /// Mean quality, weighted by value (WAD, whole thousandths).
    uint256 quality;
    /// Root of the Merkle tree over the hashes of its proofs (leaves of one bytes32 each, the same standard).
    bytes32 digest;
}

/// @notice A leaf of whoever claims, with the way to the root of batch `number`.
struct LeafClaim {
    uint256 number;
    uint8 kind;
    uint256 value;
    uint256 quality;
    bytes32 digest;
    bytes32[] path;
}

/// @notice A proof in a leaf of a batch that a verifier signed, handed in or not.
struct SignedLeaf {
    Batch batch;
    /// Of the verifier under `batch`: 65 bytes, or 64 in the compact form of ERC-2098.
    bytes signature;
    Leaf leaf;
    /// From the leaf to the batch's root.
    bytes32[] pathToRoot;
    /// From the proof's hash to the leaf's digest.
    bytes32[] pathToDigest;
}
