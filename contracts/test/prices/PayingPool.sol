// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice As much of a reward pool as whoever is paid for work sees.
contract PayingPool {
    mapping(address account => uint256) public paid;
    uint256 private _limit = type(uint256).max;

    function limit(uint256 most) external {
        _limit = most;
    }

    function payKeeper(address account, uint256 amount) external returns (uint256) {
        uint256 payable_ = amount < _limit ? amount : _limit;
        paid[account] += payable_;
        return payable_;
    }
}
