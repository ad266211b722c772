// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Decision, IAdjustmentPolicy, MarketWindow} from "../../interfaces/IAdjustmentPolicy.sol";

/// @notice Asks a policy about many windows in one call.
contract PolicyHarness {
    function decideAll(IAdjustmentPolicy policy, MarketWindow[] calldata windows)
        external
        view
        returns (Decision[] memory decisions)
    {
        decisions = new Decision[](windows.length);
        for (uint256 i = 0; i < windows.length; ++i) {
            decisions[i] = policy.decide(windows[i]);
        }
    }
}
