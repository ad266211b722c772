// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @notice What sort of account the protocol treats an address as.
enum AccountClass {
    /// A person or a contract like any other.
    STANDARD,
    /// A contract whose payments count as real activity for its counterparties. It is charged as tier BASIC.
    RECOGNISED,
    /// A vault that pools other people's tokens: earns no activity and no tier, so it decays at the top rate.
    POOLED,
    /// One of the protocol's own contracts whose exit takes time or a vote: never charged.
    EXEMPT
}

/// @notice Demurrage parameters. All rates and modifiers are WAD.
struct DemurrageParameters {
    /// Monthly rate by band, lowest velocity last: bands >= 1.0, >= 0.7, >= 0.3 and below 0.3 of the target velocity.
    uint256[4] monthlyRate;
    /// Modifier of the rate by tier: NONE, BASIC, ACTIVE, POWER.
    uint256[4] tierModifier;
    /// Upper limit of the rate after the modifier, a month.
    uint256 monthlyCap;
    /// Share of a transfer that counts as activity when the counterparty is no contributor.
    uint256 unverifiedWeight;
}

/// @notice Everything that decides what an account holds and owes, as of now.
struct AccountView {
    /// Balance net of demurrage due (FTNS, 18 decimals).
    uint256 balance;
    /// Demurrage due and not settled yet.
    uint256 dueFee;
    /// Activity `V`: 30-day exponential memory of counted transfers (FTNS, 18 decimals).
    uint256 activity;
    /// Monthly velocity `V / balance` (WAD; the largest uint256 when the balance is zero).
    uint256 velocity;
    /// Velocity band, 0 (fastest) to 3 (slowest).
    uint256 band;
    /// Tier today.
    Tier tier;
    /// Monthly rate after modifier and cap (WAD) that the latest parameters give to the band and tier of today, ignoring
    /// grace, exemption and freezes.
    uint256 monthlyRate;
    /// Last day of each tier.
    TierSchedule schedule;
    /// First day that is charged after grace (0 = no grace running).
    uint256 graceUntil;
    AccountClass accountClass;
    /// Day up to which the account is settled.
    uint256 settledDay;
    /// Fee that the next day boundary takes if nothing moves before it.
    uint256 nextFee;
    /// Time of that boundary (seconds).
    uint256 nextFeeAt;
}

/// @title IFTNSToken
/// @notice ERC-20 with EIP-2612 permit whose balances pay demurrage for standing still.
/// The law of the accounting stands at the head of FTNSToken.sol.
interface IFTNSToken is IERC20 {
    /// @notice `parameters` govern the day boundaries from day `fromDay` on.
    /// @param parameters WAD
    event ParametersChanged(uint256 indexed fromDay, DemurrageParameters parameters);
    /// @notice Last days of each tier of `account` changed.
    event TierScheduleSet(address indexed account, TierSchedule schedule);
    /// @notice `account` pays no demurrage before day `graceUntil`.
    event GraceStarted(address indexed account, uint256 graceUntil);
    /// @notice `account` is treated as `accountClass` from now on.
    event AccountClassSet(address indexed account, AccountClass accountClass);
    /// @notice Transfers are halted until `until` (seconds); the boundaries of days `fromDay` to `throughDay` charge nothing.
    event Halted(uint256 until, uint256 fromDay, uint256 throughDay);
    /// @notice A halt was ended before its time.
    event HaltEnded();
    /// @notice Recovery mode until `until` (seconds); the boundaries of days `fromDay` to `throughDay` charge nothing.
    event RecoveryStarted(uint256 until, uint256 fromDay, uint256 throughDay);
    /// @notice Recovery mode was ended before its time.
    event RecoveryEnded();

    /// @param supplyAfter what the supply would be (18 decimals)
    error SupplyCapExceeded(uint256 supplyAfter, uint256 cap);
    /// @param until when transfers go on (seconds)
    error TransfersHalted(uint256 until);
    /// @param index band, 0 to 3
    /// @param rate WAD a month, as `max`
    error RateOutOfBounds(uint256 index, uint256 rate, uint256 max);
    /// @notice A slower band (`index`) must not pay less than the faster one before it.
    error RatesNotAscending(uint256 index);
    /// @notice A higher tier must not pay more than a lower one, and none more than twice the rate.
    error ModifierOutOfBounds(uint256 tier, uint256 modifierWad, uint256 max);
    error CapOutOfBounds(uint256 cap, uint256 max);
    error WeightOutOfBounds(uint256 weight, uint256 max);
    /// @notice A higher tier must not last longer than a lower one.
    error ScheduleNotNested(TierSchedule schedule);
    /// @param latest last protocol day that may be granted today
    error ScheduleTooFar(uint256 throughDay, uint256 latest);
    /// @param graceUntil protocol day, as `earliest` and `latest`
    error GraceOutOfBounds(uint256 graceUntil, uint256 earliest, uint256 latest);
    /// @notice Only standard accounts have tiers and grace.
    error NotStandardAccount(address account, AccountClass accountClass);
    /// @notice A standard account that has a tier or grace keeps its class until they are over.
    error AccountIsContributor(address account);
    error ExemptMustBeContract(address account);
    /// @param until seconds, as `earliest` and `latest`
    error HaltOutOfBounds(uint256 until, uint256 earliest, uint256 latest);
    error NotHalted();
    /// @param until seconds, as `earliest` and `latest`
    error RecoveryOutOfBounds(uint256 until, uint256 earliest, uint256 latest);
    error NotInRecovery();
    /// @notice In recovery mode `account` may move only `left` more today.
    error RecoveryLimitExceeded(address account, uint256 value, uint256 left);
    /// @notice Recovery mode stops minting until `until` (seconds).
    error MintingStopped(uint256 until);
    error ZeroAccount();
    /// @param day protocol day, as `settledDay` and `today`
    error SettleDayOutOfBounds(uint256 day, uint256 settledDay, uint256 today);

