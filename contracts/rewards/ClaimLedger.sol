// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";

/// @title ClaimLedger
/// @notice Rewards that did not fit on their day: who waits for how much, what one may draw a day, and who may ask for it.
///
/// The sum of all claimable balances is `totalClaimable`: owed, but not set aside. An account draws at most
/// `max(50 FTNS, share * claimable / totalClaimable)` a day, both as of its first draw of the day: a whale's backlog leaves room
/// for small ones, and small ones are through at once. Many accounts may add up to more than the share; it ends them.
abstract contract ClaimLedger is IRewardPool, EIP712, Nonces {
    using SafeCast for uint256;

    // Constants

    /// @notice What an account may always draw a day, if the share reaches.
    uint256 public constant MIN_DAILY_DRAW = 50e18;
    bytes32 private constant CLAIM_TYPEHASH = keccak256("Claim(address account,uint256 nonce,uint256 deadline)");

    // Storage

    /// @dev One slot: `| day 16 | leftToday 96 | amount 96 |`.
    struct Claimable {
        uint96 amount; // FTNS
        uint96 leftToday; // FTNS that may still be drawn on `day`
        uint16 day; // protocol day of the latest draw
    }

    /// @inheritdoc IRewardPool
    uint256 public totalClaimable;
    mapping(address account => Claimable) private _claimables;

    // Constructor

    constructor() EIP712("FTNS RewardPool", "1") {}

    // Views

    /// @inheritdoc IRewardPool
    function claimable(address account) public view returns (uint256) {
        return _claimables[account].amount;
    }

    // Internals

    /// @dev What `account` may still draw on `day`, when the claims' share of that day is `share`. Rounded down.
    function _drawable(address account, uint256 day, uint256 share) internal view returns (uint256) {
        Claimable memory owed = _claimables[account];
        return Math.min(owed.amount, owed.day == day ? owed.leftToday : _dailyLimit(owed.amount, share));
    }

    function _defer(address account, uint256 deferred) internal {
        if (deferred == 0) return;
        Claimable storage owed = _claimables[account];
        owed.amount = (owed.amount + deferred).toUint96();
        totalClaimable += deferred;
    }

    /// @dev Takes `amount`, which `_drawable` allowed on `day` at `share`, off what is owed.
    function _draw(address account, uint256 amount, uint256 day, uint256 share) internal returns (uint256 remaining) {
        Claimable memory owed = _claimables[account];
        uint256 left = owed.day == day ? owed.leftToday : _dailyLimit(owed.amount, share);
        remaining = owed.amount - amount;
        _claimables[account] =
            Claimable({amount: uint96(remaining), leftToday: uint96(left - amount), day: uint16(day)});
        totalClaimable -= amount;
    }

    function _cancel(address account, uint256 amount) internal returns (uint256 cancelled, uint256 remaining) {
        Claimable storage owed = _claimables[account];
        uint256 before = owed.amount;
        cancelled = Math.min(amount, before);
        remaining = before - cancelled;
        owed.amount = uint96(remaining);
        totalClaimable -= cancelled;
    }

    /// @dev Reverts unless `account` signed a claim that is good until `deadline`. Its own key counts also where it has code.
    function _useClaimSignature(address account, uint256 deadline, bytes calldata signature) internal {
        if (block.timestamp > deadline) revert ClaimExpired(deadline);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CLAIM_TYPEHASH, account, _useNonce(account), deadline)));
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(digest, signature);
        bool signed = failure == ECDSA.RecoverError.NoError && signer == account;
        if (!signed && !SignatureChecker.isValidERC1271SignatureNowCalldata(account, digest, signature)) {
            revert InvalidClaimSignature(account);
        }
    }

    /// @dev `share` of a day in which `amount` of all that is claimable is this account's. At most 96 bits.
    function _dailyLimit(uint256 amount, uint256 share) private view returns (uint256) {
        if (amount == 0) return MIN_DAILY_DRAW;
        uint256 limit = Math.max(MIN_DAILY_DRAW, Math.mulDiv(share, amount, totalClaimable));
        return Math.min(limit, type(uint96).max);
    }
}
