// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IStakingVault, StakeView} from "../interfaces/IStakingVault.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";
import {PendingExits} from "./PendingExits.sol";
import {StakedVotes} from "./StakedVotes.sol";
import {StakeLocks} from "./StakeLocks.sol";
import {StakeWord} from "./StakeWord.sol";
import {StakingYield} from "./StakingYield.sol";
import {Standing} from "./Standing.sol";

/// @title StakingVault
/// @notice Holds stakes, counts their votes, and works out what they earn.
///
/// THE LAW OF THE STAKES
/// 1. All principal is in the vault: its balance is at least `totalStaked + totalPending + totalSetAside`. The vault pays out
///    nothing else; yield comes from the reward pool, to the account and not to the stake.
/// 2. What is staked earns and votes, locked or not (see StakeLocks). What is on its way out does neither, and is charged
///    (see PendingExits).
/// 3. Yield is a function of time (see StakingYield). Settling records it. How often and when that is done
///    changes the yield by rounding alone: less than 1 wei a settlement, which the pool gains.
/// 4. A stake is settled before anything about it changes, at the numbers that held until then.
/// 5. Leaving depends on no other contract but the token. `requestUnstakeForfeiting`, `withdraw` and `settleExit` call the token
///    alone, for which this vault is exempt from halts. So neither a failing controller, registry or pool, nor a pause of
///    rewards, nor a halt keeps a stake in; nor does any of them stop a slash.
/// 6. The silent staker's stake earns like any other, and never votes: it is in no count of votes.
contract StakingVault is StakingYield, StakeLocks, StakedVotes {
    using SafeERC20 for IFTNSToken;
    using StakeWord for uint256;
    using Standing for uint256;

    // Constants

    /// @dev A slash gives up the yield of its stake only if it can't be worked out with so much gas. A past of 1,000 changes of
    /// `M` below the limit takes less.
    uint256 public constant SETTLEMENT_GAS = 3_000_000;

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

    mapping(address account => Stake) private _stakes;
    mapping(address account => Unpaid) private _unpaid;
    /// @inheritdoc IStakingVault
    IContributorRegistry public registrar;
    /// @inheritdoc IStakingVault
    address public silentStaker;

    // Constructor

    constructor(address authority_, IFTNSToken token, IRewardPool pool, IContributorRegistry registry)
        AccessManaged(authority_)
        EIP712("FTNS StakingVault", "1")
        PendingExits(token, pool)
    {
        _setRegistrar(registry);
    }

    // Views

    /// @inheritdoc IStakingVault
    function stakeOf(address account) external view returns (StakeView memory info) {
        uint256 word = _stakes[account].word;
        uint256 standing = word.standingOf();
        Exit memory exit = _exitOf(account);
        info.staked = word.stakedOf();
        info.locked = lockedOf[account];
        info.pending = exit.amount;
        info.readyAt = exit.readyAt;
        info.chargedThrough = exit.chargedThrough;
        (info.earned, info.recycled) = yieldOf(account);
        info.cover = word.coverOf();
        uint256 today = ProtocolTime.today();
        (uint256 tier, uint256 commitments,) = standing.on(today);
        info.tier = Tier(tier);
        info.commitments = commitments;
        info.schedule = standing.scheduleOf(today);
        info.commitmentThrough = standing.commitmentsOf(today);
        info.settledAt = word.settledAtOf();
    }

    /// @inheritdoc IStakingVault
    function stakedOf(address account) external view returns (uint256) {
        return _stakedBy(account);
    }

    /// @inheritdoc IStakingVault
    function yieldOf(address account) public view returns (uint256 earned, uint256 recycled) {
        uint256 word = _stakes[account].word;
        if (word.stakedOf() != 0) (earned, recycled) = _yield(word, block.timestamp);
        if (word.hasUnpaid()) {
            Unpaid memory unpaid = _unpaid[account];
            (earned, recycled) = (earned + unpaid.earned, recycled + unpaid.recycled);
        }
    }

    /// @inheritdoc IStakingVault
    function totalStaked() external view returns (uint256) {
        return _getTotalSupply() + _stakedBy(silentStaker);
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
        _moveToExit(msg.sender, _settleWord(msg.sender, word, block.timestamp), amount);
    }

    /// @inheritdoc IStakingVault
    function requestUnstakeForfeiting(uint256 amount) external {
        uint256 word = _checkedStake(msg.sender, amount);
        emit YieldForfeited(msg.sender, word.settledAtOf());
        _moveToExit(msg.sender, word.withSettledAt(block.timestamp), amount);
    }

    /// @inheritdoc IStakingVault
    function cancelUnstake() external {
        (uint256 amount, uint256 fee) = _takeExit(msg.sender);
        _addStake(msg.sender, amount);
        emit UnstakeCancelled(msg.sender, amount);
        _payFee(fee);
    }

    /// @inheritdoc IStakingVault
    function claim() external returns (uint256 earned, uint256 recycled, uint256 unpaidEarned, uint256 unpaidRecycled) {
        // Check
        Stake storage position = _stakes[msg.sender];
        uint256 word = position.word;
        (earned, recycled) = yieldOf(msg.sender);
        if (earned | recycled == 0) revert NothingToClaim(msg.sender);

        // Effect
        if (word.hasUnpaid()) delete _unpaid[msg.sender];
        if (word.stakedOf() != 0) word = word.withSettledAt(block.timestamp);
        position.word = word.withUnpaid(false);

        // Interaction
        (unpaidEarned, unpaidRecycled) = REWARD_POOL.payYield(msg.sender, earned, recycled);

        // Effect: only the pool knows its means. It and the token are the protocol's own and call no one back.
        if (unpaidEarned | unpaidRecycled == 0) return (earned, recycled, 0, 0);
        if (unpaidEarned + unpaidRecycled == earned + recycled) revert NothingPayableNow(earned, recycled);
        _unpaid[msg.sender] = Unpaid(uint128(unpaidEarned), uint128(unpaidRecycled));
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
    function setStanding(address account, TierSchedule calldata schedule, uint256 commitmentDays, uint256 cover)
        external
        onlyDirect(address(registrar))
    {
        Stake storage position = _stakes[account];
        uint256 word = position.word;
        if (word.stakedOf() == 0) return;
        uint256 today = ProtocolTime.today();
        uint256 standing = Standing.pack(schedule, commitmentDays, today);
        if (word.withStanding(standing, cover) == word) return;

        word = _settleWord(account, word, block.timestamp).withStanding(standing, cover);
        position.word = word;
        emit StandingSet(account, standing.scheduleOf(today), standing.commitmentsOf(today), word.coverOf());
    }

    // Governance

    /// @inheritdoc IStakingVault
    function setUnstakeDelay(uint256 delaySec) external restricted {
        _setUnstakeDelay(delaySec);
    }

    /// @inheritdoc IStakingVault
    function setRegistrar(IContributorRegistry registry) external restricted {
        _setRegistrar(registry);
    }

    /// @inheritdoc IStakingVault
    function setSilentStaker(address account) external restricted {
        if (account.code.length == 0) revert NotAContract(account);
        _silence(silentStaker, false);
        _silence(account, true);
        silentStaker = account;
        emit SilentStakerSet(account);
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
            (TierSchedule memory schedule, uint256 commitmentDays, uint256 cover) = registrar.standingOf(account);
            uint256 standing = Standing.pack(schedule, commitmentDays, ProtocolTime.today());
            word = word.withStanding(standing, cover).withSettledAt(block.timestamp);
        } else {
            word = _settleWord(account, word, block.timestamp);
        }
        position.word = word.withStaked(staked + amount);
        if (!word.isSilent()) _addVotes(_voterOf(account, word), amount);
    }

    /// @dev The word of `account`, of whose stake `amount` can leave.
    function _checkedStake(address account, uint256 amount) private view returns (uint256 word) {
        if (amount == 0) revert ZeroAmount();
        _checkUnlocked(account, amount);
        word = _stakes[account].word;
    }

    /// @dev `word` is settled, or its yield given up.
    function _moveToExit(address account, uint256 word, uint256 amount) private {
        _reduceStake(account, word, amount);
        uint256 fee = _addToExit(account, amount);
        _payFee(fee);
    }

    function _reduceStake(address account, uint256 word, uint256 amount) private {
        _stakes[account].word = word.withStaked(word.stakedOf() - amount);
        if (!word.isSilent()) _takeVotes(_voterOf(account, word), amount);
    }

    /// @dev Settles the stake first. If that fails, as it does while the source of `M` does, the yield since the last settlement
    /// is given up, so that nobody escapes a slash. Whoever sends it can't bring that about with too little gas.
    function _removeStake(address owner, uint256 amount) internal override {
        uint256 word = _stakes[owner].word;
        uint256 gas = gasleft();
        try this.yieldOf(owner) returns (uint256 earned, uint256 recycled) {
            if (earned | recycled != 0) {
                _unpaid[owner] = Unpaid(uint128(earned), uint128(recycled));
                word = word.withUnpaid(true);
            }
        } catch {
            if (gas < SETTLEMENT_GAS) revert TooLittleGas(gas, SETTLEMENT_GAS);
            emit YieldForfeited(owner, word.settledAtOf());
        }
        _reduceStake(owner, word.withSettledAt(block.timestamp), amount);
    }

    function _settleThrough(address account, uint256 time) private {
        Stake storage position = _stakes[account];
        uint256 word = position.word;
        if (word.stakedOf() != 0) position.word = _settleWord(account, word, time);
    }

    /// @dev `word` settled through `time`; the yield is written down, the word is for the caller to store.
    function _settleWord(address account, uint256 word, uint256 time) private returns (uint256) {
        (uint256 earned, uint256 recycled) = _yield(word, time);
        word = word.withSettledAt(time);
        if (earned + recycled == 0) return word;
        Unpaid storage unpaid = _unpaid[account];
        (unpaid.earned, unpaid.recycled) = (unpaid.earned + uint128(earned), unpaid.recycled + uint128(recycled));
        return word.withUnpaid(true);
    }

    function _setRegistrar(IContributorRegistry registry) private {
        if (address(registry).code.length == 0) revert NotAContract(address(registry));
        registrar = registry;
        emit RegistrarSet(registry);
    }

    /// @dev Votes are counted when a stake comes and goes, so an account becomes silent, or ceases to be, without one.
    function _silence(address account, bool silent) private {
        uint256 word = _stakes[account].word;
        uint256 pending = _exitOf(account).amount;
        if (word.stakedOf() | pending != 0) revert StakerNotEmpty(account, word.stakedOf(), pending);
        _stakes[account].word = word.withSilent(silent);
    }

    /// @dev The silent staker has no votes to give.
    function _delegate(address account, address delegatee) internal override {
        Stake storage position = _stakes[account];
        uint256 word = position.word;
        if (word.isSilent()) revert SilentStakerCannotDelegate(account);
        if (!word.hasDelegate()) position.word = word | StakeWord.DELEGATE_FLAG;
        super._delegate(account, delegatee);
    }

    /// @dev Who has the votes of `account`, whose word is `word`.
    function _voterOf(address account, uint256 word) private view returns (address) {
        return word.hasDelegate() ? delegates(account) : account;
    }

    function _stakedBy(address account) internal view override returns (uint256) {
        return _stakes[account].word.stakedOf();
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        uint256 word = _stakes[account].word;
        return word.isSilent() ? 0 : word.stakedOf();
    }
}
