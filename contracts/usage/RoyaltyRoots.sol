// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IRoyaltyRoots, RoyaltyRoot, RoyaltyView} from "../interfaces/IRoyaltyRoots.sol";
import {IUsageRouter} from "../interfaces/IUsageRouter.sol";
import {IWorkRegistry} from "../interfaces/IWorkRegistry.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Attestation} from "../types/Contribution.sol";
import {Attestations} from "../verifiers/Attestations.sol";

/// @title RoyaltyRoots
/// @notice See IRoyaltyRoots.
///
/// THE LAW OF THE ACCOUNTING
/// 1. A root's total leaves the router's pot once, with the first draw; so k verifiers together can misdirect one week's pot of one operator, and
///    nothing else.
/// 2. wFTNS held = sum over opened roots of `total - drawn` + sum over works of `owedTo`.
/// 3. A leaf is drawn once, and leaves together never bring more than the total. What a work passes on is rounded down: its owner gains less
///    than five units.
contract RoyaltyRoots is IRoyaltyRoots, AccessManaged, EIP712 {
    using BitMaps for BitMaps.BitMap;
    using SafeERC20 for IERC4626;

    // Constants

    /// @notice Between a root's acceptance and the first draw, in time in which transfers are not restricted.
    uint256 public constant CHALLENGE_WINDOW = 3 days;
    /// @notice A root may be handed in so many weeks after its own. The pot goes to the pool two weeks later, so that halts can't let it slip.
    uint256 public constant WEEKS_BACK = 6;
    /// @notice Each work that a work builds on gets one part in five.
    uint256 public constant PARENT_DIVISOR = 5;
    uint256 private constant WEEK_DAYS = 7;
    bytes32 private constant ROOT_TYPEHASH = keccak256(
        "RoyaltyRoot(address operator,uint256 week,bytes32 root,uint256 total,uint256 works,uint256 expiresAt,string evidenceURI)"
    );

    // Immutables

    /// @inheritdoc IRoyaltyRoots
    IWorkRegistry public immutable WORKS;
    /// @inheritdoc IRoyaltyRoots
    IUsageRouter public immutable ROUTER;
    IContributorRegistry private immutable REGISTRY;
    IERC4626 private immutable WRAPPER;
    IFTNSToken private immutable TOKEN;

    // Storage

    struct StoredRoot {
        address operator;
        uint32 week;
        uint40 openAt; // seconds of unrestricted time; zero once it was ended
        bool opened;
        uint128 total; // wFTNS
        uint128 drawn; // wFTNS
        bytes32 root;
        bytes32 signersHash;
    }

    uint256 private _roots;
    mapping(uint256 number => StoredRoot) private _byNumber;
    /// @inheritdoc IRoyaltyRoots
    mapping(address operator => mapping(uint256 week => uint256)) public numberOf;
    /// @dev By the leaf's index.
    mapping(uint256 number => BitMaps.BitMap) private _drawn;
    /// @inheritdoc IRoyaltyRoots
    mapping(uint256 work => uint256) public owedTo;

    // Constructor

    /// @param authority the AccessManager
    /// @param works whose owners draw
    /// @param router must know this contract
    constructor(address authority, IWorkRegistry works, IUsageRouter router)
        AccessManaged(authority)
        EIP712("FTNS RoyaltyRoots", "1")
    {
        if (address(works).code.length == 0) revert NotAContract(address(works));
        if (address(router).code.length == 0) revert NotAContract(address(router));
        (WORKS, ROUTER, REGISTRY) = (works, router, works.REGISTRY());
        (WRAPPER, TOKEN) = (router.WRAPPER(), router.TOKEN());
    }

    // Views

    /// @inheritdoc IRoyaltyRoots
    function rootOf(uint256 number) external view returns (RoyaltyView memory info) {
        StoredRoot memory stored = _known(number);
        (info.operator, info.week, info.root) = (stored.operator, stored.week, stored.root);
        (info.total, info.drawn, info.opened) = (stored.total, stored.drawn, stored.opened);
        if (stored.openAt != 0) info.openAt = stored.openAt + TOKEN.restrictedSeconds();
    }

    /// @inheritdoc IRoyaltyRoots
    function hashRoot(RoyaltyRoot calldata statement) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    ROOT_TYPEHASH,
                    statement.operator,
                    statement.week,
                    statement.root,
                    statement.total,
                    statement.works,
                    statement.expiresAt,
                    keccak256(bytes(statement.evidenceURI))
                )
            )
        );
    }

    /// @inheritdoc IRoyaltyRoots
    function isDrawn(uint256 number, uint256 index) external view returns (bool) {
        return _drawn[number].get(index);
    }

    // Writes

    /// @inheritdoc IRoyaltyRoots
    function accept(RoyaltyRoot calldata statement, Attestation[] calldata attestations)
        external
        returns (uint256 number)
    {
        // Check
        number = numberOf[statement.operator][statement.week];
        if (number != 0) revert RootExists(statement.operator, statement.week, number);
        if (block.timestamp > statement.expiresAt) revert RootExpired(statement.expiresAt, block.timestamp);
        uint256 thisWeek = ProtocolTime.today() / WEEK_DAYS;
        if (statement.week >= thisWeek || statement.week + WEEKS_BACK < thisWeek) {
            revert RoyaltyWeekOutOfBounds(statement.week, thisWeek - WEEKS_BACK, thisWeek - 1);
        }
        // A pot of a week that is over grows no more.
        uint256 pot = ROUTER.potOf(statement.operator, statement.week);
        if (statement.total > pot) revert TotalAbovePot(statement.total, pot);
        address[] memory signers = Attestations.check(REGISTRY, hashRoot(statement), attestations);

        // Effect
        number = ++_roots;
        numberOf[statement.operator][statement.week] = number;
        uint256 openAt = _unrestrictedTime() + CHALLENGE_WINDOW;
        // Weeks are days by seven, and a pot holds what channels held, of 128 bits.
        // forge-lint: disable-start(unsafe-typecast)
        _byNumber[number] = StoredRoot({
            operator: statement.operator,
            week: uint32(statement.week),
            openAt: uint40(openAt),
            opened: false,
            total: uint128(statement.total),
            drawn: 0,
            root: statement.root,
            signersHash: keccak256(abi.encode(signers))
        });
        // forge-lint: disable-end(unsafe-typecast)
        _tellAccepted(number, statement, signers);
    }

    /// @inheritdoc IRoyaltyRoots
    function endUnsigned(uint256 number, address[] calldata signers) external {
        StoredRoot memory stored = _closed(number);
        if (keccak256(abi.encode(signers)) != stored.signersHash) revert OtherRootSigners(number);
        uint256 registered;
        // At most 32.
        for (uint256 i; i < signers.length; ++i) {
            if (REGISTRY.isVerifier(signers[i])) ++registered;
        }
        if (registered >= REGISTRY.attestationThreshold()) revert EnoughRootSigners(number, registered);
        _end(number, stored);
    }

    /// @inheritdoc IRoyaltyRoots
    function draw(uint256 number, uint256 index, uint256 work, uint256 amount, bytes32[] calldata path)
        external
        returns (uint256 paid)
    {
        // Check
        StoredRoot storage stored = _byNumber[number];
        _requireOpen(number, stored);
        if (_drawn[number].get(index)) revert LeafDrawn(number, index);
        bytes32 leafHash = keccak256(bytes.concat(keccak256(abi.encode(index, work, amount))));
        if (!MerkleProof.verifyCalldata(path, stored.root, leafHash)) revert NotUnderRoot(number, leafHash);
        (uint256 total, uint256 drawn) = (stored.total, stored.drawn);
        if (amount > total - drawn) revert MoreThanTotal(number, amount, total - drawn);

        // Effect
        _drawn[number].set(index);
        // Not above the total.
        // forge-lint: disable-next-line(unsafe-typecast)
        stored.drawn = uint128(drawn + amount);

        // Interaction: with the protocol's own contracts, which call nobody back
        if (!stored.opened) {
            stored.opened = true;
            emit RootOpened(number);
            ROUTER.drawPot(stored.operator, stored.week, address(this), total);
        }
        return _pay(number, work, amount);
    }

    /// @inheritdoc IRoyaltyRoots
    function drawOwed(uint256 work) external returns (uint256 paid) {
        uint256 amount = owedTo[work];
        if (amount == 0) revert NothingOwed(work);
        owedTo[work] = 0;
        return _pay(0, work, amount);
    }

    // Governance

    /// @inheritdoc IRoyaltyRoots
    function end(uint256 number) external restricted {
        _end(number, _closed(number));
    }

    // Internals

    /// @dev Sets aside what `work` passes on, and pays its owner the rest.
    function _pay(uint256 number, uint256 work, uint256 amount) private returns (uint256 paid) {
        (address owner, bool suspended, uint256[] memory parents) = WORKS.royaltyTermsOf(work);
        if (suspended) revert WorkSuspended(work);
        uint256 part = amount / PARENT_DIVISOR;
        paid = amount;
        // At most four, so that a fifth at least is left.
        for (uint256 i; i < parents.length; ++i) {
            owedTo[parents[i]] += part;
            paid -= part;
        }
        emit RoyaltyDrawn(number, work, owner, amount, paid);
        WRAPPER.safeTransfer(owner, paid);
    }

    function _end(uint256 number, StoredRoot memory stored) private {
        _byNumber[number].openAt = 0;
        numberOf[stored.operator][stored.week] = 0;
        emit RootEnded(number);
    }

    function _tellAccepted(uint256 number, RoyaltyRoot calldata statement, address[] memory signers) private {
        emit RootAccepted(
            number,
            statement.operator,
            statement.week,
            statement.root,
            statement.total,
            statement.works,
            signers,
            block.timestamp + CHALLENGE_WINDOW,
            statement.evidenceURI
        );
    }

    function _known(uint256 number) private view returns (StoredRoot memory stored) {
        if (number == 0 || number > _roots) revert UnknownRoot(number);
        return _byNumber[number];
    }

    /// @dev A root that does not count yet.
    function _closed(uint256 number) private view returns (StoredRoot memory stored) {
        stored = _known(number);
        if (stored.openAt == 0) revert RootWasEnded(number);
        if (_unrestrictedTime() >= stored.openAt) revert RootIsOpen(number);
    }

    function _requireOpen(uint256 number, StoredRoot storage stored) private view {
        if (number == 0 || number > _roots) revert UnknownRoot(number);
        uint256 openAt = stored.openAt;
        if (openAt == 0) revert RootWasEnded(number);
        uint256 restricted = TOKEN.restrictedSeconds();
        if (block.timestamp - restricted < openAt) revert RootNotOpen(number, openAt + restricted);
    }

    /// @dev Seconds without those in which transfers were restricted.
    function _unrestrictedTime() private view returns (uint256) {
        return block.timestamp - TOKEN.restrictedSeconds();
    }
}
