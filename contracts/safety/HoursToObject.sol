// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEmergencyGovernor} from "../interfaces/IEmergencyGovernor.sol";
import {IPriceHistory} from "../interfaces/IPriceHistory.sol";
import {ActionTerms} from "./ActionTerms.sol";
import {ObjectionHours, VoteCount} from "./VoteCount.sol";

/// @title HoursToObject
/// @notice The 48 hours in which what passes unless it is opposed can be opposed. They count only if the chain and its feed
/// worked: the price history tells.
abstract contract HoursToObject is IEmergencyGovernor {
    using VoteCount for ObjectionHours;

    // Immutables

    IPriceHistory public immutable HISTORY;

    // Storage

    mapping(uint256 proposalId => ObjectionHours) internal _hours;

    // Constructor

    constructor(IPriceHistory history) {
        if (address(history).code.length == 0) revert NotAContract(address(history));
        HISTORY = history;
    }

    // Internals

    /// @dev Seconds with a price are fewer than 2^40, as all seconds are.
    function _startHours(uint256 proposalId, uint8 restarts) internal {
        _hours[proposalId] = ObjectionHours(uint40(block.timestamp), uint40(HISTORY.totalCoveredSec()), restarts);
    }

    /// @dev Last second in which it can be opposed.
    function _hoursEnd(uint256 proposalId) internal view returns (uint256) {
        return _hours[proposalId].startedAt + ActionTerms.OBJECTION_PERIOD;
    }

    function _stoodStill(uint256 proposalId) internal view returns (bool) {
        ObjectionHours memory hours_ = _hours[proposalId];
        return hours_.stoodStill(_grownSec(hours_));
    }

    /// @dev Whether the hours of a vote that may be executed until `executeBefore` can start anew, once they are over: too many of
    /// them had no price, and it is not too late. Long after they are over they can only start anew while 40 hours with a price
    /// have not passed, because nothing else counts the time of a chain that stood still.
    function _mayStartAnew(uint256 proposalId, uint256 executeBefore) internal view returns (bool) {
        ObjectionHours memory hours_ = _hours[proposalId];
        if (hours_.restarts == VoteCount.MOST_RESTARTS) return false;
        uint256 grown = _grownSec(hours_);
        bool inTime = block.timestamp < executeBefore || grown < ActionTerms.OBJECTION_PERIOD - VoteCount.MOST_UNCOVERED;
        return inTime && hours_.stoodStill(grown);
    }

    /// @dev Seconds whose price became known since the hours began.
    function _grownSec(ObjectionHours memory hours_) private view returns (uint256) {
        return Math.saturatingSub(HISTORY.totalCoveredSec(), hours_.coveredSec);
    }
}
