// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IMultiplierSource} from "../interfaces/IMultiplierSource.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {IUsageChannels} from "../interfaces/IUsageChannels.sol";
import {IUsageRouter} from "../interfaces/IUsageRouter.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {WrappedFTNS} from "../token/WrappedFTNS.sol";
import {ChannelTerms} from "../types/Channel.sol";
import {ChannelIds} from "./ChannelIds.sol";
import {OperatorTill} from "./OperatorTill.sol";

/// @title UsageRouter
/// @notice See IUsageRouter.
///
/// THE LAW OF THE ACCOUNTING
/// 1. Of wFTNS it holds the pots, and what somebody paid straight to it and nobody distributed yet.
/// 2. Of FTNS it holds what was paid straight to it in FTNS (it is charged like anyone), and within a distribution what is on its way.
/// 3. The operator's part, royalties and what is burned are rounded down: the pool gains.
contract UsageRouter is IUsageRouter, AccessManaged {
    using SafeERC20 for IERC4626;
    using SafeERC20 for IFTNSToken;

    // Constants

    uint256 private constant WAD = 1e18;
    uint256 public constant MAX_BURN_SHARE = 0.5e18;
    uint256 public constant MAX_ROYALTY_SHARE = 0.4e18;
    uint256 public constant MAX_OPERATOR_SHARE = 0.1e18;
    /// @notice A pot from which nobody draws so long goes to the pool.
    uint256 public constant POT_WEEKS = 8;
    /// @notice FTNS that were paid straight to the router are wrapped once they are so many: dust would only cost gas.
    uint256 public constant LEAST_WRAPPED = 1e18;
    /// @dev Units of wFTNS for a wei of FTNS when the wrapper was new. Demurrage only ever makes them more.
    uint256 private constant UNITS_AT_PAR = 1e6;
    /// @dev Of IMultiplierSource: the share of use that is burned.
    uint8 private constant BURN_RATE = 10;
    uint256 private constant WEEK_DAYS = 7;

    // Immutables

    /// @inheritdoc IUsageRouter
    IUsageChannels public immutable CHANNELS;
    /// @inheritdoc IUsageRouter
    IERC4626 public immutable WRAPPER;
    /// @inheritdoc IUsageRouter
    IFTNSToken public immutable TOKEN;
    /// @inheritdoc IUsageRouter
    IRewardPool public immutable REWARD_POOL;
    /// @inheritdoc IUsageRouter
    IMultiplierSource public immutable MULTIPLIERS;
    /// @notice What every till is a clone of.
    address public immutable TILL;

    // Storage

    /// @dev One slot, in WAD.
    struct Shares {
        uint64 burn;
        uint64 royalty;
        uint64 operatorShare;
    }

    Shares private _shares;
    /// @inheritdoc IUsageRouter
    address public royalties;
    /// @inheritdoc IUsageRouter
    uint256 public royaltiesHeld;
    /// @inheritdoc IUsageRouter
    mapping(address operator => mapping(uint256 week => uint256)) public potOf;
    /// @inheritdoc IUsageRouter
    mapping(bytes32 channelId => uint256) public creditedOf;

    // Constructor

    /// @param authority the AccessManager
    /// @param channels must name this contract as their router
    /// @param pool where the rest goes
    /// @param multipliers says what the burn multiplier is: the supply controller
    constructor(address authority, IUsageChannels channels, IRewardPool pool, IMultiplierSource multipliers)
        AccessManaged(authority)
    {
        if (address(channels).code.length == 0) revert NotAContract(address(channels));
        if (address(pool).code.length == 0) revert NotAContract(address(pool));
        if (address(multipliers).code.length == 0) revert NotAContract(address(multipliers));
        (CHANNELS, REWARD_POOL, MULTIPLIERS) = (channels, pool, multipliers);
        WRAPPER = channels.WRAPPER();
        TOKEN = IFTNSToken(WRAPPER.asset());
        TILL = address(new OperatorTill(WrappedFTNS(address(WRAPPER))));
        _setShares(0.1e18, 0.2e18, 0.05e18);
        // The wrapper is the protocol's own; it takes FTNS out of nobody but who calls it.
        TOKEN.forceApprove(address(WRAPPER), type(uint256).max);
    }

    // Views

    /// @inheritdoc IUsageRouter
    function shares() external view returns (uint256 burn, uint256 royalty, uint256 operatorShare) {
        return (_shares.burn, _shares.royalty, _shares.operatorShare);
    }

    /// @inheritdoc IUsageRouter
    function burnShare() public view returns (uint256) {
        return _burnShare(_shares.burn);
    }

    /// @inheritdoc IUsageRouter
    function tillOf(address operator) public view returns (address) {
        return Clones.predictDeterministicAddress(TILL, _tillSalt(operator));
    }

    // Writes

    /// @inheritdoc IUsageRouter
    function distribute(address operator) external {
        _distribute(operator, CHANNELS.collect(operator));
    }

    /// @inheritdoc IUsageRouter
    function distributeTill(address operator) external {
        if (operator == address(0)) revert ZeroOperator();
        address till = tillOf(operator);
        if (till.code.length == 0) {
            Clones.cloneDeterministic(TILL, _tillSalt(operator));
            emit TillCreated(operator, till);
        }
        _distribute(operator, OperatorTill(till).empty());
    }

    /// @inheritdoc IUsageRouter
    function distributeRest() external {
        uint256 plain = TOKEN.balanceOf(address(this));
        if (plain >= LEAST_WRAPPED) WRAPPER.deposit(plain, address(this));
        _distribute(address(0), WRAPPER.balanceOf(address(this)) - royaltiesHeld);
    }

    /// @inheritdoc IUsageRouter
    function credit(ChannelTerms calldata terms) external returns (uint256 amount) {
        // Check
        bytes32 channelId = ChannelIds.idOf(terms);
        uint256 claimed = CHANNELS.channelOf(channelId).claimed;
        uint256 credited = creditedOf[channelId];
        if (claimed == credited) revert NothingToCredit(channelId);

        // Effect: rounded down, the pool gains
        creditedOf[channelId] = claimed;
        amount = _worthOf(claimed - credited);
        emit Credited(channelId, terms.payer, claimed, amount);

        // Interaction
        TOKEN.creditActivity(terms.payer, amount);
    }

    /// @inheritdoc IUsageRouter
    function drawPot(address operator, uint256 week, address to, uint256 amount) external {
        if (msg.sender != royalties) revert NotTheRoyalties(msg.sender);
        _takeFromPot(operator, week, amount);
        emit PotDrawn(operator, week, to, amount);
        WRAPPER.safeTransfer(to, amount);
    }

    /// @inheritdoc IUsageRouter
    function releasePot(address operator, uint256 week) external {
        uint256 releasedFrom = week + POT_WEEKS + 1;
        if (_week() < releasedFrom) revert PotNotReleased(operator, week, releasedFrom);
        uint256 amount = potOf[operator][week];
        if (amount == 0) revert NothingToDistribute(operator);
        _takeFromPot(operator, week, amount);
        uint256 pooled = WRAPPER.redeem(amount, address(REWARD_POOL), address(this));
        emit PotReleased(operator, week, amount, pooled);
    }

    // Governance

    /// @inheritdoc IUsageRouter
    function setShares(uint256 burn, uint256 royalty, uint256 operatorShare) external restricted {
        _setShares(burn, royalty, operatorShare);
    }

    /// @inheritdoc IUsageRouter
    function setRoyalties(address royalties_) external restricted {
        if (royalties_.code.length == 0) revert NotAContract(royalties_);
        royalties = royalties_;
        emit RoyaltiesSet(royalties_);
    }

    // Internals

    /// @dev `amount` of wFTNS, which is here already. Without an operator nobody has a share, and no work was used.
    function _distribute(address operator, uint256 amount) private {
        // Check
        Shares memory shares_ = _shares;
        if (operator == address(0)) (shares_.operatorShare, shares_.royalty) = (0, 0);
        uint256 operatorPart = amount * shares_.operatorShare / WAD;
        uint256 rest = amount - operatorPart;
        uint256 toWorks = rest * shares_.royalty / WAD;
        uint256 toBurn = rest * _burnShare(shares_.burn) / WAD;
        uint256 redeemed = rest - toWorks;
        if (redeemed == 0) revert NothingToDistribute(operator);

        // Effect
        uint256 week = _week();
        if (toWorks != 0) {
            potOf[operator][week] += toWorks;
            royaltiesHeld += toWorks;
        }

        // Interaction: with the protocol's own contracts, which call nobody back
        if (operatorPart != 0) WRAPPER.safeTransfer(operator, operatorPart);
        uint256 pooled = WRAPPER.redeem(redeemed, address(this), address(this));
        uint256 burned = Math.mulDiv(pooled, toBurn, redeemed);
        pooled -= burned;
        if (burned != 0) ERC20Burnable(address(TOKEN)).burn(burned);
        TOKEN.safeTransfer(address(REWARD_POOL), pooled);
        emit Distributed(operator, week, amount, operatorPart, toWorks, burned, pooled);
    }

    /// @dev What `amount` of wFTNS is worth, and never more than an FTNS each: a price above that is somebody's gift to the wrapper, which
    /// whoever holds nearly all wFTNS can take back in the same transaction.
    function _worthOf(uint256 amount) private view returns (uint256) {
        return Math.min(WRAPPER.convertToAssets(amount), amount / UNITS_AT_PAR);
    }

    function _burnShare(uint256 burn) private view returns (uint256) {
        return Math.min(burn * MULTIPLIERS.multiplierFor(BURN_RATE) / WAD, MAX_BURN_SHARE);
    }

    function _takeFromPot(address operator, uint256 week, uint256 amount) private {
        uint256 pot = potOf[operator][week];
        if (amount > pot) revert PotTooSmall(operator, week, amount, pot);
        potOf[operator][week] = pot - amount;
        royaltiesHeld -= amount;
    }

    function _setShares(uint256 burn, uint256 royalty, uint256 operatorShare) private {
        _checkShare("burn", burn, MAX_BURN_SHARE);
        _checkShare("royalty", royalty, MAX_ROYALTY_SHARE);
        _checkShare("operatorShare", operatorShare, MAX_OPERATOR_SHARE);
        // All fit by their bounds.
        // forge-lint: disable-next-line(unsafe-typecast)
        _shares = Shares(uint64(burn), uint64(royalty), uint64(operatorShare));
        emit SharesSet(burn, royalty, operatorShare);
    }

    function _checkShare(bytes32 name, uint256 share, uint256 max) private pure {
        if (share > max) revert UsageShareOutOfBounds(name, share, max);
    }

    function _week() private view returns (uint256) {
        return ProtocolTime.today() / WEEK_DAYS;
    }

    function _tillSalt(address operator) private pure returns (bytes32) {
        return bytes32(uint256(uint160(operator)));
    }
}
