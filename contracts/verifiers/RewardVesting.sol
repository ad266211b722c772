// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {RecordWithoutProof} from "../contributors/RecordWithoutProof.sol";
import {IBatchRewards} from "../interfaces/IBatchRewards.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IRewardVesting} from "../interfaces/IRewardVesting.sol";
import {IStakingVault} from "../interfaces/IStakingVault.sol";
import {IVerifierStakes} from "../interfaces/IVerifierStakes.sol";
import {ProofRules} from "../types/ContributorRules.sol";
import {ProofRecord} from "../types/ProofRecord.sol";
import {ChallengeBonds} from "./ChallengeBonds.sol";

/// @title RewardVesting
/// @notice See IRewardVesting.
///
/// Nothing is kept of a proof here until something happens to it: its record is handed in and held against the digest that the registry
/// keeps. When a reward vests is worked out from the record and from when its signers were slashed or removed. So a large proof
/// costs nothing more when it counts, and deferring the rewards of a bad verifier costs one entry, however many there are.
contract RewardVesting is AccessManaged, ChallengeBonds {
    // Constants

    /// @notice From counting to vesting, in time in which transfers are not restricted.
    uint256 public constant VESTING_TIME = 3 days;
    uint256 private constant WAD = 1e18;

    // Immutables

    /// @inheritdoc IRewardVesting
    IContributorRegistry public immutable REGISTRY;
    /// @inheritdoc IRewardVesting
    IVerifierStakes public immutable STAKES;
    /// @inheritdoc IRewardVesting
    IBatchRewards public immutable BATCHES;
    IFTNSToken private immutable TOKEN;

    // Constructor

    /// @param authority the AccessManager
    /// @param batches knows the registry and VerifierStakes; all three, the pool and the vault must know this contract
    constructor(address authority, IBatchRewards batches) AccessManaged(authority) ChallengeBonds(_vaultOf(batches)) {
        (BATCHES, REGISTRY, STAKES) = (batches, batches.REGISTRY(), batches.STAKES());
        TOKEN = REGISTRY.TOKEN();
    }

    // Views

    /// @inheritdoc IRewardVesting
    function subjectOf(ProofRecord calldata record) public pure returns (bytes32) {
        return keccak256(abi.encode(record));
    }

    /// @inheritdoc IRewardVesting
    function batchSubjectOf(uint256 number, address[] calldata signers) public pure returns (bytes32) {
        return keccak256(abi.encode(number, signers));
    }

    /// @inheritdoc IRewardVesting
    function vestsAt(ProofRecord calldata record) external view returns (uint256) {
        return _vestsAt(record) + TOKEN.restrictedSeconds();
    }

    // Writes

    /// @inheritdoc IRewardVesting
    function release(ProofRecord calldata record) external {
        // Check
        bytes32 proofHash = record.proofHash;
        _requireNone(_knownSubject(record));
        if (record.vesting == 0 || REWARD_POOL.isVestingOver(proofHash)) revert NothingVests(proofHash);
        uint256 vestsAt_ = _vestsAt(record) + TOKEN.restrictedSeconds();
        if (block.timestamp < vestsAt_) revert NotVested(proofHash, vestsAt_, block.timestamp);

        // Interaction: the pool keeps that each proof vests once
        REWARD_POOL.vest(proofHash, record.contributor, record.vesting);
    }

    /// @inheritdoc IRewardVesting
    function challenge(ProofRecord calldata record) external {
        // Check
        bytes32 subject = _knownSubject(record);
        if (msg.sender == record.contributor) revert NotByItsOwn(msg.sender);
        _requireNoSigner(record.verifiers);
        _requireNone(subject);
        uint256 endedAt = _vestsAt(record) + TOKEN.restrictedSeconds();
        if (block.timestamp >= endedAt) revert ChallengeTooLate(subject, endedAt, block.timestamp);

        // Effect
        (uint256 amount, uint256 lapsesAt) = _raise(subject, 0);
        emit ProofChallenged(record.proofHash, record.contributor, msg.sender, amount, lapsesAt);

        // Interaction
        STAKES.noteChallenge(record.verifiers, true);
    }

    /// @inheritdoc IRewardVesting
    function challengeBatch(uint256 number, address[] calldata signers) external {
        // Check
        bytes32 subject = batchSubjectOf(number, signers);
        _requireNoSigner(signers);
        _requireNone(subject);

        // Interaction and effect: BatchRewards is the protocol's own and calls nobody back
        (uint256 amount, uint256 lapsesAt) = _raise(subject, BATCHES.freeze(number, signers));
        emit BatchChallenged(number, msg.sender, amount, lapsesAt);
        STAKES.noteChallenge(signers, true);
    }

    /// @inheritdoc IRewardVesting
    function lapse(ProofRecord calldata record) external {
        bytes32 subject = subjectOf(record);
        _rejectProof(subject, record, _takeLapsed(subject));
    }

    /// @inheritdoc IRewardVesting
    function lapseBatch(uint256 number, address[] calldata signers) external {
        bytes32 subject = batchSubjectOf(number, signers);
        _rejectBatch(subject, number, signers, _takeLapsed(subject));
    }

    // Governance

    /// @inheritdoc IRewardVesting
    function uphold(ProofRecord calldata record, uint256 share) external restricted {
        // Effect
        bytes32 subject = subjectOf(record);
        StoredChallenge memory taken = _takeUpheld(subject, share);

        // Interaction: with the protocol's own contracts, which call nobody back
        if (REGISTRY.recordOf(record.proofHash) == subject) _cancel(record);
        _punish(record.verifiers, share, taken);
    }

    /// @inheritdoc IRewardVesting
    function upholdBatch(uint256 number, address[] calldata signers, uint256 share) external restricted {
        StoredChallenge memory taken = _takeUpheld(batchSubjectOf(number, signers), share);
        BATCHES.thaw(number, 0);
        _punish(signers, share, taken);
    }

    /// @inheritdoc IRewardVesting
    function cancel(ProofRecord calldata record) external restricted {
        _knownSubject(record);
        _cancel(record);
    }

    /// @inheritdoc IRewardVesting
    function reject(ProofRecord calldata record) external restricted {
        bytes32 subject = subjectOf(record);
        _rejectProof(subject, record, _takeDecidable(subject));
    }

    /// @inheritdoc IRewardVesting
    function rejectBatch(uint256 number, address[] calldata signers) external restricted {
        bytes32 subject = batchSubjectOf(number, signers);
        _rejectBatch(subject, number, signers, _takeDecidable(subject));
    }

    /// @inheritdoc IRewardVesting
    function setBond(uint256 bond_) external restricted {
        _setBond(bond_);
    }

    // Internals

    /// @dev When the reward of `record` vests, in seconds of time in which transfers are not restricted. A signer that is slashed or removed
    /// before then puts it off to three days later, with its first strike only. At most as many rounds as there are signers, 32, because each round
    /// but the last uses up the strike of one.
    function _vestsAt(ProofRecord calldata record) private view returns (uint256 time) {
        time = record.countedAt + VESTING_TIME;
        uint256 count = record.verifiers.length;
        uint256[] memory strikes = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            strikes[i] = STAKES.firstStrikeSince(record.verifiers[i], record.countedAt);
        }
        for (bool moved = true; moved;) {
            moved = false;
            for (uint256 i; i < count; ++i) {
                if (strikes[i] == 0 || strikes[i] >= time || strikes[i] + VESTING_TIME <= time) continue;
                time = strikes[i] + VESTING_TIME;
                moved = true;
            }
        }
    }

    /// @dev The registry, the pool, the token and the vault are the protocol's own and call nobody back.
    function _cancel(ProofRecord calldata record) private {
        address contributor = record.contributor;
        emit ProofCancelled(contributor, record.proofHash, record.kind, record.value, record.quality);

        // Out of the records
        ProofRules memory rules = REGISTRY.proofRules();
        (uint256 word, uint256[16] memory ring, uint256 thresholds) = REGISTRY.recordWordsOf(contributor);
        (uint256 header, uint256 index, uint256 ringWord) =
            RecordWithoutProof.without(word, ring, thresholds, rules.disconnectionGraceDays, record);
        // Rounded down: the contributor keeps less than a wei more.
        uint256 lent = rules.vouchingFactor * (record.value * record.quality / WAD);
        uint256 capacityLimit = Math.saturatingSub(TOKEN.accountOf(contributor).capacity, lent);
        REGISTRY.cancelProof(record.proofHash, contributor, header, index, ringWord, capacityLimit);

        // Out of the debts: what vests all, what waits as far as it is there
        uint256 waiting = record.deferred;
        if (record.vesting != 0) {
            if (REWARD_POOL.isVestingOver(record.proofHash)) waiting += record.vesting;
            else REWARD_POOL.cancelVesting(record.proofHash, contributor, record.vesting);
        }
        if (waiting != 0) REWARD_POOL.cancelClaimable(contributor, waiting);
    }

    function _knownSubject(ProofRecord calldata record) private view returns (bytes32 subject) {
        subject = subjectOf(record);
        if (REGISTRY.recordOf(record.proofHash) != subject) revert NotTheRecord(record.proofHash);
    }

    /// @dev At most 32.
    function _requireNoSigner(address[] calldata signers) private view {
        for (uint256 i; i < signers.length; ++i) {
            if (msg.sender == signers[i]) revert NotByItsOwn(msg.sender);
        }
    }

    function _takeUpheld(bytes32 subject, uint256 share) private returns (StoredChallenge memory taken) {
        if (share > WAD) revert ShareOutOfBounds(share, WAD);
        taken = _takeDecidable(subject);
        emit ChallengeUpheld(subject, taken.challenger, share);
    }

    /// @dev Slashes `share` of what each of `signers` has locked, a tenth of it for the challenger, who gets the bond back. At most 32.
    /// Rounded down: a signer keeps less than a wei.
    function _punish(address[] calldata signers, uint256 share, StoredChallenge memory taken) private {
        STAKES.noteChallenge(signers, false);
        _giveBack(taken);
        for (uint256 i; i < signers.length; ++i) {
            uint256 amount = VAULT.lockOf(signers[i], address(STAKES)) * share / WAD;
            if (amount != 0) STAKES.slash(signers[i], amount, taken.challenger);
        }
    }

    function _rejectProof(bytes32 subject, ProofRecord calldata record, StoredChallenge memory taken) private {
        STAKES.noteChallenge(record.verifiers, false);
        _slashBond(subject, taken, record.contributor);
    }

    function _rejectBatch(bytes32 subject, uint256 number, address[] calldata signers, StoredChallenge memory taken)
        private
    {
        BATCHES.thaw(number, taken.opensAt);
        STAKES.noteChallenge(signers, false);
        _slashBond(subject, taken, address(0));
    }

    function _vaultOf(IBatchRewards batches) private view returns (IStakingVault) {
        if (address(batches).code.length == 0) revert NotAContract(address(batches));
        return batches.STAKES().VAULT();
    }
}
