// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";

/// @title Restrictions
/// @notice What an account may still move today in recovery mode: a tenth of what it held at its first payment of the day,
/// rounded down. What comes in later does not raise it. The token counts FTNS this way, and the wrapper wFTNS.
library Restrictions {
    /// @dev Share of its balance that an account may move a day in recovery mode, as a divisor.
    uint256 internal constant DAILY_DIVISOR = 10;

    uint256 private constant DAY_SHIFT = 240;
    uint256 private constant LEFT_MASK = (1 << DAY_SHIFT) - 1;

    struct Allowances {
        /// day 16 bits | left 240: what the account may still move on that day.
        mapping(address account => uint256) words;
    }

    /// @notice What `account`, which holds `balance`, may still move today.
    function left(Allowances storage allowances, address account, uint256 balance) internal view returns (uint256) {
        uint256 word = allowances.words[account];
        return word >> DAY_SHIFT == ProtocolTime.today() ? word & LEFT_MASK : balance / DAILY_DIVISOR;
    }

    /// @notice Counts a payment of `value` by `account`, or refuses it.
    function count(Allowances storage allowances, address account, uint256 balance, uint256 value) internal {
        // A transfer of zero needs no allowance, so it must not set the day's limit.
        if (value == 0) return;
        uint256 allowed = left(allowances, account, balance);
        if (value > allowed) revert IFTNSToken.RecoveryLimitExceeded(account, value, allowed);
        allowances.words[account] = (ProtocolTime.today() << DAY_SHIFT) | (allowed - value);
    }
}
