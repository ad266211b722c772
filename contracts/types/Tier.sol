// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How much an account has contributed lately. The order matters: a higher tier includes the lower ones.
enum Tier {
    NONE,
    BASIC,
    ACTIVE,
    POWER
}

/// @notice The last day on which each "at least this tier" holds (inclusive protocol days; 0 = never held).
/// The conditions are nested, so `basicThrough >= activeThrough >= powerThrough`.
struct TierSchedule {
    uint16 basicThrough;
    uint16 activeThrough;
    uint16 powerThrough;
}
