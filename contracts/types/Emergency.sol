// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What can open an emergency. The conditions are in TriggerConditions.
enum Trigger {
    PRICE_CRASH,
    LIQUIDITY_CRISIS,
    NETWORK_ATTACK,
    GOVERNANCE_DEADLOCK
}

/// @notice All that an emergency vote can do. None names an account or moves value.
enum Action {
    /// Stops the daily adjustment for at most 14 days.
    PAUSE_ADJUSTMENTS,
    /// Stops transfers for at most 72 hours.
    HALT_TRANSACTIONS,
    /// Sets `M` to 1 and the base rates to the settled ones.
    RATE_RESET,
    /// Stops minting, adjustments and demurrage, and limits each account to moving 10 % a day, for at most 7 days.
    RECOVERY_MODE
}
