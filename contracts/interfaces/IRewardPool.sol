// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFTNSToken} from "./IFTNSToken.sol";
import {IMultiplierSource} from "./IMultiplierSource.sol";
import {Tier} from "../types/Tier.sol";

/// @title IRewardPool
/// @notice Pays contributors: first from the fees it holds, then by minting within the cap and a daily budget. What does not
/// fit today becomes claimable and is paid out of later funds and budgets; nothing is lost.
/// @dev Amounts are FTNS with 18 decimals, multipliers and shares WAD.
interface IRewardPool {
    /// @notice The pool knows its token and where `M` comes from. Happens once.
    event Initialized(IFTNSToken token, IMultiplierSource multiplierSource);
    /// @notice `account` earned `earned = fromFunds + minted + deferred` for a contribution worth `value`.
    /// @param multiplier `M` at that moment (WAD)
    /// @param fromFunds part paid out of the pool's own funds
    /// @param minted part newly created
    /// @param deferred part that became claimable
    /// @param tier the tier that was paid
    /// @param value worth of the contribution before multipliers (FTNS, as all amounts here)
    event RewardPaid(
        address indexed account,
        Tier indexed tier,
        uint256 value,
        uint256 multiplier,
        uint256 earned,
        uint256 fromFunds,
        uint256 minted,
        uint256 deferred
    );
    /// @notice `account` was paid `fromFunds + minted` of its claimable balance; `remaining` still waits.
    event Claimed(address indexed account, uint256 fromFunds, uint256 minted, uint256 remaining);
    /// @notice `account` was paid `fromFunds + minted + recycled` as yield of its stake.
    /// @param fromFunds part of what it earned as a contributor, out of the pool's own funds
    /// @param minted part of the same, newly created
    /// @param deferred part of the same that became claimable
    /// @param recycled what it earned without tier, out of the pool's own funds
    /// @param unpaid part of that which the funds did not reach for; the staking vault keeps it as owed
    event YieldPaid(
        address indexed account, uint256 fromFunds, uint256 minted, uint256 deferred, uint256 recycled, uint256 unpaid
    );
    /// @notice `account` was paid out of funds for a keeper's work.
    /// @param paid FTNS, 18 decimals
    event KeeperPaid(address indexed account, uint256 paid);
    event MultiplierSourceChanged(IMultiplierSource multiplierSource);
    /// @notice Earning multipliers of NONE, BASIC, ACTIVE and POWER changed.
    event TierMultipliersChanged(uint256[4] multipliers);
    /// @notice The share of the supply that may be minted a day changed, from the next day's first mint on.
    /// @param share WAD
    event EmissionShareChanged(uint256 share);

    /// @notice The pool has its token already.
    error AlreadyInitialized();
    /// @notice The pool has no token yet.
    error NotInitialized();
    /// @notice `target` has no code, so it cannot be the contract it is said to be.
    error NotAContract(address target);
    /// @notice `token` sends its demurrage to `pool`, not here.
    error PoolOfAnotherToken(IFTNSToken token, address pool);
    error ZeroAccount();
    /// @notice A contribution cannot be worth more than the hard cap of the supply.
    /// @param value FTNS, 18 decimals, as `max`
    error ValueOutOfBounds(uint256 value, uint256 max);
    /// @notice The source gave an `M` that no healthy controller gives.
    /// @param multiplier WAD, as `min` and `max`
    error MultiplierOutOfBounds(uint256 multiplier, uint256 min, uint256 max);
    error NothingToClaim(address account);
    /// @notice `claimable` is owed, but neither funds nor budget are left today; the next budget comes at `retryAt` (seconds).
    error NothingPayableToday(address account, uint256 claimable, uint256 retryAt);
    /// @notice The multiplier of tier NONE must be zero.
    error NoneMustEarnNothing(uint256 multiplier);
    error TierMultiplierOutOfBounds(Tier tier, uint256 multiplier, uint256 max);
    /// @param below multiplier of the tier below
    error TierMultipliersNotAscending(Tier tier, uint256 multiplier, uint256 below);
    error EmissionShareOutOfBounds(uint256 share, uint256 max);

    /// @notice The token that is paid; zero before `initialize`.
    /// @return FTNSToken
    function token() external view returns (IFTNSToken);

    /// @notice Where `M` is read from; zero before `initialize`.
    /// @return the supply controller
    function multiplierSource() external view returns (IMultiplierSource);

    /// @notice What `account` earned and has not been paid yet.
    /// @dev Warning: it is owed, not set aside. When it is paid depends on later funds and budgets.
    /// @param account any address
    /// @return FTNS, 18 decimals
    function claimable(address account) external view returns (uint256);

