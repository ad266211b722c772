// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFTNSToken} from "./IFTNSToken.sol";
import {IMultiplierSource} from "./IMultiplierSource.sol";
import {Tier} from "../types/Tier.sol";

/// @notice The means of a day and what has become of them. Arrays are in the order of `Purpose`.
struct DayBudget {
    /// Protocol day.
    uint256 day;
    /// The last hour of the day has begun: what is left of the other shares is open to all.
    bool openToAll;
    /// Funds now, what was paid today, and what can still be minted today (FTNS, 18 decimals, as all amounts here).
    uint256 means;
    uint256 funds;
    /// Part of the funds that is kept for services until the last hour.
    uint256 keptForServices;
    /// What may be minted today, as fixed by the day's first payment; before it, what it would be now.
    uint256 emissionBudget;
    /// Part of it that can be minted now: nothing in recovery mode, never past the hard cap.
    uint256 emissionLeft;
    /// What was paid today.
    uint256[4] paid;
    /// What can be paid now.
    uint256[4] left;
}

/// @title IRewardPool
/// @notice Pays contributors, stakers and services: first from the fees it holds, then by minting within the cap and a daily
/// budget. Each purpose has a share of the day's means, so that nobody's backlog starves others.
/// @dev Amounts are FTNS with 18 decimals, multipliers and shares WAD. See DailyBudget for the rule of the shares.
interface IRewardPool {
    /// @notice The pool knows its token and where `M` comes from. Happens once.
    event Initialized(IFTNSToken token, IMultiplierSource multiplierSource);
    /// @notice `account` earned `earned = fromFunds + minted + deferred` for a contribution worth `value`.
    /// @param multiplier `M` as it holds for contributions of this kind at that moment (WAD)
    /// @param fromFunds part paid out of the pool's own funds
    /// @param minted part newly created
    /// @param deferred part that became claimable
    /// @param tier the tier that was paid
    /// @param kind as ContributionKind
    /// @param value worth of the contribution before multipliers (FTNS, as all amounts here)
    event RewardPaid(
        address indexed account,
        Tier indexed tier,
        uint8 kind,
        uint256 value,
        uint256 multiplier,
        uint256 earned,
        uint256 fromFunds,
        uint256 minted,
        uint256 deferred
    );
    /// @notice `account` earned `earned` for a contribution worth `value`, which vests; the others as in `RewardPaid`.
    event RewardVests(
        address indexed account, Tier indexed tier, uint8 kind, uint256 value, uint256 multiplier, uint256 earned
    );
    /// @notice The reward of a proof has vested: `amount` more is claimable by `account`.
    event Vested(bytes32 indexed proofHash, address indexed account, uint256 amount);
    /// @notice The reward of a proof, `amount`, vests no more.
    event VestingCancelled(bytes32 indexed proofHash, address indexed account, uint256 amount);
    event VesterSet(address vester);
    /// @param threshold FTNS, 18 decimals
    event VestingThresholdChanged(uint256 threshold);
    /// @notice `account` was paid `fromFunds + minted` of its claimable balance; `remaining` still waits.
    event Claimed(address indexed account, uint256 fromFunds, uint256 minted, uint256 remaining);
    /// @notice `cancelled` of the claimable balance of `account` is gone; `remaining` still waits.
    event ClaimableCancelled(address indexed account, uint256 cancelled, uint256 remaining);
    /// @notice `account` was paid `fromFunds + minted + recycled` as yield of its stake.
    /// @param fromFunds part of what it earned as a contributor, out of the pool's own funds
    /// @param minted part of the same, newly created
    /// @param recycled what it earned without contribution, out of the pool's own funds
    /// @param unpaidEarned part of what it earned as a contributor that did not fit; the staking vault keeps it as owed
    /// @param unpaidRecycled the same of what it earned without contribution
    event YieldPaid(
        address indexed account,
        uint256 fromFunds,
        uint256 minted,
        uint256 recycled,
        uint256 unpaidEarned,
        uint256 unpaidRecycled
    );
    /// @notice `account` was paid out of funds for a keeper's work.
    /// @param paid FTNS, 18 decimals
    event KeeperPaid(address indexed account, uint256 paid);
    event RewarderSet(address rewarder);
    event YieldPayerSet(address yieldPayer);
    event KeeperPayerSet(address keeperPayer);
    event MultiplierSourceChanged(IMultiplierSource multiplierSource);
    /// @notice Earning multipliers of NONE, BASIC, ACTIVE and POWER changed.
    event TierMultipliersChanged(uint256[4] multipliers);
    /// @notice The share of the supply that may be minted a day changed, from the next day's first payment on.
    /// @param share WAD
    event EmissionShareChanged(uint256 share);
    /// @notice The shares of the day's means changed, at once.
    /// @param shares WAD, in the order of `Purpose`; together one
    event SharesChanged(uint256[4] shares);

