// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DirectCaller} from "../access/DirectCaller.sol";
import {IRewardPool} from "../interfaces/IRewardPool.sol";
import {ClaimLedger} from "./ClaimLedger.sol";

/// @title VestingDebts
/// @notice Rewards that are owed only once they have vested. Until then no coin exists for them, and the proof behind them can be cancelled;
/// from then on they are claimable like what was left over on an earlier day.
///
/// `totalVesting` is the sum of all that was earned so and has neither vested nor been cancelled. When a reward vests, and whose it is, is
/// the vester's business; that each proof does so once is kept here, so that one vester may follow another.
abstract contract VestingDebts is ClaimLedger, DirectCaller {
    // Storage

    /// @inheritdoc IRewardPool
    address public vester;
    uint96 private _totalVesting; // FTNS, in the vester's slot
    /// @inheritdoc IRewardPool
    mapping(bytes32 proofHash => bool) public isVestingOver;

    // Views

    /// @inheritdoc IRewardPool
    function totalVesting() external view returns (uint256) {
        return _totalVesting;
    }

    // Writes

    /// @inheritdoc IRewardPool
    function vest(bytes32 proofHash, address account, uint256 amount) external onlyDirect(vester) {
        _endVesting(proofHash, amount);
        _defer(account, amount);
        emit Vested(proofHash, account, amount);
    }

    /// @inheritdoc IRewardPool
    function cancelVesting(bytes32 proofHash, address account, uint256 amount) external onlyDirect(vester) {
        _endVesting(proofHash, amount);
        emit VestingCancelled(proofHash, account, amount);
    }

    /// @inheritdoc IRewardPool
    function cancelClaimable(address account, uint256 amount) external onlyDirect(vester) returns (uint256 cancelled) {
        uint256 remaining;
        (cancelled, remaining) = _cancel(account, amount);
        emit ClaimableCancelled(account, cancelled, remaining);
    }

    // Governance

    /// @inheritdoc IRewardPool
    function setVester(address vester_) external restricted {
        _requireCode(vester_);
        vester = vester_;
        emit VesterSet(vester_);
    }

    // Internals

    /// @dev `amount` is owed once it has vested. Rewards are below 2^96: at most 1e27 wei of value times 30.
    function _beginVesting(uint256 amount) internal {
        // forge-lint: disable-next-line(unsafe-typecast)
        _totalVesting += uint96(amount);
    }

    function _endVesting(bytes32 proofHash, uint256 amount) private {
        if (isVestingOver[proofHash]) revert VestingOver(proofHash);
        isVestingOver[proofHash] = true;
        uint256 total = _totalVesting;
        if (amount > total) revert MoreThanVests(amount, total);
        // forge-lint: disable-next-line(unsafe-typecast)
        _totalVesting = uint96(total - amount);
    }
}
