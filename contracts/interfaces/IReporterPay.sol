// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReporterSeats} from "./IReporterSeats.sol";
import {IRewardPool} from "./IRewardPool.sol";

/// @title IReporterPay
/// @notice Pays reporters a small fixed sum for a report in a round, at most one an hour, out of the pool's funds and never by
/// minting. Nobody need come for it each hour: the feed remembers the hours, and anyone may have a reporter paid.
interface IReporterPay {
    /// @notice `reporter` was paid for `reportHours` hours in which it reported, as far as the pool's means went.
    /// @param paid FTNS, 18 decimals
    /// @param owed what waits for the next time (FTNS, 18 decimals)
    event ReporterPaid(address indexed reporter, uint256 reportHours, uint256 paid, uint256 owed);
    /// @param payPerReport FTNS, 18 decimals
    event PayPerReportSet(uint256 payPerReport);

    error NotAContract(address account);
    /// @notice It has reported in no hour since it was last paid, and is owed nothing.
    error NothingEarned(address reporter);
    error PayOutOfBounds(uint256 payPerReport, uint256 max);

    /// @notice Pays `reporter` what it has earned and was not paid for. Anyone may call it. Only hours that are over count; the feed
    /// remembers about 27 days of them, and one call counts as many.
    /// @dev Reverts with `NothingEarned`. What the pool cannot pay now is owed.
    /// @param reporter present or former
    /// @return paid FTNS, 18 decimals
    function pay(address reporter) external returns (uint256 paid);

    /// @notice What `pay` would ask the pool for.
    /// @param reporter present or former
    /// @return reportHours since it was last paid
    /// @return amount for them and what it is owed from before (FTNS, 18 decimals)
    function earned(address reporter) external view returns (uint256 reportHours, uint256 amount);

    /// @notice Paid for an hour with a report.
    /// @return FTNS, 18 decimals
    function payPerReport() external view returns (uint256);

    /// @notice Sets what an hour with a report brings, for hours that were not paid yet. Restricted to governance.
    /// @param payPerReport_ at most 1 FTNS, else `PayOutOfBounds`
    function setPayPerReport(uint256 payPerReport_) external;

    /// @notice Whose attendance is paid for.
    function SEATS() external view returns (IReporterSeats);

    /// @notice Who pays.
    function REWARD_POOL() external view returns (IRewardPool);
}
