// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketReport, PackedReport} from "../../interfaces/IMedianFeed.sol";
import {ReporterTable} from "../../prices/ReporterTable.sol";
import {ReportWords, TypedReport} from "../../prices/ReportWords.sol";
import {Latest, Round, RoundWords} from "../../prices/RoundWords.sol";

/// @title PriceWordsHarness
/// @notice What the feed reads from calldata, storage and its table, laid open.
contract PriceWordsHarness {
    using ReportWords for *;
    using RoundWords for *;

    function unpack(PackedReport calldata packed, bytes32 typeHash)
        external
        pure
        returns (MarketReport memory, bytes32 structHash)
    {
        TypedReport memory report;
        report.typeHash = typeHash;
        packed.unpackTo(report);
        return (
            MarketReport({
                price: report.price,
                meanPrice: report.meanPrice,
                since: report.since,
                volume6h: report.volume6h,
                meanVolume6h: report.meanVolume6h,
                txTotal: report.txTotal,
                txFailed: report.txFailed,
                sendersDay: report.sendersDay,
                observedAt: report.observedAt
            }),
            report.hash()
        );
    }

    /// @notice Six fields of all reports, each in ascending order, one after the other in one array as the feed does; and the
    /// oldest and the newest time.
    function columns(PackedReport[] calldata reports)
        external
        pure
        returns (uint256[][] memory sorted, uint256 oldest, uint256 newest)
    {
        sorted = new uint256[][](6);
        uint256[] memory values = new uint256[](reports.length);
        reports.sortPrice(values);
        sorted[0] = _copy(values);
        reports.sortVolume6h(values);
        sorted[1] = _copy(values);
        reports.sortMeanVolume6h(values);
        sorted[2] = _copy(values);
        reports.sortTxTotal(values);
        sorted[3] = _copy(values);
        reports.sortTxFailed(values);
        sorted[4] = _copy(values);
        reports.sortSendersDay(values);
        sorted[5] = _copy(values);
        (oldest, newest) = reports.times();
    }

    function keepRound(Round memory round) external pure returns (uint256 word, Round memory kept) {
        word = round.pack();
        kept = word.unpackRound();
    }

    function keepLatest(Latest memory latest) external pure returns (uint256 word, Latest memory kept) {
        word = latest.pack();
        kept = word.unpackLatest();
    }

    function writeTable(address[] calldata reporters, uint256[] calldata seats, uint256 number) external {
        uint256[] memory entries = new uint256[](reporters.length);
        for (uint256 i = 0; i < entries.length; ++i) {
            entries[i] = ReporterTable.entryOf(reporters[i], seats[i]);
        }
        ReporterTable.write(entries, number);
    }

    function readTable(uint256 number) external view returns (uint256[] memory) {
        return ReporterTable.read(number);
    }

    function find(uint256 number, address reporter, uint256 from) external view returns (uint256 index, uint256 bit) {
        return ReporterTable.find(ReporterTable.read(number), reporter, from);
    }

    function _copy(uint256[] memory values) private pure returns (uint256[] memory copy) {
        copy = new uint256[](values.length);
        for (uint256 i = 0; i < values.length; ++i) {
            copy[i] = values[i];
        }
    }
}
