// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";

/// @title Restrictions
/// @notice What an account may still move while transfers are halted (nothing) or in recovery mode (a tenth a day). Ordinary
/// transfers never come here: the global word says until when either holds.
library Restrictions {
    /// @dev Share of its balance that an account may move a day in recovery mode, as a divisor.
    uint256 internal constant DAILY_DIVISOR = 10;

    uint256 private constant AMOUNT_BITS = 96;
    uint256 private constant AMOUNT_MASK = (1 << AMOUNT_BITS) - 1;

    struct State {
        uint40 haltedUntil; // seconds
        uint40 recoveryUntil; // seconds
        /// day 64 bits | limit 96 | moved 96: what the account may move on that day, and has.
        mapping(address account => uint256) moved;
    }

    /// @notice Time until which one or the other holds.
    function until(State storage state) internal view returns (uint256) {
        (uint256 halted, uint256 recovery) = (state.haltedUntil, state.recoveryUntil);
        return halted > recovery ? halted : recovery;
    }

    /// @notice What `account`, which holds `balance`, may still move today in recovery mode. The limit is a tenth of what it
    /// held at its first payment of the day, rounded down: what comes in later does not raise it.
    function left(State storage state, address account, uint256 balance) internal view returns (uint256) {
        (uint256 limit, uint256 moved) = _today(state, account, balance);
        return limit - moved;
    }

    /// @notice Counts a payment of `value` by `account`, or refuses it.
    function count(State storage state, address account, uint256 balance, uint256 value) internal {
        if (state.haltedUntil > block.timestamp) revert IFTNSToken.TransfersHalted(state.haltedUntil);
        // A transfer of zero needs no allowance, so it must not set the day's limit.
        if (value == 0) return;
        (uint256 limit, uint256 moved) = _today(state, account, balance);
        if (value > limit - moved) revert IFTNSToken.RecoveryLimitExceeded(account, value, limit - moved);
        state.moved[account] = (ProtocolTime.today() << (2 * AMOUNT_BITS)) | (limit << AMOUNT_BITS) | (moved + value);
    }

    function _today(State storage state, address account, uint256 balance)
        private
        view
        returns (uint256 limit, uint256 moved)
    {
        uint256 word = state.moved[account];
        if (word >> (2 * AMOUNT_BITS) != ProtocolTime.today()) return (balance / DAILY_DIVISOR, 0);
        return ((word >> AMOUNT_BITS) & AMOUNT_MASK, word & AMOUNT_MASK);
    }
}
