// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IContributorRegistry} from "./IContributorRegistry.sol";
import {IFTNSToken} from "./IFTNSToken.sol";
import {IMultiplierHistory} from "./IMultiplierHistory.sol";
import {IRewardPool} from "./IRewardPool.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @notice What staked FTNS earn a year: `min(maxRate, (baseRate + commitmentRate * commitments) * tierMultiplier * M)`.
struct YieldTerms {
    /// Without any commitment (WAD a year; whole basis points).
    uint256 baseRate;
    /// For each of the five commitments that is active (WAD a year; whole basis points).
    uint256 commitmentRate;
    /// Upper limit of everything (WAD a year; whole basis points).
    uint256 maxRate;
    /// By tier: NONE, BASIC, ACTIVE, POWER (WAD; whole hundredths, not descending).
    uint256[4] tierMultiplier;
    /// Where `M` is read from.
    IMultiplierHistory multiplierSource;
}

/// @notice Everything that decides what a staker holds and earns, as of now.
struct StakeView {
    /// Earns and votes (FTNS, 18 decimals).
    uint256 staked;
    /// On its way out: neither earns nor votes.
    uint256 pending;
    /// When `pending` can be withdrawn (seconds; 0 = nothing pending).
    uint256 readyAt;
    /// Yield so far at tier BASIC or higher, not claimed: paid from the pool's funds, then minted.
    uint256 earned;
    /// Yield so far at tier NONE, not claimed: paid from the pool's funds only.
    uint256 recycled;
    /// Tier and number of active commitments today. Without a stake the vault does not know them, and they are zero.
    Tier tier;
    uint256 commitments;
    /// Last day of each tier.
    TierSchedule schedule;
    /// Last day of each commitment: storage, compute, governance, data curation, community.
    uint16[5] commitmentThrough;
    /// Time through which yield is written down (seconds).
    uint256 settledAt;
}

/// @title IStakingVault
/// @notice Stake FTNS to vote and to earn. Staked FTNS pay no demurrage.
///
/// Votes follow ERC-5805 by timestamps. An account that never chose a delegate votes for itself.
/// Leaving takes two steps: `requestUnstake` ends yield and votes at once, `withdraw` pays 7 days later.
/// Yield is paid by the RewardPool and never mixes with the principal, which is here to the last wei.
/// @dev Amounts are FTNS with 18 decimals, times are seconds.
interface IStakingVault is IERC5805 {
    event Staked(address indexed account, uint256 amount);
    /// @notice `amount` of `account` stopped earning and voting. `pending` in all can be withdrawn from `readyAt` on.
    event UnstakeRequested(address indexed account, uint256 amount, uint256 pending, uint256 readyAt);
    /// @notice `amount` that was on its way out earns and votes again.
    event UnstakeCancelled(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);
    /// @notice `account` gave up the yield since second `since` to get its stake out.
    event YieldForfeited(address indexed account, uint256 since);
    /// @notice Last days of the tiers and commitments of `account` changed. Until the first of these they are what the registry
    /// said when the account staked.
    /// @param commitmentThrough protocol days: storage, compute, governance, data curation, community
    event StandingSet(address indexed account, TierSchedule schedule, uint16[5] commitmentThrough);
    /// @notice `terms` hold from the start of protocol day `fromDay` on.
    event TermsChanged(uint256 indexed fromDay, YieldTerms terms);
    /// @param delaySec for requests from now on (seconds)
    event UnstakeDelayChanged(uint256 delaySec);

