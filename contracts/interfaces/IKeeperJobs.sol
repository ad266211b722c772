// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AutomationCompatibleInterface
} from "@chainlink/contracts/src/v0.8/automation/interfaces/AutomationCompatibleInterface.sol";
import {IReceiver} from "@chainlink/contracts/src/v0.8/keystone/interfaces/IReceiver.sol";
import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Job} from "../types/Job.sol";
import {ICronJob} from "./ICronJob.sol";
import {IDataFeeOracle} from "./IDataFeeOracle.sol";

/// @notice What the chain says about a job now.
struct JobStatus {
    Job job;
    /// There is something to do.
    bool due;
    /// `work(job, args)` does it. Otherwise somebody must bring what the chain does not know: signed reports, or the content of
    /// a proposal.
    bool complete;
    /// When `complete`: the arguments for `work`. For the two jobs about proposals: `abi.encode(uint256[] proposalIds)`, those
    /// that are due among the latest `LOOK_BACK`. Otherwise empty.
    bytes args;
    /// Since when it has been due (seconds); 0 = unknown. Of several proposals: the longest.
    uint256 dueSince;
}

/// @notice How the executor of a job is paid. Each has bounds in code.
struct PaymentRules {
    /// What comes on top of the cost when a job is done on time, and once it is `riseSec` late (WAD of the cost). Linear between.
    uint256 basePremium;
    uint256 maxPremium;
    uint256 riseSec;
    /// More gas than this is not paid for (gas a job).
    uint256 maxGas;
    /// More than this for a unit of gas is not paid (wei of the chain's coin).
    uint256 maxGasPrice;
    /// All gas that is paid for in a protocol day: enough whatever FTNS are worth. What it costs in FTNS the reward pool bounds.
    uint256 dailyGas;
}

/// @notice What a coin of the chain is worth in FTNS.
struct RateSources {
    /// Chainlink feed of the coin in USD; zero = none.
    AggregatorV3Interface coinFeed;
    /// Oldest answer of it that is used (seconds).
    uint256 maxCoinAge;
    /// FTNS per coin (WAD), wherever the coin's or our own price is missing, stale or absurd.
    uint256 fallbackRate;
}

/// @notice What a rollup takes for publishing a transaction's data, beside gas.
struct DataFees {
    /// Who tells it; zero = nobody, and nothing is paid for data.
    IDataFeeOracle oracle;
    /// More than this is not paid for a job, whatever the oracle says (wei of the chain's coin).
    uint256 maxFee;
}

/// @title IKeeperJobs
/// @notice The jobs of the protocol's keepers, done and paid on-chain. Every job can be done without it, by anyone and unpaid;
/// this contract asks the same questions and makes the same calls, then pays whoever sent it.
///
/// There are three entry points and one description of each job (JobConditions): `workable` and `work`, which Maker's cron
/// keepers call in the shape of ICronJob; Chainlink Automation's `checkUpkeep` and `performUpkeep`; and the Chainlink Runtime
/// Environment's `onReport`. What passes through the latter two is a task, `abi.encode(Job job, bytes args, address payee)`, as is
/// the `args` of ICronJob.
///
/// `work(job, args, payee)` reverts if and only if that job is not due with these arguments, the contract that it concerns does not
/// accept what was brought from outside, or too little gas was given. The views never revert, whatever the contracts they look at
/// do.
///
/// Who is paid is named in the call's data, never stored: a network calls through forwarders that could not move what they got.
/// Where nobody is named, `work` pays its caller; `performUpkeep` and `onReport`, whose callers are forwarders, pay nobody, and
/// the work is done. Whoever copies a transaction from the public pool and puts in another payee may be first, as with
/// every job that is open to all; what was paid once is nobody else's.
///
/// The payment, in FTNS, out of the reward pool's funds and never by minting:
///   gas    = min(gas measured + overhead, maxGas, what is left of the day's gas)
///   base   = min(block.basefee, tx.gasprice, maxGasPrice)
///   tip    = min(tx.gasprice - base, base / 5), and with the base at most maxGasPrice
///   amount = (gas * base * (1 + premium(lateness)) + gas * tip + data fee) * FTNS per coin, rounded down once: against the executor
/// and at most what the pool has for keepers today. To execute a proposal is never late: its maker could decide how long it
/// waits. The data fee is a rollup's, if governance named who tells it. A job whose payment fails for whatever reason is done
/// all the same; the event says what was paid, and nothing is owed.
interface IKeeperJobs is ICronJob, AutomationCompatibleInterface, IReceiver {
    /// @notice `executor` did `job`, and `payee` (zero: nobody) got `paid` FTNS for `gas` units of gas (overhead included, capped) at
    /// `baseFee` and `tip` wei and for a data fee of `dataFee` wei, `lateSec` seconds after it was due, at `rate` FTNS per coin
    /// (WAD).
    event JobDone(
        Job indexed job,
        address indexed executor,
        address indexed payee,
        uint256 gas,
        uint256 baseFee,
        uint256 tip,
        uint256 dataFee,
        uint256 lateSec,
        uint256 rate,
        uint256 paid
    );
    event PaymentRulesSet(PaymentRules rules);
    event RateSourcesSet(RateSources sources);
    event DataFeesSet(DataFees fees);
    /// @param forwarder zero for none
    event ForwarderSet(address indexed forwarder, address indexed workflowOwner);

