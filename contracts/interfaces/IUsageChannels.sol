// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ChannelTerms, ChannelView, DepositAuthorization, Voucher} from "../types/Channel.sol";

/// @title IUsageChannels
/// @notice Payment channels for the use of the network's AI. A payer puts wFTNS into a channel with one operator, and signs with each
/// request a voucher for all that it has used so far; no request needs a transaction. The operator claims many vouchers at once.
/// What is claimed goes to the UsageRouter, which pays the operator its share.
///
/// WHO MAY LOSE WHAT
/// - A payer loses what its key signed vouchers for, and nothing else: of the rest nobody can claim anything.
/// - An operator loses what it served and did not claim within 48 hours after the payer's notice. Time in which transfers are halted
///   or recovery mode is on is no notice, and claims work in a halt.
/// - Nothing that a payer does makes a claim of many vouchers fail: one that brings nothing is passed over.
interface IUsageChannels {
    /// @notice `amount` came into the channel.
    /// @param deposited what it holds and what was claimed, together (wFTNS, 24 decimals), as `amount`
    event Deposited(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed operator,
        address voucherKey,
        uint256 salt,
        uint256 amount,
        uint256 deposited
    );
    /// @notice The operator's claims on the channel are `claimed` in all (wFTNS, 24 decimals).
    event Claimed(bytes32 indexed channelId, uint256 claimed);
    /// @notice Claims brought `total` for `operator` (wFTNS, 24 decimals), which waits for the router.
    event ClaimsCounted(address indexed operator, uint256 total);
    /// @notice The payer may take out the rest from `leavesAt` on (seconds), or later by the time in which transfers are restricted.
    event NoticeGiven(bytes32 indexed channelId, address indexed operator, uint256 leavesAt);
    event NoticeWithdrawn(bytes32 indexed channelId, address indexed operator);
    /// @notice `amount` went back to the payer (wFTNS, 24 decimals).
    event Withdrawn(bytes32 indexed channelId, address indexed payer, uint256 amount);
    event RouterSet(address router);

    error NotAContract(address account);
    /// @notice A channel needs a payer, an operator and a voucher key.
    error IncompleteTerms(ChannelTerms terms);
    error NothingDeposited();
    /// @param amount what the channel would have seen in all, as `max` (wFTNS)
    error DepositTooLarge(uint256 amount, uint256 max);
    error NotThePayer(address caller, address payer);
    /// @notice The notice was not signed by the payer, or is not the one that comes next.
    error NoticeNotSigned(address payer, uint256 notices);
    error NoticeExpired(uint256 deadline, uint256 nowSec);
    error NoticeRuns(bytes32 channelId, uint256 leavesAt);
    error NoNotice(bytes32 channelId);
    /// @param leavesAt seconds
    error NoticeNotOver(bytes32 channelId, uint256 leavesAt, uint256 nowSec);
    /// @notice Nothing is left in the channel, or nothing that may leave it today.
    error NothingLeft(bytes32 channelId);
    /// @notice The voucher number `index` would bring something, and is not signed by its channel's key.
    error VoucherNotSigned(uint256 index, bytes32 channelId);
    /// @notice None of the vouchers brings anything.
    error NothingNewToClaim(address operator);
    error NothingToCollect(address operator);
    error NotTheRouter(address caller);

    /// @notice Puts `amount` of the caller's wFTNS into a channel, and opens it if it is new. Anyone may do it for any payer: it is a gift to
    /// it. It doesn't end a notice.
    /// @dev The caller has approved this contract. Reverts with `IncompleteTerms`, `NothingDeposited`, `DepositTooLarge`.
    /// @param terms whose channel
    /// @param amount wFTNS, 24 decimals
    /// @return channelId its id
    function deposit(ChannelTerms calldata terms, uint256 amount) external returns (bytes32 channelId);

    /// @notice The same out of the payer's wFTNS, by its EIP-3009 signature, sent by anyone: the payer needs no coin of the chain.
    /// @dev The signature is one of `ReceiveWithAuthorization` to this contract, with the nonce `depositNonce(channelId, number)`.
    /// @param terms whose channel
    /// @param amount wFTNS, 24 decimals
    /// @param authorization by the payer
    /// @return channelId its id
    function depositWithAuthorization(
        ChannelTerms calldata terms,
        uint256 amount,
        DepositAuthorization calldata authorization
    ) external returns (bytes32 channelId);

