// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFTNSToken} from "./IFTNSToken.sol";
import {IProofRecords} from "./IProofRecords.sol";
import {IRewardPool} from "./IRewardPool.sol";
import {IStakingVault} from "./IStakingVault.sol";
import {IVerifierStakes} from "./IVerifierStakes.sol";
import {Attestation, Consent, Contribution, Review, SignedReview} from "../types/Contribution.sol";
import {ContributorStatus, Outcome, Vouchers, Work} from "../types/ContributionOutcome.sol";
import {ProofRules, ReviewRules, TierRules} from "../types/ContributorRules.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @title IContributorRegistry
/// @notice Turns statements signed by verifiers into scores, tiers and rewards.
/// @dev Amounts are FTNS with 18 decimals, ratios WAD, days protocol days (`ProtocolTime`). Signatures are EIP-712 under the
/// domain "FTNS ContributorRegistry", version "1". Verifiers sign with a key (ECDSA), because a contract can change what it
/// has said; contributors and reviewers may be contracts (ERC-1271).
interface IContributorRegistry is IProofRecords {
    /// @notice A contribution counted, on the word of those whom `vouchers` names. Changes of the tier schedule are told by the
    /// token (`TierScheduleSet`), votes by VoteProofs (`VoteAccepted`).
    /// @param kind ContributionKind as a number
    /// @param submitter who sent the transaction
    /// @param units WAD, as `quality`, `confidence` and `impact`
    /// @param observedAt seconds
    /// @param outcome what it was worth and what it changed
    /// @param vouchers the verifiers, and the reviewers with their ratings
    /// @param evidenceRoot digest of the evidence's canonical manifest
    event ContributionAccepted(
        address indexed contributor,
        bytes32 indexed proofHash,
        uint8 indexed kind,
        address submitter,
        uint256 units,
        uint256 quality,
        uint256 confidence,
        uint256 impact,
        uint256 observedAt,
        Outcome outcome,
        Vouchers vouchers,
        bytes32 evidenceRoot,
        string evidenceURI
    );
    event VerifierAdded(address indexed verifier);
    event VerifierRemoved(address indexed verifier);
    /// @param threshold signatures that a contribution needs
    event AttestationThresholdChanged(uint256 threshold);
    /// @param rate FTNS for one unit of `kind` (18 decimals)
    event BaseRateChanged(uint8 indexed kind, uint256 rate);
    /// @param rate to which a reset returns (FTNS for one unit of `kind`, 18 decimals)
    event BaseRateSettled(uint8 indexed kind, uint256 rate);
    event ProofRulesChanged(ProofRules rules);
    event TierRulesChanged(TierRules rules);
    event ReviewRulesChanged(ReviewRules rules);
    event StakingVaultChanged(IStakingVault vault);
    event VerifierStakesChanged(IVerifierStakes stakes);
    event BatchRewardsChanged(address batchRewards);

    // A proof is refused

    error ZeroContributor();
    /// @notice Only the contributor submits without a consent.
    error NotContributor(address caller, address contributor);
    error UnknownKind(uint8 kind);
    error ZeroProofHash();
    /// @notice This fingerprint was counted before.
    error ProofAlreadyUsed(bytes32 proofHash);
    error ZeroUnits();
    /// @param quality WAD, as `max`
    error QualityOutOfBounds(uint256 quality, uint256 max);
    /// @notice A quality is a whole number of thousandths, so that nothing is cut where it is added up.
    error QualityTooFine(uint256 quality, uint256 step);
    error ConfidenceOutOfBounds(uint256 confidence, uint256 min, uint256 max);
    error ImpactOutOfBounds(uint256 impact, uint256 min, uint256 max);
    /// @param observedAt seconds, as `nowSec`
    error ObservedInFuture(uint256 observedAt, uint256 nowSec);
    /// @param earliest oldest observation that is accepted now (seconds)
    error ObservedTooLongAgo(uint256 observedAt, uint256 earliest);
    /// @param expiresAt last second in which it was valid
    error ProofExpired(uint256 expiresAt, uint256 nowSec);
    /// @notice `value` is worked out with saturation: a value too large for 256 bits is far above the limit too.
    error ValueAboveLimit(uint256 value, uint256 limit);
    /// @notice So few units that their value rounds down to nothing.
    error ZeroValue(uint256 units);
    /// @notice A vote is worth at most one unit of GOVERNANCE, and more than nothing.
    error VoteValueOutOfBounds(uint256 value, uint256 max);
    /// @notice At most 63 proofs of one account count in a day.
    error TooManyProofsToday(address contributor, uint256 max);

