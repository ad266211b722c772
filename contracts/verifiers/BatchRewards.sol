// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Signatures} from "../contributors/Signatures.sol";
import {IBatchRewards} from "../interfaces/IBatchRewards.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IMultiplierSource} from "../interfaces/IMultiplierSource.sol";
import {IVerifierStakes} from "../interfaces/IVerifierStakes.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Batch, Leaf, LeafClaim, SignedLeaf} from "../types/Batch.sol";
import {Attestation, SignedContribution} from "../types/Contribution.sol";
import {Outcome, Work} from "../types/ContributionOutcome.sol";
import {Attestations} from "./Attestations.sol";
import {BatchBook} from "./BatchBook.sol";
import {BatchLeaves} from "./BatchLeaves.sol";

/// @title BatchRewards
/// @notice See IBatchRewards.
contract BatchRewards is BatchBook, EIP712 {
    // Constants

    /// @notice Between acceptance and the first claim, in time in which transfers are not restricted.
    uint256 public constant CHALLENGE_WINDOW = 3 days;
    /// @notice Weeks back from the last complete one that a batch may be about.
    uint256 public constant WEEKS_BACK = 4;
    /// @notice Most value of a leaf: seven days of what a contributor is paid at most in a day.
    uint256 public constant MAX_LEAF_VALUE = 35_000e18;
    uint256 private constant KINDS = 8;
    /// @dev Batches whose claims share a word of an account, eight kinds each.
    uint256 private constant BATCHES_PER_WORD = 32;
    bytes32 private constant BATCH_TYPEHASH =
        keccak256("Batch(bytes32 root,uint256 total,uint256 week,uint256 leaves,uint256 expiresAt,string evidenceURI)");

    bytes32 private constant CONSENT_TYPEHASH =
        keccak256("ClaimConsent(address account,address relayer,uint256 deadline)");

    // Storage

    /// @inheritdoc IBatchRewards
    uint256 public batches;
    /// @dev Bit 8 * (number % 32) + kind.
    mapping(address account => mapping(uint256 word => uint256)) private _claimed;

    // Constructor

    /// @param authority the AccessManager
    /// @param registry must know this contract
    /// @param stakes must know this contract
    constructor(address authority, IContributorRegistry registry, IVerifierStakes stakes)
        AccessManaged(authority)
        EIP712("FTNS BatchRewards", "1")
        BatchBook(registry, stakes)
    {}

    // Views

    /// @inheritdoc IBatchRewards
    function isClaimed(uint256 number, address account, uint8 kind) external view returns (bool) {
        (uint256 word, uint256 bit) = _positionOf(number, kind);
        return _claimed[account][word] & bit != 0;
    }

    /// @inheritdoc IBatchRewards
    function hashBatch(Batch calldata batch) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    BATCH_TYPEHASH,
                    batch.root,
                    batch.total,
                    batch.week,
                    batch.leaves,
                    batch.expiresAt,
                    keccak256(bytes(batch.evidenceURI))
                )
            )
        );
    }

    /// @inheritdoc IBatchRewards
    function hashLeaf(Leaf calldata leaf) public pure returns (bytes32) {
        return BatchLeaves.hash(leaf.account, leaf.kind, leaf.value, leaf.quality, leaf.digest);
    }

    // Writes

    /// @inheritdoc IBatchRewards
    function accept(Batch calldata batch, Attestation[] calldata attestations) external returns (uint256 number) {
        // Check
        if (_numberOf[batch.root] != 0) revert RootUsed(batch.root, _numberOf[batch.root]);
        if (block.timestamp > batch.expiresAt) revert BatchExpired(batch.expiresAt, block.timestamp);
        uint256 today = ProtocolTime.today();
        uint256 latest = today / SPREAD_DAYS - 1;
        if (batch.week > latest || batch.week + WEEKS_BACK <= latest) {
            revert WeekOutOfBounds(batch.week, latest + 1 - WEEKS_BACK, latest);
        }
        if (batch.total < WAD) revert ZeroTotal();
        address[] memory signers = Attestations.check(REGISTRY, hashBatch(batch), attestations);

        // Effect
        number = ++batches;
        _numberOf[batch.root] = number;
        _store(number, batch, signers, today);

        // Interaction
        STAKES.chargeBatch(signers, batch.total, SPREAD_DAYS);
    }

    /// @inheritdoc IBatchRewards
    function claim(LeafClaim[] calldata claims) external returns (Outcome memory) {
        return _claim(msg.sender, claims);
    }

    /// @inheritdoc IBatchRewards
    function claimFor(address account, LeafClaim[] calldata claims, uint256 deadline, bytes calldata signature)
        external
        returns (Outcome memory)
    {
        if (block.timestamp > deadline) revert ConsentExpired(deadline, block.timestamp);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CONSENT_TYPEHASH, account, msg.sender, deadline)));
        if (!Signatures.isBy(account, digest, signature)) revert NotConsented(account, msg.sender);
        return _claim(account, claims);
    }

    /// @inheritdoc IBatchRewards
    function presentCountedTwice(
        address verifier,
        SignedContribution calldata single,
        Batch calldata batch,
        bytes calldata signature,
        Leaf calldata leaf,
        bytes32[] calldata pathToRoot,
        bytes32[] calldata pathToDigest
    ) external {
        // Check
        bytes32 proofHash = single.contribution.proofHash;
        if (!Signatures.isByKey(verifier, REGISTRY.hashContribution(single.contribution), single.signature)) {
            revert NotSignedBy(verifier);
        }
        if (!Signatures.isByKey(verifier, hashBatch(batch), signature)) revert NotSignedBy(verifier);
        BatchLeaves.requireProofIn(batch.root, hashLeaf(leaf), pathToRoot, leaf.digest, pathToDigest, proofHash);

        // Interaction
        emit CountedTwice(verifier, proofHash, msg.sender);
        STAKES.condemn(verifier, msg.sender);
    }

    /// @inheritdoc IBatchRewards
    function presentLeafTwice(address verifier, bytes32 proofHash, SignedLeaf[2] calldata leaves) external {
        // Check: leaves are told apart by where they stand, as a root counts once
        (bytes32 root, bytes32 leafHash) = (leaves[0].batch.root, hashLeaf(leaves[0].leaf));
        if (leaves[1].batch.root == root && hashLeaf(leaves[1].leaf) == leafHash) revert SameLeaf(root, leafHash);
        for (uint256 i; i < 2; ++i) {
            SignedLeaf calldata signed = leaves[i];
            if (!Signatures.isByKey(verifier, hashBatch(signed.batch), signed.signature)) revert NotSignedBy(verifier);
            BatchLeaves.requireProofIn(
                signed.batch.root,
                hashLeaf(signed.leaf),
                signed.pathToRoot,
                signed.leaf.digest,
                signed.pathToDigest,
                proofHash
            );
        }

        // Interaction
        emit CountedTwice(verifier, proofHash, msg.sender);
        STAKES.condemn(verifier, msg.sender);
    }

    // Internals

    function _claim(address account, LeafClaim[] calldata claims) private returns (Outcome memory outcome) {
        // Check and effect
        if (claims.length == 0) revert NoClaims();
        Work[] memory works = new Work[](claims.length);
        uint256[] memory scaled = new uint256[](claims.length);
        uint256 sum;
        uint256 time = _unrestrictedTime();
        // The registry takes at most 63 a day.
        for (uint256 i; i < claims.length; ++i) {
            LeafClaim calldata leaf = claims[i];
            works[i] = Work(leaf.kind, leaf.value, leaf.quality);
            sum += scaled[i] = leaf.value * _useLeaf(account, leaf, time);
        }

        // Interaction: the registry, the token, the vault and the pool are the protocol's own and call nobody back.
        outcome = REGISTRY.countLeaves(account, works, sum);

        // Effect: only now is it known what a leaf earns; too much undoes it all.
        uint256 tierMultiplier = REWARD_POOL.tierMultipliers()[uint256(outcome.tier)];
        for (uint256 i; i < claims.length; ++i) {
            _draw(claims[i].number, works[i].value, scaled[i] * tierMultiplier);
        }
        emit LeavesClaimed(account, msg.sender, outcome);
    }

    function _store(uint256 number, Batch calldata batch, address[] memory signers, uint256 today) private {
        (uint256 multiplier, uint256 followers) = _multiplierNow();
        uint256 openAt = _unrestrictedTime() + CHALLENGE_WINDOW;
        // No more than fits is ever drawn: 281 million FTNS. `M` is at most 10e18.
        // forge-lint: disable-start(unsafe-typecast)
        _batches[number] = StoredBatch({
            root: batch.root,
            total: uint32(Math.min(batch.total / WAD, type(uint48).max / UNITS_IN_ONE)),
            drawn: 0,
            earned: 0,
            openAt: uint40(openAt),
            acceptedDay: uint16(today),
            followers: uint8(followers),
            multiplier: uint64(multiplier),
            signersHash: _hashOf(signers),
            needed: uint8(REGISTRY.attestationThreshold())
        });
        // forge-lint: disable-end(unsafe-typecast)
        emit BatchAccepted(
            number,
            batch.root,
            batch.week,
            batch.total,
            batch.leaves,
            signers,
            multiplier,
            block.timestamp + CHALLENGE_WINDOW,
            batch.evidenceURI
        );
    }

    /// @dev Checks a leaf of `account`, and marks it as claimed. Tells the multiplier that it is paid at.
    function _useLeaf(address account, LeafClaim calldata leaf, uint256 time) private returns (uint256 multiplier) {
        // Check
        StoredBatch storage batch = _openBatch(leaf.number, time);
        BatchLeaves.check(leaf, MAX_LEAF_VALUE);
        bytes32 leafHash = BatchLeaves.hash(account, leaf.kind, leaf.value, leaf.quality, leaf.digest);
        if (!MerkleProof.verifyCalldata(leaf.path, batch.root, leafHash)) revert NotInBatch(leaf.number, leafHash);

        // Effect
        _markClaimed(leaf.number, account, leaf.kind);
        emit LeafClaimed(leaf.number, account, leaf.kind, leaf.value, leaf.quality, leaf.digest);
        return (batch.followers >> leaf.kind) & 1 == 0 ? WAD : batch.multiplier;
    }

    function _markClaimed(uint256 number, address account, uint8 kind) private {
        (uint256 word, uint256 bit) = _positionOf(number, kind);
        uint256 claimed = _claimed[account][word];
        if (claimed & bit != 0) revert AlreadyClaimed(number, account, kind);
        _claimed[account][word] = claimed | bit;
    }

    /// @dev `M`, and which of the eight kinds follow it. Where `M` is 1 it makes no difference.
    function _multiplierNow() private view returns (uint256 multiplier, uint256 followers) {
        IMultiplierSource source = REWARD_POOL.multiplierSource();
        multiplier = source.multiplier();
        for (uint8 kind; kind < KINDS; ++kind) {
            if (source.multiplierFor(kind) == multiplier) followers |= 1 << kind;
        }
    }

    function _positionOf(uint256 number, uint8 kind) private pure returns (uint256 word, uint256 bit) {
        return (number / BATCHES_PER_WORD, 1 << (KINDS * (number % BATCHES_PER_WORD) + kind));
    }
}
