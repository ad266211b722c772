// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IProofRecords} from "../interfaces/IProofRecords.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";
import {IVerifierStakes} from "../interfaces/IVerifierStakes.sol";
import {ContributionHash} from "./ContributionHash.sol";
import {ContributionRecords} from "./ContributionRecords.sol";
import {ContributorStatusView} from "./ContributorStatusView.sol";
import {PeerReviews} from "./PeerReviews.sol";
import {Signatures} from "./Signatures.sol";
import {VerifierSet} from "./VerifierSet.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Attestation, Consent, Contribution, Review, SignedReview} from "../types/Contribution.sol";
import {ContributionKind} from "../types/ContributionKind.sol";
import {Outcome, Vouchers, Work} from "../types/ContributionOutcome.sol";
import {ProofRules} from "../types/ContributorRules.sol";
import {ProofRecord} from "../types/ProofRecord.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @title ContributorRegistry
/// @notice Turns statements signed by verifiers into scores, tiers and rewards.
///
/// A contribution passes through four parts, one file each: `ContributionRules` (is it well formed, what is it worth),
/// `VerifierSet` (who vouches for it), `PeerReviews` (have peers read it) and `ContributionRecords` (what it changes). In order:
///
///   1. the proof is marked as used, for ever;
///   2. its value and quality go into the bucket of today (`ContributionWindow`), whenever the work was done;
///   3. the last day of each tier follows from the 30 buckets (`TierScheduleMath`);
///   4. the token learns the days, how much activity the contributor may now vouch for and, when BASIC is reached for the first
///      time, of the newcomer's grace; the vault learns the days, commitments, and how much stake the score covers;
///   5. the reward pool pays the contributor at the tier of today, this proof included;
///   6. the larger of value and reward counts against the allowance of each signer (`VerifierStakes`), or all of it is undone;
///   7. the digest of what it was takes the place of the mark, so that it can be cancelled (`cancelProof`).
///
/// Tiers are not stored but the days on which they end, so no downgrade needs a transaction.
/// Nothing here trusts the submitter: who sends the transaction matters for the consent only, and the reward goes to the
/// contributor.
contract ContributorRegistry is EIP712, VerifierSet, PeerReviews, ContributorStatusView {
    using ContributionHash for Contribution;
    using ContributionHash for Consent;
    using ContributionHash for Review;

    // Constants

    /// @dev In the place of a record: the proof is used, and there is nothing to cancel.
    bytes32 private constant USED = bytes32(uint256(1));

    // Immutables

    /// @inheritdoc IContributorRegistry
    IFTNSToken public immutable TOKEN;
    /// @inheritdoc IContributorRegistry
    IRewardPool public immutable REWARD_POOL;

    // Storage

    /// @inheritdoc IProofRecords
    mapping(bytes32 proofHash => bytes32) public recordOf;
    /// @inheritdoc IContributorRegistry
    IStakingVault public stakingVault;
    /// @inheritdoc IContributorRegistry
    address public batchRewards;
    /// @inheritdoc IProofRecords
    address public rewardVesting;

    // Constructor

    constructor(address authority_, IFTNSToken token, IRewardPool pool, address[] memory verifiers_, uint256 threshold)
        AccessManaged(authority_)
        EIP712("FTNS ContributorRegistry", "1")
        VerifierSet(verifiers_, threshold)
    {
        if (address(token).code.length == 0) revert NotAContract(address(token));
        if (address(pool).code.length == 0) revert NotAContract(address(pool));
        TOKEN = token;
        REWARD_POOL = pool;
    }

    // Views

    /// @inheritdoc IContributorRegistry
    function tierOn(address account, uint256 day)
        public
        view
        override(IContributorRegistry, ContributionRecords, PeerReviews)
        returns (Tier)
    {
        return ContributionRecords.tierOn(account, day);
    }

    /// @inheritdoc IProofRecords
    function isProofUsed(bytes32 proofHash) public view returns (bool) {
        return recordOf[proofHash] != 0;
    }

    /// @inheritdoc IContributorRegistry
    function hashContribution(Contribution calldata contribution) public view returns (bytes32) {
        return _hashTypedDataV4(contribution.structHash());
    }

    /// @inheritdoc IContributorRegistry
    function hashReview(Review calldata review) external view returns (bytes32) {
        return _hashReview(review);
    }

    /// @inheritdoc IContributorRegistry
    function hashConsent(Consent calldata consent) public view returns (bytes32) {
        return _hashTypedDataV4(consent.structHash());
    }

    // Writes

    /// @inheritdoc IContributorRegistry
    function submit(
        Contribution calldata contribution,
        Attestation[] calldata attestations,
        SignedReview[] calldata reviews
    ) external returns (Outcome memory) {
        address contributor = contribution.contributor;
        if (msg.sender != contributor) revert NotContributor(msg.sender, contributor);
        return _accept(contribution, hashContribution(contribution), attestations, reviews);
    }

    /// @inheritdoc IContributorRegistry
    function submitFor(
        Contribution calldata contribution,
        Attestation[] calldata attestations,
        SignedReview[] calldata reviews,
        Consent calldata consent,
        bytes calldata signature
    ) external returns (Outcome memory) {
        bytes32 digest = hashContribution(contribution);
        _checkConsent(contribution.contributor, digest, consent, signature);
        return _accept(contribution, digest, attestations, reviews);
    }

    /// @inheritdoc IContributorRegistry
    function countVote(address voter, bytes32 proofHash, uint256 value)
        external
        restricted
        returns (Outcome memory outcome)
    {
        // Check
        if (isProofUsed(proofHash)) revert ProofAlreadyUsed(proofHash);
        uint8 kind = uint8(ContributionKind.GOVERNANCE);
        uint256 limit = baseRate(kind);
        if (value == 0 || value > limit) revert VoteValueOutOfBounds(value, limit);

        // Effect and interaction
        outcome.value = value;
        _countProof(voter, kind, 1e18, proofHash, proofRules(), outcome);
        _keepRecord(voter, kind, 1e18, proofHash, outcome, new address[](0));
    }

    /// @inheritdoc IContributorRegistry
    function countLeaves(address account, Work[] calldata works, uint256 scaled)
        external
        onlyDirect(batchRewards)
        returns (Outcome memory outcome)
    {
        _publish(account, _addWorks(account, works, proofRules(), outcome));
        outcome.countedKind = false;
        (outcome.earned, outcome.deferred) = REWARD_POOL.rewardLeaves(account, outcome.value, scaled, outcome.tier);
    }

    /// @inheritdoc IProofRecords
    function cancelProof(
        bytes32 proofHash,
        address contributor,
        uint256 header,
        uint256 ringIndex,
        uint256 ringWord,
        uint256 capacityLimit
    ) external onlyDirect(rewardVesting) {
        recordOf[proofHash] = USED;
        Update memory update = _replaceRecord(contributor, header, ringIndex, ringWord);
        update.capacityLimit = capacityLimit;
        _publish(contributor, update);
    }

    /// @inheritdoc IContributorRegistry
    function refresh(address account) external returns (TierSchedule memory schedule) {
        Update memory update = _refresh(account);
        _publish(account, update);
        return update.schedule;
    }

    // Governance

    /// @inheritdoc IContributorRegistry
    function setStakingVault(IStakingVault vault) external restricted {
        if (address(vault).code.length == 0) revert NotAContract(address(vault));
        stakingVault = vault;
        emit StakingVaultChanged(vault);
    }

    /// @inheritdoc IContributorRegistry
    function setBatchRewards(address batchRewards_) external restricted {
        _requireCode(batchRewards_);
        batchRewards = batchRewards_;
        emit BatchRewardsChanged(batchRewards_);
    }

    /// @inheritdoc IProofRecords
    function setRewardVesting(address rewardVesting_) external restricted {
        _requireCode(rewardVesting_);
        rewardVesting = rewardVesting_;
        emit RewardVestingChanged(rewardVesting_);
    }

    // Internals: a contribution

    /// @dev The token, the vault, the pool and VerifierStakes are the protocol's own and call no one else. Signers with code are called before,
    /// but statically: reentrancy is not possible.
    function _accept(
        Contribution calldata contribution,
        bytes32 digest,
        Attestation[] calldata attestations,
        SignedReview[] calldata reviews
    ) private returns (Outcome memory outcome) {
        // Check (reviews are counted against their limit as they are checked)
        bytes32 proofHash = contribution.proofHash;
        if (isProofUsed(proofHash)) revert ProofAlreadyUsed(proofHash);
        ProofRules memory rules = proofRules();
        outcome.value = _checkContribution(contribution, rules);
        _checkAttestations(digest, attestations);
        _countReviews(contribution.contributor, contribution.kind, proofHash, reviews, ProtocolTime.today());

        // Effect and interaction
        _countProof(contribution.contributor, contribution.kind, contribution.quality, proofHash, rules, outcome);
        Vouchers memory vouchers = _vouchersOf(attestations, reviews);
        IVerifierStakes stakes = verifierStakes;
        if (address(stakes) != address(0)) stakes.charge(vouchers.verifiers, outcome.value, outcome.earned);
        _keepRecord(
            contribution.contributor, contribution.kind, contribution.quality, proofHash, outcome, vouchers.verifiers
        );
        _emitAccepted(contribution, outcome, vouchers);
    }

    function _countProof(
        address contributor,
        uint8 kind,
        uint256 quality,
        bytes32 proofHash,
        ProofRules memory rules,
        Outcome memory outcome
    ) private {
        recordOf[proofHash] = USED;
        Work[] memory works = new Work[](1);
        works[0] = Work(kind, outcome.value, quality);
        outcome.value = 0; // counted as the work is added
        _publish(contributor, _addWorks(contributor, works, rules, outcome));
        (outcome.earned, outcome.deferred, outcome.vesting) =
            REWARD_POOL.reward(contributor, kind, outcome.value, outcome.tier);
        outcome.countedAt = block.timestamp - TOKEN.restrictedSeconds();
    }

    function _keepRecord(
        address contributor,
        uint8 kind,
        uint256 quality,
        bytes32 proofHash,
        Outcome memory outcome,
        address[] memory signers
    ) private {
        recordOf[proofHash] = keccak256(
            abi.encode(
                ProofRecord({
                    proofHash: proofHash,
                    contributor: contributor,
                    kind: kind,
                    value: outcome.value,
                    quality: quality,
                    countedKind: outcome.countedKind,
                    deferred: outcome.deferred,
                    vesting: outcome.vesting,
                    day: ProtocolTime.today(),
                    countedAt: outcome.countedAt,
                    verifiers: signers
                })
            )
        );
    }

    /// @dev Tells the token and the vault. A vault that cannot settle the stake makes the submission revert, as a pool does that
    /// cannot work out the reward: the proof stays unused for another try.
    function _publish(address account, Update memory update) private {
        TOKEN.setTierSchedule(account, update.schedule, update.capacityAdded, update.capacityLimit, update.graceUntil);
        IStakingVault vault = stakingVault;
        if (address(vault) != address(0)) {
            vault.setStanding(account, update.schedule, update.commitmentDays, update.cover);
        }
    }

    function _emitAccepted(Contribution calldata contribution, Outcome memory outcome, Vouchers memory vouchers)
        private
    {
        emit ContributionAccepted(
            contribution.contributor,
            contribution.proofHash,
            contribution.kind,
            msg.sender,
            contribution.units,
            contribution.quality,
            contribution.confidence,
            contribution.impact,
            contribution.observedAt,
            outcome,
            vouchers,
            contribution.evidenceRoot,
            contribution.evidenceURI
        );
    }

    /// @dev At most 32 verifiers and 8 reviewers, as checked before.
    function _vouchersOf(Attestation[] calldata attestations, SignedReview[] calldata reviews)
        private
        pure
        returns (Vouchers memory vouchers)
    {
        vouchers.verifiers = new address[](attestations.length);
        for (uint256 i; i < attestations.length; ++i) {
            vouchers.verifiers[i] = attestations[i].signer;
        }
        vouchers.reviewers = new address[](reviews.length);
        vouchers.ratings = new uint8[](reviews.length);
        for (uint256 i; i < reviews.length; ++i) {
            Review calldata review = reviews[i].review;
            (vouchers.reviewers[i], vouchers.ratings[i]) = (review.reviewer, review.rating);
        }
    }

    function _checkConsent(
        address contributor,
        bytes32 contributionHash,
        Consent calldata consent,
        bytes calldata signature
    ) private view {
        if (contributor == address(0)) revert ZeroContributor();
        if (consent.contributionHash != contributionHash) {
            revert ConsentForAnotherContribution(consent.contributionHash, contributionHash);
        }
        if (consent.submitter != address(0) && consent.submitter != msg.sender) {
            revert ConsentForAnotherSubmitter(consent.submitter, msg.sender);
        }
        if (block.timestamp > consent.deadline) revert ConsentExpired(consent.deadline, block.timestamp);
        if (!Signatures.isBy(contributor, hashConsent(consent), signature)) revert InvalidConsent(contributor);
    }

    function _hashReview(Review calldata review) internal view override returns (bytes32 digest) {
        return _hashTypedDataV4(review.structHash());
    }
}
