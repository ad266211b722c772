// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AutomationCompatibleInterface} from
    "@chainlink/contracts/src/v0.8/automation/interfaces/AutomationCompatibleInterface.sol";
import {IReceiver} from "@chainlink/contracts/src/v0.8/keystone/interfaces/IReceiver.sol";
import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Job} from "../types/Job.sol";
import {ICronJob} from "./ICronJob.sol";

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
    /// Since when it has been due (seconds); 0 = nobody knows. Of several proposals: the longest.
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
    /// More than this above the block's base fee is not paid (wei of the chain's coin): the tip goes to whoever builds the block.
    uint256 maxTip;
    /// All that is paid in a protocol day (FTNS).
    uint256 dailyCap;
}

/// @notice What a coin of the chain is worth in FTNS.
struct RateSources {
    /// Chainlink feed of the coin in USD; zero = none.
    AggregatorV3Interface coinFeed;
    /// Oldest answer of it that is used (seconds).
    uint256 maxCoinAge;
    /// FTNS a coin (WAD), wherever the coin's or our own price is missing, stale or absurd.
    uint256 fallbackRate;
}

/// @title IKeeperJobs
/// @notice The jobs of the protocol's keepers, done and paid on-chain. Every job can be done without it, by anyone and unpaid;
/// this contract asks the same questions and makes the same calls, then pays whoever sent it.
///
/// Three doors lead to one description of each job (JobConditions): `workable` and `work`, which Maker's cron keepers call in
/// the shape of ICronJob; Chainlink Automation's `checkUpkeep` and `performUpkeep`; and the Chainlink Runtime Environment's
/// `onReport`. What passes through the latter two is `abi.encode(Job job, bytes args)`, as is the `args` of ICronJob.
///
/// `work(job, args)` reverts if and only if that job is not due with these arguments, the contract that it concerns does not
/// accept what was brought from outside, or too little gas was given. The views never revert, whatever the contracts they look at
/// do.
///
/// The payment, in FTNS, out of the reward pool's funds and never by minting:
///   gas    = min(gas measured + overhead, maxGas)
///   price  = min(tx.gasprice, block.basefee + maxTip, maxGasPrice)
///   amount = gas * price * (1 + premium(lateness)) * FTNS a coin, rounded down once: against the executor
/// and at most what is left of the day's cap and what the pool holds. A job whose payment fails for whatever reason is done all
/// the same; the event says what was paid, and nothing is owed.
interface IKeeperJobs is ICronJob, AutomationCompatibleInterface, IReceiver {
    /// @notice `executor` did `job`, and `payee` got `paid` FTNS for `gas` units of gas (overhead included, capped) at
    /// `gasPrice` wei, `lateSec` seconds after it was due, at `rate` FTNS a coin (WAD).
    event JobDone(
        Job indexed job,
        address indexed executor,
        address indexed payee,
        uint256 gas,
        uint256 gasPrice,
        uint256 lateSec,
        uint256 rate,
        uint256 paid
    );
    event PayeeSet(address indexed executor, address indexed payee);
    event PaymentRulesSet(PaymentRules rules);
    event RateSourcesSet(RateSources sources);
    event ForwarderSet(address indexed forwarder, address indexed workflowOwner, address indexed payee);

    /// @notice The job is not due with these arguments, or one of the contracts that would know does not answer.
    error NotWorkable(Job job);
    /// @notice What came through a door is not `abi.encode(Job job, bytes args)`.
    error MalformedTask();
    /// @notice The call went through and the job is due as before: nothing was done.
    error NothingDone(Job job);
    /// @notice Too little gas is left for the payment. Without this error an estimate of gas would find the amount with which
    /// the job is done and the payment runs out of gas.
    error GasTooLow(uint256 left, uint256 needed);
    error UnknownForwarder(address caller);
    error UnknownWorkflowOwner(address owner);
    /// @notice A forwarder comes with the owner of its workflows and with a payee, or not at all.
    error IncompleteForwarder();
    error NotAContract(address account);
    /// @notice A setting named `setting` was given a value outside its bounds.
    error SettingOutOfBounds(bytes32 setting, uint256 value, uint256 min, uint256 max);
    /// @notice The coin's feed has no positive answer, none that is young enough, or one from the future.
    error CoinPriceUnusable(int256 answer, uint256 updatedAt);
    error NoCoinFeed();
    error RateOutOfBounds(uint256 rate, uint256 min, uint256 max);

    // Views

    /// @notice The status of `job`. Never reverts: what cannot be read is not due.
    function workable(Job job) external view returns (JobStatus memory);

    /// @notice The status of all jobs. Never reverts.
    function jobs() external view returns (JobStatus[] memory);

    /// @notice Whether `job` is due with `args`, and since when (seconds; 0 = nobody knows). Reverts when one of the contracts
    /// that would know fails: the error tells why `workable` says no.
    function check(Job job, bytes calldata args) external view returns (bool due, uint256 dueSince);

    /// @notice Like `workable` for all jobs but TRIGGER_EMERGENCY, and reverts like `check`.
    function find(Job job) external view returns (bool due, bytes memory args, uint256 dueSince);

    /// @notice FTNS a coin (WAD), and whether it comes from the feeds. Never reverts.
    function rate() external view returns (uint256 ftnsPerCoin, bool fromFeeds);

    /// @notice The rate by the coin's feed and the average of our own price over the latest hour that is over. Reverts, with the
    /// reason, when one is missing, stale or absurd.
    function feedRate() external view returns (uint256 ftnsPerCoin);

    /// @notice What would be paid now for a transaction of one job that measures `gasUsed` units of gas, at `gasPrice` wei (before
    /// caps) and `lateSec` seconds late, if the pool has the funds (FTNS).
    function quote(uint256 gasUsed, uint256 gasPrice, uint256 lateSec) external view returns (uint256 amount);

    function paymentRules() external view returns (PaymentRules memory);

    function rateSources() external view returns (RateSources memory);

    /// @notice What may still be paid today (FTNS).
    function leftToday() external view returns (uint256);

    /// @notice Who receives what `executor` earns: itself, unless it named somebody.
    function payeeOf(address executor) external view returns (address);

    /// @notice The contract of the Chainlink Runtime Environment that may call `onReport`; zero = none.
    function forwarder() external view returns (address);

    /// @notice The owner of the workflows whose reports are accepted.
    function workflowOwner() external view returns (address);

    // Writes

    /// @notice Does `job` and pays the caller's payee. Anyone may call it.
    /// @return paid FTNS; simulated with the gas price of a transaction, it tells whether going through here is worth it
    function work(Job job, bytes calldata args) external returns (uint256 paid);

    /// @notice Has what the caller earns from now on sent to `payee`; zero = to the caller.
    function setPayee(address payee) external;

    // Governance (restricted)

    function setPaymentRules(PaymentRules calldata rules) external;

    /// @notice Names the coin's feed (at most 18 decimals; zero takes it away), its oldest answer and the fallback.
    function setRateSources(RateSources calldata sources) external;

    /// @notice Names the forwarder that may call `onReport`, whose workflows, and who is paid. All zero = nobody may.
    function setForwarder(address forwarder_, address workflowOwner_, address payee) external;
}
