// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title DiscountWindow
/// @notice What a payer allotted on each of the last days, in a ring of 32 in four words.
/// @dev Amounts are whole hundredths of an FTNS, so that a day's fit 32 bits: 42 million FTNS.
library DiscountWindow {
    uint256 internal constant UNIT = 0.01e18;
    uint256 private constant WINDOW_DAYS = 30;
    uint256 private constant RING_DAYS = 32;

    struct Window {
        uint16 lastDay; // the latest on which something was allotted
        uint32[RING_DAYS] amounts; // by day modulo 32
    }

    /// @notice A day cannot bear so much (hundredths of an FTNS).
    error TooMuchDiscount(uint256 amount);

    /// @notice What was allotted in the 30 days up to `today` (FTNS, 18 decimals).
    function sum(Window storage window, uint256 today) internal view returns (uint256 total) {
        uint256 last = window.lastDay;
        // Older days have left the ring or the window.
        uint256 day = today >= WINDOW_DAYS ? today - WINDOW_DAYS + 1 : 0;
        // At most 30 days.
        for (; day <= last; ++day) {
            if (last - day < RING_DAYS) total += window.amounts[day % RING_DAYS];
        }
        total *= UNIT;
    }

    /// @notice Adds `amount` (FTNS, 18 decimals, whole hundredths) to `today`.
    function add(Window storage window, uint256 today, uint256 amount) internal {
        uint256 last = window.lastDay;
        uint256 day = last + RING_DAYS > today ? last + 1 : today - RING_DAYS + 1;
        // At most 32 days, in four words.
        for (; day <= today; ++day) {
            window.amounts[day % RING_DAYS] = 0;
        }
        uint256 units = window.amounts[today % RING_DAYS] + amount / UNIT;
        if (units > type(uint32).max) revert TooMuchDiscount(amount);
        // Checked, and days have 16 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        (window.lastDay, window.amounts[today % RING_DAYS]) = (uint16(today), uint32(units));
    }
}
