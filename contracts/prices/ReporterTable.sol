// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibSort} from "solady/src/utils/LibSort.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

/// @title ReporterTable
/// @notice The registered reporters, in the code of a contract that does nothing. One cold look tells all of them (2,600 gas); a slot
/// for each would cost 2,100 a reporter. Whenever reporters change, the next table is made; a table's address follows from its
/// number, so that no slot has to name it.
///
/// An entry is a word: the reporter's address in its upper 160 bits, its seat in the lowest 8. They ascend.
library ReporterTable {
    uint256 private constant ADDRESS_SHIFT = 96;

    function entryOf(address reporter, uint256 seat) internal pure returns (uint256) {
        return uint256(uint160(reporter)) << ADDRESS_SHIFT | seat;
    }

    /// @notice Writes table `number`, which must not be there yet. Sorts `entries` in place, at most 32 of them.
    function write(uint256[] memory entries, uint256 number) internal {
        LibSort.insertionSort(entries);
        SSTORE2.writeDeterministic(abi.encodePacked(entries), bytes32(number));
    }

    /// @notice All entries of table `number`, which must be there.
    function read(uint256 number) internal view returns (uint256[] memory entries) {
        bytes memory data = SSTORE2.read(SSTORE2.predictDeterministicAddress(bytes32(number)));
        // An array of words is laid out like one of bytes, but its length is that of words.
        assembly ("memory-safe") {
            mstore(data, shr(5, mload(data)))
            entries := data
        }
    }

    function reporterAt(uint256[] memory entries, uint256 index) internal pure returns (address) {
        return address(uint160(entries[index] >> ADDRESS_SHIFT));
    }

    /// @notice Where `reporter` stands among the entries from `from` on.
    /// @return index its entry's
    /// @return bit of its seat; zero where it doesn't stand there
    function find(uint256[] memory entries, address reporter, uint256 from)
        internal
        pure
        returns (uint256 index, uint256 bit)
    {
        assembly ("memory-safe") {
            let wanted := shl(ADDRESS_SHIFT, reporter)
            let length := mload(entries)
            for { index := from } lt(index, length) { index := add(index, 1) } {
                let entry := mload(add(add(entries, 0x20), shl(5, index)))
                if iszero(shr(ADDRESS_SHIFT, xor(entry, wanted))) {
                    bit := shl(and(entry, 0xff), 1)
                    break
                }
            }
        }
    }
}
