// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ChannelTerms} from "../types/Channel.sol";
import {IFTNSToken} from "./IFTNSToken.sol";
import {IMultiplierSource} from "./IMultiplierSource.sol";
import {IRewardPool} from "./IRewardPool.sol";
import {IUsageChannels} from "./IUsageChannels.sol";

/// @title IUsageRouter
/// @notice Where payments for the use of the network's AI go. Of what was paid to an operator, the operator keeps its share; of the rest
/// a part is burned, a part is set aside in the operator's pot of the week for the works that it used, and the rest goes to the reward
/// pool. Payments count as activity of whoever made them.
interface IUsageRouter {
    /// @notice What was paid to `operator` was distributed: `operatorPart + royalties + (what was redeemed for burned + pooled) = amount`.
    /// @param operator zero for what came straight to the router
    /// @param week of the pot
    /// @param amount wFTNS (24 decimals), as `operatorPart` and `royalties`
    /// @param burned FTNS (18 decimals), as `pooled`
    event Distributed(
        address indexed operator,
        uint256 indexed week,
        uint256 amount,
        uint256 operatorPart,
        uint256 royalties,
        uint256 burned,
        uint256 pooled
    );
    event TillCreated(address indexed operator, address till);
    /// @notice Payments of `claimed` less what counted before, worth `amount` FTNS now, count as activity of `payer`.
    /// @param claimed wFTNS (24 decimals)
    event Credited(bytes32 indexed channelId, address indexed payer, uint256 claimed, uint256 amount);
    /// @notice `amount` of the pot went to `to` (wFTNS, 24 decimals).
    event PotDrawn(address indexed operator, uint256 indexed week, address indexed to, uint256 amount);
    /// @notice Nobody drew the pot in eight weeks; it went to the reward pool.
    /// @param amount wFTNS (24 decimals)
    /// @param pooled FTNS (18 decimals)
    event PotReleased(address indexed operator, uint256 indexed week, uint256 amount, uint256 pooled);
    /// @param burn WAD, as `royalty` and `operatorShare`
    event SharesSet(uint256 burn, uint256 royalty, uint256 operatorShare);
    event RoyaltiesSet(address royalties);

    error NotAContract(address account);
    error ZeroOperator();
    error NothingToDistribute(address operator);
    /// @notice All that was claimed of the channel counts already.
    error NothingToCredit(bytes32 channelId);
    /// @param share WAD, as `max`
    error UsageShareOutOfBounds(bytes32 name, uint256 share, uint256 max);
    error NotTheRoyalties(address caller);
    error PotTooSmall(address operator, uint256 week, uint256 amount, uint256 pot);
    /// @param releasedFrom first week in which it may be
    error PotNotReleased(address operator, uint256 week, uint256 releasedFrom);

    /// @notice Distributes what was claimed for `operator` from channels. Anyone may call it.
    /// @dev Reverts with `NothingToCollect` of the channels or, where it is worth less than a wei of FTNS, with `ERC4626ExceededMaxRedeem` of the
    /// wrapper, which promises nothing for so little; and in a halt or recovery mode as wFTNS and FTNS do.
    /// @param operator whose claims
    function distribute(address operator) external;

    /// @notice Distributes what lies in the till of `operator`, which is made if it is not there. Anyone may call it.
    /// @dev Reverts with `NothingToDistribute`, and as `distribute`.
    /// @param operator whose till
    function distributeTill(address operator) external;

    /// @notice Distributes what was paid straight to the router, in wFTNS or FTNS: plans, for example. No operator and no work had a part
    /// in it: a part is burned, the rest goes to the pool.
    /// @dev Reverts as `distributeTill`.
    function distributeRest() external;

    /// @notice Counts what was claimed of a channel, and did not count before, as activity of its payer, at what wFTNS are worth now. Anyone
    /// may call it.
    /// @dev Reverts with `NothingToCredit`.
    /// @param terms whose channel
    /// @return amount FTNS (18 decimals), rounded down
    function credit(ChannelTerms calldata terms) external returns (uint256 amount);

    /// @notice Pays `amount` of a pot to `to`. Only the contract for royalties may call it.
    /// @dev Reverts with `NotTheRoyalties`, `PotTooSmall`.
    /// @param operator whose pot
    /// @param week protocol day / 7
    /// @param to who earned it
    /// @param amount wFTNS, 24 decimals
    function drawPot(address operator, uint256 week, address to, uint256 amount) external;

    /// @notice Sends what is left in a pot to the reward pool, when it is more than eight weeks old. Anyone may call it.
    /// @dev Reverts with `PotNotReleased`, or `NothingToDistribute` where the pot is empty.
    /// @param operator whose pot
    /// @param week protocol day / 7
    function releasePot(address operator, uint256 week) external;

    /// @notice The till of `operator`: an address that single payments for it are made to, by EIP-3009 for example. It may be paid
    /// before it is made.
    /// @param operator any
    /// @return till where `distributeTill` looks
    function tillOf(address operator) external view returns (address till);

    /// @notice What lies in a pot.
    /// @param operator whose pot
    /// @param week protocol day / 7
    /// @return wFTNS, 24 decimals
    function potOf(address operator, uint256 week) external view returns (uint256);

    /// @notice What lies in all pots.
    /// @return wFTNS, 24 decimals
    function royaltiesHeld() external view returns (uint256);

    /// @notice How much of what was claimed of a channel counts as activity already.
    /// @param channelId of the channel
    /// @return wFTNS, 24 decimals
    function creditedOf(bytes32 channelId) external view returns (uint256);

    /// @notice Shares of a payment. The operator's is of all of it, the others are of what is left then.
    /// @return burn before the burn multiplier (WAD)
    /// @return royalty WAD
    /// @return operatorShare WAD
    function shares() external view returns (uint256 burn, uint256 royalty, uint256 operatorShare);

    /// @notice The share that is burned now: `burn` times the burn multiplier where that follows `M`, at most 50 %.
    /// @return WAD
    function burnShare() external view returns (uint256);

    /// @notice The contract that pays royalties out of pots.
    /// @return zero as long as there is none
    function royalties() external view returns (address);

    /// @notice Sets the shares, for what is distributed from now on. Restricted to governance.
    /// @dev Reverts with `UsageShareOutOfBounds`.
    /// @param burn at most 50 % (WAD)
    /// @param royalty at most 40 % (WAD)
    /// @param operatorShare at most 10 % (WAD)
    function setShares(uint256 burn, uint256 royalty, uint256 operatorShare) external;

    /// @notice Names the contract that pays royalties. Restricted to governance.
    /// @dev Warning: it may empty every pot. Reverts with `NotAContract`.
    /// @param royalties_ a contract
    function setRoyalties(address royalties_) external;

    function CHANNELS() external view returns (IUsageChannels);

    function WRAPPER() external view returns (IERC4626);

    function TOKEN() external view returns (IFTNSToken);

    function REWARD_POOL() external view returns (IRewardPool);

    function MULTIPLIERS() external view returns (IMultiplierSource);
}
