// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IContextPrices, Plan, Quote, UsePrices} from "../interfaces/IContextPrices.sol";
import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IMultiplierSource} from "../interfaces/IMultiplierSource.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IUsageRouter} from "../interfaces/IUsageRouter.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {ChannelTerms} from "../types/Channel.sol";
import {ChannelIds} from "./ChannelIds.sol";
import {DiscountWindow} from "./DiscountWindow.sol";

/// @title ContextPrices
/// @notice See IContextPrices.
contract ContextPrices is IContextPrices, AccessManaged {
    using DiscountWindow for DiscountWindow.Window;
    using SafeERC20 for IFTNSToken;

    // Constants

    uint256 private constant WAD = 1e18;
    uint256 private constant LAYERS = 5;
    uint256 private constant PLANS = 4;
    /// @notice One FTNS a unit (1e-28 FTNS).
    uint256 public constant MAX_BASE = 1e28;
    uint256 public constant MIN_CONTEXT_MULTIPLIER = 0.1e18;
    uint256 public constant MAX_CONTEXT_MULTIPLIER = 10e18;
    uint256 public constant MIN_PLAN_MULTIPLIER = 0.1e18;
    uint256 public constant MAX_PLAN_PRICE = 100_000e18;
    uint256 public constant PLAN_TIME = 30 days;
    uint256 public constant MAX_AHEAD = 365 days;
    /// @notice A payer allots at most so many times its score in 30 days.
    uint256 public constant DISCOUNT_PER_SCORE = 2;
    /// @dev Of IMultiplierSource: what context costs.
    uint8 private constant CONTEXT_RATE = 8;
    /// @dev From `base * plan * context * unitsPerFtns`, in 1e-28 FTNS and WAD, to 1e-18 of a unit of wFTNS.
    uint256 private constant PRICE_DIVISOR = 1e46;
    /// @dev Units of wFTNS for an FTNS when the wrapper was new.
    uint256 private constant UNITS_AT_PAR = 1e24;

    // Immutables

    IUsageRouter public immutable ROUTER;
    IContributorRegistry public immutable REGISTRY;
    IMultiplierSource public immutable MULTIPLIERS;
    IRewardPool private immutable REWARD_POOL;
    IFTNSToken private immutable TOKEN;
    IERC4626 private immutable WRAPPER;

    // Storage

    /// @dev As UsePrices; fields fit by their bounds.
    struct Stored {
        uint96[LAYERS] bases; // 1e-28 FTNS
        uint64 contextMultiplier; // WAD
        uint64[PLANS] planMultipliers; // WAD
        uint96[PLANS] planPrices; // FTNS
    }

    struct Subscription {
        Plan plan;
        uint40 until; // seconds
    }

    /// @dev Holds before `_changeDay`.
    Stored private _before;
    /// @dev Holds from `_changeDay` on.
    Stored private _after;
    uint16 private _changeDay;
    mapping(address account => Subscription) private _subscriptions;
    mapping(address payer => DiscountWindow.Window) private _windows;
    /// @inheritdoc IContextPrices
    mapping(bytes32 channelId => uint256) public allottedTo;

    // Constructor

    /// @param authority the AccessManager
    /// @param router whom plans are paid to
    /// @param registry whose scores bound discounts
    /// @param multipliers says what `M` is for context: the supply controller
    constructor(address authority, IUsageRouter router, IContributorRegistry registry, IMultiplierSource multipliers)
        AccessManaged(authority)
    {
        if (address(router).code.length == 0) revert NotAContract(address(router));
        if (address(registry).code.length == 0) revert NotAContract(address(registry));
        if (address(multipliers).code.length == 0) revert NotAContract(address(multipliers));
        (ROUTER, REGISTRY, MULTIPLIERS) = (router, registry, multipliers);
        (REWARD_POOL, TOKEN, WRAPPER) = (router.REWARD_POOL(), router.TOKEN(), router.WRAPPER());
        Stored storage first = _after;
        for (uint256 i; i < LAYERS; ++i) {
            first.bases[i] = 1e24; // 0.0001 FTNS
        }
        first.contextMultiplier = 1e18;
        first.planMultipliers = [1e18, 0.95e18, 0.85e18, 0.75e18];
        first.planPrices = [0, 10e18, 100e18, 1_000e18];
        _before = first;
        emit PricesChanged(ProtocolTime.today(), _described(first));
    }

    // Views

    /// @inheritdoc IContextPrices
    function pricesToday() external view returns (UsePrices memory) {
        return _described(_today());
    }

    /// @inheritdoc IContextPrices
    function pricesTomorrow() external view returns (UsePrices memory) {
        return _described(_after);
    }

    /// @inheritdoc IContextPrices
    function quoteOf(address payer) external view returns (Quote memory quote) {
        Stored storage stored = _today();
        quote.day = ProtocolTime.today();
        quote.unitsPerFtns = Math.max(WRAPPER.convertToShares(1e18), UNITS_AT_PAR);
        (Plan plan,) = planOf(payer);
        uint256 earning = Math.max(REWARD_POOL.tierMultipliers()[uint256(TOKEN.tierOn(payer, quote.day))], WAD);
        // Below 1e38: the context multiplier and `M` are at most 10, the plan's multiplier 1.
        uint256 factor = uint256(stored.contextMultiplier) * MULTIPLIERS.multiplierFor(CONTEXT_RATE) / WAD
            * stored.planMultipliers[uint256(plan)];
        for (uint256 i; i < LAYERS; ++i) {
            // Rounded down: the payer gains less than 1e-18 of a unit of wFTNS a unit of use.
            quote.prices[i] = Math.mulDiv(stored.bases[i] * factor, quote.unitsPerFtns, PRICE_DIVISOR);
            quote.discounted[i] = quote.prices[i] * WAD / earning;
        }
    }

    /// @inheritdoc IContextPrices
    function hashQuote(Quote calldata quote) external pure returns (bytes32) {
        return keccak256(abi.encode(quote));
    }

    /// @inheritdoc IContextPrices
    function planOf(address account) public view returns (Plan plan, uint256 until) {
        Subscription memory subscription = _subscriptions[account];
        return subscription.until > block.timestamp ? (subscription.plan, subscription.until) : (Plan.FREE, 0);
    }

    /// @inheritdoc IContextPrices
    function discountLeft(address payer) public view returns (uint256) {
        uint256 most = DISCOUNT_PER_SCORE * REGISTRY.statusOf(payer).score;
        return Math.saturatingSub(most, _windows[payer].sum(ProtocolTime.today()));
    }

    // Writes

    /// @inheritdoc IContextPrices
    function buyPlan(Plan plan, uint256 most) external returns (uint256 until) {
        // Check
        if (plan == Plan.FREE) revert PlanIsFree();
        Stored storage stored = _today();
        uint256 price = stored.planPrices[uint256(plan)];
        if (price > most) revert PlanCostsMore(price, most);
        (Plan running, uint256 runsUntil) = planOf(msg.sender);
        if (running > plan) revert DearerPlanRuns(running, runsUntil);
        until = block.timestamp + PLAN_TIME;
        if (running != Plan.FREE) {
            // Rounded down: the protocol gains less than a second. A dearer plan costs more than nothing.
            until += (runsUntil - block.timestamp) * stored.planPrices[uint256(running)] / price;
        }
        if (until > block.timestamp + MAX_AHEAD) revert BoughtTooFarAhead(until, block.timestamp + MAX_AHEAD);

        // Effect
        // forge-lint: disable-next-line(unsafe-typecast)
        _subscriptions[msg.sender] = Subscription(plan, uint40(until));
        emit PlanBought(msg.sender, plan, until, price);

        // Interaction: the router is recognised, so it counts as activity
        TOKEN.safeTransferFrom(msg.sender, address(ROUTER), price);
    }

    /// @inheritdoc IContextPrices
    function allotDiscount(ChannelTerms calldata terms, uint256 amount) external {
        // Check
        if (msg.sender != terms.payer) revert NotThePayer(msg.sender, terms.payer);
        if (amount % DiscountWindow.UNIT != 0) revert NotWholeHundredths(amount);
        uint256 left = discountLeft(msg.sender);
        if (amount > left) revert DiscountUsedUp(msg.sender, amount, left);

        // Effect
        bytes32 channelId = ChannelIds.idOf(terms);
        _windows[msg.sender].add(ProtocolTime.today(), amount);
        uint256 allotted = allottedTo[channelId] + amount;
        allottedTo[channelId] = allotted;
        emit DiscountAllotted(channelId, msg.sender, amount, allotted);
    }

    // Governance

    /// @inheritdoc IContextPrices
    function setBases(uint256[5] calldata bases) external restricted {
        Stored storage stored = _change();
        for (uint256 i; i < LAYERS; ++i) {
            if (bases[i] > MAX_BASE) revert BaseOutOfBounds(i, bases[i], MAX_BASE);
            // forge-lint: disable-next-line(unsafe-typecast)
            stored.bases[i] = uint96(bases[i]);
        }
        _tell(stored);
    }

    /// @inheritdoc IContextPrices
    function setContextMultiplier(uint256 multiplier) external restricted {
        _checkMultiplier(multiplier, MIN_CONTEXT_MULTIPLIER, MAX_CONTEXT_MULTIPLIER);
        Stored storage stored = _change();
        // forge-lint: disable-next-line(unsafe-typecast)
        stored.contextMultiplier = uint64(multiplier);
        _tell(stored);
    }

    /// @inheritdoc IContextPrices
    function setPlans(uint256[4] calldata multipliers, uint256[4] calldata prices) external restricted {
        Stored storage stored = _change();
        for (uint256 i; i < PLANS; ++i) {
            _checkMultiplier(multipliers[i], MIN_PLAN_MULTIPLIER, WAD);
            if (prices[i] > MAX_PLAN_PRICE) revert PlanPriceOutOfBounds(Plan(i), prices[i], MAX_PLAN_PRICE);
            bool inOrder = i == 0 ? prices[0] == 0 : prices[i] > prices[i - 1] && multipliers[i] <= multipliers[i - 1];
            if (!inOrder) revert PlansOutOfOrder(Plan(i));
            // forge-lint: disable-next-line(unsafe-typecast)
            (stored.planMultipliers[i], stored.planPrices[i]) = (uint64(multipliers[i]), uint96(prices[i]));
        }
        _tell(stored);
    }

    // Internals

    function _today() private view returns (Stored storage) {
        return ProtocolTime.today() < _changeDay ? _before : _after;
    }

    /// @dev What holds from tomorrow on, to be changed. What holds today is kept first, once a day.
    function _change() private returns (Stored storage) {
        uint256 tomorrow = ProtocolTime.today() + 1;
        if (_changeDay != tomorrow) {
            _before = _after;
            // Days have 16 bits.
            // forge-lint: disable-next-line(unsafe-typecast)
            _changeDay = uint16(tomorrow);
        }
        return _after;
    }

    function _tell(Stored storage stored) private {
        emit PricesChanged(_changeDay, _described(stored));
    }

    function _checkMultiplier(uint256 multiplier, uint256 min, uint256 max) private pure {
        if (multiplier < min || multiplier > max) revert UseMultiplierOutOfBounds(multiplier, min, max);
    }

    function _described(Stored storage stored) private view returns (UsePrices memory prices) {
        for (uint256 i; i < LAYERS; ++i) {
            prices.bases[i] = stored.bases[i];
        }
        prices.contextMultiplier = stored.contextMultiplier;
        for (uint256 i; i < PLANS; ++i) {
            prices.planMultipliers[i] = stored.planMultipliers[i];
            prices.planPrices[i] = stored.planPrices[i];
        }
    }
}
