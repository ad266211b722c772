// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consent, Contribution, Review} from "../types/Contribution.sol";

/// @title ContributionHash
/// @notice EIP-712 struct hashes of what is signed for the registry.
library ContributionHash {
    bytes32 internal constant CONTRIBUTION_TYPEHASH = keccak256(
        "Contribution(address contributor,uint8 kind,bytes32 proofHash,uint256 units,uint256 quality,uint256 confidence,uint256 impact,uint256 observedAt,uint256 expiresAt,bytes32 evidenceRoot,string evidenceURI)"
    );
    bytes32 internal constant REVIEW_TYPEHASH =
        keccak256("Review(bytes32 proofHash,address reviewer,uint8 rating,uint256 reviewedAt)");
    bytes32 internal constant CONSENT_TYPEHASH =
        keccak256("Consent(bytes32 contributionHash,address submitter,uint256 deadline)");

    function structHash(Contribution calldata contribution) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                CONTRIBUTION_TYPEHASH,
                contribution.contributor,
                contribution.kind,
                contribution.proofHash,
                contribution.units,
                contribution.quality,
                contribution.confidence,
                contribution.impact,
                contribution.observedAt,
                contribution.expiresAt,
                contribution.evidenceRoot,
                keccak256(bytes(contribution.evidenceURI))
            )
        );
    }

    function structHash(Review calldata review) internal pure returns (bytes32) {
        return
            keccak256(abi.encode(REVIEW_TYPEHASH, review.proofHash, review.reviewer, review.rating, review.reviewedAt));
    }

    function structHash(Consent calldata consent) internal pure returns (bytes32) {
        return keccak256(abi.encode(CONSENT_TYPEHASH, consent.contributionHash, consent.submitter, consent.deadline));
    }
}
