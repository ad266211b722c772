// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IMarketDesk} from "../../interfaces/IMarketDesk.sol";
import {Market} from "../../interfaces/IMedianFeed.sol";
import {IPricePath} from "../../interfaces/IPricePath.sol";
import {HandingFeed} from "../prices/MockFeed.sol";

/// @notice What the desk asks of FTNS, and whatever a test wants it to answer.
contract DeskToken is ERC20Burnable {
    uint256 public haltedUntil;
    uint256 public recoveryUntil;

    constructor() ERC20("FTNS as the desk sees it", "FTNS") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function stop(uint256 haltedUntil_, uint256 recoveryUntil_) external {
        (haltedUntil, recoveryUntil) = (haltedUntil_, recoveryUntil_);
    }
}

/// @notice A dollar with any number of decimals, that may keep a part of each transfer or call its receiver.
contract DeskDollar is ERC20 {
    uint8 private immutable DECIMALS;
    uint256 public feePercent;
    address public called;
    bytes public callData;

    constructor(uint8 decimals_) ERC20("Dollar", "USD") {
        DECIMALS = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setFee(uint256 percent) external {
        feePercent = percent;
    }

    /// @notice With each transfer `target` is called.
    function setCall(address target, bytes calldata data) external {
        (called, callData) = (target, data);
    }

    function _update(address from, address to, uint256 value) internal override {
        uint256 fee = from == address(0) ? 0 : value * feePercent / 100;
        super._update(from, to, value - fee);
        if (called == address(0)) return;
        (bool success, bytes memory reason) = called.call(callData);
        if (success) return;
        assembly {
            revert(add(reason, 32), mload(reason))
        }
    }
}

/// @notice Hands its rounds to a history like the median feed, and says of the latest what a test wants.
contract DeskFeed is HandingFeed {
    uint256 private _price;
    uint256 private _observedAt;
    uint256 private _confidence;
    uint256 private _reports;
    uint256 private _registered;

    function say(uint256 price, uint256 observedAt, uint256 confidence, uint256 reports, uint256 registered) external {
        (_price, _observedAt, _confidence, _reports, _registered) = (price, observedAt, confidence, reports, registered);
    }

    function latestMarket() external view returns (Market memory market) {
        (market.price, market.observedAt, market.confidence) = (_price, _observedAt, _confidence);
        (market.reports, market.registered) = (_reports, _registered);
    }
}

/// @notice A breaker that is open when a test wants it.
contract DeskBreaker {
    bool public isOpen;

    function set(bool open) external {
        isOpen = open;
    }
}

/// @notice A path that is wherever a test wants it.
contract DeskPath is IPricePath {
    uint256 public immutable LAUNCH_DAY;
    uint256 private _price;

    constructor(uint256 launchDay) {
        LAUNCH_DAY = launchDay;
    }

    function set(uint256 price) external {
        _price = price;
    }

    function pathPrice(uint256) external view returns (uint256) {
        return _price;
    }
}

/// @notice Borrows dollars for one transaction, takes the desk's offer with them, and sells what it got to a pool: for as long as that pays.
contract FlashTaker {
    error NotRepaid(uint256 left, uint256 owed);

    /// @param swap call of `pool` that sells `tokens`
    function take(
        IMarketDesk desk,
        DeskDollar dollar,
        uint256 borrowed,
        uint256 tokens,
        address pool,
        bytes calldata swap
    ) external returns (uint256 gain) {
        dollar.mint(address(this), borrowed);
        dollar.approve(address(desk), borrowed);
        desk.buyTokens(tokens, borrowed, address(this));
        desk.TOKEN().approve(pool, tokens);
        (bool success,) = pool.call(swap);
        require(success, "swap");
        uint256 left = dollar.balanceOf(address(this));
        if (left < borrowed) revert NotRepaid(left, borrowed);
        return left - borrowed;
    }
}
