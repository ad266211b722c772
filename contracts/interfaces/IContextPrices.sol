// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChannelTerms} from "../types/Channel.sol";

/// @notice Plans of use, in ascending order of their price.
enum Plan {
    FREE,
    BASIC,
    PREMIUM,
    ENTERPRISE
}

/// @notice What the use of the network's AI costs, for one protocol day.
struct UsePrices {
    /// A unit in each layer: architect, prompter, router, executor, compiler (1e-28 FTNS).
    uint256[5] bases;
    /// On top of every cost (WAD), before `M` where the context rate follows it.
    uint256 contextMultiplier;
    /// On top of every cost, by plan (WAD).
    uint256[4] planMultipliers;
    /// 30 days of each plan (FTNS, 18 decimals).
    uint256[4] planPrices;
}

/// @notice What a payer pays from now until the day ends, in wFTNS. Its hash stands in receipts.
struct Quote {
    /// Protocol day; the quote is good until 02:00 UTC, when it ends.
    uint256 day;
    /// A unit in each layer, by the payer's plan (1e-18 of the smallest unit of wFTNS, so 1e-42 wFTNS), rounded down: the payer gains.
    uint256[5] prices;
    /// The same with the contributor's discount, as long as an allotment lasts; equal to `prices` for whoever has none.
    uint256[5] discounted;
    /// Smallest units of wFTNS (24 decimals) for one FTNS; never fewer than at the wrapper's start.
    uint256 unitsPerFtns;
}

/// @title IContextPrices
/// @notice What the use of the network's AI costs: `units * base` in each of five layers, times the plan's multiplier, times the context
/// multiplier; divided by the payer's earning multiplier where that is above 1 and it has allotted a discount to the channel.
///
/// Changes hold from the next day boundary, so that a quote can be good for the day, and everybody can see tomorrow's prices today.
interface IContextPrices {
    /// @notice `prices` hold from day `fromDay` on.
    event PricesChanged(uint256 indexed fromDay, UsePrices prices);
    /// @notice `account` has `plan` until `until` (seconds); it paid `price` (FTNS, 18 decimals).
    event PlanBought(address indexed account, Plan indexed plan, uint256 until, uint256 price);
    /// @notice `payer` allotted `amount` of its discount to a channel, which makes `allotted` in all (FTNS, 18 decimals).
    event DiscountAllotted(bytes32 indexed channelId, address indexed payer, uint256 amount, uint256 allotted);

    error NotAContract(address account);
    /// @param base 1e-28 FTNS, as `max`
    error BaseOutOfBounds(uint256 layer, uint256 base, uint256 max);
    /// @param multiplier WAD, as `min` and `max`
    error UseMultiplierOutOfBounds(uint256 multiplier, uint256 min, uint256 max);
    /// @notice A dearer plan must cost more and have no higher multiplier; the free one costs nothing.
    error PlansOutOfOrder(Plan plan);
    /// @param price FTNS (18 decimals), as `max`
    error PlanPriceOutOfBounds(Plan plan, uint256 price, uint256 max);
    /// @notice The free plan cannot be bought.
    error PlanIsFree();
    /// @notice A dearer plan runs until `until` (seconds).
    error DearerPlanRuns(Plan plan, uint256 until);
    /// @notice A plan can be bought for at most a year ahead.
    error BoughtTooFarAhead(uint256 until, uint256 latest);
    /// @notice The price is higher than the buyer said.
    error PlanCostsMore(uint256 price, uint256 most);
    error NotThePayer(address caller, address payer);
    /// @notice Discounts are allotted in whole hundredths of an FTNS.
    error NotWholeHundredths(uint256 amount);
    /// @param left what may still be allotted today (FTNS, 18 decimals)
    error DiscountUsedUp(address payer, uint256 amount, uint256 left);

    /// @notice Buys 30 days of `plan` for the caller, at today's price, in FTNS; they are added to those that it has of this plan. What is
    /// left of a cheaper plan is turned into time of this one, at today's prices. Counts as activity of the caller.
    /// @dev The caller has approved this contract. Reverts with `PlanIsFree`, `PlanCostsMore`, `DearerPlanRuns`, `BoughtTooFarAhead`.
    /// @param plan not FREE
    /// @param most what the caller pays at most (FTNS, 18 decimals)
    /// @return until when it ends (seconds)
    function buyPlan(Plan plan, uint256 most) external returns (uint256 until);

    /// @notice Allots `amount` of the caller's discount to one of its channels: so much may the operator charge less there. In any 30 days
    /// a payer allots at most twice its score; what was allotted stays.
    /// @dev Reverts with `NotThePayer`, `NotWholeHundredths`, `DiscountUsedUp`.
    /// @param terms of the channel
    /// @param amount FTNS, 18 decimals
    function allotDiscount(ChannelTerms calldata terms, uint256 amount) external;

    /// @notice Prices of today.
    /// @return units: see UsePrices
    function pricesToday() external view returns (UsePrices memory);

    /// @notice Prices from the next day boundary on, if nothing more is changed today.
    /// @return units: see UsePrices
    function pricesTomorrow() external view returns (UsePrices memory);

    /// @notice What `payer` pays from now until the day ends.
    /// @dev Warning: an adjustment or reset of `M`, another plan or tier make another quote. What was quoted is good all the same.
    /// @param payer any address
    /// @return units: see Quote
    function quoteOf(address payer) external view returns (Quote memory);

    /// @notice The hash that stands in receipts.
    /// @param quote any
    /// @return of all its fields
    function hashQuote(Quote calldata quote) external pure returns (bytes32);

    /// @notice The plan of `account` now.
    /// @param account any address
    /// @return plan FREE where none runs
    /// @return until when it ends (seconds); zero for FREE
    function planOf(address account) external view returns (Plan plan, uint256 until);

    /// @notice What was ever allotted to a channel.
    /// @param channelId of the channel
    /// @return FTNS, 18 decimals
    function allottedTo(bytes32 channelId) external view returns (uint256);

    /// @notice What `payer` may still allot today.
    /// @param payer any address
    /// @return FTNS, 18 decimals
    function discountLeft(address payer) external view returns (uint256);

    /// @notice Sets the price of a unit in each layer from the next day boundary on. Restricted to governance.
    /// @param bases at most 1 FTNS each (1e-28 FTNS), else `BaseOutOfBounds`
    function setBases(uint256[5] calldata bases) external;

    /// @notice Sets the context multiplier from the next day boundary on. Restricted to governance.
    /// @param multiplier 0.1 to 10 (WAD), else `UseMultiplierOutOfBounds`
    function setContextMultiplier(uint256 multiplier) external;

    /// @notice Sets the plans from the next day boundary on; plans that run go on, at their new multiplier. Restricted to governance.
    /// @dev Reverts with `UseMultiplierOutOfBounds`, `PlansOutOfOrder`, `PlanPriceOutOfBounds`.
    /// @param multipliers 0.1 to 1, falling (WAD)
    /// @param prices of 30 days, rising from zero, at most 100,000 FTNS (18 decimals)
    function setPlans(uint256[4] calldata multipliers, uint256[4] calldata prices) external;
}