    /// @notice The pool has its token already.
    error AlreadyInitialized();
    /// @notice The pool has no token yet.
    error NotInitialized();
    /// @notice `target` has no code, so it cannot be the contract it is said to be.
    error NotAContract(address target);
    /// @notice `token` sends its demurrage to `pool`, not here.
    error PoolOfAnotherToken(IFTNSToken token, address pool);
    /// @notice The zero address cannot be paid.
    error ZeroAccount();
    /// @notice The pool does not pay itself: what never leaves is no payment.
    error PoolCannotBePaid();
    /// @param kind not below eight
    error UnknownKind(uint8 kind);
    /// @param value FTNS, 18 decimals, as `max`
    error ValueOutOfBounds(uint256 value, uint256 max);
    /// @param multiplier WAD, as `min` and `max`
    error MultiplierOutOfBounds(uint256 multiplier, uint256 min, uint256 max);
    /// @notice The source of `M` fails or names an `M` out of bounds, and today's budget depends on it.
    error MultiplierUnreadable(IMultiplierSource source);
    /// @notice NONE earns nothing.
    error NoneMustEarnNothing(uint256 multiplier);
    /// @param multiplier WAD, as `max`
    error TierMultiplierOutOfBounds(Tier tier, uint256 multiplier, uint256 max);
    /// @param multiplier WAD, as `step`, of which it must be a multiple
    error TierMultiplierTooFine(Tier tier, uint256 multiplier, uint256 step);
    /// @notice A higher tier may not earn less.
    error TierMultipliersNotAscending(Tier tier, uint256 multiplier, uint256 previous);
    /// @param share WAD, as `max`
    error EmissionShareOutOfBounds(uint256 share, uint256 max);
    /// @param share WAD, as `step`, of which it must be a multiple
    error ShareTooFine(uint256 share, uint256 step);
    /// @notice Too little would be left for the contributions of the day.
    /// @param others sum of the other three shares (WAD), as `max`
    error SharesOutOfBounds(uint256 others, uint256 max);
    error NothingToClaim(address account);
    /// @notice The reward of this proof has vested, or was cancelled.
    error VestingOver(bytes32 proofHash);
    /// @param total what vests in all (FTNS, 18 decimals)
    error MoreThanVests(uint256 amount, uint256 total);
    /// @param threshold FTNS, 18 decimals, as the others
    error VestingThresholdOutOfBounds(uint256 threshold, uint256 min, uint256 max);
    /// @param threshold FTNS, 18 decimals, as `step`, of which it must be a multiple
    error VestingThresholdTooFine(uint256 threshold, uint256 step);
    /// @notice Something is owed, and nothing of it can be paid now.
    /// @param claimable FTNS, 18 decimals
    /// @param retryAt when more may be paid (seconds): the last hour of this day, or the next day
    error NothingPayableNow(address account, uint256 claimable, uint256 retryAt);
    /// @param deadline last second of the signature
    error ClaimExpired(uint256 deadline);
    /// @notice The signature is not the account's, or not for its present nonce.
    error InvalidClaimSignature(address account);

