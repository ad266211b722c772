// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";

/// @title WrappedFTNS
/// @notice FTNS for contracts that remember balances (pools, bridges, lending): a plain ERC-4626 vault whose balances never
/// move by themselves. Demurrage shows in the share price instead, which falls at the top rate: the vault's account is
/// POOLED, so it earns neither activity nor a tier. It serves contracts and does not protect idle holdings from demurrage.
/// @dev Rounding is ERC-4626's: always for those who stay in the vault. OpenZeppelin's virtual shares make the inflation
/// attack cost its author more than it takes from anyone; deposits that would round to no shares are refused besides.
/// While transfers of FTNS are halted nothing goes in or out, and in recovery mode a tenth of it goes out a day, first come
/// first served; the limits say so, as ERC-4626 asks.
contract WrappedFTNS is ERC4626, ERC20Permit {
    /// @notice A deposit too small for one share, or a withdrawal too small for one unit of FTNS.
    error RoundsToZero(uint256 assets, uint256 shares);

    // Constructor

    constructor(IFTNSToken ftns) ERC20("Wrapped FTNS", "wFTNS") ERC20Permit("Wrapped FTNS") ERC4626(ftns) {}

    // Views

    /// @inheritdoc ERC4626
    function maxDeposit(address receiver) public view override returns (uint256) {
        return _isHalted() ? 0 : super.maxDeposit(receiver);
    }

    /// @inheritdoc ERC4626
    function maxMint(address receiver) public view override returns (uint256) {
        return _isHalted() ? 0 : super.maxMint(receiver);
    }

    /// @inheritdoc ERC4626
    function maxWithdraw(address owner) public view override returns (uint256) {
        return Math.min(super.maxWithdraw(owner), _movable());
    }

    /// @inheritdoc ERC4626
    function maxRedeem(address owner) public view override returns (uint256) {
        uint256 movable = _movable();
        return movable == totalAssets() ? super.maxRedeem(owner) : Math.min(super.maxRedeem(owner), convertToShares(movable));
    }

    /// @inheritdoc ERC4626
    function decimals() public view override(ERC20, ERC4626) returns (uint8) {
        return super.decimals();
    }

    // Internals

    /// @dev What the vault may pay out today: nothing in a halt, a tenth of what it holds in recovery mode.
    function _movable() private view returns (uint256) {
        return IFTNSToken(asset()).movable(address(this));
    }

    function _isHalted() private view returns (bool) {
        return IFTNSToken(asset()).haltedUntil() > block.timestamp;
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
}
