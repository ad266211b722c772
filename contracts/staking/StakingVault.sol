// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IMultiplierHistory} from "../interfaces/IMultiplierHistory.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IStakingVault, StakeView} from "../interfaces/IStakingVault.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";
import {StakedVotes} from "./StakedVotes.sol";
import {StakeWord} from "./StakeWord.sol";
import {StakingYield} from "./StakingYield.sol";
import {Standing} from "./Standing.sol";

/// @title StakingVault
/// @notice Holds stakes, counts their votes, and works out what they earn.
///
/// THE LAW OF THE STAKES
/// 1. All principal is in the vault: its balance is at least `totalStaked + totalPending`. The vault pays out nothing else;
///    yield comes from the reward pool, to the account and not to the stake.
/// 2. What is staked earns and votes. What is pending does neither.
/// 3. Yield is a function of time (see StakingYield). Settling records it. How often and when that is done
///    changes the yield by rounding alone: less than 1 wei a settlement, which the pool gains.
/// 4. A stake is settled before anything about it changes, at the numbers that held until then.
/// 5. Leaving depends on no other contract but the token. `withdraw` calls the token alone, for which this vault is exempt
///    from halts; `requestUnstakeForfeiting` calls no contract. So neither a failing controller, registry or pool, nor a
///    pause of rewards, nor a halt keeps a stake in.
contract StakingVault is StakingYield, StakedVotes {
    using SafeERC20 for IFTNSToken;
    using StakeWord for uint256;
    using Standing for uint256;

    // Constants

    uint256 public constant MIN_UNSTAKE_DELAY = 1 days;
    uint256 public constant MAX_UNSTAKE_DELAY = 14 days;

    // Immutables

    /// @inheritdoc IStakingVault
    IFTNSToken public immutable TOKEN;
    /// @inheritdoc IStakingVault
    IRewardPool public immutable REWARD_POOL;
    /// @inheritdoc IStakingVault
    IContributorRegistry public immutable REGISTRY;

    // Storage

    /// @dev See StakeWord.
    struct Stake {
        uint256 word;
    }

    /// @dev One slot. Yield that was written down; the supply cap and the limit of the rate keep it far below 128 bits.
    struct Unpaid {
        uint128 earned; // at tier BASIC or higher
        uint128 recycled; // at tier NONE
    }

    /// @dev One slot. One pending amount for each account, whose time starts again with each request: so no list has to be
    /// walked, and only the account itself can delay its withdrawal.
    struct Pending {
        uint96 amount;
        uint40 readyAt; // seconds
    }

    mapping(address account => Stake) private _stakes;
    mapping(address account => Unpaid) private _unpaid;
    mapping(address account => Pending) private _pending;
    uint96 private _totalPending;
    uint32 private _unstakeDelay; // seconds

    // Constructor

    constructor(
        address authority_,
        IFTNSToken token,
        IRewardPool pool,
        IContributorRegistry registry,
        IMultiplierHistory multiplierSource
    )
        AccessManaged(authority_)
        EIP712("FTNS StakingVault", "1")
        StakingYield(multiplierSource)
    {
        if (address(token).code.length == 0) revert NotAContract(address(token));
        if (address(pool).code.length == 0) revert NotAContract(address(pool));
        if (address(registry).code.length == 0) revert NotAContract(address(registry));
        TOKEN = token;
        REWARD_POOL = pool;
        REGISTRY = registry;
        _setUnstakeDelay(7 days);
    }

    // Views

    /// @inheritdoc IStakingVault
    function stakeOf(address account) external view returns (StakeView memory info) {
        uint256 word = _stakes[account].word;
        uint256 standing = word.standingOf();
        Pending memory pending = _pending[account];
        info.staked = word.stakedOf();
        info.pending = pending.amount;
        info.readyAt = pending.readyAt;
        (info.earned, info.recycled) = _yieldUntilNow(account, word);
        (uint256 tier, uint256 commitments,) = standing.on(ProtocolTime.today());
        info.tier = Tier(tier);
        info.commitments = commitments;
        info.schedule = standing.scheduleOf();
        info.commitmentThrough = standing.commitmentsOf();
        info.settledAt = word.settledAtOf();
    }

    /// @inheritdoc IStakingVault
    function stakedOf(address account) external view returns (uint256) {
        return _getVotingUnits(account);
    }

    /// @inheritdoc IStakingVault
    function yieldOf(address account) external view returns (uint256 earned, uint256 recycled) {
        return _yieldUntilNow(account, _stakes[account].word);
    }

    /// @inheritdoc IStakingVault
    function totalStaked() external view returns (uint256) {
        return _getTotalSupply();
    }

    /// @inheritdoc IStakingVault
    function totalPending() external view returns (uint256) {
        return _totalPending;
    }

    /// @inheritdoc IStakingVault
    function unstakeDelay() external view returns (uint256) {
        return _unstakeDelay;
    }

    // Writes

    /// @inheritdoc IStakingVault
    function stake(uint256 amount) external {
        _stake(msg.sender, amount);
    }

    /// @inheritdoc IStakingVault
    function stakeWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        // Anyone may have sent the permit already, and then it fails here while the allowance is as it should be. Without an
        // allowance the transfer says so.
        try IERC20Permit(address(TOKEN)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _stake(msg.sender, amount);
    }

    /// @inheritdoc IStakingVault
    function requestUnstake(uint256 amount) external {
        uint256 word = _checkedStake(msg.sender, amount);
        _moveToPending(msg.sender, _settleWord(msg.sender, word, block.timestamp), amount);
    }

    /// @inheritdoc IStakingVault
    function requestUnstakeForfeiting(uint256 amount) external {
        uint256 word = _checkedStake(msg.sender, amount);
        emit YieldForfeited(msg.sender, word.settledAtOf());
        _moveToPending(msg.sender, word.withSettledAt(block.timestamp), amount);
    }

    /// @inheritdoc IStakingVault
    function cancelUnstake() external {
        // Check
        uint256 amount = _pending[msg.sender].amount;
        if (amount == 0) revert NothingPending(msg.sender);

        // Effect
        delete _pending[msg.sender];
        _totalPending -= uint96(amount);
        _addStake(msg.sender, amount);
        emit UnstakeCancelled(msg.sender, amount);
    }

    /// @inheritdoc IStakingVault
    function withdraw() external returns (uint256 amount) {
        // Check
        Pending memory pending = _pending[msg.sender];
        amount = pending.amount;
        if (amount == 0) revert NothingPending(msg.sender);
        if (block.timestamp < pending.readyAt) revert NotReady(pending.readyAt, block.timestamp);

        // Effect
        delete _pending[msg.sender];
        _totalPending -= uint96(amount);
        emit Withdrawn(msg.sender, amount);

        // Interaction
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IStakingVault
    function claim() external returns (uint256 earned, uint256 recycled, uint256 unpaid) {
        // Check
        Stake storage position = _stakes[msg.sender];
        uint256 word = position.word;
        (earned, recycled) = _yieldUntilNow(msg.sender, word);
        if (earned | recycled == 0) revert NothingToClaim(msg.sender);

        // Effect
        if (word.hasUnpaid()) delete _unpaid[msg.sender];
        if (word.stakedOf() != 0) word = word.withSettledAt(block.timestamp);
        position.word = word.withUnpaid(false);

        // Interaction
        unpaid = REWARD_POOL.payYield(msg.sender, earned, recycled);

        // Effect: only the pool knows its funds. It and the token are the protocol's own and call no one back.
        if (unpaid == 0) return (earned, recycled, 0);
        if (unpaid == earned + recycled) revert PoolHasNoFunds(recycled);
        _unpaid[msg.sender].recycled += uint128(unpaid);
        position.word |= StakeWord.UNPAID_FLAG;
    }

    /// @inheritdoc IStakingVault
    function settle(address account) external {
        _settleThrough(account, block.timestamp);
    }

    /// @inheritdoc IStakingVault
    function settleThrough(address account, uint256 time) external {
        uint256 settledAt = _stakes[account].word.settledAtOf();
        if (time < settledAt || time > block.timestamp) revert SettleTimeOutOfBounds(time, settledAt, block.timestamp);
        _settleThrough(account, time);
    }

    /// @inheritdoc IStakingVault
    function setStanding(address account, TierSchedule calldata schedule, uint256 lastDays) external restricted {
        Stake storage position = _stakes[account];
        uint256 word = position.word;
        if (word.stakedOf() == 0) return;
        uint256 standing = Standing.pack(schedule, lastDays);
        if (standing == word.standingOf()) return;

        position.word = _settleWord(account, word, block.timestamp).withStanding(standing);
        emit StandingSet(account, schedule, standing.commitmentsOf());
    }

    // Governance

    /// @inheritdoc IStakingVault
    function setUnstakeDelay(uint256 delaySec) external restricted {
        _setUnstakeDelay(delaySec);
    }

    // Internals

    function _stake(address account, uint256 amount) private {
        // Check
        if (amount == 0) revert ZeroAmount();

        // Effect
        _addStake(account, amount);
        emit Staked(account, amount);

        // Interaction: an account with less than `amount` is refused here, which undoes everything above.
        TOKEN.safeTransferFrom(account, address(this), amount);
    }

    /// @dev `amount` earns and votes from now on. A first stake has no past, but needs its standing.
    function _addStake(address account, uint256 amount) private {
        Stake storage position = _stakes[account];
        uint256 word = position.word;
        uint256 staked = word.stakedOf();
        if (staked == 0) {
            (TierSchedule memory schedule, uint256 lastDays) = REGISTRY.daysOf(account);
            word = word.withStanding(Standing.pack(schedule, lastDays)).withSettledAt(block.timestamp);
        } else {
            word = _settleWord(account, word, block.timestamp);
        }
        position.word = word.withStaked(staked + amount);
        _transferVotingUnits(address(0), account, amount);
    }

    /// @dev The word of `account`, which has staked at least `amount`.
    function _checkedStake(address account, uint256 amount) private view returns (uint256 word) {
        if (amount == 0) revert ZeroAmount();
        word = _stakes[account].word;
        uint256 staked = word.stakedOf();
        if (amount > staked) revert InsufficientStake(account, staked, amount);
    }

    /// @dev `word` is settled, or its yield given up.
    function _moveToPending(address account, uint256 word, uint256 amount) private {
        uint256 pending = _pending[account].amount + amount;
        uint256 readyAt = block.timestamp + _unstakeDelay;
        _stakes[account].word = word.withStaked(word.stakedOf() - amount);
        _pending[account] = Pending(uint96(pending), uint40(readyAt));
        _totalPending += uint96(amount);
        _transferVotingUnits(account, address(0), amount);
        emit UnstakeRequested(account, amount, pending, readyAt);
    }

    function _settleThrough(address account, uint256 time) private {
        Stake storage position = _stakes[account];
        uint256 word = position.word;
        if (word.stakedOf() != 0) position.word = _settleWord(account, word, time);
    }

    /// @dev `word` settled through `time`; the yield is written down, the word is for the caller to store.
    function _settleWord(address account, uint256 word, uint256 time) private returns (uint256) {
        (uint256 earned, uint256 recycled) = _yield(word.stakedOf(), word.standingOf(), word.settledAtOf(), time);
        word = word.withSettledAt(time);
        if (earned + recycled == 0) return word;
        Unpaid storage unpaid = _unpaid[account];
        (unpaid.earned, unpaid.recycled) = (unpaid.earned + uint128(earned), unpaid.recycled + uint128(recycled));
        return word.withUnpaid(true);
    }

    function _yieldUntilNow(address account, uint256 word) private view returns (uint256 earned, uint256 recycled) {
        uint256 staked = word.stakedOf();
        if (staked != 0) (earned, recycled) = _yield(staked, word.standingOf(), word.settledAtOf(), block.timestamp);
        if (word.hasUnpaid()) {
            Unpaid memory unpaid = _unpaid[account];
            (earned, recycled) = (earned + unpaid.earned, recycled + unpaid.recycled);
        }
    }

    function _setUnstakeDelay(uint256 delaySec) private {
        if (delaySec < MIN_UNSTAKE_DELAY || delaySec > MAX_UNSTAKE_DELAY) {
            revert UnstakeDelayOutOfBounds(delaySec, MIN_UNSTAKE_DELAY, MAX_UNSTAKE_DELAY);
        }
        _unstakeDelay = uint32(delaySec);
        emit UnstakeDelayChanged(delaySec);
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return _stakes[account].word.stakedOf();
    }
}
