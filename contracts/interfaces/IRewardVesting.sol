// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBatchRewards} from "./IBatchRewards.sol";
import {IContributorRegistry} from "./IContributorRegistry.sol";
import {IStakingVault} from "./IStakingVault.sol";
import {IVerifierStakes} from "./IVerifierStakes.sol";
import {ProofRecord} from "../types/ProofRecord.sol";

/// @notice A challenge that waits for the voters.
struct ChallengeView {
    /// Zero where there is none.
    address challenger;
    /// What it answers with (FTNS, 18 decimals).
    uint256 bond;
    /// When it was raised (seconds).
    uint256 raisedAt;
    /// From when on anyone may reject it (seconds).
    uint256 lapsesAt;
}

/// @title IRewardVesting
/// @notice Nothing that can be abused is final at once: large rewards vest for three days, in which anyone can challenge a proof or a
/// batch with a bond, and the voters decide.
///
/// A challenge freezes a reward that has not vested, or a batch that is not open. Upheld, the proof is cancelled with its reward, or the
/// batch ended, a part of each signer's lock is slashed, and the challenger has a tenth of it and the bond back. What was not upheld in 21
/// days is rejected: half of the bond is the contributor's, half the pool's (all of it for a batch, which has many).
/// Whenever a verifier is slashed or removed, what it signed and has not vested vests three days from then: once for each signer.
/// @dev A bond is a part of the challenger's stake that it has locked towards this contract (`lock` of the staking vault).
/// Subjects: of a proof, the digest of its record; of a batch, keccak256(abi.encode(number, signers)).
interface IRewardVesting {
    /// @param bond FTNS, 18 decimals
    /// @param lapsesAt from when on anyone may reject it (seconds)
    event ProofChallenged(
        bytes32 indexed proofHash,
        address indexed contributor,
        address indexed challenger,
        uint256 bond,
        uint256 lapsesAt
    );
    event BatchChallenged(uint256 indexed number, address indexed challenger, uint256 bond, uint256 lapsesAt);
    /// @notice A proof counts no more.
    /// @param kind ContributionKind as a number
    /// @param value FTNS, 18 decimals
    /// @param quality WAD
    event ProofCancelled(
        address indexed contributor, bytes32 indexed proofHash, uint8 indexed kind, uint256 value, uint256 quality
    );
    /// @notice The challenge of `subject` was right.
    /// @param share part of each signer's lock that was slashed (WAD)
    event ChallengeUpheld(bytes32 indexed subject, address indexed challenger, uint256 share);
    /// @notice The challenge of `subject` was not right, and its bond is gone.
    /// @param contributor who got half of it; zero = all of it went to the pool
    event ChallengeRejected(
        bytes32 indexed subject, address indexed challenger, address indexed contributor, uint256 bond
    );
    /// @param bond FTNS, 18 decimals
    event BondSet(uint256 bond);

    error NotAContract(address target);
    /// @notice The registry keeps another record of this proof, or it was cancelled.
    error NotTheRecord(bytes32 proofHash);
    /// @notice Nothing of this proof vests, or it has vested.
    error NothingVests(bytes32 proofHash);
    /// @notice It vests at `vestsAt` (seconds), if transfers are not restricted until then and no signer is slashed or removed.
    error NotVested(bytes32 proofHash, uint256 vestsAt, uint256 nowSec);
    /// @notice The time to challenge ended at `endedAt` (seconds).
    error ChallengeTooLate(bytes32 subject, uint256 endedAt, uint256 nowSec);
    /// @notice `subject` is challenged, and waits for the voters.
    error ChallengeOpen(bytes32 subject);
    error NoChallenge(bytes32 subject);
    /// @notice Who signed a thing, or is paid for it, does not challenge it.
    error NotByItsOwn(address challenger);
    /// @notice Lock `bond` towards this contract first; `free` of it stands behind no other challenge.
    error ChallengeBondNeeded(uint256 bond, uint256 free);
    /// @notice The voters had until `lapsesAt` (seconds).
    error ChallengeLapsed(bytes32 subject, uint256 lapsesAt);
    /// @notice The voters have until `lapsesAt` (seconds).
    error ChallengePending(bytes32 subject, uint256 lapsesAt);
    error NothingUnbonded(address owner);
    /// @param share WAD
    error ShareOutOfBounds(uint256 share, uint256 max);
    /// @param bond FTNS, 18 decimals
    error BondOutOfBounds(uint256 bond, uint256 min, uint256 max);

    /// @notice Where bonds are locked.
    /// @return StakingVault
    function VAULT() external view returns (IStakingVault);

    /// @notice Whose proofs these are.
    /// @return ContributorRegistry
    function REGISTRY() external view returns (IContributorRegistry);

    /// @notice What signers answer with.
    /// @return VerifierStakes
    function STAKES() external view returns (IVerifierStakes);