    /// @notice The job is not due by the rules of pay, or these are no arguments of it. What the called contract checks itself it
    /// refuses with its own error.
    error NotWorkable(Job job);
    /// @notice The payload is not `abi.encode(Job job, bytes args, address payee)`.
    error MalformedTask();
    /// @notice The call went through and left no trace: no round, or no more time whose price is known.
    error NothingDone(Job job);
    /// @notice Too little gas is left for the payment. Without this error an estimate of gas could find an amount with which
    /// the job is done but the payment runs out of gas.
    error GasTooLow(uint256 left, uint256 needed);
    /// @notice Only the forwarder may bring reports.
    error UnknownForwarder(address caller);
    /// @notice The report comes from somebody else's workflow.
    error UnknownWorkflowOwner(address owner);
    /// @notice A forwarder comes with the owner of its workflows, or not at all.
    error IncompleteForwarder();
    /// @notice `account` has no code, so it cannot be the contract it is said to be.
    error NotAContract(address account);
    /// @notice A setting named `setting` was given a value outside its bounds.
    error SettingOutOfBounds(bytes32 setting, uint256 value, uint256 min, uint256 max);
    /// @notice The coin's feed has no positive answer, none that is young enough, or one from the future.
    error CoinPriceUnusable(int256 answer, uint256 updatedAt);
    /// @notice Our own price has no round that still stands.
    /// @param staleAt since when (seconds)
    error FtnsPriceStale(uint256 staleAt);
    /// @notice No feed of the coin is set; the fallback rate is used.
    error NoCoinFeed();
    /// @param rate FTNS per coin (WAD)
    error RateOutOfBounds(uint256 rate, uint256 min, uint256 max);

    // Views

    /// @notice The status of `job`. Never reverts: what cannot be read is not due.
    /// @param job the job
    /// @return whether it is due and, where the chain knows them, the arguments of `work`
    function workable(Job job) external view returns (JobStatus memory);

    /// @notice The status of all jobs. Never reverts.
    /// @return the most urgent first
    function jobs() external view returns (JobStatus[] memory);

    /// @notice Whether `job` is due with `args`, and since when (seconds; 0 = unknown). Reverts when one of the contracts
    /// that would know fails: the error tells why `workable` says no.
    /// @dev Warning: this view and `find` may use much gas when a contract they look at is broken. Call them with a bound
    /// on gas.
    /// @param job the job
    /// @param args the arguments of `work`
    /// @return due whether `work` would do it
    /// @return dueSince seconds
    function check(Job job, bytes calldata args) external view returns (bool due, uint256 dueSince);

