// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDataFeeOracle} from "../interfaces/IDataFeeOracle.sol";
import {DataFees, IKeeperJobs, PaymentRules, RateSources} from "../interfaces/IKeeperJobs.sol";
import {IPriceHistory} from "../interfaces/IPriceHistory.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Job} from "../types/Job.sol";
import {PaymentMath} from "./PaymentMath.sol";

/// @title KeeperPayments
/// @notice Pays for work that is done. How attempts to be paid more are prevented:
/// - Gas is measured, and nobody's code runs in between but the protocol's and that of proposals that passed a vote. What little
///   room arguments have for padding costs more than it earns. (Refunds for storage that a proposal clears cannot be seen.)
/// - The premium comes on the base fee, which is burned. The tip goes to whoever builds the block, so it is paid back without
///   premium and up to a fifth of the base fee. Gas, its price, and the day's gas are capped.
/// - A transaction that does several jobs is paid its base cost, and its data, once.
/// - FTNS are valued at an average over an hour that is over, which no block can move; and however they are valued, the pool pays
///   keepers no more than their share of its day.
/// - With too little gas for the payment everything reverts, so the gas given can neither choose the rate nor lose the payment.
abstract contract KeeperPayments is IKeeperJobs, AccessManaged {
    // Constants

    /// @dev Gas that is paid for and not measured: once in a transaction, its own cost with the arguments of a small job, and what
    /// its first payment touches for the first time; and for each payment the transfer with its events. Both a little below
    /// what tests measure. What reports and proposals cost beyond that as calldata is up to the premium: paying by the byte
    /// would pay for padding.
    uint256 public constant BASE_OVERHEAD = 43_500;
    uint256 public constant PAYMENT_OVERHEAD = 27_000;
    /// @dev Bytes of a transaction around the arguments of its job, as far as they do not compress to nothing.
    uint256 public constant DATA_OVERHEAD = 100;

    /// @dev Gas for reading the rate, for the fee for data, and for the pool's payment to an account that was not settled for
    /// years.
    uint256 public constant RATE_GAS = 150_000;
    uint256 public constant DATA_FEE_GAS = 50_000;
    uint256 public constant PAYMENT_GAS = 250_000;
    uint256 public constant PAYMENT_RESERVE = 500_000;

    uint256 public constant MAX_BASE_PREMIUM = 0.5e18;
    uint256 public constant MAX_PREMIUM = 2e18;
    uint256 public constant MIN_RISE = 1 hours;
    uint256 public constant MAX_RISE = 48 hours;
    uint256 public constant MIN_MAX_GAS = 200_000;
    uint256 public constant MAX_MAX_GAS = 10_000_000;
    uint256 public constant MAX_MAX_GAS_PRICE = 10_000 gwei;
    uint256 public constant MAX_DAILY_GAS = 200_000_000;
    uint256 public constant MAX_MAX_DATA_FEE = 0.1 ether;
    uint256 public constant MIN_COIN_AGE = 10 minutes;
    uint256 public constant MAX_COIN_AGE = 48 hours;
    /// @dev FTNS per coin (WAD): from a millionth to more than there can ever be.
    uint256 public constant MIN_RATE = 1e12;
    uint256 public constant MAX_RATE = 1e27;
    uint256 private constant MAX_DECIMALS = 18;

    // Immutables

    IRewardPool public immutable REWARD_POOL;

    // Storage

    /// @dev One slot.
    struct Rules {
        uint64 basePremium; // WAD
        uint64 maxPremium; // WAD
        uint64 maxGasPrice; // wei
        uint32 riseSec;
        uint32 maxGas;
    }

    /// @dev One slot, which a payment writes.
    struct Day {
        IDataFeeOracle dataFeeOracle;
        uint32 dailyGas;
        uint32 paidGas; // on `day`
        uint16 day; // protocol day
    }

    /// @dev Two slots; without a feed and an oracle the second is not read.
    struct Rate {
        AggregatorV3Interface coinFeed;
        uint96 fallbackRate; // FTNS per coin, WAD
        uint24 maxCoinAge; // seconds
        uint8 coinDecimals;
        uint64 maxDataFee; // wei
    }

    /// @dev In memory: what was done.
    struct Work {
        uint256 gasUsed; // without the payment's own
        uint256 baseFee; // wei
        uint256 gasPrice; // wei
        uint256 dataFee; // wei, capped
        uint256 lateSec;
    }

    /// @dev In memory: what the pool is asked for, and how it was worked out.
    struct Bill {
        uint256 gas;
        uint256 base; // wei for a unit of gas
        uint256 tip; // wei for a unit of gas
        uint256 dataFee; // wei
        uint256 rate; // FTNS per coin, WAD
        uint256 amount; // FTNS
    }

    Rules private _rules;
    Day private _day;
    Rate private _rate;
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
                dailyGas: 50_000_000
            })
        );
        _setRateSources(RateSources(coinFeed, 3 hours, fallbackRate));
    }

    // Views

    /// @inheritdoc IKeeperJobs
    function rate() public view returns (uint256 ftnsPerCoin, bool fromFeeds) {
        if (address(_rate.coinFeed) == address(0)) return (_rate.fallbackRate, false);
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
    function quote(uint256 gasUsed, uint256 baseFee, uint256 gasPrice, uint256 lateSec)
        external
        view
        returns (uint256)
    {
        (uint256 ftnsPerCoin,) = rate();
        Work memory work_ = Work(Math.saturatingAdd(gasUsed, BASE_OVERHEAD), baseFee, gasPrice, 0, lateSec);
        return _bill(work_, ftnsPerCoin, gasLeftToday()).amount;
    }

    /// @inheritdoc IKeeperJobs
    function paymentRules() external view returns (PaymentRules memory) {
        Rules memory rules = _rules;
        return PaymentRules({
            basePremium: rules.basePremium,
            maxPremium: rules.maxPremium,
            riseSec: rules.riseSec,
            maxGas: rules.maxGas,
            maxGasPrice: rules.maxGasPrice,
            dailyGas: _day.dailyGas
        });
    }

    /// @inheritdoc IKeeperJobs
    function rateSources() external view returns (RateSources memory) {
        return RateSources(_rate.coinFeed, _rate.maxCoinAge, _rate.fallbackRate);
    }

    /// @inheritdoc IKeeperJobs
    function dataFees() external view returns (DataFees memory) {
        return DataFees(_day.dataFeeOracle, _rate.maxDataFee);
    }

    /// @inheritdoc IKeeperJobs
    function gasLeftToday() public view returns (uint256) {
        Day memory day = _day;
        return Math.saturatingSub(day.dailyGas, day.day == ProtocolTime.today() ? day.paidGas : 0);
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

    /// @inheritdoc IKeeperJobs
    function setDataFees(DataFees calldata fees) external restricted {
        _requireWithin("maxFee", fees.maxFee, 0, MAX_MAX_DATA_FEE);
        if (address(fees.oracle) != address(0) && address(fees.oracle).code.length == 0) {
            revert NotAContract(address(fees.oracle));
        }
        _day.dataFeeOracle = fees.oracle;
        _rate.maxDataFee = uint64(fees.maxFee);
        emit DataFeesSet(fees);
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

    /// @dev Pays `payee` for `job`, which began with `gasBefore` gas left and took arguments of `length` bytes; nobody if `payee` is
    /// zero. Reverts only when too little gas is left.
    function _payFor(Job job, address payee, uint256 length, uint256 gasBefore, uint256 lateSec)
        internal
        returns (uint256 paid)
    {
        Bill memory bill;
        if (payee != address(0)) {
            // Check
            if (gasleft() < PAYMENT_RESERVE) revert GasTooLow(gasleft(), PAYMENT_RESERVE);
            bool first = !_basePaid;
            _basePaid = true;
            (uint256 ftnsPerCoin,) = rate();
            Day memory day = _day;
            uint256 dataFee = first ? _dataFee(day.dataFeeOracle, length + DATA_OVERHEAD) : 0;
            uint256 gasUsed = gasBefore - gasleft() + (first ? BASE_OVERHEAD : 0);
            uint256 today = ProtocolTime.today();
            if (day.day != today) (day.day, day.paidGas) = (uint16(today), 0);
            uint256 left = Math.saturatingSub(day.dailyGas, day.paidGas);
            bill = _bill(Work(gasUsed, block.basefee, tx.gasprice, dataFee, lateSec), ftnsPerCoin, left);

            // Effect: counted first, and taken back when nothing was paid
            uint32 before = day.paidGas;
            day.paidGas = before + uint32(bill.gas);
            _day = day;

            // Interaction
            if (bill.amount != 0) paid = _payFromPool(payee, bill.amount);
            if (paid == 0) _day.paidGas = before;
        }
        emit JobDone(job, msg.sender, payee, bill.gas, bill.base, bill.tip, bill.dataFee, lateSec, bill.rate, paid);
    }

    /// @dev `left` is what is left of the day's gas.
    function _bill(Work memory work_, uint256 ftnsPerCoin, uint256 left) private view returns (Bill memory bill) {
        Rules memory rules = _rules;
        bill.gas = Math.min(Math.min(Math.saturatingAdd(work_.gasUsed, PAYMENT_OVERHEAD), rules.maxGas), left);
        (bill.base, bill.tip) = PaymentMath.paidGasPrice(work_.gasPrice, work_.baseFee, rules.maxGasPrice);
        bill.dataFee = bill.gas == 0 ? 0 : work_.dataFee;
        bill.rate = ftnsPerCoin;
        uint256 premium = PaymentMath.premium(work_.lateSec, rules.basePremium, rules.maxPremium, rules.riseSec);
        bill.amount = PaymentMath.amount(bill.gas, bill.base, bill.tip, bill.dataFee, premium, ftnsPerCoin);
    }

    /// @dev What the oracle says, up to the highest that is paid; zero without one, or when it fails for whatever reason. Only one
    /// word of its answer is ever copied.
    function _dataFee(IDataFeeOracle oracle, uint256 size) private view returns (uint256 fee) {
        if (address(oracle) == address(0)) return 0;
        bytes memory call_ = abi.encodeCall(IDataFeeOracle.dataFee, (size));
        uint256 gasLimit = DATA_FEE_GAS;
        assembly ("memory-safe") {
            let done := staticcall(gasLimit, oracle, add(call_, 0x20), mload(call_), 0, 0x20)
            if and(done, gt(returndatasize(), 0x1f)) { fee := mload(0) }
        }
        return Math.min(fee, _rate.maxDataFee);
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

    // Internals: settings

    function _setPaymentRules(PaymentRules memory rules) private {
        _requireWithin("basePremium", rules.basePremium, 0, MAX_BASE_PREMIUM);
        _requireWithin("maxPremium", rules.maxPremium, rules.basePremium, MAX_PREMIUM);
        _requireWithin("riseSec", rules.riseSec, MIN_RISE, MAX_RISE);
        _requireWithin("maxGas", rules.maxGas, MIN_MAX_GAS, MAX_MAX_GAS);
        _requireWithin("maxGasPrice", rules.maxGasPrice, 0, MAX_MAX_GAS_PRICE);
        _requireWithin("dailyGas", rules.dailyGas, 0, MAX_DAILY_GAS);
        _rules = Rules({
            basePremium: uint64(rules.basePremium),
            maxPremium: uint64(rules.maxPremium),
            maxGasPrice: uint64(rules.maxGasPrice),
            riseSec: uint32(rules.riseSec),
            maxGas: uint32(rules.maxGas)
        });
        _day.dailyGas = uint32(rules.dailyGas);
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
        _rate.coinFeed = sources.coinFeed;
        _rate.fallbackRate = uint96(sources.fallbackRate);
        _rate.maxCoinAge = uint24(sources.maxCoinAge);
        _rate.coinDecimals = uint8(decimals);
        emit RateSourcesSet(sources);
    }

    function _requireWithin(bytes32 setting, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert SettingOutOfBounds(setting, value, min, max);
    }
}
