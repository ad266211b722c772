// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Attestation} from "../types/Contribution.sol";
import {IUsageRouter} from "./IUsageRouter.sol";
import {IWorkRegistry} from "./IWorkRegistry.sol";

/// @notice What the verifiers say that works earned of one pot.
/// @dev EIP-712 type: RoyaltyRoot(address operator,uint256 week,bytes32 root,uint256 total,uint256 works,uint256 expiresAt,string evidenceURI)
struct RoyaltyRoot {
    address operator;
    /// Protocol day / 7.
    uint256 week;
    /// Of a Merkle tree over (index, work, amount), as OpenZeppelin builds it; indexes count from zero.
    bytes32 root;
    /// Sum of the amounts (wFTNS, 24 decimals).
    uint256 total;
    /// How many works there are.
    uint256 works;
    /// Last second in which it may be handed in.
    uint256 expiresAt;
    /// Where the receipts can be read.
    string evidenceURI;
}

/// @notice A root as it stands.
struct RoyaltyView {
    address operator;
    uint256 week;
    bytes32 root;
    /// wFTNS (24 decimals), as `drawn`.
    uint256 total;
    uint256 drawn;
    /// From when on it can be drawn (seconds), or later by the time in which transfers are restricted; zero once it was ended.
    uint256 openAt;
    /// Whether its total left the pot.
    bool opened;
}

/// @title IRoyaltyRoots
/// @notice Pays owners of works what the verifiers say that these earned, operator by operator and week by week, out of the router's pots.
/// Each root counts three days after it was accepted, and can be ended before. Nothing is pushed: each owner draws.
interface IRoyaltyRoots {
    event RootAccepted(
        uint256 indexed number,
        address indexed operator,
        uint256 indexed week,
        bytes32 root,
        uint256 total,
        uint256 works,
        address[] signers,
        uint256 openAt,
        string evidenceURI
    );
    event RootEnded(uint256 indexed number);
    event RootOpened(uint256 indexed number);
    /// @notice `amount` was drawn for `work`: `paid` for its owner, the rest waits for the works that it builds on (wFTNS, 24 decimals).
    /// @param number of the root; zero for what came from works that build on it
    event RoyaltyDrawn(
        uint256 indexed number, uint256 indexed work, address indexed owner, uint256 amount, uint256 paid
    );

    error NotAContract(address account);
    /// @notice The pot has an accepted root already.
    error RootExists(address operator, uint256 week, uint256 number);
    /// @param week protocol day / 7, as `earliest` and `latest`
    error RoyaltyWeekOutOfBounds(uint256 week, uint256 earliest, uint256 latest);
    error RootExpired(uint256 expiresAt, uint256 nowSec);
    /// @param total wFTNS (24 decimals), as `pot`
    error TotalAbovePot(uint256 total, uint256 pot);
    error UnknownRoot(uint256 number);
    error RootWasEnded(uint256 number);
    /// @param openAt seconds
    error RootNotOpen(uint256 number, uint256 openAt);
    error RootIsOpen(uint256 number);
    error OtherRootSigners(uint256 number);
    error EnoughRootSigners(uint256 number, uint256 registered);
    error LeafDrawn(uint256 number, uint256 index);
    error NotUnderRoot(uint256 number, bytes32 leafHash);
    /// @notice The leaf is worth more than what is left of the total.
    error MoreThanTotal(uint256 number, uint256 amount, uint256 left);
    error WorkSuspended(uint256 work);
    error NothingOwed(uint256 work);

    /// @notice Takes a root that enough registered verifiers signed. Anyone may hand it in, in the six weeks after its own.
    /// @dev Reverts with the errors above, and as the contributor registry does where the attestations are not valid.
    /// @param statement what they signed
    /// @param attestations their signatures, in ascending order
    /// @return number of the root
    function accept(RoyaltyRoot calldata statement, Attestation[] calldata attestations)
        external
        returns (uint256 number);

    /// @notice Ends a root that does not count yet, where too few of its signers are verifiers still. Anyone may call it.
    /// @dev Reverts with `UnknownRoot`, `RootWasEnded`, `RootIsOpen`, `OtherRootSigners`, `EnoughRootSigners`.
    /// @param number of the root
    /// @param signers as in its event
    function endUnsigned(uint256 number, address[] calldata signers) external;

    /// @notice Draws a work's leaf: pays the owner of now its part, and sets a fifth of it aside for each work that it builds on. Anyone may
    /// call it.
    /// @dev Reverts with `UnknownRoot`, `RootWasEnded`, `RootNotOpen`, `LeafDrawn`, `NotUnderRoot`, `MoreThanTotal`, `WorkSuspended`, for a leaf
    /// of what is no work as ERC-721 does, and in a halt as wFTNS do.
    /// @param number of the root
    /// @param index of the leaf; neighbours share a slot, so that later ones cost 17,000 gas less
    /// @param work its id
    /// @param amount wFTNS, 24 decimals
    /// @param path from the leaf to the root
    /// @return paid to the owner (wFTNS, 24 decimals)
    function draw(uint256 number, uint256 index, uint256 work, uint256 amount, bytes32[] calldata path)
        external
        returns (uint256 paid);

    /// @notice Pays the owner of `work` what works that build on it have set aside, in the same way. Anyone may call it.
    /// @dev Reverts with `NothingOwed`, `WorkSuspended`.
    /// @param work its id
    /// @return paid to the owner (wFTNS, 24 decimals)
    function drawOwed(uint256 work) external returns (uint256 paid);

    /// @notice Ends a root that does not count yet; another one may be accepted. Restricted to governance.
    /// @dev Reverts with `UnknownRoot`, `RootWasEnded`, `RootIsOpen`.
    /// @param number of the root
    function end(uint256 number) external;

    /// @notice A root as it stands.
    /// @param number from 1; else `UnknownRoot`
    function rootOf(uint256 number) external view returns (RoyaltyView memory);

    /// @notice The root of a pot; zero for none.
    function numberOf(address operator, uint256 week) external view returns (uint256);

    /// @notice Whether the leaf with this index was drawn.
    function isDrawn(uint256 number, uint256 index) external view returns (bool);

    /// @notice What waits for `work` from works that build on it.
    /// @return wFTNS, 24 decimals
    function owedTo(uint256 work) external view returns (uint256);

    /// @notice What a verifier signs.
    /// @return EIP-712 digest
    function hashRoot(RoyaltyRoot calldata statement) external view returns (bytes32);

    function WORKS() external view returns (IWorkRegistry);

    function ROUTER() external view returns (IUsageRouter);
}
