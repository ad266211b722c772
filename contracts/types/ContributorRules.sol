// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Limits that every proof must keep.
struct ProofRules {
    /// Largest value of one proof (FTNS).
    uint256 maxValue;
    /// Least confidence (WAD).
    uint256 minConfidence;
    /// Oldest observation (seconds).
    uint256 maxAgeSec;
    /// Days of grace from the day on which an account first reaches BASIC.
    uint256 newcomerGraceDays;
    /// Days that a tier outlives the proofs that carried it.
    uint256 disconnectionGraceDays;
    /// `f`: how much activity of others an account can vouch for with an FTNS of `value * quality` (a whole number).
    uint256 vouchingFactor;
    /// `c`: how much stake an FTNS of score covers (a whole number).
    uint256 stakeCover;
    /// Least value of a proof that counts its kind for the diversity bonus, and as a commitment (FTNS, a multiple of 1e-6).
    uint256 minCommitment;
}

/// @notice What the tiers ask for. The arrays stand for BASIC, ACTIVE, POWER.
struct TierRules {
    /// Least score (FTNS, a multiple of 1e-6).
    uint256[3] minScore;
    /// Least mean quality, weighted by value (WAD, a multiple of 0.001).
    uint256[3] minQuality;
    /// Bonus for each kind after the first (WAD, a multiple of 0.001).
    uint256 diversityStep;
    /// Kinds after the first that earn the bonus.
    uint256 maxExtraKinds;
}

/// @notice What peer reviews must look like.
struct ReviewRules {
    /// Least rating that counts.
    uint256 minRating;
    /// Oldest review (seconds).
    uint256 maxAgeSec;
    /// Reviews by one reviewer of one author that count in 30 days.
    uint256 monthlyLimit;
    /// Reviews that a proof of each kind needs, by `ContributionKind`.
    uint256[8] required;
}