    // Signatures of verifiers

    /// @param required the present threshold
    error TooFewAttestations(uint256 given, uint256 required);
    /// @notice `signer` is not a registered verifier.
    error UnregisteredSigner(address signer);
    error DuplicateSigner(address signer);
    /// @notice Signers must be strictly ascending.
    error SignersOutOfOrder(address previous, address signer);
    /// @notice Not a signature of `signer` under this contribution for this contract on this chain.
    error InvalidAttestation(address signer);

    // Reviews

    /// @param required reviews that the kind needs
    error TooFewReviews(uint256 given, uint256 required);
    error TooManyReviews(uint256 given, uint256 max);
    /// @notice The review is about `proofHash`, not about `expected`.
    error ReviewOfAnotherProof(bytes32 proofHash, bytes32 expected);
    error ReviewByAuthor(address author);
    error DuplicateReviewer(address reviewer);
    /// @notice Reviewers must be strictly ascending.
    error ReviewersOutOfOrder(address previous, address reviewer);
    /// @notice `reviewer` has no tier today.
    error ReviewerBelowBasic(address reviewer);
    /// @notice Ratings are 1 to 5.
    error RatingOutOfRange(address reviewer, uint8 rating);
    /// @param min the present least rating
    error RatingTooLow(address reviewer, uint256 rating, uint256 min);
    error ReviewedInFuture(address reviewer, uint256 reviewedAt, uint256 nowSec);
    /// @param earliest oldest review that is accepted now (seconds)
    error ReviewTooOld(address reviewer, uint256 reviewedAt, uint256 earliest);
    /// @notice `reviewer` has vouched for `author` often enough; the next review counts on day `againOn`.
    error ReviewLimitReached(address reviewer, address author, uint256 againOn);
    /// @notice Not a signature of `reviewer` under this review for this contract on this chain.
    error InvalidReview(address reviewer);

    // Consent

    /// @param expected digest of the contribution that was submitted
    error ConsentForAnotherContribution(bytes32 contributionHash, bytes32 expected);
    /// @notice The consent names `submitter`, not `caller`.
    error ConsentForAnotherSubmitter(address submitter, address caller);
    /// @param deadline last second in which it was valid
    error ConsentExpired(uint256 deadline, uint256 nowSec);
    /// @notice Not a signature of `contributor` under this consent for this contract on this chain.
    error InvalidConsent(address contributor);

    // Refresh and governance

    /// @notice `account` has no proofs, so it has no schedule to work out.
    error NoContributions(address account);
    /// @notice `target` has no code, so it cannot be the contract it is said to be.
    error NotAContract(address target);
    error ZeroVerifier();
    error VerifierAlreadyRegistered(address verifier);
    error VerifierNotRegistered(address verifier);
    error TooManyVerifiers(uint256 count, uint256 max);
    /// @param max registered verifiers
    error ThresholdOutOfBounds(uint256 threshold, uint256 min, uint256 max);
    /// @notice A rule named `rule` was given a value outside its bounds.
    /// @param rule name in ASCII, as in the struct that sets it
    error RuleOutOfBounds(bytes32 rule, uint256 value, uint256 min, uint256 max);
    /// @notice A rule named `rule` must be a multiple of `step`, so that it is compared exactly.
    error RuleTooFine(bytes32 rule, uint256 value, uint256 step);
    /// @notice A higher tier must not ask for less than a lower one.
    error TierRulesNotNested(Tier tier);

