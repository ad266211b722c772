// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Days in the window.
uint256 constant WINDOW_DAYS = 30;

/// @title ContributionWindow
/// @notice The proofs of an account's last 30 days, added up by the day on which they were counted.
/// @dev A ring of 32 daily buckets, two to a word: day `d` sits at position `d % 32`. A bucket, from its high bits down:
///
///     | counts 8 x 4 | proofs 6 | value 40 | weighted 50 |
///
///   counts    how many proofs of each ContributionKind, 0 lowest, were worth enough to count their kind; stays at 15
///   proofs    how many of any worth, at most 63
///   value     sum of their values in 1e-5 FTNS, each rounded down
///   weighted  sum of those values times quality in thousandths, which is exact: so in 1e-8 FTNS
///
/// No sum is ever cut: 63 proofs of the highest value that governance can allow, 100,000 FTNS, make 6.3e11 of 1.1e12 and
/// 6.3e14 of 1.1e15. So a proof can be taken out of its bucket again as it was put in.
///
/// Which buckets are alive is kept outside the ring, in 30 bits: bit `a` of `occupied` says that proofs were counted `a` days
/// before the day of the latest proof. Time passing shifts it to the left, so old buckets need no clearing: they are dead as
/// soon as their bit is gone, empty words are never read, and no walk goes further back than the oldest day with proofs.
library ContributionWindow {
    uint256 internal constant MAX_PROOFS_PER_DAY = 63;
    /// @dev One step of `value` in wei.
    uint256 internal constant VALUE_UNIT = 1e13;
    /// @dev One step of quality in WAD.
    uint256 internal constant QUALITY_UNIT = 1e15;
    /// @dev One step of `weighted` in wei: a step of value times a step of quality.
    uint256 internal constant WEIGHTED_UNIT = 1e10;

    uint256 private constant RING = 32;
    uint256 private constant WINDOW_MASK = (1 << WINDOW_DAYS) - 1;
    uint256 private constant BUCKETS_PER_WORD = 2;
    uint256 private constant BUCKET_BITS = 128;
    uint256 private constant BUCKET_MASK = type(uint128).max;
    uint256 private constant WEIGHTED_MASK = (1 << 50) - 1;
    uint256 private constant VALUE_OFFSET = 50;
    uint256 private constant VALUE_MASK = type(uint40).max;
    uint256 private constant PROOFS_OFFSET = 90;
    uint256 private constant PROOFS_MASK = (1 << 6) - 1;
    uint256 private constant COUNTS_OFFSET = 96;
    uint256 private constant COUNT_BITS = 4;
    uint256 private constant COUNT_MASK = 0xf;
    /// @dev The lowest bit of each count.
    uint256 private constant EACH_COUNT = 0x11111111;

    /// @notice Sums over some days.
    struct Totals {
        uint256 kinds; // bit 4 k: a proof of ContributionKind k was worth enough to count
        uint256 proofs;
        uint256 value; // 1e-5 FTNS
        uint256 weighted; // 1e-8 FTNS
    }

    // Buckets

    /// @notice `bucket` with one proof more. The caller has made sure that it holds fewer than 63.
    /// @param valueWei FTNS (18 decimals, at most 100,000e18), rounded down (the protocol gains less than 1e-5 FTNS of score)
    /// @param qualityWad whole thousandths, at most 1
    /// @param countsKind whether it is worth enough to count its kind
    function withProof(uint256 bucket, uint256 kind, uint256 valueWei, uint256 qualityWad, bool countsKind)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            uint256 value = valueWei / VALUE_UNIT;
            bucket += (1 << PROOFS_OFFSET) + (value << VALUE_OFFSET) + value * (qualityWad / QUALITY_UNIT);
            if (!countsKind) return bucket;
            uint256 offset = COUNTS_OFFSET + COUNT_BITS * kind;
            return (bucket >> offset) & COUNT_MASK == COUNT_MASK ? bucket : bucket + (1 << offset);
        }
    }

    /// @notice `bucket` without one of its proofs, given as it was put in. Sums are exact; a count that has reached 15 stays, as nobody
    /// knows how many there were.
    function withoutProof(uint256 bucket, uint256 kind, uint256 valueWei, uint256 qualityWad, bool countedKind)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            uint256 value = valueWei / VALUE_UNIT;
            bucket -= (1 << PROOFS_OFFSET) + (value << VALUE_OFFSET) + value * (qualityWad / QUALITY_UNIT);
            if (!countedKind) return bucket;
            uint256 offset = COUNTS_OFFSET + COUNT_BITS * kind;
            return (bucket >> offset) & COUNT_MASK == COUNT_MASK ? bucket : bucket - (1 << offset);
        }
    }

    /// @notice Whether `bucket` holds a proof that counted one of `kinds`, which has all four bits of each set, STORAGE lowest.
    function countsAny(uint256 bucket, uint256 kinds) internal pure returns (bool) {
        return (bucket >> COUNTS_OFFSET) & kinds != 0;
    }

    /// @notice How many proofs `bucket` holds.
    function proofsIn(uint256 bucket) internal pure returns (uint256) {
        return (bucket >> PROOFS_OFFSET) & PROOFS_MASK;
    }

    /// @notice Adds `bucket` to `totals`. Returns whether it brought a new kind.
    function accumulate(Totals memory totals, uint256 bucket) internal pure returns (bool newKind) {
        unchecked {
            totals.weighted += bucket & WEIGHTED_MASK;
            totals.value += (bucket >> VALUE_OFFSET) & VALUE_MASK;
            totals.proofs += (bucket >> PROOFS_OFFSET) & PROOFS_MASK;
            // The lowest bit of each count becomes whether any of its four is set.
            uint256 counts = bucket >> COUNTS_OFFSET;
            counts |= counts >> 1;
            counts |= counts >> 2;
            uint256 kinds = totals.kinds | (counts & EACH_COUNT);
            if (kinds != totals.kinds) {
                totals.kinds = kinds;
                return true;
            }
        }
    }

    /// @notice The kinds of `totals` with one bit each: bit k is ContributionKind k.
    function kindsOf(Totals memory totals) internal pure returns (uint256 kinds) {
        for (uint256 kind; kind < 8; ++kind) {
            kinds |= ((totals.kinds >> (COUNT_BITS * kind)) & 1) << kind;
        }
    }

    // The ring

    /// @notice `occupied` as seen `elapsedDays` later.
    function aged(uint256 occupied, uint256 elapsedDays) internal pure returns (uint256) {
        return (occupied << elapsedDays) & WINDOW_MASK;
    }

    /// @notice The buckets of the window that ends with `today`, newest first; only those whose bit is set in `occupied`
    /// (as seen today) are looked up, the others are zero.
    function load(uint256[16] storage ring, uint256 occupied, uint256 today)
        internal
        view
        returns (uint256[WINDOW_DAYS] memory buckets)
    {
        unchecked {
            uint256 word;
            uint256 loaded = RING; // no such word
            for (uint256 age; occupied >> age != 0; ++age) {
                if ((occupied >> age) & 1 == 0) continue;
                uint256 position = (today - age) % RING;
                // Neighbouring days share a word, so this reads each word about once.
                if (position / BUCKETS_PER_WORD != loaded) {
                    loaded = position / BUCKETS_PER_WORD;
                    word = ring[loaded];
                }
                buckets[age] = (word >> (position % BUCKETS_PER_WORD * BUCKET_BITS)) & BUCKET_MASK;
            }
        }
    }

    /// @notice Writes the bucket of `day`.
    function store(uint256[16] storage ring, uint256 day, uint256 bucket) internal {
        uint256 position = day % RING;
        uint256 shift = position % BUCKETS_PER_WORD * BUCKET_BITS;
        uint256 index = position / BUCKETS_PER_WORD;
        ring[index] = (ring[index] & ~(BUCKET_MASK << shift)) | (bucket << shift);
    }
}
