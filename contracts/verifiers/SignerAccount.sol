// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice What is kept of a verifier, in one slot. Amounts in 1e-9 FTNS.
struct SignerAccount {
    uint16 day; // protocol day of the latest proof; weeks are counted from it, too
    uint56 used; // vouched for on `day`
    uint48 feesThisWeek; // earned in the week of `day`
    uint48 feesLastWeek; // earned in the week before
    uint48 feesDue; // earned before that, and not paid
    uint40 unlockAt; // seconds of time in which transfers are not restricted; 0 = it does not leave
}

/// @title SignerAccounts
/// @notice What proofs and days do to a verifier's account. A week is seven protocol days. A fee is due from the second week after
/// the one in which it was earned, so it waits for 7 to 14 days.
/// @dev 56 bits of 1e-9 FTNS are 72 million FTNS a day, and no allowance is larger: it is at most 12 % of a lock, which is part of the
/// supply. Where it is not (a supply above 600 million, all of it one lock), `note` reverts. Fees stop at 281,474 FTNS each; the signer
/// loses what is above.
library SignerAccounts {
    /// @dev One step in wei.
    uint256 internal constant UNIT = 1e9;
    uint256 private constant WEEK_DAYS = 7;
    uint256 private constant MAX_FEES = type(uint48).max;
    uint256 private constant MAX_USED = type(uint56).max;

    /// @notice One day's proofs come to more than the account can hold.
    error TooMuchInADay(uint256 amount);

    /// @notice Brings `account` to `today`.
    function roll(SignerAccount memory account, uint256 today) internal pure {
        if (account.day == today) return;
        uint256 weeksPassed = today / WEEK_DAYS - account.day / WEEK_DAYS;
        if (weeksPassed != 0) {
            uint256 due = uint256(account.feesDue) + account.feesLastWeek;
            if (weeksPassed == 1) {
                account.feesLastWeek = account.feesThisWeek;
            } else {
                due += account.feesThisWeek;
                account.feesLastWeek = 0;
            }
            account.feesThisWeek = 0;
            account.feesDue = uint48(Math.min(due, MAX_FEES));
        }
        account.day = uint16(today);
        account.used = 0;
    }

    /// @notice Counts a proof of `amount` with a fee of `fee` (wei) on the day that the account is at. The amount is rounded up, the fee
    /// down: the signer loses less than 1e-9 FTNS of each.
    function note(SignerAccount memory account, uint256 amount, uint256 fee) internal pure {
        uint256 used = account.used + Math.ceilDiv(amount, UNIT);
        if (used > MAX_USED) revert TooMuchInADay(used * UNIT);
        // forge-lint: disable-next-line(unsafe-typecast)
        account.used = uint56(used);
        account.feesThisWeek = uint48(Math.min(account.feesThisWeek + fee / UNIT, MAX_FEES));
    }

    /// @notice Counts what batches count today, `reserved` (1e-9 FTNS), on an account that has just come to this day.
    function noteReserved(SignerAccount memory account, uint256 reserved) internal pure {
        account.used = uint56(Math.min(reserved, MAX_USED));
    }

    /// @notice `paid` (wei) of what was due is due no more. Rounded up: the signer loses less than 1e-9 FTNS.
    function takeDue(SignerAccount memory account, uint256 paid) internal pure {
        account.feesDue = uint48(Math.saturatingSub(account.feesDue, Math.ceilDiv(paid, UNIT)));
    }

    function dropFees(SignerAccount memory account) internal pure {
        (account.feesThisWeek, account.feesLastWeek, account.feesDue) = (0, 0, 0);
    }

    function usedWei(SignerAccount memory account) internal pure returns (uint256) {
        return account.used * UNIT;
    }

    function dueWei(SignerAccount memory account) internal pure returns (uint256) {
        return account.feesDue * UNIT;
    }

    function waitingWei(SignerAccount memory account) internal pure returns (uint256) {
        return (uint256(account.feesThisWeek) + account.feesLastWeek) * UNIT;
    }
}
