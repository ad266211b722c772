// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TierSchedule} from "../types/Tier.sol";

/// @title RecordHeader
/// @notice What the registry keeps of an account beside its buckets, in one word. From the low bits up:
///
///     | basicThrough 16 | activeThrough 16 | powerThrough 16 | lastDay 16 | occupied 32 | proofs 24 | basicSince 16
///     | score 40 | commitmentDays 5 x 16 |
///
/// @dev Packed by hand: shifts cost a fraction of the code that the compiler makes for a packed struct. Days fit: the calendar
/// ends at day 65,000, and none stored is further ahead than a year.
library RecordHeader {
    uint256 private constant DAY_BITS = 16;
    uint256 private constant DAY_MASK = type(uint16).max;
    uint256 private constant ACTIVE_SHIFT = 16;
    uint256 private constant POWER_SHIFT = 32;
    uint256 private constant LAST_DAY_SHIFT = 48;
    uint256 private constant OCCUPIED_SHIFT = 64;
    uint256 private constant PROOFS_SHIFT = 96;
    uint256 private constant BASIC_SINCE_SHIFT = 120;
    uint256 private constant SCORE_SHIFT = 136;
    uint256 private constant COMMITMENTS_SHIFT = 176;

    /// @dev One step of `score` in wei.
    uint256 internal constant SCORE_UNIT = 1e12;
    uint256 private constant MAX_SCORE = type(uint40).max;
    /// @dev The commitment that each ContributionKind renews, four bits each, STORAGE lowest: STORAGE 0, COMPUTE 1,
    /// DATA 3, GOVERNANCE 2, DOCUMENTATION 4, MODEL 3, RESEARCH 4, TEACHING 4.
    uint256 private constant COMMITMENT_OF_KIND = 0x44342310;

    struct Header {
        TierSchedule schedule;
        /// Day of the latest proof; 0 = never.
        uint256 lastDay;
        /// Bit a: proofs were counted `a` days before `lastDay` (see ContributionWindow).
        uint256 occupied;
        /// Proofs ever.
        uint256 proofs;
        /// Day on which BASIC began the last time; 0 = never held.
        uint256 basicSince;
        /// Score of the latest proof, in 1e-6 FTNS, rounded down.
        uint256 score;
        /// Day of the latest proof that counted for each commitment, 16 bits each, STORAGE lowest (see IContributorRegistry).
        uint256 commitmentDays;
    }

    function unpack(uint256 word) internal pure returns (Header memory header) {
        header.schedule.basicThrough = uint16(word);
        header.schedule.activeThrough = uint16(word >> ACTIVE_SHIFT);
        header.schedule.powerThrough = uint16(word >> POWER_SHIFT);
        header.lastDay = uint16(word >> LAST_DAY_SHIFT);
        header.occupied = uint32(word >> OCCUPIED_SHIFT);
        header.proofs = uint24(word >> PROOFS_SHIFT);
        header.basicSince = uint16(word >> BASIC_SINCE_SHIFT);
        header.score = uint40(word >> SCORE_SHIFT);
        header.commitmentDays = word >> COMMITMENTS_SHIFT;
    }

    function pack(Header memory header) internal pure returns (uint256 word) {
        TierSchedule memory schedule = header.schedule;
        word = uint256(schedule.basicThrough) | (uint256(schedule.activeThrough) << ACTIVE_SHIFT);
        word |= (uint256(schedule.powerThrough) << POWER_SHIFT) | (header.lastDay << LAST_DAY_SHIFT);
        word |= (header.occupied << OCCUPIED_SHIFT) | (header.proofs << PROOFS_SHIFT);
        word |= (header.basicSince << BASIC_SINCE_SHIFT) | (header.score << SCORE_SHIFT);
        word |= header.commitmentDays << COMMITMENTS_SHIFT;
    }

    /// @notice Notes `count` more proofs, on day `today`, that led to a score of `scoreWei` (FTNS, 18 decimals). 63 proofs a day until
    /// the calendar ends stay below 24 bits. A score above 1,099,511 FTNS counts as that, so the staker loses.
    function addProofs(Header memory header, uint256 count, uint256 today, uint256 scoreWei) internal pure {
        header.lastDay = today;
        header.proofs += count;
        setScore(header, scoreWei);
    }

    function setScore(Header memory header, uint256 scoreWei) internal pure {
        uint256 score = scoreWei / SCORE_UNIT;
        header.score = score < MAX_SCORE ? score : MAX_SCORE;
    }

    /// @notice A proof of `kind` of day `day` is cancelled: its commitment was renewed on `latest` (0 = never), if it was this day's.
    function revertCommitment(Header memory header, uint256 kind, uint256 day, uint256 latest) internal pure {
        uint256 shift = DAY_BITS * ((COMMITMENT_OF_KIND >> (4 * kind)) & 0xf);
        if ((header.commitmentDays >> shift) & DAY_MASK != day) return;
        header.commitmentDays = (header.commitmentDays & ~(DAY_MASK << shift)) | (latest << shift);
    }

    /// @notice The kinds that renew the same commitment as `kind`: all four bits of each, STORAGE lowest.
    function kindsLike(uint256 kind) internal pure returns (uint256 kinds) {
        uint256 commitment = (COMMITMENT_OF_KIND >> (4 * kind)) & 0xf;
        for (uint256 shift; shift < 32; shift += 4) {
            if ((COMMITMENT_OF_KIND >> shift) & 0xf == commitment) kinds |= 0xf << shift;
        }
    }

    /// @notice Renews the commitment that a proof of `kind` counts for.
    function renewCommitment(Header memory header, uint256 kind, uint256 today) internal pure {
        uint256 shift = DAY_BITS * ((COMMITMENT_OF_KIND >> (4 * kind)) & 0xf);
        header.commitmentDays = (header.commitmentDays & ~(DAY_MASK << shift)) | (today << shift);
    }
}
