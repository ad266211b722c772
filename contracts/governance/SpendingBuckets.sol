// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IOrdinaryCalls} from "../interfaces/IOrdinaryCalls.sol";

/// @title SpendingBuckets
/// @notice A leaky bucket for each asset of the treasury.
///
/// It takes 0.5 % of what the treasury holds and loses as much in 30 days, evenly. What flows into a bucket within 30 days is at
/// most what it takes and what leaks meanwhile: 1 % of the treasury. Both are of what it holds at each moment, so that spending
/// narrows the bucket, and income widens it.
abstract contract SpendingBuckets is IOrdinaryCalls {
    // Constants

    /// @dev 0.5 %.
    uint256 private constant CAPACITY_DIVISOR = 200;
    uint256 private constant EMPTIES_WITHIN = 30 days;

    // Immutables

    /// @inheritdoc IOrdinaryCalls
    address public immutable TREASURY;

    // Storage

    struct Bucket {
        uint208 level; // in the asset's units, as of `since`
        uint48 since; // seconds
    }

    mapping(address asset => Bucket) private _buckets;

    // Constructor

    constructor(address treasury) {
        if (treasury.code.length == 0) revert NotAContract(treasury);
        TREASURY = treasury;
    }

    // Views

    /// @inheritdoc IOrdinaryCalls
    function capacityOf(address asset) public view returns (uint256) {
        uint256 held = asset == address(0) ? TREASURY.balance : IERC20(asset).balanceOf(TREASURY);
        return held / CAPACITY_DIVISOR;
    }

    /// @inheritdoc IOrdinaryCalls
    function roomOf(address asset) external view returns (uint256 room) {
        (room,) = _roomAndLevel(asset);
    }

    // Internals

    function _fill(address asset, uint256 amount) internal {
        (uint256 room, uint256 level) = _roomAndLevel(asset);
        if (amount > room) revert BucketFull(asset, room, amount);
        level += amount;
        // At most the capacity of a bucket, whose asset counts in 256 bits; one that has more than 2^208 cannot be spent so.
        if (level > type(uint208).max) revert BucketFull(asset, 0, amount);
        // forge-lint: disable-next-line(unsafe-typecast)
        _buckets[asset] = Bucket(uint208(level), uint48(block.timestamp));
        emit Spent(asset, amount, level);
    }

    /// @dev What leaked is rounded down, so that the treasury gains.
    function _roomAndLevel(address asset) private view returns (uint256 room, uint256 level) {
        uint256 capacity = capacityOf(asset);
        Bucket memory bucket = _buckets[asset];
        uint256 passed = block.timestamp - bucket.since;
        // Divided first where the product could overflow; a bucket that old is empty anyway.
        uint256 leaked = passed >= EMPTIES_WITHIN
            ? capacity
            : capacity / EMPTIES_WITHIN * passed + capacity % EMPTIES_WITHIN * passed / EMPTIES_WITHIN;
        level = bucket.level > leaked ? bucket.level - leaked : 0;
        // A treasury that shrank has a smaller bucket, which may be more than full; that takes longer than 30 days.
        room = capacity > level ? capacity - level : 0;
    }
}
