// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributorRegistry} from "./IContributorRegistry.sol";
import {IVerifierStakes} from "./IVerifierStakes.sol";
import {Attestation, SignedContribution} from "../types/Contribution.sol";
import {Batch, Leaf, LeafClaim, SignedLeaf} from "../types/Batch.sol";
import {Outcome} from "../types/ContributionOutcome.sol";

/// @notice A batch as it stands.
struct BatchView {
    bytes32 root;
    /// FTNS, 18 decimals, as the next three; rounded down to whole FTNS.
    uint256 total;
    /// The larger of value and reward of what was claimed (each leaf rounded up to 1e-6 FTNS).
    uint256 drawn;
    /// What leaves earned and `noteFees` has not counted (each leaf rounded down to 1e-6 FTNS).
    uint256 feesOf;
    /// What may be drawn up to today.
    uint256 released;
    /// Protocol day on which it was accepted.
    uint256 acceptedDay;
    /// From when on it can be claimed, if transfers are not restricted until then (seconds); the largest uint256 while it is challenged.
    uint256 openAt;
    /// Governance or the removal of its signers has ended it.
    bool ended;
}

/// @title IBatchRewards
/// @notice Contributions of many under one root: verifiers sign it once a week, accounts claim their leaves.
///
/// The declared total counts against the allowance of each signer, a seventh on each of the seven days that begin with acceptance, and is
/// released at the same pace: so a batch gives colluders no more than the same days of single proofs would. It can be claimed three days
/// after acceptance (time in which transfers are halted or recovery mode is on does not count), by the leaf's account or by whom that named.
/// A leaf counts once, like a proof of the day on which it is claimed: `M` is that of the acceptance, the tier what the account has with the leaf.
/// @dev Signatures are EIP-712 under the domain "FTNS BatchRewards", version "1".
interface IBatchRewards {
    /// @param number of the batch, from 1 on
    event BatchAccepted(
        uint256 indexed number,
        bytes32 indexed root,
        uint256 indexed week,
        uint256 total,
        uint256 leaves,
        address[] verifiers,
        uint256 multiplier,
        uint256 openAt,
        string evidenceURI
    );
    /// @notice A leaf counted.
    /// @param value FTNS, 18 decimals
    /// @param quality WAD
    event LeafClaimed(
        uint256 indexed number,
        address indexed account,
        uint8 indexed kind,
        uint256 value,
        uint256 quality,
        bytes32 digest
    );
    /// @notice What the leaves of one claim were worth and changed together.
    event LeavesClaimed(address indexed account, address indexed relayer, Outcome outcome);
    /// @notice The signers' fees on `reward` (FTNS, 18 decimals), earned by leaves of batch `number`, are noted by VerifierStakes.
    event FeesNoted(uint256 indexed number, uint256 reward);
    /// @notice No further leaf of batch `number` can be claimed.
    event BatchEnded(uint256 indexed number);
    event RewardVestingSet(address rewardVesting);
    /// @notice `verifier` signed the proof `proofHash` twice: by itself and in a leaf of a batch, or in two leaves.
    event CountedTwice(address indexed verifier, bytes32 indexed proofHash, address indexed presenter);