    /// @notice Sum of `claimable` over all accounts.
    /// @return FTNS, 18 decimals; it may exceed what the pool holds
    function totalClaimable() external view returns (uint256);

    /// @notice Earning multipliers of NONE, BASIC, ACTIVE and POWER (WAD; defaults 0, 1.0, 1.3, 1.6).
    /// @return WAD, by Tier
    function tierMultipliers() external view returns (uint256[4] memory);

    /// @notice Share of the supply that may be minted a day (WAD, default 0.1 %).
    /// @return WAD
    function emissionShare() external view returns (uint256);

    /// @notice What may still be minted today: the day's budget less what was minted, and never past the hard cap.
    /// @dev The budget is `emissionShare * totalSupply`, rounded down (holders gain), fixed by the first mint of the day.
    /// @return FTNS, 18 decimals; zero in recovery mode
    function budgetLeft() external view returns (uint256);

    /// @notice What a contribution worth `value` earns an account of tier `tier` now, and how it would be paid.
    /// @dev Warning: other rewards of the same block can use up funds and budget first; `earned` stays the same while `M`
    /// does.
    /// @param value FTNS, 18 decimals
    /// @param tier NONE earns nothing
    /// @return earned `fromFunds + minted + deferred`
    /// @return fromFunds out of the pool's own funds
    /// @return minted newly created
    /// @return deferred would become claimable
    function previewReward(uint256 value, Tier tier)
        external
        view
        returns (uint256 earned, uint256 fromFunds, uint256 minted, uint256 deferred);

    /// @notice Tells the pool its token and the source of `M`. Once. Restricted to governance.
    /// @dev Reverts with `AlreadyInitialized`, `NotAContract` or `PoolOfAnotherToken`.
    /// @param token_ must name this pool as its own
    /// @param multiplierSource_ read once here
    function initialize(IFTNSToken token_, IMultiplierSource multiplierSource_) external;

    /// @notice Pays `account` for a contribution. Restricted to the contributor registry.
    /// Reverts when `M` cannot be read: a reward of unknown size is not paid, and the proof stays unused for another try.
    /// @param account who earned it
    /// @param value worth of the contribution before multipliers
    /// @param tier the account's tier once this contribution counts; NONE earns nothing
    /// @return earned `value * M * tierMultiplier`, rounded down once (the pool gains)
    /// @return deferred the part of `earned` that did not fit today and became claimable
    function reward(address account, uint256 value, Tier tier) external returns (uint256 earned, uint256 deferred);

    /// @notice Pays yield: `earned` like a reward (funds, then minting, the rest claimable), then `recycled` out of what funds
    /// are left and never by minting. Contributors come first. Restricted to the staking vault.
    /// @param account who earned it
    /// @param earned at tier BASIC or higher (FTNS, 18 decimals)
    /// @param recycled at tier NONE (FTNS, 18 decimals)
    /// @return unpaid part of `recycled` that was not paid and that the pool does not remember
    function payYield(address account, uint256 earned, uint256 recycled) external returns (uint256 unpaid);

    /// @notice Pays `account` for a keeper's work, out of funds and never by minting: only contributors earn new FTNS. Restricted
    /// to the keepers' jobs, which cap what they ask for.
    /// @param account who is paid
    /// @param amount FTNS, 18 decimals
    /// @return paid `amount`, or what the pool holds if that is less
    function payKeeper(address account, uint256 amount) external returns (uint256 paid);

    /// @notice Pays `account` as much of its claimable balance as fits now. Anyone may call it; only `account` is paid.
    /// @dev Reverts with `NothingToClaim` or `NothingPayableToday`.
    /// @param account who is paid
    /// @return paid FTNS, 18 decimals
    function claim(address account) external returns (uint256 paid);

    /// @notice Replaces the source of `M`. Restricted to governance.
    /// @dev Warning: rewards revert while the source fails or names an `M` outside 0.1 to 10.
    /// @param multiplierSource_ read once here
    function setMultiplierSource(IMultiplierSource multiplierSource_) external;

    /// @notice Sets the earning multipliers of NONE (must be 0), BASIC, ACTIVE and POWER (not descending). Restricted to
    /// governance.
    /// @param multipliers WAD, by Tier, at most 3e18
    function setTierMultipliers(uint256[4] calldata multipliers) external;

    /// @notice Sets the share of the supply that may be minted a day. A day whose budget is fixed keeps it. Restricted to
    /// governance.
    /// @param share WAD, at most 0.01e18
    function setEmissionShare(uint256 share) external;
}
