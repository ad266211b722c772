// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IKeeperJobs, PaymentRules, RateSources} from "../interfaces/IKeeperJobs.sol";
import {IPriceHistory} from "../interfaces/IPriceHistory.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Job} from "../types/Job.sol";
import {PaymentMath} from "./PaymentMath.sol";

/// @title KeeperPayments
/// @notice Pays for work that is done. How attempts to be paid more are prevented:
/// - Gas is measured, and nobody's code runs in between but the protocol's and that of proposals that passed a vote. What little
///   room arguments have for padding costs more than it earns. (Refunds for storage that a proposal clears cannot be seen.)
/// - The tip above the base fee goes to whoever builds the block, so it is capped, as are gas, its price, and the day's sum.
/// - A transaction that does several jobs is paid its base cost once.
/// - FTNS are valued at an average over an hour that is over, which no block can move.
/// - With too little gas for the payment everything reverts, so the gas given can neither choose the rate nor lose the payment.
abstract contract KeeperPayments is IKeeperJobs, AccessManaged {
    // Constants

    /// @dev Gas that is paid for and not measured: a transaction with the arguments of a small job, once in a transaction; and
    /// the transfer of the payment with its events. Both a little below what bench/ measures. What reports and proposals cost
    /// beyond that as calldata is up to the premium: paying by the byte would pay for padding.
    uint256 public constant BASE_OVERHEAD = 22_500;
    uint256 public constant PAYMENT_OVERHEAD = 50_000;

    /// @dev Gas for reading the rate, and for the pool's payment to an account that was not settled for years.
    uint256 public constant RATE_GAS = 150_000;
    uint256 public constant PAYMENT_GAS = 250_000;
    uint256 public constant PAYMENT_RESERVE = 450_000;

    uint256 public constant MAX_BASE_PREMIUM = 0.5e18;
    uint256 public constant MAX_PREMIUM = 2e18;
    uint256 public constant MIN_RISE = 1 hours;
    uint256 public constant MAX_RISE = 48 hours;
    uint256 public constant MIN_MAX_GAS = 200_000;
    uint256 public constant MAX_MAX_GAS = 10_000_000;
    uint256 public constant MAX_MAX_GAS_PRICE = 10_000 gwei;
    uint256 public constant MAX_MAX_TIP = 100 gwei;
    uint256 public constant MAX_DAILY_CAP = 10_000e18;
    uint256 public constant MIN_COIN_AGE = 10 minutes;
    uint256 public constant MAX_COIN_AGE = 48 hours;
    /// @dev FTNS per coin (WAD): from a millionth to more than there can ever be.
    uint256 public constant MIN_RATE = 1e12;
    uint256 public constant MAX_RATE = 1e27;
    uint256 private constant MAX_DECIMALS = 18;

    // Immutables

    IRewardPool public immutable REWARD_POOL;

    // Storage

    /// @dev Two slots; a payment writes the second.
    struct Rules {
        uint64 basePremium; // WAD
        uint64 maxPremium; // WAD
        uint32 riseSec;
        uint32 maxGas;
        uint64 maxGasPrice; // wei
        uint64 maxTip; // wei
        uint80 dailyCap; // FTNS
        uint80 paid; // FTNS, on `day`
        uint16 day; // protocol day
    }

    /// @dev Two slots.
    struct Rate {
        AggregatorV3Interface coinFeed;
        uint24 maxCoinAge; // seconds
        uint8 coinDecimals;
        uint96 fallbackRate; // FTNS per coin, WAD
    }

    /// @dev In memory: what the pool is asked for, and how it was worked out.
    struct Bill {
        uint256 gas;
        uint256 gasPrice; // wei
        uint256 amount; // FTNS
    }

    Rules private _rules;
    Rate private _rate;
    mapping(address executor => address) private _payees;
    /// @dev Whether this transaction's base cost is paid already.
    bool private transient _basePaid;

    // Constructor

    constructor(IRewardPool pool, AggregatorV3Interface coinFeed, uint256 fallbackRate) {
        if (address(pool).code.length == 0) revert NotAContract(address(pool));
        REWARD_POOL = pool;
        _setPaymentRules(
            PaymentRules({
                basePremium: 0.2e18,
                maxPremium: 1e18,
                riseSec: 6 hours,
                maxGas: 2_000_000,
                maxGasPrice: 200 gwei,
                maxTip: 2 gwei,
                dailyCap: 1_000e18
            })
        );
        _setRateSources(RateSources(coinFeed, 3 hours, fallbackRate));
    }

    // Views

    /// @inheritdoc IKeeperJobs
    function rate() public view returns (uint256 ftnsPerCoin, bool fromFeeds) {
        try this.feedRate{gas: RATE_GAS}() returns (uint256 found) {
            return (found, true);
        } catch {
            return (_rate.fallbackRate, false);
        }
    }

    /// @inheritdoc IKeeperJobs
    function feedRate() external view returns (uint256 ftnsPerCoin) {
        Rate memory sources = _rate;
        if (address(sources.coinFeed) == address(0)) revert NoCoinFeed();
        (, int256 answer,, uint256 updatedAt,) = sources.coinFeed.latestRoundData();
        bool fresh = updatedAt <= block.timestamp && updatedAt + sources.maxCoinAge >= block.timestamp;
        if (answer <= 0 || !fresh) revert CoinPriceUnusable(answer, updatedAt);
        uint256 ftnsPrice = _ftnsPrice();
        ftnsPerCoin = PaymentMath.rateOf(uint256(answer), sources.coinDecimals, ftnsPrice);
        if (ftnsPerCoin < MIN_RATE || ftnsPerCoin > MAX_RATE) revert RateOutOfBounds(ftnsPerCoin, MIN_RATE, MAX_RATE);
    }

    /// @inheritdoc IKeeperJobs
    function quote(uint256 gasUsed, uint256 gasPrice, uint256 lateSec) external view returns (uint256) {
        (uint256 ftnsPerCoin,) = rate();
        return _bill(Math.saturatingAdd(gasUsed, BASE_OVERHEAD), gasPrice, lateSec, ftnsPerCoin).amount;
    }

    /// @inheritdoc IKeeperJobs
    function paymentRules() public view returns (PaymentRules memory) {
        Rules memory rules = _rules;
        return PaymentRules({
            basePremium: rules.basePremium,
            maxPremium: rules.maxPremium,
            riseSec: rules.riseSec,
            maxGas: rules.maxGas,
            maxGasPrice: rules.maxGasPrice,
            maxTip: rules.maxTip,
            dailyCap: rules.dailyCap
        });
    }

    /// @inheritdoc IKeeperJobs
    function rateSources() external view returns (RateSources memory) {
        return RateSources(_rate.coinFeed, _rate.maxCoinAge, _rate.fallbackRate);
    }

    /// @inheritdoc IKeeperJobs
    function leftToday() public view returns (uint256) {
        return Math.saturatingSub(_rules.dailyCap, _paidToday());
    }

    /// @inheritdoc IKeeperJobs
    function payeeOf(address executor) public view returns (address) {
        address payee = _payees[executor];
        return payee == address(0) ? executor : payee;
    }

    // Writes

    /// @inheritdoc IKeeperJobs
    function setPayee(address payee) external {
        _setPayee(msg.sender, payee);
    }

    // Governance

    /// @inheritdoc IKeeperJobs
    function setPaymentRules(PaymentRules calldata rules) external restricted {
        _setPaymentRules(rules);
    }

    /// @inheritdoc IKeeperJobs
    function setRateSources(RateSources calldata sources) external restricted {
        _setRateSources(sources);
    }

    // Internals: paying

    /// @dev Where our own price is recorded.
    function _prices() internal view virtual returns (IPriceHistory);

    /// @dev Average of the latest hour that a round has closed (USD, 18 decimals), while that round is not too old to stand.
    function _ftnsPrice() private view returns (uint256 price) {
        IPriceHistory prices = _prices();
        uint256 staleAt = prices.lastRecord().staleAt;
        if (block.timestamp >= staleAt) revert FtnsPriceStale(staleAt);
        (price,) = prices.hourAverage(prices.latestHour());
    }

    /// @dev Pays the caller's payee for `job`, which began with `gasBefore` gas left. Reverts only when too little gas is left.
    function _payFor(Job job, uint256 gasBefore, uint256 lateSec) internal returns (uint256 paid) {
        // Check
        if (gasleft() < PAYMENT_RESERVE) revert GasTooLow(gasleft(), PAYMENT_RESERVE);
        (uint256 ftnsPerCoin,) = rate();
        uint256 gasUsed = gasBefore - gasleft() + (_basePaid ? 0 : BASE_OVERHEAD);
        Bill memory bill = _bill(gasUsed, tx.gasprice, lateSec, ftnsPerCoin);

        // Effect: counted in full first, and corrected when less was paid
        _basePaid = true;
        uint256 before = _paidToday();
        _countPaid(before + bill.amount);

        // Interaction
        address payee = payeeOf(msg.sender);
        paid = bill.amount == 0 ? 0 : _payFromPool(payee, bill.amount);
        if (paid != bill.amount) _countPaid(before + paid);
        emit JobDone(job, msg.sender, payee, bill.gas, bill.gasPrice, lateSec, ftnsPerCoin, paid);
    }

    /// @dev `gasUsed` lacks the payment's own.
    function _bill(uint256 gasUsed, uint256 gasPrice, uint256 lateSec, uint256 ftnsPerCoin)
        private
        view
        returns (Bill memory bill)
    {
        PaymentRules memory rules = paymentRules();
        bill.gas = Math.min(Math.saturatingAdd(gasUsed, PAYMENT_OVERHEAD), rules.maxGas);
        bill.gasPrice = PaymentMath.paidGasPrice(gasPrice, block.basefee, rules);
        bill.amount = PaymentMath.amount(bill.gas, bill.gasPrice, PaymentMath.premium(lateSec, rules), ftnsPerCoin);
        bill.amount = Math.min(bill.amount, leftToday());
    }

    /// @dev What the pool says it paid; zero when it fails for whatever reason, or says nothing. Only one word of its answer is
    /// ever copied.
    function _payFromPool(address payee, uint256 asked) private returns (uint256 paid) {
        bytes memory call_ = abi.encodeCall(IRewardPool.payKeeper, (payee, asked));
        address pool = address(REWARD_POOL);
        uint256 gasLimit = PAYMENT_GAS;
        assembly ("memory-safe") {
            let done := call(gasLimit, pool, 0, add(call_, 0x20), mload(call_), 0, 0x20)
            if and(done, gt(returndatasize(), 0x1f)) { paid := mload(0) }
        }
        return Math.min(paid, asked);
    }

    function _paidToday() private view returns (uint256) {
        return _rules.day == ProtocolTime.today() ? _rules.paid : 0;
    }

    /// @dev At most the highest cap, which fits 80 bits.
    function _countPaid(uint256 paid) private {
        _rules.day = uint16(ProtocolTime.today());
        _rules.paid = uint80(paid);
    }

    // Internals: settings

    function _setPayee(address executor, address payee) internal {
        _payees[executor] = payee;
        emit PayeeSet(executor, payeeOf(executor));
    }

    function _setPaymentRules(PaymentRules memory rules) private {
        _requireWithin("basePremium", rules.basePremium, 0, MAX_BASE_PREMIUM);
        _requireWithin("maxPremium", rules.maxPremium, rules.basePremium, MAX_PREMIUM);
        _requireWithin("riseSec", rules.riseSec, MIN_RISE, MAX_RISE);
        _requireWithin("maxGas", rules.maxGas, MIN_MAX_GAS, MAX_MAX_GAS);
        _requireWithin("maxGasPrice", rules.maxGasPrice, 0, MAX_MAX_GAS_PRICE);
        _requireWithin("maxTip", rules.maxTip, 0, MAX_MAX_TIP);
        _requireWithin("dailyCap", rules.dailyCap, 0, MAX_DAILY_CAP);
        _rules.basePremium = uint64(rules.basePremium);
        _rules.maxPremium = uint64(rules.maxPremium);
        _rules.riseSec = uint32(rules.riseSec);
        _rules.maxGas = uint32(rules.maxGas);
        _rules.maxGasPrice = uint64(rules.maxGasPrice);
        _rules.maxTip = uint64(rules.maxTip);
        _rules.dailyCap = uint80(rules.dailyCap);
        emit PaymentRulesSet(rules);
    }

    function _setRateSources(RateSources memory sources) private {
        _requireWithin("maxCoinAge", sources.maxCoinAge, MIN_COIN_AGE, MAX_COIN_AGE);
        _requireWithin("fallbackRate", sources.fallbackRate, MIN_RATE, MAX_RATE);
        uint256 decimals;
        if (address(sources.coinFeed) != address(0)) {
            if (address(sources.coinFeed).code.length == 0) revert NotAContract(address(sources.coinFeed));
            decimals = sources.coinFeed.decimals();
            _requireWithin("decimals", decimals, 0, MAX_DECIMALS);
        }
        _rate = Rate(sources.coinFeed, uint24(sources.maxCoinAge), uint8(decimals), uint96(sources.fallbackRate));
        emit RateSourcesSet(sources);
    }

    function _requireWithin(bytes32 setting, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert SettingOutOfBounds(setting, value, min, max);
    }
}