    error ZeroAmount();
    error ZeroAccount();
    /// @notice `target` has no code, so it cannot be the contract it is said to be.
    error NotAContract(address target);
    /// @param staked FTNS, 18 decimals, as `amount`
    error InsufficientStake(address account, uint256 staked, uint256 amount);
    /// @notice `account` has nothing on its way out.
    error NothingPending(address account);
    /// @param readyAt seconds, as `time`, the block's
    error NotReady(uint256 readyAt, uint256 time);
    /// @notice `account` has no yield.
    error NothingToClaim(address account);
    /// @notice All that is owed was earned at tier NONE, and the pool has no funds to pay it from. It stays owed.
    error PoolHasNoFunds(uint256 recycled);
    /// @param time seconds, as `settledAt` and `now_`
    error SettleTimeOutOfBounds(uint256 time, uint256 settledAt, uint256 now_);
    /// @notice The source says that `M` added up to more than its own ceiling allows.
    error MultiplierSourceBroken(IMultiplierHistory source);
    error UnstakeDelayOutOfBounds(uint256 delaySec, uint256 min, uint256 max);
    /// @param term name in ASCII, as in YieldTerms
    error TermOutOfBounds(bytes32 term, uint256 value, uint256 min, uint256 max);
    /// @notice `term` must be a multiple of `step`.
    error TermTooFine(bytes32 term, uint256 value, uint256 step);
    /// @notice A higher tier must not earn less than a lower one.
    error TierMultipliersNotAscending(Tier tier);

    /// @notice The token that is staked.
    /// @return FTNSToken
    function TOKEN() external view returns (IFTNSToken);

    /// @notice The pool that pays yield.
    /// @return RewardPool
    function REWARD_POOL() external view returns (IRewardPool);

    /// @notice Where tiers and commitments come from.
    /// @return ContributorRegistry
    function REGISTRY() external view returns (IContributorRegistry);

    // Accounts

    /// @notice Everything about `account` as of now.
    /// @dev Warning: it reads `M` from the terms' source, and reverts while that fails.
    /// @param account any address
    /// @return units: see StakeView
    function stakeOf(address account) external view returns (StakeView memory);

    /// @notice What `account` has staked: its own voting units.
    /// @param account any address
    /// @return FTNS, 18 decimals
    function stakedOf(address account) external view returns (uint256);

    /// @notice Yield of `account` as of now that is not claimed: `earned` at tier BASIC or higher, `recycled` at tier NONE.
    /// @dev Warning: it reverts while the source of `M` fails.
    /// @param account any address
    /// @return earned FTNS, 18 decimals
    /// @return recycled FTNS, 18 decimals
    function yieldOf(address account) external view returns (uint256 earned, uint256 recycled);

    /// @notice Yearly rate that `commitments` active commitments earn at tier `tier` when `M` is `multiplier` (WAD), by the
    /// terms of today.
    /// @param tier NONE to POWER
    /// @param commitments 0 to 5, else `TermOutOfBounds`
    /// @param multiplier WAD
    /// @return WAD a year, within the limit
    function rateOf(Tier tier, uint256 commitments, uint256 multiplier) external view returns (uint256);

    // Totals and parameters

    /// @notice What is staked, of all accounts: the votes there are.
    /// @return FTNS, 18 decimals
    function totalStaked() external view returns (uint256);

    /// @notice What is on its way out, of all accounts. `totalStaked + totalPending` never exceeds the vault's balance.
    /// @return FTNS, 18 decimals
    function totalPending() external view returns (uint256);

    /// @notice Terms that hold now.
    /// @return units: see YieldTerms
    function terms() external view returns (YieldTerms memory);

    /// @notice Terms set last, and the day from which they hold: today's, or those of tomorrow.
    /// @return fromDay protocol day
    /// @return the terms
    function latestTerms() external view returns (uint256 fromDay, YieldTerms memory);

    /// @notice Time from a request to its withdrawal (default 7 days).
    /// @return seconds
    function unstakeDelay() external view returns (uint256);

    // Writes

    /// @notice Stakes `amount` of the caller's FTNS, which needs an allowance. The first stake asks the registry for the
    /// caller's tier and commitments.
    /// @dev Warning: votes count from the next second on, and yield pays demurrage once it is claimed. Reverts with
    /// `ZeroAmount`.
    /// @param amount FTNS, 18 decimals
    function stake(uint256 amount) external;