    /// @notice The token whose tiers and grace this registry sets.
    /// @return FTNSToken
    function TOKEN() external view returns (IFTNSToken);

    /// @notice The pool that pays contributors.
    /// @return RewardPool
    function REWARD_POOL() external view returns (IRewardPool);

    /// @notice The vault that is told of tiers, commitments and cover; zero until it is named.
    /// @return zero for none
    function stakingVault() external view returns (IStakingVault);

    /// @notice Counts leaves of batches.
    /// @return BatchRewards; zero until it is named
    function batchRewards() external view returns (address);

    // Accounts

    /// @notice Tier of `account` on protocol day `day`, by its present schedule.
    /// @dev Warning: a day in the future tells what holds if nothing more is contributed; a day in the past tells what the
    /// present schedule says of it, which is not what held then.
    /// @param account any address
    /// @param day protocol day
    /// @return NONE to POWER
    function tierOn(address account, uint256 day) external view returns (Tier);

    /// @notice Last day of each tier of `account`.
    /// @param account any address
    /// @return protocol days, inclusive; 0 = never held
    function scheduleOf(address account) external view returns (TierSchedule memory);

    /// @notice Where `account` stands today, why, and what is missing for the next tier.
    /// @param account any address
    /// @return score, quality, tiers and what is missing (units: see ContributorStatus)
    function statusOf(address account) external view returns (ContributorStatus memory);

    /// @notice The day since which `account` is BASIC or higher without interruption. An interruption is a day on which it had
    /// no tier, be it until the proof of that day.
    /// @param account any address
    /// @return protocol day; 0 when it has no tier today
    function basicSince(address account) external view returns (uint256);

    /// @notice What the staking vault keeps a copy of.
    /// @dev Warning: a change of the rule `stakeCover` shows here at once, and reaches a stake with the next proof or `refresh`.
    /// @param account any address
    /// @return schedule last day of each tier: protocol days, inclusive; 0 = never held
    /// @return commitmentDays day of the latest proof worth at least `minCommitment` of each commitment: STORAGE, COMPUTE,
    /// GOVERNANCE, data curation (DATA, MODEL), community (DOCUMENTATION, RESEARCH, TEACHING); 16 bits each, STORAGE lowest;
    /// 0 = never
    /// @return cover `stakeCover * score`, score being that of the latest proof (FTNS, 18 decimals; rounded down to 1e-6 FTNS of
    /// score, at most 1,099,511 FTNS of it, so the staker loses)
    function standingOf(address account)
        external
        view
        returns (TierSchedule memory schedule, uint256 commitmentDays, uint256 cover);

    // Contributions

    /// @notice `units * baseRate[kind] * impact`, rounded down (the pool gains), capped by what 256 bits can hold.
    /// @dev Reverts with `UnknownKind` or `ImpactOutOfBounds`. Warning: a value above the limit of one proof is returned,
    /// and refused by `submit`.
    /// @param kind ContributionKind as a number
    /// @param units WAD
    /// @param impact WAD, 0.1e18 to 10e18
    /// @return FTNS, 18 decimals
    function contributionValue(uint8 kind, uint256 units, uint256 impact) external view returns (uint256);

    /// @notice EIP-712 digest that verifiers sign.
    /// @param contribution all fields count
    /// @return for this contract on this chain
    function hashContribution(Contribution calldata contribution) external view returns (bytes32);

    /// @notice EIP-712 digest that a reviewer signs.
    /// @param review all fields count
    /// @return for this contract on this chain
    function hashReview(Review calldata review) external view returns (bytes32);

    /// @notice EIP-712 digest that the contributor signs to let somebody else submit.
    /// @param consent all fields count
    /// @return for this contract on this chain
    function hashConsent(Consent calldata consent) external view returns (bytes32);

