// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IMultiplierSource} from "../interfaces/IMultiplierSource.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier} from "../types/Tier.sol";

/// @title RewardPool
/// @notice Where demurrage flows in and rewards flow out.
///
/// The law of payment: `earned = fromFunds + minted + deferred`, always.
///   fromFunds  what the pool holds, so that recycled fees are spent before anything is created;
///   minted     within what is left of the day's budget, which never reaches past the hard cap;
///   deferred   the rest. It waits in `claimable`, owed but not set aside: later funds and budgets pay whoever asks first.
///
/// Every rounding is down and for the pool or the holders; nobody can be paid more than the formula gives.
contract RewardPool is IRewardPool, AccessManaged {
    using SafeERC20 for IFTNSToken;

    // Constants

    uint256 private constant WAD = 1e18;
    /// @dev The hard cap of the supply. With the bounds below it keeps `value * M * tierMultiplier` within 256 bits.
    uint256 public constant MAX_VALUE = 1_000_000_000e18;
    /// @dev The range that the supply controller keeps `M` in. A source outside it is broken or captured.
    uint256 public constant MIN_MULTIPLIER = 0.1e18;
    uint256 public constant MAX_MULTIPLIER = 10e18;
    uint256 public constant MAX_TIER_MULTIPLIER = 3e18;
    uint256 public constant MAX_EMISSION_SHARE = 0.01e18; // 1 % of the supply a day

    // Storage

    /// @dev One slot. The budget of a day is fixed by its first mint; 1 % of the hard cap fits 88 bits.
    struct Emission {
        uint16 day; // protocol day of `budget` and `minted`
        uint88 budget; // FTNS
        uint88 minted; // FTNS
        uint64 share; // WAD, of the total supply
    }

    /// @inheritdoc IRewardPool
    IFTNSToken public token;
    /// @inheritdoc IRewardPool
    IMultiplierSource public multiplierSource;
    /// @inheritdoc IRewardPool
    uint256 public totalClaimable;
    /// @inheritdoc IRewardPool
    mapping(address account => uint256) public claimable;
    Emission private _emission;
    uint64[4] private _tierMultipliers; // WAD, by Tier

    // Constructor

    constructor(address authority_) AccessManaged(authority_) {
        _setTierMultipliers([uint256(0), 1e18, 1.3e18, 1.6e18]);
        _setEmissionShare(0.001e18);
    }

    // Views

    /// @inheritdoc IRewardPool
    function tierMultipliers() external view returns (uint256[4] memory multipliers) {
        for (uint256 i; i < 4; ++i) {
            multipliers[i] = _tierMultipliers[i];
        }
    }

    /// @inheritdoc IRewardPool
    function emissionShare() external view returns (uint256) {
        return _emission.share;
    }

    /// @inheritdoc IRewardPool
    function budgetLeft() external view returns (uint256) {
        return _budgetLeft(_emissionToday(), _token());
    }

    /// @inheritdoc IRewardPool
    function previewReward(uint256 value, Tier tier)
        external
        view
        returns (uint256 earned, uint256 fromFunds, uint256 minted, uint256 deferred)
    {
        if (tier == Tier.NONE) return (0, 0, 0, 0);
        earned = _rewardFor(value, tier, _multiplier());
        (fromFunds, minted) = _payableNow(earned, _emissionToday(), _token());
        deferred = earned - fromFunds - minted;
    }

    // Writes

    /// @inheritdoc IRewardPool
    function reward(address account, uint256 value, Tier tier)
        external
        restricted
        returns (uint256 earned, uint256 deferred)
    {
        // Check
        IFTNSToken token_ = _token();
        if (account == address(0)) revert ZeroAccount();
        if (tier == Tier.NONE) return (0, 0);
        uint256 multiplier = _multiplier();
        earned = _rewardFor(value, tier, multiplier);
        Emission memory emission = _emissionToday();
        (uint256 fromFunds, uint256 minted) = _payableNow(earned, emission, token_);
        deferred = earned - fromFunds - minted;

        // Effect
        _defer(account, deferred);
        _countMinted(minted, emission);
        emit RewardPaid(account, tier, value, multiplier, earned, fromFunds, minted, deferred);

        // Interaction
        _pay(token_, account, fromFunds, minted);
    }

    /// @inheritdoc IRewardPool
    function payYield(address account, uint256 earned, uint256 recycled) external restricted returns (uint256 unpaid) {
        // Check
        IFTNSToken token_ = _token();
        if (account == address(0)) revert ZeroAccount();
        uint256 funds = token_.balanceOf(address(this));
        uint256 fromFunds = Math.min(earned, funds);
        uint256 recycledNow;
        unchecked {
            // Each is at most what it is taken from.
            recycledNow = Math.min(recycled, funds - fromFunds);
            unpaid = recycled - recycledNow;
        }

        // Effect
        uint256 minted;
        uint256 deferred;
        if (fromFunds != earned) {
            Emission memory emission = _emissionToday();
            minted = Math.min(earned - fromFunds, _budgetLeft(emission, token_));
            deferred = earned - fromFunds - minted;
            _defer(account, deferred);
            _countMinted(minted, emission);
        }
        emit YieldPaid(account, fromFunds, minted, deferred, recycledNow, unpaid);

        // Interaction
        _pay(token_, account, fromFunds + recycledNow, minted);
    }

    /// @inheritdoc IRewardPool
    function payKeeper(address account, uint256 amount) external restricted returns (uint256 paid) {
        // Check
        IFTNSToken token_ = _token();
        if (account == address(0)) revert ZeroAccount();
        paid = Math.min(amount, token_.balanceOf(address(this)));

        // Effect
        emit KeeperPaid(account, paid);

        // Interaction
        _pay(token_, account, paid, 0);
    }

    /// @inheritdoc IRewardPool
    function claim(address account) external returns (uint256 paid) {
        // Check
        IFTNSToken token_ = _token();
        uint256 owed = claimable[account];
        if (owed == 0) revert NothingToClaim(account);
        Emission memory emission = _emissionToday();
        (uint256 fromFunds, uint256 minted) = _payableNow(owed, emission, token_);
        paid = fromFunds + minted;
        if (paid == 0) revert NothingPayableToday(account, owed, ProtocolTime.startOf(ProtocolTime.today() + 1));

        // Effect
        claimable[account] = owed - paid;
        totalClaimable -= paid;
        _countMinted(minted, emission);
        emit Claimed(account, fromFunds, minted, owed - paid);

        // Interaction
        _pay(token_, account, fromFunds, minted);
    }

    // Governance

    /// @inheritdoc IRewardPool
    function initialize(IFTNSToken token_, IMultiplierSource multiplierSource_) external restricted {
        if (address(token) != address(0)) revert AlreadyInitialized();
        if (address(token_).code.length == 0) revert NotAContract(address(token_));
        address pool = token_.REWARD_POOL();
        if (pool != address(this)) revert PoolOfAnotherToken(token_, pool);
        token = token_;
        _setMultiplierSource(multiplierSource_);
        emit Initialized(token_, multiplierSource_);
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

    // Internals: what is owed and what fits

    /// @dev Rounded down once, at the end: the pool gains less than one wei.
    function _rewardFor(uint256 value, Tier tier, uint256 multiplier) private view returns (uint256) {
        if (value > MAX_VALUE) revert ValueOutOfBounds(value, MAX_VALUE);
        return value * multiplier * _tierMultipliers[uint256(tier)] / (WAD * WAD);
    }

    /// @dev How much of `amount` can be paid now. A halt of transfers does not stop it: the token lets the exempt pay out.
    function _payableNow(uint256 amount, Emission memory emission, IFTNSToken token_)
        private
        view
        returns (uint256 fromFunds, uint256 minted)
    {
        fromFunds = Math.min(amount, token_.balanceOf(address(this)));
        if (fromFunds != amount) minted = Math.min(amount - fromFunds, _budgetLeft(emission, token_));
    }

    /// @dev The present day's emission. On a new day nothing is minted yet and the budget comes from the supply of now,
    /// rounded down (holders gain less than one wei).
    function _emissionToday() private view returns (Emission memory emission) {
        emission = _emission;
        uint256 today = ProtocolTime.today();
        if (emission.day != today) {
            emission.day = uint16(today);
            emission.budget = uint88(_token().totalSupply() * emission.share / WAD);
            emission.minted = 0;
        }
    }

    /// @dev Nothing in recovery mode, which lets what is earned wait instead of making the rewards fail.
    function _budgetLeft(Emission memory emission, IFTNSToken token_) private view returns (uint256) {
        if (token_.recoveryUntil() > block.timestamp) return 0;
        uint256 underCap = Math.saturatingSub(token_.MAX_SUPPLY(), token_.totalSupply());
        return Math.min(emission.budget - emission.minted, underCap);
    }

    function _defer(address account, uint256 deferred) private {
        if (deferred == 0) return;
        claimable[account] += deferred;
        totalClaimable += deferred;
    }

    /// @dev `emission` is of today, and `minted` within what was left of it.
    function _countMinted(uint256 minted, Emission memory emission) private {
        if (minted == 0) return;
        emission.minted += uint88(minted);
        _emission = emission;
    }

    function _pay(IFTNSToken token_, address account, uint256 fromFunds, uint256 minted) private {
        if (fromFunds != 0) token_.safeTransfer(account, fromFunds);
        if (minted != 0) token_.mint(account, minted);
    }

    // Internals: collaborators and parameters

    function _token() private view returns (IFTNSToken token_) {
        token_ = token;
        if (address(token_) == address(0)) revert NotInitialized();
    }

    /// @dev A source that reverts makes the reward revert too: paying at a guessed `M` would pay some the wrong amount for
    /// ever, while an unpaid proof can be submitted again.
    function _multiplier() private view returns (uint256 multiplier) {
        multiplier = multiplierSource.multiplier();
        if (multiplier < MIN_MULTIPLIER || multiplier > MAX_MULTIPLIER) {
            revert MultiplierOutOfBounds(multiplier, MIN_MULTIPLIER, MAX_MULTIPLIER);
        }
    }

    /// @dev Reads the new source once, so that a wrong address fails here and not at the next reward.
    function _setMultiplierSource(IMultiplierSource multiplierSource_) private {
        if (address(multiplierSource_).code.length == 0) revert NotAContract(address(multiplierSource_));
        multiplierSource = multiplierSource_;
        _multiplier();
    }

    function _setTierMultipliers(uint256[4] memory multipliers) private {
        if (multipliers[0] != 0) revert NoneMustEarnNothing(multipliers[0]);
        for (uint256 i = 1; i < 4; ++i) {
            Tier tier = Tier(i);
            if (multipliers[i] > MAX_TIER_MULTIPLIER) {
                revert TierMultiplierOutOfBounds(tier, multipliers[i], MAX_TIER_MULTIPLIER);
            }
            if (multipliers[i] < multipliers[i - 1]) {
                revert TierMultipliersNotAscending(tier, multipliers[i], multipliers[i - 1]);
            }
            _tierMultipliers[i] = uint64(multipliers[i]);
        }
        emit TierMultipliersChanged(multipliers);
    }

    function _setEmissionShare(uint256 share) private {
        if (share > MAX_EMISSION_SHARE) revert EmissionShareOutOfBounds(share, MAX_EMISSION_SHARE);
        _emission.share = uint64(share);
        emit EmissionShareChanged(share);
    }
}