    /// @notice Counts what vouchers of channels with `operator` bring beyond what was claimed. Anyone may do it. It moves no coin, and works
    /// while transfers are halted.
    /// @dev A voucher brings what was charged, and at most what was signed for and what the channel holds. A voucher that brings nothing is passed over; one that
    /// would bring something and is not signed by its channel's key reverts with `VoucherNotSigned`. In recovery mode at most a tenth
    /// of what a channel held leaves it a day; the rest of a voucher can be claimed later. Reverts with `NothingNewToClaim`.
    /// @param operator of all these channels
    /// @param vouchers as many as the caller pays for
    /// @return total what they brought (wFTNS, 24 decimals)
    function claimMany(address operator, Voucher[] calldata vouchers) external returns (uint256 total);

    /// @notice The caller, who is the payer, says that it leaves: from 48 hours later on it may take out what was not claimed.
    /// @dev Reverts with `NotThePayer`, `NothingLeft`, `NoticeRuns`.
    /// @param terms whose channel
    function giveNotice(ChannelTerms calldata terms) external;

    /// @notice The same by the payer's signature (EIP-712 `Notice{channelId, number, deadline}`, or ERC-1271), sent by anyone.
    /// @dev Also reverts with `NoticeExpired` and `NoticeNotSigned`.
    /// @param terms whose channel
    /// @param deadline last second in which it is good
    /// @param signature of the payer, whose notice bears the number `channelOf(channelId).notices`
    function giveNoticeFor(ChannelTerms calldata terms, uint256 deadline, bytes calldata signature) external;

    /// @notice The caller, who is the payer, stays.
    /// @dev Reverts with `NotThePayer`, `NoNotice`.
    /// @param terms whose channel
    function withdrawNotice(ChannelTerms calldata terms) external;

    /// @notice Pays the payer what was not claimed, after its notice. Anyone may call it. In recovery mode at most a tenth of what the channel
    /// held leaves it a day.
    /// @dev Reverts with `NoNotice`, `NoticeNotOver`, `NothingLeft`, and as wFTNS do in a halt.
    /// @param terms whose channel
    /// @return amount wFTNS, 24 decimals
    function withdraw(ChannelTerms calldata terms) external returns (uint256 amount);

    /// @notice Hands the router what was claimed for `operator`. Only the router may call it.
    /// @dev Reverts with `NotTheRouter`, `NothingToCollect`, and as wFTNS do in a halt.
    /// @param operator whose claims
    /// @return amount wFTNS, 24 decimals
    function collect(address operator) external returns (uint256 amount);

    /// @notice A channel as it stands.
    /// @param channelId any
    /// @return zeros for one that was never opened
    function channelOf(bytes32 channelId) external view returns (ChannelView memory);

    /// @notice The hash by which the channel with these terms is named.
    /// @param terms any
    /// @return channelId whether it was opened or not
    function channelIdOf(ChannelTerms calldata terms) external pure returns (bytes32 channelId);

    /// @notice The EIP-3009 nonce of a payment into `channelId`.
    /// @param channelId of the channel
    /// @param number any; each can be used once
    /// @return nonce hash of both
    function depositNonce(bytes32 channelId, uint256 number) external pure returns (bytes32 nonce);

    /// @notice What a channel's key signs.
    /// @param channelId of the channel
    /// @param cumulative wFTNS, 24 decimals
    /// @return EIP-712 digest of `Voucher{channelId, cumulative}`
    function hashVoucher(bytes32 channelId, uint256 cumulative) external view returns (bytes32);

    /// @notice What a payer signs to give notice.
    /// @param channelId of the channel
    /// @param number how many notices there were
    /// @param deadline seconds
    /// @return EIP-712 digest of `Notice{channelId, number, deadline}`
    function hashNotice(bytes32 channelId, uint256 number, uint256 deadline) external view returns (bytes32);

    /// @notice What was claimed for `operator` and waits for the router.
    /// @param operator any
    /// @return wFTNS, 24 decimals
    function uncollected(address operator) external view returns (uint256);

    /// @notice Who collects what is claimed: the UsageRouter.
    /// @return zero before the first `setRouter`
    function router() external view returns (address);

    /// @notice Names the contract that collects what is claimed. Restricted to governance.
    /// @dev Warning: all that was claimed and not collected, and all that will be, goes to it. Reverts with `NotAContract`.
    /// @param router_ the UsageRouter
    function setRouter(address router_) external;

    /// @notice From a payer's notice until it may take out the rest: 48 hours.
    /// @return seconds
    function NOTICE() external view returns (uint256);

    /// @notice wFTNS.
    /// @return never changes
    function WRAPPER() external view returns (IERC4626);
}
