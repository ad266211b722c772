// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {
    Attestation,
    Consent,
    Contribution,
    ContributorStatus,
    IContributorRegistry,
    Outcome,
    Review,
    SignedReview
} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";
import {ContributionHash} from "./ContributionHash.sol";
import {ContributionRules} from "./ContributionRules.sol";
import {ContributionWindow, WINDOW_DAYS} from "./ContributionWindow.sol";
import {PeerReviews} from "./PeerReviews.sol";
import {RecordHeader} from "./RecordHeader.sol";
import {TierScheduleMath} from "./TierScheduleMath.sol";
import {VerifierSet} from "./VerifierSet.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {ContributionKind} from "../types/ContributionKind.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @title ContributorRegistry
/// @notice Turns statements signed by verifiers into scores, tiers and rewards.
///
/// A contribution passes through four parts, one file each: `ContributionRules` (is it well formed, what is it worth),
/// `VerifierSet` (who vouches for it), `PeerReviews` (have peers read it) and, here, the account's record:
///
///   1. the proof is marked as used, for ever;
///   2. its value and quality go into the bucket of today (`ContributionWindow`), whenever the work was done;
///   3. the last day of each tier follows from the 30 buckets (`TierScheduleMath`);
///   4. the token learns the days if they changed, and at the first proof ever of the newcomer's grace;
///   5. the reward pool pays the contributor at the tier of today, this proof included.
///
/// Tiers are not stored but the days on which they end, so no downgrade needs a transaction.
/// Nothing here trusts the submitter: who sends the transaction matters for the consent only, and the reward goes to the
/// contributor.
contract ContributorRegistry is EIP712, VerifierSet, PeerReviews, ContributionRules {
    using ContributionHash for Contribution;
    using ContributionHash for Consent;
    using ContributionHash for Review;
    using ContributionWindow for uint256;
    using ContributionWindow for uint256[8];
    using RecordHeader for uint256;
    using RecordHeader for RecordHeader.Header;
    using TierScheduleMath for TierSchedule;
    using TierScheduleMath for uint256;

    // Immutables

    /// @inheritdoc IContributorRegistry
    IFTNSToken public immutable TOKEN;
    /// @inheritdoc IContributorRegistry
    IRewardPool public immutable REWARD_POOL;

    // Storage

    /// @dev Nine slots, of which a proof writes two.
    struct Record {
        uint256 header; // see RecordHeader
        uint256[8] ring; // see ContributionWindow
    }

    /// @dev What a proof changed. The token and the vault keep copies of it.
    struct ProofEffects {
        uint256 kind;
        uint256 quality; // WAD
        bool isFirstProof; // ever
        bool scheduleChanged; // the last days of tiers
        bool kindDayChanged; // the day of the latest proof of its kind
        uint256 lastDays; // by kind, see RecordHeader
    }

    mapping(address account => Record) private _records;
    /// @inheritdoc IContributorRegistry
    mapping(bytes32 proofHash => bool) public isProofUsed;
    /// @inheritdoc IContributorRegistry
    IStakingVault public stakingVault;

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
        override(IContributorRegistry, PeerReviews)
        returns (Tier)
    {
        return _headerOf(account).schedule.tierOn(day);
    }

    /// @inheritdoc IContributorRegistry
    function scheduleOf(address account) external view returns (TierSchedule memory) {
        return _headerOf(account).schedule;
    }

    /// @inheritdoc IContributorRegistry
    function lastDayOf(address account, uint8 kind) external view returns (uint256) {
        if (kind >= KINDS) revert UnknownKind(kind);
        return _headerOf(account).lastDayOf(kind);
    }

    /// @inheritdoc IContributorRegistry
    function daysOf(address account) external view returns (TierSchedule memory schedule, uint256 lastDays) {
        RecordHeader.Header memory header = _headerOf(account);
        return (header.schedule, header.kindDays);
    }

    /// @inheritdoc IContributorRegistry
    function statusOf(address account) external view returns (ContributorStatus memory status) {
        RecordHeader.Header memory header = _headerOf(account);
        uint256 today = ProtocolTime.today();
        uint256 thresholds = _thresholds;
        TierScheduleMath.TierSupport memory support = _tierSupport(account, header, today, thresholds);
        status.schedule = header.schedule;
        status.refreshed = status.schedule.next(support, today, proofRules().disconnectionGraceDays);
        status.tier = status.schedule.tierOn(today);
        status.supportedTier = support.tier;
        (status.score, status.averageQuality) = _scoreOf(support.totals, thresholds);
        status.weightedValue = support.totals.weighted * ContributionWindow.WEIGHTED_UNIT;
        status.diversityBonus =
            TierScheduleMath.diversity(support.totals.kinds, thresholds) * ContributionWindow.QUALITY_UNIT;
        status.kinds = support.totals.kinds;
        status.proofs = support.totals.proofs;
        status.totalProofs = header.proofs;
        status.lastDay = header.lastDay;

        uint256 next = Math.min(uint256(support.tier) + 1, uint256(Tier.POWER));
        status.nextTier = Tier(next);
        uint256 minScore = thresholds.minScore(next) * ContributionWindow.WEIGHTED_UNIT;
        uint256 minQuality = thresholds.minQuality(next) * ContributionWindow.QUALITY_UNIT;
        status.missingScore = Math.saturatingSub(minScore, status.score);
        status.missingQuality = Math.saturatingSub(minQuality, status.averageQuality);
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
    )
        external
        returns (Outcome memory)
    {
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
    )
        external
        returns (Outcome memory)
    {
        bytes32 digest = hashContribution(contribution);
        _checkConsent(contribution.contributor, digest, consent, signature);
        return _accept(contribution, digest, attestations, reviews);
    }

    /// @inheritdoc IContributorRegistry
    function countVote(address voter, bytes32 proofHash) external restricted returns (Outcome memory outcome) {
        if (isProofUsed[proofHash]) revert ProofAlreadyUsed(proofHash);
        uint8 kind = uint8(ContributionKind.GOVERNANCE);
        outcome.value = baseRate(kind);
        _countProof(voter, kind, 1e18, proofHash, outcome);
    }

    /// @inheritdoc IContributorRegistry
    function refresh(address account) external returns (TierSchedule memory schedule) {
        // Check
        RecordHeader.Header memory header = _headerOf(account);
        if (header.proofs == 0) revert NoContributions(account);
        uint256 today = ProtocolTime.today();
        TierSchedule memory old = header.schedule;
        schedule = old.next(_tierSupport(account, header, today, _thresholds), today, proofRules().disconnectionGraceDays);
        if (schedule.equal(old)) return schedule;

        // Effect
        header.schedule = schedule;
        _records[account].header = header.pack();

        // Interaction
        TOKEN.setTierSchedule(account, schedule);
        _notifyVault(account, schedule, header.kindDays);
    }

    // Governance

    /// @inheritdoc IContributorRegistry
    function setStakingVault(IStakingVault vault) external restricted {
        if (address(vault).code.length == 0) revert NotAContract(address(vault));
        stakingVault = vault;
        emit StakingVaultChanged(vault);
    }

    // Internals: a contribution

    /// @dev The token and the pool are the protocol's own and call no one else. Signers with code are called before, but
    /// statically: reentrancy is not possible.
    function _accept(
        Contribution calldata contribution,
        bytes32 digest,
        Attestation[] calldata attestations,
        SignedReview[] calldata reviews
    )
        private
        returns (Outcome memory outcome)
    {
        // Check (reviews are counted against their limit as they are checked)
        uint256 today = ProtocolTime.today();
        bytes32 proofHash = contribution.proofHash;
        if (isProofUsed[proofHash]) revert ProofAlreadyUsed(proofHash);
        outcome.value = _checkContribution(contribution);
        _checkAttestations(digest, attestations);
        _countReviews(contribution.contributor, contribution.kind, proofHash, reviews, today);

        // Effect and interaction
        _countProof(contribution.contributor, contribution.kind, contribution.quality, proofHash, outcome);
        _emitAccepted(contribution, outcome);
    }

    function _countProof(address contributor, uint256 kind, uint256 quality, bytes32 proofHash, Outcome memory outcome)
        private
    {
        uint256 today = ProtocolTime.today();
        ProofEffects memory effects;
        (effects.kind, effects.quality) = (kind, quality);
        isProofUsed[proofHash] = true;
        _addToRecord(contributor, today, effects, outcome);
        _notifyAndPay(contributor, today, effects, outcome);
    }

    /// @dev Adds the proof to the record and fills in what follows from it.
    function _addToRecord(address contributor, uint256 today, ProofEffects memory effects, Outcome memory outcome)
        private
    {
        RecordHeader.Header memory header = _headerOf(contributor);
        uint256[8] storage ring = _records[contributor].ring;
        uint256 occupied = header.occupied.aged(today - header.lastDay);
        uint256[WINDOW_DAYS] memory buckets = ring.load(occupied, today);
        if (buckets[0].proofsIn() == ContributionWindow.MAX_PROOFS_PER_DAY) {
            revert TooManyProofsToday(contributor, ContributionWindow.MAX_PROOFS_PER_DAY);
        }
        // Rounded down: the protocol gains less than a wei of score.
        uint256 weighted = outcome.value * effects.quality / 1e18;
        buckets[0] = buckets[0].withProof(effects.kind, weighted, effects.quality);
        occupied |= 1;

        uint256 thresholds = _thresholds;
        TierScheduleMath.TierSupport memory support = TierScheduleMath.tierSupport(buckets, thresholds);
        TierSchedule memory old = header.schedule;
        outcome.schedule = old.next(support, today, proofRules().disconnectionGraceDays);
        outcome.tier = outcome.schedule.tierOn(today);
        (outcome.score, outcome.averageQuality) = _scoreOf(support.totals, thresholds);
        effects.scheduleChanged = !outcome.schedule.equal(old);
        effects.isFirstProof = header.proofs == 0;
        effects.kindDayChanged = header.lastDayOf(effects.kind) != today;

        ring.store(today, buckets[0]);
        header.schedule = outcome.schedule;
        header.occupied = occupied;
        header.addProof(effects.kind, today);
        effects.lastDays = header.kindDays;
        _records[contributor].header = header.pack();
    }

    /// @dev Tells the token and the vault what changed, then has the reward paid.
    function _notifyAndPay(address contributor, uint256 today, ProofEffects memory effects, Outcome memory outcome)
        private
    {
        if (effects.scheduleChanged) TOKEN.setTierSchedule(contributor, outcome.schedule);
        if (effects.scheduleChanged || effects.kindDayChanged) _notifyVault(contributor, outcome.schedule, effects.lastDays);
        if (effects.isFirstProof) {
            uint256 graceDays = proofRules().newcomerGraceDays;
            if (graceDays != 0) TOKEN.startGrace(contributor, today + graceDays);
        }
        (outcome.earned, outcome.deferred) = REWARD_POOL.reward(contributor, outcome.value, outcome.tier);
    }

    /// @dev A vault that cannot settle the stake, because `M` cannot be read, makes the submission revert, as the reward does.
    function _notifyVault(address account, TierSchedule memory schedule, uint256 lastDays) private {
        IStakingVault vault = stakingVault;
        if (address(vault) == address(0)) return;
        // Most contributors stake nothing, and asking costs less than the access check of `setStanding`.
        if (vault.stakedOf(account) != 0) vault.setStanding(account, schedule, lastDays);
    }

    function _emitAccepted(Contribution calldata contribution, Outcome memory outcome) private {
        emit ContributionAccepted(
            contribution.contributor,
            contribution.proofHash,
            contribution.kind,
            msg.sender,
            contribution.units,
            contribution.quality,
            contribution.impact,
            outcome,
            contribution.evidenceURI
        );
    }

    function _checkConsent(
        address contributor,
        bytes32 contributionHash,
        Consent calldata consent,
        bytes calldata signature
    )
        private
        view
    {
        if (contributor == address(0)) revert ZeroContributor();
        if (consent.contributionHash != contributionHash) {
            revert ConsentForAnotherContribution(consent.contributionHash, contributionHash);
        }
        if (consent.submitter != address(0) && consent.submitter != msg.sender) {
            revert ConsentForAnotherSubmitter(consent.submitter, msg.sender);
        }
        if (block.timestamp > consent.deadline) revert ConsentExpired(consent.deadline, block.timestamp);
        if (!SignatureChecker.isValidSignatureNowCalldata(contributor, hashConsent(consent), signature)) {
            revert InvalidConsent(contributor);
        }
    }

    // Internals: records

    function _tierSupport(
        address account,
        RecordHeader.Header memory header,
        uint256 today,
        uint256 thresholds
    )
        private
        view
        returns (TierScheduleMath.TierSupport memory)
    {
        uint256 occupied = header.occupied.aged(today - header.lastDay);
        return TierScheduleMath.tierSupport(_records[account].ring.load(occupied, today), thresholds);
    }

    function _headerOf(address account) private view returns (RecordHeader.Header memory) {
        return _records[account].header.unpack();
    }

    /// @dev Score (FTNS) and mean quality (WAD) for people to read, rounded down; tiers compare whole numbers instead.
    function _scoreOf(ContributionWindow.Totals memory totals, uint256 thresholds)
        private
        pure
        returns (uint256 score, uint256 averageQuality)
    {
        score = totals.weighted * TierScheduleMath.diversity(totals.kinds, thresholds) * ContributionWindow.WEIGHTED_UNIT
            / TierScheduleMath.ONE;
        if (totals.proofs != 0) averageQuality = totals.quality * ContributionWindow.QUALITY_UNIT / totals.proofs;
    }

    function _hashReview(Review calldata review) internal view override returns (bytes32 digest) {
        return _hashTypedDataV4(review.structHash());
    }
}
