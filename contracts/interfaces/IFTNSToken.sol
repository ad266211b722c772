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
}

/// @notice Everything that decides what an account holds and owes, as of now.
struct AccountView {
    /// Balance net of demurrage due (FTNS, 18 decimals).
    uint256 balance;
    /// Demurrage due and not settled yet.
    uint256 dueFee;
    /// Activity `V`: 30-day exponential memory of counted transfers and rewards (FTNS, 18 decimals).
    uint256 activity;
    /// What it may still lend to the activity of those it trades with, while it is BASIC or higher (FTNS, 18 decimals). Only
    /// proofs fill it.
    uint256 capacity;
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
    /// First day after grace (0 = no grace running). Before it, demurrage takes no balance below `GRACE_ALLOWANCE`.
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
    /// @notice `account` may lend `capacity` to others' activity from now on (FTNS, 18 decimals). What transfers use up since
    /// then is not told again, nor that a change of class takes it.
    event CapacitySet(address indexed account, uint256 capacity);
    /// @notice Before day `graceUntil` demurrage takes the balance of `account` not below the allowance.
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

    /// @notice `minter` may mint and pay rewards without asking the access manager.
    event MinterSet(address indexed minter);
    /// @notice `registrar` may set tier schedules without asking the access manager.
    event RegistrarSet(address indexed registrar);

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
    /// @notice No balance can be so large.
    error AmountTooLarge(uint256 amount, uint256 max);

    /// @notice Hard cap of the supply: 1,000,000,000 FTNS.
    /// @return 18 decimals
    function MAX_SUPPLY() external view returns (uint256);

    /// @notice Where demurrage goes.
    /// @return exempt for ever
    function REWARD_POOL() external view returns (address);

    /// @notice Demurrage takes the balance of an account in grace not below this: 100 FTNS.
    /// @return 18 decimals
    function GRACE_ALLOWANCE() external view returns (uint256);

    /// @notice The contract that mints and pays rewards: the reward pool. The access manager is not asked about it.
    /// @return zero before the first `setMinter`
    function minter() external view returns (address);

    /// @notice The contract that sets tier schedules: the contributor registry. The access manager is not asked about it.
    /// @return zero before the first `setRegistrar`
    function registrar() external view returns (address);

    /// @notice Everything about `account`, with the fee that comes next.
    /// @param account any address
    /// @return balance, dues, activity, tier and the next fee (units: see AccountView)
    function accountOf(address account) external view returns (AccountView memory);

    /// @notice Tier of `account` on protocol day `day`, by its present schedule.
    /// @dev Warning: a day in the future tells what holds if nothing more is contributed. A recognised contract is charged as
    /// BASIC and has contributed nothing: whoever asks for contributors asks the registry.
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

    /// @notice Time until which either holds, halt or recovery mode (seconds); in the past or zero when neither does.
    /// @return the later of `haltedUntil` and `recoveryUntil`
    function restrictedUntil() external view returns (uint256);

    /// @notice For how long transfers have been halted or recovery mode has been on, in all. So `block.timestamp` less this is a clock
    /// that stands still while they are.
    /// @return seconds
    function restrictedSeconds() external view returns (uint256);

    /// @notice What `account` may still move today because of a halt or recovery mode: all there is when neither holds.
    /// @param account any address
    /// @return FTNS (18 decimals), net of demurrage due; it can fall with the next payment or day boundary
    function movable(address account) external view returns (uint256);

    /// @notice What a wallet of tier NONE without activity pays, that held `amount` at the end of `fromDay` and moved nothing,
    /// at the boundaries of the days after it through `throughDay`, by the parameters and freezes of those days.
    /// @dev The same code as for any account. Reverts with `SettleDayOutOfBounds` when `throughDay` has not come or is before
    /// `fromDay`, and with `AmountTooLarge`. The cost grows with the changes of parameters in between, as for an account that
    /// slept through them; whoever may have too long a past asks for it in parts.
    /// @param amount at most 2^90 - 1 (FTNS, 18 decimals)
    /// @param fromDay protocol day
    /// @param throughDay protocol day, at most today
    /// @return fee rounded down: the holder gains (FTNS, 18 decimals)
    function demurrageOf(uint256 amount, uint256 fromDay, uint256 throughDay) external view returns (uint256 fee);

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

