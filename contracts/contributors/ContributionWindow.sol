// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Days in the window.
uint256 constant WINDOW_DAYS = 30;

/// @title ContributionWindow
/// @notice The proofs of an account's last 30 days, added up by the day on which they were counted.
/// @dev A ring of 32 daily buckets, four to a word: day `d` sits at position `d % 32`. A bucket, from its high bits down:
///
///     | kinds 8 | weighted 32 | proofs 7 | quality 17 |
///
///   kinds     bit k: a proof of ContributionKind k was counted
///   weighted  sum of value * quality in 1e-6 FTNS, each rounded down; stays at its limit of 4,294.967295 FTNS when
///             reached, which alone passes every threshold that governance can set, so no tier ever turns on it
///   proofs    how many, at most 127
///   quality   sum of their qualities in thousandths, each rounded down: at most 127,000
///
/// Which buckets are alive is kept outside the ring, in 32 bits: bit `a` of `occupied` says that proofs were counted `a` days
/// before the day of the latest proof. Time passing shifts it to the left, so old buckets need no clearing: they are dead as
/// soon as their bit is gone, and empty words are never read.
library ContributionWindow {
    uint256 internal constant MAX_PROOFS_PER_DAY = 127;
    /// @dev One step of `weighted` in wei.
    uint256 internal constant WEIGHTED_UNIT = 1e12;
    /// @dev One step of `quality` in WAD.
    uint256 internal constant QUALITY_UNIT = 1e15;

    uint256 private constant RING = 32;
    uint256 private constant BUCKET_BITS = 64;
    uint256 private constant BUCKET_MASK = type(uint64).max;
    uint256 private constant QUALITY_MASK = (1 << 17) - 1;
    uint256 private constant PROOFS_OFFSET = 17;
    uint256 private constant PROOFS_MASK = (1 << 7) - 1;
    uint256 private constant WEIGHTED_OFFSET = 24;
    uint256 private constant WEIGHTED_MASK = type(uint32).max;
    uint256 private constant KINDS_OFFSET = 56;

    /// @notice Sums over some days.
    struct Totals {
        uint256 kinds; // bitmap
        uint256 weighted; // 1e-6 FTNS
        uint256 proofs;
        uint256 quality; // thousandths
    }

    // Buckets

    /// @notice `bucket` with one proof more. The caller has made sure that it holds fewer than 127.
    /// @param weightedWei value * quality (FTNS, 18 decimals), rounded down (the protocol gains less than 1e-6 FTNS)
    /// @param qualityWad at most 1, rounded down to thousandths (the protocol gains less than 0.001)
    function withProof(uint256 bucket, uint256 kind, uint256 weightedWei, uint256 qualityWad)
        internal
        pure
        returns (uint256)
    {
        uint256 weighted = ((bucket >> WEIGHTED_OFFSET) & WEIGHTED_MASK) + weightedWei / WEIGHTED_UNIT;
        if (weighted > WEIGHTED_MASK) weighted = WEIGHTED_MASK;
        uint256 rest = bucket & ~(WEIGHTED_MASK << WEIGHTED_OFFSET);
        return (rest | (1 << (KINDS_OFFSET + kind)) | (weighted << WEIGHTED_OFFSET)) + (1 << PROOFS_OFFSET)
            + qualityWad / QUALITY_UNIT;
    }

    /// @notice How many proofs `bucket` holds.
    function proofsIn(uint256 bucket) internal pure returns (uint256) {
        return (bucket >> PROOFS_OFFSET) & PROOFS_MASK;
    }

    /// @notice Adds `bucket` to `totals`. Returns whether it brought a new kind.
    function accumulate(Totals memory totals, uint256 bucket) internal pure returns (bool newKind) {
        unchecked {
            totals.quality += bucket & QUALITY_MASK;
            totals.proofs += (bucket >> PROOFS_OFFSET) & PROOFS_MASK;
            totals.weighted += (bucket >> WEIGHTED_OFFSET) & WEIGHTED_MASK;
            uint256 kinds = totals.kinds | (bucket >> KINDS_OFFSET);
            if (kinds != totals.kinds) {
                totals.kinds = kinds;
                return true;
            }
        }
    }

    // The ring

    /// @notice `occupied` as seen `elapsedDays` later.
    function aged(uint256 occupied, uint256 elapsedDays) internal pure returns (uint256) {
        return elapsedDays < RING ? uint32(occupied << elapsedDays) : 0;
    }

    /// @notice The buckets of the window that ends with `today`, newest first; only those whose bit is set in `occupied`
    /// (as seen today) are looked up, the others are zero.
    function load(uint256[8] storage ring, uint256 occupied, uint256 today)
        internal
        view
        returns (uint256[WINDOW_DAYS] memory buckets)
    {
        unchecked {
            uint256 word;
            uint256 loaded = RING; // no such word
            for (uint256 age; age < WINDOW_DAYS; ++age) {
                if ((occupied >> age) & 1 == 0) continue;
                uint256 position = (today - age) % RING;
                // Neighbouring days share a word, so this reads each word about once.
                if (position / 4 != loaded) {
                    loaded = position / 4;
                    word = ring[loaded];
                }
                buckets[age] = (word >> (position % 4 * BUCKET_BITS)) & BUCKET_MASK;
            }
        }
    }

    /// @notice Writes the bucket of `day`.
    function store(uint256[8] storage ring, uint256 day, uint256 bucket) internal {
        uint256 position = day % RING;
        uint256 shift = position % 4 * BUCKET_BITS;
        ring[position / 4] = (ring[position / 4] & ~(BUCKET_MASK << shift)) | (bucket << shift);
    }
}
