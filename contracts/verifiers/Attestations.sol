// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Signatures} from "../contributors/Signatures.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {Attestation} from "../types/Contribution.sol";

/// @title Attestations
/// @notice Whether enough registered verifiers signed a batch.
library Attestations {
    /// @notice The signers of `digest`, as `registry` checks its own (see VerifierSet): every attestation must be valid and by another
    /// registered verifier, in ascending order, so there are at most 32.
    function check(IContributorRegistry registry, bytes32 digest, Attestation[] calldata attestations)
        internal
        view
        returns (address[] memory signers)
    {
        uint256 required = registry.attestationThreshold();
        if (attestations.length < required) {
            revert IContributorRegistry.TooFewAttestations(attestations.length, required);
        }
        signers = new address[](attestations.length);
        address previous;
        for (uint256 i; i < attestations.length; ++i) {
            address signer = attestations[i].signer;
            if (!registry.isVerifier(signer)) revert IContributorRegistry.UnregisteredSigner(signer);
            if (signer == previous) revert IContributorRegistry.DuplicateSigner(signer);
            if (signer < previous) revert IContributorRegistry.SignersOutOfOrder(previous, signer);
            if (!Signatures.isByKey(signer, digest, attestations[i].signature)) {
                revert IContributorRegistry.InvalidAttestation(signer);
            }
            signers[i] = previous = signer;
        }
    }
}
