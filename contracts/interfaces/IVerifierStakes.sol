// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributorRegistry} from "./IContributorRegistry.sol";
import {IRewardPool} from "./IRewardPool.sol";
import {IStakingVault} from "./IStakingVault.sol";
import {SignedContribution} from "../types/Contribution.sol";

/// @notice How a verifier stands today.
struct VerifierView {
    /// Registered in the registry: its signatures count.
    bool registered;
    /// Part of its stake that answers for what it signs (FTNS, 18 decimals).
    uint256 locked;
    /// What it may vouch for in a day (FTNS); 0 below the least lock, and while it leaves.
    uint256 allowance;
    /// What it vouched for today (FTNS, rounded up to 1e-9).
    uint256 used;
    /// When its lock is free, if transfers are not restricted until then (seconds); 0 = it does not leave.
    uint256 unlockAt;
    /// Fees that `payFees` pays now (FTNS, rounded down to 1e-9).
    uint256 feesDue;
    /// Fees of this week and the last one, which are paid later (FTNS).
    uint256 feesWaiting;
}

/// @title IVerifierStakes
/// @notice Verifiers vouch with their stake: a lie costs more than it brings.
///
/// A verifier locks a part of its stake in the vault towards this contract (`lock` of IStakingVault). On a protocol day it may vouch
/// for at most a share of that lock (default 10 %, at most 12 %). A proof counts in full against each of its signers, with the larger
/// of its value and its reward. So more stake buys throughput, and more keys do not: with at least two signers under each proof, 13
/// days of the most that colluders can sign bring 65 % of what they locked (78 % at 12 %), at any `M`; and they lose 90 % of it also
/// if one of them presents the others.
///
/// The whole lock is slashed for equivocation: two signed statements of one `proofHash` that differ in contributor, kind, units,
/// quality, impact or evidence. Anyone may present them, for a tenth; the rest goes to the reward pool, and the verifier is removed.
/// So is a proof signed by itself and in a leaf of a batch, or in two leaves (see IBatchRewards).
/// Governance can slash, too.
///
/// Signers share 1 % on top of each reward, from the pool's funds and never minted. What was earned in a week (seven protocol days) is
/// paid from the second week after it on, if nobody has slashed the verifier until then.
/// @dev Amounts are FTNS with 18 decimals. Warning for verifiers: a corrected statement about the same evidence needs a
/// `proofHash` of its own, and what was signed once can be presented as long as a lock is there.
interface IVerifierStakes {
    /// @notice `verifier` signs no more. Its lock is free at `unlockAt` (seconds), or later by the time in which transfers are
    /// restricted until then.
    event UnlockRequested(address indexed verifier, uint256 unlockAt);
    /// @notice `verifier` signs again.
    event UnlockCancelled(address indexed verifier);
    /// @param amount FTNS, 18 decimals
    event Unlocked(address indexed verifier, uint256 amount);
    /// @notice `verifier` signed two statements of one proof that contradict each other.
    event Equivocated(address indexed verifier, bytes32 indexed proofHash, address indexed presenter);
    /// @param beneficiary who got `reward`; zero = nobody
    /// @param amount slashed in all (FTNS, 18 decimals)
    /// @param reward part of it that `beneficiary` got; the rest went to the pool
    /// @param feesLost fees that were not paid until now, and never are
    event VerifierSlashed(
        address indexed verifier, address indexed beneficiary, uint256 amount, uint256 reward, uint256 feesLost
    );
    /// @param paid FTNS, 18 decimals
    /// @param owed what waits for the next time (FTNS, 18 decimals)
    event FeesPaid(address indexed verifier, uint256 paid, uint256 owed);
    event BatchRewardsSet(address batchRewards);
    event RewardVestingSet(address rewardVesting);
    /// @param minLock FTNS, 18 decimals
    /// @param dailyShare WAD
    event TermsSet(uint256 minLock, uint256 dailyShare);

