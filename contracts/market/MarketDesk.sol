// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ICircuitBreaker} from "../interfaces/ICircuitBreaker.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {DeskRefusal, IMarketDesk, Offer, Side} from "../interfaces/IMarketDesk.sol";
import {IMedianFeed, Market} from "../interfaces/IMedianFeed.sol";
import {IPriceHistory, PriceAverage} from "../interfaces/IPriceHistory.sol";
import {IPricePath} from "../interfaces/IPricePath.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {PriceLimits} from "../prices/PriceLimits.sol";
import {DeskMath} from "./DeskMath.sol";

/// @title MarketDesk
/// @notice See IMarketDesk. Every way in goes through `offer`, so what it says is what happens.
contract MarketDesk is IMarketDesk, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    // Constants

    uint256 private constant WAD = 1e18;

    uint256 public constant MAX_DAY_SHARE = 0.003e18;
    uint256 public constant MAX_ANSWER_AGE = 15 minutes;
    /// @dev An offer is at its best price for the taker after 33 minutes.
    uint256 public constant OFFER_TIME = 1 hours;
    /// @dev Registered reporters that may differ or be missing.
    uint256 public constant MAX_APART = 1;
    /// @dev Of what the desk holds, a day: a fiftieth.
    uint256 private constant HELD_DIVISOR = 50;
    /// @dev A fill is at least this part of the day's share.
    uint256 private constant LEAST_DIVISOR = 100;
    uint256 private constant MAX_DECIMALS = 18;

    // Immutables

    /// @inheritdoc IMarketDesk
    IERC20 public immutable TOKEN;
    /// @inheritdoc IMarketDesk
    IERC20 public immutable DOLLAR;
    /// @inheritdoc IMarketDesk
    IPriceHistory public immutable HISTORY;
    /// @inheritdoc IMarketDesk
    ICircuitBreaker public immutable BREAKER;
    /// @dev FTNS (18 decimals) times USD (18 decimals) over this are the dollar token's units.
    uint256 private immutable UNIT;

    // Storage

    /// @dev One slot. `startedAt` is zero before a side was ever opened.
    struct Book {
        uint40 startedAt; // seconds
        uint16 day; // of `traded`
        uint200 traded; // FTNS for SELL, the dollar token's units for BUY
    }

    mapping(Side side => Book) private _books;
    /// @inheritdoc IMarketDesk
    IPricePath public path;
    /// @inheritdoc IMarketDesk
    uint256 public dayShare;

    // Constructor

    /// @param authority the AccessManager that decides who may change settings and take back what lies here
    /// @param token FTNS
    /// @param dollar a token worth a dollar, at most 18 decimals
    /// @param history_ where averages are read, and the feed
    /// @param breaker who tells whether an emergency is open
    /// @param path_ where the price should be
    /// @param dayShare_ WAD of the total supply, a day and side
    constructor(
        address authority,
        IERC20 token,
        IERC20 dollar,
        IPriceHistory history_,
        ICircuitBreaker breaker,
        IPricePath path_,
        uint256 dayShare_
    ) AccessManaged(authority) {
        _requireContract(address(token));
        _requireContract(address(dollar));
        _requireContract(address(history_));
        _requireContract(address(breaker));
        uint256 decimals = IERC20Metadata(address(dollar)).decimals();
        if (decimals > MAX_DECIMALS) revert UnsupportedDecimals(decimals, MAX_DECIMALS);
        (TOKEN, DOLLAR, HISTORY, BREAKER) = (token, dollar, history_, breaker);
        UNIT = 10 ** (2 * MAX_DECIMALS - decimals);
        _setPath(path_);
        _setDayShare(dayShare_);
    }

    // Views

    /// @inheritdoc IMarketDesk
    function offer(Side side) public view returns (Offer memory made) {
        Book memory book = _books[side];
        made.refusal = _calm();
        if (made.refusal == DeskRefusal.NONE) _readMarket(side, made);
        if (made.refusal == DeskRefusal.NONE) _readShare(side, book, made);
        if (made.refusal != DeskRefusal.NONE) return made;
        if (!_isOpen(book)) {
            made.refusal = DeskRefusal.NOT_OPEN;
            return made;
        }
        made.startedAt = book.startedAt;
        made.price = DeskMath.price(side, made.market, made.line, book.startedAt, block.timestamp);
    }

    /// @inheritdoc IMarketDesk
    function quote(Side side, uint256 tokens) external view returns (uint256) {
        return _dollars(side, tokens, _requireOffer(side).price);
    }

    /// @inheritdoc IMarketDesk
    function tradedToday(Side side) external view returns (uint256) {
        return _tradedToday(_books[side]);
    }

    // Writes

    /// @inheritdoc IMarketDesk
    function open(Side side) external {
        // Check
        Offer memory made = offer(side);
        if (made.refusal == DeskRefusal.NONE) revert SideOpen(side, made.startedAt);
        if (made.refusal != DeskRefusal.NOT_OPEN) revert NoOffer(side, made.refusal);

        // Effect
        _books[side].startedAt = uint40(block.timestamp);
        emit Opened(side, msg.sender, made.market, _pathToday());
    }

    /// @inheritdoc IMarketDesk
    function buyTokens(uint256 tokens, uint256 maxDollars, address to) external nonReentrant returns (uint256 dollars) {
        // Check
        Offer memory made = _requireOffer(Side.SELL);
        dollars = _dollars(Side.SELL, tokens, made.price);
        if (dollars > maxDollars) revert PastLimit(Side.SELL, dollars, maxDollars);

        // Effect
        _fill(Side.SELL, made, tokens);
        emit Filled(Side.SELL, msg.sender, to, tokens, dollars, made.price, made.market);

        // Interaction
        uint256 before = DOLLAR.balanceOf(address(this));
        DOLLAR.safeTransferFrom(msg.sender, address(this), dollars);
        uint256 received = DOLLAR.balanceOf(address(this)) - before;
        if (received < dollars) revert DollarsMissing(received, dollars);
        TOKEN.safeTransfer(to, tokens);
    }

    /// @inheritdoc IMarketDesk
    function sellTokens(uint256 tokens, uint256 minDollars, address to)
        external
        nonReentrant
        returns (uint256 dollars)
    {
        // Check
        Offer memory made = _requireOffer(Side.BUY);
        dollars = _dollars(Side.BUY, tokens, made.price);
        if (dollars < minDollars) revert PastLimit(Side.BUY, dollars, minDollars);

        // Effect
        _fill(Side.BUY, made, dollars);
        emit Filled(Side.BUY, msg.sender, to, tokens, dollars, made.price, made.market);

        // Interaction
        TOKEN.safeTransferFrom(msg.sender, address(this), tokens);
        DOLLAR.safeTransfer(to, dollars);
    }

    // Governance

    /// @inheritdoc IMarketDesk
    function setDayShare(uint256 share) external restricted {
        _setDayShare(share);
    }

    /// @inheritdoc IMarketDesk
    function setPath(IPricePath path_) external restricted {
        _setPath(path_);
    }

    /// @inheritdoc IMarketDesk
    function withdraw(IERC20 asset, address to, uint256 amount) external restricted {
        emit Withdrawn(asset, to, amount);
        asset.safeTransfer(to, amount);
    }

    /// @inheritdoc IMarketDesk
    function burnInventory(uint256 amount) external restricted {
        emit InventoryBurned(amount);
        ERC20Burnable(address(TOKEN)).burn(amount);
    }

    // Internals

    function _requireOffer(Side side) private view returns (Offer memory made) {
        made = offer(side);
        if (made.refusal != DeskRefusal.NONE) revert NoOffer(side, made.refusal);
    }

    /// @dev Nothing is traded while the voters may be deciding whether prices mean anything.
    function _calm() private view returns (DeskRefusal) {
        IFTNSToken token = IFTNSToken(address(TOKEN));
        if (token.haltedUntil() > block.timestamp) return DeskRefusal.HALTED;
        if (token.recoveryUntil() > block.timestamp) return DeskRefusal.RECOVERY;
        return BREAKER.isOpen() ? DeskRefusal.EMERGENCY : DeskRefusal.NONE;
    }

    /// @dev Fills in market and line, or the refusal.
    function _readMarket(Side side, Offer memory made) private view {
        uint256 path_ = _pathToday();
        if (path_ == 0) made.refusal = DeskRefusal.NO_PATH;
        if (made.refusal != DeskRefusal.NONE) return;
        uint256 answer;
        (made.refusal, answer) = _answer();
        if (made.refusal != DeskRefusal.NONE) return;
        uint256 average = _lastHour();
        if (average == 0) {
            made.refusal = DeskRefusal.HOUR_THIN;
            return;
        }
        made.market =
            side == Side.SELL ? FixedPointMathLib.max(answer, average) : FixedPointMathLib.min(answer, average);
        made.line = DeskMath.line(side, path_);
        if (!DeskMath.isBeyond(side, made.market, made.line)) made.refusal = DeskRefusal.WITHIN_BAND;
    }

    /// @dev Zero while there is none.
    function _pathToday() private view returns (uint256) {
        IPricePath path_ = path;
        (uint256 today, uint256 launchDay) = (ProtocolTime.today(), path_.LAUNCH_DAY());
        return today < launchDay ? 0 : path_.pathPrice(today - launchDay);
    }

    /// @dev The feed's answer (USD, 18 decimals). Our own feed says who agrees with it, another's doesn't.
    function _answer() private view returns (DeskRefusal, uint256) {
        if (HISTORY.lastRecord().knownUntil == 0) return (DeskRefusal.ANSWER_OLD, 0);
        if (!HISTORY.handsOver()) {
            (uint256 answer,, uint256 answeredAt) = HISTORY.currentAnswer();
            return (_isOld(answeredAt) ? DeskRefusal.ANSWER_OLD : DeskRefusal.NONE, answer * PriceLimits.TO_WAD);
        }
        Market memory market = IMedianFeed(address(HISTORY.feed())).latestMarket();
        if (_isOld(market.observedAt)) return (DeskRefusal.ANSWER_OLD, 0);
        bool apart = DeskMath.agreeing(market.confidence, market.reports) + MAX_APART < market.registered;
        return (apart ? DeskRefusal.REPORTERS_APART : DeskRefusal.NONE, market.price * PriceLimits.TO_WAD);
    }

    function _isOld(uint256 answeredAt) private view returns (bool) {
        return answeredAt + MAX_ANSWER_AGE < block.timestamp;
    }

    /// @dev The average of the hour that the last round closed (USD, 18 decimals); zero where that isn't the latest, or is thin.
    /// A round of at most 15 minutes ago closed at least the hour before the last.
    function _lastHour() private view returns (uint256) {
        uint256[] memory hour = new uint256[](1);
        hour[0] = HISTORY.latestHour();
        if (hour[0] + 2 < block.timestamp / 1 hours) return 0;
        PriceAverage memory average = HISTORY.hourAverages(hour)[0];
        return average.usable ? average.averageWad : 0;
    }

    /// @dev What is held counts as of the day's first fill: what was traded since is added. All rounded down, but for the least fill.
    function _readShare(Side side, Book memory book, Offer memory made) private view {
        uint256 traded = _tradedToday(book);
        uint256 ofSupply = FixedPointMathLib.mulWad(TOKEN.totalSupply(), dayShare);
        uint256 held;
        if (side == Side.SELL) {
            held = TOKEN.balanceOf(address(this));
        } else {
            held = DOLLAR.balanceOf(address(this));
            ofSupply = FixedPointMathLib.fullMulDiv(ofSupply, made.market, UNIT);
        }
        made.share = FixedPointMathLib.min(ofSupply, (held + traded) / HELD_DIVISOR);
        made.left = FixedPointMathLib.zeroFloorSub(made.share, traded);
        made.least = FixedPointMathLib.divUp(made.share, LEAST_DIVISOR);
        if (made.left == 0 || made.left < made.least) made.refusal = DeskRefusal.EMPTY;
    }

    function _isOpen(Book memory book) private view returns (bool) {
        return book.startedAt != 0 && block.timestamp <= book.startedAt + OFFER_TIME;
    }

    function _tradedToday(Book memory book) private view returns (uint256) {
        return book.day == ProtocolTime.today() ? book.traded : 0;
    }

    /// @dev Counts `amount` of the side's unit, and moves the offer back.
    function _fill(Side side, Offer memory made, uint256 amount) private {
        if (amount < made.least || amount > made.left) revert FillOutOfBounds(side, amount, made.least, made.left);
        Book memory book = _books[side];
        // The traded is at most the day's share, of what exists of the asset.
        // forge-lint: disable-next-line(unsafe-typecast)
        book.traded = uint200(_tradedToday(book) + amount);
        book.day = uint16(ProtocolTime.today());
        book.startedAt += uint40(DeskMath.setBack(amount, made.share));
        _books[side] = book;
    }

    function _dollars(Side side, uint256 tokens, uint256 price) private view returns (uint256) {
        return side == Side.SELL
            ? FixedPointMathLib.fullMulDivUp(tokens, price, UNIT)
            : FixedPointMathLib.fullMulDiv(tokens, price, UNIT);
    }

    function _setDayShare(uint256 share) private {
        if (share > MAX_DAY_SHARE) revert DayShareOutOfBounds(share, MAX_DAY_SHARE);
        dayShare = share;
        emit DayShareSet(share);
    }

    function _setPath(IPricePath path_) private {
        _requireContract(address(path_));
        path = path_;
        emit PathSet(path_);
    }

    function _requireContract(address account) private view {
        if (account.code.length == 0) revert NotAContract(account);
    }
}
