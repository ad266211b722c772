// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DirectCaller} from "../access/DirectCaller.sol";
import {Signatures} from "../contributors/Signatures.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";
import {IVerifierStakes, VerifierView} from "../interfaces/IVerifierStakes.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Contribution, SignedContribution} from "../types/Contribution.sol";
import {SignerAccount, SignerAccounts} from "./SignerAccount.sol";

/// @title VerifierStakes
/// @notice See IVerifierStakes.
///
/// WHY COLLUDERS LOSE
/// Let them lock `L` in all, and a share `s` of it be what a day allows. Each proof counts in full against two signers or more, so a day
/// of theirs brings at most `s L / 2`, counted by the larger of value and reward. Three days to see and nine to vote touch 13 protocol
/// days: `6.5 s L`, which is 0.65 L at 10 % and 0.78 L at 12 %; fees of 1 % do not come near the difference. When they are stopped they
/// lose L, of which a tenth may come back to one of them who presents the proof: 0.9 L. `M` is in no step of this.
contract VerifierStakes is DirectCaller, IVerifierStakes {
    using Checkpoints for Checkpoints.Trace208;
    using SignerAccounts for SignerAccount;

    // Constants

    /// @notice Between asking for a lock and having it, in time in which transfers are not restricted.
    uint256 public constant UNLOCK_DELAY = 14 days;
    uint256 public constant LEAST_MIN_LOCK = 1_000e18;
    uint256 public constant MOST_MIN_LOCK = 1_000_000e18;
    uint256 public constant LEAST_DAILY_SHARE = 0.01e18;
    /// @dev See above: 6.5 * 12 % = 78 %, and 90 % are lost.
    uint256 public constant MOST_DAILY_SHARE = 0.12e18;
    /// @notice One part in ten of what is slashed goes to whoever found it out.
    uint256 public constant PRESENTER_DIVISOR = 10;
    /// @notice One part in a hundred of each reward goes to its signers, on top of it.
    uint256 public constant FEE_DIVISOR = 100;
    uint256 private constant WAD = 1e18;

    // Immutables

    /// @inheritdoc IVerifierStakes
    IStakingVault public immutable VAULT;
    /// @inheritdoc IVerifierStakes
    IContributorRegistry public immutable REGISTRY;
    /// @inheritdoc IVerifierStakes
    IRewardPool public immutable REWARD_POOL;
    IFTNSToken private immutable TOKEN;

    // Storage

    /// @dev One slot.
    struct Terms {
        uint96 minLock; // FTNS
        uint64 dailyShare; // WAD
    }

    Terms private _terms;
    /// @inheritdoc IVerifierStakes
    address public batchRewards;
    mapping(address verifier => SignerAccount) private _accounts;
    /// @dev What batches count on days that were to come when they were accepted (1e-9 FTNS).
    mapping(address verifier => mapping(uint256 day => uint256)) private _reserved;
    /// @inheritdoc IVerifierStakes
    address public rewardVesting;
    /// @inheritdoc IVerifierStakes
    mapping(address verifier => uint256) public challengesOf;
    /// @dev When it was slashed or removed: each time stands under itself, in seconds of time in which transfers are not restricted.
    mapping(address verifier => Checkpoints.Trace208) private _strikes;

    // Constructor

    /// @param authority the AccessManager
    /// @param vault must admit this contract as a holder of locks
    /// @param registry whose verifiers these are
    constructor(address authority, IStakingVault vault, IContributorRegistry registry) AccessManaged(authority) {
        if (address(vault).code.length == 0) revert NotAContract(address(vault));
        if (address(registry).code.length == 0) revert NotAContract(address(registry));
        (VAULT, REGISTRY) = (vault, registry);
        (REWARD_POOL, TOKEN) = (registry.REWARD_POOL(), registry.TOKEN());
        _setTerms(10_000e18, 0.1e18);
    }

    // Views

    /// @inheritdoc IVerifierStakes
    function terms() external view returns (uint256 minLock, uint256 dailyShare) {
        return (_terms.minLock, _terms.dailyShare);
    }

    /// @inheritdoc IVerifierStakes
    function verifierOf(address verifier) external view returns (VerifierView memory info) {
        SignerAccount memory account = _accounts[verifier];
        Terms memory terms_ = _terms;
        _roll(verifier, account, ProtocolTime.today());
        info.registered = REGISTRY.isVerifier(verifier);
        info.locked = _lockOf(verifier);
        if (info.locked >= terms_.minLock && account.unlockAt == 0) info.allowance = _allowance(info.locked, terms_);
        info.used = account.usedWei();
        if (account.unlockAt != 0) info.unlockAt = account.unlockAt + TOKEN.restrictedSeconds();
        info.feesDue = account.dueWei();
        info.feesWaiting = account.waitingWei();
    }

    /// @inheritdoc IVerifierStakes
    function firstStrikeSince(address verifier, uint256 since) external view returns (uint256) {
        return _strikes[verifier].lowerLookup(uint48(Math.min(since, type(uint48).max)));
    }

    // Writes

    /// @inheritdoc IVerifierStakes
    function charge(address[] calldata signers, uint256 value, uint256 reward) external {
        if (msg.sender != address(REGISTRY)) revert NotTheRegistry(msg.sender);
        uint256 amount = Math.max(value, reward);
        // Rounded down: the pool keeps what does not divide.
        uint256 fee = reward / (FEE_DIVISOR * signers.length);
        uint256 today = ProtocolTime.today();
        Terms memory terms_ = _terms;
        // At most as many as there are verifiers, 32.
        for (uint256 i; i < signers.length; ++i) {
            _chargeOne(signers[i], amount, fee, today, terms_);
        }
    }

    /// @inheritdoc IVerifierStakes
    function chargeBatch(address[] calldata signers, uint256 total, uint256 spreadDays) external {
        if (msg.sender != batchRewards) revert NotTheBatches(msg.sender);
        // Rounded up: the signers may vouch for less than 1e-9 FTNS less a day.
        uint256 perDay = Math.ceilDiv(total, spreadDays * SignerAccounts.UNIT);
        uint256 amount = perDay * SignerAccounts.UNIT;
        uint256 today = ProtocolTime.today();
        Terms memory terms_ = _terms;
        // At most 32 signers and 7 days.
        for (uint256 i; i < signers.length; ++i) {
            // Every batch that counts on a later day counts today, too: what fits today fits then.
            _chargeOne(signers[i], amount, 0, today, terms_);
            for (uint256 day = today + 1; day < today + spreadDays; ++day) {
                _reserved[signers[i]][day] += perDay;
            }
        }
    }

    /// @inheritdoc IVerifierStakes
    function noteFees(address[] calldata signers, uint256 reward) external {
        if (msg.sender != batchRewards) revert NotTheBatches(msg.sender);
        // Rounded down: the pool keeps what does not divide, and the shares of those who are no verifiers now.
        uint256 fee = reward / (FEE_DIVISOR * signers.length);
        uint256 today = ProtocolTime.today();
        // At most 32.
        for (uint256 i; i < signers.length; ++i) {
            if (!REGISTRY.isVerifier(signers[i])) continue;
            SignerAccount memory account = _accounts[signers[i]];
            _roll(signers[i], account, today);
            account.note(0, fee);
            _accounts[signers[i]] = account;
        }
    }

    /// @inheritdoc IVerifierStakes
    function requestUnlock() external {
        if (_lockOf(msg.sender) == 0) revert NoLock(msg.sender);
        SignerAccount storage account = _accounts[msg.sender];
        if (account.unlockAt != 0) revert LeavesAlready(msg.sender);
        account.unlockAt = uint40(_unrestrictedTime() + UNLOCK_DELAY);
        emit UnlockRequested(msg.sender, block.timestamp + UNLOCK_DELAY);
    }

    /// @inheritdoc IVerifierStakes
    function cancelUnlock() external {
        SignerAccount storage account = _accounts[msg.sender];
        if (account.unlockAt == 0) revert DoesNotLeave(msg.sender);
        account.unlockAt = 0;
        emit UnlockCancelled(msg.sender);
    }

    /// @inheritdoc IVerifierStakes
    function unlock() external returns (uint256 amount) {
        // Check
        SignerAccount storage account = _accounts[msg.sender];
        uint256 unlockAt = account.unlockAt;
        if (unlockAt == 0) revert DoesNotLeave(msg.sender);
        if (_unrestrictedTime() < unlockAt) {
            revert LockedUntil(msg.sender, unlockAt + TOKEN.restrictedSeconds(), block.timestamp);
        }
        uint256 challenges = challengesOf[msg.sender];
        if (challenges != 0) revert ProofsChallenged(msg.sender, challenges);
        amount = _lockOf(msg.sender);
        if (amount == 0) revert NoLock(msg.sender);

        // Effect
        account.unlockAt = 0;
        emit Unlocked(msg.sender, amount);

        // Interaction
        VAULT.release(msg.sender, amount);
    }

    /// @inheritdoc IVerifierStakes
    function presentEquivocation(address verifier, SignedContribution[2] calldata statements) external {
        // Check
        Contribution calldata first = statements[0].contribution;
        Contribution calldata second = statements[1].contribution;
        if (first.proofHash != second.proofHash) revert DifferentProofs(first.proofHash, second.proofHash);
        if (!_contradict(first, second)) revert NoContradiction(first.proofHash);
        for (uint256 i; i < 2; ++i) {
            bytes32 digest = REGISTRY.hashContribution(statements[i].contribution);
            if (!Signatures.isByKey(verifier, digest, statements[i].signature)) revert NotSignedBy(verifier, i);
        }

        // Effect and interaction
        emit Equivocated(verifier, first.proofHash, msg.sender);
        _condemn(verifier, msg.sender);
    }

    /// @inheritdoc IVerifierStakes
    function condemn(address verifier, address presenter) external {
        if (msg.sender != batchRewards) revert NotTheBatches(msg.sender);
        _condemn(verifier, presenter);
    }

    /// @inheritdoc IVerifierStakes
    function noteRemoval(address verifier) external {
        if (msg.sender != address(REGISTRY)) revert NotTheRegistry(msg.sender);
        _noteStrike(verifier);
    }

    /// @inheritdoc IVerifierStakes
    function noteChallenge(address[] calldata signers, bool opens) external onlyDirect(rewardVesting) {
        // At most 32.
        for (uint256 i; i < signers.length; ++i) {
            if (opens) ++challengesOf[signers[i]];
            else --challengesOf[signers[i]];
        }
    }

    /// @inheritdoc IVerifierStakes
    function payFees(address verifier) external returns (uint256 paid) {
        // Check
        SignerAccount memory account = _accounts[verifier];
        _roll(verifier, account, ProtocolTime.today());
        uint256 due = account.dueWei();
        if (due == 0) revert NoFeesDue(verifier);

        // Effect: as if the pool paid nothing, corrected by what it pays
        _accounts[verifier] = account;

        // Interaction: with the pool, which calls nobody back
        paid = Math.min(REWARD_POOL.payKeeper(verifier, due), due);
        account.takeDue(paid);
        _accounts[verifier] = account;
        emit FeesPaid(verifier, paid, account.dueWei());
    }

    // Governance

    /// @inheritdoc IVerifierStakes
    function slash(address verifier, uint256 amount, address beneficiary) external onlyDirect(rewardVesting) {
        amount = Math.min(amount, _lockOf(verifier));
        if (amount == 0) revert NothingToSlash(verifier);
        _slash(verifier, amount, beneficiary);
    }

    /// @inheritdoc IVerifierStakes
    function setTerms(uint256 minLock, uint256 dailyShare) external restricted {
        _setTerms(minLock, dailyShare);
    }

    /// @inheritdoc IVerifierStakes
    function setBatchRewards(address batchRewards_) external restricted {
        if (batchRewards_.code.length == 0) revert NotAContract(batchRewards_);
        batchRewards = batchRewards_;
        emit BatchRewardsSet(batchRewards_);
    }

    /// @inheritdoc IVerifierStakes
    function setRewardVesting(address rewardVesting_) external restricted {
        _requireCode(rewardVesting_);
        rewardVesting = rewardVesting_;
        emit RewardVestingSet(rewardVesting_);
    }

    // Internals

    /// @dev Brings `account` to `today`, on which batches may count already.
    function _roll(address signer, SignerAccount memory account, uint256 today) private view {
        if (account.day == today) return;
        account.roll(today);
        account.noteReserved(_reserved[signer][today]);
    }

    function _chargeOne(address signer, uint256 amount, uint256 fee, uint256 today, Terms memory terms_) private {
        // Check
        SignerAccount memory account = _accounts[signer];
        if (account.unlockAt != 0) revert VerifierLeaves(signer);
        uint256 locked = _lockOf(signer);
        if (locked < terms_.minLock) revert LockBelowMinimum(signer, locked, terms_.minLock);
        uint256 allowance = _allowance(locked, terms_);
        if (amount > allowance) revert LockTooSmall(signer, amount, allowance);
        _roll(signer, account, today);
        uint256 left = Math.saturatingSub(allowance, account.usedWei());
        if (amount > left) revert AllowanceUsedUp(signer, amount, left, allowance);

        // Effect
        account.note(amount, fee);
        _accounts[signer] = account;
    }

    /// @dev Takes all that `verifier` locked, and its place. The registry and the vault are the protocol's own and call nobody back.
    function _condemn(address verifier, address presenter) private {
        uint256 locked = _lockOf(verifier);
        // Once another contract has taken its place, this one removes nobody; what is locked here still answers.
        bool removes = address(REGISTRY.verifierStakes()) == address(this) && REGISTRY.isVerifier(verifier);
        if (locked == 0 && !removes) revert NothingToSlash(verifier);
        if (removes) REGISTRY.removeVerifier(verifier);
        _slash(verifier, locked, presenter);
    }

    /// @dev Takes `amount` of what `verifier` locked, and all fees that were not paid.
    function _slash(address verifier, uint256 amount, address beneficiary) private {
        // Effect
        SignerAccount memory account = _accounts[verifier];
        uint256 feesLost = account.dueWei() + account.waitingWei();
        account.dropFees();
        _accounts[verifier] = account;
        _noteStrike(verifier);
        // Rounded down: the pool gains less than ten wei.
        uint256 reward = beneficiary == address(0) ? 0 : amount / PRESENTER_DIVISOR;
        emit VerifierSlashed(verifier, beneficiary, amount, reward, feesLost);

        // Interaction
        if (reward != 0) VAULT.slash(verifier, reward, beneficiary);
        if (amount != 0) VAULT.slash(verifier, amount - reward, address(REWARD_POOL));
    }

    function _noteStrike(address verifier) private {
        // Seconds, 48 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint48 time = uint48(_unrestrictedTime());
        _strikes[verifier].push(time, time);
    }

    function _contradict(Contribution calldata a, Contribution calldata b) private pure returns (bool) {
        return a.contributor != b.contributor || a.kind != b.kind || a.units != b.units || a.quality != b.quality
            || a.impact != b.impact || a.evidenceRoot != b.evidenceRoot;
    }

    function _lockOf(address verifier) private view returns (uint256) {
        return VAULT.lockOf(verifier, address(this));
    }

    /// @dev Rounded down: the verifier may vouch for less than a wei less.
    function _allowance(uint256 locked, Terms memory terms_) private pure returns (uint256) {
        return locked * terms_.dailyShare / WAD;
    }

    /// @dev Seconds without those in which transfers were halted or recovery mode was on. It stands still while they are.
    function _unrestrictedTime() private view returns (uint256) {
        return block.timestamp - TOKEN.restrictedSeconds();
    }

    function _setTerms(uint256 minLock, uint256 dailyShare) private {
        _checkTerm("minLock", minLock, LEAST_MIN_LOCK, MOST_MIN_LOCK);
        _checkTerm("dailyShare", dailyShare, LEAST_DAILY_SHARE, MOST_DAILY_SHARE);
        // Both fit by their bounds.
        // forge-lint: disable-next-line(unsafe-typecast)
        _terms = Terms(uint96(minLock), uint64(dailyShare));
        emit TermsSet(minLock, dailyShare);
    }

    function _checkTerm(bytes32 term, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert TermOutOfBounds(term, value, min, max);
    }
}
