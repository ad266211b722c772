// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICircuitBreaker} from "./ICircuitBreaker.sol";
import {IPricePath} from "./IPricePath.sol";
import {IPriceHistory} from "./IPriceHistory.sol";

/// @notice What the desk does. It sells while the market is dear, and buys while it is cheap.
enum Side {
    SELL,
    BUY
}

/// @notice Why the desk makes no offer. They are checked in this order and the first that holds is named.
enum DeskRefusal {
    NONE,
    /// Transfers are halted.
    HALTED,
    /// Recovery mode is on.
    RECOVERY,
    /// An emergency is open.
    EMERGENCY,
    /// The path has no launch price yet, or its launch lies ahead.
    NO_PATH,
    /// The feed's answer is older than 15 minutes, or there is none.
    ANSWER_OLD,
    /// The latest hour that is over has too little coverage, or isn't the latest.
    HOUR_THIN,
    /// More than one registered reporter differs from the median or isn't in the latest round.
    REPORTERS_APART,
    /// The market is not beyond the line at which this side begins.
    WITHIN_BAND,
    /// Nothing is there to trade with, or governance set the day's share to zero.
    EMPTY,
    /// Nobody has opened this side since it was last over: `open` does.
    NOT_OPEN
}

/// @notice What the desk would do on a side now. Prices are USD with 18 decimals. Fields that a refusal left unread are zero.
struct Offer {
    /// NONE: a fill would be taken.
    DeskRefusal refusal;
    /// The larger of answer and last hour's average for SELL, the smaller for BUY.
    uint256 market;
    /// Where this side begins: 8 % off the path. No price passes it.
    uint256 line;
    /// A whole FTNS now; against the taker by its rounding.
    uint256 price;
    /// When this side was opened, later by what was filled (seconds); zero: not open.
    uint256 startedAt;
    /// The day's share, what is left of it, and the least fill: FTNS for SELL, the dollar token's units for BUY.
    uint256 share;
    uint256 left;
    uint256 least;
}

/// @title IMarketDesk
/// @notice A standing offer of the treasury that anyone may take: FTNS for dollars while the market is above the path, dollars
/// for FTNS while it is below. It trades towards the path only, and never far from the market's price:
///
///     sells  while market > path * 1.08, at max(market * (1 + o), path * 1.08)     market: the larger of answer and last hour
///     buys   while market < path * 0.92, at min(market * (1 - o), path * 0.92)     market: the smaller of the two
///     o = 3 % - 0.1 % * minutes since it was opened, at least -0.3 %
///
/// So takers compete: whoever waits for a better price may find it taken. A fill moves the offer back by 3 % * filled / the day's share.
/// Each side trades a day at most 0.1 % of the total supply or its worth, and at most 2 % of what the desk holds of it; days that
/// weren't used are not saved up. An offer is over an hour after it was opened, so that one nobody took isn't at its best price when the
/// market comes back; anyone may open the next.
///
/// It never mints, borrows or holds a share of a pool. What it buys stays its inventory. Its FTNS pay demurrage like anyone's.
/// @dev Assumes that the dollar token is worth a dollar, which governance answers for, and takes no fee on transfers. What the desk
/// can lose to a wrong or old answer in a day is bounded by the day's share.
interface IMarketDesk {
    /// @notice A side is open from now on.
    /// @param by who opened it
    /// @param market USD, 18 decimals, as `path`
    event Opened(Side indexed side, address indexed by, uint256 market, uint256 path);
    /// @notice The desk sold (SELL) or bought (BUY) `tokens` FTNS for `dollars`.
    /// @param dollars the dollar token's units
    /// @param price a whole FTNS, USD with 18 decimals
    /// @param market USD, 18 decimals
    event Filled(
        Side indexed side,
        address indexed taker,
        address indexed to,
        uint256 tokens,
        uint256 dollars,
        uint256 price,
        uint256 market
    );
    /// @param share WAD of the total supply
    event DayShareSet(uint256 share);
    event PathSet(IPricePath path);
    /// @notice Governance took `amount` of `asset` back.
    event Withdrawn(IERC20 indexed asset, address indexed to, uint256 amount);
    /// @notice Governance burned `amount` FTNS of the inventory.
    event InventoryBurned(uint256 amount);

