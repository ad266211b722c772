// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the registry keeps the digest of, for each proof that verifiers signed: keccak256 of its ABI encoding. Whoever wants
/// something done about a proof hands it in. All of it stands in the proof's event, but for `day`, which is that of its block.
struct ProofRecord {
    bytes32 proofHash;
    address contributor;
    /// ContributionKind as a number.
    uint8 kind;
    /// FTNS, 18 decimals.
    uint256 value;
    /// WAD, whole thousandths.
    uint256 quality;
    /// Whether it was worth enough to count its kind.
    bool countedKind;
    /// Part of its reward that became claimable at once (FTNS).
    uint256 deferred;
    /// Part of its reward that vests (FTNS): all of it, or nothing.
    uint256 vesting;
    /// Protocol day on which it counted.
    uint256 day;
    /// When it counted, in seconds of time in which transfers are not restricted.
    uint256 countedAt;
    /// Who signed it, ascending.
    address[] verifiers;
}