    // Parameters

    /// @notice All registered verifiers, in no particular order.
    /// @return at most 32
    function verifiers() external view returns (address[] memory);

    /// @notice Whether `account` is a registered verifier.
    /// @param account any address
    /// @return true while it is registered
    function isVerifier(address account) external view returns (bool);

    /// @notice What verifiers answer with; it limits what each may vouch for.
    /// @return zero until it is named: then nothing limits them
    function verifierStakes() external view returns (IVerifierStakes);

    /// @notice Signatures that a contribution needs (default 2).
    /// @return at least 2; after a removal it can be more than there are verifiers, and then no contribution counts
    function attestationThreshold() external view returns (uint256);

    /// @notice FTNS for one unit of `kind`.
    /// @param kind ContributionKind as a number; else `UnknownKind`
    /// @return FTNS, 18 decimals
    function baseRate(uint8 kind) external view returns (uint256);

    /// @notice FTNS for one unit of `kind` after a reset: what `settleBaseRate` set last, or the rate of the launch.
    /// @param kind ContributionKind as a number; else `UnknownKind`
    /// @return FTNS, 18 decimals
    function settledBaseRate(uint8 kind) external view returns (uint256);

    /// @notice Limits that every proof must keep.
    /// @return units: see ProofRules
    function proofRules() external view returns (ProofRules memory);

    /// @notice What the tiers ask for.
    /// @return units: see TierRules
    function tierRules() external view returns (TierRules memory);

    /// @notice What peer reviews must look like.
    /// @return units: see ReviewRules
    function reviewRules() external view returns (ReviewRules memory);

    // Writes

    /// @notice Counts a contribution of the caller: adds it to the score, stores the tier schedule and tells the token and the
    /// vault, pays the reward at the tier that it led to. It lets the contributor vouch for `f * value * quality` more activity
    /// of others, up to `f` times the `value * quality` of its 30 days. When BASIC is reached for the first time, grace starts.
    /// @dev Reverts with one of the errors above that name what is wrong, or with an error of the pool when `M` cannot be
    /// read. A proof that was refused stays unused. Warning: the tier that is paid is that of the protocol day in which the
    /// transaction is included.
    /// @param contribution what the verifiers signed; the caller must be its contributor
    /// @param attestations of at least `attestationThreshold` verifiers, signers strictly ascending; every one must be valid
    /// @param reviews of at least as many peers as the kind needs, reviewers strictly ascending; every one must count
    /// @return what it was worth and what it changed
    function submit(
        Contribution calldata contribution,
        Attestation[] calldata attestations,
        SignedReview[] calldata reviews
    ) external returns (Outcome memory);

    /// @notice Like `submit`, by anyone who holds the contributor's consent. The reward goes to the contributor.
    /// @dev Warning: a consent that names no submitter lets anyone choose when the proof counts, until its deadline.
    /// @param contribution what the verifiers signed
    /// @param attestations as for `submit`
    /// @param reviews as for `submit`
    /// @param consent the contributor's agreement to exactly this contribution
    /// @param signature of the contributor under `consent` (EIP-712; ERC-1271 for accounts with code)
    /// @return what it was worth and what it changed
    function submitFor(
        Contribution calldata contribution,
        Attestation[] calldata attestations,
        SignedReview[] calldata reviews,
        Consent calldata consent,
        bytes calldata signature
    ) external returns (Outcome memory);

    /// @notice Counts a vote as a GOVERNANCE contribution worth `value`, of quality 1. Restricted to VoteProofs, which has asked
    /// the governor.
    /// @param voter who is paid
    /// @param proofHash fingerprint of the vote; else `ProofAlreadyUsed`
    /// @param value FTNS, 18 decimals; 1 wei to the base rate of GOVERNANCE, else `VoteValueOutOfBounds`
    /// @return what it was worth and what it changed
    function countVote(address voter, bytes32 proofHash, uint256 value) external returns (Outcome memory);

