// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IPriceHistory} from "../interfaces/IPriceHistory.sol";
import {PriceLimits} from "./PriceLimits.sol";

/// @notice A round of a foreign feed as far as it can be used.
struct FeedRound {
    uint256 roundId;
    uint256 price; // USD, 8 decimals; zero: the round can't be read, or says nothing sane
    uint256 updatedAt; // seconds
}

/// @title FeedRounds
/// @notice Walks the rounds of a Chainlink feed. A proxy's round number is `phase << 64 | round of that phase's aggregator`;
/// aggregators number their rounds from 1 without gaps. A feed without phases has phase 0.
library FeedRounds {
    uint256 private constant PHASE_SHIFT = 64;
    /// @dev Gas for one look at a feed: a proxy and its aggregator take some 20,000.
    uint256 internal constant READ_GAS = 100_000;
    /// @dev With this much left a call really gets READ_GAS: all but a 64th of what is left may be passed on.
    uint256 internal constant GAS_NEEDED = READ_GAS + READ_GAS / 63 + 5_000;
    uint256 private constant ROUND_WORDS = 5;

    /// @notice The round after `roundId`, on the way to `latestId`. `roundId` must not be `latestId`.
    /// @param since time of the round before (seconds): a new phase is entered with its first round after it
    function next(AggregatorV3Interface feed, uint256 roundId, uint256 latestId, uint256 since)
        internal
        view
        returns (FeedRound memory round)
    {
        uint256 phase = roundId >> PHASE_SHIFT;
        uint256 latestPhase = latestId >> PHASE_SHIFT;
        // A feed that went back is begun anew.
        if (latestId < roundId) return read(feed, latestId);
        round = read(feed, roundId + 1);
        // Within an older phase the first round that can't be read is its end.
        if (phase == latestPhase || round.price != 0) return round;
        return _firstAfter(feed, latestId, since);
    }

    /// @notice A round, read so that nothing the feed does makes this revert; `price` is zero when it can't be used.
    /// @dev Reverts with `ReadNeedsGas` alone, so that the gas given never makes a gap.
    function read(AggregatorV3Interface feed, uint256 roundId) internal view returns (FeedRound memory round) {
        if (gasleft() < GAS_NEEDED) revert IPriceHistory.ReadNeedsGas(gasleft(), GAS_NEEDED);
        round.roundId = roundId;
        bytes memory call_ = abi.encodeCall(AggregatorV3Interface.getRoundData, (uint80(roundId)));
        uint256[ROUND_WORDS] memory words;
        bool done;
        uint256 gasLimit = READ_GAS;
        // Only five words of the answer are ever copied.
        assembly ("memory-safe") {
            done := staticcall(gasLimit, feed, add(call_, 0x20), mload(call_), words, 0xa0)
            done := and(done, gt(returndatasize(), 0x9f))
        }
        (uint256 answer, uint256 updatedAt) = (words[1], words[3]);
        // A negative answer is above every limit as an unsigned number.
        if (!done || answer == 0 || answer > PriceLimits.MAX_PRICE) return round;
        if (updatedAt == 0 || updatedAt > block.timestamp) return round;
        (round.price, round.updatedAt) = (answer, updatedAt);
    }

    /// @dev First round of the latest phase that is dated after `since`, by halving: at most 64 looks. A round that can't be
    /// read is taken for an early one. There is none: the latest, whatever its date.
    function _firstAfter(AggregatorV3Interface feed, uint256 latestId, uint256 since)
        private
        view
        returns (FeedRound memory round)
    {
        round = read(feed, latestId);
        uint256 from = ((latestId >> PHASE_SHIFT) << PHASE_SHIFT) + 1;
        uint256 to = latestId;
        while (from < to) {
            uint256 middle = from + (to - from) / 2;
            FeedRound memory seen = read(feed, middle);
            if (seen.updatedAt > since) (round, to) = (seen, middle);
            else from = middle + 1;
        }
    }
}
