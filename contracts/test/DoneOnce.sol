// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Work of which each item can be done once, as most of a keeper's can.
contract DoneOnce {
    mapping(uint256 item => bool) public isDone;

    event Done(uint256 indexed item, address worker);

    error AlreadyDone(uint256 item);

    function work(uint256 item) external {
        if (isDone[item]) revert AlreadyDone(item);
        isDone[item] = true;
        emit Done(item, msg.sender);
    }
}
