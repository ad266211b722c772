// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TierSchedule} from "../types/Tier.sol";

/// @title RecordHeader
/// @notice What the registry keeps of an account beside its buckets, in one word. From the low bits up:
///
///     | basicThrough 16 | activeThrough 16 | powerThrough 16 | lastDay 16 | occupied 32 | proofs 32 | kindDays 8 x 16 |
///
/// @dev Packed by hand: shifts cost a fraction of the code that the compiler makes for a packed struct.
library RecordHeader {
    uint256 private constant DAY_BITS = 16;
    uint256 private constant ACTIVE_SHIFT = 16;
    uint256 private constant POWER_SHIFT = 32;
    uint256 private constant LAST_DAY_SHIFT = 48;
    uint256 private constant OCCUPIED_SHIFT = 64;
    uint256 private constant PROOFS_SHIFT = 96;
    uint256 private constant KIND_DAYS_SHIFT = 128;

    struct Header {
        TierSchedule schedule;
        /// Day of the latest proof; 0 = never.
        uint256 lastDay;
        /// Bit a: proofs were counted `a` days before `lastDay` (see ContributionWindow).
        uint256 occupied;
        /// Proofs ever.
        uint256 proofs;
        /// Day of the latest proof of each kind, 16 bits each, kind 0 lowest. Staking counts commitments by them.
        uint256 kindDays;
    }

    function unpack(uint256 word) internal pure returns (Header memory header) {
        header.schedule.basicThrough = uint16(word);
        header.schedule.activeThrough = uint16(word >> ACTIVE_SHIFT);
        header.schedule.powerThrough = uint16(word >> POWER_SHIFT);
        header.lastDay = uint16(word >> LAST_DAY_SHIFT);
        header.occupied = uint32(word >> OCCUPIED_SHIFT);
        header.proofs = uint32(word >> PROOFS_SHIFT);
        header.kindDays = word >> KIND_DAYS_SHIFT;
    }

    function pack(Header memory header) internal pure returns (uint256 word) {
        TierSchedule memory schedule = header.schedule;
        word = uint256(schedule.basicThrough) | (uint256(schedule.activeThrough) << ACTIVE_SHIFT);
        word |= (uint256(schedule.powerThrough) << POWER_SHIFT) | (header.lastDay << LAST_DAY_SHIFT);
        word |= (header.occupied << OCCUPIED_SHIFT) | (header.proofs << PROOFS_SHIFT) | (header.kindDays << KIND_DAYS_SHIFT);
    }

    /// @notice Notes one more proof of `kind` on day `today`. 127 proofs a day reach 32 bits in 90,000 years.
    function addProof(Header memory header, uint256 kind, uint256 today) internal pure {
        uint256 shift = DAY_BITS * kind;
        header.lastDay = today;
        ++header.proofs;
        header.kindDays = (header.kindDays & ~(uint256(type(uint16).max) << shift)) | (today << shift);
    }

    /// @notice Day of the latest proof of `kind`; 0 = never.
    function lastDayOf(Header memory header, uint256 kind) internal pure returns (uint256) {
        return uint16(header.kindDays >> (DAY_BITS * kind));
    }
}
