// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TickPool
/// @notice What a price source reads of a Uniswap v3 pool, with the ticks that a test chooses: cumulative ticks and seconds
/// per liquidity up to any time of the past.
/// @dev For tests. At most a few changes, all kept.
contract TickPool {
    struct Change {
        uint256 since; // seconds
        int24 tick;
        uint128 liquidity;
    }

    address public immutable token0;
    address public immutable token1;

    Change[] private _changes;

    error OLD();

    constructor(address token0_, address token1_, int24 tick, uint128 liquidity) {
        (token0, token1) = (token0_, token1_);
        _changes.push(Change(block.timestamp, tick, liquidity));
    }

    /// @notice From now on the pool stands at `tick`.
    function move(int24 tick, uint128 liquidity) external {
        _changes.push(Change(block.timestamp, tick, liquidity));
    }

    /// @notice As Uniswap v3's: reverts with `OLD` for a time before the first change.
    function observe(uint32[] calldata secondsAgos)
        external
        view
        returns (int56[] memory ticks, uint160[] memory perLiquidity)
    {
        ticks = new int56[](secondsAgos.length);
        perLiquidity = new uint160[](secondsAgos.length);
        for (uint256 i = 0; i < secondsAgos.length; ++i) {
            (ticks[i], perLiquidity[i]) = _sumsAt(block.timestamp - secondsAgos[i]);
        }
    }

    function _sumsAt(uint256 time) private view returns (int56 ticks, uint160 perLiquidity) {
        if (time < _changes[0].since) revert OLD();
        for (uint256 i = 0; i < _changes.length && _changes[i].since < time; ++i) {
            uint256 end = i + 1 < _changes.length && _changes[i + 1].since < time ? _changes[i + 1].since : time;
            uint256 length = end - _changes[i].since;
            ticks += int56(_changes[i].tick) * int56(uint56(length));
            perLiquidity += uint160((length << 128) / (_changes[i].liquidity == 0 ? 1 : _changes[i].liquidity));
        }
    }
}