    /// @notice Creates `amount` for `to` within the cap; it counts as nobody's activity. For the minter, or by role.
    /// @dev Reverts with `SupplyCapExceeded`, or in recovery mode with `MintingStopped`.
    /// @param to who receives it; settled first
    /// @param amount 18 decimals
    function mint(address to, uint256 amount) external;

    /// @notice Pays a reward: `fromFunds` of the caller's own tokens and `minted` new ones. All of it counts as activity of
    /// `to`, unless that is pooled or exempt, because it took work; it uses up nobody's capacity and gives the caller
    /// nothing. For the minter, or by role.
    /// @dev Warning: whoever may call it makes activity out of nothing. Reverts as `mint` does if something is minted, as a
    /// transfer does if something is paid from funds, and with `ERC20InvalidReceiver` for the zero account or the caller.
    /// @param to who receives it; settled first
    /// @param fromFunds 18 decimals; may be zero
    /// @param minted 18 decimals; may be zero
    function payReward(address to, uint256 fromFunds, uint256 minted) external;

    /// @notice Counts `amount` that `account` paid as its activity, unless it is pooled or exempt. By role: for the router of usage, which
    /// knows what was paid out of channels.
    /// @dev Warning: whoever may call it makes activity out of nothing. No balance changes.
    /// @param account settled first
    /// @param amount less than 2^255 (FTNS, 18 decimals), rounded down to 2^30 wei
    function creditActivity(address account, uint256 amount) external;

    /// @notice Sets the last days of the tiers of `account` and fills its capacity: `min(capacity + capacityAdded,
    /// capacityLimit)`, both rounded down to whole units of 2^54 wei (the pool gains) and at most 2^26 - 1 of them. For the
    /// registrar, or by role.
    /// @param account must be STANDARD, else `NotStandardAccount`; settled first
    /// @param schedule nested, at most 120 days ahead
    /// @param capacityAdded 18 decimals; zero where nothing was proven
    /// @param capacityLimit 18 decimals; the largest uint256 leaves the capacity as it is, less cuts it
    /// @param graceUntil first protocol day after a grace that starts now, at most 365 days ahead; zero starts none
    function setTierSchedule(
        address account,
        TierSchedule calldata schedule,
        uint256 capacityAdded,
        uint256 capacityLimit,
        uint256 graceUntil
    ) external;

    /// @notice Changes the demurrage parameters from the next day boundary on, for everyone. Restricted to governance.
    /// @param parameters_ WAD; rates are rounded down to a basis point a month
    function setParameters(DemurrageParameters calldata parameters_) external;

    /// @notice Sets what sort of account `account` is. Restricted to governance.
    /// @dev Warning: the account loses its capacity, and if it becomes POOLED its activity. Reverts with
    /// `AccountIsContributor`, `ExemptMustBeContract` or, for the reward pool, `NotStandardAccount`.
    /// @param account settled first
    /// @param accountClass what it becomes
    function setAccountClass(address account, AccountClass accountClass) external;

    /// @notice Names the contract that mints and pays rewards. Restricted to governance.
    /// @dev Warning: it may mint up to the cap. Reverts with `CallerWithoutCode`.
    /// @param minter_ the reward pool
    function setMinter(address minter_) external;

    /// @notice Names the contract that sets tier schedules. Restricted to governance.
    /// @dev Warning: it decides who pays which rate. Reverts with `CallerWithoutCode`.
    /// @param registrar_ the contributor registry
    function setRegistrar(address registrar_) external;

    /// @notice Stops transfers until `until` (seconds, at most 72 hours away). Restricted to the breaker.
    /// @dev Warning: it replaces a halt that is running, so it can also shorten it.
    /// @param until seconds; else `HaltOutOfBounds`
    function halt(uint256 until) external;

    /// @notice Ends a halt before its time. Restricted to the breaker.
    /// @dev Reverts with `NotHalted`.
    function endHalt() external;

    /// @notice Until `until` (seconds, at most 7 days away) nothing is minted or charged, and an account that is neither exempt
    /// nor pooled moves at most a tenth of its balance a day. Restricted to the breaker.
    /// @dev Warning: it replaces a recovery that is running, so it can also shorten it.
    /// @param until seconds; else `RecoveryOutOfBounds`
    function startRecovery(uint256 until) external;

    /// @notice Ends recovery mode before its time. Restricted to the breaker.
    /// @dev Reverts with `NotInRecovery`.
    function endRecovery() external;
}
