// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Tier, TierSchedule} from "./Tier.sol";

/// @notice On whose word a contribution was accepted.
struct Vouchers {
    /// Verifiers who signed it, ascending.
    address[] verifiers;
    /// Peers who reviewed it, ascending.
    address[] reviewers;
    /// Their ratings, in the same order.
    uint8[] ratings;
}

/// @notice A piece of work as the registry counts it.
struct Work {
    /// ContributionKind as a number.
    uint256 kind;
    /// FTNS, 18 decimals.
    uint256 value;
    /// WAD, whole thousandths.
    uint256 quality;
}

/// @notice What an accepted contribution did, and why it earned what it earned.
struct Outcome {
    /// `units * baseRate * impact`, rounded down (FTNS); of a vote, what it is worth.
    uint256 value;
    /// Score of the 30 days up to today, this contribution included (FTNS).
    uint256 score;
    /// Mean quality of those days, weighted by value (WAD, rounded down).
    uint256 averageQuality;
    /// Tier today, and so the tier that was paid.
    Tier tier;
    TierSchedule schedule;
    /// `value * M * tierMultiplier` (FTNS).
    uint256 earned;
    /// Part of `earned` that waits in the pool as claimable (FTNS).
    uint256 deferred;
    /// Part of `earned` that vests, and can be claimed once it has (FTNS): all of it, or nothing.
    uint256 vesting;
    /// Seconds of time in which transfers are not restricted; zero for leaves, which have no record.
    uint256 countedAt;
    /// Whether a proof was worth enough to count its kind; of leaves each by itself, and false here.
    bool countedKind;
}

/// @notice Where an account stands today, and what is missing for the next tier.
struct ContributorStatus {
    /// Tier today, disconnection grace included.
    Tier tier;
    /// Tier that the proofs of the last 30 days support by themselves.
    Tier supportedTier;
    /// Last day of each tier as stored.
    TierSchedule schedule;
    /// What `refresh` would store now; equal to `schedule` when a refresh changes nothing.
    TierSchedule refreshed;
    /// Score: `weightedValue * diversityBonus` (FTNS).
    uint256 score;
    /// Sum of value times quality (FTNS, in steps of 1e-8).
    uint256 weightedValue;
    /// 1.0 for one kind, more for several (WAD).
    uint256 diversityBonus;
    /// Mean quality, weighted by value (WAD, rounded down; 0 without proofs).
    uint256 averageQuality;
    /// Kinds contributed by proofs worth at least `minCommitment`: bit k is `ContributionKind` k.
    uint256 kinds;
    /// Proofs in the window of 30 days.
    uint256 proofs;
    /// Proofs ever.
    uint256 totalProofs;
    /// Day of the latest proof (0 = never).
    uint256 lastDay;
    /// Tier above `supportedTier` (POWER at the top).
    Tier nextTier;
    /// Score missing for `nextTier` (FTNS).
    uint256 missingScore;
    /// Mean quality missing for `nextTier` (WAD).
    uint256 missingQuality;
}
