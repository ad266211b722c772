// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IMultiplierSource} from "../interfaces/IMultiplierSource.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Purpose} from "../types/Purpose.sol";
import {Tier} from "../types/Tier.sol";
import {DailyBudget} from "./DailyBudget.sol";
import {VestingDebts} from "./VestingDebts.sol";

/// @title RewardPool
/// @notice Where demurrage flows in and rewards flow out.
///
/// THE LAW OF PAYMENT
/// 1. A reward: `earned = fromFunds + minted + deferred`, always.
///      fromFunds  what the pool holds, so that recycled fees are spent before anything is created;
///      minted     within what is left of the day's budget, which never reaches past the hard cap;
///      deferred   the rest. It waits in `claimable` and is paid as an old claim; nothing is lost.
///    One of a single proof above the threshold vests instead, as a whole (VestingDebts).
/// 2. Yield that does not fit stays owed by the vault; services that do not fit are not paid. Neither is a claim.
/// 3. What each purpose may be paid on a day is the business of DailyBudget, what an account may draw that of ClaimLedger.
/// 4. Rewards and claims count as activity of who is paid: it took work. Yield and services do not.
///
/// Every rounding is down and for the pool or the holders; nobody can be paid more than the formula gives.
contract RewardPool is DailyBudget, VestingDebts {
    using SafeERC20 for IFTNSToken;

    // Constants

    /// @dev The hard cap of the supply. With the bounds below it keeps `value * M * tierMultiplier` within 256 bits.
    uint256 public constant MAX_VALUE = 1_000_000_000e18;
    uint256 public constant MAX_TIER_MULTIPLIER = 3e18;
    /// @notice Between a first tier and what the largest proof may be worth by default.
    uint256 public constant MIN_VESTING_THRESHOLD = 100e18;
    uint256 public constant MAX_VESTING_THRESHOLD = 5_000e18;
    uint256 private constant TIER_MULTIPLIER_STEP = 1e9;
    uint256 private constant TIER_MULTIPLIER_BITS = 32;
    uint8 private constant KINDS = 8;
    /// @dev Stands for the kind in the event of a reward of leaves, which may be of several.
    uint8 private constant LEAVES = 255;

    // Storage

    /// @inheritdoc IRewardPool
    address public rewarder;
    /// @dev In the rewarder's slot: 32 bits each in 1e-9, BASIC lowest. 3.0 fits.
    uint96 private _tierMultipliers;
    /// @inheritdoc IRewardPool
    address public yieldPayer;
    /// @inheritdoc IRewardPool
    address public keeperPayer;

    // Constructor

    /// @param authority_ the access manager
    constructor(address authority_) AccessManaged(authority_) {
        _setTierMultipliers([uint256(0), 1e18, 1.3e18, 1.6e18]);
        _setVestingThreshold(1_000e18);
    }

    // Views

    /// @inheritdoc IRewardPool
    function tierMultipliers() external view returns (uint256[4] memory multipliers) {
        for (uint256 i = 1; i < 4; ++i) {
            multipliers[i] = _tierMultiplier(Tier(i));
        }
    }

    /// @inheritdoc IRewardPool
    function vestingThreshold() public view returns (uint256) {
        return _vestingAbove * WAD;
    }

    /// @inheritdoc IRewardPool
    function previewReward(uint8 kind, uint256 value, Tier tier)
        external
        view
        returns (uint256 earned, uint256 fromFunds, uint256 minted, uint256 deferred, uint256 vesting)
    {
        IFTNSToken token_ = _token();
        if (tier == Tier.NONE) return (0, 0, 0, 0, 0);
        earned = _rewardFor(value, tier, _multiplierOf(kind));
        if (_vests(earned)) return (earned, 0, 0, 0, earned);
        (fromFunds, minted) = _fit(_loadDayOfKnownBudget(token_), Purpose.CONTRIBUTIONS, earned, token_);
        deferred = earned - fromFunds - minted;
    }

    /// @inheritdoc IRewardPool
    function previewClaim(address account) external view returns (uint256 fromFunds, uint256 minted) {
        IFTNSToken token_ = _token();
        Today memory today = _loadToday(token_);
        return _fit(today, Purpose.CLAIMS, _drawable(account, today.day, _claimsPart(today, token_)), token_);
    }

    /// @inheritdoc IRewardPool
    function drawableToday(address account) external view returns (uint256) {
        IFTNSToken token_ = _token();
        Today memory today = _loadToday(token_);
        return _drawable(account, today.day, _claimsPart(today, token_));
    }

    // Writes

    /// @inheritdoc IRewardPool
    function reward(address account, uint8 kind, uint256 value, Tier tier)
        external
        onlyDirect(rewarder)
        returns (uint256 earned, uint256 deferred, uint256 vesting)
    {
        _token();
        if (tier == Tier.NONE) {
            _rewardNothing(account);
            return (0, 0, 0);
        }
        uint256 multiplier = _multiplierOf(kind);
        earned = _rewardFor(value, tier, multiplier);
        if (!_vests(earned)) {
            (, deferred) = _reward(account, kind, value, tier, multiplier, earned);
            return (earned, deferred, 0);
        }
        _requirePayable(account);
        _beginVesting(earned);
        emit RewardVests(account, tier, kind, value, multiplier, earned);
        return (earned, 0, earned);
    }

    /// @inheritdoc IRewardPool
    function rewardLeaves(address account, uint256 value, uint256 scaled, Tier tier)
        external
        onlyDirect(rewarder)
        returns (uint256 earned, uint256 deferred)
    {
        _token();
        uint256 multiplier = value == 0 ? 0 : scaled / value;
        if (multiplier < MIN_MULTIPLIER || multiplier > MAX_MULTIPLIER) {
            revert MultiplierOutOfBounds(multiplier, MIN_MULTIPLIER, MAX_MULTIPLIER);
        }
        if (value > MAX_VALUE) revert ValueOutOfBounds(value, MAX_VALUE);
        if (tier == Tier.NONE) return _rewardNothing(account);
        // Rounded down once, as `_rewardFor` does.
        return _reward(account, LEAVES, value, tier, multiplier, scaled * _tierMultiplier(tier) / (WAD * WAD));
    }

    /// @inheritdoc IRewardPool
    function payYield(address account, uint256 earned, uint256 recycled)
        external
        onlyDirect(yieldPayer)
        returns (uint256 unpaidEarned, uint256 unpaidRecycled)
    {
        // Check: the contributor's part comes first
        IFTNSToken token_ = _token();
        _requirePayable(account);
        Today memory today = _loadToday(token_);
        (uint256 inAll, uint256 ofFunds) = _roomFor(today, Purpose.YIELD, earned + recycled, token_);
        uint256 fromFunds = Math.min(earned, ofFunds);
        uint256 minted;
        uint256 recycledNow;
        unchecked {
            // Each is at most what it is taken from, and `ofFunds` at most `inAll`.
            minted = Math.min(earned, inAll) - fromFunds;
            recycledNow = Math.min(recycled, ofFunds - fromFunds);
            unpaidEarned = earned - fromFunds - minted;
            unpaidRecycled = recycled - recycledNow;
        }

        // Effect
        _count(today, Purpose.YIELD, fromFunds + recycledNow, minted);
        emit YieldPaid(account, fromFunds, minted, recycledNow, unpaidEarned, unpaidRecycled);

        // Interaction
        if (fromFunds + recycledNow != 0) token_.safeTransfer(account, fromFunds + recycledNow);
        if (minted != 0) token_.mint(account, minted);
    }

    /// @inheritdoc IRewardPool
    function payKeeper(address account, uint256 amount) external onlyDirect(keeperPayer) returns (uint256 paid) {
        // Check
        IFTNSToken token_ = _token();
        _requirePayable(account);
        Today memory today = _loadToday(token_);
        (, uint256 ofFunds) = _roomFor(today, Purpose.SERVICES, amount, token_);
        paid = Math.min(amount, ofFunds);

        // Effect
        _count(today, Purpose.SERVICES, paid, 0);
        emit KeeperPaid(account, paid);

        // Interaction
        if (paid != 0) token_.safeTransfer(account, paid);
    }

    /// @inheritdoc IRewardPool
    function claim() external returns (uint256 paid) {
        return _claim(msg.sender);
    }

    /// @inheritdoc IRewardPool
    function claimFor(address account, uint256 deadline, bytes calldata signature) external returns (uint256 paid) {
        _useClaimSignature(account, deadline, signature);
        return _claim(account);
    }

    // Governance

    /// @inheritdoc IRewardPool
    function initialize(IFTNSToken token_, IMultiplierSource multiplierSource_) external restricted {
        if (address(token) != address(0)) revert AlreadyInitialized();
        if (address(token_).code.length == 0) revert NotAContract(address(token_));
        address pool = token_.REWARD_POOL();
        if (pool != address(this)) revert PoolOfAnotherToken(token_, pool);
        _setToken(token_);
        _setMultiplierSource(multiplierSource_);
        emit Initialized(token_, multiplierSource_);
    }

    /// @inheritdoc IRewardPool
    function setRewarder(address rewarder_) external restricted {
        _requireCode(rewarder_);
        rewarder = rewarder_;
        emit RewarderSet(rewarder_);
    }

    /// @inheritdoc IRewardPool
    function setYieldPayer(address yieldPayer_) external restricted {
        _requireCode(yieldPayer_);
        yieldPayer = yieldPayer_;
        emit YieldPayerSet(yieldPayer_);
    }

    /// @inheritdoc IRewardPool
    function setKeeperPayer(address keeperPayer_) external restricted {
        _requireCode(keeperPayer_);
        keeperPayer = keeperPayer_;
        emit KeeperPayerSet(keeperPayer_);
    }

    /// @inheritdoc IRewardPool
    function setMultiplierSource(IMultiplierSource multiplierSource_) external restricted {
        _setMultiplierSource(multiplierSource_);
        emit MultiplierSourceChanged(multiplierSource_);
    }

    /// @inheritdoc IRewardPool
    function setTierMultipliers(uint256[4] calldata multipliers) external restricted {
        _setTierMultipliers(multipliers);
    }

    /// @inheritdoc IRewardPool
    function setEmissionShare(uint256 share) external restricted {
        _setEmissionShare(share);
    }

    /// @inheritdoc IRewardPool
    function setVestingThreshold(uint256 threshold) external restricted {
        _setVestingThreshold(threshold);
    }

    /// @inheritdoc IRewardPool
    function setShares(uint256 yieldShare, uint256 claimsShare, uint256 servicesShare) external restricted {
        _setShares(yieldShare, claimsShare, servicesShare);
    }

    // Internals

    function _rewardNothing(address account) private view returns (uint256, uint256) {
        _requirePayable(account);
        return (0, 0);
    }

    function _reward(address account, uint8 kind, uint256 value, Tier tier, uint256 multiplier, uint256 earned)
        private
        returns (uint256, uint256 deferred)
    {
        // Check
        IFTNSToken token_ = _token();
        _requirePayable(account);
        Today memory today = _loadDayOfKnownBudget(token_);
        (uint256 fromFunds, uint256 minted) = _fit(today, Purpose.CONTRIBUTIONS, earned, token_);
        deferred = earned - fromFunds - minted;

        // Effect
        _defer(account, deferred);
        _count(today, Purpose.CONTRIBUTIONS, fromFunds, minted);
        emit RewardPaid(account, tier, kind, value, multiplier, earned, fromFunds, minted, deferred);

        // Interaction
        if (fromFunds + minted != 0) token_.payReward(account, fromFunds, minted);
        return (earned, deferred);
    }

    function _claim(address account) private returns (uint256 paid) {
        // Check
        IFTNSToken token_ = _token();
        uint256 owed = claimable(account);
        if (owed == 0) revert NothingToClaim(account);
        Today memory today = _loadToday(token_);
        uint256 share = _claimsPart(today, token_);
        uint256 drawable = _drawable(account, today.day, share);
        (uint256 fromFunds, uint256 minted) = _fit(today, Purpose.CLAIMS, drawable, token_);
        paid = fromFunds + minted;
        if (paid == 0) revert NothingPayableNow(account, owed, _retryAt(today, drawable));

        // Effect
        uint256 remaining = _draw(account, paid, today.day, share);
        _count(today, Purpose.CLAIMS, fromFunds, minted);
        emit Claimed(account, fromFunds, minted, remaining);

        // Interaction
        token_.payReward(account, fromFunds, minted);
    }

    /// @dev The claims' share of the day's means, as far as they are known now.
    function _claimsPart(Today memory today, IFTNSToken token_) private view returns (uint256 part) {
        (, part,) = _partsOf(_meansOf(today, _emissionNow(today, token_)), today.shares);
    }

    /// @dev Whoever may still draw today may find more when the shares open.
    function _retryAt(Today memory today, uint256 drawable) private pure returns (uint256) {
        if (drawable == 0 || today.openToAll) return ProtocolTime.startOf(today.day + 1);
        return _openToAllAt(today.day);
    }

    function _loadDayOfKnownBudget(IFTNSToken token_) private view returns (Today memory today) {
        today = _loadToday(token_);
        if (!today.known) revert MultiplierUnreadable(multiplierSource);
    }

    function _multiplierOf(uint8 kind) private view returns (uint256) {
        if (kind >= KINDS) revert UnknownKind(kind);
        return _multiplierFor(kind);
    }

    /// @dev Rounded down once, at the end: the pool gains less than one wei.
    function _rewardFor(uint256 value, Tier tier, uint256 multiplier) private view returns (uint256) {
        if (value > MAX_VALUE) revert ValueOutOfBounds(value, MAX_VALUE);
        return value * multiplier * _tierMultiplier(tier) / (WAD * WAD);
    }

    /// @dev Of BASIC or higher.
    function _tierMultiplier(Tier tier) private view returns (uint256) {
        return uint256(uint32(_tierMultipliers >> ((uint256(tier) - 1) * TIER_MULTIPLIER_BITS))) * TIER_MULTIPLIER_STEP;
    }

    /// @dev A payment to the pool itself would count as means and never leave.
    function _requirePayable(address account) private view {
        if (account == address(0)) revert ZeroAccount();
        if (account == address(this)) revert PoolCannotBePaid();
    }

    /// @dev Where there is nobody who says what has vested, nothing vests.
    function _vests(uint256 earned) private view returns (bool) {
        return earned > vestingThreshold() && vester != address(0);
    }

    function _setVestingThreshold(uint256 threshold) private {
        if (threshold < MIN_VESTING_THRESHOLD || threshold > MAX_VESTING_THRESHOLD) {
            revert VestingThresholdOutOfBounds(threshold, MIN_VESTING_THRESHOLD, MAX_VESTING_THRESHOLD);
        }
        if (threshold % WAD != 0) revert VestingThresholdTooFine(threshold, WAD);
        _vestingAbove = uint32(threshold / WAD);
        emit VestingThresholdChanged(threshold);
    }

    function _setTierMultipliers(uint256[4] memory multipliers) private {
        if (multipliers[0] != 0) revert NoneMustEarnNothing(multipliers[0]);
        uint256 packed;
        for (uint256 i = 1; i < 4; ++i) {
            Tier tier = Tier(i);
            uint256 multiplier = multipliers[i];
            if (multiplier > MAX_TIER_MULTIPLIER) {
                revert TierMultiplierOutOfBounds(tier, multiplier, MAX_TIER_MULTIPLIER);
            }
            if (multiplier < multipliers[i - 1]) {
                revert TierMultipliersNotAscending(tier, multiplier, multipliers[i - 1]);
            }
            if (multiplier % TIER_MULTIPLIER_STEP != 0) {
                revert TierMultiplierTooFine(tier, multiplier, TIER_MULTIPLIER_STEP);
            }
            packed |= (multiplier / TIER_MULTIPLIER_STEP) << ((i - 1) * TIER_MULTIPLIER_BITS);
        }
        _tierMultipliers = uint96(packed);
        emit TierMultipliersChanged(multipliers);
    }
}