    error NotAContract(address target);
    /// @notice This root was accepted before, as batch `number`, which did not end before a leaf of it counted.
    error RootUsed(bytes32 root, uint256 number);
    /// @notice A batch is about a week that is over, and of which the last day is at most 28 days ago.
    error WeekOutOfBounds(uint256 week, uint256 earliest, uint256 latest);
    error BatchExpired(uint256 expiresAt, uint256 nowSec);
    /// @notice A batch declares at least one FTNS.
    error ZeroTotal();
    error UnknownBatch(uint256 number);
    /// @notice Batch `number` can be claimed from `openAt` on (seconds), later where transfers are restricted until then.
    error NotOpen(uint256 number, uint256 openAt, uint256 nowSec);
    /// @notice Batch `number` is open, and the last part of its total is released.
    error AllReleased(uint256 number);
    error Ended(uint256 number);
    /// @notice Batch `number` is challenged, and waits for the voters.
    error Challenged(uint256 number);
    /// @notice Batch `number` can be claimed, so that it is too late to challenge it.
    error OpenAlready(uint256 number);
    /// @notice The path does not lead from the leaf to the root of batch `number`.
    error NotInBatch(uint256 number, bytes32 leafHash);
    /// @notice The leaf of `account` and `kind` in batch `number` counted before.
    error AlreadyClaimed(uint256 number, address account, uint8 kind);
    /// @notice The leaf breaks a rule: an unknown kind, no value or more than a leaf may have, a quality above 1 or finer than 0.001.
    error InvalidLeaf(uint256 number, uint8 kind, uint256 value, uint256 quality);
    /// @notice The account's consent ended at `deadline` (seconds).
    error ConsentExpired(uint256 deadline, uint256 nowSec);
    /// @notice `account` did not sign that `relayer` may claim for it.
    error NotConsented(address account, address relayer);
    /// @notice A leaf that counts `needed` does not fit into the `left` of what batch `number` has released. It releases a seventh a day.
    error TotalDrawn(uint256 number, uint256 needed, uint256 left);
    error NoClaims();
    /// @notice Leaves of batch `number` earned nothing since fees were noted the last time.
    error NoLeafEarned(uint256 number);
    /// @notice The signers given are not those of batch `number`.
    error OtherSigners(uint256 number);
    /// @notice So many signers of batch `number` are registered still, and no more were needed when it was accepted.
    error EnoughSigners(uint256 number, uint256 registered);
    /// @notice Not a signature of `verifier` under the contribution or the batch.
    error NotSignedBy(address verifier);
    /// @notice Both are the leaf `leafHash` under the same root. It counts once, however often the batch was signed.
    error SameLeaf(bytes32 root, bytes32 leafHash);
    /// @notice The proof `proofHash` is not in the digest of the leaf.
    error NotInDigest(bytes32 proofHash);

    /// @notice Where leaves count.
    /// @return ContributorRegistry
    function REGISTRY() external view returns (IContributorRegistry);

    /// @notice What signers answer with.
    /// @return VerifierStakes
    function STAKES() external view returns (IVerifierStakes);

    /// @notice Freezes batches that are challenged.
    /// @return RewardVesting; zero before it is set
    function rewardVesting() external view returns (address);

    /// @notice Batches accepted so far; the latest has this number.
    /// @return zero before the first
    function batches() external view returns (uint256);

    /// @notice A batch as it stands.
    /// @param number 1 to `batches()`, else `UnknownBatch`
    /// @return units: see BatchView
    function batchOf(uint256 number) external view returns (BatchView memory);

    /// @notice Whether the leaf of `account` and `kind` in batch `number` has counted.
    /// @param number any
    /// @param account any
    /// @param kind ContributionKind as a number
    /// @return true once it was claimed, for ever
    function isClaimed(uint256 number, address account, uint8 kind) external view returns (bool);

    /// @notice EIP-712 digest that verifiers sign.
    /// @param batch all fields count
    /// @return for this contract on this chain
    function hashBatch(Batch calldata batch) external view returns (bytes32);

    /// @notice Hash of a leaf as it stands in the tree.
    /// @param leaf all fields count
    /// @return keccak256(keccak256(abi.encode(fields)))
    function hashLeaf(Leaf calldata leaf) external pure returns (bytes32);

    /// @notice Accepts a batch. Anyone may hand it in.
    /// @dev Reverts with one of the errors above, with those of the registry about attestations, or with those of VerifierStakes where a
    /// signer may not vouch for it.
    /// @param batch what the verifiers signed
    /// @param attestations of at least the registry's `attestationThreshold`, signers strictly ascending
    /// @return number of the batch
    function accept(Batch calldata batch, Attestation[] calldata attestations) external returns (uint256 number);

    /// @notice Counts leaves of the sender, and pays what they earn, at the tier that all of them lead to.
    /// @dev Which leaves are claimed together, and when, decides the tier that they are paid at: alone, a small one may lead to none, and earn
    /// nothing. So it is its account's choice.
    /// @param claims of any batches, at least one, and at most 63 together with the proofs of the day
    /// @return what they were worth and what they changed
    function claim(LeafClaim[] calldata claims) external returns (Outcome memory);

