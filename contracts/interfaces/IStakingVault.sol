// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IContributorRegistry} from "./IContributorRegistry.sol";
import {IFTNSToken} from "./IFTNSToken.sol";
import {IMultiplierHistory} from "./IMultiplierHistory.sol";
import {IRewardPool} from "./IRewardPool.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @notice What staked FTNS earn a year: `min(maxRate, (baseRate + commitmentRate * commitments) * tierMultiplier * M)`, as far
/// as the cover reaches; the rest `min(maxRate, baseRate * tierMultiplier of NONE * M)`.
struct YieldTerms {
    /// Without any commitment (WAD a year; whole basis points).
    uint256 baseRate;
    /// For each of the five commitments that is active (WAD a year; whole basis points).
    uint256 commitmentRate;
    /// Upper limit of everything (WAD a year; whole basis points).
    uint256 maxRate;
    /// By tier: NONE, BASIC, ACTIVE, POWER (WAD; whole hundredths, not descending).
    uint256[4] tierMultiplier;
    /// Where `M` is read from; the zero address means that the yield does not follow it (`M` = 1), as at launch.
    IMultiplierHistory multiplierSource;
}

/// @notice Everything that decides what a staker holds and earns, as of now.
struct StakeView {
    /// Earns and votes (FTNS, 18 decimals).
    uint256 staked;
    /// Part of `staked` that can't leave before its holders release it.
    uint256 locked;
    /// On its way out, net of the demurrage due on it: neither earns nor votes.
    uint256 pending;
    /// When `pending` can be withdrawn (seconds; 0 = nothing pending).
    uint256 readyAt;
    /// Protocol day through which the demurrage of `pending` is written down (0 = nothing pending).
    uint256 chargedThrough;
    /// Yield so far at tier BASIC or higher, not claimed: paid from the pool's funds, then minted.
    uint256 earned;
    /// Yield so far at tier NONE or beyond the cover, not claimed: paid from the pool's funds only.
    uint256 recycled;
    /// So much of `staked` earns the rate of tier and commitments, the rest as NONE without any (a multiple of 2^30 wei).
    uint256 cover;
    /// Tier and number of active commitments today. Without a stake the vault does not know them, and they are zero.
    Tier tier;
    uint256 commitments;
    /// Last day of each tier that holds today.
    TierSchedule schedule;
    /// Last day of each commitment that holds today (else 0): storage, compute, governance, data curation, community.
    uint16[5] commitmentThrough;
    /// Time through which yield is written down (seconds).
    uint256 settledAt;
}

/// @title IStakingVault
/// @notice Stake FTNS to vote and to earn. Staked FTNS pay no demurrage.
///
/// Votes follow ERC-5805 by timestamps. An account that never chose a delegate votes for itself.
/// Leaving takes two steps: `requestUnstake` ends yield and votes at once, `withdraw` pays 7 days later. What is leaving pays
/// demurrage from the request on, as in a wallet of tier NONE.
/// Parts of a stake can be locked towards contracts that governance admitted, which may release or slash them.
/// Yield is paid by the RewardPool and never mixes with the principal, which is here to the last wei.
/// @dev Amounts are FTNS with 18 decimals, times are seconds.
interface IStakingVault is IERC5805 {
    event Staked(address indexed account, uint256 amount);
    /// @notice `amount` of `account` stopped earning and voting. `pending` in all can be withdrawn from `readyAt` on.
    event UnstakeRequested(address indexed account, uint256 amount, uint256 pending, uint256 readyAt);
    /// @notice `amount` that was on its way out earns and votes again.
    event UnstakeCancelled(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);
    /// @notice `fee` of what `account` has on its way out went to the reward pool: the demurrage through day `throughDay`.
    event ExitCharged(address indexed account, uint256 fee, uint256 throughDay);
    /// @notice `account` gave up the yield since second `since` to get its stake out, or lost it because it could not be worked
    /// out when the stake was slashed.
    event YieldForfeited(address indexed account, uint256 since);
    /// @notice Last days of the tiers and commitments of `account`, or its cover, changed. Until the first of these they are what
    /// the registry said when the account staked.
    /// @param schedule last day of each tier; 0 = does not hold today, here and in `commitmentThrough`
    /// @param commitmentThrough protocol days: storage, compute, governance, data curation, community
    /// @param cover FTNS, 18 decimals
    event StandingSet(address indexed account, TierSchedule schedule, uint16[5] commitmentThrough, uint256 cover);
    /// @notice `owner` locked `amount` of its stake, now `locked` in all towards `holder`.
    event Locked(address indexed owner, address indexed holder, uint256 amount, uint256 locked);
    /// @notice `amount` is locked towards `holder` no more; `locked` still is.
    event Released(address indexed owner, address indexed holder, uint256 amount, uint256 locked);
    /// @notice `holder` took `amount` of the stake of `owner` for `to`; `locked` is left of the lock.
    event Slashed(address indexed owner, address indexed holder, address indexed to, uint256 amount, uint256 locked);
    /// @notice `amount` was slashed for `to` during a halt. `total` waits for `collect`; `fee`, the demurrage of what was waiting
    /// already, went to the reward pool.
    event SetAside(address indexed to, uint256 amount, uint256 fee, uint256 total);
    /// @notice `to` was paid `amount` of what was set aside for it, and the reward pool `fee`, the demurrage of the time since.
    event Collected(address indexed to, uint256 amount, uint256 fee);
    event LockHolderSet(address indexed holder, bool admitted);
    event RegistrarSet(IContributorRegistry registry);
    /// @notice What `account` stakes from now on never votes.
    event SilentStakerSet(address indexed account);
    /// @notice `terms` hold from the start of protocol day `fromDay` on.
    event TermsChanged(uint256 indexed fromDay, YieldTerms terms);
    /// @param delaySec for requests from now on (seconds)
    event UnstakeDelayChanged(uint256 delaySec);

