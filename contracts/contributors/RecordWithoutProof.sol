// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {ProofRecord} from "../types/ProofRecord.sol";
import {TierSchedule} from "../types/Tier.sol";
import {ContributionWindow, WINDOW_DAYS} from "./ContributionWindow.sol";
import {RecordHeader} from "./RecordHeader.sol";
import {TierScheduleMath} from "./TierScheduleMath.sol";

/// @title RecordWithoutProof
/// @notice What is left of a contributor's record (see ContributionRecords) when a proof is cancelled.
///
/// 1. Where the proof lies in the window of the latest proof, it is taken out of its bucket, as it was put in. Outside nothing is left of it.
/// 2. Score, and with it cover, are those of the latest proof's day without it.
/// 3. A tier that the window of that day still carries lasts as long as it would have, and not longer than it was promised before. One
///    that it does not carry ended the day before, without grace.
/// 4. The commitment that it renewed was renewed by the latest proof in the window that counted for it, if there is one.
/// 5. BASIC begins anew today, whatever was cancelled.
///
/// It is worked out here and not in the registry, whose code is as large as a contract's may be.
library RecordWithoutProof {
    using ContributionWindow for uint256;
    using RecordHeader for RecordHeader.Header;

    uint256 private constant BUCKETS_PER_WORD = 2;
    uint256 private constant RING_DAYS = 32;
    uint256 private constant BUCKET_BITS = 128;
    uint256 private constant BUCKET_MASK = type(uint128).max;

    /// @param word header of the contributor
    /// @param ring its sixteen words
    /// @param thresholds see TierScheduleMath
    /// @param graceDays disconnection grace
    /// @param record a proof of this contributor
    /// @return left the new header
    /// @return index of the ring's word that changes
    /// @return ringWord what it becomes
    function without(
        uint256 word,
        uint256[16] memory ring,
        uint256 thresholds,
        uint256 graceDays,
        ProofRecord calldata record
    ) internal view returns (uint256 left, uint256 index, uint256 ringWord) {
        RecordHeader.Header memory header = RecordHeader.unpack(word);
        index = record.day % RING_DAYS / BUCKETS_PER_WORD;
        if (header.lastDay - record.day < WINDOW_DAYS) _takeOut(header, ring, record);
        ringWord = ring[index];
        uint256[WINDOW_DAYS] memory buckets = _load(header, ring);
        if (record.countedKind) {
            header.revertCommitment(record.kind, record.day, _latestLike(buckets, record.kind, header.lastDay));
        }
        TierScheduleMath.TierSupport memory support = TierScheduleMath.tierSupport(buckets, header.occupied, thresholds);
        header.setScore(
            support.totals.weighted * TierScheduleMath.diversity(support.totals.kinds, thresholds)
                * ContributionWindow.WEIGHTED_UNIT / TierScheduleMath.ONE
        );
        header.schedule = _cut(header.schedule, support, header.lastDay, graceDays);
        header.basicSince = ProtocolTime.today();
        left = header.pack();
    }

    function _takeOut(RecordHeader.Header memory header, uint256[16] memory ring, ProofRecord calldata record)
        private
        pure
    {
        uint256 day = record.day;
        uint256 bucket =
            _bucketOf(ring, day).withoutProof(record.kind, record.value, record.quality, record.countedKind);
        uint256 shift = day % BUCKETS_PER_WORD * BUCKET_BITS;
        uint256 index = day % RING_DAYS / BUCKETS_PER_WORD;
        ring[index] = (ring[index] & ~(BUCKET_MASK << shift)) | (bucket << shift);
        if (bucket.proofsIn() == 0) header.occupied &= ~(1 << (header.lastDay - day));
    }

    function _load(RecordHeader.Header memory header, uint256[16] memory ring)
        private
        pure
        returns (uint256[WINDOW_DAYS] memory buckets)
    {
        for (uint256 age; header.occupied >> age != 0; ++age) {
            if ((header.occupied >> age) & 1 != 0) buckets[age] = _bucketOf(ring, header.lastDay - age);
        }
    }

    function _bucketOf(uint256[16] memory ring, uint256 day) private pure returns (uint256) {
        uint256 position = day % RING_DAYS;
        return (ring[position / BUCKETS_PER_WORD] >> (position % BUCKETS_PER_WORD * BUCKET_BITS)) & BUCKET_MASK;
    }

    /// @dev The latest day up to `lastDay` with a proof that counts for the commitment of `kind`; 0 = none in the window.
    function _latestLike(uint256[WINDOW_DAYS] memory buckets, uint256 kind, uint256 lastDay)
        private
        pure
        returns (uint256)
    {
        uint256 kinds = RecordHeader.kindsLike(kind);
        for (uint256 age; age < WINDOW_DAYS; ++age) {
            if (buckets[age].countsAny(kinds)) return lastDay - age;
        }
        return 0;
    }

    /// @dev Nested when `old` is: what is carried ends on `lastDay` at the earliest, what is not before it, and both are cut by nested
    /// days.
    function _cut(
        TierSchedule memory old,
        TierScheduleMath.TierSupport memory support,
        uint256 lastDay,
        uint256 graceDays
    ) private pure returns (TierSchedule memory) {
        return TierSchedule({
            basicThrough: _throughWithout(old.basicThrough, support.heldFrom[0], lastDay, graceDays),
            activeThrough: _throughWithout(old.activeThrough, support.heldFrom[1], lastDay, graceDays),
            powerThrough: _throughWithout(old.powerThrough, support.heldFrom[2], lastDay, graceDays)
        });
    }

    function _throughWithout(uint256 old, uint256 heldFrom, uint256 lastDay, uint256 graceDays)
        private
        pure
        returns (uint16)
    {
        uint256 latest =
            heldFrom == TierScheduleMath.NOT_HELD ? lastDay - 1 : lastDay + WINDOW_DAYS - 1 - heldFrom + graceDays;
        // No later than `old`, which fits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint16(old < latest ? old : latest);
    }
}