    /// @notice Whose batches these are.
    /// @return BatchRewards
    function BATCHES() external view returns (IBatchRewards);

    /// @notice What a challenge takes.
    /// @return FTNS, 18 decimals (default 500)
    function bond() external view returns (uint256);

    /// @notice What `owner` has behind open challenges.
    /// @param owner any address
    /// @return FTNS, 18 decimals
    function bondedOf(address owner) external view returns (uint256);

    /// @notice The open challenge of `subject`.
    /// @param subject of a proof or a batch, see above
    /// @return all zero where there is none
    function challengeOf(bytes32 subject) external view returns (ChallengeView memory);

    /// @notice The subject of a proof.
    /// @param record as its event gives it
    /// @return what the registry's `recordOf` holds for it until it is cancelled
    function subjectOf(ProofRecord calldata record) external pure returns (bytes32);

    /// @notice The subject of a batch.
    /// @param number of the batch
    /// @param signers as in its event
    /// @return keccak256(abi.encode(number, signers))
    function batchSubjectOf(uint256 number, address[] calldata signers) external pure returns (bytes32);

    /// @notice Until when a proof can be challenged, and from when on its reward has vested if it is not.
    /// @param record as its event gives it
    /// @return seconds, if transfers are not restricted until then and no signer is slashed or removed
    function vestsAt(ProofRecord calldata record) external view returns (uint256);

    /// @notice Makes a reward that has vested claimable. Anyone may call it; the contributor claims it like what waited since yesterday.
    /// @dev Reverts with `NotTheRecord`, `NothingVests`, `ChallengeOpen` or `NotVested`.
    /// @param record as the proof's event gives it
    function release(ProofRecord calldata record) external;

    /// @notice Challenges a proof with a bond. Neither its contributor nor one of its signers may.
    /// @dev Reverts with `NotTheRecord`, `NotByItsOwn`, `ChallengeOpen`, `ChallengeTooLate` or `ChallengeBondNeeded`.
    /// @param record as the proof's event gives it
    function challenge(ProofRecord calldata record) external;

    /// @notice Challenges a batch before it opens, with a bond. None of its signers may.
    /// @dev Reverts with `NotByItsOwn`, `ChallengeOpen` or `ChallengeBondNeeded`, or with those of BatchRewards: `UnknownBatch`, `Ended`,
    /// `OtherSigners`, `OpenAlready`.
    /// @param number of the batch
    /// @param signers as in its event
    function challengeBatch(uint256 number, address[] calldata signers) external;

    /// @notice Rejects a challenge that the voters have not upheld in 21 days. Anyone may call it.
    /// @dev Reverts with `NoChallenge` or `ChallengePending`.
    /// @param record as the proof's event gives it
    function lapse(ProofRecord calldata record) external;

    /// @notice The same of a batch, which opens then.
    /// @param number of the batch
    /// @param signers as in its event
    function lapseBatch(uint256 number, address[] calldata signers) external;

    /// @notice Gives back what the caller has locked here and is behind no challenge.
    /// @dev Reverts with `NothingUnbonded`.
    /// @return amount FTNS, 18 decimals
    function releaseUnbonded() external returns (uint256 amount);

    /// @notice Upholds a challenge: cancels the proof and its reward, and slashes `share` of what each signer has locked. Restricted to
    /// governance.
    /// @dev Reverts with `ShareOutOfBounds`, `NoChallenge` or `ChallengeLapsed`. What was paid at once is not taken back; of what waits as claimable, the
    /// part that this proof left, as far as it is there.
    /// @param record as the proof's event gives it
    /// @param share WAD, 0 to 1
    function uphold(ProofRecord calldata record, uint256 share) external;

    /// @notice The same of a batch, which is ended.
    /// @param number of the batch
    /// @param signers as in its event
    /// @param share WAD, 0 to 1
    function upholdBatch(uint256 number, address[] calldata signers, uint256 share) external;

    /// @notice Cancels a proof without a challenge, at any time: out of score, tiers, commitments, cover and what its contributor may
    /// still lend to others (see RecordWithoutProof), and out of what the pool owes for it. Restricted to governance.
    /// @dev Reverts with `NotTheRecord`, or as the token does where the contributor's account is of a special class now.
    /// @param record as the proof's event gives it
    function cancel(ProofRecord calldata record) external;

    /// @notice Rejects a challenge before its 21 days are over. Restricted to governance.
    /// @param record as the proof's event gives it
    function reject(ProofRecord calldata record) external;

    /// @notice The same of a batch, which opens then, or when it would have.
    /// @param number of the batch
    /// @param signers as in its event
    function rejectBatch(uint256 number, address[] calldata signers) external;

    /// @notice Sets what a challenge takes from now on. Restricted to governance.
    /// @param bond_ FTNS, 18 decimals, 100 to 10,000
    function setBond(uint256 bond_) external;
}
