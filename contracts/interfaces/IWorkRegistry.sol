// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Attestation, Contribution} from "../types/Contribution.sol";
import {IContributorRegistry} from "./IContributorRegistry.sol";

/// @title IWorkRegistry
/// @notice Works that the network's AI uses: each proof of DATA or MODEL that the registry accepted can be made one, an ERC-721 that belongs
/// to its contributor at first. Its id is the proof's hash. A work names at most four earlier ones that it builds on, for ever; each of
/// them gets a fifth of what it earns.
interface IWorkRegistry is IERC721 {
    /// @param parents ids of the works that it builds on
    event WorkRegistered(uint256 indexed work, address indexed contributor, uint8 kind, uint256[] parents);
    event SuspensionSet(uint256 indexed work, bool suspended);

    error NotAContract(address account);
    error WorkExists(uint256 work);
    /// @notice Only proofs of DATA and MODEL make works.
    error NotAWorkKind(uint8 kind);
    /// @notice The contributor registry has accepted no such proof.
    error ProofNotAccepted(bytes32 proofHash);
    error TooManyParents(uint256 parents, uint256 max);
    /// @notice Register the work that it builds on first; anyone may.
    error UnknownParent(uint256 parent);
    /// @notice The manifest with these parents is not the one that was signed.
    error ManifestDiffers(bytes32 expected, bytes32 actual);

    /// @notice Makes an accepted proof a work of its contributor. Anyone may do it, with what was handed in to the contributor registry.
    /// @dev The manifest is canonical JSON, in which the list of parents stands once: `"parents":["0x...",...]`, in small letters. So the
    /// digest of `before`, this list and `after` is the evidence root. Reverts with the errors above, and as the contributor registry
    /// does where the attestations are not valid now.
    /// @param contribution what the verifiers signed
    /// @param attestations by enough verifiers that are registered now
    /// @param parents in the order of the manifest, at most four, all works already
    /// @param before the manifest up to the list
    /// @param after_ the manifest from there on
    /// @return work its id
    function register(
        Contribution calldata contribution,
        Attestation[] calldata attestations,
        uint256[] calldata parents,
        bytes calldata before,
        bytes calldata after_
    ) external returns (uint256 work);

    /// @notice What `work` builds on.
    /// @param work any id
    /// @return ids, none for what is no work
    function parentsOf(uint256 work) external view returns (uint256[] memory);

    /// @notice All that a draw asks for.
    /// @dev Reverts with `ERC721NonexistentToken` for what is no work.
    /// @param work its id
    /// @return owner who is paid
    /// @return suspended whether nobody is
    /// @return parents what it builds on
    function royaltyTermsOf(uint256 work)
        external
        view
        returns (address owner, bool suspended, uint256[] memory parents);

    /// @notice Whether governance keeps the owner of `work` from drawing.
    /// @param work any id
    /// @return false for what is no work
    function isSuspended(uint256 work) external view returns (bool);

    /// @notice Keeps the owner of a work from drawing, or ends that. Nothing is lost meanwhile. Restricted to governance.
    /// @param work must exist
    /// @param suspended whether it is from now on
    function setSuspended(uint256 work, bool suspended) external;

    /// @notice Most works that a work may build on.
    function MAX_PARENTS() external view returns (uint256);

    function REGISTRY() external view returns (IContributorRegistry);
}
