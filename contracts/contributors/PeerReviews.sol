// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {Review, SignedReview} from "../types/Contribution.sol";
import {RuleBounds} from "./RuleBounds.sol";
import {Signatures} from "./Signatures.sol";
import {ContributionKind} from "../types/ContributionKind.sol";
import {ReviewRules} from "../types/ContributorRules.sol";
import {Tier} from "../types/Tier.sol";

/// @title PeerReviews
/// @notice Some kinds of work count only when other contributors have read it and found it good enough.
abstract contract PeerReviews is IContributorRegistry, AccessManaged {
    // Constants

    /// @dev Most reviews that one proof needs or carries.
    uint256 internal constant MAX_REVIEWS = 8;
    uint256 internal constant MAX_RATING = 5;
    uint256 internal constant MIN_REVIEW_AGE_LIMIT = 1 days;
    uint256 internal constant MAX_REVIEW_AGE_LIMIT = 90 days;
    /// @dev As many days as fit the history of a pair.
    uint256 internal constant MAX_MONTHLY_LIMIT = 16;
    uint256 private constant MONTH_DAYS = 30;

    // Bits of `_packedReviewRules` and of `_reviewDays`
    uint256 private constant MONTHLY_LIMIT_SHIFT = 8;
    uint256 private constant MAX_AGE_SHIFT = 16;
    uint256 private constant REQUIRED_SHIFT = 48;
    uint256 private constant REQUIRED_BITS = 8;
    uint256 private constant DAY_BITS = 16;

    // Storage

    /// @dev From the low bits up (112 bits in all): | minRating 8 | monthlyLimit 8 | maxAgeSec 32 | required 8 x 8, kind 0 lowest |
    uint128 private _packedReviewRules;
    /// @dev The days on which the last 16 reviews of a pair counted, 16 bits each, the latest lowest. The window of 30 days
    /// is exact: `n` are used up as long as the n-th latest lies in it.
    mapping(address author => mapping(address reviewer => uint256)) private _reviewDays;

    // Constructor

    constructor() {
        ReviewRules memory rules =
            ReviewRules({minRating: 3, maxAgeSec: 30 days, monthlyLimit: 4, required: _noReviews()});
        rules.required[uint256(ContributionKind.DATA)] = 2;
        rules.required[uint256(ContributionKind.DOCUMENTATION)] = 1;
        _setReviewRules(rules);
    }

    // Views

    /// @inheritdoc IContributorRegistry
    function reviewRules() public view returns (ReviewRules memory rules) {
        uint256 word = _packedReviewRules;
        rules.minRating = uint8(word);
        rules.monthlyLimit = uint8(word >> MONTHLY_LIMIT_SHIFT);
        rules.maxAgeSec = uint32(word >> MAX_AGE_SHIFT);
        for (uint256 kind; kind < 8; ++kind) {
            rules.required[kind] = _required(word, kind);
        }
    }

    /// @inheritdoc IContributorRegistry
    function tierOn(address account, uint256 day) public view virtual returns (Tier);

    // Governance

    /// @inheritdoc IContributorRegistry
    function setReviewRules(ReviewRules calldata rules) external restricted {
        _setReviewRules(rules);
    }

    // Internals

    function _hashReview(Review calldata review) internal view virtual returns (bytes32 digest);

    /// @dev Checks the reviews of a proof and counts them against the reviewers' allowance. Reviewers with code are asked by
    /// static call, so nothing can come in between. At most 8 rounds.
    function _countReviews(
        address author,
        uint8 kind,
        bytes32 proofHash,
        SignedReview[] calldata reviews,
        uint256 today
    ) internal {
        uint256 required = _required(_packedReviewRules, kind);
        if (reviews.length < required) revert TooFewReviews(reviews.length, required);
        if (reviews.length > MAX_REVIEWS) revert TooManyReviews(reviews.length, MAX_REVIEWS);
        if (reviews.length == 0) return;
        ReviewRules memory rules = reviewRules();
        address previous;
        for (uint256 i; i < reviews.length; ++i) {
            Review calldata review = reviews[i].review;
            address reviewer = review.reviewer;
            if (review.proofHash != proofHash) revert ReviewOfAnotherProof(review.proofHash, proofHash);
            if (reviewer == author) revert ReviewByAuthor(author);
            if (i != 0 && reviewer == previous) revert DuplicateReviewer(reviewer);
            if (reviewer < previous) revert ReviewersOutOfOrder(previous, reviewer);
            if (tierOn(reviewer, today) < Tier.BASIC) revert ReviewerBelowBasic(reviewer);
            _checkReview(review, rules);
            if (!Signatures.isBy(reviewer, _hashReview(review), reviews[i].signature)) revert InvalidReview(reviewer);
            _useAllowance(author, reviewer, rules.monthlyLimit, today);
            previous = reviewer;
        }
    }

    function _checkReview(Review calldata review, ReviewRules memory rules) private view {
        uint8 rating = review.rating;
        uint256 reviewedAt = review.reviewedAt;
        if (rating == 0 || rating > MAX_RATING) revert RatingOutOfRange(review.reviewer, rating);
        if (rating < rules.minRating) revert RatingTooLow(review.reviewer, rating, rules.minRating);
        if (reviewedAt > block.timestamp) revert ReviewedInFuture(review.reviewer, reviewedAt, block.timestamp);
        uint256 earliest = block.timestamp - rules.maxAgeSec;
        if (reviewedAt < earliest) revert ReviewTooOld(review.reviewer, reviewedAt, earliest);
    }

    function _useAllowance(address author, address reviewer, uint256 limit, uint256 today) private {
        uint256 history = _reviewDays[author][reviewer];
        uint256 againOn = uint16(history >> (DAY_BITS * (limit - 1))) + MONTH_DAYS;
        if (today < againOn) revert ReviewLimitReached(reviewer, author, againOn);
        _reviewDays[author][reviewer] = (history << DAY_BITS) | today;
    }

    function _required(uint256 word, uint256 kind) private pure returns (uint256) {
        return uint8(word >> (REQUIRED_SHIFT + REQUIRED_BITS * kind));
    }

    function _noReviews() private pure returns (uint256[8] memory counts) {}

    function _setReviewRules(ReviewRules memory rules) private {
        RuleBounds.check("minRating", rules.minRating, 1, MAX_RATING);
        RuleBounds.check("maxAgeSec", rules.maxAgeSec, MIN_REVIEW_AGE_LIMIT, MAX_REVIEW_AGE_LIMIT);
        RuleBounds.check("monthlyLimit", rules.monthlyLimit, 1, MAX_MONTHLY_LIMIT);
        uint256 word =
            rules.minRating | (rules.monthlyLimit << MONTHLY_LIMIT_SHIFT) | (rules.maxAgeSec << MAX_AGE_SHIFT);
        for (uint256 kind; kind < 8; ++kind) {
            RuleBounds.check("required", rules.required[kind], 0, MAX_REVIEWS);
            word |= rules.required[kind] << (REQUIRED_SHIFT + REQUIRED_BITS * kind);
        }
        _packedReviewRules = uint128(word);
        emit ReviewRulesChanged(rules);
    }
}
