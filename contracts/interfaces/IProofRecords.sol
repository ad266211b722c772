// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IProofRecords
/// @notice What the registry keeps of each proof, for ever: the digest of its record, by which it can be cancelled.
interface IProofRecords {
    event RewardVestingChanged(address rewardVesting);

    /// @notice Digest of the record of a proof.
    /// @param proofHash fingerprint of the evidence
    /// @return keccak256(abi.encode(ProofRecord)); zero where no such proof has counted, one where it was cancelled
    function recordOf(bytes32 proofHash) external view returns (bytes32);

    /// @notice Whether a proof has been counted.
    /// @param proofHash fingerprint of the evidence
    /// @return true once it was accepted, for ever
    function isProofUsed(bytes32 proofHash) external view returns (bool);

    /// @notice May cancel proofs without a role.
    /// @return RewardVesting; zero until it is named
    function rewardVesting() external view returns (address);

    /// @notice What is kept of a contributor, as it is stored (see RecordHeader and ContributionWindow), and what tiers ask for (see
    /// TierScheduleMath).
    /// @param account any address
    /// @return header one word
    /// @return ring sixteen words of two daily buckets each
    /// @return thresholds one word
    function recordWordsOf(address account)
        external
        view
        returns (uint256 header, uint256[16] memory ring, uint256 thresholds);

    /// @notice Takes a proof back: its fingerprint stays used, its contributor's record becomes what it is without it, and token and vault are
    /// told. Restricted to RewardVesting, which works it out (see RecordWithoutProof) because this contract has no room for it.
    /// @dev Reverts as the token does where the contributor's account is of a special class now.
    /// @param proofHash fingerprint of the evidence
    /// @param contributor of this proof
    /// @param header what takes the place of its header
    /// @param ringIndex which word of its ring changes, 0 to 15
    /// @param ringWord to what
    /// @param capacityLimit what it may lend to others at most from now on (FTNS, 18 decimals)
    function cancelProof(
        bytes32 proofHash,
        address contributor,
        uint256 header,
        uint256 ringIndex,
        uint256 ringWord,
        uint256 capacityLimit
    ) external;

    /// @notice Names the contract that cancels proofs. Restricted to governance.
    /// @param rewardVesting_ must have code, else `CallerWithoutCode`
    function setRewardVesting(address rewardVesting_) external;
}
