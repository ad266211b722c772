// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketReport, PackedReport} from "../interfaces/IMedianFeed.sol";

/// @title ReportWords
/// @notice A report in two words, because calldata is most of what reporting costs on a rollup. From the lowest bit on:
///
///     first:  price 64 | meanPrice 64 | since 40 | observedAt 40 | txTotal 24 | txFailed 24
///     second: volume6h 72 | meanVolume6h 72 | sendersDay 24 | 88 bits that nobody reads
///
/// What is signed is the report itself, field by field (IMedianFeed), never the words.
library ReportWords {
    /// @notice Writes a report over `report`, so that many take the memory of one.
    function unpackTo(PackedReport calldata packed, MarketReport memory report) internal pure {
        uint256 first = packed.first;
        uint256 second = packed.second;
        report.price = uint64(first);
        report.meanPrice = uint64(first >> 64);
        report.since = uint40(first >> 128);
        report.observedAt = uint40(first >> 168);
        report.txTotal = uint24(first >> 208);
        report.txFailed = uint24(first >> 232);
        report.volume6h = uint72(second);
        report.meanVolume6h = uint72(second >> 72);
        report.sendersDay = uint24(second >> 144);
    }

    /// @notice The time of observation alone.
    function observedAtOf(PackedReport calldata packed) internal pure returns (uint256) {
        return uint40(packed.first >> 168);
    }
}