    /// @notice The token that this pool pays.
    /// @return zero before `initialize`
    function token() external view returns (IFTNSToken);

    /// @notice Where `M` is read from.
    /// @return zero before `initialize`
    function multiplierSource() external view returns (IMultiplierSource);

    /// @notice May call `reward` without a role: the contributor registry.
    /// @return zero before it is set
    function rewarder() external view returns (address);

    /// @notice May call `payYield` without a role: the staking vault.
    /// @return zero before it is set
    function yieldPayer() external view returns (address);

    /// @notice May call `payKeeper` without a role: the keepers' jobs.
    /// @return zero before it is set
    function keeperPayer() external view returns (address);

    /// @notice Says what has vested, and what was cancelled, without a role: RewardVesting.
    /// @return zero before it is set; then nothing vests, and all is paid at once
    function vester() external view returns (address);

    /// @notice Rewards of single proofs above it vest (default 1,000 FTNS).
    /// @return FTNS, 18 decimals
    function vestingThreshold() external view returns (uint256);

    /// @notice Sum of all rewards that vest: a debt of the pool, on top of `totalClaimable`, unless their proofs are cancelled.
    /// @return FTNS, 18 decimals
    function totalVesting() external view returns (uint256);

    /// @notice Whether the reward of a proof has vested, or was cancelled while it did.
    /// @param proofHash any
    /// @return true for ever from then on
    function isVestingOver(bytes32 proofHash) external view returns (bool);

    /// @notice What `account` has earned as rewards and not been paid.
    /// @param account any
    /// @return FTNS, 18 decimals
    function claimable(address account) external view returns (uint256);

    /// @notice Sum of all claimable balances: a debt of the pool, paid out of later funds and budgets.
    /// @return FTNS, 18 decimals
    function totalClaimable() external view returns (uint256);

    /// @notice What `claim` would pay `account` now.
    /// @dev Warning: other claims of the same block can use up the share first.
    /// @param account any
    /// @return fromFunds FTNS, 18 decimals
    /// @return minted FTNS, 18 decimals
    function previewClaim(address account) external view returns (uint256 fromFunds, uint256 minted);

    /// @notice What `account` may still draw of its claimable balance today, if the share reaches: at its first draw of the day
    /// the larger of 50 FTNS and its part of the claims' share by `claimable / totalClaimable`.
    /// @param account any
    /// @return FTNS, 18 decimals
    function drawableToday(address account) external view returns (uint256);

    /// @notice Earning multipliers of NONE, BASIC, ACTIVE and POWER.
    /// @return WAD, by Tier
    function tierMultipliers() external view returns (uint256[4] memory);

    /// @notice Share of the supply that may be minted a day where `M` is 1 or more (default 0.1 %).
    /// @return WAD
    function emissionShare() external view returns (uint256);

    /// @notice Shares of the day's means.
    /// @return WAD, in the order of `Purpose`; together one
    function shares() external view returns (uint256[4] memory);

    /// @notice What may still be minted today: the day's budget less what was minted, and never past the hard cap.
    /// @dev The budget is `emissionShare * totalSupply * min(1, M)`, rounded down to 1e-9 FTNS (holders gain), fixed by the
    /// first payment of the day.
    /// @return FTNS, 18 decimals; zero in recovery mode, and while `M` cannot be read
    function budgetLeft() external view returns (uint256);

    /// @notice Today's means, what was paid out of them and what each purpose can still be paid.
    /// @return see DayBudget
    function dayBudget() external view returns (DayBudget memory);