    /// @notice Like `stake`, with an EIP-2612 permit of `amount`. A permit that somebody has used already does no harm.
    /// @dev Warning: anyone may send the permit first (front-running). So its failure is ignored and the allowance decides:
    /// an allowance from before is used even when the permit is invalid.
    /// @param amount FTNS, 18 decimals
    /// @param deadline of the permit (seconds)
    /// @param v of the signature
    /// @param r of the signature
    /// @param s of the signature
    function stakeWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Takes `amount` out of yield and votes at once; it can be withdrawn after `unstakeDelay`. What was pending
    /// already waits again together with it: there is one pending amount and one time for each account.
    /// @dev Warning: a second request starts the time anew for the whole pending amount. Reverts with `ZeroAmount`,
    /// `InsufficientStake` or, while `M` cannot be read, with the source's error.
    /// @param amount FTNS, 18 decimals
    function requestUnstake(uint256 amount) external;

    /// @notice Like `requestUnstake`, but gives up the yield since the last settlement instead of working it out. For use
    /// when the source of `M` fails: it calls nothing outside this vault.
    /// @dev Warning: the yield since `StakeView.settledAt` is lost for the whole stake, not only for `amount`.
    /// @param amount FTNS, 18 decimals
    function requestUnstakeForfeiting(uint256 amount) external;

    /// @notice Stakes everything pending again. No tokens move.
    /// @dev Reverts with `NothingPending`.
    function cancelUnstake() external;

    /// @notice Pays the caller what was pending, once ready. Calls nothing but the token.
    /// @dev Reverts with `NothingPending` or `NotReady`.
    /// @return amount what was paid
    function withdraw() external returns (uint256 amount);

    /// @notice Has the reward pool pay the caller's yield (see `IRewardPool.payYield` and its event `YieldPaid`).
    /// @dev Reverts with `NothingToClaim` or `PoolHasNoFunds`.
    /// @return earned asked for at tier BASIC or higher; what the pool cannot pay or mint now is claimable there
    /// @return recycled asked for at tier NONE
    /// @return unpaid part of `recycled` that the pool has no funds for; it stays owed here
    function claim() external returns (uint256 earned, uint256 recycled, uint256 unpaid);

    /// @notice Writes down the yield of `account` up to now. Anyone may call it; it costs the account less than 1 wei.
    /// @param account any address; without a stake nothing happens
    function settle(address account) external;

    /// @notice Like `settle`, but only through second `time`, for an account whose history is too long for one call.
    /// @dev Reverts with `SettleTimeOutOfBounds`.
    /// @param account any address; without a stake nothing happens
    /// @param time seconds, from the last settlement to now
    function settleThrough(address account, uint256 time) external;

    /// @notice The last days of the tiers of `account` and of its latest proof of each kind changed: `lastDays` has 16 bits a
    /// kind, STORAGE lowest. Does nothing without a stake. Restricted to the contributor registry.
    /// @param account any address
    /// @param schedule protocol days, inclusive
    /// @param lastDays protocol days, packed; 0 = never
    function setStanding(address account, TierSchedule calldata schedule, uint256 lastDays) external;

    // Governance (restricted)

    /// @notice Sets the terms from the next day boundary on. What was earned before is not touched.
    /// @dev Warning: the source of `M` is part of the terms. It is asked once here; if it fails later, claims revert until
    /// the terms change.
    /// @param terms_ else `TermOutOfBounds`, `TermTooFine`, `TierMultipliersNotAscending`, `NotAContract` or
    /// `MultiplierSourceBroken`
    function setTerms(YieldTerms calldata terms_) external;

    /// @notice Sets the time from a request to its withdrawal, for requests from now on.
    /// @param delaySec 1 to 14 days (seconds), else `UnstakeDelayOutOfBounds`
    function setUnstakeDelay(uint256 delaySec) external;
}
