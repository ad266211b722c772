// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IReporterPay} from "../interfaces/IReporterPay.sol";
import {IReporterSeats, Seat} from "../interfaces/IReporterSeats.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";

/// @title ReporterPay
/// @notice See IReporterPay.
contract ReporterPay is IReporterPay, AccessManaged {
    // Constants

    uint256 public constant MAX_PAY_PER_REPORT = 1e18;
    /// @dev What the feed remembers, and what one call counts: at most 96 words of attendance.
    uint256 public constant HOURS_COUNTED = 95 * 7;

    // Immutables

    /// @inheritdoc IReporterPay
    IReporterSeats public immutable SEATS;
    /// @inheritdoc IReporterPay
    IRewardPool public immutable REWARD_POOL;

    // Storage

    /// @dev One slot.
    struct Account {
        uint32 paidThroughHour; // hours before it are counted
        uint128 owed; // FTNS
    }

    /// @inheritdoc IReporterPay
    uint256 public payPerReport;
    mapping(address reporter => Account) private _accounts;

    // Constructor

    /// @param authority the AccessManager that decides who may change the pay
    /// @param seats the feed whose reporters are paid
    /// @param pool must let this contract `payKeeper`
    constructor(address authority, IReporterSeats seats, IRewardPool pool) AccessManaged(authority) {
        if (address(seats).code.length == 0) revert NotAContract(address(seats));
        if (address(pool).code.length == 0) revert NotAContract(address(pool));
        (SEATS, REWARD_POOL) = (seats, pool);
        _setPayPerReport(0.1e18);
    }

    // Views

    /// @inheritdoc IReporterPay
    function earned(address reporter) public view returns (uint256 reportHours, uint256 amount) {
        (reportHours,) = _count(reporter);
        amount = reportHours * payPerReport + _accounts[reporter].owed;
    }

    // Writes

    /// @inheritdoc IReporterPay
    function pay(address reporter) external returns (uint256 paid) {
        // Check
        (uint256 reportHours, uint256 through) = _count(reporter);
        uint256 amount = reportHours * payPerReport + _accounts[reporter].owed;
        if (amount == 0) revert NothingEarned(reporter);

        // Effect: as if the pool paid nothing, corrected by what it pays
        _accounts[reporter] = Account(uint32(through), uint128(amount));

        // Interaction: with the pool, which calls nobody back
        paid = Math.min(REWARD_POOL.payKeeper(reporter, amount), amount);
        if (paid != 0) _accounts[reporter].owed = uint128(amount - paid);
        emit ReporterPaid(reporter, reportHours, paid, amount - paid);
    }

    // Governance

    /// @inheritdoc IReporterPay
    function setPayPerReport(uint256 payPerReport_) external restricted {
        _setPayPerReport(payPerReport_);
    }

    // Internals

    /// @dev Hours with a report that were not counted yet, of those that are over and in which nobody else had the seat; and up
    /// to where they are counted. Older ones than the feed remembers are lost.
    function _count(address reporter) private view returns (uint256 reportHours, uint256 through) {
        // The time before, of those who left and came back.
        uint256 formerHours;
        (formerHours, through) = _countSeat(SEATS.formerSeatOf(reporter), _accounts[reporter].paidThroughHour);
        (reportHours, through) = _countSeat(SEATS.seatOf(reporter), through);
        reportHours += formerHours;
    }

    /// @dev The same for one seat, of hours from `from` on.
    function _countSeat(Seat memory seat, uint256 from) private view returns (uint256 reportHours, uint256 through) {
        if (seat.fromHour == 0) return (0, from);
        through = block.timestamp / 1 hours;
        if (seat.untilHour != 0) through = Math.min(through, seat.untilHour);
        from = Math.max(seat.fromHour + 1, from);
        if (from >= through) return (0, from);
        if (from + HOURS_COUNTED < through) from = through - HOURS_COUNTED;
        reportHours = SEATS.hoursReported(seat.number, from, through);
    }

    function _setPayPerReport(uint256 payPerReport_) private {
        if (payPerReport_ > MAX_PAY_PER_REPORT) revert PayOutOfBounds(payPerReport_, MAX_PAY_PER_REPORT);
        payPerReport = payPerReport_;
        emit PayPerReportSet(payPerReport_);
    }
}