    /// @notice What a contribution worth `value` earns an account of tier `tier` now, and how it would be paid.
    /// @dev Warning: other rewards of the same block can use up the share first; `earned` stays the same while `M` does.
    /// @param kind as ContributionKind: says whether `M` counts
    /// @param value FTNS, 18 decimals
    /// @param tier NONE earns nothing
    /// @return earned `fromFunds + minted + deferred`
    /// @return fromFunds out of the pool's own funds
    /// @return minted newly created
    /// @return deferred would become claimable
    /// @return vesting would vest: all of it, and then the other three are nothing
    function previewReward(uint8 kind, uint256 value, Tier tier)
        external
        view
        returns (uint256 earned, uint256 fromFunds, uint256 minted, uint256 deferred, uint256 vesting);

    /// @notice Tells the pool its token and the source of `M`. Once. Restricted to governance.
    /// @dev Reverts with `AlreadyInitialized`, `NotAContract` or `PoolOfAnotherToken`.
    /// @param token_ must name this pool as its own
    /// @param multiplierSource_ read once here
    function initialize(IFTNSToken token_, IMultiplierSource multiplierSource_) external;

    /// @notice Pays `account` for a contribution. Restricted to the rewarder.
    /// Reverts when `M` cannot be read: a reward of unknown size is not paid, and the proof stays unused for another try.
    /// @param account who earned it
    /// @param kind as ContributionKind: says whether `M` counts
    /// @param value worth of the contribution before multipliers
    /// @param tier the account's tier once this contribution counts; NONE earns nothing
    /// @return earned `value * M * tierMultiplier`, rounded down once (the pool gains)
    /// @return deferred the part of `earned` that did not fit today and became claimable
    /// @return vesting `earned` where that is above `vestingThreshold`: nothing is paid, and it is claimable once it has vested
    function reward(address account, uint8 kind, uint256 value, Tier tier)
        external
        returns (uint256 earned, uint256 deferred, uint256 vesting);

    /// @notice Pays `account` for leaves of batches, each at the `M` of its batch. Restricted to the rewarder. In the event its kind is 255,
    /// and the multiplier the mean of theirs, weighted by value (rounded down).
    /// @dev Reverts with `MultiplierOutOfBounds` or `ValueOutOfBounds`, and where the day's budget needs a present `M` that cannot be read.
    /// @param account who earned it
    /// @param value worth of all of them before multipliers
    /// @param scaled sum of the values, each times its multiplier (wei times WAD)
    /// @param tier the account's tier once all of them count; NONE earns nothing
    /// @return earned `scaled * tierMultiplier`, rounded down once (the pool gains)
    /// @return deferred the part of `earned` that did not fit today and became claimable
    function rewardLeaves(address account, uint256 value, uint256 scaled, Tier tier)
        external
        returns (uint256 earned, uint256 deferred);

    /// @notice Pays yield: `earned` from funds, then by minting; then `recycled` out of what funds are left and never by minting:
    /// only contributors earn new FTNS. Restricted to the yield payer, which keeps what is unpaid as owed: the pool does not.
    /// @param account who earned it
    /// @param earned as far as contribution covers the stake (FTNS, 18 decimals)
    /// @param recycled the rest (FTNS, 18 decimals)
    /// @return unpaidEarned part of `earned` that did not fit
    /// @return unpaidRecycled part of `recycled` that did not fit
    function payYield(address account, uint256 earned, uint256 recycled)
        external
        returns (uint256 unpaidEarned, uint256 unpaidRecycled);

    /// @notice Pays `account` for a keeper's work, out of funds and never by minting. Restricted to the keeper payer, which caps
    /// what it asks for. What does not fit is not paid and not owed.
    /// @param account who is paid
    /// @param amount FTNS, 18 decimals
    /// @return paid `amount`, or what fits if that is less
    function payKeeper(address account, uint256 amount) external returns (uint256 paid);

    /// @notice Pays the caller as much of its claimable balance as fits now.
    /// @dev Reverts with `NothingToClaim` or `NothingPayableNow`.
    /// @return paid FTNS, 18 decimals
    function claim() external returns (uint256 paid);

