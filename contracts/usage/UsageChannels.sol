// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Signatures} from "../contributors/Signatures.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IUsageChannels} from "../interfaces/IUsageChannels.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {ChannelTerms, ChannelView, DepositAuthorization, Voucher} from "../types/Channel.sol";
import {ChannelIds} from "./ChannelIds.sol";

/// @title UsageChannels
/// @notice See IUsageChannels.
///
/// THE LAW OF THE ACCOUNTING
/// 1. A channel stores what came in less what its payer took out (`deposited`), and what was claimed in all (`claimed` <= `deposited`).
/// 2. wFTNS held = sum over channels of `deposited - claimed` + sum over operators of `uncollected`, or more, where somebody sends some
///    here by mistake. Claims move from the first sum to the second; only deposits raise it, only withdrawals and collections lower it.
/// 3. It holds wFTNS and never FTNS: remembered amounts of a balance that shrinks could not all be paid back.
/// 4. It is POOLED, so that recovery mode does not limit it; instead it limits each channel as if that were an account of its own.
contract UsageChannels is IUsageChannels, AccessManaged, EIP712 {
    using SafeERC20 for IERC4626;

    // Constants

    /// @inheritdoc IUsageChannels
    uint256 public constant NOTICE = 48 hours;
    /// @dev As of any account: see Restrictions.
    uint256 private constant DAILY_DIVISOR = 10;
    bytes32 private constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint256 cumulative)");
    bytes32 private constant NOTICE_TYPEHASH = keccak256("Notice(bytes32 channelId,uint256 number,uint256 deadline)");

    // Immutables

    /// @inheritdoc IUsageChannels
    IERC4626 public immutable WRAPPER;
    IFTNSToken private immutable TOKEN;

    // Storage

    /// @dev Two slots, of which a claim reads and writes the first alone, unless recovery mode is on.
    struct Channel {
        uint128 deposited; // wFTNS
        uint128 claimed; // wFTNS
        uint40 leavesAt; // seconds of unrestricted time; zero without a notice
        uint48 notices;
        uint16 limitedDay; // day of recovery mode on which something left
        uint128 left; // what may still leave on that day (wFTNS)
    }

    mapping(bytes32 channelId => Channel) private _channels;
    /// @inheritdoc IUsageChannels
    mapping(address operator => uint256) public uncollected;
    /// @inheritdoc IUsageChannels
    address public router;

    // Constructor

    /// @param authority the AccessManager
    /// @param wrapper wFTNS
    constructor(address authority, IERC4626 wrapper) AccessManaged(authority) EIP712("FTNS UsageChannels", "1") {
        if (address(wrapper).code.length == 0) revert NotAContract(address(wrapper));
        WRAPPER = wrapper;
        TOKEN = IFTNSToken(wrapper.asset());
    }

    // Views

    /// @inheritdoc IUsageChannels
    function channelOf(bytes32 channelId) external view returns (ChannelView memory info) {
        Channel storage channel = _channels[channelId];
        (info.deposited, info.claimed, info.notices) = (channel.deposited, channel.claimed, channel.notices);
        if (channel.leavesAt != 0) info.leavesAt = channel.leavesAt + TOKEN.restrictedSeconds();
        uint256 held = info.deposited - info.claimed;
        info.movable = _isRecovering() ? Math.min(held, _leftToday(channel, held)) : held;
    }

    /// @inheritdoc IUsageChannels
    function channelIdOf(ChannelTerms calldata terms) external pure returns (bytes32) {
        return ChannelIds.idOf(terms);
    }

    /// @inheritdoc IUsageChannels
    function depositNonce(bytes32 channelId, uint256 number) public pure returns (bytes32) {
        return keccak256(abi.encode(channelId, number));
    }

    /// @inheritdoc IUsageChannels
    function hashVoucher(bytes32 channelId, uint256 cumulative) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, channelId, cumulative)));
    }

    /// @inheritdoc IUsageChannels
    function hashNotice(bytes32 channelId, uint256 number, uint256 deadline) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(NOTICE_TYPEHASH, channelId, number, deadline)));
    }

    // Writes

    /// @inheritdoc IUsageChannels
    function deposit(ChannelTerms calldata terms, uint256 amount) external returns (bytes32 channelId) {
        channelId = _countDeposit(terms, amount);

        // Interaction: wFTNS call nobody back
        WRAPPER.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IUsageChannels
    function depositWithAuthorization(
        ChannelTerms calldata terms,
        uint256 amount,
        DepositAuthorization calldata authorization
    ) external returns (bytes32 channelId) {
        channelId = _countDeposit(terms, amount);

        // Interaction: wFTNS check the signature and the nonce, which binds it to this channel
        IERC3009(address(WRAPPER))
            .receiveWithAuthorization(
                terms.payer,
                address(this),
                amount,
                authorization.validAfter,
                authorization.validBefore,
                depositNonce(channelId, authorization.number),
                authorization.v,
                authorization.r,
                authorization.s
            );
    }

    /// @inheritdoc IUsageChannels
    function claimMany(address operator, Voucher[] calldata vouchers) external returns (uint256 total) {
        bool recovering = _isRecovering();
        // As many as the caller pays for.
        for (uint256 i; i < vouchers.length; ++i) {
            Voucher calldata voucher = vouchers[i];
            bytes32 channelId = ChannelIds.idOf(voucher.payer, operator, voucher.voucherKey, voucher.salt);
            Channel storage channel = _channels[channelId];

            // Check: what it brings first, so that nothing its payer does makes the others fail
            (uint256 deposited, uint256 claimed) = (channel.deposited, channel.claimed);
            uint256 reached = Math.min(Math.min(voucher.charged, voucher.cumulative), deposited);
            if (reached <= claimed) continue;
            (address signer,,) = ECDSA.tryRecover(hashVoucher(channelId, voucher.cumulative), voucher.r, voucher.vs);
            // No channel has the zero key, which is what a wrong signature recovers.
            if (signer != voucher.voucherKey) revert VoucherNotSigned(i, channelId);
            if (recovering) {
                reached = claimed + _limit(channel, deposited - claimed, reached - claimed);
                if (reached == claimed) continue;
            }

            // Effect
            total += reached - claimed;
            // Not above `deposited`.
            // forge-lint: disable-next-line(unsafe-typecast)
            channel.claimed = uint128(reached);
            emit Claimed(channelId, reached);
        }
        if (total == 0) revert NothingNewToClaim(operator);
        uncollected[operator] += total;
        emit ClaimsCounted(operator, total);
    }

    /// @inheritdoc IUsageChannels
    function giveNotice(ChannelTerms calldata terms) external {
        if (msg.sender != terms.payer) revert NotThePayer(msg.sender, terms.payer);
        bytes32 channelId = ChannelIds.idOf(terms);
        _giveNotice(channelId, _channels[channelId], terms.operator);
    }

    /// @inheritdoc IUsageChannels
    function giveNoticeFor(ChannelTerms calldata terms, uint256 deadline, bytes calldata signature) external {
        if (block.timestamp > deadline) revert NoticeExpired(deadline, block.timestamp);
        bytes32 channelId = ChannelIds.idOf(terms);
        Channel storage channel = _channels[channelId];
        uint256 notices = channel.notices;
        if (!Signatures.isBy(terms.payer, hashNotice(channelId, notices, deadline), signature)) {
            revert NoticeNotSigned(terms.payer, notices);
        }
        _giveNotice(channelId, channel, terms.operator);
    }

    /// @inheritdoc IUsageChannels
    function withdrawNotice(ChannelTerms calldata terms) external {
        if (msg.sender != terms.payer) revert NotThePayer(msg.sender, terms.payer);
        bytes32 channelId = ChannelIds.idOf(terms);
        Channel storage channel = _channels[channelId];
        if (channel.leavesAt == 0) revert NoNotice(channelId);
        channel.leavesAt = 0;
        emit NoticeWithdrawn(channelId, terms.operator);
    }

    /// @inheritdoc IUsageChannels
    function withdraw(ChannelTerms calldata terms) external returns (uint256 amount) {
        // Check
        bytes32 channelId = ChannelIds.idOf(terms);
        Channel storage channel = _channels[channelId];
        uint256 leavesAt = channel.leavesAt;
        if (leavesAt == 0) revert NoNotice(channelId);
        uint256 restricted = TOKEN.restrictedSeconds();
        if (block.timestamp - restricted < leavesAt) {
            revert NoticeNotOver(channelId, leavesAt + restricted, block.timestamp);
        }
        (uint256 deposited, uint256 claimed) = (channel.deposited, channel.claimed);
        amount = deposited - claimed;
        if (_isRecovering()) amount = _limit(channel, amount, amount);
        // What is claimed in full is left, so that whoever opens it anew gives notice anew.
        if (amount == 0 && deposited != claimed) revert NothingLeft(channelId);

        // Effect
        deposited -= amount;
        // Not above what it was.
        // forge-lint: disable-next-line(unsafe-typecast)
        channel.deposited = uint128(deposited);
        if (deposited == claimed) channel.leavesAt = 0;
        emit Withdrawn(channelId, terms.payer, amount);

        // Interaction
        WRAPPER.safeTransfer(terms.payer, amount);
    }

    /// @inheritdoc IUsageChannels
    function collect(address operator) external returns (uint256 amount) {
        if (msg.sender != router) revert NotTheRouter(msg.sender);
        amount = uncollected[operator];
        if (amount == 0) revert NothingToCollect(operator);
        uncollected[operator] = 0;
        WRAPPER.safeTransfer(msg.sender, amount);
    }

    // Governance

    /// @inheritdoc IUsageChannels
    function setRouter(address router_) external restricted {
        if (router_.code.length == 0) revert NotAContract(router_);
        router = router_;
        emit RouterSet(router_);
    }

    // Internals

    /// @dev The coins come right after it, or everything is reverted.
    function _countDeposit(ChannelTerms calldata terms, uint256 amount) private returns (bytes32 channelId) {
        // Check
        if (terms.payer == address(0) || terms.operator == address(0) || terms.voucherKey == address(0)) {
            revert IncompleteTerms(terms);
        }
        if (amount == 0) revert NothingDeposited();
        channelId = ChannelIds.idOf(terms);
        Channel storage channel = _channels[channelId];
        uint256 deposited = channel.deposited;
        if (amount > type(uint128).max - deposited) revert DepositTooLarge(amount, type(uint128).max - deposited);

        // Effect
        deposited += amount;
        // Checked above.
        // forge-lint: disable-next-line(unsafe-typecast)
        channel.deposited = uint128(deposited);
        emit Deposited(channelId, terms.payer, terms.operator, terms.voucherKey, terms.salt, amount, deposited);
    }

    function _giveNotice(bytes32 channelId, Channel storage channel, address operator) private {
        if (channel.deposited == channel.claimed) revert NothingLeft(channelId);
        uint256 restricted = TOKEN.restrictedSeconds();
        if (channel.leavesAt != 0) revert NoticeRuns(channelId, channel.leavesAt + restricted);
        channel.leavesAt = uint40(block.timestamp - restricted + NOTICE);
        ++channel.notices;
        emit NoticeGiven(channelId, operator, block.timestamp + NOTICE);
    }

    /// @dev In recovery mode: of `amount`, what may leave the channel today, which is counted.
    function _limit(Channel storage channel, uint256 held, uint256 amount) private returns (uint256 allowed) {
        uint256 left = _leftToday(channel, held);
        allowed = Math.min(amount, left);
        // Days have 16 bits, and no more is left than was deposited.
        // forge-lint: disable-next-line(unsafe-typecast)
        (channel.limitedDay, channel.left) = (uint16(ProtocolTime.today()), uint128(left - allowed));
    }

    /// @dev What may still leave it today: a tenth of what it held when first something did, rounded down.
    function _leftToday(Channel storage channel, uint256 held) private view returns (uint256) {
        return channel.limitedDay == ProtocolTime.today() ? channel.left : held / DAILY_DIVISOR;
    }

    function _isRecovering() private view returns (bool) {
        return TOKEN.recoveryUntil() > block.timestamp;
    }
}