    error ZeroAmount();
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
    /// @notice The pool can pay nothing of it now: neither its funds nor the day's share for yield reach. All of it stays owed.
    error NothingPayableNow(uint256 earned, uint256 recycled);
    /// @param day protocol day, as `chargedThrough` and `today`
    error ExitDayOutOfBounds(uint256 day, uint256 chargedThrough, uint256 today);
    /// @notice Only `unlocked` of the stake of `account` is free to leave or to be locked.
    error StakeLocked(address account, uint256 unlocked, uint256 amount);
    error LockHolderNotAdmitted(address holder);
    error LockHolderAdmitted(address holder);
    /// @notice `holder` has a lock of only `locked` on the stake of `owner`.
    error InsufficientLock(address owner, address holder, uint256 locked, uint256 amount);
    error NothingLocked(address owner, address holder);
    /// @notice Nothing is slashed to nobody, to the owner (that would be an exit without its days), or to the vault.
    error InvalidRecipient(address to);
    error NothingSetAside(address to);
    /// @notice The yield could not be worked out with `gas`; it is given up only where `needed` is not enough either.
    error TooLittleGas(uint256 gas, uint256 needed);
    /// @notice An account becomes silent, or ceases to be, only while it has neither a stake nor anything pending.
    error StakerNotEmpty(address account, uint256 staked, uint256 pending);
    error SilentStakerCannotDelegate(address account);
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

    /// @notice Where tiers, commitments and covers come from: it is asked at a first stake, and it alone tells of changes.
    /// @return ContributorRegistry
    function registrar() external view returns (IContributorRegistry);

    /// @notice The account whose stake never votes and is no part of `getPastTotalSupply`: the timelock.
    /// @return zero before the first is named
    function silentStaker() external view returns (address);

    /// @notice Time for which a holder that lost its admission may still release and slash.
    /// @return seconds
    function ABANDON_DELAY() external view returns (uint256);

    // Accounts

    /// @notice Everything about `account` as of now.
    /// @dev Warning: it reads `M` from the terms' source, and reverts while that fails.
    /// @param account any address
    /// @return units: see StakeView
    function stakeOf(address account) external view returns (StakeView memory);

    /// @notice What `account` has staked: its own voting units, unless it is the silent staker.
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
    /// @return WAD a year, within the limit; terms without a source take `M` as 1
    function rateOf(Tier tier, uint256 commitments, uint256 multiplier) external view returns (uint256);

    /// @notice What `owner` has locked towards `holder`.
    /// @param owner any address
    /// @param holder any address
    /// @return FTNS, 18 decimals
    function lockOf(address owner, address holder) external view returns (uint256);

    /// @notice What `owner` has locked towards all holders, at most its stake.
    /// @param owner any address
    /// @return FTNS, 18 decimals
    function lockedOf(address owner) external view returns (uint256);