    /// @notice Counts leaves of batches like proofs of today, and pays them at the tier that all of them lead to. Restricted to
    /// BatchRewards, which has checked each: that it counts once, that its kind is one of the eight, its value above nothing and at most
    /// 100,000 FTNS, and its quality a whole number of thousandths.
    /// @param account who is paid
    /// @param works at most 63, with those of today
    /// @param scaled sum of the values, each times the `M` of its batch (wei times WAD)
    /// @return what they were worth and what they changed
    function countLeaves(address account, Work[] calldata works, uint256 scaled) external returns (Outcome memory);

    /// @notice Works out the schedule of `account` again, for example after a weak proof has left the window, and tells the token
    /// and the vault. Anyone may call it. It never lengthens a disconnection grace that runs, adds nothing to what the account
    /// can vouch for, and a second call on the same day changes nothing. When it leads to BASIC for the first time, grace starts.
    /// @dev Reverts with `NoContributions`.
    /// @param account any contributor
    /// @return schedule what is stored now
    function refresh(address account) external returns (TierSchedule memory schedule);

    // Governance (restricted)

    /// @notice Registers a verifier, at most 32.
    /// @param verifier the address of a key: whatever code it has is not asked
    function addVerifier(address verifier) external;

    /// @notice Removes a verifier: a bad one must go whoever is left. Where fewer are left than a contribution needs, none counts until
    /// governance adds one, or lowers the threshold. Restricted to governance, and to VerifierStakes.
    /// @dev Warning: statements that it signed before no longer count.
    /// @param verifier must be registered
    function removeVerifier(address verifier) external;

    /// @notice Sets how many signatures a contribution needs.
    /// @param threshold 2 to the number of verifiers, else `ThresholdOutOfBounds`
    function setAttestationThreshold(uint256 threshold) external;

    /// @notice Sets what one unit of a kind is worth, for proofs from now on.
    /// @param kind ContributionKind as a number
    /// @param rate FTNS for one unit (18 decimals), 1 to 10,000e18
    function setBaseRate(uint8 kind, uint256 rate) external;

    /// @notice Sets what one unit of a kind is worth, now and after every reset. For constitutional votes: an ordinary vote's
    /// `setBaseRate` lasts until a reset.
    /// @param kind ContributionKind as a number
    /// @param rate FTNS for one unit (18 decimals), 1 to 10,000e18
    function settleBaseRate(uint8 kind, uint256 rate) external;

    /// @notice Sets every base rate to the settled one. Restricted to the breaker.
    function resetBaseRates() external;

    /// @notice Sets the limits of proofs, from now on. What proofs gave before stays until the next proof (or `refresh`).
    /// @param rules else `RuleOutOfBounds` or `RuleTooFine`, with the name of the field
    function setProofRules(ProofRules calldata rules) external;

    /// @notice Sets what the tiers ask for. Schedules that are stored stay until the next proof or `refresh`.
    /// @param rules else `RuleOutOfBounds`, `RuleTooFine` or `TierRulesNotNested`
    function setTierRules(TierRules calldata rules) external;

    /// @notice Sets what reviews must look like, from now on.
    /// @param rules else `RuleOutOfBounds`, with the name of the field
    function setReviewRules(ReviewRules calldata rules) external;

    /// @notice Names the vault that is told of tiers, commitments and cover.
    /// @dev Warning: a new vault is not told of changes that came before it; it asks for them at each account's first
    /// stake.
    /// @param vault must have code
    function setStakingVault(IStakingVault vault) external;

    /// @notice Names the contract that keeps what verifiers answer with, and that may remove one.
    /// @param stakes must have code, else `CallerWithoutCode`
    function setVerifierStakes(IVerifierStakes stakes) external;

    /// @notice Names the contract that counts leaves of batches.
    /// @param batchRewards_ must have code, else `CallerWithoutCode`
    function setBatchRewards(address batchRewards_) external;
}
