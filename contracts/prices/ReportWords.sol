// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedReport} from "../interfaces/IMedianFeed.sol";

/// @notice A report as it is hashed: its type's hash, then the fields of `MarketReport`, one word each and in its order. Units as
/// there.
struct TypedReport {
    bytes32 typeHash;
    uint256 price;
    uint256 meanPrice;
    uint256 since;
    uint256 volume6h;
    uint256 meanVolume6h;
    uint256 txTotal;
    uint256 txFailed;
    uint256 sendersDay;
    uint256 observedAt;
}

/// @title ReportWords
/// @notice A report in two words, because calldata is most of what reporting costs on a rollup. From the lowest bit on:
///
///     first:  price 64 | meanPrice 64 | since 40 | observedAt 40 | txTotal 24 | txFailed 24
///     second: volume6h 72 | meanVolume6h 72 | sendersDay 24 | 88 bits that nobody reads
///
/// What is signed is the report itself, field by field (IMedianFeed), never the words.
library ReportWords {
    uint256 private constant TYPED_BYTES = 10 * 32;
    uint256 private constant PACKED_BYTES = 4 * 32;

    // Bytes from a report's first to the word, and bits from the word's lowest to the field
    uint256 private constant FIRST = 0;
    uint256 private constant SECOND = 32;
    uint256 private constant MEAN_PRICE_SHIFT = 64;
    uint256 private constant SINCE_SHIFT = 128;
    uint256 private constant OBSERVED_AT_SHIFT = 168;
    uint256 private constant TX_TOTAL_SHIFT = 208;
    uint256 private constant TX_FAILED_SHIFT = 232;
    uint256 private constant MEAN_VOLUME_SHIFT = 72;
    uint256 private constant SENDERS_SHIFT = 144;
    uint256 private constant MASK_24 = 0xffffff;
    uint256 private constant MASK_40 = 0xffffffffff;
    uint256 private constant MASK_64 = 0xffffffffffffffff;
    uint256 private constant MASK_72 = 0xffffffffffffffffff;

    // One report

    /// @notice Writes a report over `report`, so that many take the memory of one. Its type's hash stays.
    function unpackTo(PackedReport calldata packed, TypedReport memory report) internal pure {
        assembly ("memory-safe") {
            let first := calldataload(packed)
            let second := calldataload(add(packed, SECOND))
            mstore(add(report, 0x20), and(first, MASK_64)) // price
            mstore(add(report, 0x40), and(shr(MEAN_PRICE_SHIFT, first), MASK_64))
            mstore(add(report, 0x60), and(shr(SINCE_SHIFT, first), MASK_40))
            mstore(add(report, 0x80), and(second, MASK_72)) // volume6h
            mstore(add(report, 0xa0), and(shr(MEAN_VOLUME_SHIFT, second), MASK_72))
            mstore(add(report, 0xc0), and(shr(TX_TOTAL_SHIFT, first), MASK_24))
            mstore(add(report, 0xe0), shr(TX_FAILED_SHIFT, first))
            mstore(add(report, 0x100), and(shr(SENDERS_SHIFT, second), MASK_24))
            mstore(add(report, 0x120), and(shr(OBSERVED_AT_SHIFT, first), MASK_40))
        }
    }

    /// @notice EIP-712's `hashStruct`. The words lie in memory as they are hashed; the compiler's encoder would copy them first.
    function hash(TypedReport memory report) internal pure returns (bytes32 structHash) {
        assembly ("memory-safe") {
            structHash := keccak256(report, TYPED_BYTES)
        }
    }

    // All reports

    /// @notice The oldest and the newest time of observation (seconds). There must be a report.
    function times(PackedReport[] calldata reports) internal pure returns (uint256 oldest, uint256 newest) {
        oldest = newest = uint40(reports[0].first >> OBSERVED_AT_SHIFT);
        unchecked {
            for (uint256 i = 1; i < reports.length; ++i) {
                uint256 observedAt = uint40(reports[i].first >> OBSERVED_AT_SHIFT);
                if (observedAt < oldest) oldest = observedAt;
                else if (observedAt > newest) newest = observedAt;
            }
        }
    }

    // One field of every report, in ascending order, written over `values`, which has their number

    function sortPrice(PackedReport[] calldata reports, uint256[] memory values) internal pure {
        _sort(reports, FIRST, 0, MASK_64, values);
    }

    function sortTxTotal(PackedReport[] calldata reports, uint256[] memory values) internal pure {
        _sort(reports, FIRST, TX_TOTAL_SHIFT, MASK_24, values);
    }

    function sortTxFailed(PackedReport[] calldata reports, uint256[] memory values) internal pure {
        _sort(reports, FIRST, TX_FAILED_SHIFT, MASK_24, values);
    }

    function sortVolume6h(PackedReport[] calldata reports, uint256[] memory values) internal pure {
        _sort(reports, SECOND, 0, MASK_72, values);
    }

    function sortMeanVolume6h(PackedReport[] calldata reports, uint256[] memory values) internal pure {
        _sort(reports, SECOND, MEAN_VOLUME_SHIFT, MASK_72, values);
    }

    function sortSendersDay(PackedReport[] calldata reports, uint256[] memory values) internal pure {
        _sort(reports, SECOND, SENDERS_SHIFT, MASK_24, values);
    }

    /// @dev Insertion sort of what is read (as Solady's LibSort, which would need them in memory first): at most 32 * 31 / 2 steps.
    /// The decoder has checked that all reports lie within the calldata.
    function _sort(PackedReport[] calldata reports, uint256 word, uint256 shift, uint256 mask, uint256[] memory values)
        private
        pure
    {
        assembly ("memory-safe") {
            let from := add(reports.offset, word)
            // In place of the array's length a zero, which is larger than nothing: there the way down ends.
            mstore(values, 0)
            let end := add(values, shl(5, reports.length))
            for { let last := values } lt(last, end) { last := add(last, 0x20) } {
                let value := and(shr(shift, calldataload(from)), mask)
                let place := last
                let before := mload(place)
                for {} gt(before, value) { before := mload(place) } {
                    mstore(add(place, 0x20), before)
                    place := sub(place, 0x20)
                }
                mstore(add(place, 0x20), value)
                from := add(from, PACKED_BYTES)
            }
            mstore(values, reports.length)
        }
    }
}