    error NotAContract(address target);
    /// @notice Only the registry charges verifiers.
    error NotTheRegistry(address caller);
    /// @notice Only BatchRewards charges batches, and condemns.
    error NotTheBatches(address caller);
    /// @notice `verifier` has locked `locked` towards this contract, and signs from `minLock` on: call `lock` of the staking vault.
    error LockBelowMinimum(address verifier, uint256 locked, uint256 minLock);
    /// @notice A proof that counts `needed` is more than `verifier` may vouch for in a day. It takes more stake, or other signers.
    error LockTooSmall(address verifier, uint256 needed, uint256 allowance);
    /// @notice A proof that counts `needed` is more than the `left` of today's `allowance` of `verifier`. It fits tomorrow.
    error AllowanceUsedUp(address verifier, uint256 needed, uint256 left, uint256 allowance);
    /// @notice `verifier` asked for its lock, and signs nothing until it cancels that or locks anew.
    error VerifierLeaves(address verifier);
    error NoLock(address verifier);
    /// @notice It has been leaving since it asked.
    error LeavesAlready(address verifier);
    /// @notice Ask with `requestUnlock` first.
    error DoesNotLeave(address verifier);
    /// @param unlockAt seconds, if transfers are not restricted until then
    error LockedUntil(address verifier, uint256 unlockAt, uint256 nowSec);
    /// @notice So many challenges are open of proofs or batches that it signed. Its lock stays until they are decided.
    error ProofsChallenged(address verifier, uint256 challenges);
    /// @notice The two statements are about different proofs.
    error DifferentProofs(bytes32 first, bytes32 second);
    /// @notice The two statements agree in all that matters.
    error NoContradiction(bytes32 proofHash);
    /// @notice Not a signature of `verifier` under the statement (0 or 1) for the registry on this chain.
    error NotSignedBy(address verifier, uint256 statement);
    /// @notice Neither locked nor registered: there is nothing to take.
    error NothingToSlash(address verifier);
    /// @notice No fee of `verifier` is due.
    error NoFeesDue(address verifier);
    /// @param term name in ASCII
    error TermOutOfBounds(bytes32 term, uint256 value, uint256 min, uint256 max);

    /// @notice Where verifiers lock.
    /// @return StakingVault
    function VAULT() external view returns (IStakingVault);

    /// @notice Whose verifiers these are.
    /// @return ContributorRegistry
    function REGISTRY() external view returns (IContributorRegistry);

    /// @notice Who pays the fees, and gets what is slashed.
    /// @return RewardPool
    function REWARD_POOL() external view returns (IRewardPool);

    /// @notice Who charges batches, and condemns whom it has seen to sign a proof twice.
    /// @return BatchRewards; zero before it is set
    function batchRewards() external view returns (address);

    /// @notice Tells of challenges, and slashes whom they were right about.
    /// @return RewardVesting; zero before it is set
    function rewardVesting() external view returns (address);

    /// @notice Open challenges of proofs and batches that `verifier` signed.
    /// @param verifier any address
    /// @return its lock stays while there are any
    function challengesOf(address verifier) external view returns (uint256);

    /// @notice When `verifier` was slashed or removed for the first time from `since` on.
    /// @param verifier any address
    /// @param since seconds of time in which transfers are not restricted
    /// @return in the same time; zero for never
    function firstStrikeSince(address verifier, uint256 since) external view returns (uint256);

    /// @notice What verifying takes.
    /// @return minLock least lock of a verifier that signs (FTNS, 18 decimals; default 10,000)
    /// @return dailyShare part of its lock that it may vouch for in a protocol day (WAD; default 10 %)
    function terms() external view returns (uint256 minLock, uint256 dailyShare);

    /// @notice How `verifier` stands today.
    /// @param verifier any address
    /// @return units: see VerifierView
    function verifierOf(address verifier) external view returns (VerifierView memory);

    /// @notice Counts a proof against the allowance of each of its signers, and notes their fees. Only the registry calls it.
    /// @dev Reverts with `LockBelowMinimum`, `VerifierLeaves`, `LockTooSmall` or `AllowanceUsedUp`, and then the proof does not count.
    /// @param signers distinct registered verifiers, at least one
    /// @param value of the proof (FTNS, 18 decimals)
    /// @param reward what it earned in all (FTNS, 18 decimals)
    function charge(address[] calldata signers, uint256 value, uint256 reward) external;

    /// @notice Counts a batch against the allowance of each of its signers: the same part of `total` today and on each of the days that
    /// follow. Only BatchRewards calls it.
    /// @dev Reverts as `charge` does, by the part of a day.
    /// @param signers distinct registered verifiers, at least one
    /// @param total FTNS, 18 decimals
    /// @param spreadDays how many days, today included
    function chargeBatch(address[] calldata signers, uint256 total, uint256 spreadDays) external;