    /// @notice Like `workable` for all jobs but TRIGGER_EMERGENCY, and reverts like `check`.
    /// @param job the job
    /// @return due whether there is something to do
    /// @return args the arguments of `work`, as far as the chain knows them
    /// @return dueSince seconds
    function find(Job job) external view returns (bool due, bytes memory args, uint256 dueSince);

    /// @notice FTNS per coin (WAD), and whether it comes from the feeds. Never reverts.
    /// @return ftnsPerCoin WAD
    /// @return fromFeeds false for the fallback
    function rate() external view returns (uint256 ftnsPerCoin, bool fromFeeds);

    /// @notice The rate by the coin's feed and the average of our own price over the latest hour that is over. Reverts, with the
    /// reason, when one is missing, stale or absurd.
    /// @return ftnsPerCoin WAD
    function feedRate() external view returns (uint256 ftnsPerCoin);

    /// @notice What would be paid now for a transaction of one job that measures `gasUsed` units of gas, in a block with a base fee of
    /// `baseFee` wei (nodes show views none), at `gasPrice` wei (before caps) and `lateSec` seconds late, if the pool has the
    /// funds (FTNS); without a fee for data.
    /// @param gasUsed units of gas, without the two overheads
    /// @param baseFee wei
    /// @param gasPrice wei, tip included
    /// @param lateSec seconds
    /// @return amount FTNS, 18 decimals
    function quote(uint256 gasUsed, uint256 baseFee, uint256 gasPrice, uint256 lateSec)
        external
        view
        returns (uint256 amount);

    /// @notice How executors are paid.
    /// @return units: see PaymentRules
    function paymentRules() external view returns (PaymentRules memory);

    /// @notice Where the rate comes from.
    /// @return units: see RateSources
    function rateSources() external view returns (RateSources memory);

    /// @notice Who tells what a rollup takes for data, and up to which fee it is believed.
    /// @return units: see DataFees
    function dataFees() external view returns (DataFees memory);

    /// @notice What may still be paid for today (gas).
    /// @return units of gas; the pool may hold less
    function gasLeftToday() external view returns (uint256);

    /// @notice The contract of the Chainlink Runtime Environment that may call `onReport`; zero = none.
    /// @return zero for none
    function forwarder() external view returns (address);

    /// @notice The owner of the workflows whose reports are accepted.
    /// @return zero for none
    function workflowOwner() external view returns (address);

    // Writes

    /// @notice Does `job` and pays `payee`. Anyone may call it.
    /// @dev Reverts with `NotWorkable`, `NothingDone`, `GasTooLow` or what the called contract reverts with. Warning: of
    /// two executors in one block the second reverts and pays its gas. A payment that fails does not revert, and nothing is
    /// owed for it.
    /// @param job the job
    /// @param args as `workable` gave them, or brought from outside
    /// @param payee who is paid; zero for the caller
    /// @return paid FTNS; simulated with the gas price of a transaction, it tells whether going through here is worth it
    function work(Job job, bytes calldata args, address payee) external returns (uint256 paid);

    // Governance (restricted)

    /// @notice Sets how executors are paid, from now on.
    /// @param rules else `SettingOutOfBounds`, with the name of the field
    function setPaymentRules(PaymentRules calldata rules) external;

    /// @notice Names the coin's feed (at most 18 decimals; zero takes it away), its oldest answer and the fallback.
    /// @param sources else `SettingOutOfBounds` or `NotAContract`
    function setRateSources(RateSources calldata sources) external;

    /// @notice Names who tells the fee for data (zero: nobody), and the highest that is paid for a job.
    /// @param fees else `SettingOutOfBounds` or `NotAContract`
    function setDataFees(DataFees calldata fees) external;

    /// @notice Names the forwarder that may call `onReport`, and whose workflows. Both zero: nobody may call it.
    /// @dev Warning: whoever controls the forwarder decides what it reports, and who is paid. It can only have jobs done that
    /// are due.
    /// @param forwarder_ the contract that calls `onReport`
    /// @param workflowOwner_ owner of the workflows
    function setForwarder(address forwarder_, address workflowOwner_) external;
}
