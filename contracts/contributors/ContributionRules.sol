// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {Contribution} from "../types/Contribution.sol";
import {ContributionWindow} from "./ContributionWindow.sol";
import {RuleBounds} from "./RuleBounds.sol";
import {TierScheduleMath} from "./TierScheduleMath.sol";
import {ContributionKind} from "../types/ContributionKind.sol";
import {ProofRules, TierRules} from "../types/ContributorRules.sol";
import {Tier} from "../types/Tier.sol";

/// @title ContributionRules
/// @notice What a contribution must look like, what it is worth, and what the tiers ask for.
abstract contract ContributionRules is IContributorRegistry, AccessManaged {
    using TierScheduleMath for uint256;

    // Constants

    uint256 private constant WAD = 1e18;
    uint256 internal constant KINDS = 8;
    uint256 internal constant MIN_IMPACT = 0.1e18;
    uint256 internal constant MAX_IMPACT = 10e18;

    /// @dev 20 times the highest default: room to move, too little for an error in units.
    uint256 internal constant MAX_BASE_RATE = 10_000e18;
    /// @dev The limit of a proof's value can be lifted to a day's emission budget at launch, and no further.
    uint256 internal constant MIN_PROOF_LIMIT = 1e18;
    uint256 internal constant MAX_PROOF_LIMIT = 100_000e18;
    uint256 internal constant MIN_OBSERVATION_AGE = 1 hours;
    uint256 internal constant MAX_OBSERVATION_AGE = 30 days;
    uint256 internal constant MAX_NEWCOMER_GRACE_DAYS = 365;
    uint256 internal constant MAX_DISCONNECTION_GRACE_DAYS = 60;
    /// @dev What an FTNS of verified work brings on the side stays below an FTNS at the defaults; the bounds leave room.
    uint256 internal constant MAX_VOUCHING_FACTOR = 50;
    uint256 internal constant MAX_STAKE_COVER = 100;
    uint256 internal constant LEAST_MIN_COMMITMENT = 0.1e18;
    uint256 internal constant MOST_MIN_COMMITMENT = 100e18;
    /// @dev Above zero, so that an empty window holds no tier.
    uint256 internal constant MIN_TIER_SCORE = 0.001e18;
    /// @dev Fits 32 bits in steps of 1e-6 FTNS.
    uint256 internal constant MAX_TIER_SCORE = 4_000e18;

    /// @dev One step of the stored `minCommitment` in wei.
    uint256 private constant COMMITMENT_UNIT = 1e12;

    // Bits of `_packedProofRules`
    uint256 private constant MIN_CONFIDENCE_SHIFT = 80;
    uint256 private constant MIN_COMMITMENT_SHIFT = 144;
    uint256 private constant PROOF_AGE_SHIFT = 176;
    uint256 private constant NEWCOMER_GRACE_SHIFT = 208;
    uint256 private constant DISCONNECTION_GRACE_SHIFT = 224;
    uint256 private constant VOUCHING_FACTOR_SHIFT = 232;
    uint256 private constant STAKE_COVER_SHIFT = 240;

    // Storage

    /// @dev From the low bits up (minCommitment in 1e-6 FTNS):
    /// | maxValue 80 | minConfidence 64 | minCommitment 32 | maxAgeSec 32 | newcomerGraceDays 16 | disconnectionGraceDays 8
    /// | vouchingFactor 8 | stakeCover 8 |
    uint256 private _packedProofRules;
    uint256 internal _thresholds; // see TierScheduleMath
    BaseRate[KINDS] private _baseRate;

    // Types

    /// @dev FTNS per unit, 18 decimals.
    struct BaseRate {
        uint128 current;
        uint128 settled; // what a reset returns to
    }

    // Constructor

    constructor() {
        _settleBaseRate(uint8(ContributionKind.STORAGE), 0.01e18); // a GB-hour
        _settleBaseRate(uint8(ContributionKind.COMPUTE), 0.05e18); // a work unit
        _settleBaseRate(uint8(ContributionKind.DATA), 10e18);
        _settleBaseRate(uint8(ContributionKind.GOVERNANCE), 2e18); // a vote
        _settleBaseRate(uint8(ContributionKind.DOCUMENTATION), 5e18); // a document
        _settleBaseRate(uint8(ContributionKind.MODEL), 100e18);
        _settleBaseRate(uint8(ContributionKind.RESEARCH), 500e18);
        _settleBaseRate(uint8(ContributionKind.TEACHING), 20e18);
        _setProofRules(
            ProofRules({
                maxValue: 5_000e18,
                minConfidence: 0.5e18,
                maxAgeSec: 7 days,
                newcomerGraceDays: 90,
                disconnectionGraceDays: 14,
                vouchingFactor: 20,
                stakeCover: 20,
                minCommitment: 2e18
            })
        );
        _setTierRules(
            TierRules({
                minScore: [uint256(10e18), 50e18, 100e18],
                minQuality: [uint256(0.3e18), 0.6e18, 0.8e18],
                diversityStep: 0.125e18,
                maxExtraKinds: 3
            })
        );
    }

    // Views

    /// @inheritdoc IContributorRegistry
    function baseRate(uint8 kind) public view returns (uint256) {
        if (kind >= KINDS) revert UnknownKind(kind);
        return _baseRate[kind].current;
    }

    /// @inheritdoc IContributorRegistry
    function settledBaseRate(uint8 kind) external view returns (uint256) {
        if (kind >= KINDS) revert UnknownKind(kind);
        return _baseRate[kind].settled;
    }

    /// @inheritdoc IContributorRegistry
    function contributionValue(uint8 kind, uint256 units, uint256 impact) public view returns (uint256) {
        if (impact < MIN_IMPACT || impact > MAX_IMPACT) revert ImpactOutOfBounds(impact, MIN_IMPACT, MAX_IMPACT);
        // The second product is at most 10,000e18 * 10e18. One rounding, down: the pool gains less than a wei.
        return Math.saturatingMul(units, baseRate(kind) * impact) / (WAD * WAD);
    }

    /// @inheritdoc IContributorRegistry
    function proofRules() public view returns (ProofRules memory rules) {
        uint256 word = _packedProofRules;
        rules.maxValue = uint80(word);
        rules.minConfidence = uint64(word >> MIN_CONFIDENCE_SHIFT);
        rules.maxAgeSec = uint32(word >> PROOF_AGE_SHIFT);
        rules.newcomerGraceDays = uint16(word >> NEWCOMER_GRACE_SHIFT);
        rules.disconnectionGraceDays = uint8(word >> DISCONNECTION_GRACE_SHIFT);
        rules.vouchingFactor = uint8(word >> VOUCHING_FACTOR_SHIFT);
        rules.stakeCover = word >> STAKE_COVER_SHIFT;
        rules.minCommitment = uint32(word >> MIN_COMMITMENT_SHIFT) * COMMITMENT_UNIT;
    }

    /// @inheritdoc IContributorRegistry
    function tierRules() external view returns (TierRules memory rules) {
        uint256 thresholds = _thresholds;
        for (uint256 i; i < 3; ++i) {
            rules.minScore[i] = thresholds.minScore(i + 1) * TierScheduleMath.SCORE_UNIT;
            rules.minQuality[i] = thresholds.minQuality(i + 1) * ContributionWindow.QUALITY_UNIT;
        }
        rules.diversityStep = thresholds.diversityStep() * ContributionWindow.QUALITY_UNIT;
        rules.maxExtraKinds = thresholds.maxExtraKinds();
    }

    // Governance

    /// @inheritdoc IContributorRegistry
    function setBaseRate(uint8 kind, uint256 rate) external restricted {
        _setBaseRate(kind, rate);
    }

    /// @inheritdoc IContributorRegistry
    function settleBaseRate(uint8 kind, uint256 rate) external restricted {
        _settleBaseRate(kind, rate);
    }

    /// @inheritdoc IContributorRegistry
    function resetBaseRates() external restricted {
        for (uint8 kind; kind < KINDS; ++kind) {
            _setBaseRate(kind, _baseRate[kind].settled);
        }
    }

    /// @inheritdoc IContributorRegistry
    function setProofRules(ProofRules calldata rules) external restricted {
        _setProofRules(rules);
    }

    /// @inheritdoc IContributorRegistry
    function setTierRules(TierRules calldata rules) external restricted {
        _setTierRules(rules);
    }

    // Internals

    /// @dev Everything about a contribution that needs no signature. Returns its value.
    function _checkContribution(Contribution calldata contribution, ProofRules memory rules)
        internal
        view
        returns (uint256 value)
    {
        if (contribution.kind >= KINDS) revert UnknownKind(contribution.kind);
        if (contribution.proofHash == bytes32(0)) revert ZeroProofHash();
        if (contribution.units == 0) revert ZeroUnits();
        if (contribution.quality > WAD) revert QualityOutOfBounds(contribution.quality, WAD);
        if (contribution.quality % ContributionWindow.QUALITY_UNIT != 0) {
            revert QualityTooFine(contribution.quality, ContributionWindow.QUALITY_UNIT);
        }
        if (contribution.confidence < rules.minConfidence || contribution.confidence > WAD) {
            revert ConfidenceOutOfBounds(contribution.confidence, rules.minConfidence, WAD);
        }
        value = contributionValue(contribution.kind, contribution.units, contribution.impact);
        if (value > rules.maxValue) revert ValueAboveLimit(value, rules.maxValue);
        if (value == 0) revert ZeroValue(contribution.units);

        uint256 observedAt = contribution.observedAt;
        if (observedAt > block.timestamp) revert ObservedInFuture(observedAt, block.timestamp);
        uint256 earliest = block.timestamp - rules.maxAgeSec;
        if (observedAt < earliest) revert ObservedTooLongAgo(observedAt, earliest);
        if (block.timestamp > contribution.expiresAt) revert ProofExpired(contribution.expiresAt, block.timestamp);
    }

    function _settleBaseRate(uint8 kind, uint256 rate) private {
        _setBaseRate(kind, rate);
        // Fits: `_setBaseRate` has checked the bound.
        _baseRate[kind].settled = uint128(rate);
        emit BaseRateSettled(kind, rate);
    }

    function _setBaseRate(uint8 kind, uint256 rate) private {
        if (kind >= KINDS) revert UnknownKind(kind);
        RuleBounds.check("baseRate", rate, 1, MAX_BASE_RATE);
        _baseRate[kind].current = uint128(rate);
        emit BaseRateChanged(kind, rate);
    }

    function _setProofRules(ProofRules memory rules) private {
        RuleBounds.check("maxValue", rules.maxValue, MIN_PROOF_LIMIT, MAX_PROOF_LIMIT);
        RuleBounds.check("minConfidence", rules.minConfidence, 0, WAD);
        RuleBounds.check("maxAgeSec", rules.maxAgeSec, MIN_OBSERVATION_AGE, MAX_OBSERVATION_AGE);
        RuleBounds.check("newcomerGraceDays", rules.newcomerGraceDays, 0, MAX_NEWCOMER_GRACE_DAYS);
        RuleBounds.check("disconnectionGraceDays", rules.disconnectionGraceDays, 0, MAX_DISCONNECTION_GRACE_DAYS);
        RuleBounds.check("vouchingFactor", rules.vouchingFactor, 0, MAX_VOUCHING_FACTOR);
        RuleBounds.check("stakeCover", rules.stakeCover, 0, MAX_STAKE_COVER);
        RuleBounds.check("minCommitment", rules.minCommitment, LEAST_MIN_COMMITMENT, MOST_MIN_COMMITMENT);
        uint256 minCommitment = RuleBounds.steps("minCommitment", rules.minCommitment, COMMITMENT_UNIT);
        _packedProofRules = rules.maxValue | (rules.minConfidence << MIN_CONFIDENCE_SHIFT)
            | (minCommitment << MIN_COMMITMENT_SHIFT) | (rules.maxAgeSec << PROOF_AGE_SHIFT)
            | (rules.newcomerGraceDays << NEWCOMER_GRACE_SHIFT)
            | (rules.disconnectionGraceDays << DISCONNECTION_GRACE_SHIFT)
            | (rules.vouchingFactor << VOUCHING_FACTOR_SHIFT) | (rules.stakeCover << STAKE_COVER_SHIFT);
        emit ProofRulesChanged(rules);
    }

    function _setTierRules(TierRules memory rules) private {
        uint256 thresholds;
        uint256 score;
        uint256 quality;
        for (uint256 i; i < 3; ++i) {
            // Each tier asks for at least as much as the one below it.
            if (rules.minScore[i] < score || rules.minQuality[i] < quality) revert TierRulesNotNested(Tier(i + 1));
            score = rules.minScore[i];
            quality = rules.minQuality[i];
            RuleBounds.check("minScore", score, MIN_TIER_SCORE, MAX_TIER_SCORE);
            RuleBounds.check("minQuality", quality, 0, WAD);
            thresholds = thresholds.withTier(
                i + 1,
                RuleBounds.steps("minScore", score, TierScheduleMath.SCORE_UNIT),
                RuleBounds.steps("minQuality", quality, ContributionWindow.QUALITY_UNIT)
            );
        }
        RuleBounds.check("diversityStep", rules.diversityStep, 0, WAD);
        RuleBounds.check("maxExtraKinds", rules.maxExtraKinds, 0, KINDS - 1);
        _thresholds = thresholds.withDiversity(
            RuleBounds.steps("diversityStep", rules.diversityStep, ContributionWindow.QUALITY_UNIT), rules.maxExtraKinds
        );
        emit TierRulesChanged(rules);
    }
}
