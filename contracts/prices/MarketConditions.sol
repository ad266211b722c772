// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title MarketConditions
/// @notice What volumes and counts look like an emergency. The feed asks it of each report, the breaker of the medians.
/// Each compares by cross-multiplying, so that exactly the threshold meets it; no number is above 2^72, so nothing overflows.
library MarketConditions {
    /// @dev 10 % of the usual volume.
    uint256 internal constant DRY_PARTS = 10;
    /// @dev Accounts of which a call failed.
    uint256 internal constant MIN_FAILED = 10;
    /// @dev 50 % of those that sent within the hour, and 10 % of those that sent within the day.
    uint256 internal constant FAILED_PARTS = 2;
    uint256 internal constant SENDERS_PARTS = 10;

    /// @notice Whether the volume has dried up. A mean of zero is unknown, and the unknown meets nothing.
    function isIlliquid(uint256 volume6h, uint256 meanVolume6h) internal pure returns (bool) {
        unchecked {
            return meanVolume6h != 0 && volume6h * DRY_PARTS <= meanVolume6h;
        }
    }

    /// @notice Whether enough of those who use the network fail.
    function isAttacked(uint256 txTotal, uint256 txFailed, uint256 sendersDay) internal pure returns (bool) {
        unchecked {
            return
                txFailed >= MIN_FAILED && txFailed * FAILED_PARTS >= txTotal && txFailed * SENDERS_PARTS >= sendersDay;
        }
    }
}
