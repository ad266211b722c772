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
    struct Header {
        TierSchedule schedule;
        /// Day of the latest proof; 0 = never.
        uint256 lastDay;
        /// Bit a: proofs landed a days before `lastDay` (see ContributionWindow).
        uint256 occupied;
        /// Proofs ever.
        uint256 proofs;
        /// Day of the latest proof of each kind, 16 bits each, kind 0 lowest. Staking counts commitments by them.
        uint256 kindDays;
    }

    function unpack(uint256 word) internal pure returns (Header memory header) {
        header.schedule.basicThrough = uint16(word);
        header.schedule.activeThrough = uint16(word >> 16);
        header.schedule.powerThrough = uint16(word >> 32);
        header.lastDay = uint16(word >> 48);
        header.occupied = uint32(word >> 64);
        header.proofs = uint32(word >> 96);
        header.kindDays = word >> 128;
    }

    function pack(Header memory header) internal pure returns (uint256 word) {
        TierSchedule memory schedule = header.schedule;
        word = uint256(schedule.basicThrough) | (uint256(schedule.activeThrough) << 16);
        word |= (uint256(schedule.powerThrough) << 32) | (header.lastDay << 48);
        word |= (header.occupied << 64) | (header.proofs << 96) | (header.kindDays << 128);
    }

    /// @notice Notes one more proof of `kind` on day `today`. 127 proofs a day reach 32 bits in 90,000 years.
    function land(Header memory header, uint256 kind, uint256 today) internal pure {
        uint256 shift = kind * 16;
        header.lastDay = today;
        ++header.proofs;
        header.kindDays = (header.kindDays & ~(uint256(type(uint16).max) << shift)) | (today << shift);
    }

    /// @notice Day of the latest proof of `kind`; 0 = never.
    function lastDayOf(Header memory header, uint256 kind) internal pure returns (uint256) {
        return uint16(header.kindDays >> (kind * 16));
    }
}
