// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What every kept round says.
struct Round {
    uint256 roundId;
    uint256 price; // USD, 8 decimals
    uint256 observedAt; // seconds, the round's own time: its oldest observation
    uint256 updatedAt; // seconds
    uint256 txTotal;
    uint256 txFailed;
    uint256 sendersDay;
    uint256 reports; // that it was made of
    uint256 agreeing; // reports within 2 % of the median
    uint256 registered; // reporters there were
    uint256 illiquid; // reports that meet the condition on volumes
    uint256 attacked; // reports that meet the condition on counts
    bool filled; // enough reporters knew the mean price since the round before
}

/// @notice What the next round has to know of the latest, and what only the latest says.
struct Latest {
    uint256 roundId; // zero before the first round
    uint256 since; // seconds, time of the round that it follows
    uint256 observedAt; // seconds
    uint256 volume6h; // USD, 8 decimals
    uint256 meanVolume6h; // USD, 8 decimals
}

/// @title RoundWords
/// @notice The two slots that a round writes; the next one reads only the second, unless it replaces it. From the lowest bit on:
///
///     round:  roundId 32 | price 64 | observedAt 40 | delay 16 | txTotal 24 | txFailed 24 | sendersDay 24
///             | reports 6 | agreeing 6 | registered 6 | illiquid 6 | attacked 6 | filled 1
///     latest: roundId 32 | since 40 | observedAt 40 | volume6h 72 | meanVolume6h 72
///
///     delay   seconds from `observedAt` to `updatedAt`, at most the oldest report's age: 600
///
/// Nothing is cut off: prices, volumes and counts come out of a packed report's fields, of the same width, there are at most 32
/// reporters, and 2^32 rounds take 1,200 years.
library RoundWords {
    uint256 private constant PRICE_SHIFT = 32;
    uint256 private constant OBSERVED_AT_SHIFT = 96;
    uint256 private constant DELAY_SHIFT = 136;
    uint256 private constant TX_TOTAL_SHIFT = 152;
    uint256 private constant TX_FAILED_SHIFT = 176;
    uint256 private constant SENDERS_SHIFT = 200;
    uint256 private constant REPORTS_SHIFT = 224;
    uint256 private constant AGREEING_SHIFT = 230;
    uint256 private constant REGISTERED_SHIFT = 236;
    uint256 private constant ILLIQUID_SHIFT = 242;
    uint256 private constant ATTACKED_SHIFT = 248;
    uint256 private constant FILLED_SHIFT = 254;
    uint256 private constant SMALL_MASK = 63;

    uint256 private constant LATEST_SINCE_SHIFT = 32;
    uint256 private constant LATEST_OBSERVED_AT_SHIFT = 72;
    uint256 private constant VOLUME_SHIFT = 112;
    uint256 private constant MEAN_VOLUME_SHIFT = 184;

    function pack(Round memory round) internal pure returns (uint256 word) {
        unchecked {
            word = round.roundId | round.price << PRICE_SHIFT | round.observedAt << OBSERVED_AT_SHIFT;
            word |= (round.updatedAt - round.observedAt) << DELAY_SHIFT;
            word |= round.txTotal << TX_TOTAL_SHIFT | round.txFailed << TX_FAILED_SHIFT;
            word |= round.sendersDay << SENDERS_SHIFT;
            word |= round.reports << REPORTS_SHIFT | round.agreeing << AGREEING_SHIFT;
            word |= round.registered << REGISTERED_SHIFT | round.illiquid << ILLIQUID_SHIFT;
            word |= round.attacked << ATTACKED_SHIFT;
            if (round.filled) word |= 1 << FILLED_SHIFT;
        }
    }

    function unpackRound(uint256 word) internal pure returns (Round memory round) {
        unchecked {
            round.roundId = uint32(word);
            round.price = uint64(word >> PRICE_SHIFT);
            round.observedAt = uint40(word >> OBSERVED_AT_SHIFT);
            round.updatedAt = round.observedAt + uint16(word >> DELAY_SHIFT);
            round.txTotal = uint24(word >> TX_TOTAL_SHIFT);
            round.txFailed = uint24(word >> TX_FAILED_SHIFT);
            round.sendersDay = uint24(word >> SENDERS_SHIFT);
            round.reports = (word >> REPORTS_SHIFT) & SMALL_MASK;
            round.agreeing = (word >> AGREEING_SHIFT) & SMALL_MASK;
            round.registered = (word >> REGISTERED_SHIFT) & SMALL_MASK;
            round.illiquid = (word >> ILLIQUID_SHIFT) & SMALL_MASK;
            round.attacked = (word >> ATTACKED_SHIFT) & SMALL_MASK;
            round.filled = word >> FILLED_SHIFT != 0;
        }
    }

    function pack(Latest memory latest) internal pure returns (uint256) {
        return latest.roundId | latest.since << LATEST_SINCE_SHIFT | latest.observedAt << LATEST_OBSERVED_AT_SHIFT
            | latest.volume6h << VOLUME_SHIFT | latest.meanVolume6h << MEAN_VOLUME_SHIFT;
    }

    function unpackLatest(uint256 word) internal pure returns (Latest memory latest) {
        latest.roundId = uint32(word);
        latest.since = uint40(word >> LATEST_SINCE_SHIFT);
        latest.observedAt = uint40(word >> LATEST_OBSERVED_AT_SHIFT);
        latest.volume6h = uint72(word >> VOLUME_SHIFT);
        latest.meanVolume6h = word >> MEAN_VOLUME_SHIFT;
    }
}
