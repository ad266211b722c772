// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the reward pool pays for. Each has a share of the day's means.
enum Purpose {
    /// The contributions of the day.
    CONTRIBUTIONS,
    /// What stakes earn.
    YIELD,
    /// Rewards that did not fit on the day on which they were earned.
    CLAIMS,
    /// Keepers' work, and what else keeps the protocol running.
    SERVICES
}