    /// @notice Notes the fees on `reward`, earned by leaves of a batch, for each of its signers that is registered. Only BatchRewards
    /// calls it.
    /// @param signers of the batch, registered or not: a share is a share of all of them
    /// @param reward FTNS, 18 decimals
    function noteFees(address[] calldata signers, uint256 reward) external;

    /// @notice Slashes the whole lock of `verifier` and removes it from the registry. Only BatchRewards calls it, which has seen that the
    /// verifier signed a proof twice.
    /// @dev Reverts with `NothingToSlash`.
    /// @param verifier present or former
    /// @param presenter gets a tenth
    function condemn(address verifier, address presenter) external;

    /// @notice The caller signs no more, and has its whole lock back 14 days later (`unlock`); time in which transfers are halted or
    /// recovery mode is on does not count. Until then the lock can be slashed.
    /// @dev Reverts with `NoLock` or `LeavesAlready`.
    function requestUnlock() external;

    /// @notice The caller signs again, with its lock as it is.
    /// @dev Reverts with `DoesNotLeave`.
    function cancelUnlock() external;

    /// @notice Releases the caller's lock in the vault, 14 days after it was asked for.
    /// @dev Reverts with `DoesNotLeave`, `LockedUntil`, `ProofsChallenged` or `NoLock`.
    /// @return amount FTNS, 18 decimals
    function unlock() external returns (uint256 amount);

    /// @notice Slashes the whole lock of `verifier` and removes it from the registry, by two statements that it signed for the
    /// registry. The caller gets a tenth (liquid at once; set aside by the vault in a halt).
    /// @dev Reverts with `DifferentProofs`, `NoContradiction`, `NotSignedBy` or `NothingToSlash`. Warning: whoever sees the call in the
    /// mempool can send it first; it is slashed all the same. A VerifierStakes that another replaced slashes what is locked in it, and
    /// removes nobody: present the statements to both.
    /// @param verifier who signed both, a present or former verifier
    /// @param statements of one `proofHash`, that differ in contributor, kind, units, quality, impact or evidenceRoot
    function presentEquivocation(address verifier, SignedContribution[2] calldata statements) external;

    /// @notice Pays `verifier` the fees that are due, as far as the pool's means go; the rest stays due. Anyone may call it.
    /// @dev Reverts with `NoFeesDue`.
    /// @param verifier present or former
    /// @return paid FTNS, 18 decimals
    function payFees(address verifier) external returns (uint256 paid);

    /// @notice Governance has removed `verifier`: what it signed and has not vested vests three days from now. Only the registry calls it.
    /// @param verifier that was registered until now
    function noteRemoval(address verifier) external;

    /// @notice A challenge of what `signers` signed opens, or is over. Restricted to RewardVesting.
    /// @param signers at most 32
    /// @param opens whether it opens
    function noteChallenge(address[] calldata signers, bool opens) external;

    /// @notice Slashes `amount` of the lock of `verifier`, or all of it if it is less. A tenth goes to `beneficiary`, the rest to the pool.
    /// Restricted to RewardVesting and governance. It does not remove the verifier: that is the registry's `removeVerifier`.
    /// @dev Reverts with `NothingToSlash`.
    /// @param verifier present or former
    /// @param amount FTNS, 18 decimals
    /// @param beneficiary who found it out; zero for nobody. Neither the verifier nor the vault
    function slash(address verifier, uint256 amount, address beneficiary) external;

    /// @notice Sets what verifying takes, from now on. Restricted to governance.
    /// @param minLock 1,000 to 1,000,000 FTNS (18 decimals)
    /// @param dailyShare 1 to 12 % (WAD)
    function setTerms(uint256 minLock, uint256 dailyShare) external;

    /// @notice Names the contract that charges batches and may condemn verifiers. Restricted to governance.
    /// @param batchRewards_ must have code
    function setBatchRewards(address batchRewards_) external;

    /// @notice Names the contract that tells of challenges and slashes. Restricted to governance.
    /// @dev Warning: not while challenges are open, as the one before could not end them here.
    /// @param rewardVesting_ must have code
    function setRewardVesting(address rewardVesting_) external;
}
