// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ICronJob
/// @notice The two functions by which Maker's cron (dss-cron `IJob`) and the keepers written for it know a job.
interface ICronJob {
    /// @notice Whether there is something to do, and what to pass to `work`. Never reverts.
    /// @param network the keeper network that asks; ours is first come, first served, so it makes no difference
    /// @return canWork whether a job is due
    /// @return args what to pass to `work`; empty when nothing is due
    function workable(bytes32 network) external returns (bool canWork, bytes memory args);

    /// @notice Does what `workable` found.
    /// @param network not looked at
    /// @param args as `workable` gave them
    function work(bytes32 network, bytes calldata args) external;
}