    /// @notice What governance said of `holder`.
    /// @param holder any address
    /// @return admitted whether locks towards it can be made
    /// @return freeableAt without admission: when owners may free their locks, and the holder can slash no more (seconds); 0 = it
    /// never had one
    function lockHolderOf(address holder) external view returns (bool admitted, uint256 freeableAt);

    /// @notice What was slashed for `account` during a halt and waits for `collect`, net of the demurrage due on it.
    /// @param account any address
    /// @return FTNS, 18 decimals
    function setAsideFor(address account) external view returns (uint256);

    // Totals and parameters

    /// @notice What is staked, of all accounts: the votes there are, and the silent staker's stake.
    /// @return FTNS, 18 decimals
    function totalStaked() external view returns (uint256);

    /// @notice What is on its way out, of all accounts, before the demurrage due on it. `totalStaked + totalPending +
    /// totalSetAside` never exceeds the vault's balance.
    /// @return FTNS, 18 decimals
    function totalPending() external view returns (uint256);

    /// @notice What was slashed during halts and not collected, of all accounts, before the demurrage due on it.
    /// @return FTNS, 18 decimals
    function totalSetAside() external view returns (uint256);

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
    /// @dev Warning: a second request starts the time anew for the whole pending amount. From now on demurrage is due on it.
    /// Reverts with `ZeroAmount`, `InsufficientStake`, `StakeLocked` or, while `M` cannot be read, with the source's error.
    /// @param amount FTNS, 18 decimals
    function requestUnstake(uint256 amount) external;

    /// @notice Like `requestUnstake`, but gives up the yield since the last settlement instead of working it out. For use
    /// when the source of `M` fails: it calls nothing but the token.
    /// @dev Warning: the yield since `StakeView.settledAt` is lost for the whole stake, not only for `amount`.
    /// @param amount FTNS, 18 decimals
    function requestUnstakeForfeiting(uint256 amount) external;

    /// @notice Stakes everything pending again, less the demurrage of the days since the request.
    /// @dev Reverts with `NothingPending`.
    function cancelUnstake() external;

    /// @notice Pays the caller what was pending, once ready, less the demurrage of the days since the request. Calls nothing but
    /// the token.
    /// @dev Reverts with `NothingPending` or `NotReady`.
    /// @return amount what was paid
    function withdraw() external returns (uint256 amount);

    /// @notice Sends the demurrage of what `account` has pending, through day `throughDay`, to the reward pool. Anyone may call
    /// it; `stakeOf` tells the same before and after. In parts, for a past that is too long for one call.
    /// @dev Reverts with `NothingPending` or `ExitDayOutOfBounds`. Rounded down: the account gains less than 1 wei a call.
    /// @param account any address
    /// @param throughDay protocol day, from the last one that was charged to today
    /// @return fee FTNS, 18 decimals
    function settleExit(address account, uint256 throughDay) external returns (uint256 fee);

    /// @notice Has the reward pool pay the caller's yield (see `IRewardPool.payYield` and its event `YieldPaid`).
    /// @dev Reverts with `NothingToClaim` or `NothingPayableNow`.
    /// @return earned asked for at tier BASIC or higher
    /// @return recycled asked for at tier NONE or beyond the cover
    /// @return unpaidEarned part of `earned` that the pool can't pay now; it stays owed here
    /// @return unpaidRecycled part of `recycled` that the pool can't pay now; it stays owed here
    function claim() external returns (uint256 earned, uint256 recycled, uint256 unpaidEarned, uint256 unpaidRecycled);

    /// @notice Writes down the yield of `account` up to now. Anyone may call it; it costs the account less than 1 wei.
    /// @param account any address; without a stake nothing happens
    function settle(address account) external;

    /// @notice Like `settle`, but only through second `time`, for an account whose history is too long for one call.
    /// @dev Reverts with `SettleTimeOutOfBounds`.
    /// @param account any address; without a stake nothing happens
    /// @param time seconds, from the last settlement to now
    function settleThrough(address account, uint256 time) external;

