// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IWorkRegistry} from "../interfaces/IWorkRegistry.sol";
import {Attestation, Contribution} from "../types/Contribution.sol";
import {ContributionKind} from "../types/ContributionKind.sol";
import {Attestations} from "../verifiers/Attestations.sol";

/// @title WorkRegistry
/// @notice See IWorkRegistry.
/// @dev A work is minted without asking its receiver (`_mint`): anyone may register it, and a contributor that is a contract must not be able
/// to refuse, nor be called. A quote inside a text of JSON is escaped, so no text of a manifest can look like its list of parents.
contract WorkRegistry is IWorkRegistry, ERC721, AccessManaged {
    // Constants

    /// @inheritdoc IWorkRegistry
    uint256 public constant MAX_PARENTS = 4;
    uint256 private constant HASH_BYTES = 32;

    // Immutables

    /// @inheritdoc IWorkRegistry
    IContributorRegistry public immutable REGISTRY;

    // Storage

    mapping(uint256 work => uint256[]) private _parents;
    /// @inheritdoc IWorkRegistry
    mapping(uint256 work => bool) public isSuspended;

    // Constructor

    /// @param authority the AccessManager
    /// @param registry whose proofs become works
    constructor(address authority, IContributorRegistry registry)
        ERC721("FTNS Works", "FTNSW")
        AccessManaged(authority)
    {
        if (address(registry).code.length == 0) revert NotAContract(address(registry));
        REGISTRY = registry;
    }

    // Views

    /// @inheritdoc IWorkRegistry
    function parentsOf(uint256 work) external view returns (uint256[] memory) {
        return _parents[work];
    }

    /// @inheritdoc IWorkRegistry
    function royaltyTermsOf(uint256 work)
        external
        view
        returns (address owner, bool suspended, uint256[] memory parents)
    {
        return (_requireOwned(work), isSuspended[work], _parents[work]);
    }

    // Writes

    /// @inheritdoc IWorkRegistry
    function register(
        Contribution calldata contribution,
        Attestation[] calldata attestations,
        uint256[] calldata parents,
        bytes calldata before,
        bytes calldata after_
    ) external returns (uint256 work) {
        // Check
        work = uint256(contribution.proofHash);
        if (_ownerOf(work) != address(0)) revert WorkExists(work);
        uint8 kind = contribution.kind;
        if (kind != uint8(ContributionKind.DATA) && kind != uint8(ContributionKind.MODEL)) revert NotAWorkKind(kind);
        if (!REGISTRY.isProofUsed(contribution.proofHash)) revert ProofNotAccepted(contribution.proofHash);
        Attestations.check(REGISTRY, REGISTRY.hashContribution(contribution), attestations);
        _checkParents(contribution.evidenceRoot, parents, before, after_);

        // Effect
        _parents[work] = parents;
        _mint(contribution.contributor, work);
        emit WorkRegistered(work, contribution.contributor, kind, parents);
    }

    // Governance

    /// @inheritdoc IWorkRegistry
    function setSuspended(uint256 work, bool suspended) external restricted {
        _requireOwned(work);
        isSuspended[work] = suspended;
        emit SuspensionSet(work, suspended);
    }

    // Internals

    function _checkParents(
        bytes32 evidenceRoot,
        uint256[] calldata parents,
        bytes calldata before,
        bytes calldata after_
    ) private view {
        if (parents.length > MAX_PARENTS) revert TooManyParents(parents.length, MAX_PARENTS);
        bytes memory list;
        // At most four.
        for (uint256 i; i < parents.length; ++i) {
            if (_ownerOf(parents[i]) == address(0)) revert UnknownParent(parents[i]);
            // solhint-disable-next-line quotes
            bytes memory quoted = abi.encodePacked('"', Strings.toHexString(parents[i], HASH_BYTES), '"');
            list = i == 0 ? quoted : abi.encodePacked(list, ",", quoted);
        }
        // solhint-disable-next-line quotes
        bytes32 actual = keccak256(abi.encodePacked(before, '"parents":[', list, "]", after_));
        if (actual != evidenceRoot) revert ManifestDiffers(evidenceRoot, actual);
    }
}
