// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What keepers do for the protocol, the most urgent first. When each is due is said in JobConditions.
enum Job {
    /// Open an emergency that the chain shows. Arguments: `abi.encode(Trigger)`.
    TRIGGER_EMERGENCY,
    /// Carry out what an emergency vote passed. Arguments: `abi.encode(uint256 proposalId)`.
    EXECUTE_EMERGENCY,
    /// End what more voters came to be against than for. Arguments: `abi.encode(Action)`.
    END_OPPOSED,
    /// Bring signed market reports to the median feed. Arguments, from outside: `abi.encode(PackedReport[])`.
    REPORT_PRICE,
    /// Record the feed's price. No arguments.
    RECORD_PRICE,
    /// Adjust the supply multiplier. Arguments: `abi.encode(uint256 expectedFactor)`.
    ADJUST_SUPPLY,
    /// Queue what an ordinary vote passed. Arguments, from outside:
    /// `abi.encode(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)`.
    QUEUE_PROPOSAL,
    /// Execute what waited long enough in the timelock. Arguments as for QUEUE_PROPOSAL.
    EXECUTE_PROPOSAL,
    /// Start hours to object anew in which the chain or its feed stood still. Arguments: `abi.encode(uint256 proposalId)`.
    START_HOURS_ANEW,
    /// Give back or slash the bond of a trigger whose votes are over. Arguments: `abi.encode(uint256 bond)`.
    SETTLE_BOND
}