    /// @notice What the registry has learned of `account`. Settles the stake and takes over the numbers; does nothing without a
    /// stake. Restricted to the registrar.
    /// @param account any address
    /// @param schedule protocol days, inclusive
    /// @param commitmentDays day of the latest proof that counts for each commitment, 16 bits each, in the order of
    /// `StakeView.commitmentThrough`, lowest first; 0 = never
    /// @param cover FTNS, 18 decimals; rounded down to 2^30 wei (the pool gains)
    function setStanding(address account, TierSchedule calldata schedule, uint256 commitmentDays, uint256 cover)
        external;

    // Locks

    /// @notice Locks `amount` of the caller's stake towards `holder`, on top of what is locked towards it already. It earns and
    /// votes as before.
    /// @dev Warning: only the holder can release it, and may slash it, by its own rules: read them. Reverts with `ZeroAmount`,
    /// `LockHolderNotAdmitted`, `InsufficientStake` or `StakeLocked`.
    /// @param holder a contract that governance admitted
    /// @param amount FTNS, 18 decimals
    function lock(address holder, uint256 amount) external;

    /// @notice Ends a lock of `owner` towards the caller, or `amount` of it.
    /// @dev Reverts with `ZeroAmount` or, for whoever holds no such lock, `InsufficientLock`.
    /// @param owner whose stake it is
    /// @param amount FTNS, 18 decimals
    function release(address owner, uint256 amount) external;

    /// @notice Takes `amount` of what `owner` locked towards the caller out of its stake, for `to`: at once, or while transfers
    /// are halted into what is set aside for `to`. The yield is settled, and the present delegate loses the votes. If the
    /// yield can't be worked out, that since the last settlement is given up (see `YieldForfeited`).
    /// @dev Warning for holders: what is slashed is liquid at once. Reverts with `ZeroAmount`, `LockHolderNotAdmitted`,
    /// `InvalidRecipient`, `InsufficientLock`, or `TooLittleGas` where the yield is not worked out with the gas that was sent.
    /// @param owner whose stake it is
    /// @param amount FTNS, 18 decimals
    /// @param to neither zero, nor the owner, nor this vault
    function slash(address owner, uint256 amount, address to) external;

    /// @notice Ends the caller's locks towards `holder`, once it has been without admission for `ABANDON_DELAY`.
    /// @dev Reverts with `LockHolderAdmitted`, `NotReady` or `NothingLocked`.
    /// @param holder any address
    /// @return amount what was locked
    function freeAbandoned(address holder) external returns (uint256 amount);

    /// @notice Pays `to` what was set aside for it during a halt, less the demurrage of the days since. Anyone may call it.
    /// @dev Reverts with `NothingSetAside` or, during a halt, `NotReady`.
    /// @param to any address
    /// @return amount what was paid
    function collect(address to) external returns (uint256 amount);

    // Governance (restricted)

    /// @notice Sets the terms from the next day boundary on. What was earned before is not touched.
    /// @dev Warning: the source of `M` is part of the terms. It is asked once here, unless it is the zero address; if it fails
    /// later, claims revert until the terms change.
    /// @param terms_ else `TermOutOfBounds`, `TermTooFine`, `TierMultipliersNotAscending`, `NotAContract` or
    /// `MultiplierSourceBroken`
    function setTerms(YieldTerms calldata terms_) external;

    /// @notice Sets the time from a request to its withdrawal, for requests from now on.
    /// @param delaySec 1 to 14 days (seconds), else `UnstakeDelayOutOfBounds`
    function setUnstakeDelay(uint256 delaySec) external;

    /// @notice Names the registry that tells of standings, and that is asked for them at a first stake.
    /// @dev Warning: stakes keep what the old one told of them until the new one tells more. Reverts with `NotAContract`.
    /// @param registry ContributorRegistry
    function setRegistrar(IContributorRegistry registry) external;

    /// @notice Admits `holder`, towards which stakes can then be locked, or takes its admission away: no new locks from then on,
    /// and `ABANDON_DELAY` later it can slash no more and owners may free theirs.
    /// @dev Warning: a holder may slash what is locked towards it, to whom it likes. Reverts with `NotAContract`, or with
    /// `LockHolderNotAdmitted` where there is no admission to take away.
    /// @param holder a contract
    /// @param admitted whether locks can be made
    function setLockHolder(address holder, bool admitted) external;

    /// @notice Names the account whose stake earns but never votes, in place of the one before it.
    /// @dev Reverts with `NotAContract`, or with `StakerNotEmpty` where either has a stake or something pending.
    /// @param account the timelock
    function setSilentStaker(address account) external;
}
