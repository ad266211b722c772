// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DirectCaller} from "../access/DirectCaller.sol";
import {BatchView, IBatchRewards} from "../interfaces/IBatchRewards.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IVerifierStakes} from "../interfaces/IVerifierStakes.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";

/// @title BatchBook
/// @notice What is kept of batches: when each opens, how much of it is released and drawn, and how it ends.
abstract contract BatchBook is DirectCaller, IBatchRewards {
    // Constants

    /// @notice Days on which a batch counts against its signers, and is released.
    uint256 public constant SPREAD_DAYS = 7;
    uint256 internal constant WAD = 1e18;
    /// @dev Totals are kept in FTNS, what is drawn and earned of them in 1e-6 FTNS.
    uint256 internal constant UNIT = 1e12;
    uint256 internal constant UNITS_IN_ONE = 1e6;
    /// @dev In the place of the time from which a batch can be claimed: it is challenged.
    uint40 private constant FROZEN = type(uint40).max;

    // Immutables

    /// @inheritdoc IBatchRewards
    IContributorRegistry public immutable REGISTRY;
    /// @inheritdoc IBatchRewards
    IVerifierStakes public immutable STAKES;
    IRewardPool internal immutable REWARD_POOL;
    IFTNSToken internal immutable TOKEN;

    // Storage

    /// @dev Three slots, of which a claim reads two and writes one.
    struct StoredBatch {
        bytes32 root;
        uint32 total; // FTNS, rounded down
        uint48 drawn; // 1e-6 FTNS, each leaf rounded up
        uint48 earned; // 1e-6 FTNS, each leaf rounded down; what fees were noted for is taken off
        uint40 openAt; // seconds of time in which transfers are not restricted; 0 = ended
        uint16 acceptedDay; // protocol day
        uint8 followers; // bit k: ContributionKind k follows `M`
        uint64 multiplier; // `M` at acceptance (WAD)
        bytes31 signersHash; // the first 248 bits: who finds other signers with the same has broken keccak256
        uint8 needed; // signatures that a batch needed at acceptance, at most 32
    }

    mapping(uint256 number => StoredBatch) internal _batches;
    mapping(bytes32 root => uint256 number) internal _numberOf;
    /// @inheritdoc IBatchRewards
    address public rewardVesting;

    // Constructor

    constructor(IContributorRegistry registry, IVerifierStakes stakes) {
        if (address(registry).code.length == 0) revert NotAContract(address(registry));
        if (address(stakes).code.length == 0) revert NotAContract(address(stakes));
        (REGISTRY, STAKES) = (registry, stakes);
        (REWARD_POOL, TOKEN) = (registry.REWARD_POOL(), registry.TOKEN());
    }

    // Views

    /// @inheritdoc IBatchRewards
    function batchOf(uint256 number) external view returns (BatchView memory info) {
        StoredBatch memory stored = _known(number);
        info.root = stored.root;
        info.total = stored.total * WAD;
        info.drawn = stored.drawn * UNIT;
        info.feesOf = stored.earned * UNIT;
        info.released = _releasedOf(stored.total, stored.acceptedDay) * UNIT;
        info.acceptedDay = stored.acceptedDay;
        info.ended = stored.openAt == 0;
        if (stored.openAt == FROZEN) info.openAt = type(uint256).max;
        else if (!info.ended) info.openAt = stored.openAt + TOKEN.restrictedSeconds();
    }

    // Writes

    /// @inheritdoc IBatchRewards
    function endUnsigned(uint256 number, address[] calldata signers) external {
        StoredBatch memory stored = _known(number);
        if (stored.openAt == 0) revert Ended(number);
        bool allReleased = ProtocolTime.today() + 1 >= stored.acceptedDay + SPREAD_DAYS;
        if (allReleased && _unrestrictedTime() >= stored.openAt) revert AllReleased(number);
        if (_hashOf(signers) != stored.signersHash) revert OtherSigners(number);
        uint256 registered;
        for (uint256 i; i < signers.length; ++i) {
            if (REGISTRY.isVerifier(signers[i])) ++registered;
        }
        if (registered >= stored.needed) revert EnoughSigners(number, registered);
        // As long as no leaf of it has counted, the root may be signed again.
        if (stored.drawn == 0) delete _numberOf[stored.root];
        _end(number);
    }

    /// @inheritdoc IBatchRewards
    function noteFees(uint256 number, address[] calldata signers) external returns (uint256 reward) {
        // Check
        StoredBatch memory stored = _known(number);
        if (_hashOf(signers) != stored.signersHash) revert OtherSigners(number);
        reward = stored.earned * UNIT;
        if (reward == 0) revert NoLeafEarned(number);

        // Effect
        _batches[number].earned = 0;
        emit FeesNoted(number, reward);

        // Interaction
        STAKES.noteFees(signers, reward);
    }

    /// @inheritdoc IBatchRewards
    function freeze(uint256 number, address[] calldata signers)
        external
        onlyDirect(rewardVesting)
        returns (uint256 openAt)
    {
        StoredBatch memory stored = _known(number);
        openAt = stored.openAt;
        if (openAt == 0) revert Ended(number);
        if (_unrestrictedTime() >= openAt) revert OpenAlready(number);
        if (_hashOf(signers) != stored.signersHash) revert OtherSigners(number);
        _batches[number].openAt = FROZEN;
    }

    /// @inheritdoc IBatchRewards
    function thaw(uint256 number, uint256 openAt) external onlyDirect(rewardVesting) {
        // It may have been ended meanwhile.
        if (_known(number).openAt != FROZEN) return;
        if (openAt == 0) _end(number);
        // forge-lint: disable-next-line(unsafe-typecast)
        else _batches[number].openAt = uint40(openAt);
    }

    // Governance

    /// @inheritdoc IBatchRewards
    function setRewardVesting(address rewardVesting_) external restricted {
        _requireCode(rewardVesting_);
        rewardVesting = rewardVesting_;
        emit RewardVestingSet(rewardVesting_);
    }

    /// @inheritdoc IBatchRewards
    function end(uint256 number) external restricted {
        if (_known(number).openAt == 0) revert Ended(number);
        _end(number);
    }

    // Internals

    function _openBatch(uint256 number, uint256 time) internal view returns (StoredBatch storage batch) {
        batch = _batches[number];
        uint256 openAt = batch.openAt;
        if (openAt == 0) {
            if (batch.root == 0) revert UnknownBatch(number);
            revert Ended(number);
        }
        if (openAt == FROZEN) revert Challenged(number);
        if (time < openAt) revert NotOpen(number, openAt + (block.timestamp - time), block.timestamp);
    }

    /// @dev Counts a leaf of `value` that earned `scaledReward / WAD^2`. Rounded up against the batch, which loses less than 1e-6 FTNS, and
    /// down for its signers.
    function _draw(uint256 number, uint256 value, uint256 scaledReward) internal {
        StoredBatch storage batch = _batches[number];
        uint256 needed = Math.ceilDiv(Math.max(value, Math.ceilDiv(scaledReward, WAD * WAD)), UNIT);
        uint256 drawn = batch.drawn;
        uint256 left = Math.saturatingSub(_releasedOf(batch.total, batch.acceptedDay), drawn);
        if (needed > left) revert TotalDrawn(number, needed * UNIT, left * UNIT);
        // At most `total`, and what is earned at most what is drawn.
        // forge-lint: disable-start(unsafe-typecast)
        batch.drawn = uint48(drawn + needed);
        batch.earned += uint48(scaledReward / (WAD * WAD * UNIT));
        // forge-lint: disable-end(unsafe-typecast)
    }

    /// @dev What may be drawn up to today of `total` FTNS (1e-6 FTNS): a seventh more each day, rounded down.
    function _releasedOf(uint256 total, uint256 acceptedDay) internal view returns (uint256) {
        uint256 begun = ProtocolTime.today() - acceptedDay + 1;
        return total * UNITS_IN_ONE * Math.min(begun, SPREAD_DAYS) / SPREAD_DAYS;
    }

    function _end(uint256 number) internal {
        _batches[number].openAt = 0;
        emit BatchEnded(number);
    }

    function _hashOf(address[] memory signers) internal pure returns (bytes31) {
        return bytes31(keccak256(abi.encode(signers)));
    }

    function _known(uint256 number) internal view returns (StoredBatch memory batch) {
        batch = _batches[number];
        if (batch.root == 0) revert UnknownBatch(number);
    }

    /// @dev Seconds without those in which transfers were halted or recovery mode was on.
    function _unrestrictedTime() internal view returns (uint256) {
        return block.timestamp - TOKEN.restrictedSeconds();
    }
}