    /// @notice The desk doesn't trade on this side now.
    error NoOffer(Side side, DeskRefusal refusal);
    /// @notice This side is open since `startedAt` (seconds).
    error SideOpen(Side side, uint256 startedAt);
    /// @notice A fill takes at least a hundredth of the day's share, and at most what is left of it.
    /// @param amount FTNS for SELL, the dollar token's units for BUY, as `least` and `left`
    error FillOutOfBounds(Side side, uint256 amount, uint256 least, uint256 left);
    /// @notice The price moved past what the taker agreed to.
    /// @param dollars what it comes to (the dollar token's units), as `limit`
    error PastLimit(Side side, uint256 dollars, uint256 limit);
    /// @notice The dollar token moved less than it was asked to.
    error DollarsMissing(uint256 received, uint256 due);
    error DayShareOutOfBounds(uint256 share, uint256 max);
    error NotAContract(address account);
    /// @notice FTNS and the dollar token have 18 decimals at most.
    error UnsupportedDecimals(uint256 decimals, uint256 supported);

    // Views

    /// @notice What the desk would do on `side` now. Reverts only where the feed itself does, or the path.
    /// @param side SELL or BUY
    /// @return look at `refusal` first; units: see Offer
    function offer(Side side) external view returns (Offer memory);

    /// @notice What `tokens` FTNS would cost (SELL, rounded up) or bring (BUY, rounded down) now, in the dollar token's units.
    /// @dev Reverts with `NoOffer`.
    /// @param side SELL or BUY
    /// @param tokens FTNS, 18 decimals
    /// @return dollars the dollar token's units
    function quote(Side side, uint256 tokens) external view returns (uint256 dollars);

    /// @notice What was traded today on `side`.
    /// @param side SELL or BUY
    /// @return FTNS for SELL, the dollar token's units for BUY
    function tradedToday(Side side) external view returns (uint256);

    /// @notice Share of the total supply that a side may trade a day.
    /// @return WAD
    function dayShare() external view returns (uint256);

    /// @notice Where the price should be.
    /// @return never zero
    function path() external view returns (IPricePath);

    /// @return FTNS
    function TOKEN() external view returns (IERC20);

    /// @return the dollar token
    function DOLLAR() external view returns (IERC20);

    /// @return where averages are read, and the feed
    function HISTORY() external view returns (IPriceHistory);

    /// @return who tells whether an emergency is open
    function BREAKER() external view returns (ICircuitBreaker);

    // Writes

    /// @notice Opens `side`: its offer starts now. Anyone may call it.
    /// @dev Reverts with `NoOffer` or `SideOpen`.
    /// @param side SELL or BUY
    function open(Side side) external;

    /// @notice Buys `tokens` FTNS from the desk, for at most `maxDollars`. The caller must have approved the desk for the dollars.
    /// @dev Reverts with `NoOffer`, `FillOutOfBounds`, `PastLimit` or `DollarsMissing`.
    /// @param tokens FTNS, 18 decimals
    /// @param maxDollars the dollar token's units
    /// @param to who gets the FTNS
    /// @return dollars paid, rounded up: the desk gains
    function buyTokens(uint256 tokens, uint256 maxDollars, address to) external returns (uint256 dollars);

    /// @notice Sells `tokens` FTNS to the desk, for at least `minDollars`. The caller must have approved the desk for the FTNS.
    /// @dev Reverts with `NoOffer`, `FillOutOfBounds` or `PastLimit`.
    /// @param tokens FTNS, 18 decimals
    /// @param minDollars the dollar token's units
    /// @param to who gets the dollars
    /// @return dollars received, rounded down: the desk gains
    function sellTokens(uint256 tokens, uint256 minDollars, address to) external returns (uint256 dollars);

    // Governance (restricted)

    /// @notice Sets the share of the total supply that a side may trade a day; zero closes the desk.
    /// @param share WAD, at most 0.3 %, else `DayShareOutOfBounds`
    function setDayShare(uint256 share) external;

    /// @notice Names another path, as when it starts anew.
    /// @param path_ a contract, else `NotAContract`
    function setPath(IPricePath path_) external;

    /// @notice Takes FTNS or dollars, or what was sent here by mistake, back.
    /// @param asset any token
    /// @param to who gets it
    /// @param amount in the asset's units
    function withdraw(IERC20 asset, address to, uint256 amount) external;

    /// @notice Burns FTNS of the inventory.
    /// @param amount FTNS, 18 decimals
    function burnInventory(uint256 amount) external;
}
