// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The eight things an account can give to the network.
enum ContributionKind {
    STORAGE,
    COMPUTE,
    DATA,
    GOVERNANCE,
    DOCUMENTATION,
    MODEL,
    RESEARCH,
    TEACHING
}