    /// @notice Hard cap of the supply: 1,000,000,000 FTNS.
    /// @return 18 decimals
    function MAX_SUPPLY() external view returns (uint256);

    /// @notice Where demurrage goes.
    /// @return exempt for ever
    function REWARD_POOL() external view returns (address);

    /// @notice Everything about `account`, with the fee that comes next.
    /// @param account any address
    /// @return balance, dues, activity, tier and the next fee (units: see AccountView)
    function accountOf(address account) external view returns (AccountView memory);

    /// @notice Tier of `account` on protocol day `day`, by its present schedule.
    /// @dev Warning: a day in the future tells what holds if nothing more is contributed.
    /// @param account any address; NONE for accounts that are not standard or recognised
    /// @param day protocol day
    /// @return NONE to POWER; BASIC for recognised contracts
    function tierOn(address account, uint256 day) external view returns (Tier);

    /// @notice Demurrage parameters that govern the boundaries from tomorrow on.
    /// @return WAD
    function parameters() external view returns (DemurrageParameters memory);

    /// @notice Time until which transfers are halted (seconds); in the past or zero when they are not.
    /// @return zero before the first halt
    function haltedUntil() external view returns (uint256);

    /// @notice Time until which recovery mode holds (seconds); in the past or zero when it does not.
    /// @return zero before the first recovery
    function recoveryUntil() external view returns (uint256);

    /// @notice What `account` may still move today because of a halt or recovery mode: all there is when neither holds.
    /// @param account any address
    /// @return FTNS (18 decimals), net of demurrage due; it can fall with the next payment or day boundary
    function movable(address account) external view returns (uint256);

    /// @notice Takes the demurrage that `account` owes up to now. Anyone may call it; nobody's `balanceOf` changes.
    /// @param account any address
    /// @return fee demurrage moved to the reward pool
    function settle(address account) external returns (uint256 fee);

    /// @notice Like `settle`, but only through day `day`, for an account whose history is too long for one call.
    /// @dev Reverts with `SettleDayOutOfBounds`.
    /// @param account any address
    /// @param day protocol day, from the last settled one to today
    /// @return fee demurrage moved to the reward pool
    function settleThrough(address account, uint256 day) external returns (uint256 fee);

    /// @notice Creates `amount` for `to` within the cap. Restricted to minters.
    /// @dev Reverts with `SupplyCapExceeded`, or in recovery mode with `MintingStopped`.
    /// @param to who receives it; settled first
    /// @param amount 18 decimals
    function mint(address to, uint256 amount) external;

    /// @notice Sets the last days of the tiers of `account`. Restricted to the contributor registry.
    /// @param account must be STANDARD, else `NotStandardAccount`
    /// @param schedule nested, at most 120 days ahead
    function setTierSchedule(address account, TierSchedule calldata schedule) external;

    /// @notice Lets `account` pay nothing before day `graceUntil`. Restricted to the contributor registry.
    /// @param account must be STANDARD, else `NotStandardAccount`
    /// @param graceUntil first protocol day that is charged again; at most 365 days ahead
    function startGrace(address account, uint256 graceUntil) external;

    /// @notice Changes the demurrage parameters from the next day boundary on, for everyone. Restricted to governance.
    /// @dev Warning: `unverifiedWeight` counts from the next transfer on, everything else from the next day boundary.
    /// @param parameters_ WAD; rates are rounded down to a basis point a month, the weight to a per cent
    function setParameters(DemurrageParameters calldata parameters_) external;

    /// @notice Sets what sort of account `account` is. Restricted to governance.
    /// @dev Warning: an account that becomes POOLED loses its activity. Reverts with `AccountIsContributor`,
    /// `ExemptMustBeContract` or, for the reward pool, `NotStandardAccount`.
    /// @param account settled first
    /// @param accountClass what it becomes
    function setAccountClass(address account, AccountClass accountClass) external;

    /// @notice Stops transfers until `until` (seconds, at most 72 hours away). Restricted to the breaker.
    /// @dev Warning: it replaces a halt that is running, so it can also shorten it.
    /// @param until seconds; else `HaltOutOfBounds`
    function halt(uint256 until) external;

    /// @notice Ends a halt before its time. Restricted to the breaker.
    /// @dev Reverts with `NotHalted`.
    function endHalt() external;

    /// @notice Until `until` (seconds, at most 7 days away) nothing is minted or charged, and an account that is not exempt
    /// moves at most a tenth of its balance a day. Restricted to the breaker.
    /// @dev Warning: it replaces a recovery that is running, so it can also shorten it.
    /// @param until seconds; else `RecoveryOutOfBounds`
    function startRecovery(uint256 until) external;

    /// @notice Ends recovery mode before its time. Restricted to the breaker.
    /// @dev Reverts with `NotInRecovery`.
    function endRecovery() external;
}