    /// @notice The same for `account`, which signed it (EIP-712 `Claim{account, nonce, deadline}`, by its key or, where it has
    /// code, by ERC-1271). Anyone may send it; only `account` is paid.
    /// @dev Reverts as `claim`, or with `ClaimExpired` or `InvalidClaimSignature`.
    /// @param account who is paid
    /// @param deadline last second in which the signature counts
    /// @param signature of `account`, for its present `nonces(account)`
    /// @return paid FTNS, 18 decimals
    function claimFor(address account, uint256 deadline, bytes calldata signature) external returns (uint256 paid);

    /// @notice Makes the reward of a proof claimable. Restricted to the vester, which knows that it has vested.
    /// @dev Reverts with `VestingOver` or `MoreThanVests`.
    /// @param proofHash vests once
    /// @param account who earned it
    /// @param amount FTNS, 18 decimals
    function vest(bytes32 proofHash, address account, uint256 amount) external;

    /// @notice Takes back the reward of a cancelled proof that had not vested. Restricted to the vester.
    /// @dev Reverts with `VestingOver` or `MoreThanVests`.
    /// @param proofHash vests no more
    /// @param account who had earned it
    /// @param amount FTNS, 18 decimals
    function cancelVesting(bytes32 proofHash, address account, uint256 amount) external;

    /// @notice Takes back what a cancelled proof left claimable. Restricted to the vester and governance.
    /// @param account who had earned it
    /// @param amount FTNS, 18 decimals
    /// @return cancelled `amount`, or the claimable balance if that is less
    function cancelClaimable(address account, uint256 amount) external returns (uint256 cancelled);

    /// @notice Names the one that may `reward` without a role. Restricted to governance.
    /// @dev Warning: it decides alone who is paid for contributions: within their share of the day's means, and beyond it as
    /// debt.
    /// @param rewarder_ a contract
    function setRewarder(address rewarder_) external;

    /// @notice Names the one that may `payYield` without a role. Restricted to governance.
    /// @param yieldPayer_ a contract
    function setYieldPayer(address yieldPayer_) external;

    /// @notice Names the one that may `payKeeper` without a role. Restricted to governance.
    /// @param keeperPayer_ a contract
    function setKeeperPayer(address keeperPayer_) external;

    /// @notice Names the one that says what has vested. Restricted to governance.
    /// @dev Warning: it decides alone which debts become claimable, within `totalVesting`.
    /// @param vester_ a contract
    function setVester(address vester_) external;

    /// @notice Sets above what the reward of a single proof vests, for proofs from now on. Restricted to governance.
    /// @param threshold FTNS, 18 decimals, 100 to 5,000, whole FTNS
    function setVestingThreshold(uint256 threshold) external;

    /// @notice Replaces the source of `M`. Restricted to governance.
    /// @dev Warning: rewards revert while the source fails or names an `M` outside 0.1 to 10.
    /// @param multiplierSource_ read once here
    function setMultiplierSource(IMultiplierSource multiplierSource_) external;

    /// @notice Sets the earning multipliers of NONE (must be 0), BASIC, ACTIVE and POWER (not descending). Restricted to
    /// governance.
    /// @param multipliers WAD, by Tier, at most 3e18, multiples of 1e9
    function setTierMultipliers(uint256[4] calldata multipliers) external;

    /// @notice Sets the share of the supply that may be minted a day. A day whose budget is fixed keeps it. Restricted to
    /// governance.
    /// @param share WAD, at most 0.01e18
    function setEmissionShare(uint256 share) external;

    /// @notice Sets the shares of the day's means, at once; what remains is the contributions' and at least 20 %. Restricted to
    /// governance.
    /// @param yieldShare WAD, in whole basis points, as the other two
    /// @param claimsShare of rewards of earlier days
    /// @param servicesShare of keepers and other services
    function setShares(uint256 yieldShare, uint256 claimsShare, uint256 servicesShare) external;
}