    /// @notice Does the same for `account`, which allowed the sender to. What is earned goes to `account`.
    /// @dev EIP-712 `ClaimConsent{account, relayer, deadline}` by the key of `account`, or by its code (ERC-1271). It serves for any number
    /// of claims up to its deadline, and cannot be taken back.
    /// @param account whose leaves these are
    /// @param claims as in `claim`
    /// @param deadline last second of the consent
    /// @param signature of `account`
    /// @return what they were worth and what they changed
    function claimFor(address account, LeafClaim[] calldata claims, uint256 deadline, bytes calldata signature)
        external
        returns (Outcome memory);

    /// @notice Ends a batch of whose signers fewer are registered still than it needed at acceptance, as long as a part of its total is to be
    /// released, or it is not open. Anyone may call it.
    /// @dev Where no leaf of it has counted, the same root may be signed and accepted again, under another number. Where one has, its other
    /// leaves are lost: a verifier that signed them may not sign them under another root.
    /// Reverts with `UnknownBatch`, `Ended`, `AllReleased`, `OtherSigners` or `EnoughSigners`.
    /// @param number of the batch
    /// @param signers as in its event
    function endUnsigned(uint256 number, address[] calldata signers) external;

    /// @notice Notes the signers' 1 % on what leaves of a batch earned since the last time, for those who are verifiers still. Anyone may
    /// call it; VerifierStakes pays like fees on single proofs of this week.
    /// @dev Reverts with `UnknownBatch`, `OtherSigners` or `NoLeafEarned`.
    /// @param number of the batch, ended or not
    /// @param signers as in its event
    /// @return reward that the fees are of (FTNS, 18 decimals)
    function noteFees(uint256 number, address[] calldata signers) external returns (uint256 reward);

    /// @notice Slashes the whole lock of `verifier`, and removes it: it signed a proof by itself and again in a leaf of a batch. The caller
    /// gets a tenth.
    /// @param verifier who signed both
    /// @param single what it signed for the registry
    /// @param batch what it signed here, handed in or not
    /// @param signature of `verifier` under `batch`
    /// @param leaf in that batch
    /// @param pathToRoot from the leaf to the batch's root
    /// @param pathToDigest from the proof's hash to the leaf's digest
    function presentCountedTwice(
        address verifier,
        SignedContribution calldata single,
        Batch calldata batch,
        bytes calldata signature,
        Leaf calldata leaf,
        bytes32[] calldata pathToRoot,
        bytes32[] calldata pathToDigest
    ) external;

    /// @notice Slashes the whole lock of `verifier`, and removes it: it signed a proof in two leaves, of two batches or of one. The caller
    /// gets a tenth.
    /// @dev Reverts with `SameLeaf`, `NotSignedBy`, `NotInBatch`, `NotInDigest` or `NothingToSlash`. The same root signed again, with
    /// another deadline for instance, is no second leaf. Warning for verifiers: a corrected tree that holds a proof of an earlier one has
    /// another root, and can be presented with it whether the earlier one was handed in or not.
    /// @param verifier who signed both
    /// @param proofHash in the digest of both leaves
    /// @param leaves what it signed here, handed in or not
    function presentLeafTwice(address verifier, bytes32 proofHash, SignedLeaf[2] calldata leaves) external;

    /// @notice Nothing of a batch counts from now on, until it thaws. Restricted to RewardVesting.
    /// @dev Reverts with `UnknownBatch`, `Ended`, `OpenAlready` or `OtherSigners`.
    /// @param number of a batch that is not open
    /// @param signers as in its event
    /// @return openAt when it would have opened (seconds of time in which transfers are not restricted)
    function freeze(uint256 number, address[] calldata signers) external returns (uint256 openAt);

    /// @notice A frozen batch opens at `openAt`, or at once where that is over, or is ended. Restricted to RewardVesting.
    /// @param number of a batch; nothing happens to one that is not frozen, as it was ended meanwhile
    /// @param openAt as `freeze` told; zero ends it
    function thaw(uint256 number, uint256 openAt) external;

    /// @notice Names the contract that freezes batches. Restricted to governance.
    /// @param rewardVesting_ must have code
    function setRewardVesting(address rewardVesting_) external;

    /// @notice Ends a batch: no further leaf of it counts. Restricted to governance.
    /// @param number of a batch that is not ended
    function end(uint256 number) external;
}
