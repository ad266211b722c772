// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the verifiers say that somebody did.
/// @dev EIP-712 type: Contribution(address contributor,uint8 kind,bytes32 proofHash,uint256 units,uint256 quality,
/// uint256 confidence,uint256 impact,uint256 observedAt,uint256 expiresAt,bytes32 evidenceRoot,string evidenceURI)
struct Contribution {
    /// Who did it and is paid for it.
    address contributor;
    /// A `ContributionKind` as a number, so that an unknown one is a clear error.
    uint8 kind;
    /// Fingerprint of the evidence. Each counts once, for ever.
    bytes32 proofHash;
    /// How much was done, in the unit of its kind (WAD).
    uint256 units;
    /// How good it is, 0 to 1 (WAD, whole thousandths).
    uint256 quality;
    /// How sure the verifiers are, up to 1 (WAD).
    uint256 confidence;
    /// How much it matters, 0.1 to 10 (WAD).
    uint256 impact;
    /// When the work was observed (seconds).
    uint256 observedAt;
    /// Last second in which the statement may be used.
    uint256 expiresAt;
    /// Digest of the evidence's canonical manifest.
    bytes32 evidenceRoot;
    /// Where the evidence can be read.
    string evidenceURI;
}

/// @notice A verifier's signature under a contribution: 65 bytes, or 64 in the compact form of ERC-2098.
struct Attestation {
    address signer;
    bytes signature;
}

/// @notice A contribution with one verifier's signature under it (as in an Attestation).
struct SignedContribution {
    Contribution contribution;
    bytes signature;
}

/// @notice A peer's rating of the work behind a proof.
/// @dev EIP-712 type: Review(bytes32 proofHash,address reviewer,uint8 rating,uint256 reviewedAt)
struct Review {
    bytes32 proofHash;
    address reviewer;
    /// 1 (poor) to 5 (excellent).
    uint8 rating;
    uint256 reviewedAt;
}

struct SignedReview {
    Review review;
    bytes signature;
}

/// @notice The contributor's agreement that somebody else submits a contribution.
/// @dev EIP-712 type: Consent(bytes32 contributionHash,address submitter,uint256 deadline)
struct Consent {
    /// `hashContribution` of the contribution.
    bytes32 contributionHash;
    /// Who may submit; zero lets anyone.
    address submitter;
    /// Last second in which the consent may be used.
    uint256 deadline;
}
