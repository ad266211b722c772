// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {DirectCaller} from "../access/DirectCaller.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IVerifierStakes} from "../interfaces/IVerifierStakes.sol";
import {Attestation} from "../types/Contribution.sol";
import {Signatures} from "./Signatures.sol";

/// @title VerifierSet
/// @notice Who may vouch for contributions, and how many of them it takes. What each of them answers with, and so how much it may vouch
/// for, is kept by VerifierStakes.
abstract contract VerifierSet is IContributorRegistry, DirectCaller {
    using EnumerableSet for EnumerableSet.AddressSet;

    // Constants

    uint256 internal constant MAX_VERIFIERS = 32;
    /// @dev No single key makes a contribution true.
    uint256 internal constant MIN_THRESHOLD = 2;

    // Storage

    EnumerableSet.AddressSet private _verifiers;
    /// @dev Shares its slot with the rules of reviews, which follow in PeerReviews: every proof reads both.
    uint128 private _attestationThreshold;
    /// @inheritdoc IContributorRegistry
    IVerifierStakes public verifierStakes;

    // Constructor

    constructor(address[] memory verifiers_, uint256 threshold) {
        for (uint256 i; i < verifiers_.length; ++i) {
            _addVerifier(verifiers_[i]);
        }
        _setAttestationThreshold(threshold);
    }

    // Views

    /// @inheritdoc IContributorRegistry
    function verifiers() external view returns (address[] memory) {
        return _verifiers.values();
    }

    /// @inheritdoc IContributorRegistry
    function isVerifier(address account) external view returns (bool) {
        return _verifiers.contains(account);
    }

    /// @inheritdoc IContributorRegistry
    function attestationThreshold() external view returns (uint256) {
        return _attestationThreshold;
    }

    // Governance

    /// @inheritdoc IContributorRegistry
    function addVerifier(address verifier) external restricted {
        _addVerifier(verifier);
    }

    /// @inheritdoc IContributorRegistry
    function removeVerifier(address verifier) external onlyDirect(address(verifierStakes)) {
        if (!_verifiers.remove(verifier)) revert VerifierNotRegistered(verifier);
        emit VerifierRemoved(verifier);
        // What it signed and has not vested waits.
        IVerifierStakes stakes = verifierStakes;
        if (address(stakes) != address(0) && msg.sender != address(stakes)) stakes.noteRemoval(verifier);
    }

    /// @inheritdoc IContributorRegistry
    function setAttestationThreshold(uint256 threshold) external restricted {
        _setAttestationThreshold(threshold);
    }

    /// @inheritdoc IContributorRegistry
    function setVerifierStakes(IVerifierStakes stakes) external restricted {
        _requireCode(address(stakes));
        verifierStakes = stakes;
        emit VerifierStakesChanged(stakes);
    }

    // Internals

    /// @dev Every attestation must be valid and by another registered verifier, in ascending order, so the loop passes at
    /// most once for each of the 32 before it ends or reverts. Only keys sign: what was signed can be shown to anyone for ever,
    /// while a contract could take back its word.
    function _checkAttestations(bytes32 digest, Attestation[] calldata attestations) internal view {
        uint256 required = _attestationThreshold;
        if (attestations.length < required) revert TooFewAttestations(attestations.length, required);
        address previous;
        for (uint256 i; i < attestations.length; ++i) {
            address signer = attestations[i].signer;
            if (!_verifiers.contains(signer)) revert UnregisteredSigner(signer);
            if (signer == previous) revert DuplicateSigner(signer);
            if (signer < previous) revert SignersOutOfOrder(previous, signer);
            if (!Signatures.isByKey(signer, digest, attestations[i].signature)) revert InvalidAttestation(signer);
            previous = signer;
        }
    }

    function _addVerifier(address verifier) private {
        if (verifier == address(0)) revert ZeroVerifier();
        if (!_verifiers.add(verifier)) revert VerifierAlreadyRegistered(verifier);
        uint256 count = _verifiers.length();
        if (count > MAX_VERIFIERS) revert TooManyVerifiers(count, MAX_VERIFIERS);
        emit VerifierAdded(verifier);
    }

    function _setAttestationThreshold(uint256 threshold) private {
        uint256 count = _verifiers.length();
        if (threshold < MIN_THRESHOLD || threshold > count) {
            revert ThresholdOutOfBounds(threshold, MIN_THRESHOLD, count);
        }
        _attestationThreshold = uint128(threshold);
        emit AttestationThresholdChanged(threshold);
    }
}
