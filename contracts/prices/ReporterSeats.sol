// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";
import {IReporterSeats, Seat} from "../interfaces/IReporterSeats.sol";
import {ReporterTable} from "./ReporterTable.sol";

/// @title ReporterSeats
/// @notice See IReporterSeats. A reporter's seat is its bit in attendance: one word notes for seven hours who reported in each,
/// so a round notes all of its reporters in one slot.
abstract contract ReporterSeats is IReporterSeats, AccessManaged {
    // Constants

    uint256 public constant MIN_REPORTERS = 5;
    uint256 public constant MAX_REPORTERS = 32;
    uint256 public constant MIN_QUORUM = 3;

    /// @dev A word of attendance: the number of its span of seven hours in the lowest 32 bits, then 32 bits for each hour.
    uint256 private constant HOURS_A_WORD = 7;
    uint256 private constant WORDS_KEPT = 96;
    /// @dev A little less than what is kept, so that every hour asked for can still be there.
    uint256 public constant MAX_HOURS_COUNTED = (WORDS_KEPT - 1) * HOURS_A_WORD;

    // Storage

    address[MAX_REPORTERS] private _seats;
    mapping(address reporter => Seat) internal _seatOf;
    /// @dev Of reporters that came back, so that their hours of before are still paid.
    mapping(address reporter => Seat) private _formerSeatOf;
    mapping(uint256 slot => uint256 word) private _attendance;
    /// @dev Last, so that they share a slot with what the feed stores first.
    uint8 internal _quorum;
    uint8 internal _reporterCount;
    /// @dev Number of the table of reporters, see ReporterTable.
    uint32 internal _table;

    // Constructor

    constructor(address[] memory reporters_, uint256 quorum_) {
        uint256 count = reporters_.length;
        if (count < MIN_REPORTERS || count > MAX_REPORTERS) {
            revert ReporterCountOutOfBounds(count, MIN_REPORTERS, MAX_REPORTERS);
        }
        for (uint256 i = 0; i < count; ++i) {
            _addReporter(reporters_[i]);
        }
        _setQuorum(quorum_);
        _writeTable();
    }

    // Views

    /// @inheritdoc IReporterSeats
    function reporters() external view returns (address[] memory registered) {
        registered = new address[](_reporterCount);
        uint256 found;
        for (uint256 i = 0; i < MAX_REPORTERS; ++i) {
            if (_seats[i] != address(0)) registered[found++] = _seats[i];
        }
    }

    /// @inheritdoc IReporterSeats
    function isReporter(address account) external view returns (bool) {
        return _seatOf[account].taken;
    }

    /// @inheritdoc IReporterSeats
    function quorum() external view returns (uint256) {
        return _quorum;
    }

    /// @inheritdoc IReporterSeats
    function seatOf(address account) external view returns (Seat memory) {
        return _seatOf[account];
    }

    /// @inheritdoc IReporterSeats
    function formerSeatOf(address account) external view returns (Seat memory) {
        return _formerSeatOf[account];
    }

    /// @inheritdoc IReporterSeats
    function hoursReported(uint256 seat, uint256 fromHour, uint256 toHour) external view returns (uint256 count) {
        if (fromHour + MAX_HOURS_COUNTED < toHour) toHour = fromHour + MAX_HOURS_COUNTED;
        if (seat >= MAX_REPORTERS) return 0;
        uint256 bits = (1 << (32 + seat)) * 0x00000001_00000001_00000001_00000001_00000001_00000001_00000001;
        for (uint256 hour = fromHour; hour < toHour;) {
            uint256 span = hour / HOURS_A_WORD;
            uint256 spanEnd = (span + 1) * HOURS_A_WORD;
            uint256 last = spanEnd < toHour ? spanEnd : toHour;
            uint256 word = _attendance[span % WORDS_KEPT];
            if (uint32(word) == span) count += LibBit.popCount(word & bits & _hoursMask(hour, last));
            hour = last;
        }
    }

    // Governance

    /// @inheritdoc IReporterSeats
    function addReporter(address reporter) external restricted {
        _addReporter(reporter);
        uint256 least = _leastQuorum();
        if (_quorum < least) _setQuorum(least);
        _writeTable();
    }

    /// @inheritdoc IReporterSeats
    function removeReporter(address reporter) external restricted {
        Seat storage seat = _seatOf[reporter];
        if (!seat.taken) revert NotReporter(reporter);
        uint256 count = uint256(_reporterCount) - 1;
        if (count < MIN_REPORTERS) revert ReporterCountOutOfBounds(count, MIN_REPORTERS, MAX_REPORTERS);
        if (count < _quorum) revert QuorumOutOfBounds(_quorum, MIN_QUORUM, count);
        _reporterCount = uint8(count);
        _seats[seat.number] = address(0);
        (seat.taken, seat.untilHour) = (false, uint32(block.timestamp / 1 hours));
        emit ReporterRemoved(reporter, seat.number);
        _writeTable();
    }

    /// @inheritdoc IReporterSeats
    function setQuorum(uint256 quorum_) external restricted {
        _setQuorum(quorum_);
    }

    // Internals

    /// @dev Notes that the reporters with these bits reported in the hour of `time`.
    function _attend(uint256 bits, uint256 time) internal {
        uint256 hour = time / 1 hours;
        uint256 span = hour / HOURS_A_WORD;
        uint256 slot = span % WORDS_KEPT;
        uint256 word = _attendance[slot];
        if (uint32(word) != span) word = span;
        _attendance[slot] = word | (bits << _shiftOf(hour));
    }

    function _shiftOf(uint256 hour) private pure returns (uint256) {
        unchecked {
            return 32 + 32 * (hour % HOURS_A_WORD);
        }
    }

    /// @dev All bits of the hours from `from` to `to`, which lie in one word.
    function _hoursMask(uint256 from, uint256 to) private pure returns (uint256) {
        return ((1 << (32 * (to - from))) - 1) << _shiftOf(from);
    }

    /// @dev More than half, and at least three.
    function _leastQuorum() private view returns (uint256) {
        uint256 majority = uint256(_reporterCount) / 2 + 1;
        return majority > MIN_QUORUM ? majority : MIN_QUORUM;
    }

    /// @dev All who have a seat now.
    function _writeTable() private {
        uint256[] memory entries = new uint256[](_reporterCount);
        uint256 found;
        for (uint256 i = 0; i < MAX_REPORTERS; ++i) {
            if (_seats[i] != address(0)) entries[found++] = ReporterTable.entryOf(_seats[i], i);
        }
        ReporterTable.write(entries, ++_table);
    }

    function _addReporter(address reporter) private {
        if (reporter == address(0)) revert ZeroReporter();
        if (_seatOf[reporter].taken) revert AlreadyReporter(reporter);
        uint256 count = uint256(_reporterCount) + 1;
        if (count > MAX_REPORTERS) revert ReporterCountOutOfBounds(count, MIN_REPORTERS, MAX_REPORTERS);
        uint256 number;
        while (_seats[number] != address(0)) ++number;
        _seats[number] = reporter;
        if (_seatOf[reporter].untilHour != 0) _formerSeatOf[reporter] = _seatOf[reporter];
        _seatOf[reporter] = Seat(uint8(number), true, uint32(block.timestamp / 1 hours), 0);
        _reporterCount = uint8(count);
        emit ReporterAdded(reporter, number);
    }

    function _setQuorum(uint256 quorum_) private {
        uint256 least = _leastQuorum();
        if (quorum_ < least || quorum_ > _reporterCount) revert QuorumOutOfBounds(quorum_, least, _reporterCount);
        _quorum = uint8(quorum_);
        emit QuorumSet(quorum_);
    }
}
