// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {AccountClass, IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {Restrictions} from "./Restrictions.sol";

/// @title WrappedFTNS
/// @notice FTNS for contracts that remember balances (pools, bridges, lending): a plain ERC-4626 vault whose balances never
/// move by themselves. Demurrage shows in the share price instead, which falls at the top rate: the vault's account is
/// POOLED, so it earns neither activity nor a tier. It serves contracts and does not protect idle holdings from demurrage.
/// A payment can be signed and sent by anyone else (EIP-3009), as x402 asks.
///
/// Halts and recovery mode are the token's, and hold for wFTNS as for FTNS: in a halt only the protocol's exempt contracts
/// move them, in recovery mode any other account moves at most a tenth of its wFTNS a day, by payment or redemption. The
/// vault's own FTNS are not limited in recovery mode, its users are.
/// @dev Rounding is ERC-4626's: always for those who stay in the vault. A share has 24 decimals, six more than FTNS: whoever
/// sends FTNS to the empty vault makes a share dearer by nothing that matters, and pays for it; a deposit or withdrawal that
/// would round to nothing is refused. The limits never promise what is refused.
contract WrappedFTNS is ERC4626, ERC20Permit, ERC3009 {
    using Restrictions for Restrictions.Allowances;

    /// @notice A deposit too small for one share, or a withdrawal too small for one unit of FTNS.
    error RoundsToZero(uint256 assets, uint256 shares);

    // Immutables

    IFTNSToken private immutable TOKEN;

    // Storage

    Restrictions.Allowances private _allowances;

    // Constructor

    constructor(IFTNSToken ftns) ERC20("Wrapped FTNS", "wFTNS") ERC20Permit("Wrapped FTNS") ERC4626(ftns) {
        TOKEN = ftns;
    }

    // Views

    /// @inheritdoc ERC4626
    /// @dev All the FTNS that there can be outside. (What its owner may move, the token says: `movable`.)
    function maxDeposit(address) public view override returns (uint256) {
        return _isHalted() ? 0 : TOKEN.MAX_SUPPLY() - totalAssets();
    }

    /// @inheritdoc ERC4626
    function maxMint(address receiver) public view override returns (uint256) {
        return convertToShares(maxDeposit(receiver));
    }

    /// @inheritdoc ERC4626
    function maxWithdraw(address owner) public view override returns (uint256) {
        return previewRedeem(maxRedeem(owner));
    }

    /// @inheritdoc ERC4626
    /// @dev What the owner may move of its wFTNS, and the vault of its FTNS; nothing when that is worth less than a wei.
    function maxRedeem(address owner) public view override returns (uint256 shares) {
        shares = movable(owner);
        if (_isRestricted()) {
            uint256 assets = TOKEN.movable(address(this));
            if (assets < totalAssets()) shares = Math.min(shares, convertToShares(assets));
        }
        if (previewRedeem(shares) == 0) return 0;
    }

    /// @notice What `account` may still move today because of a halt or recovery mode: all there is when neither holds.
    /// @param account any address
    /// @return shares of 24 decimals
    function movable(address account) public view returns (uint256) {
        uint256 balance = balanceOf(account);
        if (!_isRestricted()) return balance;
        AccountClass accountClass = _classOf(account);
        if (accountClass == AccountClass.EXEMPT) return balance;
        if (_isHalted()) return 0;
        return accountClass == AccountClass.POOLED ? balance : _allowances.left(account, balance);
    }

    /// @inheritdoc ERC4626
    function decimals() public view override(ERC20, ERC4626) returns (uint8) {
        return super.decimals();
    }

    // Internals

    /// @dev Every payment and redemption of wFTNS passes here; a payment to oneself moves nothing, so it needs no allowance.
    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0) && _isRestricted()) _checkRestrictions(from, from == to ? 0 : value);
        super._update(from, to, value);
    }

    /// @dev In a halt or recovery mode, as the token does it (RestrictedLedger).
    function _checkRestrictions(address from, uint256 value) private {
        AccountClass accountClass = _classOf(from);
        if (accountClass == AccountClass.EXEMPT) return;
        if (_isHalted()) revert IFTNSToken.TransfersHalted(TOKEN.haltedUntil());
        if (accountClass != AccountClass.POOLED) _allowances.count(from, balanceOf(from), value);
    }

    /// @dev By a halt or recovery mode: one question in nearly all payments.
    function _isRestricted() private view returns (bool) {
        return TOKEN.restrictedUntil() > block.timestamp;
    }

    function _isHalted() private view returns (bool) {
        return TOKEN.haltedUntil() > block.timestamp;
    }

    function _classOf(address account) private view returns (AccountClass) {
        return TOKEN.accountOf(account).accountClass;
    }

    /// @dev An amount that rounds to nothing, repeated often enough, would let somebody gain by rounding.
    function _deposit(address caller, address receiver, uint256 assets, uint256 shares) internal override {
        if (assets == 0 || shares == 0) revert RoundsToZero(assets, shares);
        super._deposit(caller, receiver, assets, shares);
    }

    function _withdraw(address caller, address receiver, address owner, uint256 assets, uint256 shares)
        internal
        override
    {
        if (assets == 0 || shares == 0) revert RoundsToZero(assets, shares);
        super._withdraw(caller, receiver, owner, assets, shares);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }
}
